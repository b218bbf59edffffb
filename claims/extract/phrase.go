package extract

import (
	"sort"
	"strings"
)

// np is a noun phrase that a clause borrows: the subject of the clause before,
// the noun a relative clause is about.
type np struct {
	head int   // token, -1 none
	toks []int // its words
}

func (n np) ok() bool { return n.head >= 0 }

// nounBefore is the last noun before a token of the same sentence, the head of
// its name where it is one; -1 when there is none.
func (r *reader) nounBefore(i int) int {
	t := r.t
	if t.Tokens[i].Sentence < 0 {
		return -1
	}
	toks := t.Sentences[t.Tokens[i].Sentence].Tokens
	for k := sort.SearchInts(toks, i) - 1; k >= 0; k-- {
		if u := t.Tokens[toks[k]].UPOS; u == "NOUN" || u == "PROPN" {
			if n := sort.SearchInts(toks, r.phraseStart(toks[k])); n > 1 && t.Tokens[toks[n]].UPOS == "ADP" && t.Tokens[toks[n-1]].Text == "," {
				k = n // ", of Port Orta, whose": set off between commas
				continue
			}
			if m, ok := r.heads[toks[k]]; ok {
				return t.Mentions[m].Head
			}
			return toks[k]
		}
	}
	return -1
}

// phraseStart is the first word of the phrase that a noun's name and preposition
// make.
func (r *reader) phraseStart(i int) int {
	t := r.t
	for d := 0; d < 8 && (t.Tokens[i].Rel == "flat" || t.Tokens[i].Rel == "compound") && t.Tokens[i].Head >= 0; d++ {
		i = t.Tokens[i].Head
	}
	if c := t.Child(i, "case"); c >= 0 && c < i {
		return c
	}
	return i
}

func relativePronoun(xpos string) bool { return strings.HasPrefix(xpos, "W") }

// phrase is the noun phrase under a token, cut before clauses that hang on it.
func (r *reader) phrase(h int) np {
	t := r.t
	toks := t.Subtree(h, func(i int) bool {
		if r.boring[i] {
			return true
		}
		switch t.Tokens[i].Rel {
		case "acl:relcl", "acl", "parataxis", "cop", "advcl", "ccomp", "list", "orphan":
			return true
		case "appos":
			return !r.namesIt(i)
		case "punct":
			return t.Tokens[i].Text != "-" && t.Tokens[i].Text != "%" || !t.Tokens[i].Glued
		case "case", "mark", "cc":
			return t.Tokens[i].Head == h && t.Tokens[i].Text != "'s"
		}
		return false
	})
	// A name with its titles stays whole, whatever the parse made of it.
	if m, ok := r.heads[h]; ok {
		run := t.Mentions[m].Run
		in := map[int]bool{}
		for _, i := range toks {
			in[i] = true
		}
		for i := run[0]; i < run[1]; i++ {
			if !in[i] && !r.boring[i] {
				toks = append(toks, i)
			}
		}
		sort.Ints(toks)
	}
	return np{h, toks}
}

// namesIt: an apposition that only names what the noun describes stays with it:
// "his counterpart, Ana Dorn".
func (r *reader) namesIt(app int) bool {
	h := r.t.Tokens[app].Head
	if h < 0 || r.t.Tokens[app].UPOS != "PROPN" || app < h {
		return false
	}
	if r.t.Tokens[h].UPOS == "PROPN" {
		// "Canal Road, Hexby": one place says where the other is.
		return placePrepositions[caseOf(r.t, h)] && r.t.Child(app, "det", "nmod", "acl", "acl:relcl") < 0
	}
	return r.t.Tokens[h].UPOS == "NOUN"
}

var placePrepositions = words("in at on near outside inside from to towards through off around along")

// generic: a plural without article or number that is not what the clause is
// about.
func (r *reader) generic(i int) bool {
	t := r.t
	return t.Tokens[i].XPOS == "NNS" && t.Child(i, "det", "nummod", "nmod:poss", "amod") < 0 && !strings.HasPrefix(t.Tokens[i].Rel, "nsubj")
}

// described is the noun phrase that a clause hangs on, or who it is said to be: in
// "Dorn is a lawyer who …" and "Dorn, a lawyer who …" the clause is about Dorn.
func (r *reader) described(noun int) np {
	t := r.t
	switch {
	case t.Tokens[noun].Rel == "appos" && t.Tokens[noun].UPOS == "NOUN" && t.Tokens[noun].Head >= 0 && t.Tokens[t.Tokens[noun].Head].UPOS == "PROPN":
		return r.phrase(t.Tokens[noun].Head)
	case t.Child(noun, "cop") >= 0 && t.Tokens[noun].UPOS == "NOUN" && t.Child(noun, "det") >= 0 && !r.negated(noun):
		if s := t.Child(noun, "nsubj"); s >= 0 && t.Tokens[s].UPOS == "PROPN" && t.Tokens[s].XPOS != "NNPS" {
			return r.phrase(s)
		}
	}
	return r.phrase(noun)
}
