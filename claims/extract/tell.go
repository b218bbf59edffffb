package extract

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// tell emits the claim of one clause.
func (r *reader) tell(h int, who speech, subj np, f form) {
	t := r.t
	toks := r.own(h)
	if !r.verbal(h) && t.Tokens[h].Rel == "root" {
		toks = r.fragment(h, toks)
	}
	if len(toks) == 0 || !r.tellable(h, toks, subj) || r.quoting(h, who) || r.saysNothing(h, toks, who, f) {
		return
	}
	c := claims.Claim{Kind: claims.Event, Polarity: claims.Positive, Modality: r.modalityOf(h)}
	if c.Modality == claims.Conditional && len(who.hops) > 1 && t.Tokens[h].Sentence >= 0 && t.Child(h, "advcl") < 0 {
		c.Modality = claims.Planned // "said that contact would be kept": the future as reported
	}
	if sayings[t.Tokens[h].Lemma] {
		c.Kind = claims.Utterance
	}
	c.Text = r.clauseText(h, toks, subj, f)
	c.Evidence = r.evidence(toks)
	if subj.ok() && f != full {
		c.Evidence = append(c.Evidence, r.evidence(subj.toks)...)
	}
	if r.clauseNegative(h) {
		c.Polarity = claims.Negative
	}
	r.frame(&c, h, toks, subj, f)
	conf := 0.9
	if f != full {
		conf = 0.7
	}
	r.emit(c, who, conf)
}

// saysNothing: the clause is no proposition by itself: the condition of another
// ("if the boxes hold"), an open place ("what is left"), or a pronoun that nobody
// can tell the meaning of with a bare verb ("they did").
func (r *reader) saysNothing(h int, toks []int, who speech, f form) bool {
	t := r.t
	if m := t.Child(h, "mark"); m >= 0 && (t.Tokens[m].Lower == "if" || t.Tokens[m].Lower == "unless" || t.Tokens[m].Lower == "lest") {
		return true
	}
	if who.modality != claims.Questioned && f != relative {
		for _, c := range t.Children(h) {
			if x := &t.Tokens[c]; c < h && x.Rel != "mark" && (x.XPOS == "WP" || x.XPOS == "WDT" && x.Lower != "that") {
				return true
			}
		}
		if x := t.Tokens[h].XPOS; x == "WP" {
			return true
		}
	}
	s := t.Child(h, "nsubj", "nsubj:pass")
	if r.noComment(h) {
		return true
	}
	if f == full && (s < 0 || s < toks[0]) && t.Child(h, "nsubj:outer", "csubj", "csubj:pass", "expl") < 0 && who.modality != claims.Questioned {
		// "lasted three hours": what did, nobody can tell. A noun in front is a
		// subject that the parse missed.
		if x := &t.Tokens[toks[0]]; x.XPOS == "VBD" || x.XPOS == "VBZ" || x.XPOS == "VBP" || x.UPOS == "AUX" {
			return true
		}
	}
	if rel := t.Tokens[h].Rel; rel == "ccomp" || rel == "root" && who.modality != claims.Questioned {
		for _, c := range t.Children(h) {
			if x := &t.Tokens[c]; x.XPOS == "WRB" && x.Rel == "advmod" && c < h && c == toks[0] {
				return true // "why it closed"
			}
		}
	}
	if strongSpeech[t.Tokens[h].Lemma] && t.Tokens[h].UPOS == "VERB" && f != passive && t.Child(h, "obj", "ccomp", "xcomp", "parataxis", "aux:pass", "nsubj:pass") < 0 && !r.negated(h) {
		if cueVerbs[t.Tokens[h].Lemma] == asserts && (t.Tokens[h].Lemma == "say" || t.Tokens[h].Lemma == "tell" || t.Tokens[h].Lemma == "write" || t.Tokens[h].Lemma == "add" || t.Tokens[h].Lemma == "state") {
			return true // who spoke, but not what was said
		}
	}
	return f == full && !who.quoted && s >= 0 && t.Tokens[s].UPOS == "PRON" && r.entityAt(s) < 0 && r.firstPerson(s) == "" && len(toks) <= 3
}

