package extract

import (
	"github.com/secondsource/secondsource/claims"
)

// form says how a clause that is not a full one becomes a sentence.
type form int

const (
	full       form = iota // has its own subject
	shared                 // subject carried over a conjunction
	relative               // "who …": the pronoun becomes the noun
	participle             // "killing two": "… killed two"
	passive                // "killed in the raid": "… was killed in the raid"
	infinitive             // "to reopen the crossing": "… is to reopen the crossing"
)

// clauses tells the claims of one sentence.
func (r *reader) clauses(s int, who speech) {
	root := r.t.Sentences[s].Root
	if root < 0 {
		return
	}
	if r.t.Sentences[s].End == '?' {
		who.modality = claims.Questioned
	}
	r.walk(root, who, np{head: -1}, full, 0)
}

// maxDepth bounds nested clauses.
const maxDepth = 24

func (r *reader) walk(h int, who speech, subj np, f form, depth int) {
	if depth > maxDepth || len(r.out) >= maxClaims {
		return
	}
	t := r.t
	defer func(s string) { r.speaker = s }(r.speaker)
	r.speaker = voice(who)
	kids := t.Children(h)
	borrowed := subj
	own := t.Child(h, "nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl")
	if own >= 0 && f != relative && relativePronoun(t.Tokens[own].XPOS) && t.Tokens[own].Lower != "what" {
		// "…, who visited the harbour, promised": whatever the parse made of the
		// clause, its "who" is the noun before.
		if a := r.nounBefore(own); a >= 0 {
			subj, f = r.phrase(a), relative
		}
	}
	if f == relative {
		borrowed = subj
	}
	if own >= 0 && (f != relative || !relativePronoun(t.Tokens[own].XPOS)) {
		subj = r.phrase(own)
		if f == shared {
			f = full
		}
	}

	if r.visit != nil {
		r.visit(clause{head: h, subj: borrowed, form: f, who: who})
	}

	// A speech clause behind or inside what it reports: "…, the ministry said".
	if p, src := r.parenthetical(h); p >= 0 {
		inner := r.reported(who, p, src)
		for _, i := range t.Subtree(p, func(i int) bool { return t.Tokens[i].Rel == "ccomp" }) {
			r.boring[i] = true
		}
		r.utterance(p, who, h)
		who = inner
	}

	content, inner := r.contentOf(h), who
	switch {
	case content >= 0:
		src := own
		if src < 0 && subj.ok() {
			src = subj.head
		}
		if !r.impersonal(h) {
			r.utterance(h, who, content)
		}
		if src >= 0 && t.Tokens[src].Rel != "expl" && !r.impersonal(h) {
			inner = r.reported(who, h, src)
		} else if r.impersonal(h) && (cueVerbs[t.Tokens[h].Lemma] == asserts || cueVerbs[t.Tokens[h].Lemma] == supposes) {
			inner = who.with(claims.Hop{Manner: claims.Indirect, Nobody: true, CueSpan: t.Tokens[h].Span}).doubt("nobody is named as having said it")
			if t.Tokens[content].Rel == "xcomp" || cueVerbs[t.Tokens[h].Lemma] == supposes {
				inner.modality = claims.Hedged // "is believed to have paid"
			}
		}
		who, cf := r.controlled(content, subj), full
		if wishes[t.Tokens[h].Lemma] && t.Tokens[content].Rel == "xcomp" && t.Child(h, "obj") < 0 {
			break // what somebody wants or will not do is told by his wish
		}
		if m := t.Child(content, "mark"); m >= 0 && t.Tokens[m].Lower == "whether" && r.negated(h) {
			break // "did not say whether": nothing is said
		}
		if anonymity[t.Tokens[content].Lemma] && cueVerbs[t.Tokens[h].Lemma] == demands {
			break
		}
		if t.Tokens[content].Rel == "xcomp" && t.Child(content, "nsubj", "nsubj:pass") < 0 {
			if cf = infinitive; !who.ok() {
				break
			}
		}
		r.walk(content, inner, who, cf, depth+1)
	default:
		told := subj
		if f == relative && own >= 0 {
			told = borrowed // what the clause is about, not its own subject
		}
		r.tell(h, who, told, f)
	}

	for _, c := range kids {
		if c == content || r.boring[c] {
			continue
		}
		switch rel := t.Tokens[c].Rel; rel {
		case "conj":
			if content >= 0 && r.goesOnWith(c, content, h) {
				r.walk(c, inner, r.phrase(t.Child(content, "nsubj", "nsubj:pass")), shared, depth+1)
			} else if r.verbal(c) {
				cf := shared
				if f == participle || f == passive {
					cf = f
				}
				r.walk(c, r.asConj(who, h, c), subj, cf, depth+1)
			}
		case "parataxis":
			if r.verbal(c) && t.Child(c, "nsubj", "nsubj:pass") >= 0 {
				r.walk(c, who, np{head: -1}, full, depth+1)
			}
		case "advcl", "advcl:relcl":
			w := who
			m := t.Child(c, "mark")
			if m >= 0 {
				switch t.Tokens[m].Lower {
				case "if", "unless", "whether", "should", "lest":
					w.modality = claims.Conditional
				}
			}
			if m >= 0 && r.awaited(m, c) {
				continue // "before the divers have finished": they have not
			}
			if r.completes(c) {
				continue // a purpose, a comparison or what the verb is about is no claim
			}
			if q := t.Child(c, "advmod"); q >= 0 && q > h && t.Tokens[q].Lower == "where" && t.Child(c, "nsubj", "nsubj:pass") >= 0 {
				if a := r.nounBefore(q); a > h {
					r.walk(c, plainVoice(who), r.phrase(a), relative, depth+1)
					continue
				}
			}
			if x := r.participleForm(c); x != full || t.Child(c, "nsubj", "nsubj:pass") >= 0 {
				r.walk(c, w, subj, x, depth+1)
			}
		case "ccomp":
			r.walk(c, who, np{head: -1}, full, depth+1)
		}
	}
	r.nounClauses(h, who, subj, depth)
}

