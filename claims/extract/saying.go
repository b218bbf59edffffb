package extract

import "github.com/secondsource/secondsource/claims"

// contentOf is the clause that a reporting verb at h brings in, or -1.
func (r *reader) contentOf(h int) int {
	t := r.t
	class := cueVerbs[t.Tokens[h].Lemma]
	if class == notCue || t.Tokens[h].UPOS != "VERB" {
		return -1
	}
	if c := t.Child(h, "ccomp"); c >= 0 && !r.boring[c] {
		return c
	}
	// "said to have fled", "vowed to return", "urged X to leave"
	if c := t.Child(h, "xcomp"); c >= 0 && t.Tokens[c].UPOS == "VERB" && !r.boring[c] {
		if class == supposes && r.impersonal(h) && (t.Child(c, "aux") < 0 || t.Tokens[t.Child(c, "aux")].Lower != "have") {
			return -1 // "is expected to sign": the expectation is what is told
		}
		if m := t.Child(c, "mark"); m >= 0 && t.Tokens[m].Lower == "to" {
			return c
		}
		if t.Tokens[c].XPOS == "VBG" && class == denies {
			return c
		}
	}
	// "X said: Y." and "X said Y" read as two clauses side by side.
	if c := t.Child(h, "parataxis"); c > h && r.verbal(c) && strongSpeech[t.Tokens[h].Lemma] && t.Child(c, "nsubj", "nsubj:pass", "expl") >= 0 && t.Child(h, "obj") < 0 {
		return c
	}
	return -1
}

// anonymity: "asked not to be named" is about the source and no claim.
var anonymity = words("name identify quote cite")

var wishes = words("decline refuse want hope seek aim consider prepare")

// controlled gives an infinitive under a reporting verb its subject: the one
// told to, or the one who speaks.
func (r *reader) controlled(content int, subj np) np {
	if r.t.Tokens[content].Rel != "xcomp" {
		return np{head: -1}
	}
	if o := r.t.Child(r.t.Tokens[content].Head, "obj", "iobj"); o >= 0 && o < content {
		return r.phrase(o)
	}
	return subj
}

// impersonal: "it was reported that", "is said to have", "X is believed to".
func (r *reader) impersonal(h int) bool {
	t := r.t
	return t.Child(h, "aux:pass") >= 0 && r.byAgent(h) < 0
}

// parenthetical finds a speech clause hanging on what it reports: its verb and
// its subject, or -1.
func (r *reader) parenthetical(h int) (verb, src int) {
	t := r.t
	for _, c := range t.Children(h) {
		if t.Tokens[c].Rel != "parataxis" || !strongSpeech[t.Tokens[c].Lemma] || t.Tokens[c].UPOS != "VERB" || r.boring[c] {
			continue
		}
		if t.Child(c, "ccomp") >= 0 {
			continue
		}
		if s := t.Child(c, "nsubj"); s >= 0 {
			return c, s
		}
	}
	return -1, -1
}

// reported is the voice of what a cue brings in.
func (r *reader) reported(who speech, cue, src int) speech {
	t := r.t
	src = r.heardFrom(src, cue)
	h := r.hop(src, cue, claims.Indirect)
	lemma := t.Tokens[cue].Lemma
	if lemma == "report" || lemma == "publish" || lemma == "broadcast" || lemma == "quote" {
		if h.Kind != claims.SourcePerson && !h.Unnamed {
			h.Manner = claims.Relay
		}
	}
	out := who
	if via, ok := r.toldTo(cue); ok {
		out = out.with(via)
	}
	// Who speaks of itself adds no link: "we can confirm".
	if len(out.hops) > 0 && (t.Tokens[src].Lower == "we" || t.Tokens[src].Lower == "i") {
		// stays with who speaks
	} else if last := out.hops[len(out.hops)-1]; last.Name == "" || h.Name == "" || !mere[lemma] && !sameName(last.Name, h.Name) {
		out = r.attribute(out, h)
	}
	if h.Nobody && cueVerbs[lemma] == asserts {
		out.modality = claims.Hedged
	}
	switch cueVerbs[lemma] {
	case denies:
		out.modality = claims.Denied
	case demands:
		if lemma != "ask" || t.Child(cue, "xcomp") >= 0 {
			out.modality = claims.Demanded
		} else {
			out.modality = claims.Questioned
		}
	case plans:
		out.modality = claims.Planned
		if lemma == "refuse" || lemma == "decline" {
			out.modality = claims.Hedged
		}
	case supposes:
		out.modality = claims.Hedged
	case asks:
		out.modality = claims.Questioned
	case asserts, notCue:
	}
	if r.negated(cue) {
		// "did not say whether", "has not reported that": neither asserts nor denies.
		out.modality = claims.Hedged
		out = out.doubt("the verb of saying is negated")
	}
	r.last, r.lastAt = out, t.Tokens[cue].Sentence
	r.subject = -1
	if c := r.contentOf(cue); c >= 0 {
		r.subject = r.entityAt(t.Child(c, "nsubj", "nsubj:pass"))
	} else if t.Tokens[cue].Rel == "parataxis" {
		r.subject = r.entityAt(t.Child(t.Tokens[cue].Head, "nsubj", "nsubj:pass"))
	}
	return out
}

// goesOnWith: the verb at c, read beside the saying at h, goes on with what is
// said: "said police had held him but had not charged him". Both have an
// auxiliary that the saying has not.
func (r *reader) goesOnWith(c, content, h int) bool {
	t := r.t
	a, b := t.Child(c, "aux"), t.Child(content, "aux")
	return r.verbal(c) && a >= 0 && b >= 0 && t.Child(c, "nsubj", "nsubj:pass") < 0 && t.Child(content, "nsubj", "nsubj:pass") >= 0 && t.Child(h, "aux") < 0 && t.Tokens[a].Lemma == t.Tokens[b].Lemma
}
