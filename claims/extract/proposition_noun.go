package extract

import (
	"slices"

	"github.com/secondsource/secondsource/claims/language"
)

// topic is the subject of "X is a Y …" for its Y.
func (p *proposer) topic(y int) []int {
	if p.t.Child(y, "cop") < 0 {
		return nil
	}
	if s := p.t.Child(y, "nsubj", "nsubj:outer"); s >= 0 && !relativePronoun(p.t.Tokens[s].XPOS) {
		return p.slot(s)
	}
	return nil
}

// speech says who said a sentence, for a speech clause that was cut off it.
func (p *proposer) speech(s *language.Sentence) {
	t := p.t
	if s.Host < 0 || s.Root < 0 || t.Tokens[s.Root].UPOS != "VERB" {
		return
	}
	subj := t.Child(s.Root, "nsubj")
	content := trimMarks(t, slices.Clone(t.Sentences[s.Host].Tokens))
	if subj < 0 || len(content) == 0 {
		return
	}
	if m := content[0] - 1; m >= 0 && t.Tokens[m].Lower == "that" && t.Tokens[m].Sentence < 0 {
		content = append([]int{m}, content...)
	}
	for _, k := range p.coordinated(subj) {
		p.emit(PropContent, p.slot(k), extend(p.auxiliaries(s.Root), s.Root), content)
	}
}

// nouns says what stands beside the nouns of a sentence.
func (p *proposer) nouns(s *language.Sentence) {
	t := p.t
	for k, i := range s.Tokens {
		tok := &t.Tokens[i]
		if p.r.boring[i] {
			continue
		}
		switch {
		case tok.Text == "(" && k > 0:
			p.bracketed(s, k)
		case tok.Rel == "appos" && tok.Head >= 0 && !p.glued(i) && tok.Head < i:
			if a := p.slot(i); len(a) > 1 && tok.UPOS == "NOUN" && a[0] > 0 && t.Tokens[a[0]-1].Text == "," {
				p.emit(PropApposed, p.slot(tok.Head), []int{tok.Head}, a)
			}
		case tok.UPOS == "PROPN" && k > 0 && s.Tokens[k-1] == i-1 && t.Tokens[i-1].UPOS == "NOUN" && p.together(i-1, i):
			p.titled(s, k)
		}
	}
}

// together: two neighbours of one noun phrase.
func (p *proposer) together(a, b int) bool {
	t := p.t
	return t.Tokens[b].Head == a || t.Tokens[a].Head == b || t.Tokens[a].Head >= 0 && t.Tokens[a].Head == t.Tokens[b].Head && t.Tokens[a].Rel != "nsubj" && t.Tokens[b].Rel != "obj"
}

// titled says that the name at place k of a sentence is what the nouns before it
// call it.
func (p *proposer) titled(s *language.Sentence, k int) {
	t := p.t
	end := k + 1
	for end < len(s.Tokens) && t.Tokens[s.Tokens[end]].UPOS == "PROPN" && s.Tokens[end] == s.Tokens[end-1]+1 {
		end++
	}
	first := k - 1
	for first > 0 && s.Tokens[first-1] == s.Tokens[first]-1 && describes(&t.Tokens[s.Tokens[first-1]]) {
		first--
	}
	p.emit(PropTitled, s.Tokens[k:end], s.Tokens[k-1:k], s.Tokens[first:k])
}

func describes(x *language.Token) bool {
	switch x.UPOS {
	case "ADJ", "NOUN", "PROPN", "NUM":
		return true
	}
	return x.Text == "-"
}

// bracketed says what stands in the brackets that open at place k.
func (p *proposer) bracketed(s *language.Sentence, k int) {
	t := p.t
	end := k + 1
	for end < len(s.Tokens) && t.Tokens[s.Tokens[end]].Text != ")" {
		end++
	}
	root := -1
	for _, i := range s.Tokens[k+1 : end] {
		if h := t.Tokens[i].Head; h >= 0 && h < s.Tokens[k] {
			root = h
		}
	}
	if root < 0 || end == len(s.Tokens) || t.Tokens[root].UPOS != "NOUN" && t.Tokens[root].UPOS != "PROPN" {
		return
	}
	p.emit(PropAside, p.slot(root), s.Tokens[k:k+1], s.Tokens[k+1:end])
}
