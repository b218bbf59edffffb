package extract

import (
	"sort"
)

// part ends a report's content where a participle takes up another: in "rejected
// the plan, saying it was late" what was rejected ends with the plan.
func (x *reporter) part(reports []report) {
	t := x.t
	for _, b := range reports {
		at := b.cue.lo - 1
		if tok := &t.Tokens[b.head]; tok.XPOS != "VBG" || t.Child(b.head, "nsubj", "aux") >= 0 || at <= x.unit.lo || t.Tokens[at].Text != "," && !x.closes(at) {
			continue
		}
		for i := range reports {
			for k, c := range reports[i].content {
				if reports[i].cue.hi <= c.lo && c.holds(b.head) && c.lo < at {
					reports[i].content[k].hi = b.cue.lo
				}
			}
		}
	}
}

// yield ends what stands in the content of an adjunct before the adjunct: in "it
// would see prices rise, according to the bank" the bank is not seen.
func yield(reports []report) {
	for _, a := range reports {
		if !a.adjunct {
			continue
		}
		at := a.cue.lo
		if a.source.ok() {
			at = min(at, a.source.lo)
		}
		for i := range reports {
			if b := &reports[i]; !b.adjunct && a.contains(b.head) {
				for k, c := range b.content {
					if c.holds(a.head) && c.lo < at {
						b.content[k].hi = at
					}
				}
			}
		}
	}
}

// enclose widens what somebody says over the quotation of a saying inside it:
// "she said she recalled thinking, “…”".
func (x *reporter) enclose(reports []report) {
	for _, b := range reports {
		if !b.quotes || b.adjunct {
			continue
		}
		for i := range reports {
			a := &reports[i]
			if a.head == b.head || a.adjunct || a.cue.lo > b.cue.lo {
				continue
			}
			for k, c := range a.content {
				if !c.holds(b.head) {
					continue
				}
				for _, d := range b.content {
					if d.lo >= c.hi && d.lo <= c.hi+2 {
						a.content[k].hi = d.hi
					}
				}
			}
		}
	}
}

// siblings ends what somebody says where the next thing is told that he or she
// says: in "she said the port was open, but noted it was slow" the noting is the
// writer's, not hers.
func (x *reporter) siblings(reports []report) {
	t := x.t
	for _, b := range reports {
		if b.kind != Speech || t.Tokens[b.head].UPOS != "VERB" {
			continue
		}
		at := b.cue.lo
		if own := b.source.ok() && b.source.hi <= b.cue.lo && b.cue.lo-b.source.hi <= 1; own && b.source.hi-b.source.lo == 1 && t.Tokens[b.source.lo].UPOS == "PRON" {
			at = b.source.lo
		} else if !strongSpeech[t.Tokens[b.head].Lemma] || t.Child(b.head, "nsubj") >= 0 || t.Tokens[b.head].XPOS == "VB" {
			continue
		}
		if at-1 <= x.unit.lo || !joins[t.Tokens[at-1].Lower] {
			continue
		}
		for i := range reports {
			a := &reports[i]
			if a.kind != Speech || a.head == b.head || a.cue.lo >= at || t.Tokens[a.head].UPOS != "VERB" {
				continue
			}
			for k, c := range a.content {
				if a.cue.hi <= c.lo && c.holds(b.head) && c.lo < at-1 {
					a.content[k].hi = at - 1
				}
			}
		}
	}
}

var joins = words("and but though although while yet")

// withoutMedium cuts off the end of content where and when it was said: "…, in a
// statement on Monday".
func (x *reporter) withoutMedium(c stretch, r *report) stretch {
	t := x.t
	if c.lo < r.cue.hi || r.adjunct {
		return c
	}
	for i := c.hi - 1; i > c.lo+1 && i > c.hi-9; i-- {
		if t.Tokens[i].UPOS != "ADP" || x.quoteAt(i) >= 0 {
			continue
		}
		if w := t.Tokens[i].Lower; w != "in" && w != "during" && w != "at" && w != "on" {
			if x.timely(i + 1) {
				continue
			}
			return c
		}
		noun := -1
		for k := i + 1; k < c.hi && k < i+6; k++ {
			if speechNouns[t.Tokens[k].Lower] {
				noun = k
			} else if !nounLike(t.Tokens[k].UPOS) {
				break
			}
		}
		if noun < 0 {
			if x.timely(i + 1) {
				continue
			}
			return c
		}
		if h := t.Tokens[i].Head; h >= 0 && t.Tokens[h].Head >= 0 && t.Tokens[t.Tokens[h].Head].Lemma == "say" && t.Tokens[h].Head != r.head {
			return c
		}
		return stretch{c.lo, i}
	}
	return c
}

// withoutTail cuts off the end of content a participle or a "which" behind a comma:
// what is added so is the writer's more often than the speaker's ("…, making it the
// largest yet").
func (x *reporter) withoutTail(c stretch, r *report) stretch {
	t := x.t
	if c.lo < r.cue.hi || r.adjunct || r.quotes {
		return c
	}
	for i := c.hi - 3; i > c.lo+3; i-- {
		if (t.Tokens[i].XPOS == "VBG" || t.Tokens[i].Lower == "who" || t.Tokens[i].Lower == "while") && t.Tokens[i-1].Text == "," && (t.Tokens[i].Rel == "advcl" || t.Tokens[i].XPOS != "VBG") && x.quoteAt(i) < 0 && t.Tokens[i].Lower != "including" {
			return stretch{c.lo, i - 1}
		}
	}
	return c
}

// settle puts a report's content in order, mends its edges and tells whether it
// is one.
func (x *reporter) settle(r *report) bool {
	var parts []stretch
	sort.Slice(r.content, func(a, b int) bool { return r.content[a].lo < r.content[b].lo })
	for _, c := range r.content {
		c = x.trim(x.withoutTail(x.withoutMedium(c, r), r))
		if c.meets(r.cue) { // a parse that is no reading
			side := stretch{r.cue.hi, c.hi}
			if c.lo < r.cue.lo {
				side = stretch{c.lo, r.cue.lo}
			}
			if c = x.trim(side); c.meets(r.cue) {
				c = side // the cue stands inside a quotation that trim keeps whole
			}
		}
		if !c.ok() {
			continue
		}
		if n := len(parts); n > 0 && c.lo <= parts[n-1].hi+1 && (c.lo <= parts[n-1].hi || x.t.Tokens[parts[n-1].hi].UPOS == "PUNCT") && !r.cue.meets(stretch{parts[n-1].hi, c.lo}) {
			parts[n-1].hi = max(parts[n-1].hi, c.hi)
			continue
		}
		parts = append(parts, c)
	}
	r.content = parts
	if r.source.meets(r.cue) {
		r.source = stretch{}
	}
	return len(parts) > 0 && r.cue.ok()
}