// noComment: the phrases of a newsroom for what it could not find out: "could not
// be reached", "could not verify".
func (r *reader) noComment(h int) bool {
	t := r.t
	if !r.negated(h) || !unconfirmed[t.Tokens[h].Lemma] {
		return false
	}
	a := t.Child(h, "aux")
	return a >= 0 && (t.Tokens[a].Lower == "could" || t.Tokens[a].Lower == "would" || t.Tokens[a].Lower == "can")
}

var unconfirmed = words("reach verify confirm authenticate comment name")

// quoting tells the saying of a quotation: "the ministry noted: …". It returns
// false when the clause brings in no quotation.
func (r *reader) quoting(h int, who speech) bool {
	t := r.t
	sent := &t.Sentences[t.Tokens[h].Sentence]
	if len(sent.Holes) == 0 || cueVerbs[t.Tokens[h].Lemma] == notCue || t.Tokens[h].UPOS != "VERB" || t.Child(h, "obj") >= 0 && !r.addressee(h) {
		return false
	}
	subj := r.subjectOf(h)
	if subj < 0 {
		return false
	}
	q := &t.Quotes[sent.Holes[0]]
	said := strings.TrimRight(strings.Join(strings.Fields(q.Inner.Of(t.Raw)), " "), ",. ")
	if cut := 240; len(said) > cut {
		for !utf8.RuneStart(said[cut]) {
			cut--
		}
		said = said[:cut] + "…"
	}
	p := r.phrase(subj)
	c := claims.Claim{Kind: claims.Utterance, Polarity: claims.Positive, Modality: claims.Asserted}
	c.Text = r.say(p.toks) + " " + r.cueSpan(subj, h).Of(t.Raw) + ": \"" + said + "\""
	c.Evidence = []claims.Span{r.evidence(append([]int{h}, p.toks...))[0], q.Inner}
	c.Frame.Predicate = claims.Predicate{Lemma: t.Tokens[h].Lemma, Span: t.Tokens[h].Span}
	c.Frame.Arguments = []claims.Argument{r.argument(claims.Agent, p, ""),
		{Role: claims.Content, Text: said, Span: q.Inner}}
	if r.negated(h) {
		c.Polarity = claims.Negative
	}
	r.emit(c, who, 0.9)
	return true
}

// tellable: a clause with something to say: a verb or copula, or in a headline-
// like post a noun with a number or a participle.
func (r *reader) tellable(h int, toks []int, subj np) bool {
	t := r.t
	if r.verbal(h) {
		if t.Tokens[h].UPOS != "VERB" && t.Child(h, "cop", "aux") >= 0 && t.Child(h, "nsubj", "nsubj:pass", "nsubj:outer", "expl", "csubj") < 0 && !subj.ok() {
			return false // "was 61 percent": of what, nobody can tell
		}
		if t.Tokens[h].UPOS == "VERB" && t.Child(h, "nsubj", "nsubj:pass", "expl", "csubj") < 0 && !subj.ok() {
			// An order ("Subscribe now") or a fragment: only a participle with
			// its noun says something ("Gunfire heard near barracks").
			return t.Tokens[h].XPOS != "VB" && t.Child(h, "obj", "obl", "ccomp", "xcomp") >= 0 && len(t.Subtree(h, nil)) > 3
		}
		return true
	}
	if rel := t.Tokens[h].Rel; rel != "root" && rel != "parataxis" && rel != "list" && rel != "conj" {
		return false
	}
	// A noun phrase alone: "17 bodies recovered, 34 survivors"; "Arrests: 14".
	number, noun, name, n := false, false, false, 0
	for _, i := range toks {
		if r.inTime[i] || clockTime(t.Tokens[i].Text) {
			continue
		}
		switch t.Tokens[i].UPOS {
		case "NUM":
			number = true
		case "VERB":
			number = number || t.Tokens[i].XPOS == "VBN"
			noun = noun || t.Tokens[i].XPOS == "VBN"
		case "NOUN":
			noun = true
		case "PROPN":
			name = true
		case "ADJ":
			name = name || i == h // "Injured: 94"
		}
		if t.Tokens[i].UPOS != "PUNCT" {
			n++
		}
	}
	// Posts speak in fragments, articles in sentences.
	post := r.doc.Kind == claims.KindTelegramPost || r.doc.Kind == claims.KindXPost || r.doc.Kind == claims.KindUnknown
	label := false // "Deaths: 4"
	for _, i := range t.Sentences[t.Tokens[h].Sentence].Tokens {
		label = label || t.Tokens[i].Text == ":" || t.Tokens[i].Text == "-"
	}
	if t.Child(h, "case", "mark") >= 0 && !label {
		return false // "in the name of the people"
	}
	if _, event := eventNouns[t.Tokens[h].Lemma]; event {
		return n >= 2
	}
	sent := &t.Sentences[t.Tokens[h].Sentence]
	the := t.Tokens[sent.Tokens[0]].UPOS == "DET"
	return number && (noun || name) && (n >= 3 || n == 2 && label) || noun && (n >= 4 && (post || the) || n == 3 && (post || the) && sent.End != 0)
}

