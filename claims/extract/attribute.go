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
	if n := r.goesOn(src); cue >= 0 && n > 0 {
		sameSource(&h, &r.last.hops[n])
		return h
	}
	if src2 := t.Child(src, "appos"); src2 >= 0 && t.Tokens[src].Lower == "one" && t.Tokens[src2].UPOS == "NOUN" {
		src = src2 // "said one, a teacher"
		h.SourceSpan = r.evidence(r.phrase(src).toks)[0]
		h.Mention = h.SourceSpan.Of(t.Raw)
		h.Name = h.Mention
	}
	if o := r.owner(src); o >= 0 && o != src {
		src = o // "data from the statistics office showed": the office
		h.Name = r.phraseName(src)
	}
	e := r.entityAt(src)
	if r.platform(src) {
		// "Telegram channels say": those that the post credits, or nobody.
		h.Nobody, h.Name = true, ""
		for _, c := range t.Credits {
			if strings.HasPrefix(c.Name, "@") {
				h.Nobody, h.Name, h.Handle = false, c.Name, c.Name
			}
		}
		return h
	}
	if t.Tokens[np[0]].Lower == "our" && strings.HasPrefix(t.Tokens[src].XPOS, "NN") && strings.HasSuffix(t.Tokens[src].XPOS, "S") {
		h.Unnamed, h.Kind = true, claims.SourceUnnamed // "our readers" are known to whoever writes
		return h
	}
	if e < 0 && cue >= 0 {
		e = r.nameBetween(src, cue)
	}
	if src+1 < len(t.Tokens) && t.Tokens[src+1].Lower == "'s" {
		// "Zenda's Foreign Minister Jon Halm": the one who owns is not the one
		// who speaks.
		for i := src + 2; i < len(t.Tokens) && i < src+8 && t.Tokens[i].Sentence == t.Tokens[src].Sentence; i++ {
			if x := r.entityAt(i); x >= 0 && x != e {
				e = x
				break
			}
		}
	}
	if e < 0 && t.Tokens[src].UPOS == "NOUN" {
		// "its director, Ivo Lenk": the name stands in apposition.
		if a := t.Child(src, "appos"); a >= 0 {
			e = r.entityAt(a)
		}
		for _, c := range t.Children(src) {
			if e < 0 && (t.Tokens[c].Rel == "flat" || t.Tokens[c].Rel == "compound" || t.Tokens[c].Rel == "nmod:desc") {
				if x := r.entityAt(c); x >= 0 && (c > src || t.Entities[x].Kind != language.Person && t.Entities[x].Kind != language.Place) {
					e = x // "spokesman Jon Halm", but no "Halm aide", no "US official"
				}
			}
		}
	}
	if e >= 0 {
		x := &t.Entities[e]
		h.Name, h.Handle, h.SpeaksFor = x.Name, x.Handle, x.Body
		if x.Kind == language.Person && x.Body == "" && r.release && r.doc.Publisher != "" {
			h.SpeaksFor = r.doc.Publisher
		}
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
			sameSource(&h, &prev)
			if h.Medium == claims.MediumUnknown {
				h.Medium = prev.Medium
			}
		}
	case unnamedNouns[head], unnamedLike(t, src) && !definite(t, src):
		// "a spokesperson for Zenda Hospital" speaks for a named body.
		if b := r.bodyOf(src); b != "" {
			h.SpeaksFor, h.Kind = b, claims.SourcePerson
			h.Name = b
			break
		}
		// "the same person", "the spokesperson": whoever was quoted last.
		if d := t.Child(src, "det"); d >= 0 && t.Tokens[d].Lower == "the" && r.lastAt >= 0 && len(r.last.hops) > 1 && t.Tokens[src].XPOS == "NN" {
			prev := r.last.hops[len(r.last.hops)-1]
			if strings.Contains(strings.ToLower(prev.Mention), t.Tokens[src].Lemma) || prev.Unnamed {
				sameSource(&h, &prev)
				break
			}
		}
		h.Unnamed, h.Kind = true, claims.SourceUnnamed
		// What tells an unnamed source apart is part of its name: "three people
		// briefed on the incident".
		if all := t.Subtree(src, func(i int) bool { return r.boring[i] || t.Tokens[i].Rel == "parataxis" || i > src+maxPhrase }); len(all) > 1 {
			for len(all) > 1 && t.Tokens[all[0]].UPOS == "ADP" && t.Tokens[all[0]].Head == src {
				all = all[1:]
			}
			all = trimMarks(t, r.withoutReserve(all))
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

// phraseName is the noun phrase at token src without its article.
func (r *reader) phraseName(src int) string {
	s := r.say(r.phrase(src).toks)
	for _, p := range [...]string{"the ", "The ", "a ", "A ", "an ", "An "} {
		s = strings.TrimPrefix(s, p)
	}
	return s
}

// platform: people of a network ("Telegram channels", "social media users") are
// nobody in particular, and the network says nothing itself.
func (r *reader) platform(src int) bool {
	t := r.t
	if src < 1 || t.Tokens[src].XPOS != "NNS" && t.Tokens[src].XPOS != "NNPS" {
		return false
	}
	if det := t.Child(src, "det", "nmod:poss", "nummod"); det >= 0 {
		return false // "two Telegram channels" are some that the writer knows
	}
	switch t.Tokens[src].Lower {
	case "channels", "accounts", "users", "posts", "groups":
	default:
		return false
	}
	switch w := t.Tokens[src-1]; mediumWord(w.Text) {
	case claims.MediumTelegram, claims.MediumX, claims.MediumOther:
		return true
	default:
		return w.Lower == "media" && src > 1 && t.Tokens[src-2].Lower == "social"
	}
}

// sameSource makes a link one of the source that another names, in words of its
// own.
func sameSource(h, other *claims.Hop) {
	h.Name, h.Handle, h.Kind, h.SpeaksFor, h.Unnamed, h.Nobody = other.Name, other.Handle, other.Kind, other.SpeaksFor, other.Unnamed, other.Nobody
}

// unnamedLike: the noun is one for people by what they do ("bankers", "a
// stallholder").
func unnamedLike(t *language.Text, i int) bool {
	if t.Tokens[i].UPOS != "NOUN" || t.Tokens[i].Text != t.Tokens[i].Lower {
		return false
	}
	w := strings.TrimSuffix(t.Tokens[i].Lower, "s")
	for _, end := range [...]string{"er", "or", "ist", "ian", "man", "men", "woman", "women", "eer", "people"} {
		if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
			return !records[w] && !impersonalEr[w]
		}
	}
	return false
}

