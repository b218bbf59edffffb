package language

import (
	"unicode"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
)

// maxSentence bounds a sentence in tokens. Longer ones (text without
// punctuation) are cut, so that nothing downstream can grow faster than the text.
const maxSentence = 160

// maxHoles bounds the quotations that one sentence is cut around.
const maxHoles = 40

// segment tokenises the blocks that hold prose, pairs quotation marks and cuts
// sentences. A quotation that is a statement of its own is cut out of the
// sentence around it, which keeps a hole there: a parser that sees "…," he said
// as one string attaches the quotation's words to everything.
func segment(t *Text) {
	open := -1 // a quotation that the block before left open
	for b := range t.Blocks {
		switch t.Blocks[b].Kind {
		case Prose, Post:
		default:
			open = -1
			continue
		}
		first := len(t.Tokens)
		t.Tokens = tokenize(t.Raw, t.Blocks[b].Span, t.Tokens)
		if first == len(t.Tokens) {
			continue
		}
		quotes := pairQuotes(t, b, first, open)
		open = -1
		if n := len(t.Quotes); n > 0 && t.Quotes[n-1].Open && t.Quotes[n-1].Block == b {
			open = n - 1
		}
		cutBlock(t, b, first, quotes)
	}
}

func isQuoteMark(t *Text, i int) bool {
	w := t.Word(i)
	return w == "\"" || w == "“" || w == "”" || w == "„" || w == "«" || w == "»" || w == "''" || w == "``"
}

// pairQuotes finds the quotations of one block and returns their indices.
func pairQuotes(t *Text, b, first, open int) []int {
	var found []int
	start := -1
	add := func(from, to int, span claims.Span, isOpen bool) {
		if to <= from {
			return
		}
		q := Quote{Span: span, Inner: t.TokenSpan(from, to-1), First: from, Last: to, Open: isOpen, Block: b}
		found = append(found, len(t.Quotes))
		t.Quotes = append(t.Quotes, q)
	}
	for i := first; i < len(t.Tokens); i++ {
		if !isQuoteMark(t, i) {
			continue
		}
		w := t.Word(i)
		switch {
		case start < 0 && (w != "”" && w != "»" || turned(t, i, first)):
			start = i
		case start >= 0 && (w == "“" || w == "``" || w == "«" || w == "„"):
			start = i // an opening mark again: the first was never closed
		case start >= 0:
			add(start+1, i, t.TokenSpan(start, i), false)
			start = -1
		case len(found) == 0 && i > first+2 && t.Tokens[i].Glued && ends(t.Tokens[i-1].Text):
			// "This is no reform,” she said": the mark that opened it was lost.
			add(first, i, t.TokenSpan(first, i), false)
			t.Quotes[len(t.Quotes)-1].Bare = true
		}
	}
	if start >= 0 && (start == first || open >= 0 || len(t.Tokens)-start > 6) {
		end := len(t.Tokens)
		add(start+1, end, t.TokenSpan(start, end-1), true)
	}
	for _, q := range found {
		t.Quotes[q].Clause = clausal(t, first, &t.Quotes[q])
	}
	return found
}

func ends(w string) bool { return w == "," || w == "." || w == "!" || w == "?" }

// turned: a closing mark that stands where one opens, as careless typists leave
// it: `he said, ”We won”`.
func turned(t *Text, i, first int) bool {
	return (i == first || !t.Tokens[i].Glued) && i+1 < len(t.Tokens) && t.Tokens[i+1].Glued
}

