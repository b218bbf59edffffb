package language

import (
	"strings"

	"github.com/secondsource/secondsource/claims/language/grammar"
)

// parse tags, lemmatises and parses every sentence; heads become indices into
// Text.Tokens. A clause that only says who said the rest ("…, the ministry
// said") is cut out once the tags are known, and both parts are parsed apart:
// left in, it takes words from the statement it belongs to.
func parse(t *Text, m *grammar.Model) {
	p := parser{t: t, m: m}
	var out []Sentence
	number := make([]int, len(t.Sentences)) // old index -> new
	for s := range t.Sentences {
		sent := t.Sentences[s]
		p.sentence(&sent)
		number[s] = len(out)
		cut, ok := p.cutLead(&sent)
		if !ok && p.spokenAfter(&sent) {
			p.speech(&sent)
		} else if !ok {
			cut, ok = p.cutSpeech(&sent)
		}
		out = append(out, sent)
		if ok {
			cut.Host = s
			p.speech(&cut)
			out[number[s]].Adjuncts = append(out[number[s]].Adjuncts, -len(out))
			out = append(out, cut)
		}
	}
	for n := range out {
		x := &out[n]
		if x.Host >= 0 {
			x.Host = number[x.Host]
		}
		for k, a := range x.Adjuncts {
			if a < 0 {
				x.Adjuncts[k] = -a
			} else {
				x.Adjuncts[k] = number[a]
			}
		}
		for _, i := range x.Tokens {
			t.Tokens[i].Sentence = n
		}
	}
	t.Sentences = out
	for n := range t.Sentences {
		repair(t, &t.Sentences[n])
	}
}

type parser struct {
	t     *Text
	m     *grammar.Model
	words []string
	out   []grammar.Word
}

func (p *parser) sentence(sent *Sentence) {
	t := p.t
	p.words = p.words[:0]
	for _, i := range sent.Tokens {
		w := t.Tokens[i].Text
		if known, ok := standIns[t.Tokens[i].Lower]; ok {
			w = known
		}
		p.words = append(p.words, w)
	}
	if len(p.words) == 0 {
		return
	}
	if line := sent.Span.Of(t.Raw); headlineLike(line) || titled(line) {
		truecase(t, sent, p.words)
	}
	lead := stamp(t, sent.Tokens)
	body := sent.Tokens[lead:]
	asides := parentheses(t, body)
	main, words := body, p.words[lead:]
	if len(asides) > 0 {
		main, words = outside(body, asides), nil
		for k, i := range body {
			if n := len(words); n < len(main) && main[n] == i {
				words = append(words, p.words[lead+k])
			}
		}
	}
	sent.Root = p.analyse(main, words)
	for _, a := range asides {
		p.aside(body, a)
	}
	for _, i := range sent.Tokens[:lead] {
		x := &t.Tokens[i]
		x.UPOS, x.XPOS, x.Lemma, x.Rel, x.Head = "X", "FW", x.Lower, "discourse", sent.Root
	}
}

// analyse parses tokens as one sentence and returns its root; words are what the
// parser is shown for them.
func (p *parser) analyse(toks []int, words []string) (root int) {
	t := p.t
	p.out = p.m.AnalyzeInto(words, p.out)
	root = -1
	for k, i := range toks {
		tok, w := &t.Tokens[i], &p.out[k]
		tok.UPOS, tok.XPOS, tok.Lemma, tok.Rel, tok.Margin = w.UPOS, w.XPOS, w.Lemma, w.Rel, w.Margin
		if closedTag(w.XPOS) && !closedWords[tok.Lower] {
			// No new word joins these classes: it is a name or a noun.
			tok.UPOS, tok.XPOS, tok.Lemma = "NOUN", "NN", tok.Lower
			if startsUpper(tok.Text) {
				tok.UPOS, tok.XPOS, tok.Lemma = "PROPN", "NNP", tok.Text
			}
		}
		tok.Head = -1
		if w.Head >= 0 {
			tok.Head = toks[w.Head]
		} else {
			root = i
		}
		if known, ok := standIns[tok.Lower]; ok && tok.Lemma == known {
			tok.Lemma = tok.Lower
		}
	}
	return root
}

