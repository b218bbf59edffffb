package extract

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// adjuncts reads the sources that stand beside a sentence rather than above it:
// "according to the Coast Guard", "citing RTA", "via @channel".
func (r *reader) adjuncts(s int, base speech) speech {
	t := r.t
	who := base
	order := slices.Clone(t.Sentences[s].Adjuncts)
	// "the bank said, according to the Courier, citing a note": the Courier has it
	// from the bank, and the bank from the note.
	slices.SortStableFunc(order, func(a, b int) int { return r.depthOf(a) - r.depthOf(b) })
	for _, a := range order {
		adj := &t.Sentences[a]
		if adj.Root < 0 {
			continue
		}
		if adj.Cue[0] == adj.Root {
			// "…, the ministry said": a clause of its own.
			if subj := r.subjectOf(adj.Root); subj >= 0 {
				r.utteranceOf(adj.Root, subj, s, who)
				who = r.reported(who, adj.Root, subj)
			}
			r.setSubject(s)
			continue
		}
		manner := claims.Indirect
		if w := t.Tokens[adj.Cue[0]].Lower; w == "citing" || w == "quoting" || w == "via" {
			manner = claims.Relay
		}
		if t.Tokens[adj.Cue[0]].Text == ":" {
			h := r.hop(adj.Root, -1, claims.DirectQuote)
			h.CueSpan = t.TokenSpan(adj.Cue[0], adj.Cue[1]-1)
			if h.Name == "" {
				// A word in capitals that nothing else shows to be a name.
				h.Name, h.Mention, h.Nobody, h.Unnamed = adj.Span.Of(t.Raw), adj.Span.Of(t.Raw), false, false
				h.SourceSpan, h.Where = adj.Span, claims.WhereText
			}
			who = r.attribute(base, h)
			r.turn, r.turnIn, r.last, r.lastAt = who, t.Sentences[s].Block, who, s
			continue
		}
		src := r.owner(adj.Root)
		if src != adj.Root && src < 0 {
			// "according to a list seen by this newspaper": the paper's own word.
			who = who.with()
			h := &who.hops[len(who.hops)-1]
			if h.CueSpan.Empty() {
				h.CueSpan, h.Manner = adj.Span, claims.Indirect
			}
			continue
		}
		if manner == claims.Relay && r.reason(src) {
			continue
		}
		h := r.hop(src, -1, manner)
		h.CueSpan = t.TokenSpan(adj.Cue[0], adj.Cue[1]-1)
		if src != adj.Root {
			h.CueSpan = adj.Span
		}
		for _, i := range adj.Tokens {
			if m := mediumWord(t.Tokens[i].Text); m != claims.MediumUnknown {
				h.Medium = m
			}
		}
		if h.Name != "" && sameName(h.Name, who.hops[len(who.hops)-1].Name) {
			continue
		}
		who = who.with(h)
		r.last, r.lastAt = who, s
		r.setSubject(s)
	}
	return who
}

// depthOf orders the adjuncts of a sentence from the one who tells to the one it
// was heard from.
func (r *reader) depthOf(a int) int {
	adj := &r.t.Sentences[a]
	if adj.Cue[1] <= adj.Cue[0] || adj.Cue[0] == adj.Root {
		return 1
	}
	switch r.t.Tokens[adj.Cue[0]].Lower {
	case ":":
		return -1
	case "citing", "quoting":
		return 2
	}
	return 0
}

// records are things that say what somebody put down in them: who did is the
// source, and where nobody is named, whoever saw them.
var records = words("list recording footage record document documents memo email e-mail note letter transcript file copy video table tables figure figures data " +
	"estimate estimates forecast forecasts statistic statistics tally count projection projections notice survey account accounts filing report " +
	"study studies analysis poll polls paper research")

// owner is the head of the source of an adjunct: of "the union's pay tables" the
// union, of "the median forecast of nine economists" the economists. -1 is for a
// record that only those who tell of it have seen.
func (r *reader) owner(root int) int {
	t := r.t
	if !records[t.Tokens[root].Lower] || r.entityAt(root) >= 0 {
		return root
	}
	if root+1 < len(t.Tokens) && (t.Tokens[root+1].XPOS == "VBN" || t.Tokens[root+1].XPOS == "VBD") && perceived[t.Tokens[root+1].Lower] {
		return -1
	}
	if p := t.Child(root, "nmod:poss"); p >= 0 && (t.Tokens[p].UPOS != "PRON" || r.entityAt(p) >= 0) {
		return p
	}
	for _, c := range t.Children(root) {
		if k := t.Child(c, "case"); t.Tokens[c].Rel == "nmod" && k >= 0 {
			if w := t.Tokens[k].Lower; w == "by" || w == "from" || w == "of" && (r.entityAt(c) >= 0 || t.Tokens[c].XPOS == "NNS" && unnamedLike(t, c)) {
				return c
			}
		}
		if t.Tokens[c].Rel != "acl" || c < root {
			continue
		}
		if perceived[t.Tokens[c].Lower] {
			return -1
		}
		if by := r.byAgent(c); by >= 0 && made[t.Tokens[c].Lower] {
			return by // "a study led by Ana Moss"
		}
	}
	return root
}

