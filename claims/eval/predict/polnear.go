package main

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

// polnearText is the part of a line that may be read when predicting: no gold.
type polnearText struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// polnearSpan is a source, cue or content in code points of the text.
type polnearSpan struct {
	Role string `json:"role"`
	Char [2]int `json:"char"`
}

// polnearRelation is one attribution of an article; offsets in code points, null
// for a source that nobody names.
type polnearRelation struct {
	Source  *[2]int  `json:"source"`
	Cue     *[2]int  `json:"cue"`
	Content [][2]int `json:"content"`
}

// polnear answers with every attribution that stands in no other one's content:
// the corpus marks no attribution inside another.
func polnear(_ context.Context, o options, write func(any) error) error {
	x := extract.New(language.English())
	return dataset.Each(o.in, func(d polnearText, _ []byte) error {
		if o.docs {
			return write(polnearArticle(x, d))
		}
		return write(polnearSentence(x, d))
	})
}

// outermost reads a text and maps its spans by at.
func outermost(x *extract.Extractor, text string, at func(claims.Span) [2]int) []polnearRelation {
	out := []polnearRelation{}
	for _, r := range x.Reports(&claims.Document{Kind: claims.KindArticle, Text: text, Language: "en"}) {
		if r.Inside >= 0 {
			continue
		}
		var p polnearRelation
		if !r.Source.Empty() {
			s := at(r.Source)
			p.Source = &s
		}
		c := at(r.Cue)
		p.Cue = &c
		for _, s := range r.Content {
			p.Content = append(p.Content, at(s))
		}
		out = append(out, p)
	}
	return out
}

func polnearArticle(x *extract.Extractor, d polnearText) any {
	count := runes(d.Text)
	return struct {
		ID     string            `json:"id"`
		Claims []polnearRelation `json:"claims"`
	}{d.ID, outermost(x, d.Text, func(s claims.Span) [2]int { return [2]int{count[s.Start], count[s.End]} })}
}

func polnearSentence(x *extract.Extractor, d polnearText) any {
	text, back := joined(d.Text)
	count := runes(d.Text)
	spans := []polnearSpan{}
	seen := map[polnearSpan]bool{}
	add := func(role string, char [2]int) {
		if s := (polnearSpan{role, char}); !seen[s] {
			seen[s] = true
			spans = append(spans, s)
		}
	}
	for _, r := range outermost(x, text, func(s claims.Span) [2]int { return [2]int{count[back[s.Start]], count[back[s.End-1]+1]} }) {
		if r.Source != nil {
			add("source", *r.Source)
		}
		add("cue", *r.Cue)
		for _, c := range r.Content {
			add("content", c)
		}
	}
	return struct {
		ID    string        `json:"id"`
		Spans []polnearSpan `json:"spans"`
	}{d.ID, spans}
}

// runes gives for each byte offset of a text how many code points stand before it.
func runes(text string) []int {
	out := make([]int, len(text)+1)
	n := -1
	for i := range len(text) {
		if utf8.RuneStart(text[i]) {
			n++
		}
		out[i] = n
	}
	out[len(text)] = utf8.RuneCountInString(text)
	return out
}

// joined writes a text whose words are set apart by spaces ("the ministry 's
// plan , he said") as it was printed. back maps each byte of it to the byte of
// the text it came from.
func joined(text string) (out string, back []int) {
	var b strings.Builder
	glue := true // nothing stands before the first word
	// Some texts open quotations with the closing mark too. Of an odd number the
	// first closes what the text before it opened.
	quoted := !strings.Contains(text, "“") && strings.Count(text, "”")%2 == 1
	at := 0
	for w := range strings.SplitSeq(text, " ") {
		if w != "" {
			if !glue && (!leans(w) || w == "”" && !quoted) {
				b.WriteByte(' ')
				back = append(back, at-1)
			}
			for i := range len(w) {
				back = append(back, at+i)
			}
			b.WriteString(w)
			glue = w == "“" || w == "‘" || w == "(" || w == "[" || w == "$" || w == "#" || w == "”" && !quoted
			if w == "“" || w == "”" {
				quoted = w == "“" || !quoted
			}
		}
		at += len(w) + 1
	}
	return b.String(), back
}

// leans: a word that was printed without a space before it.
func leans(w string) bool {
	switch w {
	case ",", ".", ";", ":", "!", "?", "”", "’", ")", "]", "%", "'s", "’s", "n't", "'re", "'ve", "'ll", "'d", "'m", "'":
		return true
	}
	return false
}