// clausal tells whether a quotation is a statement of its own rather than a few
// quoted words inside somebody else's clause.
func clausal(t *Text, first int, q *Quote) bool {
	wordCount := 0
	for i := q.First; i < q.Last; i++ {
		if isWord(t.Tokens[i].Text) {
			wordCount++
		}
	}
	if wordCount < 2 {
		return false
	}
	last := t.Tokens[q.Last-1].Text
	stopped := last == "," || last == "." || last == "!" || last == "?" || last == "-" || last == "…" || last == "..."
	mark := q.First - 1
	before := ""
	if mark-1 >= first {
		before = t.Tokens[mark-1].Text
	}
	capital := startsUpper(t.Word(q.First))
	switch {
	case q.Open:
		return true
	case q.Bare:
		return wordCount >= 4
	case before == "" || before == "." || before == "!" || before == "?" || before == "\"":
		return stopped || wordCount >= 6
	case before == "," || before == ":" || before == "-" || before == "—":
		return (stopped && wordCount >= 3) || wordCount >= 4
	default:
		return capital && stopped && wordCount >= 4
	}
}

func isWord(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// cutBlock cuts one block into sentences.
func cutBlock(t *Text, b, first int, quotes []int) {
	inClause := make([]int, len(t.Tokens)-first) // quote+1 for tokens of a clausal quotation, marks included
	for _, q := range quotes {
		if t.Quotes[q].Clause {
			lo, hi := t.Quotes[q].First-1, t.Quotes[q].Last
			if t.Quotes[q].Bare {
				lo++
			}
			if t.Quotes[q].Open {
				hi--
			}
			for i := lo; i <= hi && i < len(t.Tokens); i++ {
				inClause[i-first] = q + 1
			}
		}
	}
	var cur Sentence
	reset := func() { cur = Sentence{Root: -1, Block: b, Quote: -1, Host: -1} }
	reset()
	flush := func(end byte) {
		cur.End = end
		closeSentence(t, &cur)
		reset()
	}
	for i := first; i < len(t.Tokens); i++ {
		if q := inClause[i-first] - 1; q >= 0 {
			cur.Holes = append(cur.Holes, q)
			hi := t.Quotes[q].Last
			if t.Quotes[q].Open {
				hi--
			}
			i = hi
			last := t.Tokens[t.Quotes[q].Last-1].Text
			if len(cur.Holes) >= maxHoles {
				flush(0)
			} else if last == "." || last == "!" || last == "?" || last == "…" {
				if i+1 >= len(t.Tokens) || inClause[i+1-first] > 0 || (startsUpper(t.Word(i+1)) && !cueFollows(t, i+1, last)) {
					flush(last[0])
				}
			}
			continue
		}
		cur.Tokens = append(cur.Tokens, i)
		if endsAt(t, i, len(t.Tokens)) || len(cur.Tokens) >= maxSentence {
			// A closing bracket or mark belongs to the sentence it ends.
			for i+1 < len(t.Tokens) && inClause[i+1-first] == 0 && t.Tokens[i+1].Glued && closing(t.Tokens[i+1].Text) {
				i++
				cur.Tokens = append(cur.Tokens, i)
			}
			end := byte(0)
			if x := t.Tokens[i].Text; len(x) > 0 {
				end = x[0]
			}
			flush(end)
		}
	}
	flush(0)
	for _, q := range quotes {
		if t.Quotes[q].Clause {
			cutQuote(t, b, q)
		}
	}
}

// cueFollows: after "…!" or "…?" a speech clause may follow with a capital:
// "Never!" Marlo said.
func cueFollows(t *Text, i int, last string) bool {
	if last != "!" && last != "?" {
		return false
	}
	for k := i; k < len(t.Tokens) && k < i+5; k++ {
		if speechVerbs[t.Tokens[k].Lower] {
			return true
		}
	}
	return false
}

var speechVerbs = set("said says told asked added wrote replied claimed insisted shouted declared warned tweeted posted")

func closing(w string) bool { return w == "\"" || w == ")" || w == "]" || w == "'" || w == "*" }

// endsAt tells whether token i ends a sentence.
func endsAt(t *Text, i, n int) bool {
	w := t.Tokens[i].Text
	switch w {
	case "!", "?", "…", "...", "....":
	case ".":
	default:
		return false
	}
	k := i + 1
	for k < n && t.Tokens[k].Glued && closing(t.Tokens[k].Text) {
		k++
	}
	if k >= n {
		return true
	}
	if t.Tokens[k].Glued && w == "." && isWord(t.Tokens[k].Text) {
		return false // "example.org", "v.2"
	}
	r, _ := utf8.DecodeRuneInString(t.Word(k))
	return !unicode.IsLower(r) && r != ',' && r != ';'
}

// cutQuote cuts the inside of a clausal quotation into sentences.
func cutQuote(t *Text, b, q int) {
	cur := Sentence{Root: -1, Block: b, Quote: q, Host: -1}
	for i := t.Quotes[q].First; i < t.Quotes[q].Last; i++ {
		cur.Tokens = append(cur.Tokens, i)
		if (endsAt(t, i, t.Quotes[q].Last) && i+1 < t.Quotes[q].Last) || len(cur.Tokens) >= maxSentence {
			cur.End = t.Tokens[i].Text[0]
			closeSentence(t, &cur)
			cur = Sentence{Root: -1, Block: b, Quote: q, Host: -1}
		}
	}
	if n := len(cur.Tokens); n > 0 {
		cur.End = t.Tokens[cur.Tokens[n-1]].Text[0]
	}
	closeSentence(t, &cur)
}

// closeSentence drops what is not language (links, emoji, quotation marks
// round a few words, commas beside a hole) and files the sentence.
func closeSentence(t *Text, s *Sentence) {
	if len(s.Tokens) == 0 && len(s.Holes) == 0 {
		return
	}
	span := claims.Span{}
	for _, i := range s.Tokens {
		span = span.Cover(t.Tokens[i].Span)
	}
	for _, q := range s.Holes {
		span = span.Cover(t.Quotes[q].Span)
	}
	s.Span = span
	kept := s.Tokens[:0]
	for k, i := range s.Tokens {
		w := t.Tokens[i].Text
		if w == "\"" || w == "''" || w == "``" || noise(w) {
			continue
		}
		if w == "," && (beforeHole(t, s, i) || (len(kept) == 0)) {
			continue
		}
		if w[0] == '#' && len(w) > 1 && trailingTags(t, s.Tokens[k:]) {
			break
		}
		kept = append(kept, i)
	}
	s.Tokens = kept
	host := len(t.Sentences)
	adjuncts := cutAdjuncts(t, s)
	kept = s.Tokens
	n := len(t.Sentences)
	words := false
	for _, i := range kept {
		t.Tokens[i].Sentence = n
		words = words || isWord(t.Tokens[i].Text)
	}
	if !words && len(s.Holes) == 0 {
		for _, i := range kept {
			t.Tokens[i].Sentence = -1
		}
		return
	}
	if !words {
		for _, i := range kept {
			t.Tokens[i].Sentence = -1
		}
		s.Tokens = nil
	}
	t.Sentences = append(t.Sentences, *s)
	for _, a := range adjuncts {
		a.Host = host
		for _, i := range a.Tokens {
			t.Tokens[i].Sentence = len(t.Sentences)
		}
		t.Sentences[host].Adjuncts = append(t.Sentences[host].Adjuncts, len(t.Sentences))
		t.Sentences = append(t.Sentences, a)
	}
}

func beforeHole(t *Text, s *Sentence, i int) bool {
	for _, q := range s.Holes {
		if t.Quotes[q].First-2 == i {
			return true
		}
	}
	return false
}

func trailingTags(t *Text, rest []int) bool {
	for _, i := range rest {
		if w := t.Tokens[i].Text; isWord(w) && w[0] != '#' {
			return false
		}
	}
	return true
}

// noise: links, emoji and bullets carry no grammar.
func noise(w string) bool {
	if len(w) > 8 && (w[:4] == "http" || w[:4] == "pic." || w[:4] == "www.") {
		return true
	}
	if len(w) > 5 && (w[:5] == "t.co/" || w[:5] == "t.me/") {
		return true
	}
	for _, r := range w {
		if r < 0x2190 || unicode.IsLetter(r) || unicode.IsDigit(r) || r == 0x2026 {
			return false
		}
	}
	return true
}
