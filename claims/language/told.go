package language

import "strings"

// persons are common nouns for somebody whom "he" or "she" may mean.
var persons = set("man woman boy girl mother father son daughter husband wife brother sister driver official employee official source person guest customer passenger patient")

// teller is the subject of the speech that the words at token i are told in: "the
// airline" of "the airline said it would …". -1 where they are told in none, or
// somebody is told them.
func (t *Text) teller(i, s int) int {
	subject := func(v int) int {
		c := t.Child(v, "nsubj", "nsubj:outer")
		if c < 0 || c >= i || relativeTag(t.Tokens[c].XPOS) {
			return -1
		}
		return c
	}
	v := i
	for range maxSentence {
		h := t.Tokens[v].Head
		if h < 0 {
			break
		}
		if t.Tokens[v].Rel == "ccomp" && (cueLemmas[t.Tokens[h].Lemma] || leadLemmas[t.Tokens[h].Lemma]) && h < i {
			return subject(h)
		}
		v = h
	}
	for _, a := range t.Sentences[s].Adjuncts {
		x := &t.Sentences[a]
		if x.Root >= 0 && x.Root < i && (cueLemmas[t.Tokens[x.Root].Lemma] || leadLemmas[t.Tokens[x.Root].Lemma]) && len(x.Tokens) > 0 && x.Tokens[len(x.Tokens)-1] < i {
			return subject(x.Root)
		}
	}
	return -1
}

// tellerOf resolves a pronoun in what somebody tells to the one who tells it, where
// nothing between the two may be meant instead: "Nordwind said it would cut 300
// jobs", "police in Marl said they had arrested two men". -1 for others.
func (t *Text) tellerOf(i, s int, by [][]int) int {
	w := t.Tokens[i].Lower
	many := w == "they" || w == "their" || w == "them" || w == "themselves"
	thing := w == "it" || w == "its" || w == "itself"
	subj := t.teller(i, s)
	if subj < 0 || t.Sentences[s].Quote >= 0 {
		return -1
	}
	x := &t.Tokens[subj]
	for k := subj + 1; k < i; k++ {
		y := &t.Tokens[k]
		if !nounTag(y.UPOS) || y.Sentence < 0 || t.below(k, subj) || y.Rel == "obl" && timeWords[y.Lower] {
			continue
		}
		if many && y.XPOS == "NNS" || thing && (y.XPOS == "NN" || y.UPOS == "PROPN") && strings.HasPrefix(y.Rel, "nsubj") || !many && !thing && y.UPOS == "PROPN" && strings.HasPrefix(y.Rel, "nsubj") {
			return -1
		}
		if many && (y.Rel == "iobj" || y.Rel == "obj") {
			return -1 // "told residents that they should leave"
		}
	}
	for _, m := range by[x.Sentence] {
		if t.Mentions[m].Head != subj || t.Mentions[m].Pronoun && !many {
			continue
		}
		e := &t.Entities[t.Mentions[m].Entity]
		if e.Kind == Person || many != (x.XPOS == "NNS" || x.XPOS == "NNPS") || !thing && !many {
			return -1
		}
		if e.Kind == Unknown {
			e.Kind = Body
		}
		return t.Mentions[m].Entity
	}
	if x.UPOS != "NOUN" || t.Child(subj, "conj") >= 0 && !many {
		return -1
	}
	switch low := x.Lower; {
	case thing && (x.XPOS != "NN" || !bodyWords[low] && !descriptors[low] && !anyBody[low] && !concerns[low] && low != "military" && low != "presidency" || low == "police"):
		return -1
	case many && x.XPOS != "NNS" && low != "police" && low != "staff" && low != "people":
		return -1
	case !thing && !many && (x.XPOS != "NN" || !persons[low] && !titles[low] && !trades[low]):
		return -1
	}
	return t.commonEntity(subj)
}

// mostCommon is how many words a common noun phrase may have that stands for a
// pronoun.
const mostCommon = 8

// commonEntity files the phrase of a common noun as an entity without a name, so
// that a pronoun that means it can be said in its words; -1 where the phrase is long.
func (t *Text) commonEntity(noun int) int {
	if e, ok := t.common[noun]; ok {
		return e
	}
	toks := t.Subtree(noun, func(i int) bool {
		switch t.Tokens[i].Rel {
		case "appos", "punct", "parataxis", "acl:relcl", "cc", "conj":
			return true
		}
		return false
	})
	for k := range toks {
		if toks[k] != toks[0]+k {
			toks = toks[:k]
			break
		}
	}
	if last := toks[len(toks)-1]; last < noun || len(toks) > mostCommon {
		return -1
	}
	name := t.TokenSpan(toks[0], toks[len(toks)-1]).Of(t.Raw)
	if x := &t.Tokens[toks[0]]; x.UPOS == "DET" || x.UPOS == "NUM" || toks[0] == noun && x.Text != strings.ToUpper(x.Text) {
		name = strings.ToLower(name[:1]) + name[1:]
	}
	if t.common == nil {
		t.common = map[int]int{}
	}
	t.Entities = append(t.Entities, Entity{Name: name, Kind: Thing, Common: true, Noun: noun, First: len(t.Mentions), key: "the " + name})
	t.common[noun] = len(t.Entities) - 1
	return t.common[noun]
}
