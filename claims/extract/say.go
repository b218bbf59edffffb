package extract

import (
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims/language"
)

// clauseText puts a clause into words as a sentence of its own.
func (r *reader) clauseText(h int, toks []int, subj np, f form) string {
	t := r.t
	if !subj.ok() || f == full {
		return r.say(toks)
	}
	// Without conjunctions and markers in front.
	if f == relative {
		if rest, prep := r.whereIn(h, toks); prep != "" {
			return join(r.say(rest), prep, r.say(subj.toks))
		}
	}
	body := toks
	for len(body) > 0 && body[0] != h {
		tok := &t.Tokens[body[0]]
		if tok.UPOS == "CCONJ" || tok.UPOS == "SCONJ" || (f == relative && relativePronoun(tok.XPOS) && tok.XPOS != "WP$") || tok.Rel == "mark" && clauseMarks[tok.Lower] || tok.Rel == "cc" || tok.XPOS == "WRB" {
			body = body[1:]
			continue
		}
		break
	}
	subject := r.say(subj.toks)
	if own := t.Child(h, "nsubj", "nsubj:pass"); own >= 0 && f != relative {
		cut := map[int]bool{}
		for _, i := range t.Subtree(own, nil) {
			cut[i] = true
		}
		body = keep(body, func(i int) bool { return !cut[i] })
		if t.Child(h, "aux", "aux:pass", "cop") >= 0 {
			return r.say(toks)
		}
	}
	switch f {
	case participle:
		// "-ing" becomes the past tense: news tells what happened.
		pre, post := split(body, h)
		return join(subject, r.say(pre), past(t.Tokens[h].Lemma), r.say(post))
	case passive:
		be := "was"
		if r.plural(subj.head) {
			be = "were"
		}
		return join(subject, be, r.say(body))
	case relative:
		own := t.Child(h, "nsubj", "nsubj:pass")
		if own >= 0 && !relativePronoun(t.Tokens[own].XPOS) {
			if w := t.Child(own, "nmod:poss"); w >= 0 && t.Tokens[w].XPOS == "WP$" || t.Child(h, "obj", "aux:pass", "cop") >= 0 {
				return r.say(body) // nothing is missing from it
			}
			// The noun is its object: "the offer which the Rovers turned down".
			return join(r.say(body), r.say(subj.toks))
		}
		var rest []int
		for _, i := range body {
			if i != own {
				rest = append(rest, i)
			}
		}
		return join(subject, r.say(rest))
	case infinitive:
		if a := t.Child(h, "aux"); a >= 0 && a < h && t.Tokens[a].Lower == "have" {
			// "is believed to have paid": "has paid".
			have := "has"
			if r.plural(subj.head) {
				have = "have"
			}
			return join(subject, have, r.say(keep(body, func(i int) bool { return i != a && (i > a || t.Tokens[i].Lower != "to") })))
		}
		be := "is"
		if r.plural(subj.head) {
			be = "are"
		}
		if len(body) > 0 && t.Tokens[body[0]].Lower != "to" && t.Tokens[body[0]].Lower != "not" {
			be += " to"
		}
		return join(subject, be, r.say(body))
	case shared:
		return join(subject, r.auxiliaries(h), r.say(body))
	case full:
	}
	return r.say(toks)
}

// whereIn takes "in which", "after which" or "where" out of the words of a
// relative clause, and returns the preposition to say the antecedent with, ""
// when there is none.
func (r *reader) whereIn(h int, body []int) (rest []int, prep string) {
	t := r.t
	for _, c := range t.Children(h) {
		switch tok := &t.Tokens[c]; {
		case tok.Lower == "where" && tok.Rel == "advmod":
			return keep(body, func(i int) bool { return i != c }), "in"
		case relativePronoun(tok.XPOS) && (tok.Rel == "obl" || tok.Rel == "nmod"):
			if p := t.Child(c, "case"); p >= 0 {
				return keep(body, func(i int) bool { return i != c && i != p }), t.Tokens[p].Lower
			}
		}
	}
	return body, ""
}

