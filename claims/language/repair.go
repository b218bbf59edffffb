package language

import (
	"sort"
	"strings"

	"github.com/secondsource/secondsource/claims/language/grammar"
)

var clauseOpeners = set("after before as since until when because while though although once")

// repair mends a reading that no English sentence has: a finite verb without a
// subject right behind a preposition that can open a clause took the
// preposition's noun from it ("after a strike | killed three").
func repair(t *Text, s *Sentence) {
	for k, i := range s.Tokens {
		rehang(t, s, k, i)
	}
	finite(t, s)
	called(t, s)
	ofSubject(t, s)
	knowers(t, s)
	bareSubject(t, s)
	for _, i := range s.Tokens {
		nounAfter(t, s, i)
	}
	label(t, s)
	whose(t, s)
	joinSubjects(t, s)
	topicFirst(t, s)
	toldClause(t, s)
	for _, v := range s.Tokens {
		x := &t.Tokens[v]
		loose := x.Rel == "advcl" || x.Rel == "acl" || x.Rel == "conj" && t.Child(v, "cc") < 0
		if (x.XPOS != "VBD" && x.XPOS != "VBZ" && x.XPOS != "VBP") || !loose || t.Child(v, "nsubj", "nsubj:pass", "expl", "csubj") >= 0 {
			continue
		}
		noun := -1
		for _, i := range s.Tokens {
			if i >= v {
				break
			}
			y := &t.Tokens[i]
			if (y.Rel == "obl" || y.Rel == "nmod") && (x.Head == i || y.Head == x.Head || y.Head >= 0 && t.Tokens[y.Head].Head == x.Head && x.Rel == "conj") {
				if c := t.Child(i, "case"); c >= 0 && clauseOpeners[t.Tokens[c].Lower] {
					noun = i
				}
			}
		}
		if noun < 0 {
			continue
		}
		if x.Head == noun {
			x.Head = t.Tokens[noun].Head
		}
		if c := t.Child(noun, "case"); c >= 0 {
			t.Tokens[c].Rel, t.Tokens[c].Head = "mark", v
		}
		x.Rel = "advcl"
		t.Tokens[noun].Rel, t.Tokens[noun].Head = "nsubj", v
	}
}

// rehang puts what can only belong to the noun before it there: a name right
// behind a noun that says what it is ("the agency's head, … of singer | Ana
// Dorn"), and a relative clause that was hung on a verb.
func rehang(t *Text, s *Sentence, k, i int) {
	x := &t.Tokens[i]
	switch {
	case x.Rel == "appos" && x.UPOS == "PROPN" && k > 0:
		prev := s.Tokens[k-1]
		if y := &t.Tokens[prev]; y.UPOS == "NOUN" && prev != x.Head && x.Head < prev && !t.below(prev, i) {
			x.Head = prev
		}
	case x.UPOS == "NOUN" && (x.Rel == "parataxis" || x.Rel == "dep") && k > 0 && t.Tokens[s.Tokens[k-1]].UPOS == "NUM" && t.Tokens[s.Tokens[k-1]].Head == x.Head && x.Head >= 0:
		// "from 01:05 hrs": the number counts the noun behind it.
		n := s.Tokens[k-1]
		x.Rel = t.Tokens[n].Rel
		for _, c := range t.Children(n) {
			t.Tokens[c].Head = i
		}
		t.Tokens[n].Head, t.Tokens[n].Rel = i, "nummod"
	case x.Rel == "parataxis" && (x.UPOS == "PROPN" || x.UPOS == "NUM") && x.Head >= 0 && k > 0 && s.Tokens[k-1] == x.Head && nounTag(t.Tokens[x.Head].UPOS):
		x.Rel = "flat" // "flight RV 214"
	case x.XPOS == "VBG" && k > 1 && (x.Rel == "advcl" || x.Rel == "acl"):
		placeName(t, s, k, i)
	case x.UPOS == "NOUN" && (x.Rel == "obl" || x.Rel == "obl:unmarked" || x.Rel == "nmod:unmarked" || x.Rel == "parataxis"):
		apposed(t, s, i)
	case x.Rel == "acl:relcl" && x.Head >= 0 && t.Tokens[x.Head].UPOS == "VERB":
		first := t.Child(i, "nsubj", "nsubj:pass", "obj", "obl", "advmod")
		if first < 0 || !relativeTag(t.Tokens[first].XPOS) {
			return
		}
		for n := k - 1; n >= 0; n-- {
			c := s.Tokens[n]
			if c >= first || !nounTag(t.Tokens[c].UPOS) {
				continue
			}
			for d := 0; d < 8 && (t.Tokens[c].Rel == "flat" || t.Tokens[c].Rel == "compound") && t.Tokens[c].Head >= 0; d++ {
				c = t.Tokens[c].Head
			}
			if !t.below(c, i) {
				x.Head = c
			}
			return
		}
	case x.Rel == "acl:relcl" && x.Head >= 0:
		measured(t, s, i)
	}
}

