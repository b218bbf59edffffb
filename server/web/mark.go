package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// mark is a range of a text with what it is.
type mark struct {
	from, to int
	class    string
	link     string
	label    string // how it is read out
	id       string
	number   int // of a hop, shown where it begins
}

// within returns a mark of a span of a text, if it is one: whole characters, and
// not empty.
func within(text string, s *secondsourcev1.Span) (mark, bool) {
	from, to := int(s.GetStart()), int(s.GetEnd())
	if s == nil || from < 0 || from >= to || to > len(text) || !utf8.RuneStart(text[from]) || to < len(text) && !utf8.RuneStart(text[to]) {
		return mark{}, false
	}
	return mark{from: from, to: to}, true
}

// markText cuts a text where marks begin and end. Claims lead to themselves; of the
// one that is chosen its words and the links of its chain are told apart.
func markText(text string, all []*secondsourcev1.Claim, chosen *secondsourcev1.Claim) []markedPiece {
	var marks []mark
	for _, x := range all {
		if len(x.GetEvidence()) == 0 {
			continue
		}
		m, ok := within(text, x.GetEvidence()[0].GetSpan())
		if !ok {
			continue
		}
		n := strconv.Itoa(int(x.GetIndex()))
		m.class, m.link, m.id, m.label = "claim", "?claim="+n+"#claim-"+n, "claim-"+n, "Claim "+n
		marks = append(marks, m)
	}
	if chosen != nil {
		for _, e := range chosen.GetEvidence() {
			if m, ok := within(text, e.GetSpan()); ok {
				m.class = "chosen"
				marks = append(marks, m)
			}
		}
		for i, h := range chosen.GetAttribution().GetHops() {
			if m, ok := hopMark(text, h); ok {
				m.class, m.number = "hop", i+1
				marks = append(marks, m)
			}
			if m, ok := within(text, h.GetCueSpan()); ok {
				m.class = "cue"
				marks = append(marks, m)
			}
		}
	}
	return cutAt(text, marks)
}

// hopMark is where a text names a link of a chain, if it does.
func hopMark(text string, h *secondsourcev1.Hop) (mark, bool) {
	if p := h.GetSourcePart(); p != secondsourcev1.DocumentPart_DOCUMENT_PART_TEXT && p != secondsourcev1.DocumentPart_DOCUMENT_PART_UNSPECIFIED {
		return mark{}, false
	}
	return within(text, h.GetSourceSpan())
}

// cutAt cuts a text at the edges of its marks, in time linear in the pieces and the
// marks over each. A piece leads to the claim that begins latest and is shortest, so
// that each can be reached where claims overlap.
func cutAt(text string, marks []mark) []markedPiece {
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	edges := []int{0, len(text)}
	for _, m := range marks {
		edges = append(edges, m.from, m.to)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []markedPiece
	var open []mark
	next := 0
	for i := 0; i+1 < len(edges); i++ {
		from, to := edges[i], edges[i+1]
		open = slices.DeleteFunc(open, func(m mark) bool { return m.to <= from })
		p := markedPiece{Text: text[from:to]}
		for ; next < len(marks) && marks[next].from == from; next++ {
			open = append(open, marks[next])
			if n := marks[next].number; n > 0 {
				p.Number = n
			}
			if marks[next].id != "" {
				p.ID = marks[next].id // the shortest that begins here
			}
		}
		var classes []string
		for _, m := range open {
			if !slices.Contains(classes, m.class) {
				classes = append(classes, m.class)
			}
			if m.link != "" {
				p.Link, p.Label = m.link, m.label
			}
		}
		p.Class = strings.Join(classes, " ")
		out = append(out, p)
	}
	return out
}
