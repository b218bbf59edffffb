package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// modalityOf reads how a clause is put forward from its auxiliaries and
// adverbs.
func (r *reader) modalityOf(h int) claims.Modality {
	t := r.t
	m := claims.Asserted
	for _, c := range t.Children(h) {
		w := t.Tokens[c].Lower
		switch t.Tokens[c].Rel {
		case "aux":
			switch w {
			case "will", "'ll", "shall", "wo":
				m = claims.Planned
			case "may", "might", "could":
				m = claims.Hedged
			case "would", "'d":
				if t.Tokens[c].XPOS == "MD" {
					m = claims.Conditional
				}
			case "should", "must", "ought":
				m = claims.Demanded
			}
		case "advmod":
			if hedgeWords[w] {
				m = claims.Hedged
			}
		}
	}
	if t.Tokens[h].Lemma == "go" || t.Tokens[h].Lemma == "expect" || t.Tokens[h].Lemma == "set" || t.Tokens[h].Lemma == "due" || t.Tokens[h].Lemma == "likely" || t.Tokens[h].Lemma == "schedule" || t.Tokens[h].Lemma == "plan" {
		if x := t.Child(h, "xcomp"); x >= 0 && t.Tokens[x].XPOS == "VB" && (t.Tokens[h].XPOS == "VBG" || t.Tokens[h].XPOS == "VBN" || t.Tokens[h].UPOS == "ADJ") {
			m = claims.Planned
		}
		if x := t.Child(h, "obl"); x > h && t.Tokens[h].XPOS == "VBN" && t.Child(x, "case") >= 0 && t.Tokens[t.Child(x, "case")].Lower == "to" && t.Child(x, "det") < 0 && t.Child(h, "aux:pass") >= 0 {
			m = claims.Planned // "is expected to resign", the last word read as a noun
		}
	}
	if m == claims.Asserted && cueVerbs[t.Tokens[h].Lemma] == supposes && r.impersonal(h) && t.Child(h, "xcomp") >= 0 {
		m = claims.Hedged // "is thought to be hiding"
	}
	if c := t.Child(h, "advcl"); c >= 0 && (m == claims.Asserted || m == claims.Planned) {
		if k := t.Child(c, "mark"); k >= 0 && (t.Tokens[k].Lower == "if" || t.Tokens[k].Lower == "unless") && t.Child(c, "nsubj", "nsubj:pass", "expl") >= 0 {
			m = claims.Conditional
		}
	}
	for _, c := range t.Children(h) {
		// "a suspected gas leak": a hedge on the subject hedges the clause.
		if rel := t.Tokens[c].Rel; rel == "nsubj" || rel == "nsubj:pass" {
			for _, g := range t.Children(c) {
				if w := t.Tokens[g].Lower; t.Tokens[g].Rel == "amod" && (w == "alleged" || w == "suspected" || w == "unconfirmed" || w == "reported") {
					m = claims.Hedged
				}
			}
		}
	}
	return m
}

var negativeVerbs = words("fail refuse decline neglect")

// clauseNegative: "did not open", "no unit opened", "not one window broken",
// "failed to reach".
func (r *reader) clauseNegative(h int) bool {
	t := r.t
	n := r.negated(h)
	for _, c := range t.Children(h) {
		switch t.Tokens[c].Rel {
		case "nsubj", "nsubj:pass", "obj", "obl", "nsubj:outer":
			if w := t.Tokens[c].Lower; w == "nobody" || w == "none" || w == "nothing" || w == "noone" {
				n = !n
			}
			for _, g := range t.Children(c) {
				if w := t.Tokens[g].Lower; w == "no" && t.Tokens[g].Rel == "det" || w == "not" || w == "neither" {
					n = !n
				}
			}
		}
	}
	if t.Tokens[h].UPOS == "NOUN" || t.Tokens[h].UPOS == "NUM" {
		for _, c := range t.Children(h) {
			if w := t.Tokens[c].Lower; w == "no" && t.Tokens[c].Rel == "det" {
				n = true
			}
		}
	}
	if negativeVerbs[t.Tokens[h].Lemma] && t.Child(h, "xcomp") >= 0 {
		n = !n
	}
	return n
}