// impersonalEr end like people's trades and are none.
var impersonalEr = words("paper newspaper letter order number matter computer tower river power weather water centre center corner border quarter member cluster chapter paper register " +
	"factor sector error mirror corridor harbor motor sensor list document regulator operator maker carrier brewer lender retailer manufacturer insurer broadcaster builder producer supplier exporter importer developer publisher")

func definite(t *language.Text, i int) bool {
	d := t.Child(i, "det", "nmod:poss")
	return d >= 0 && t.Tokens[d].Lower != "a" && t.Tokens[d].Lower != "an" && t.Tokens[d].Lower != "some"
}

// withoutReserve cuts ", who asked not to be named" off the words of a source:
// it tells how the source spoke, not who it is.
func (r *reader) withoutReserve(toks []int) []int {
	t := r.t
	who := 0 // the last relative pronoun
	for k, i := range toks {
		if k > 0 && relativePronoun(t.Tokens[i].XPOS) {
			who = k
		}
		switch t.Tokens[i].Lower {
		case "named", "identified", "anonymity", "anonymous", "anonymously", "unnamed":
			if who == 0 {
				continue
			}
			for who > 1 && (t.Tokens[toks[who-1]].UPOS == "PUNCT" || t.Tokens[toks[who-1]].UPOS == "CCONJ") {
				who--
			}
			return toks[:who]
		}
	}
	return toks
}

// maxPhrase bounds the words behind the noun of an unnamed source.
const maxPhrase = 14

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
				if role == "official" && (t.Tokens[src].XPOS == "NNS" || t.Entities[e].Kind == language.Place) {
					return "" // "two ministry officials", "a US official" are unnamed all the same
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
			if w == noun && v.Kind != language.Person && !v.Common {
				return v.Name
			}
		}
	}
	return noun
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
