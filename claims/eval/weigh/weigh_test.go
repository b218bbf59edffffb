package main

import (
	"math"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

func TestReadLessons(t *testing.T) {
	ls, err := readLessons([]byte("# what follows\n= a bridge\nD X_POST | @elsen | 2026-05-04T10:00:00Z |\nThe bridge is down.\n\nNobody is hurt.\nD ARTICLE | Courier | 2026-05-05T10:00:00Z | Bridge stands\nIt stands.\nQ 1;2 | The bridge fell\nQ ; | It rained\n"))
	if err != nil || len(ls) != 1 || len(ls[0].documents) != 2 || len(ls[0].questions) != 2 {
		t.Fatalf("%+v, %v", ls, err)
	}
	if d := ls[0].documents[0]; d.Text != "The bridge is down.\n\nNobody is hurt." || d.Publisher != "@elsen" || d.Kind != claims.KindXPost {
		t.Errorf("%+v", d)
	}
	if q := ls[0].questions[0]; q.claim != "The bridge fell" || len(q.supports) != 1 || q.refutes[0] != "2" {
		t.Errorf("%+v", q)
	}
	for _, bad := range []string{"text before a lesson", "= x\nD only | three | fields", "= x\nD A | B | yesterday | C", "= x\nQ no mark"} {
		if _, err := readLessons([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// Every lesson that is shipped can be read, and each question is one.
func TestLessonsAreSound(t *testing.T) {
	rows, err := lessons(extract.New(language.English()))
	if err != nil {
		t.Fatal(err)
	}
	pro, con := 0, 0
	for _, r := range rows {
		if r.supports {
			pro++
		}
		if r.refutes {
			con++
		}
	}
	if pro < 300 || con < 250 {
		t.Errorf("%d support, %d refute", pro, con)
	}
}

func TestOwnWordsTurned(t *testing.T) {
	x := extract.New(language.English())
	for _, tt := range []struct{ text, not, other string }{
		{"Karla Wendt was sacked.", "Karla Wendt was not sacked", "Tolvey Wendt was sacked"},
		{"The bridge collapsed.", "The bridge did not collapse", ""},
	} {
		c := &x.Query(tt.text, claims.Document{})[0]
		if got := negated(c); got != tt.not {
			t.Errorf("the negation of %q is %q, want %q", tt.text, got, tt.not)
		}
		if got := renamed(c); (got == "") != (tt.other == "") || got == c.Text {
			t.Errorf("%q of somebody else is %q", tt.text, got)
		}
	}
}

// Trees learn what two grounds tell together, and keep to their signs.
func TestGrow(t *testing.T) {
	var es []example
	for i := range 400 {
		a, b := float64(i%2), float64(i/2%2)
		es = append(es, example{[]float64{a, b}, a * b, 1})
	}
	s := standard
	s.rows, s.cols = 1, 1
	f := grow(es, []int8{1, 0}, s)
	for _, x := range [][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		if p := 1 / (1 + math.Exp(-f.Score(x))); math.Abs(p-x[0]*x[1]) > 0.1 {
			t.Errorf("%v: %.2f", x, p)
		}
	}
	g := grow(es, []int8{-1, 0}, s)
	if g.Score([]float64{1, 1}) > g.Score([]float64{0, 1})+1e-9 {
		t.Error("a ground that may only speak against speaks for")
	}
}