// clockTime: "08:31", the mark of an entry in a running report.
func clockTime(w string) bool {
	return len(w) >= 4 && len(w) <= 5 && (w[len(w)-3] == ':' || w[len(w)-3] == '.') && w[0] >= '0' && w[0] <= '9'
}

// maxFragment bounds a sentence without a verb that is told whole.
const maxFragment = 20

// fragment is all of a short sentence without a verb: "Houses destroyed: 212".
func (r *reader) fragment(h int, own []int) []int {
	sent := &r.t.Sentences[r.t.Tokens[h].Sentence]
	if len(sent.Tokens) > maxFragment || len(sent.Adjuncts) > 0 {
		return own
	}
	for _, i := range sent.Tokens {
		if r.boring[i] || r.t.Tokens[i].XPOS == "VBD" || r.t.Tokens[i].XPOS == "VBZ" || r.t.Tokens[i].Text == ";" || r.t.Tokens[i].Text == "|" {
			return own
		}
	}
	return trimMarks(r.t, append([]int(nil), sent.Tokens...))
}

// own are the words of a clause that stay in its claim.
func (r *reader) own(h int) []int {
	t := r.t
	toks := t.Subtree(h, func(i int) bool {
		tok := &t.Tokens[i]
		if r.boring[i] {
			return true
		}
		switch tok.Rel {
		case "parataxis", "discourse", "vocative":
			return true
		case "ccomp":
			return false
		case "conj":
			return tok.Head == h && r.verbal(i)
		case "cc", "cc:preconj":
			// a conjunction whose second part is told on its own
			n := r.nextConj(i)
			return tok.Head == h && n >= 0 || n >= 0 && t.Tokens[n].Head == h && r.verbal(n)
		case "advcl":
			return !r.completes(i)
		case "acl:relcl":
			return true
		case "acl":
			return r.participleForm(i) != full && t.Child(i, "mark") < 0
		case "appos":
			return !r.namesIt(i)
		case "mark":
			return tok.Head == h && clauseMarks[tok.Lower]
		case "advmod":
			return tok.XPOS == "WRB" && tok.Head == h && t.Tokens[h].Rel == "advcl"
		case "dep", "list":
			return false
		}
		return false
	})
	// Punctuation at the edges and beside what was cut goes too.
	var out []int
	for k, i := range toks {
		if t.Tokens[i].UPOS == "PUNCT" {
			w := t.Tokens[i].Text
			prevGone := len(out) == 0 || k > 0 && toks[k-1] != out[len(out)-1]
			cut := k+1 >= len(toks) || prevGone || !r.adjacent(i, toks, k)
			if w == "." || w == "!" || w == "?" || w == ";" || w == ":" || w == "…" || w == "..." || w == "--" || w == "—" || (w == "," || w == "-" || w == "(" || w == ")") && cut && (w != "-" || !t.Tokens[i].Glued) {
				continue
			}
			if w == "-" && !t.Tokens[i].Glued {
				continue
			}
		}
		out = append(out, i)
	}
	for len(out) > 0 && (t.Tokens[out[0]].UPOS == "PUNCT" && t.Tokens[out[0]].Text != "(" || t.Tokens[out[0]].UPOS == "CCONJ") {
		out = out[1:]
	}
	for len(out) > 0 && (t.Tokens[out[len(out)-1]].UPOS == "PUNCT" && t.Tokens[out[len(out)-1]].Text != ")" || t.Tokens[out[len(out)-1]].UPOS == "CCONJ") {
		out = out[:len(out)-1]
	}
	return out
}