// measured puts a relative clause behind a measure on the noun that is measured:
// "a wall two metres high that …", "a moon twice the size of ours that …".
func measured(t *Text, s *Sentence, i int) {
	m := t.Tokens[i].Head
	if (t.Tokens[m].Rel != "obl" && t.Tokens[m].Rel != "obl:unmarked") || t.Child(m, "case") >= 0 {
		return
	}
	first := t.Subtree(m, nil)[0]
	n := sort.SearchInts(s.Tokens, first)
	if n == 0 || t.Tokens[first].UPOS != "NUM" || t.Tokens[s.Tokens[n-1]].UPOS != "NOUN" {
		return
	}
	noun := s.Tokens[n-1]
	if !t.below(noun, m) {
		t.Tokens[m].Head, t.Tokens[m].Rel = noun, "nmod:unmarked"
		t.Tokens[i].Head = noun
	}
}

// placeName mends "at the | Bel Amar | crossing": a word in -ing behind a name,
// read as what the name does, that ends the name of a place.
func placeName(t *Text, s *Sentence, k, i int) {
	subj := s.Tokens[k-1]
	first := s.Tokens[k-2]
	x, y, z := &t.Tokens[i], &t.Tokens[subj], &t.Tokens[first]
	if y.UPOS != "PROPN" || y.Rel != "nsubj" || y.Head != i || !startsUpper(z.Text) || (z.Rel != "obl" && z.Rel != "nmod") || t.Child(first, "case") < 0 || t.Child(i, "obj", "aux", "xcomp", "ccomp") >= 0 {
		return
	}
	if t.below(z.Head, i) {
		return
	}
	x.UPOS, x.XPOS, x.Lemma, x.Rel, x.Head = "NOUN", "NN", x.Lower, z.Rel, z.Head
	y.Rel, z.Rel, z.Head = "compound", "compound", i
	for _, c := range t.Children(first) {
		t.Tokens[c].Head = i
	}
}

// apposed: a noun phrase between commas right behind a name, without a
// preposition of its own, says what the name is: "in Bata, the country's largest
// city,".
func apposed(t *Text, s *Sentence, i int) {
	sub := t.Subtree(i, nil)
	n := sort.SearchInts(s.Tokens, sub[0])
	if len(sub) < 2 || t.Child(i, "case", "mark", "cop", "nsubj", "nummod", "cc", "conj") >= 0 || sub[len(sub)-1]-sub[0] != len(sub)-1 {
		return
	}
	if t.Tokens[sub[0]].Text == "," {
		sub, n = sub[1:], n+1
	}
	if n < 2 || len(sub) < 2 || t.Tokens[s.Tokens[n-1]].Text != "," || t.Tokens[s.Tokens[n-2]].UPOS != "PROPN" || timeWords[t.Tokens[i].Lower] || t.Tokens[sub[0]].UPOS == "NUM" {
		return
	}
	if u := t.Tokens[sub[0]].UPOS; u != "DET" && u != "PRON" && t.Child(i, "nmod:poss") < 0 {
		return
	}
	if end := n + len(sub); end < len(s.Tokens) {
		if w := t.Tokens[s.Tokens[end]].Text; w != "," && w != "." && w != ";" {
			return
		}
	}
	h := s.Tokens[n-2]
	for d := 0; d < 8 && (t.Tokens[h].Rel == "flat" || t.Tokens[h].Rel == "compound") && t.Tokens[h].Head >= 0; d++ {
		h = t.Tokens[h].Head
	}
	if nounTag(t.Tokens[h].UPOS) && !t.below(h, i) {
		t.Tokens[i].Head, t.Tokens[i].Rel = h, "appos"
	}
}

// timeWords are nouns that say when, not what.
var timeWords = set("day night morning afternoon evening week weekend month year season hour minute time monday tuesday wednesday thursday friday saturday sunday " +
	"january february march april may june july august september october november december")

// label: "Arrests: 14": what a number is counted under is a noun.
func label(t *Text, s *Sentence) {
	if len(s.Tokens) < 3 || t.Tokens[s.Tokens[1]].Text != ":" || t.Tokens[s.Tokens[2]].UPOS != "NUM" {
		return
	}
	if x := &t.Tokens[s.Tokens[0]]; x.UPOS == "VERB" && startsUpper(x.Text) {
		x.UPOS, x.XPOS, x.Lemma = "NOUN", "NNS", grammar.Lemma(x.Text, "NOUN", "NNS")
	}
}

