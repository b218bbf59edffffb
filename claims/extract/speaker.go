package extract

import (
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// nameBetween is the entity that a source's description is explained by: "a
// lawyer in Orta, Ana Moss, said". -1 when no name stands alone between commas.
func (r *reader) nameBetween(src, cue int) int {
	t := r.t
	for i := src + 1; i+1 < cue && i < src+maxPhrase; i++ {
		if t.Tokens[i].Text != "," || t.Tokens[i].Sentence != t.Tokens[src].Sentence {
			continue
		}
		m, ok := r.mention[i+1]
		if !ok || t.Entities[t.Mentions[m].Entity].Kind != language.Person {
			continue
		}
		if end := t.Mentions[m].Run[1]; end == cue || t.Tokens[end].Text == "," {
			return t.Mentions[m].Entity
		}
	}
	return -1
}

// goesOn is the link of the last chain that a pronoun goes on with: who says
// more is whoever spoke last, close by ("…, the ministry said. It added …"). 0
// when it may be somebody else.
func (r *reader) goesOn(src int) int {
	t := r.t
	if t.Tokens[src].UPOS != "PRON" || r.lastAt < 0 || len(r.last.hops) < 2 || t.Tokens[src].Sentence < 0 {
		return 0
	}
	if back := t.Sentences[t.Tokens[src].Sentence].Block - t.Sentences[r.lastAt].Block; back < 0 || back > 1 {
		return 0
	}
	if r.namedSince(r.entityAt(src), src) {
		return 0
	}
	// Of nested speakers the outer one: what is told goes on in the teller's words.
	for n := 1; n < len(r.last.hops); n++ {
		if prev := &r.last.hops[n]; prev.Where == claims.WhereText && prev.Medium != claims.MediumFeed && prev.Manner != claims.Forward && prev.Manner != claims.EmbedManner && r.fits(src, prev) {
			return n
		}
	}
	return 0
}

// namedSince: an entity was named after the last speech and before token src.
func (r *reader) namedSince(e, src int) bool {
	for i := src - 1; e >= 0 && i >= 0 && i > src-maxSince; i-- {
		if s := r.t.Tokens[i].Sentence; s >= 0 && s <= r.lastAt {
			return false
		}
		if m, ok := r.heads[i]; ok && r.t.Mentions[m].Entity == e && !r.t.Mentions[m].Pronoun {
			return true
		}
	}
	return false
}

// maxSince bounds the words between a speech and the pronoun that goes on with it,
// and the entities looked at.
const maxSince = 120

// fits: the pronoun at token src can mean a speaker.
func (r *reader) fits(src int, prev *claims.Hop) bool {
	t := r.t
	person := prev.Kind == claims.SourcePerson
	many := false
	if f := strings.Fields(prev.Mention); prev.Unnamed && len(f) > 0 {
		switch strings.ToLower(f[0]) {
		case "a", "an", "one", "the":
		default:
			many = true
		}
	}
	switch t.Tokens[src].Lower {
	case "it":
		return !person && !prev.Unnamed && !prev.Nobody
	case "he", "she":
		if !person && !prev.Unnamed || many {
			return false
		}
		// Another person of the sentence before may be meant, where gender tells
		// the two apart.
		e := r.entityAt(src)
		if e >= 0 && t.Entities[e].Kind == language.Person && t.Entities[e].Name != prev.Name && t.Tokens[src].Sentence != r.lastAt {
			g := r.genderOf(prev.Name)
			return g == 0 || g == t.Entities[e].Gender
		}
		return true
	case "they":
		return many || !person && !prev.Unnamed
	}
	return false
}

// genderOf is what the text's pronouns say of a person so far: 'm', 'f' or 0.
func (r *reader) genderOf(name string) byte {
	for i := len(r.t.Entities) - 1; i >= 0 && i > len(r.t.Entities)-maxSince; i-- {
		if r.t.Entities[i].Name == name {
			return r.t.Entities[i].Gender
		}
	}
	return 0
}

// lastUnnamed is the source of the last attributed words, when it is unnamed.
func (r *reader) lastUnnamed() (claims.Hop, bool) {
	if r.lastAt < 0 || len(r.last.hops) < 2 {
		return claims.Hop{}, false
	}
	h := r.last.hops[len(r.last.hops)-1]
	return h, h.Unnamed
}

func (r *reader) speakerName() string {
	if r.doc.Publisher != "" {
		return r.doc.Publisher
	}
	return "the author"
}

// speakerOf finds who speaks the quotation q that leaves a hole in sentence s:
// the subject of the speech verb nearest to it, else of the main clause.
func (r *reader) speakerOf(s, q int, who speech) speech {
	t := r.t
	sent := &t.Sentences[s]
	at := t.Quotes[q].First
	best, bestGap := -1, 1<<30
	for _, i := range r.saidIn[s] {
		if rep := &r.reports[i]; rep.quotes && !rep.adjunct && rep.subject >= 0 && rep.contains(at) && t.Tokens[rep.head].UPOS == "VERB" && t.Tokens[rep.head].Sentence == s {
			best = rep.head
		}
	}
	if best >= 0 {
		bestGap = -1 << 30
	}
	for _, i := range r.saidIn[s] {
		if rep := &r.reports[i]; rep.quotes && !rep.adjunct && rep.subject >= 0 && t.Tokens[rep.head].UPOS == "PUNCT" && rep.contains(at) {
			h := r.hop(rep.subject, -1, claims.DirectQuote) // "Orta Air: “…”"
			h.CueSpan = t.TokenSpan(rep.cue.lo, rep.cue.hi-1)
			return r.attribute(who, h)
		}
	}
	for _, i := range sent.Tokens {
		tok := &t.Tokens[i]
		if tok.UPOS != "VERB" || cueVerbs[tok.Lemma] == notCue {
			continue
		}
		gap := at - i
		if gap < 0 {
			gap = i - t.Quotes[q].Last
		}
		if strongSpeech[tok.Lemma] {
			gap -= 6
		}
		if gap < bestGap {
			best, bestGap = i, gap
		}
	}
	if best < 0 {
		best = sent.Root
	}
	if best < 0 {
		return who.with(claims.Hop{Manner: claims.DirectQuote, Nobody: true})
	}
	subj := r.subjectOf(best)
	if subj < 0 {
		return who.with(claims.Hop{Manner: claims.DirectQuote, Nobody: true}).doubt("nobody near the quotation is named as its speaker")
	}
	h := r.hop(subj, best, claims.DirectQuote)
	out := who
	if via, ok := r.toldTo(best); ok {
		out = out.with(via)
	}
	last := out.hops[len(out.hops)-1]
	if len(out.hops) > 1 && last.Name == h.Name && h.Name != "" {
		out.hops = append([]claims.Hop(nil), out.hops[:len(out.hops)-1]...)
	}
	if cueVerbs[t.Tokens[best].Lemma] == notCue {
		return r.attribute(out, h).doubt("no verb of saying stands by the quotation")
	}
	return r.attribute(out, h)
}

// subjectOf is the subject of a verb, through conjunction, control and
// inversion; -1 when there is none.
func (r *reader) subjectOf(v int) int {
	t := r.t
	if i, ok := r.cueOf[v]; ok && r.reports[i].subject >= 0 && t.Child(v, "nsubj", "nsubj:outer", "nsubj:pass") < 0 {
		return r.reports[i].subject
	}
	for n := 0; v >= 0 && n < 8; n++ {
		if c := t.Child(v, "nsubj", "nsubj:outer"); c >= 0 {
			return c
		}
		if c := t.Child(v, "nsubj:pass"); c >= 0 {
			if by := r.byAgent(v); by >= 0 {
				return by
			}
			return c
		}
		switch t.Tokens[v].Rel {
		case "conj", "xcomp", "advcl", "parataxis", "ccomp":
			v = t.Tokens[v].Head
		case "acl", "acl:relcl":
			return t.Tokens[v].Head
		default:
			return -1
		}
	}
	return -1
}

func (r *reader) byAgent(v int) int {
	for _, c := range r.t.Children(v) {
		if r.t.Tokens[c].Rel == "obl:agent" || r.t.Tokens[c].Rel == "obl" {
			if k := r.t.Child(c, "case"); k >= 0 && r.t.Tokens[k].Lower == "by" {
				return c
			}
		}
	}
	return -1
}

// toldTo: "a spokesperson told RTA": another outlet heard it, and this document
// has it from there.
func (r *reader) toldTo(verb int) (claims.Hop, bool) {
	t := r.t
	if t.Tokens[verb].Lemma != "tell" {
		return claims.Hop{}, false
	}
	obj := t.Child(verb, "obj", "iobj")
	if obj < 0 {
		return claims.Hop{}, false
	}
	e := r.entityAt(obj)
	if e < 0 || t.Entities[e].Kind == language.Person || t.Entities[e].Kind == language.Place {
		return claims.Hop{}, false
	}
	name := t.Entities[e].Name
	if r.doc.Publisher == "" || sameName(name, r.doc.Publisher) || strings.Contains(strings.ToLower(r.doc.Publisher), strings.ToLower(name)) {
		return claims.Hop{}, false
	}
	return claims.Hop{Mention: t.Tokens[obj].Span.Of(t.Raw), Name: name, Kind: claims.SourceOutlet, Manner: claims.Relay, SourceSpan: t.Tokens[obj].Span}, true
}