// frame fills in predicate, arguments, time, place and quantities of a clause.
// Passives are normalised: the patient of "was shelled" is its subject.
func (r *reader) frame(c *claims.Claim, h int, toks []int, subj np, f form) {
	t := r.t
	fr := &c.Frame
	in := map[int]bool{}
	for _, i := range toks {
		in[i] = true
	}
	pred := t.Tokens[h].Lemma
	copular := t.Child(h, "cop") >= 0 || !r.verbal(h)
	isPassive := f == passive || t.Child(h, "aux:pass", "nsubj:pass") >= 0
	if copular {
		pred = "be"
		fr.Predicate = claims.Predicate{Lemma: pred, Span: t.Tokens[h].Span}
		p := r.phrase(h)
		p.toks = keep(p.toks, func(i int) bool {
			rel := t.Tokens[i].Rel
			if i == h || t.Tokens[i].Head != h {
				return true
			}
			return !strings.HasPrefix(rel, "nsubj") && rel != "cop" && rel != "aux" && rel != "case" && rel != "obl" && (rel != "advmod" || t.Tokens[h].UPOS == "ADJ")
		})
		// the subject's own words are not part of what it is said to be
		if s := t.Child(h, "nsubj", "nsubj:pass", "nsubj:outer"); s >= 0 {
			cut := map[int]bool{}
			for _, i := range t.Subtree(s, nil) {
				cut[i] = true
			}
			p.toks = keep(p.toks, func(i int) bool { return !cut[i] })
		}
		fr.Arguments = append(fr.Arguments, r.argument(claims.Attribute, p, caseOf(t, h)))
	} else {
		fr.Predicate = claims.Predicate{Lemma: pred, Span: t.Tokens[h].Span}
	}
	if subj.ok() && f != full && (f != relative || !r.objectRelative(h)) {
		role := claims.Agent
		if isPassive {
			role = claims.Patient
		}
		fr.Arguments = append(fr.Arguments, r.argument(role, subj, ""))
	} else if f == relative {
		fr.Arguments = append(fr.Arguments, r.argument(claims.Patient, subj, ""))
	}
	for _, k := range t.Children(h) {
		tok := &t.Tokens[k]
		if !in[k] && !strings.HasPrefix(tok.Rel, "nsubj") {
			continue
		}
		switch tok.Rel {
		case "nsubj", "nsubj:outer":
			if f == relative && relativePronoun(tok.XPOS) {
				continue
			}
			fr.Arguments = append(fr.Arguments, r.argument(claims.Agent, r.phrase(k), ""))
		case "nsubj:pass":
			if f == relative && relativePronoun(tok.XPOS) {
				continue
			}
			fr.Arguments = append(fr.Arguments, r.argument(claims.Patient, r.phrase(k), ""))
		case "obj":
			fr.Arguments = append(fr.Arguments, r.argument(claims.Patient, r.phrase(k), ""))
			if lightVerbs[pred] && eventNouns[t.Tokens[k].Lemma] != "" || lightVerbs[pred] && isEvent(t.Tokens[k].Lemma) {
				// "held a conversation": the noun carries the meaning.
				fr.Predicate = claims.Predicate{Lemma: t.Tokens[k].Lemma, Span: t.Tokens[k].Span, Nominal: true}
				fr.Arguments = fr.Arguments[:len(fr.Arguments)-1]
				for _, g := range t.Children(k) {
					switch t.Tokens[g].Rel {
					case "nmod":
						fr.Arguments = append(fr.Arguments, r.oblique(g))
					case "amod", "compound":
						fr.Arguments = append(fr.Arguments, r.argument(claims.Oblique, r.phrase(g), ""))
					}
				}
			}
		case "iobj":
			fr.Arguments = append(fr.Arguments, r.argument(claims.Recipient, r.phrase(k), ""))
		case "obl:agent":
			fr.Arguments = append(fr.Arguments, r.argument(claims.Agent, r.phrase(k), "by"))
		case "obl", "obl:tmod", "obl:unmarked":
			if r.inTime(k) {
				continue
			}
			a := r.oblique(k)
			if a.Preposition == "by" && isPassive {
				a.Role = claims.Agent
			}
			fr.Arguments = append(fr.Arguments, a)
		case "xcomp", "ccomp":
			fr.Arguments = append(fr.Arguments, r.argument(claims.Content, np{k, t.Subtree(k, nil)}, ""))
		case "compound:prt":
			fr.Predicate.Lemma = pred + " " + tok.Lemma
		}
	}
	r.circumstances(c, toks)
}

