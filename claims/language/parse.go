package language

import "github.com/secondsource/secondsource/claims/language/grammar"

// parse tags, lemmatises and parses every sentence; heads become indices into
// Text.Tokens. A clause that only says who said the rest ("…, the ministry
// said") is cut out once the tags are known, and both parts are parsed apart:
// left in, it takes words from the statement it belongs to.
func parse(t *Text, m *grammar.Model) {
	p := parser{t: t, m: m}
	var out []Sentence
	number := make([]int, len(t.Sentences)) // old index -> new
	for s := range t.Sentences {
		if t.meta.Stop != nil && t.meta.Stop() {
			t.Unsplit, t.Sentences, t.Tokens = Stopped, nil, nil
			return
		}
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

// standIns are words of news that the treebanks hardly know, and the common
// word of the same grammar that the parser is shown instead.
var standIns = map[string]string{"amid": "during", "amidst": "during", "amongst": "among", "whilst": "while", "atop": "above", "via": "through"}

// closedWords are all the words of the closed classes that closedTag names.
var closedWords = set("who whom whose which what when where why how that whatever whoever whichever whenever wherever however whereby wherein whereas whereupon " +
	"will would shall should can could may might must ought 'll 'd wo ca need dare used and or but nor yet so plus minus either neither both & / x v. vs vs. versus whomever whatsoever")

func closedTag(xpos string) bool {
	return relativeTag(xpos) || xpos == "MD" || xpos == "CC"
}

func nounTag(u string) bool { return u == "NOUN" || u == "PROPN" || u == "PRON" }

func nominalTag(u string) bool {
	switch u {
	case "NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM":
		return true
	}
	return false
}

func relativeTag(x string) bool { return len(x) > 1 && x[0] == 'W' }