// voice is the name that "I" and "we" stand for: the deepest asserter's, when it
// is named and speaks itself.
func voice(who speech) string {
	h := who.hops[len(who.hops)-1]
	if h.Unnamed || h.Nobody || h.Name == "" || h.Name[0] == '@' || h.Manner == claims.Relay {
		return ""
	}
	return h.Name
}

// asConj: the second of two coordinated verbs under a future or hedged one
// stands under the same auxiliary unless it has its own.
func (r *reader) asConj(who speech, h, c int) speech {
	if r.t.Child(c, "aux", "aux:pass") < 0 && who.modality == "" {
		if m := r.modalityOf(h); m != claims.Asserted && r.t.Tokens[c].XPOS != "VBD" && r.t.Tokens[c].XPOS != "VBZ" {
			who.modality = m
		}
	}
	return who
}

// complementMarks bring in a clause that completes the verb it hangs on:
// "acquitted of taking bribes", "left without paying".
var complementMarks = words("of with from for against about into without instead")

// completes: the clause at c says what the verb above it is about and no more.
func (r *reader) completes(c int) bool {
	t := r.t
	if t.Child(c, "nsubj", "nsubj:pass") >= 0 {
		return false
	}
	m := t.Child(c, "mark")
	return m >= 0 && (complementMarks[t.Tokens[m].Lower] || t.Tokens[m].Lower == "to" || t.Tokens[m].Lower == "than" || t.Tokens[m].Lower == "as") || m < 0 && r.attachedClause(c)
}

// awaited: the clause at c, brought in by "before" or "until" at m, has not come
// about when the sentence is said: it stands in the present tense.
func (r *reader) awaited(m, c int) bool {
	t := r.t
	if w := t.Tokens[m].Lower; w != "before" && w != "until" && w != "till" {
		return false
	}
	finite := c
	if a := t.Child(c, "aux", "aux:pass", "cop"); a >= 0 {
		finite = a
	}
	x := t.Tokens[finite].XPOS
	return x == "VBZ" || x == "VBP" || x == "MD"
}