// speech parses a clause that was cut out for its verb of saying and holds the
// parse to what is known: the verb is the root and the noun before it, or behind
// it where nothing stands before, its subject.
func (p *parser) speech(cut *Sentence) {
	t := p.t
	verb := cut.Cue[0]
	lemma, xpos := t.Tokens[verb].Lemma, t.Tokens[verb].XPOS
	p.sentence(cut)
	v := &t.Tokens[verb]
	if cut.Root != verb {
		if old := &t.Tokens[cut.Root]; v.Head >= 0 {
			old.Head, old.Rel = verb, "dep"
		}
		cut.Root = verb
	}
	v.UPOS, v.XPOS, v.Lemma, v.Head, v.Rel = "VERB", xpos, lemma, -1, "root"
	subj := -1
	for _, i := range cut.Tokens {
		if x := &t.Tokens[i]; x.Head == verb && x.Rel == "nsubj" && nounTag(x.UPOS) {
			// A number read as a second subject counts the first.
			for _, k := range cut.Tokens {
				if k < i && t.Tokens[k].Head == verb && t.Tokens[k].Rel == "nsubj" {
					t.Tokens[k].Head, t.Tokens[k].Rel = i, "nummod"
				}
			}
			return
		}
		if i < verb && nounTag(t.Tokens[i].UPOS) && (subj < 0 || t.Tokens[subj].Rel != "nmod") && t.Tokens[i].Rel != "nmod" && t.Tokens[i].Rel != "flat" && t.Tokens[i].Rel != "compound" && t.Tokens[i].Rel != "nmod:poss" && t.Tokens[i].Rel != "appos" {
			subj = i
		}
	}
	for _, i := range cut.Tokens {
		if subj < 0 && nounTag(t.Tokens[i].UPOS) && i != verb {
			subj = i
		}
	}
	if subj < 0 {
		// A name read as a verb: "Norrow Shipping denies".
		for _, i := range cut.Tokens {
			if i < verb && startsUpper(t.Tokens[i].Text) {
				subj = i
			}
		}
		if subj < 0 {
			return
		}
		t.Tokens[subj].UPOS, t.Tokens[subj].XPOS = "PROPN", "NNP"
	}
	// No loop: whatever stood above the noun below the verb now hangs on the verb.
	for i, n := t.Tokens[subj].Head, 0; i >= 0 && i != verb && n < len(cut.Tokens); n++ {
		next := t.Tokens[i].Head
		t.Tokens[i].Head = subj
		if t.Tokens[i].Rel == "nsubj" || t.Tokens[i].Rel == "root" || t.Tokens[i].Rel == "dep" {
			t.Tokens[i].Rel = "compound"
		}
		i = next
	}
	t.Tokens[subj].Head, t.Tokens[subj].Rel = verb, "nsubj"
}

func nounTag(u string) bool { return u == "NOUN" || u == "PROPN" || u == "PRON" }

// closedWords are all the words of the closed classes that closedTag names.
var closedWords = set("who whom whose which what when where why how that whatever whoever whichever whenever wherever however whereby wherein whereas whereupon " +
	"will would shall should can could may might must ought 'll 'd wo ca need dare used and or but nor yet so plus minus either neither both & / x v. vs vs. versus whomever whatsoever")

func closedTag(xpos string) bool {
	return relativeTag(xpos) || xpos == "MD" || xpos == "CC"
}

// cueLemmas are verbs that make a short clause at the edge of a sentence one
// that only names who said the rest.
var cueLemmas = set("say tell add note state announce report claim confirm declare explain insist argue warn write tweet post reveal reply respond recall stress " +
	"reiterate repeat testify comment remark observe concede admit acknowledge allege maintain conclude caution estimate believe suggest show find indicate predict learn")

