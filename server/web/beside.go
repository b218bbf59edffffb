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
	inOrder(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }, func(i, j int) {
		switch {
		case j < 0:
			left = append(left, a[i])
		case i < 0:
			right = append(right, b[j])
		default:
			flush()
			rows = append(rows, besideRow{[]piece{{a[i], false}}, []piece{{b[j], false}}, true})
		}
	})
	flush()
	return rows
}
