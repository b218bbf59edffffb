package web

import (
	"slices"
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// besideView sets two texts side by side, line by line, with what differs marked.
type besideView struct {
	Name, Link, Publisher, Published string
	Rows                             []besideRow
	Whole                            bool // too long to be compared line by line
	Close                            string
}

// besideRow is a line of either text; one that the other has not stands alone.
type besideRow struct {
	Left, Right []piece
	Same        bool
}

// maxBesideLines bounds the lines of either text that are compared.
const maxBesideLines = 600

// beside compares the document shown with another one.
func (d *Desk) beside(c *call, doc *secondsourcev1.Document, other string) (*besideView, error) {
	res, err := d.documents.GetDocument(c.ctx, &secondsourcev1.GetDocumentRequest{Name: "documents/" + other})
	if err != nil {
		return nil, err
	}
	o := res.GetDocument()
	v := &besideView{Name: headline(o), Link: documentLink(o.GetName()), Publisher: o.GetPublisher(), Published: when(o.GetPublishedAt()), Close: documentLink(doc.GetName())}
	a, b := linesOf(doc.GetText()), linesOf(o.GetText())
	if len(a) > maxBesideLines || len(b) > maxBesideLines {
		v.Whole = true
		return v, nil
	}
	v.Rows = besideRows(a, b)
	return v, nil
}

// linesOf are the lines of a text that hold something.
func linesOf(text string) []string {
	return slices.DeleteFunc(strings.Split(strings.ReplaceAll(text, "\r", ""), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// besideRows pairs the lines that two texts share, in order, and between them those
// that stand for each other.
func besideRows(a, b []string) (rows []besideRow) {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var left, right []string // lines since the last one that both have
	flush := func() {
		for k := range max(len(left), len(right)) {
			var r besideRow
			switch {
			case k >= len(right):
				r.Left = []piece{{left[k], true}}
			case k >= len(left):
				r.Right = []piece{{right[k], true}}
			default:
				r.Left, r.Right = differing(left[k], right[k])
			}
			rows = append(rows, r)
		}
		left, right = nil, nil
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			flush()
			rows = append(rows, besideRow{[]piece{{a[i], false}}, []piece{{b[j], false}}, true})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			left = append(left, a[i])
			i++
		default:
			right = append(right, b[j])
			j++
		}
	}
	flush()
	return rows
}