// outletsReport: "…, Gazzetta Orta report, …": a body takes a plural verb, which
// the tagger takes for a noun behind the name.
func outletsReport(t *Text, toks []int, v int) bool {
	if w := t.Tokens[toks[v]].Lower; w != "report" && w != "claim" && w != "say" || t.Tokens[toks[v]].UPOS != "NOUN" || v+1 >= len(toks) || t.Tokens[toks[v-1]].UPOS != "PROPN" {
		return false
	}
	if next := t.Tokens[toks[v+1]].Text; next != "," && next != "." {
		return false
	}
	k := v - 1
	for k > 0 && v-k < 5 && t.Tokens[toks[k]].UPOS == "PROPN" {
		k--
	}
	return t.Tokens[toks[k]].Text == "," && k > 2
}

// leadsIn: a quotation follows right behind a clause that ends with token last,
// and what stands before it is no statement: "In an interview, she said, “…”"
// reports the quotation only.
func leadsIn(t *Text, s *Sentence, lo, last int) bool {
	next := false
	for _, q := range s.Holes {
		if mark := t.Quotes[q].First - 1; mark > last && mark <= last+2 {
			next = true
		}
	}
	if !next {
		return false
	}
	if x := &t.Tokens[s.Tokens[0]]; x.UPOS == "SCONJ" || x.UPOS == "ADP" || x.XPOS == "WRB" || x.XPOS == "VBN" || x.XPOS == "VBG" {
		return true
	}
	for _, i := range s.Tokens[:lo] {
		switch t.Tokens[i].XPOS {
		case "VBD", "VBZ", "VBP", "MD":
			return false
		}
	}
	return true
}

// maxSpeech bounds the words on either side of the verb of such a clause.
const maxSpeech = 14

// cutSpeech takes ", NP said …" off the end or out of the middle of a sentence
// and parses what is left again. ok is false when there is none.
func (p *parser) cutSpeech(s *Sentence) (cut Sentence, ok bool) {
	t := p.t
	toks := s.Tokens
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	for v := len(toks) - 1; v >= 2; v-- {
		x := at(v)
		if outletsReport(t, toks, v) {
			x.UPOS, x.XPOS, x.Lemma = "VERB", "VBP", x.Lower
		}
		if !cueLemmas[x.Lemma] || (x.UPOS != "VERB" && x.UPOS != "AUX") || x.XPOS == "VBG" || x.XPOS == "VB" {
			continue
		}
		lo, hi, fits := speechClause(t, toks, v)
		if !fits || leadsIn(t, s, lo, toks[hi-1]) {
			continue
		}
		rest := append(append([]int(nil), toks[:lo]...), toks[hi:]...)
		content := false
		for _, i := range rest {
			u := t.Tokens[i].UPOS
			content = content || u == "VERB" || u == "AUX"
		}
		if len(rest) < 3 || !content && (len(rest) < 7 || hi < len(toks)-1) {
			continue
		}
		cut = Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, End: s.End}
		for _, i := range toks[lo:hi] {
			if len(cut.Tokens) == 0 && t.Tokens[i].Text == "," {
				continue
			}
			cut.Tokens = append(cut.Tokens, i)
		}
		if n := len(cut.Tokens); n > 0 && t.Tokens[cut.Tokens[n-1]].Text == "," {
			cut.Tokens = cut.Tokens[:n-1]
		}
		cut.Cue = [2]int{toks[v], toks[v] + 1}
		cut.Span = t.TokenSpan(cut.Tokens[0], cut.Tokens[len(cut.Tokens)-1])
		s.Tokens = rest
		s.Root = -1
		p.sentence(s)
		return cut, true
	}
	return cut, false
}

