package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// figure is a number in running text with what it seems to count: the first
// words of content after it, and the one before ("magnitude 6.3").
type figure struct {
	value   float64
	of      []*sense // at most five
	unit    string   // "%", "USD", "" for a count
	decimal bool     // written with a decimal part
	open    bool     // "at least", "more than": a bound, which more does not contradict
}

// countedWithin is how many words after a number are looked at for what it counts.
const countedWithin = 4

var smallNumbers = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	"dozen": 12, "pair": 2, "couple": 2, "duo": 2, "both": 2, "trio": 3, "twice": 2, "half": 0.5, "third": 3, "second": 2}

var largeNumbers = map[string]float64{"hundred": 100, "thousand": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "k": 1e3, "trillion": 1e12, "lakh": 1e5, "crore": 1e7}

// bounding words make a number a lower bound.
var bounding = wordSet("least than over exceeding minimum")

// plainNumber reads one word: "1,140", "34m", "€34m", "twelve".
func plainNumber(w string) (float64, bool) {
	if v, ok := smallNumbers[w]; ok {
		return v, true
	}
	w = strings.TrimLeft(w, "$€£¥₹~")
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0, false
	}
	end := len(w)
	for end > 0 && (w[end-1] < '0' || w[end-1] > '9') {
		end--
	}
	scale, suffix := 1.0, strings.TrimSuffix(w[end:], "%")
	if suffix != "" {
		v, ok := largeNumbers[suffix]
		if !ok {
			return 0, false
		}
		scale = v
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(w[:end], ",", ""), 64)
	return v * scale, err == nil
}

// figuresOf reads the numbers of words in order. Years and days of a month are
// numbers too: what they count tells them apart.
func figuresOf(ts []token) (out []figure) {
	for i := 0; i < len(ts); i++ {
		v, ok := plainNumber(ts[i].lower)
		if !ok {
			continue
		}
		f := figure{decimal: strings.Contains(strings.TrimRight(ts[i].lower, ".,"), "."), unit: unitOf(ts, i)}
		for k := i - 1; k >= max(0, i-2); k-- {
			f.open = f.open || bounding[ts[k].lower]
		}
		for k := i - 1; k >= max(0, i-countedWithin) && len(f.of) < 2; k-- {
			if ts[k].stem != "" && !isNumberWord(ts[k].lower) {
				f.of = append(f.of, ts[k].sense)
			}
		}
		for i+1 < len(ts) {
			if x, ok := largeNumbers[ts[i+1].lower]; ok {
				v *= x
			} else if u, ok := smallNumbers[ts[i+1].lower]; ok && v >= 20 && v < 100 && u < 10 {
				v += u
			} else {
				break
			}
			i++
		}
		f.value = v
		for k := i + 1; k < len(ts) && k <= i+countedWithin && len(f.of) < 5; k++ {
			if ts[k].stem != "" && !isNumberWord(ts[k].lower) {
				f.of = append(f.of, ts[k].sense)
			}
		}
		out = append(out, f)
	}
	return out
}

// unitOf reads the sign or word of a unit at a number.
func unitOf(ts []token, i int) string {
	w := ts[i].lower
	if strings.HasSuffix(w, "%") {
		return "%"
	}
	for _, sign := range [...]string{"$", "€", "£"} {
		if strings.HasPrefix(w, sign) {
			return sign
		}
	}
	for k := i + 1; k <= i+2 && k < len(ts); k++ {
		switch ts[k].lower {
		case "percent", "per", "percentage":
			return "%"
		case "euros", "dollars", "pounds", "crowns", "km", "kilometres", "metres", "tonnes", "mm", "years", "days", "hours", "weeks", "months", "minutes":
			return ts[k].lower
		}
	}
	return ""
}

// agreesWith tells whether a number is as the query asks, with "about" and "at
// least".
func (f figure) agreesWith(lo, hi float64) bool { return f.value >= lo && f.value <= hi }

// counts tells how surely a figure counts what a number of the query does, and what
// the query's other numbers do.
func (r *Reader) counts(f *figure, i int) (of, swapped float64) {
	for _, s := range f.of {
		c := r.countedAs(s)
		of, swapped = max(of, c.of[i]), max(swapped, c.swapped[i])
	}
	return of, swapped
}

// asked is a number of the query with what it counts.
type asked struct {
	figure

	lo, hi  float64
	open    bool
	swapped []*sense // what the query's other numbers count
}