func isEvent(lemma string) bool { _, ok := eventNouns[lemma]; return ok }

func (r *reader) objectRelative(h int) bool {
	own := r.t.Child(h, "nsubj", "nsubj:pass")
	return own >= 0 && !relativePronoun(r.t.Tokens[own].XPOS)
}

func keep(toks []int, ok func(int) bool) []int {
	var out []int
	for _, i := range toks {
		if ok(i) {
			out = append(out, i)
		}
	}
	return out
}

func caseOf(t *language.Text, i int) string {
	if c := t.Child(i, "case"); c >= 0 {
		return t.Tokens[c].Lower
	}
	return ""
}

// oblique reads a prepositional argument: a place, a partner, or other.
func (r *reader) oblique(k int) claims.Argument {
	t := r.t
	prep := caseOf(t, k)
	role := claims.Oblique
	e := r.entityAt(k)
	switch prep {
	case "in", "at", "near", "outside", "inside", "across", "over", "off", "around", "along":
		if e >= 0 && t.Entities[e].Kind != language.Person {
			role = claims.PlaceRole
		}
	case "with":
		role = claims.Partner
	case "to":
		if e >= 0 && t.Entities[e].Kind == language.Person {
			role = claims.Recipient
		}
	}
	return r.argument(role, r.phrase(k), prep)
}

// argument makes an argument from a noun phrase.
func (r *reader) argument(role claims.Role, p np, prep string) claims.Argument {
	t := r.t
	toks := p.toks
	if role != claims.Content {
		toks = keep(toks, func(i int) bool {
			return t.Tokens[i].Rel != "case" || t.Tokens[i].Head != p.head || t.Tokens[i].Text == "'s"
		})
	}
	toks = trimMarks(t, toks)
	if len(toks) == 0 {
		toks = []int{p.head}
	}
	a := claims.Argument{Role: role, Text: r.say(toks), Head: strings.ToLower(t.Tokens[p.head].Lemma), Preposition: prep,
		Span: t.TokenSpan(toks[0], toks[len(toks)-1])}
	e := r.entityAt(p.head)
	if e < 0 {
		// "Ruritanian President Ana Dorn": the parse may make the title the head.
		for _, c := range t.Children(p.head) {
			if rel := t.Tokens[c].Rel; rel == "flat" || rel == "appos" || rel == "nmod:desc" || rel == "compound" && t.Tokens[p.head].UPOS == "PROPN" {
				if e = r.entityAt(c); e >= 0 {
					break
				}
			}
		}
	}
	if e >= 0 {
		x := &t.Entities[e]
		a.Entity = x.Name
		a.Also = append(a.Also, x.Also...)
		a.Also = append(a.Also, x.Titles...)
		if x.Country != "" {
			a.Also = append(a.Also, x.Country)
		}
		if len(a.Also) > 12 {
			a.Also = a.Also[:12]
		}
	}
	return a
}

// circumstances fills in time, place and quantities from the words of a claim.
func (r *reader) circumstances(c *claims.Claim, toks []int) {
	t := r.t
	if len(toks) == 0 {
		return
	}
	in := map[int]bool{}
	for _, i := range toks {
		in[i] = true
		if n, ok := r.times[i]; ok && (!c.Frame.Time.Known() || narrower(t.Times[n].Interval, c.Frame.Time)) && t.Times[n].Interval.Known() {
			c.Frame.Time = t.Times[n].Interval
		}
	}
	for _, n := range r.numbersIn(toks[0], toks[len(toks)-1]) {
		if x := &t.Numbers[n]; in[x.Head] {
			c.Frame.Quantities = append(c.Frame.Quantities, x.Quantity)
		}
	}
	for _, a := range c.Frame.Arguments {
		if a.Role == claims.PlaceRole && c.Frame.Place == "" {
			c.Frame.Place = a.Entity
			c.Frame.PlaceSpan = a.Span
		}
	}
}