// auxiliaries are those of the first conjunct where the second has none.
func (r *reader) auxiliaries(h int) string {
	t := r.t
	if t.Tokens[h].Rel != "conj" || t.Child(h, "aux", "aux:pass", "cop") >= 0 || t.Tokens[h].Head < 0 {
		return ""
	}
	x := t.Tokens[h].XPOS
	if x != "VBN" && x != "VB" && x != "VBG" {
		return ""
	}
	var ws []string
	for _, c := range t.Children(t.Tokens[h].Head) {
		if rel := t.Tokens[c].Rel; (rel == "aux" || rel == "aux:pass") && c < t.Tokens[h].Head {
			ws = append(ws, t.Word(c))
		}
	}
	return strings.Join(ws, " ")
}

func (r *reader) plural(h int) bool {
	x := r.t.Tokens[h].XPOS
	return x == "NNS" || x == "NNPS" || r.t.Child(h, "conj") >= 0
}

func split(toks []int, at int) (a, b []int) {
	for _, i := range toks {
		switch {
		case i < at:
			a = append(a, i)
		case i > at:
			b = append(b, i)
		}
	}
	return a, b
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// say puts tokens into words: pronouns and descriptions become names, relative
// dates full ones, everything else stays as written.
func (r *reader) say(toks []int) string {
	t := r.t
	toks = r.wholeTimes(toks)
	var b strings.Builder
	in := map[int]bool{}
	for _, i := range toks {
		in[i] = true
	}
	last := -2
	write := func(s string, glued bool) {
		if b.Len() > 0 && !glued && s != "" {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	skip := -1
	singular := false // the word before was a name put for "I" or "we"
	named := map[int]bool{}
	for _, i := range r.after {
		if m, ok := r.mention[i]; ok && !t.Mentions[m].Adjective && !t.Mentions[m].Possess {
			named[t.Mentions[m].Entity] = true
		}
	}
	for _, i := range toks {
		if i < skip {
			continue
		}
		glued := t.Tokens[i].Glued && last == i-1
		if n, ok := r.times[i]; ok && t.Times[n].Relative && t.Times[n].Text != "" && in[t.Times[n].Tokens[1]-1] {
			text := t.Times[n].Text
			// "on today" would repeat the preposition the wording brings.
			write(r.afterPreposition(text, b.String()), false)
			skip = t.Times[n].Tokens[1]
			last = skip - 1
			continue
		}
		if m, ok := r.mention[i]; ok && in[t.Mentions[m].Tokens[1]-1] {
			x := &t.Mentions[m]
			// "Dorn conveyed his condolences": nobody takes "his" for another's.
			again := x.Pronoun && (named[x.Entity] || r.nounSaid(x.Entity, in))
			named[x.Entity] = named[x.Entity] || !x.Adjective
			if s, ok := r.nameFor(x); ok && !again {
				write(s, glued)
				skip = t.Mentions[m].Tokens[1]
				last = skip - 1
				continue
			}
		}
		w := t.Word(i)
		if t.Tokens[i].Lower == "whose" && t.Tokens[i].XPOS == "WP$" {
			if a := r.nounBefore(i); a >= 0 {
				owner := r.say(keep(r.phrase(a).toks, func(k int) bool { return k < i }))
				w = owner + possessiveOf(owner)
			}
		}
		if first := r.firstPerson(i); first != "" {
			w, singular = first, true
		} else if singular {
			if third, ok := thirdPerson[t.Tokens[i].Lower]; ok && (t.Tokens[i].UPOS == "AUX" || t.Tokens[i].UPOS == "VERB") {
				w, glued = third, false
			}
			singular = false
		}
		write(w, glued)
		last = i
	}
	return b.String()
}

// nounSaid: the phrase of a common noun that a pronoun stands for is among the words
// said, or among those said right before.
func (r *reader) nounSaid(e int, in map[int]bool) bool {
	x := &r.t.Entities[e]
	return x.Common && (in[x.Noun] || slices.Contains(r.after, x.Noun))
}

// thirdPerson is the form that a verb right behind "I" or "we" takes when a name
// stands in their place.
var thirdPerson = map[string]string{"am": "is", "'m": "is", "are": "is", "'re": "is", "were": "was", "have": "has", "'ve": "has", "do": "does"}

// firstPerson is the speaker's name for "I", "we", "my" and the like, or "".
func (r *reader) firstPerson(i int) string {
	if r.speaker == "" || r.t.Tokens[i].UPOS != "PRON" && r.t.Tokens[i].UPOS != "DET" {
		return ""
	}
	switch r.t.Tokens[i].Lower {
	case "i", "we", "me", "us", "myself", "ourselves":
		return r.speaker
	case "my", "our":
		return r.speaker + possessiveOf(r.speaker)
	}
	return ""
}

var prepositions = words("on in at by since until from before after during to")

// afterPreposition drops the preposition that a time's wording starts with when
// the sentence has one already.
func (r *reader) afterPreposition(text, before string) string {
	f := strings.Fields(before)
	first, rest, ok := strings.Cut(text, " ")
	if ok && len(f) > 0 && prepositions[strings.ToLower(f[len(f)-1])] && prepositions[first] {
		return rest
	}
	return text
}

// nameFor is the self-contained wording of a mention, when it differs.
func (r *reader) nameFor(m *language.Mention) (string, bool) {
	e := &r.t.Entities[m.Entity]
	text := r.t.TokenSpan(m.Tokens[0], m.Tokens[1]-1).Of(r.t.Raw)
	name := e.Name
	if name == "" || m.Adjective || strings.EqualFold(name, text) {
		return "", false
	}
	switch {
	case m.Pronoun || m.Described:
		if e.Kind == language.Body && m.Described && !strings.HasPrefix(strings.ToLower(name), "the ") && language.CountryOf(name) == "" && strings.HasPrefix(strings.ToLower(text), "the ") {
			name = "the " + name
		}
		if m.Possess {
			return name + possessiveOf(name), true
		}
		return name, true
	case len(name) > len(text) && (strings.Contains(strings.ToLower(name), strings.ToLower(text)) || e.Kind == language.Body && !strings.EqualFold(text, e.Acronym) && len(strings.Fields(text)) > 1):
		return name, true // a surname, a shortened name
	}
	return "", false
}

func possessiveOf(name string) string {
	if strings.HasSuffix(name, "s") {
		return "'"
	}
	return "'s"
}

// indefinite puts "a" for the article of a phrase.
func (r *reader) indefinite(toks []int) string {
	s := r.say(toks)
	for _, p := range [...]string{"the ", "The ", "this ", "This "} {
		if strings.HasPrefix(s, p) {
			s = s[len(p):]
			if strings.ContainsRune("aeiou", rune(s[0])) {
				return "an " + s
			}
			return "a " + s
		}
	}
	return s
}

// wholeTimes completes the times that some tokens say in part: of "on Monday 4 May"
// and "on Monday, May 4" a parse may hang a piece elsewhere.
func (r *reader) wholeTimes(toks []int) []int {
	in, out := map[int]bool{}, toks
	for _, i := range toks {
		in[i] = true
	}
	for _, i := range toks {
		n, ok := r.timeAt[i]
		if !ok {
			continue
		}
		for k := r.t.Times[n].Tokens[0]; k < r.t.Times[n].Tokens[1]; k++ {
			if !in[k] {
				in[k] = true
				out = append(slices.Clip(out), k)
			}
		}
	}
	if len(out) > len(toks) {
		slices.Sort(out)
	}
	return out
}