// whose mends a sentence whose main verb was found behind ", whose": that clause
// tells of the noun before it, and the verb before it is the main one.
func whose(t *Text, s *Sentence) {
	for k, i := range s.Tokens {
		if t.Tokens[i].Lower != "whose" || k < 3 || t.Tokens[s.Tokens[k-1]].Text != "," || s.Root < i {
			continue
		}
		main, noun := -1, -1
		for _, c := range s.Tokens[:k-1] {
			x := &t.Tokens[c]
			switch {
			case main < 0 && x.UPOS == "VERB" && (x.XPOS == "VBD" || x.XPOS == "VBZ" || x.XPOS == "VBP"):
				main = c
			case main >= 0 && nounTag(x.UPOS) && x.Rel != "flat" && x.Rel != "compound":
				noun = c
			case relativeTag(x.XPOS):
				return
			}
		}
		if main < 0 || noun < 0 {
			return
		}
		old := s.Root
		for _, c := range s.Tokens[:k] {
			if t.Tokens[c].Head == old && c != main {
				t.Tokens[c].Head = main
			}
			// the noun that the main verb was read as telling of is its subject
			if t.Tokens[main].Head == c {
				t.Tokens[c].Head, t.Tokens[c].Rel = main, "nsubj"
			}
		}
		t.Tokens[main].Head, t.Tokens[main].Rel = -1, "root"
		if t.below(noun, old) {
			t.Tokens[noun].Head = main
		}
		t.Tokens[old].Head, t.Tokens[old].Rel = noun, "acl:relcl"
		s.Root = main
		return
	}
}

// nounAfter gives a phrase whose adjective was read as its noun the noun behind
// it: "an open, | honest debate", "a high-level, | typed language".
func nounAfter(t *Text, s *Sentence, i int) {
	x := &t.Tokens[i]
	k := sort.SearchInts(s.Tokens, i)
	hyphened := k > 0 && t.Tokens[s.Tokens[k-1]].Text == "-" && t.Tokens[i].Glued && x.UPOS == "NOUN"
	if x.UPOS != "ADJ" && !hyphened || x.Rel == "amod" || k+2 >= len(s.Tokens) {
		return
	}
	if d := t.Child(i, "det"); d < 0 || d > i || t.Child(i, "amod", "compound", "nmod") > i {
		return
	}
	if w := &t.Tokens[s.Tokens[k+1]]; w.Text != "," && w.UPOS != "CCONJ" {
		return
	}
	noun := -1
scan:
	for n := k + 1; n < len(s.Tokens) && n < k+maxSpeech; n++ {
		y := &t.Tokens[s.Tokens[n]]
		switch {
		case y.UPOS == "ADJ" || y.UPOS == "ADV" || y.UPOS == "CCONJ" || y.Text == "," || y.Text == "-" || y.XPOS == "VBN" || y.XPOS == "VBG":
		case y.UPOS == "NOUN":
			if noun = s.Tokens[n]; n+1 >= len(s.Tokens) || t.Tokens[s.Tokens[n+1]].UPOS != "NOUN" && t.Tokens[s.Tokens[n+1]].Text != "-" {
				break scan
			}
		default:
			break scan
		}
	}
	if noun < 0 || t.below(i, noun) || t.Child(noun, "det", "case", "nmod:poss", "nsubj") >= 0 {
		return
	}
	h := t.Tokens[noun].Head
	if h < i || t.Tokens[noun].Rel == "obl" || t.Tokens[noun].Rel == "nsubj" {
		if h != i && h != x.Head {
			return
		}
	}
	for _, c := range t.Children(i) {
		switch rel := t.Tokens[c].Rel; {
		case rel == "acl" && t.Tokens[c].XPOS == "VBN" && c < noun && t.Child(c, "obl", "obl:agent", "mark") < 0:
			t.Tokens[c].Head, t.Tokens[c].Rel = noun, "amod"
		case rel == "det" || rel == "cop" || rel == "case" || rel == "aux" || rel == "mark" || rel == "nsubj" || rel == "cc" && c < i, c > noun && c != noun:
			t.Tokens[c].Head = noun
		}
	}
	y := &t.Tokens[noun]
	y.Head, y.Rel = x.Head, x.Rel
	x.Head, x.Rel = noun, "amod"
	if s.Root == i {
		s.Root = noun
	}
}

// joinSubjects mends two subjects of one verb with "and" or "or" between them:
// the second is coordinated with the first.
func joinSubjects(t *Text, s *Sentence) {
	first := -1
	for k, i := range s.Tokens {
		x := &t.Tokens[i]
		if x.Rel != "nsubj" && x.Rel != "nsubj:pass" {
			continue
		}
		if first < 0 || t.Tokens[first].Head != x.Head || x.Head < i {
			first = i
			continue
		}
		sub := t.Subtree(i, nil)
		n := sort.SearchInts(s.Tokens, sub[0])
		if n == 0 || n > k {
			continue
		}
		if c := s.Tokens[n-1]; t.Tokens[c].UPOS == "CCONJ" && c > first {
			x.Head, x.Rel = first, "conj"
			t.Tokens[c].Head, t.Tokens[c].Rel = i, "cc"
		}
	}
}