func narrower(a, b claims.TimeSpan) bool {
	return a.Known() && a.End.Sub(a.Start) < b.End.Sub(b.Start)
}

// numbersIn returns the numbers whose head lies in the token range; Numbers are
// in order of text.
func (r *reader) numbersIn(a, b int) []int {
	var out []int
	lo, hi := 0, len(r.t.Numbers)
	for lo < hi {
		m := (lo + hi) / 2
		if r.t.Numbers[m].Head < a {
			lo = m + 1
		} else {
			hi = m
		}
	}
	for ; lo < len(r.t.Numbers) && r.t.Numbers[lo].Head <= b; lo++ {
		out = append(out, lo)
	}
	return out
}

// utterance tells that somebody said something: "the ministry said that …". It
// is asserted by whoever reports the saying.
func (r *reader) utterance(h int, who speech, content int) {
	t := r.t
	subj := r.subjectOf(h)
	if subj < 0 || t.Tokens[subj].Rel == "expl" || anonymity[t.Tokens[content].Lemma] && cueVerbs[t.Tokens[h].Lemma] == demands {
		return
	}
	toks := r.t.Subtree(h, func(i int) bool {
		tok := &t.Tokens[i]
		return r.boring[i] || tok.Rel == "punct" && tok.Text == "." || tok.Rel == "mark" && tok.Head == h && clauseMarks[tok.Lower]
	})
	p := r.phrase(subj)
	said := r.t.Subtree(content, func(i int) bool {
		return i == h || r.boring[i] || t.Tokens[i].Rel == "punct" && (t.Tokens[i].Text == "." || t.Tokens[i].Text == ",") && t.Tokens[i].Head == content
	})
	c := claims.Claim{Kind: claims.Utterance, Polarity: claims.Positive, Modality: r.modalityOf(h)}
	if r.negated(h) {
		c.Polarity = claims.Negative
	}
	switch {
	case t.Tokens[h].Head == content:
		c.Text = join(r.say(p.toks), t.Word(h), "that", lowerFirst(r.say(said)))
	case relativePronoun(t.Tokens[subj].XPOS) && r.nounBefore(subj) >= 0:
		// "…, who said that": the noun says it.
		p = r.phrase(r.nounBefore(subj))
		c.Text = join(r.say(p.toks), r.say(trimMarks(t, keep(toks, func(i int) bool { return i != subj }))))
	case t.Tokens[h].XPOS == "VBG" && t.Child(h, "nsubj", "aux") < 0:
		// "…, adding that": the one who spoke added.
		pre, post := split(trimMarks(t, toks), h)
		c.Text = join(r.say(p.toks), r.say(pre), past(t.Tokens[h].Lemma), r.say(post))
	case t.Tokens[h].Rel != "conj" || t.Child(h, "nsubj") >= 0:
		c.Text = r.say(trimMarks(t, toks))
	default:
		c.Text = join(r.say(p.toks), r.say(trimMarks(t, toks)))
	}
	// The words of saying first, then what was said.
	c.Evidence = r.evidence(append([]int{h}, p.toks...))
	if len(said) > 0 {
		c.Evidence = append(c.Evidence, r.evidence(said)...)
	}
	c.Frame.Predicate = claims.Predicate{Lemma: t.Tokens[h].Lemma, Span: t.Tokens[h].Span}
	c.Frame.Arguments = []claims.Argument{r.argument(claims.Agent, p, ""), r.argument(claims.Content, np{content, said}, "")}
	if o := t.Child(h, "obj", "iobj"); o >= 0 && o != content {
		c.Frame.Arguments = append(c.Frame.Arguments, r.argument(claims.Recipient, r.phrase(o), ""))
	}
	for _, i := range t.Children(h) {
		if n, ok := r.times[i]; ok && t.Times[n].Interval.Known() {
			c.Frame.Time = t.Times[n].Interval
		}
	}
	r.emit(c, who, 0.85)
}

