package match

import (
	"fmt"
	"math"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// numberWords are the words of which numbers are made.
var numberWords = wordSet("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen " +
	"twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion lakh crore dozen dozens pair couple trio percent percentage")

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func isNumberWord(lower string) bool { return isNumber(lower) || numberWords[lower] }

// setWords are numbers that the reading of digits and numerals leaves out.
var setWords = map[string]float64{"pair": 2, "couple": 2, "duo": 2, "both": 2, "trio": 3, "half a dozen": 6, "half dozen": 6}

// quantitiesOf are the numbers of a claim, with those named by a set ("a pair of
// guards").
func quantitiesOf(c *claims.Claim) []claims.Quantity {
	out := make([]claims.Quantity, 0, len(c.Frame.Quantities))
	for _, q := range c.Frame.Quantities {
		year := q.Min == math.Trunc(q.Min) && q.Min >= 1900 && q.Min < 2100 && q.Of == "" && q.Unit == "" && !strings.Contains(q.Text, ",")
		if !year {
			out = append(out, q)
		}
	}
	if len(out) > 0 {
		for i := range out {
			if strings.EqualFold(out[i].Text, "dozen") && strings.Contains(strings.ToLower(c.Text), "half a dozen") {
				out[i].Min, out[i].Max = 6, 6
			}
		}
		return out
	}
	ts := tokens(c.Text)
	for _, t := range ts {
		v, ok := setWords[t.lower]
		if !ok {
			continue
		}
		out = append(out, claims.Quantity{Min: v, Max: v, Text: t.lower})
	}
	return out
}

// bearing is how a number of a claim stands to one of the query.
type bearing int

const (
	apart    bearing = iota // of another thing
	entailed                // what is said bears out what is asked
	open                    // both can be so, neither follows
	against                 // they cannot both be so
)

// compare tells how quantity b of a claim stands to quantity a of the query.
func compare(a, b claims.Quantity) bearing {
	if a.Unit != b.Unit {
		return apart
	}
	lo, hi := limits(a)
	l, h := limits(b)
	switch {
	case l >= lo && h <= hi, a.Approx && !b.Open && l <= hi && h >= lo:
		return entailed
	case b.Approx && !a.Open && a.Min >= l && a.Max <= h:
		return open
	case l <= hi && h >= lo:
		return open
	}
	return against
}

// approximate is how far "about" reaches, as a share.
const approximate = 0.08

func limits(x claims.Quantity) (lo, hi float64) {
	lo, hi = x.Min, x.Max
	if x.Open {
		hi = math.Inf(1)
	}
	if x.Approx {
		lo, hi = lo*(1-approximate), hi*(1+approximate)
	}
	return lo, hi
}

// counted tells whether two numbers count the same thing: 1 yes, 0 no, .5 when
// one does not say.
func counted(a, b claims.Quantity) float64 {
	x, y := Stem(a.Of), Stem(b.Of)
	switch {
	case x == y && x != "":
		return 1
	case x == "" || y == "":
		return 0.5
	}
	p, q := senseOf(x), senseOf(y)
	if p.same(q) >= sameSpecific || q.same(p) >= sameSpecific {
		return 1
	}
	if p.person && q.person {
		return 0.5
	}
	return 0
}

// telling: a number that two reports seldom share by chance.
func telling(q claims.Quantity) bool {
	return !q.Open && (q.Min != math.Trunc(q.Min) || q.Min >= 20 && q.Min == q.Max)
}

// numbers compares the query's numbers with a claim's. held is the share of them
// that the claim bears out, exact whether a telling one is the very same; why is
// not empty when one is contradicted.
func numbers(qs, cs []claims.Quantity) (held float64, exact bool, why string) {
	for _, a := range qs {
		best, clash := 0.0, ""
		for _, b := range cs {
			same := counted(a, b)
			if same == 0 && a.Unit == "" {
				continue
			}
			switch compare(a, b) {
			case entailed:
				best = max(best, 0.6+0.4*same)
				exact = exact || telling(a) && b.Min == a.Min && b.Max == a.Max
			case against:
				if same == 1 || a.Unit != "" || len(cs) == 1 && same > 0 {
					clash = fmt.Sprintf("the document gives %s, the claim %s", b.Text, a.Text)
				}
			case open:
				best = max(best, 0.2)
			case apart:
			}
		}
		if best == 0 && clash != "" {
			return held / float64(len(qs)), exact, clash
		}
		held += best
	}
	if len(qs) == 0 {
		return 1, false, ""
	}
	return held / float64(len(qs)), exact, ""
}
