package language

import "github.com/secondsource/secondsource/claims/language/grammar"

// finite mends clauses whose verb was taken for something else.
func finite(t *Text, s *Sentence) {
	for k, i := range s.Tokens {
		risen(t, s, k, i)
	}
	for k, i := range s.Tokens {
		onMark(t, s, k, i)
	}
}

// risen mends "has | risen": what stands behind a form of "have" is a participle.
// A noun before it that was read as the whole sentence is its subject: "The number
// of people killed | has risen to 34".
func risen(t *Text, s *Sentence, k, i int) {
	x := &t.Tokens[i]
	if x.UPOS != "ADJ" || k == 0 || len(x.Lower) < 4 || x.Lower[len(x.Lower)-2:] != "en" && x.Lower[len(x.Lower)-2:] != "ed" {
		return
	}
	have := s.Tokens[k-1]
	if y := &t.Tokens[have]; y.Lemma != "have" || y.UPOS != "AUX" {
		return
	}
	x.UPOS, x.XPOS = "VERB", "VBN"
	x.Lemma = grammar.Lemma(x.Text, x.UPOS, x.XPOS)
	if l := participles[x.Lower]; l != "" {
		x.Lemma = l
	}
	if t.below(i, have) {
		x.Head, x.Rel = t.Tokens[have].Head, t.Tokens[have].Rel
		if s.Root == have {
			s.Root = i
		}
	}
	t.Tokens[have].Head, t.Tokens[have].Rel = i, "aux"
	noun := x.Head
	if x.Rel != "parataxis" || noun < 0 || noun > i || !nounTag(t.Tokens[noun].UPOS) || t.Child(i, "nsubj", "nsubj:pass") >= 0 {
		return
	}
	for c := have; c > noun; c-- {
		if t.Tokens[c].Text == "," || t.Tokens[c].Text == ":" {
			return
		}
	}
	x.Head, x.Rel = t.Tokens[noun].Head, t.Tokens[noun].Rel
	t.Tokens[noun].Head, t.Tokens[noun].Rel = i, "nsubj"
	if s.Root == noun {
		s.Root = i
	}
}

// participles that no rule leads back to their verb.
var participles = map[string]string{"risen": "rise", "fallen": "fall", "driven": "drive", "hidden": "hide", "stolen": "steal", "frozen": "freeze", "shaken": "shake", "beaten": "beat", "sunken": "sink"}

// onMark mends a clause that was hung on a mark, on which nothing hangs: "killed when
// a bus | overturned". What was read as telling of its noun is its verb.
func onMark(t *Text, s *Sentence, k, i int) {
	noun := &t.Tokens[i]
	if noun.Rel != "nsubj" || noun.Head < 0 || t.Tokens[noun.Head].UPOS != "PUNCT" || s.Root < 0 || s.Root > i {
		return
	}
	first := t.Subtree(i, nil)[0]
	opener := -1
	for n := k; n >= 0; n-- {
		if s.Tokens[n] < first {
			opener = s.Tokens[n]
			break
		}
	}
	v := t.Child(i, "acl")
	if opener < 0 || v < i || !clauseOpeners[t.Tokens[opener].Lower] {
		return
	}
	x := &t.Tokens[v]
	x.XPOS, x.Rel, x.Head = "VBD", "advcl", s.Root
	noun.Rel, noun.Head = "nsubj", v
	t.Tokens[opener].Rel, t.Tokens[opener].Head = "mark", v
}