// spokenAfter: all that a sentence has beside a quotation is a verb of saying and
// who says it: "said the mayor". Its Cue is set.
func (p *parser) spokenAfter(s *Sentence) bool {
	t := p.t
	if len(s.Holes) == 0 || len(s.Tokens) < 2 || len(s.Tokens) > maxSpeech {
		return false
	}
	first := s.Tokens[0]
	if !cueLemmas[t.Tokens[first].Lemma] || t.Tokens[first].XPOS != "VBD" && t.Tokens[first].XPOS != "VBZ" || t.Tokens[first].Lower == "according" {
		return false
	}
	noun := false
	for _, i := range s.Tokens[1:] {
		x := &t.Tokens[i]
		if x.UPOS == "VERB" || x.UPOS == "AUX" || x.UPOS == "SCONJ" || x.Text == "," || x.Text == ":" {
			return false
		}
		noun = noun || nounTag(x.UPOS)
	}
	s.Cue = [2]int{first, first + 1}
	return noun
}

// leadLemmas are the verbs that, with their subject before and "that" behind,
// bring in the whole rest of a sentence.
var leadLemmas = set("say tell add note state announce report claim confirm declare explain insist argue warn write reveal reply recall stress emphasise emphasize " +
	"reiterate repeat testify remark observe concede admit acknowledge allege maintain conclude caution believe suggest deny estimate disclose assert " +
	"show indicate find")

// leadForms are their finite forms, with lemma and tag.
var leadForms = func() map[string][2]string {
	m := map[string][2]string{}
	for l := range leadLemmas {
		third := l + "s"
		if strings.HasSuffix(l, "y") && l != "say" {
			third = l[:len(l)-1] + "ies"
		} else if strings.HasSuffix(l, "ss") || strings.HasSuffix(l, "sh") {
			third = l + "es"
		}
		m[third] = [2]string{l, "VBZ"}
		past := l + "ed"
		switch {
		case strings.HasSuffix(l, "e"):
			past = l + "d"
		case strings.HasSuffix(l, "y"):
			past = l[:len(l)-1] + "ied"
		}
		m[past] = [2]string{l, "VBD"}
	}
	for f, l := range map[string]string{"said": "say", "told": "tell", "wrote": "write", "found": "find", "show": "show", "find": "find", "say": "say"} {
		m[f] = [2]string{l, "VBD"}
		if f == l {
			m[f] = [2]string{l, "VBP"}
		}
	}
	return m
}()

// cutLead takes "NP said that" off the front of a sentence and parses what it
// says apart.
func (p *parser) cutLead(s *Sentence) (cut Sentence, ok bool) {
	t := p.t
	toks := s.Tokens
	that := -1
	for k := 1; k < len(toks) && k <= maxSpeech; k++ {
		if x := &t.Tokens[toks[k]]; x.Lower == "that" && (x.UPOS == "SCONJ" || k > 1 && shows(t, toks, k) || k > 3 && wroteOn(t, toks, k)) {
			that = k
			break
		}
	}
	if that < 2 || len(toks)-that < 4 || t.Tokens[toks[that-1]].UPOS == "CCONJ" {
		return cut, false
	}
	verb := -1
	for k := 0; k < that; k++ {
		x := &t.Tokens[toks[k]]
		if verb < 0 && k > 0 && relativeTag(x.XPOS) && t.Tokens[toks[k-1]].Text == "," {
			if end := reserve(t, toks, k, that); end > k {
				k = end
				continue
			}
		}
		if f, ok := leadForms[x.Lower]; ok && x.UPOS != "VERB" && k == that-1 && k > 0 && verb < 0 {
			x.UPOS, x.XPOS, x.Lemma = "VERB", f[1], f[0] // "the firm denies that": no plural noun
		}
		switch {
		case x.UPOS == "VERB" && leadLemmas[x.Lemma] && verb < 0 && x.XPOS != "VBG" && x.XPOS != "VB" && k > 0:
			verb = k
		case x.UPOS == "VERB" || x.UPOS == "SCONJ" || x.Text == ":" || relativeTag(x.XPOS) || x.UPOS == "AUX" && verb < 0 && x.Lower != "has" && x.Lower != "have" && x.Lower != "had":
			return cut, false
		case x.Text == "," && verb < 0 && k < 2:
			return cut, false
		}
	}
	if verb < 0 {
		return cut, false
	}
	for k := that + 1; k < len(toks); k++ {
		// "said that A and added that B": the parser has to tell the two apart.
		if x := &t.Tokens[toks[k]]; x.UPOS == "VERB" && leadLemmas[x.Lemma] && k+1 < len(toks) && t.Tokens[toks[k+1]].Lower == "that" {
			return cut, false
		}
	}
	cut = Sentence{Root: -1, Block: s.Block, Quote: s.Quote, Host: -1, End: s.End, Cue: [2]int{toks[verb], toks[verb] + 1}}
	cut.Tokens = append(cut.Tokens, toks[:that]...)
	cut.Span = t.TokenSpan(cut.Tokens[0], cut.Tokens[len(cut.Tokens)-1])
	s.Tokens = append([]int(nil), toks[that+1:]...)
	t.Tokens[toks[that]].Sentence = -1
	s.Root = -1
	p.sentence(s)
	return cut, true
}