// topicFirst gives a main verb without a subject the noun that the sentence
// opens with: "Dorn, who shares a name with the man she met, | was released".
func topicFirst(t *Text, s *Sentence) {
	if s.Root < 0 || len(s.Tokens) < 6 || t.Child(s.Root, "nsubj", "nsubj:pass", "nsubj:outer", "expl", "csubj") >= 0 {
		return
	}
	v := &t.Tokens[s.Root]
	aux := t.Child(s.Root, "aux", "aux:pass", "cop")
	finite := v.XPOS == "VBD" || v.XPOS == "VBZ" || v.XPOS == "VBP" || aux >= 0
	if !finite || v.UPOS != "VERB" && t.Child(s.Root, "cop") < 0 {
		return
	}
	first := s.Root
	if aux >= 0 && aux < first {
		first = aux
	}
	// The opening noun phrase, its comma, a relative pronoun, and a comma before
	// the verb.
	k := 0
	for k < len(s.Tokens) && k < maxSpeech && t.Tokens[s.Tokens[k]].Text != "," {
		if u := t.Tokens[s.Tokens[k]].UPOS; u == "VERB" || u == "AUX" || u == "SCONJ" || k == 0 && u == "ADP" {
			return
		}
		k++
	}
	if k == 0 || k+2 >= len(s.Tokens) || !relativeTag(t.Tokens[s.Tokens[k+1]].XPOS) {
		return
	}
	comma := false
	for n := k + 1; n < len(s.Tokens) && s.Tokens[n] < first; n++ {
		comma = t.Tokens[s.Tokens[n]].Text == ","
	}
	h := s.Tokens[0]
	for n := 0; n < k && t.Tokens[h].Head >= 0 && t.Tokens[h].Head < s.Tokens[k]; n++ {
		h = t.Tokens[h].Head
	}
	if !comma || !nounTag(t.Tokens[h].UPOS) || h == s.Root {
		return
	}
	t.Tokens[h].Head, t.Tokens[h].Rel = s.Root, "nsubj"
	if t.Child(s.Root, "aux:pass") >= 0 {
		t.Tokens[h].Rel = "nsubj:pass"
	}
}

// toldClause mends "said the bridge | had fallen" and "told the court the driver
// | fled": what was read as the object of saying is the subject of what was said.
func toldClause(t *Text, s *Sentence) {
	for _, v := range s.Tokens {
		x := &t.Tokens[v]
		if x.Rel != "conj" && x.Rel != "ccomp" || x.Head < 0 || x.Head > v {
			continue
		}
		said := &t.Tokens[x.Head]
		finite := x.XPOS == "VBD" || x.XPOS == "VBZ" || x.XPOS == "VBP" || t.Child(v, "aux", "aux:pass", "cop") >= 0
		if !leadLemmas[said.Lemma] || !finite || t.Child(v, "cc", "mark", "nsubj", "nsubj:pass", "nsubj:outer", "expl", "csubj") >= 0 {
			continue
		}
		o := t.Child(x.Head, "obj")
		if o < x.Head || o > v || t.Child(x.Head, "iobj") < 0 && said.Lemma == "tell" {
			continue
		}
		t.Tokens[o].Head, t.Tokens[o].Rel = v, "nsubj"
		if t.Child(v, "aux:pass") >= 0 {
			t.Tokens[o].Rel = "nsubj:pass"
		}
		x.Rel = "ccomp"
	}
}

// below: token a hangs below token b.
func (t *Text) below(a, b int) bool {
	for n := 0; a >= 0 && n < maxSentence; n++ {
		if a == b {
			return true
		}
		a = t.Tokens[a].Head
	}
	return false
}

// truecase lower-cases the words of a line in Title Case that the text writes
// small elsewhere or never writes large inside a sentence: the tagger takes a
// capital for a name.
func truecase(t *Text, s *Sentence, words []string) {
	if t.large == nil {
		t.large = map[string]bool{}
		for k := range t.Sentences {
			x := &t.Sentences[k]
			if headlineLike(x.Span.Of(t.Raw)) {
				continue
			}
			for n, i := range x.Tokens {
				if n > 0 && startsUpper(t.Tokens[i].Text) {
					t.large[t.Tokens[i].Lower] = true
				}
			}
		}
	}
	for n, i := range s.Tokens {
		if low := t.Tokens[i].Lower; !t.large[low] && CountryOf(low) == "" && strings.ToUpper(words[n]) != words[n] {
			words[n] = low
		}
	}
}
