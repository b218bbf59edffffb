package extract

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
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
	if x := &t.Tokens[toks[0]]; t.Tokens[h].Rel == "ccomp" && (x.XPOS == "WRB" || x.XPOS == "WP") && x.Lower != "when" {
		return true // "did not say how much money was lost"
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
	return f == full && !who.quoted && s >= 0 && t.Tokens[s].UPOS == "PRON" && r.nobodyByName(s) && r.firstPerson(s) == "" && len(toks) <= 3 && !indefinite[t.Tokens[s].Lower]
}

// nobodyByName: the pronoun at s means nobody, or somebody whom no name tells of.
func (r *reader) nobodyByName(s int) bool {
	e := r.entityAt(s)
	return e < 0 || r.t.Entities[e].Common
}

// indefinite pronouns mean nobody told before: "Nobody was killed".
var indefinite = words("nobody none nothing everybody everyone everything somebody someone something anybody anyone anything all")

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
		if r.inTime(i) || clockTime(t.Tokens[i].Text) {
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
	first := t.Sentences[t.Tokens[h].Sentence].Tokens
	if t.Tokens[first[0]].Lower == "good" && len(first) > 1 && greetings[t.Tokens[first[1]].Lower] {
		return false
	}
	if _, event := eventNouns[t.Tokens[h].Lemma]; event && n >= 3 {
		return true
	}
	sent := &t.Sentences[t.Tokens[h].Sentence]
	the := t.Tokens[sent.Tokens[0]].UPOS == "DET"
	return number && (noun || name) && (n >= 3 || n == 2 && label) || noun && (n >= 4 && (post || the) || n == 3 && (post || the) && sent.End != 0)
}

// greetings are the times of day that "good" wishes.
var greetings = words("morning day afternoon evening night")

// clockTime: "08:31", the mark of an entry in a running report.
func clockTime(w string) bool {
	return len(w) >= 4 && len(w) <= 5 && (w[len(w)-3] == ':' || w[len(w)-3] == '.') && w[0] >= '0' && w[0] <= '9'
}

// maxFragment bounds a sentence without a verb that is told whole.
const maxFragment = 20

// fragment is all of a short sentence without a verb: "Houses destroyed: 212".
func (r *reader) fragment(h int, own []int) []int {
	sent := &r.t.Sentences[r.t.Tokens[h].Sentence]
	if len(sent.Tokens) > maxFragment {
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
			if r.counts(tok.Head) {
				return false // "the number of people killed": they are what is counted
			}
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
	toks = r.withoutMeasure(h, toks)
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

// counts: the noun at i is what a number is of: "the number of people".
func (r *reader) counts(i int) bool {
	t := r.t
	return i >= 0 && t.Tokens[i].Rel == "nmod" && t.Tokens[i].Head >= 0 && countNouns[t.Tokens[t.Tokens[i].Head].Lemma]
}

var countNouns = words("number total tally count share proportion percentage")

// withoutMeasure drops what measures a clause that is told on its own: the
// "hours" of "hours after the port had closed".
func (r *reader) withoutMeasure(h int, toks []int) []int {
	t := r.t
	gone := map[int]bool{}
	for _, c := range t.Children(h) {
		if t.Tokens[c].Rel != "advcl" || r.completes(c) {
			continue
		}
		m := t.Child(c, "mark")
		if m < 0 || t.Tokens[m].Lower != "after" && t.Tokens[m].Lower != "before" {
			continue
		}
		for i := m - 1; i >= 0 && i > m-4 && i != h; i-- {
			w := t.Tokens[i].Lower
			if !measures[w] && !(i < m-1 && (t.Tokens[i].UPOS == "NUM" || w == "a" || w == "an" || w == "few" || w == "some" || w == "several")) {
				break
			}
			gone[i] = true
		}
	}
	if len(gone) == 0 {
		return toks
	}
	return keep(toks, func(i int) bool { return !gone[i] })
}

var measures = words("hours minutes days weeks months years moments seconds shortly soon just hour day week month year")

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