// made: what was done with a record by those who stand behind it.
var made = words("led made compiled written conducted published released produced commissioned issued prepared drawn authored")

// perceived: what was done with a record by those who tell of it.
var perceived = words("seen heard obtained reviewed viewed examined read")

// reason: a common noun behind "citing" that names nobody who could have said it:
// "citing an error", "citing rising costs".
func (r *reader) reason(src int) bool {
	t := r.t
	w := t.Tokens[src].Lower
	return t.Tokens[src].UPOS == "NOUN" && r.entityAt(src) < 0 && !unnamedNouns[w] && !speechNouns[w] && !nobodyNouns[w] && !records[w] &&
		!language.IsBodyWord(w) && !unnamedLike(t, src) && t.Child(src, "appos", "nmod:poss", "compound") < 0
}

// figures: "the centre put the depth at 10 kilometres" states the figure in the
// centre's name.
func (r *reader) figures(s int, who speech) speech {
	t := r.t
	root := t.Sentences[s].Root
	if root < 0 || t.Tokens[root].Lemma != "put" || t.Child(root, "obj") < 0 || t.Child(root, "compound:prt") >= 0 {
		return who
	}
	at := false
	for _, c := range t.Children(root) {
		k := t.Child(c, "case")
		at = at || k > root && t.Tokens[k].Lower == "at"
	}
	subj := t.Child(root, "nsubj")
	if !at || subj < 0 {
		return who
	}
	return r.reported(who, root, subj)
}

// between: what may stand between "it" and the verb. The tagger may take "has"
// for the verb and "since" for a conjunction.
func between(k language.Token) bool {
	return k.UPOS == "AUX" || k.UPOS == "ADV" || k.Lemma == "have" || k.Lower == "since"
}

// emerged: "…, it has emerged" tells that it is so and not from whom: whoever
// found out stays open.
func (r *reader) emerged(s int, who speech) speech {
	t := r.t
	toks := t.Sentences[s].Tokens
	for k, i := range toks {
		if t.Tokens[i].UPOS != "VERB" || t.Tokens[i].Lemma != "emerge" && t.Tokens[i].Lemma != "transpire" || len(who.hops) > 1 {
			continue
		}
		lo := k
		for lo > 0 && k-lo < 4 && toks[lo] == toks[lo-1]+1 && between(t.Tokens[toks[lo-1]]) {
			lo--
		}
		if lo == 0 || t.Tokens[toks[lo-1]].Lower != "it" {
			continue
		}
		// At an edge of the sentence: "it has emerged that …", "…, it has emerged".
		last := k+1 == len(toks) || t.Tokens[toks[k+1]].UPOS == "PUNCT"
		if lo-1 == 0 && k+1 < len(toks) && t.Tokens[toks[k+1]].Lower == "that" || last && lo >= 2 && t.Tokens[toks[lo-2]].Text == "," {
			span := t.TokenSpan(toks[lo-1], i)
			return who.with(claims.Hop{Mention: span.Of(t.Raw), SourceSpan: span, CueSpan: span, Manner: claims.Indirect, Nobody: true})
		}
	}
	return who
}

// setSubject remembers who the attributed sentence is about.
func (r *reader) setSubject(s int) {
	r.subject = -1
	if root := r.t.Sentences[s].Root; root >= 0 {
		r.subject = r.entityAt(r.t.Child(root, "nsubj", "nsubj:pass"))
	}
}

// heardFrom: "the Courier has learned from two officials" names those who told
// it; who learns from nobody named stays the source.
func (r *reader) heardFrom(src, cue int) int {
	t := r.t
	switch t.Tokens[cue].Lemma {
	case "learn", "hear", "understand", "gather":
	default:
		return src
	}
	for _, c := range t.Children(cue) {
		if k := t.Child(c, "case"); k > cue && t.Tokens[k].Lower == "from" && t.Tokens[c].UPOS != "NUM" && !r.inTime(c) {
			return c
		}
	}
	return src
}
