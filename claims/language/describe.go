package language

// rolesAgain are nouns that news puts for a person it has named already, when no
// other bears them in the text: "the winger", "the singer".
var rolesAgain = set("player winger striker midfielder defender goalkeeper forward footballer batsman bowler sprinter boxer golfer cyclist swimmer " +
	"actor actress singer rapper musician composer comedian novelist author playwright filmmaker senator congressman congresswoman lawmaker politician " +
	"billionaire businessman businesswoman tycoon")

// again resolves descriptions that only make sense of somebody named before:
// "the 71-year-old", "the winger". The person is the last one named outside
// quotations in the sentences before, a subject rather than another.
func again(t *Text) {
	taken := map[int]bool{}
	for m := range t.Mentions {
		for i := t.Mentions[m].Tokens[0]; i < t.Mentions[m].Tokens[1]; i++ {
			taken[i] = true
		}
	}
	bySentence := make([][]int, len(t.Sentences))
	for m := range t.Mentions {
		if s := t.Tokens[t.Mentions[m].Head].Sentence; s >= 0 {
			bySentence[s] = append(bySentence[s], m)
		}
	}
	for s := range t.Sentences {
		toks := t.Sentences[s].Tokens
		for k := range toks {
			n := descriptionAt(t, toks, k)
			if n == 0 || taken[toks[k+n-1]] {
				continue
			}
			if e := lastPerson(t, s, toks[k], bySentence); e >= 0 {
				run := [2]int{toks[k], toks[k+n-1] + 1}
				t.Mentions = append(t.Mentions, Mention{Tokens: run, Run: run, Head: run[1] - 1, Entity: e, Described: true})
			}
		}
	}
}

// descriptionAt is the number of tokens of "the 71-year-old" or "the winger" at
// toks[k], 0 for anything else.
func descriptionAt(t *Text, toks []int, k int) int {
	w := func(j int) string {
		if k+j < len(toks) && toks[k+j] == toks[k]+j {
			return t.Tokens[toks[k+j]].Lower
		}
		return ""
	}
	if w(0) != "the" {
		return 0
	}
	if w(2) == "-" && w(3) == "year" && w(4) == "-" && w(5) == "old" {
		if k+6 < len(toks) && (t.Tokens[toks[k+6]].UPOS == "NOUN" && t.Tokens[toks[k+5]].Rel == "amod" && t.Tokens[toks[k+5]].Head == toks[k+6] && !pastForm(t.Tokens[toks[k+6]].Lower)) {
			return 0 // "the 71-year-old singer": it is the noun that tells
		}
		return 6
	}
	if k+1 < len(toks) && rolesAgain[w(1)] && t.Tokens[toks[k+1]].XPOS == "NN" && t.Child(toks[k+1], "nmod", "acl:relcl", "acl", "appos", "flat") < 0 {
		if k+2 < len(toks) && (t.Tokens[toks[k+2]].UPOS == "PROPN" || t.Tokens[toks[k+2]].UPOS == "NOUN" && t.Tokens[toks[k+2]].Head == toks[k+1]) {
			return 0
		}
		return 2
	}
	return 0
}

// pastForm: a past tense that the tagger takes for a noun behind "-year-old".
func pastForm(w string) bool {
	switch w {
	case "flew", "went", "won", "said", "told", "took", "left", "lost", "met", "ran", "sang", "spent", "wore", "wrote", "drove", "led", "made", "came", "fell", "rose", "held":
		return true
	}
	return len(w) > 3 && w[len(w)-2:] == "ed"
}

// lastPerson is the person last named before token i, a subject before all
// others; -1 when the sentences before name none, or the speaker only.
func lastPerson(t *Text, s, i int, by [][]int) int {
	for back := 0; back <= lookback && s-back >= 0; back++ {
		best, score := -1, 0
		for _, m := range by[s-back] {
			x := &t.Mentions[m]
			if x.Head >= i || t.Entities[x.Entity].Kind != Person || x.Possess && x.Pronoun {
				continue
			}
			h := t.Tokens[x.Head]
			points := 1
			if h.Rel == "nsubj" || h.Rel == "nsubj:pass" {
				points = 3
			}
			if h.Head >= 0 && cueLemmas[t.Tokens[h.Head].Lemma] {
				if back == 0 {
					continue // who tells of him is another
				}
				points = 1
			}
			if points >= score {
				best, score = x.Entity, points
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}
