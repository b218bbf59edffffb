package language

// stamp is how many tokens in front of a sentence only say when or under which
// head a running report prints it: "08:39 —", "UPDATE 2 |".
func stamp(t *Text, toks []int) int {
	if len(toks) < 5 {
		return 0
	}
	if w := t.Tokens[toks[0]].Text; len(w) >= 4 && len(w) <= 5 && isDigit(w[0]) && (w[len(w)-3] == ':' || w[len(w)-3] == '.') {
		if d := t.Tokens[toks[1]]; (d.Text == "-" || d.Text == "—") && !d.Glued {
			return 2
		}
	}
	for k := 1; k < 4; k++ {
		if t.Tokens[toks[k]].Text == "|" {
			return k + 1
		}
	}
	return 0
}

// aside is a pair of round brackets in a sentence: places in its list of tokens,
// both brackets included.
type aside struct{ open, close int }

// parentheses finds the outermost pairs of round brackets with words before
// them: what they hold is no part of the sentence's grammar and is parsed apart.
func parentheses(t *Text, toks []int) []aside {
	var out []aside
	depth, open := 0, 0
	for k, i := range toks {
		switch t.Tokens[i].Text {
		case "(":
			if depth == 0 {
				open = k
			}
			depth++
		case ")":
			if depth--; depth == 0 && open > 0 && k > open+1 && outsideWords(t, toks, open, k) {
				out = append(out, aside{open, k})
			}
			depth = max(0, depth)
		}
	}
	return out
}

// outsideWords: enough words stand before a bracket to be a sentence of their own
// with what follows.
func outsideWords(t *Text, toks []int, open, end int) bool {
	return t.Tokens[toks[open-1]].Text != "(" && open+len(toks)-end > 3
}

func outside(toks []int, asides []aside) []int {
	var out []int
	at := 0
	for _, a := range asides {
		out = append(out, toks[at:a.open]...)
		at = a.close + 1
	}
	return append(out, toks[at:]...)
}

// aside parses what stands in brackets and hangs it on the word before them: a
// participle as a clause of that noun, everything else as a parataxis.
func (p *parser) aside(toks []int, a aside) {
	t := p.t
	inner := toks[a.open+1 : a.close]
	words := make([]string, len(inner))
	for k, i := range inner {
		words[k] = t.Tokens[i].Text
	}
	root := p.analyse(inner, words)
	before := toks[a.open-1]
	for n := 0; t.Tokens[before].UPOS == "PUNCT" && n < a.open-1; n++ {
		before = toks[a.open-2-n]
	}
	// A name is one thing: the bracket is about all of it.
	for range toks {
		x := &t.Tokens[before]
		if x.Rel != "flat" && x.Rel != "compound" && x.Rel != "goeswith" || x.Head < 0 {
			break
		}
		before = x.Head
	}
	r := &t.Tokens[root]
	r.Head, r.Rel = before, "parataxis"
	if (r.XPOS == "VBN" || r.XPOS == "VBG") && t.Child(root, "nsubj", "nsubj:pass") < 0 && nounTag(t.Tokens[before].UPOS) {
		r.Rel = "acl"
	}
	for _, k := range [...]int{a.open, a.close} {
		b := &t.Tokens[toks[k]]
		b.UPOS, b.XPOS, b.Lemma, b.Rel, b.Head = "PUNCT", "-LRB-", b.Text, "punct", root
	}
	t.Tokens[toks[a.close]].XPOS = "-RRB-"
}