// utteranceOf tells the saying of a speech clause that was cut off its sentence.
func (r *reader) utteranceOf(verb, subj, host int, who speech) {
	t := r.t
	p := r.phrase(subj)
	said := trimMarks(t, keep(t.Sentences[host].Tokens, func(i int) bool { return t.Tokens[i].Rel != "discourse" || t.Tokens[i].XPOS != "FW" }))
	if len(said) == 0 {
		return
	}
	c := claims.Claim{Kind: claims.Utterance, Polarity: claims.Positive, Modality: claims.Asserted}
	if r.negated(verb) {
		c.Polarity = claims.Negative
	}
	r.after = p.toks
	content := r.say(said)
	r.after = nil
	if _, named := r.mention[said[0]]; !named && t.Tokens[said[0]].UPOS != "PROPN" && t.Tokens[said[0]].Text != "I" {
		r0, n := utf8.DecodeRuneInString(content)
		content = string(unicode.ToLower(r0)) + content[n:]
	}
	c.Text = join(r.say(p.toks), r.sayCue(subj, verb), "that", content)
	c.Evidence = append(r.evidence(append([]int{verb}, p.toks...)), r.evidence(said)...)
	c.Frame.Predicate = claims.Predicate{Lemma: t.Tokens[verb].Lemma, Span: t.Tokens[verb].Span}
	root := t.Sentences[host].Root
	if root < 0 {
		root = said[0]
	}
	c.Frame.Arguments = []claims.Argument{r.argument(claims.Agent, p, ""), r.argument(claims.Content, np{root, said}, "")}
	r.emit(c, who, 0.85)
}

// sayCue puts the words of a speech clause besides its subject into words: "said
// in a statement on Friday 6 March 2026".
func (r *reader) sayCue(subj, verb int) string {
	t := r.t
	gone := map[int]bool{}
	for _, i := range append(t.Subtree(subj, nil), r.phrase(subj).toks...) {
		gone[i] = true
	}
	toks := keep(t.Subtree(verb, nil), func(i int) bool { return !gone[i] && (t.Tokens[i].UPOS != "PUNCT" || t.Tokens[i].Text == "-") })
	if len(toks) == 0 || len(toks) > 2*maxPhrase || !slices.Contains(toks, verb) {
		return t.Word(verb)
	}
	// "In a post on X she wrote": what stands in front goes behind the verb.
	front := func(i int) bool {
		return i < verb && t.Tokens[i].Head != verb || i < verb && t.Tokens[i].Rel == "obl"
	}
	return join(r.say(keep(toks, func(i int) bool { return !front(i) })), lowerFirstWord(r.say(keep(toks, front))))
}

// lowerFirstWord makes the first letter small: the preposition that opened a
// sentence.
func lowerFirstWord(s string) string {
	if s == "" {
		return ""
	}
	c, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(c)) + s[n:]
}

// bullets open the points of a list.
var bullets = words("• ‣ ▪ ● ○ ◦ · ⁃ * – —")

func trimMarks(t *language.Text, toks []int) []int {
	for len(toks) > 0 && (t.Tokens[toks[0]].UPOS == "PUNCT" || t.Tokens[toks[0]].UPOS == "CCONJ" || bullets[t.Tokens[toks[0]].Text]) {
		toks = toks[1:]
	}
	for len(toks) > 0 && t.Tokens[toks[len(toks)-1]].UPOS == "PUNCT" {
		toks = toks[:len(toks)-1]
	}
	return toks
}

func lowerFirst(s string) string {
	if i := strings.IndexByte(s, ' '); i > 0 {
		switch s[:i] {
		case "The", "A", "An", "It", "He", "She", "They", "This", "That", "There", "No", "All", "Some":
			return strings.ToLower(s[:1]) + s[1:]
		}
	}
	return s
}