// shows: "that" at toks[k] follows a finite form of saying that the tagger may
// have taken for a noun ("a new poll shows that"), and a noun phrase follows it.
func shows(t *Text, toks []int, k int) bool {
	_, form := leadForms[t.Tokens[toks[k-1]].Lower]
	if f := leadForms[t.Tokens[toks[k-2]].Lower]; f[0] == "tell" && nounTag(t.Tokens[toks[k-1]].UPOS) {
		form = true // "tells reporters that"
	}
	return form && k+1 < len(toks) && nominalTag(t.Tokens[toks[k+1]].UPOS)
}

// reserve is the comma that ends a clause about a source's anonymity which opens
// at toks[k] ("who asked not to be named,"); k for any other clause.
func reserve(t *Text, toks []int, k, end int) int {
	kept := false
	for j := k; j < end; j++ {
		switch w := t.Tokens[toks[j]].Lower; {
		case w == "named" || w == "identified" || w == "anonymity":
			kept = true
		case w == "," && kept:
			return j
		case w == ",":
			return k
		}
	}
	return k
}

// wroteOn: "that" at toks[k] follows a verb of saying with only the place of the
// words between, and a pronoun follows it: "wrote on its site that it had".
func wroteOn(t *Text, toks []int, k int) bool {
	if k+1 >= len(toks) || t.Tokens[toks[k+1]].XPOS != "PRP" {
		return false
	}
	for j := k - 1; j > 0; j-- {
		x := &t.Tokens[toks[j]]
		if _, form := leadForms[x.Lower]; form && x.UPOS == "VERB" {
			return t.Tokens[toks[j+1]].UPOS == "ADP"
		}
		if !nominalTag(x.UPOS) && x.UPOS != "ADP" && x.Text != "'s" {
			return false
		}
	}
	return false
}

// speechClause finds the bounds [lo, hi) of the clause round the verb at toks[v]:
// its comma in front, its subject, what belongs to the verb, up to the full stop
// or the comma behind.
func speechClause(t *Text, toks []int, v int) (lo, hi int, ok bool) {
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	// Behind the verb: no clause of its own.
	hi = v + 1
	inverted := at(v-1).Text == "," && hi < len(toks) && nominalTag(at(hi).UPOS) && at(hi).Lower != "that"
	for hi < len(toks) && hi-v <= maxSpeech {
		x := at(hi)
		if x.Text == "." || x.Text == "!" || x.Text == "," || x.Text == ";" {
			break
		}
		if hangs(t, toks, hi) {
			hi++
			continue
		}
		if x.UPOS == "VERB" || x.UPOS == "AUX" || x.UPOS == "SCONJ" || x.Text == ":" || x.Lower == "that" || x.UPOS == "CCONJ" {
			return 0, 0, false
		}
		hi++
	}
	if hi-v > maxSpeech {
		return 0, 0, false
	}
	if hi < len(toks) && at(hi).Text == "," {
		hi++ // in the middle of the sentence: the comma behind goes too
		if hi >= len(toks) {
			return 0, 0, false
		}
	}
	if lo, ok := subjectBefore(t, toks, v); ok {
		return lo, hi, true
	}
	if inverted {
		hi = apposedEnd(t, toks, hi)
	}
	return v - 1, hi, inverted && v-1 >= 3 && at(v).Lemma != "tell"
}

