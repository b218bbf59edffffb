package dataset

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/match"
)

// EventMention is a mention of ECB+. Topic, Subtopic and Cluster are gold: for
// commands that fit and measure.
type EventMention struct {
	Mention  string `json:"mention"`
	Doc      string `json:"doc"`
	Char     [2]int `json:"char"`
	Topic    int    `json:"topic"`
	Subtopic string `json:"subtopic"`
	Cluster  string `json:"cluster"`
}

// Events reads a pair of files PART_docs.jsonl and PART_mentions.jsonl of ECB+:
// its mentions as they stand, and ready to be grouped. Documents are numbered by
// their texts, so that ids and the order of lines decide nothing.
func Events(part string) ([]EventMention, []match.Mention, error) {
	type doc struct {
		Doc  string `json:"doc"`
		Text string `json:"text"`
	}
	docs, err := Lines[doc](part + "_docs.jsonl")
	if err != nil {
		return nil, nil, err
	}
	mentions, err := Lines[EventMention](part + "_mentions.jsonl")
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(docs, func(a, b doc) int { return cmp.Compare(a.Text, b.Text) })
	number := map[string]int{}
	texts, places := make([]string, len(docs)), make([][]int, len(docs))
	for i, d := range docs {
		number[d.Doc] = i
		texts[i], places[i] = untokenised(d.Text)
	}
	out := make([]match.Mention, len(mentions))
	for i, m := range mentions {
		k, ok := number[m.Doc]
		if !ok {
			return nil, nil, fmt.Errorf("%s: mention %s: there is no document %s", filepath.Base(part), m.Mention, m.Doc)
		}
		from, to := m.Char[0], m.Char[1]
		if from < 0 || from >= to || to >= len(places[k]) {
			return nil, nil, fmt.Errorf("%s: mention %s is not in its document", filepath.Base(part), m.Mention)
		}
		out[i] = match.Mention{Doc: k, Text: texts[k], Span: claims.Span{Start: places[k][from], End: places[k][to]}}
	}
	return mentions, out, nil
}

// untokenised writes a text of the Penn Treebank's tokens as people write: quotes
// as one mark, and what belongs to the word before it without a space. places
// are the bytes where its code points, and its end, come to stand.
func untokenised(text string) (out string, places []int) {
	rs := []rune(text)
	places = make([]int, len(rs)+1)
	var b strings.Builder
	for i := 0; i < len(rs); i++ {
		places[i] = b.Len()
		pair := i+1 < len(rs) && rs[i] == rs[i+1]
		switch {
		case pair && (rs[i] == '`' || rs[i] == '\''):
			b.WriteByte('"')
			opening := rs[i] == '`'
			i++
			places[i] = b.Len()
			if opening && i+1 < len(rs) && rs[i+1] == ' ' {
				i++
				places[i] = b.Len()
			}
		case rs[i] == ' ' && (attached(rs[i+1:]) || i > 0 && (rs[i-1] == '(' || rs[i-1] == '$')):
		default:
			b.WriteRune(rs[i])
		}
	}
	places[len(rs)] = b.Len()
	return b.String(), places
}

// attached tells whether a text begins with a token that is written at the word
// before it.
func attached(rs []rune) bool {
	const longest = 3
	end := min(len(rs), longest+1)
	if k := slices.IndexFunc(rs[:end], func(r rune) bool { return r == ' ' || r == '\n' }); k >= 0 {
		end = k
	}
	switch string(rs[:end]) {
	case ",", ".", ";", ":", "?", "!", ")", "%", "'", "''", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m":
		return true
	}
	return false
}
