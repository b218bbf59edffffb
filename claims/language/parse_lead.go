package language

import "strings"

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