// apposedEnd moves the end of "…, said Ana Moss," over an apposition that goes on
// to the end of the sentence: "…, the head of the port, who was there".
func apposedEnd(t *Text, toks []int, hi int) int {
	if hi >= len(toks) || t.Tokens[toks[hi-1]].Text != "," || !nominalTag(t.Tokens[toks[hi]].UPOS) {
		return hi
	}
	for k := hi; k < len(toks); k++ {
		x := &t.Tokens[toks[k]]
		if relativeTag(x.XPOS) {
			return len(toks) // whatever follows is about the noun
		}
		if (x.UPOS == "VERB" && x.XPOS != "VBG" && x.XPOS != "VBN") || x.UPOS == "AUX" {
			return hi
		}
	}
	return len(toks)
}

// subjectBefore finds the comma in front of the subject of the verb at toks[v].
func subjectBefore(t *Text, toks []int, v int) (comma int, ok bool) {
	at := func(k int) *Token { return &t.Tokens[toks[k]] }
	// Before it: adverbs, then one noun phrase, or two set off by commas.
	k := v - 1
	for k > 0 && (at(k).UPOS == "ADV" || at(k).UPOS == "AUX" && at(k).Lower != "is" && at(k).Lower != "was") {
		k--
	}
	phrases := 1
	if at(k).Text == "," {
		phrases = 2
		k--
	}
	for n := 0; k >= 0 && n < maxSpeech; k, n = k-1, n+1 {
		x := at(k)
		if x.Text == "," {
			if phrases--; phrases == 0 {
				break
			}
			continue
		}
		if hangs(t, toks, k) {
			continue
		}
		if !nominalTag(x.UPOS) && x.UPOS != "ADP" && x.UPOS != "PART" && x.Text != "-" && x.Text != "(" && x.Text != ")" && x.Text != "." || relativeTag(x.XPOS) {
			return 0, false
		}
	}
	least := 3
	if v+1 < len(toks) && at(v+1).Text == "," {
		least = 1 // "Still, Okello said, …": commas on both sides
	}
	return k, k >= least && at(k).Text == "," && k < v-1
}

// hangs: toks[k] is a participle that only tells more of the noun before it:
// "people briefed on the matter", "a note seen by the agency".
func hangs(t *Text, toks []int, k int) bool {
	if k < 1 || k+1 >= len(toks) || t.Tokens[toks[k]].XPOS != "VBN" && t.Tokens[toks[k]].XPOS != "VBD" || t.Tokens[toks[k+1]].UPOS != "ADP" {
		return false
	}
	u := t.Tokens[toks[k-1]].UPOS
	return (u == "NOUN" || u == "PROPN") && !cueLemmas[t.Tokens[toks[k]].Lemma]
}

func nominalTag(u string) bool {
	switch u {
	case "NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM":
		return true
	}
	return false
}

func relativeTag(x string) bool { return len(x) > 1 && x[0] == 'W' }

// standIns are words of news that the treebanks hardly know, and the common
// word of the same grammar that the parser is shown instead.
var standIns = map[string]string{"amid": "during", "amidst": "during", "amongst": "among", "whilst": "while", "atop": "above", "via": "through"}