var clauseMarks = words("that if because as while when after before since until till although though whether unless once whereas so with")

// nextConj is the conjunct that a coordinating word introduces: its head, in
// Universal Dependencies.
func (r *reader) nextConj(cc int) int {
	h := r.t.Tokens[cc].Head
	if h >= 0 && r.t.Tokens[h].Rel == "conj" && r.verbal(h) {
		return h
	}
	return -1
}

// adjacent: the words on both sides of a mark both stay.
func (r *reader) adjacent(i int, toks []int, k int) bool {
	if k == 0 || k+1 >= len(toks) {
		return false
	}
	return r.neighbour(toks[k-1], i) && r.neighbour(i, toks[k+1])
}

func (r *reader) neighbour(a, b int) bool {
	s := r.t.Tokens[a].Sentence
	if s < 0 {
		return b == a+1
	}
	toks := r.t.Sentences[s].Tokens
	k := sort.SearchInts(toks, a)
	return k+1 < len(toks) && toks[k+1] == b
}

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
		if tok.UPOS == "CCONJ" || tok.UPOS == "SCONJ" || (f == relative && relativePronoun(tok.XPOS)) || tok.Rel == "mark" && clauseMarks[tok.Lower] || tok.Rel == "cc" || tok.XPOS == "WRB" {
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
			if t.Child(h, "obj", "aux:pass", "cop") >= 0 {
				return r.say(body) // nothing is missing from it
			}
			// The noun is its object: "the offer which the Herons turned down".
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
			// "Putin conveyed his condolences": nobody takes "his" for another's.
			again := x.Pronoun && named[x.Entity]
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
				w = third
			}
			singular = false
		}
		write(w, glued)
		last = i
	}
	return b.String()
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

// evidence is the span that covers tokens, in whatever order they come.
func (r *reader) evidence(toks []int) []claims.Span {
	if len(toks) == 0 {
		return nil
	}
	span := claims.Span{}
	for _, i := range toks {
		span = span.Cover(r.t.Tokens[i].Span)
	}
	return []claims.Span{span}
}

// emit completes a claim and files it.
func (r *reader) emit(c claims.Claim, who speech, confidence float64) {
	c.Text = upperFirst(strings.TrimSpace(c.Text))
	if c.Text == "" || len(c.Evidence) == 0 || utf8.RuneCountInString(c.Text) < 4 {
		return
	}
	if len(c.Text) > maxText {
		c.Text = strings.ToValidUTF8(c.Text[:maxText], "")
		confidence *= 0.5
	}
	c.Attribution = claims.Attribution{Hops: slices.Clone(who.hops)}
	if who.modality != "" && (c.Modality == claims.Asserted || who.modality == claims.Denied || who.modality == claims.Questioned) {
		c.Modality = who.modality
	}
	if r.t.Satire {
		c.Modality = claims.Hedged
		c.Doubts = append(c.Doubts, "the document calls itself satire")
	}
	c.Doubts = append(c.Doubts, who.doubts...)
	c.Confidence = confidence
	for range who.doubts {
		c.Confidence *= 0.8
	}
	c.CheckWorthiness = worthiness(&c)
	key := fmt.Sprint(c.MainSpan(), c.Kind, c.Text)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	r.out = append(r.out, c)
}

// worthiness guesses how much an editor would want a claim checked: figures,
// names and dates raise it; hedges, questions and opinions do not.
func worthiness(c *claims.Claim) float64 {
	w := 0.3
	if len(c.Frame.Quantities) > 0 {
		w += 0.2
	}
	if c.Frame.Time.Known() {
		w += 0.1
	}
	for _, a := range c.Frame.Arguments {
		if a.Entity != "" {
			w += 0.1
			break
		}
	}
	if c.Kind == claims.Event {
		w += 0.15
	}
	if c.Modality != claims.Asserted && c.Modality != claims.Denied {
		w -= 0.15
	}
	return min(1, max(0, w))
}

// sortClaims puts claims in the order of the text, the wider one first.
func sortClaims(cs []claims.Claim) {
	sort.SliceStable(cs, func(a, b int) bool {
		x, y := cs[a].MainSpan(), cs[b].MainSpan()
		if x.Start != y.Start {
			return x.Start < y.Start
		}
		return x.End > y.End
	})
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