// askedNumbers reads the query's numbers. A number that stands alone counts what
// the query is about.
func askedNumbers(q *side) []asked {
	fs := figuresOf(q.tokens)
	var out []asked
	for _, n := range q.nums {
		a := asked{open: n.Open || n.Approx}
		a.lo, a.hi = limits(n)
		a.value = n.Min
		for _, f := range fs {
			if f.value == n.Min || f.value == n.Max {
				a.figure = f
				break
			}
		}
		a.count(Stem(n.Of))
		if n.Of == "" {
			for _, p := range q.pred {
				a.count(p.stem)
			}
			if x := q.c.Frame.Argument(claims.Agent); x != nil && x.Entity == "" {
				a.count(Stem(x.Head)) // "the tremor measured 6.3"
			}
		}
		out = append(out, a)
	}
	for i := range out {
		for k := range out {
			if k != i {
				out[i].swapped = append(out[i].swapped, out[k].of...)
			}
		}
	}
	return out
}

// count adds a stem to what the number counts.
func (a *asked) count(stem string) {
	if stem != "" && !slices.ContainsFunc(a.of, func(s *sense) bool { return s.stem == stem }) {
		a.of = append(slices.Clip(a.of), senseOf(stem))
	}
}

// shape tells how alike two numbers are as figures of one thing: the same unit,
// both whole or not, of one size.
func (a *asked) shape(f figure) float64 {
	s := 1.0
	if f.open && f.value < a.value {
		return 0
	}
	if a.unit != f.unit {
		s *= 0.4
	}
	if a.decimal != f.decimal {
		s *= 0.6
	}
	if f.value <= 0 || a.value <= 0 || f.value > 4*a.value || a.value > 4*f.value {
		s *= 0.6
	}
	if f.unit == "" && f.value >= 1900 && f.value < 2100 && !f.decimal {
		s *= 0.2 // a year
	}
	return s
}

// figures compares the query's numbers with those of some parts: how many are
// borne out, how surely another number stands where one is asked, and whether the
// number is there but counts something else.
func (r *Reader) figures(v *view, from []int) (held, clash, moved float64) {
	if len(r.asked) == 0 {
		return 1, 0, 0
	}
	for i := range r.asked {
		a := &r.asked[i]
		best, against, elsewhere := 0.0, 0.0, 0.0
		for _, at := range from {
			for k := range v.said[at].figures {
				f := &v.said[at].figures[k]
				n, swapped := r.counts(f, i)
				if f.agreesWith(a.lo, a.hi) {
					best = max(best, 0.5+0.5*n)
					if n < sameSpecific {
						elsewhere = max(elsewhere, swapped)
					}
				} else {
					against = max(against, (0.3+0.7*n)*a.shape(*f))
				}
			}
		}
		held += best
		if best < 0.9 {
			clash = max(clash, against)
			moved = max(moved, elsewhere)
		}
	}
	return held / float64(len(r.asked)), clash, moved
}

// clearly is how surely another number stands in the place of one that is asked
// for, before it may be named.
const clearly = 0.6

// otherFigure names a number that stands where the query has another one, or "".
func (r *Reader) otherFigure(v *view, from []int) string {
	for i := range r.asked {
		a := &r.asked[i]
		best, found := 0.0, figure{}
		for _, at := range from {
			for k := range v.said[at].figures {
				f := &v.said[at].figures[k]
				n, _ := r.counts(f, i)
				if f.agreesWith(a.lo, a.hi) {
					best = 1
					found = figure{}
				} else if s := (0.3 + 0.7*n) * a.shape(*f); s > best && best < 1 {
					best, found = s, *f
				}
			}
		}
		if best >= clearly && found.value != 0 && !a.open {
			return fmt.Sprintf("the document gives %s, the claim %s", strconv.FormatFloat(found.value, 'f', -1, 64), strconv.FormatFloat(a.value, 'f', -1, 64))
		}
	}
	return ""
}

// gives tells whether a document gives the numbers asked for, of whatever.
func (r *Reader) gives(ctx *Context) bool {
	v := r.view(ctx)
	for i := range r.asked {
		given := false
		for k := range v.said {
			for _, f := range v.said[k].figures {
				given = given || f.agreesWith(r.asked[i].lo, r.asked[i].hi) && !f.open
			}
		}
		if !given {
			return false
		}
	}
	return true
}
