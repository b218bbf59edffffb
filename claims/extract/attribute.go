package extract

import (
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// entityAt is the entity whose mention has its head at token i, or -1.
func (r *reader) entityAt(i int) int {
	if m, ok := r.heads[i]; ok {
		return r.t.Mentions[m].Entity
	}
	return -1
}

// hop makes the link for a source whose noun phrase has its head at token src,
// brought in by the cue word at token cue (-1: none).
func (r *reader) hop(src, cue int, manner claims.Manner) claims.Hop {
	t := r.t
	np := t.Subtree(src, func(i int) bool {
		switch t.Tokens[i].Rel {
		case "acl:relcl", "acl", "parataxis", "appos", "cc", "conj", "punct", "case":
			return t.Tokens[i].Rel != "case" || t.Tokens[i].Head == src
		}
		return false
	})
	h := claims.Hop{Manner: manner, SourceSpan: t.TokenSpan(np[0], np[len(np)-1])}
	h.Mention = h.SourceSpan.Of(t.Raw)
	h.Name = h.Mention
	if cue >= 0 {
		h.CueSpan = r.cueSpan(src, cue)
		h.Medium = r.mediumNear(cue)
	}
	e := r.entityAt(src)
	if src+1 < len(t.Tokens) && t.Tokens[src+1].Lower == "'s" {
		// "Zenda's Foreign Minister Tor Bakke": the one who owns is not the one
		// who speaks.
		for i := src + 2; i < len(t.Tokens) && i < src+8 && t.Tokens[i].Sentence == t.Tokens[src].Sentence; i++ {
			if x := r.entityAt(i); x >= 0 && x != e {
				e = x
				break
			}
		}
	}
	if e < 0 && t.Tokens[src].UPOS == "NOUN" {
		// "its director, Pavel Hrin": the name stands in apposition.
		if a := t.Child(src, "appos"); a >= 0 {
			e = r.entityAt(a)
		}
		for _, c := range t.Children(src) {
			if e < 0 && (t.Tokens[c].Rel == "flat" || t.Tokens[c].Rel == "compound" || t.Tokens[c].Rel == "nmod:desc") {
				e = r.entityAt(c)
			}
		}
	}
	if e >= 0 {
		x := &t.Entities[e]
		h.Name, h.Handle, h.SpeaksFor = x.Name, x.Handle, x.Body
		switch x.Kind {
		case language.Person:
			h.Kind = claims.SourcePerson
		case language.Body:
			h.Kind = claims.SourceOrganisation
		case language.Place:
			h.Kind = claims.SourceGovernment
		case language.Unknown, language.Thing:
		}
		return h
	}
	head := t.Tokens[src].Lower
	switch {
	case t.Tokens[src].UPOS == "PRON":
		switch head {
		case "it", "they", "he", "she", "who", "which", "that", "one", "some", "many", "others":
			h.Unnamed = true
			if prev, ok := r.lastUnnamed(); ok {
				h.Name, h.Kind = prev.Name, prev.Kind // "a teacher said … She added"
			}
		case "i", "we":
			h.Name = r.speakerName()
		}
	case nobodyNouns[head]:
		h.Nobody, h.Name = true, ""
	case speechNouns[head]:
		// "the statement said": whoever made the statement spoke last.
		if n := t.Child(src, "nmod", "nmod:poss", "compound"); n >= 0 && r.entityAt(n) >= 0 {
			x := &t.Entities[r.entityAt(n)]
			h.Name, h.SpeaksFor = x.Name, x.Body
		} else if r.lastAt >= 0 && len(r.last.hops) > 1 {
			prev := r.last.hops[len(r.last.hops)-1]
			h.Name, h.Handle, h.SpeaksFor, h.Kind, h.Unnamed, h.Nobody = prev.Name, prev.Handle, prev.SpeaksFor, prev.Kind, prev.Unnamed, prev.Nobody
			if h.Medium == claims.MediumUnknown {
				h.Medium = prev.Medium
			}
		}
	case unnamedNouns[head]:
		// "a spokesperson for Lakeside Hospital" speaks for a named body.
		if b := r.bodyOf(src); b != "" {
			h.SpeaksFor, h.Kind = b, claims.SourcePerson
			h.Name = b
			break
		}
		// "the same person", "the spokesperson": whoever was quoted last.
		if d := t.Child(src, "det"); d >= 0 && t.Tokens[d].Lower == "the" && r.lastAt >= 0 && len(r.last.hops) > 1 && t.Tokens[src].XPOS == "NN" {
			prev := r.last.hops[len(r.last.hops)-1]
			if strings.Contains(strings.ToLower(prev.Mention), t.Tokens[src].Lemma) || prev.Unnamed {
				h.Name, h.SpeaksFor, h.Unnamed, h.Kind = prev.Name, prev.SpeaksFor, prev.Unnamed, prev.Kind
				break
			}
		}
		h.Unnamed, h.Kind = true, claims.SourceUnnamed
		// What tells an unnamed source apart is part of its name: "three people
		// briefed on the incident".
		if all := t.Subtree(src, func(i int) bool { return r.boring[i] || t.Tokens[i].Rel == "parataxis" || i > src+maxPhrase }); len(all) > 1 {
			all = trimMarks(t, all)
			h.SourceSpan = t.TokenSpan(all[0], all[len(all)-1])
			h.Mention = h.SourceSpan.Of(t.Raw)
			h.Name = h.Mention
		}
	default:
		// "her office" is somebody's.
		h.Name = strings.TrimPrefix(strings.TrimPrefix(r.say(np), "the "), "The ")
	}
	return h
}

// maxPhrase bounds the words behind the noun of an unnamed source.
const maxPhrase = 14

// lastUnnamed is the source of the last attributed words, when it is unnamed.
func (r *reader) lastUnnamed() (claims.Hop, bool) {
	if r.lastAt < 0 || len(r.last.hops) < 2 {
		return claims.Hop{}, false
	}
	h := r.last.hops[len(r.last.hops)-1]
	return h, h.Unnamed
}

// bodyOf is the body a role noun belongs to: "a spokesperson for X", "X's
// lawyer", "a hospital spokesperson".
func (r *reader) bodyOf(src int) string {
	t := r.t
	role := t.Tokens[src].Lemma
	switch role {
	case "spokesman", "spokeswoman", "spokesperson", "official", "director", "head", "chief", "secretary", "executive", "representative", "minister":
	default:
		return ""
	}
	for _, c := range t.Children(src) {
		switch t.Tokens[c].Rel {
		case "nmod", "nmod:poss", "compound":
			if e := r.entityAt(c); e >= 0 && t.Entities[e].Kind != language.Person {
				if role == "official" && t.Tokens[src].XPOS == "NNS" {
					return "" // "two ministry officials" are unnamed all the same
				}
				return t.Entities[e].Name
			}
			if t.Tokens[c].UPOS == "NOUN" && role != "official" && t.Tokens[c].Rel == "compound" {
				return r.bodyNamed(t.Tokens[c].Lower)
			}
		}
	}
	return ""
}

// bodyNamed is the last entity whose name holds the noun ("hospital"), or the
// noun itself.
func (r *reader) bodyNamed(noun string) string {
	for _, v := range slices.Backward(r.t.Entities) {
		for w := range strings.FieldsSeq(strings.ToLower(v.Name)) {
			if w == noun && v.Kind != language.Person {
				return v.Name
			}
		}
	}
	return noun
}

func (r *reader) speakerName() string {
	if r.doc.Publisher != "" {
		return r.doc.Publisher
	}
	return "the author"
}

// cueSpan covers the cue word with what belongs to it and to no content: "told
// SPA by telephone", "said in a statement".
func (r *reader) cueSpan(src, cue int) claims.Span {
	t := r.t
	lo, hi := cue, cue
	for _, c := range t.Children(cue) {
		if c <= cue || c == src {
			continue
		}
		switch t.Tokens[c].Rel {
		case "obj", "iobj", "obl", "compound:prt", "obl:tmod", "obl:unmarked":
			sub := t.Subtree(c, nil)
			first, last := sub[0], sub[len(sub)-1]
			if first > hi && first-hi <= 2 && last-cue < 14 && (t.Tokens[c].Rel != "obj" || r.addressee(cue)) {
				hi = last
			}
		case "fixed":
			hi = max(hi, c)
		}
	}
	return t.TokenSpan(lo, hi)
}

// addressee: the object of these verbs is who was told, not what was said.
func (r *reader) addressee(cue int) bool {
	switch r.t.Tokens[cue].Lemma {
	case "tell", "inform", "notify", "brief", "assure", "remind", "ask", "urge":
		return true
	}
	return false
}

var mediaWords = []struct {
	word   string
	medium claims.Medium
}{
	{"telegram", claims.MediumTelegram}, {"twitter", claims.MediumX}, {"x", claims.MediumX}, {"tweeted", claims.MediumX}, {"tweet", claims.MediumX},
	{"statement", claims.MediumStatement}, {"communique", claims.MediumStatement}, {"interview", claims.MediumInterview},
	{"conference", claims.MediumPressConference}, {"briefing", claims.MediumPressConference}, {"reporters", claims.MediumPressConference},
	{"television", claims.MediumBroadcast}, {"tv", claims.MediumBroadcast}, {"radio", claims.MediumBroadcast}, {"court", claims.MediumCourt}, {"judge", claims.MediumCourt},
	{"instagram", claims.MediumOther}, {"facebook", claims.MediumOther},
}

// mediumNear reads the medium from the words under the cue.
func (r *reader) mediumNear(cue int) claims.Medium {
	sent := r.t.Tokens[cue].Sentence
	if sent < 0 {
		return claims.MediumUnknown
	}
	for _, i := range r.t.Sentences[sent].Tokens {
		d := i - cue
		if d < -12 || d > 12 {
			continue
		}
		if m := mediumWord(r.t.Tokens[i].Text); m != claims.MediumUnknown {
			return m
		}
	}
	return claims.MediumUnknown
}

func mediumWord(w string) claims.Medium {
	low := strings.ToLower(w)
	for _, m := range mediaWords {
		if low == m.word && (low != "x" || w == "X") {
			return m.medium
		}
	}
	return claims.MediumUnknown
}

// adjuncts reads the sources that stand beside a sentence rather than above it:
// "according to the Coast Guard", "citing KTA", "via @channel".
func (r *reader) adjuncts(s int, base speech) speech {
	t := r.t
	who := base
	for _, a := range t.Sentences[s].Adjuncts {
		adj := &t.Sentences[a]
		if adj.Root < 0 {
			continue
		}
		if t.Tokens[adj.Root].UPOS == "VERB" {
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
		h := r.hop(adj.Root, -1, manner)
		h.CueSpan = t.TokenSpan(adj.Cue[0], adj.Cue[1]-1)
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

// setSubject remembers who the attributed sentence is about.
func (r *reader) setSubject(s int) {
	r.subject = -1
	if root := r.t.Sentences[s].Root; root >= 0 {
		r.subject = r.entityAt(r.t.Child(root, "nsubj", "nsubj:pass"))
	}
}

// speakerOf finds who speaks the quotation q that leaves a hole in sentence s:
// the subject of the speech verb nearest to it, else of the main clause.
func (r *reader) speakerOf(s, q int, who speech) speech {
	t := r.t
	sent := &t.Sentences[s]
	at := t.Quotes[q].First
	best, bestGap := -1, 1<<30
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
		return out.with(h).doubt("no verb of saying stands by the quotation")
	}
	return out.with(h)
}

// subjectOf is the subject of a verb, through conjunction, control and
// inversion; -1 when there is none.
func (r *reader) subjectOf(v int) int {
	t := r.t
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

// toldTo: "a spokesperson told NNA": another outlet heard it, and this document
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