// attachedClause: a word that the tagger took for a verb right behind its object
// ("kept the rate unchanged"): no comma, no subject, no auxiliary.
func (r *reader) attachedClause(c int) bool {
	t := r.t
	if x := t.Tokens[c].XPOS; x != "VBD" && x != "VBN" || t.Child(c, "nsubj", "nsubj:pass", "aux", "aux:pass", "obj", "mark", "advmod") >= 0 {
		return false
	}
	return c > t.Tokens[c].Head && c > 0 && t.Tokens[c-1].UPOS == "NOUN" && t.Tokens[c].Rel == "advcl"
}

// verbal: the token heads a clause.
func (r *reader) verbal(i int) bool {
	return r.t.Tokens[i].UPOS == "VERB" || r.t.Tokens[i].UPOS == "AUX" || r.t.Child(i, "cop") >= 0
}

func (r *reader) participleForm(c int) form {
	switch r.t.Tokens[c].XPOS {
	case "VBG":
		return participle
	case "VBN":
		if r.t.Child(c, "aux", "aux:pass") < 0 {
			if r.t.Child(c, "obj") >= 0 {
				return shared // "promised an inquiry": a past tense tagged amiss
			}
			return passive
		}
	}
	return full
}

// nounClauses tells what hangs on the nouns of a clause: relative clauses,
// participles, appositions and events named by nouns.
func (r *reader) nounClauses(h int, who speech, subj np, depth int) {
	t := r.t
	for _, i := range r.clauseTokens(h) {
		tok := &t.Tokens[i]
		if r.boring[i] {
			continue
		}
		switch tok.Rel {
		case "acl:relcl":
			if tok.Head >= 0 && i != h && !r.ofAll(i) {
				r.walk(i, plainVoice(who), r.described(tok.Head), relative, depth+1)
			}
		case "acl":
			if tok.Head < 0 || i == h {
				continue
			}
			if t.Child(i, "mark") >= 0 {
				continue // "the plan to leave"
			}
			if r.generic(tok.Head) && !(i > 0 && t.Tokens[i-1].Text == ",") {
				continue // "ships carrying oil must pay": no ships in particular
			}
			if f := r.participleForm(i); f != full && (f != participle || t.Child(i, "obj", "ccomp", "xcomp") >= 0 || i > tok.Head+1) {
				r.walk(i, plainVoice(who), r.described(tok.Head), f, depth+1)
			}
		case "appos":
			if tok.Head >= 0 && i != h {
				r.apposition(tok.Head, i, plainVoice(who))
			}
		}
		if tok.UPOS == "NOUN" {
			r.nominal(i, h, plainVoice(who), subj)
		}
	}
}

// ofAll: the relative clause at i is about all that goes before it, and hangs on
// a time by mistake: "until June, which would hold up exports".
func (r *reader) ofAll(i int) bool {
	_, time := r.times[r.t.Tokens[i].Head]
	a := r.t.Child(i, "aux")
	return time && a >= 0 && r.t.Tokens[a].XPOS == "MD"
}

// plainVoice: what a noun phrase presupposes is asserted, whatever the verb
// above it hopes, plans or denies.
func plainVoice(who speech) speech {
	if who.modality != claims.Questioned && who.modality != claims.Conditional {
		who.modality = ""
	}
	return who
}

// clauseTokens are the words of a clause without those of clauses that are
// walked on their own; heads of clauses hanging on nouns are included.
func (r *reader) clauseTokens(h int) []int {
	t := r.t
	return t.Subtree(h, func(i int) bool {
		switch p := t.Tokens[i].Head; t.Tokens[i].Rel {
		case "conj":
			return r.verbal(i)
		case "parataxis", "advcl", "ccomp":
			return true
		default:
			// below a clause that hangs on a noun: its own walk sees it
			return p != h && p >= 0 && (t.Tokens[p].Rel == "acl:relcl" || t.Tokens[p].Rel == "acl")
		}
	})
}

// negated: "not", "never", "no longer" on a verb.
func (r *reader) negated(v int) bool {
	for _, c := range r.t.Children(v) {
		switch r.t.Tokens[c].Lower {
		case "not", "n't", "never", "neither", "nor":
			return true
		case "longer":
			for _, g := range r.t.Children(c) {
				if r.t.Tokens[g].Lower == "no" {
					return true
				}
			}
		}
	}
	return false
}
