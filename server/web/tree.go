package web

import (
	"strconv"
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// tree is the drawing of who relayed whom: origins on the left, what passed it on
// in between, the documents on the right. Units are those of SVG.
type tree struct {
	Width, Height int
	Nodes         []treeNode
	Edges         []treeEdge
	Left          int // documents that are not drawn
}

type treeNode struct {
	X, Y, Width, Height     int
	TextX, First, Second    int
	Name, Full, Under, Link string
	Class                   string
}

type treeEdge struct {
	Path, Label    string
	LabelX, LabelY int
	Class          string
}

const (
	boxWidth, boxHeight = 190, 44
	gapX, gapY          = 136, 14
	margin              = 8
	maxLeaves           = 60
	maxLabel            = 24 // characters
)

// relay is one who passes it on, or the document at the end.
type relay struct {
	name, under, link, via, class string
	next                          []*relay
	y, depth                      int
}

// newTree draws the origins; nil where there are none.
func newTree(origins []*secondsourcev1.Origin) *tree {
	t, leaves := &tree{}, 0
	y := margin
	for _, o := range origins {
		root := &relay{name: o.GetDisplayName(), under: "counts as one origin", class: "for"}
		if o.GetStance() == secondsourcev1.Stance_STANCE_REFUTES {
			root.class = "against"
		}
		if !o.GetIdentified() {
			root.under = "in the upper bound only"
			root.class += " unsure"
		}
		for _, e := range o.GetEvidence() {
			if leaves++; leaves > maxLeaves {
				t.Left++
				continue
			}
			root.pass(e)
		}
		if len(root.next) > 0 {
			root.place(&y, 0)
			t.draw(root)
		}
	}
	if len(t.Nodes) == 0 {
		return nil
	}
	t.Height = y - gapY + margin
	return t
}

// pass adds the way of one assertion from the origin to its document.
func (r *relay) pass(e *secondsourcev1.Evidence) {
	hops, doc := e.GetClaim().GetAttribution().GetHops(), e.GetDocument()
	at, via := r, ""
	if n := len(hops); n > 0 {
		via = edgeWord(hops[n-1])
		for i := n - 2; i > 0; i-- {
			at = at.to(hopName(hops[i], doc), via)
			via = edgeWord(hops[i])
		}
	}
	name := doc.GetPublisher()
	if name == "" {
		name = "unknown publisher"
	}
	under := documentKind(doc.GetKind())
	if d := day(doc.GetPublishedAt()); d != "" {
		under += ", " + d
	}
	leaf := &relay{name: name, under: under, link: claimLink(e.GetClaim().GetName()), via: via, class: "document"}
	if e.GetWithdrawn() {
		leaf.class += " withdrawn"
		leaf.under = "taken back"
	}
	at.next = append(at.next, leaf)
}

// edgeWord is how something was passed on, short: where it was said, or how it is
// given.
func edgeWord(h *secondsourcev1.Hop) string {
	if m := medium(h.GetMedium()); m != "" {
		return m
	}
	if h.GetManner() == secondsourcev1.Manner_MANNER_OWN_VOICE {
		return ""
	}
	return manner(h.GetManner())
}

// to finds or adds one who passes it on.
func (r *relay) to(name, via string) *relay {
	for _, n := range r.next {
		if n.link == "" && strings.EqualFold(n.name, name) && n.via == via {
			return n
		}
	}
	n := &relay{name: name, under: "passes it on", via: via, class: "relay"}
	r.next = append(r.next, n)
	return n
}

// place gives each its height: leaves below one another, the others in the middle
// of what comes from them.
func (r *relay) place(y *int, depth int) {
	r.depth = depth
	if len(r.next) == 0 {
		r.y = *y
		*y += boxHeight + gapY
		return
	}
	for _, n := range r.next {
		n.place(y, depth+1)
	}
	r.y = (r.next[0].y + r.next[len(r.next)-1].y) / 2
}

func (t *tree) draw(r *relay) {
	x := margin + r.depth*(boxWidth+gapX)
	t.Width = max(t.Width, x+boxWidth+margin)
	t.Nodes = append(t.Nodes, treeNode{X: x, Y: r.y, Width: boxWidth, Height: boxHeight, TextX: x + 10, First: r.y + 19, Second: r.y + 35,
		Name: cutShort(r.name, maxLabel), Full: r.name, Under: cutShort(r.under, maxLabel+6), Link: r.link, Class: r.class})
	for _, n := range r.next {
		from, to := x+boxWidth, x+boxWidth+gapX
		a, b, mid := r.y+boxHeight/2, n.y+boxHeight/2, from+gapX/2
		t.Edges = append(t.Edges, treeEdge{Path: curve(from, a, mid, to, b), Label: cutShort(n.via, 22), LabelX: to - 6, LabelY: b - 5, Class: n.class})
		t.draw(n)
	}
}

// curve is the line from one box to the next, in SVG's language.
func curve(from, a, mid, to, b int) string {
	return "M" + join(from, a) + " C" + join(mid, a) + " " + join(mid, b) + " " + join(to, b)
}

func cutShort(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " ,") + "…"
}

func join(x, y int) string { return strconv.Itoa(x) + "," + strconv.Itoa(y) }
