package copies

import (
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// Passage is a run of words that stands in two texts, outside quotation marks
// and boilerplate of either.
type Passage struct {
	A, B  claims.Span
	Words int
}

// maxPlaces bounds the places of one run that are looked at: a phrase that a text
// repeats without end says no more than one that stands in it a few times.
const maxPlaces = 8

// Passages lists the longest runs of at least so many own words that two texts
// share, in the order of a, none overlapping in a. least below 2 is 2.
func Passages(a, b string, least int) []Passage {
	least = max(least, 2)
	wa, wb := split(a, nil), split(b, nil)
	if len(wa) < least || len(wb) < least {
		return nil
	}
	ha, hb := hashes(wa), hashes(wb)
	ownA, ownB := ownWords(a, wa), ownWords(b, wb)
	places := map[uint64][]int{}
	for i, key := range runs(hb, ownB, least) {
		if key != 0 && len(places[key]) < maxPlaces {
			places[key] = append(places[key], i)
		}
	}
	var out []Passage
	keys := runs(ha, ownA, least)
	for i := 0; i < len(keys); {
		best, at := 0, 0
		for _, k := range places[keys[i]] {
			n := 0
			for i+n < len(ha) && k+n < len(hb) && ha[i+n] == hb[k+n] && ownA[i+n] && ownB[k+n] {
				n++
			}
			if n > best {
				best, at = n, k
			}
		}
		if keys[i] == 0 || best < least {
			i++
			continue
		}
		out = append(out, Passage{wa[i].span.Cover(wa[i+best-1].span), wb[at].span.Cover(wb[at+best-1].span), best})
		i += best
	}
	return out
}

// runs hashes each run of n own words by the place of its first; 0 where a word
// is not own.
func runs(hs []uint64, own []bool, n int) []uint64 {
	out := make([]uint64, max(0, len(hs)-n+1))
	for i := range out {
		h := uint64(fnvOffset)
		for k := i; k < i+n; k++ {
			if !own[k] {
				h = 0
				break
			}
			h = h*shingleBase + hs[k]
		}
		out[i] = h
	}
	return out
}

// Within is the share of the words of a range of a that stand in b in runs of
// three or more, 0 to 1: how much of a sentence another text has word for word.
func Within(a string, s claims.Span, b string) float64 {
	const least = 3
	if !s.In(len(a)) {
		return 0
	}
	ws, hb := split(s.Of(a), nil), hashes(split(b, nil))
	if len(ws) < least {
		return 0
	}
	have := map[uint64]bool{}
	all := make([]bool, max(len(ws), len(hb)))
	for i := range all {
		all[i] = true
	}
	for _, h := range runs(hb, all, least) {
		have[h] = true
	}
	in := make([]bool, len(ws))
	for i, h := range runs(hashes(ws), all[:len(ws)], least) {
		if have[h] {
			in[i], in[i+1], in[i+2] = true, true, true
		}
	}
	n := 0
	for _, x := range in {
		if x {
			n++
		}
	}
	return float64(n) / float64(len(ws))
}

// QuoteWords is the least number of words of a quotation that tells one speech
// from another.
const QuoteWords = 4

// Quotations lists the quotations of at least QuoteWords words that stand in both
// texts in the same order: the longest such row (Hunt and Szymanski 1977), as
// bytes of a.
func Quotations(a, b string) []claims.Span {
	qa, qb := quoted(a), quoted(b)
	at := map[uint64]int{}
	for i, q := range slices.Backward(qb) {
		at[q.key] = i + 1
	}
	type row struct{ last, before int }
	var rows []row     // by quotation of a that is in b
	var spans []int    // its place in qa
	longest := []int{} // row that ends the best chain of each length
	for i, q := range qa {
		k := at[q.key]
		if k == 0 {
			continue
		}
		n, _ := slices.BinarySearchFunc(longest, k, func(r, k int) int { return rows[r].last - k })
		before := -1
		if n > 0 {
			before = longest[n-1]
		}
		rows, spans = append(rows, row{k, before}), append(spans, i)
		if n == len(longest) {
			longest = append(longest, len(rows)-1)
		} else {
			longest[n] = len(rows) - 1
		}
	}
	if len(longest) == 0 {
		return nil
	}
	var out []claims.Span
	for r := longest[len(longest)-1]; r >= 0; r = rows[r].before {
		out = append(out, qa[spans[r]].span)
	}
	slices.Reverse(out)
	return out
}

type quotation struct {
	key  uint64
	span claims.Span
}

func quoted(text string) []quotation {
	var out []quotation
	for _, s := range quotations(text) {
		ws := split(s.Of(text), nil)
		if len(ws) < QuoteWords {
			continue
		}
		key := uint64(fnvOffset)
		for _, w := range ws {
			key = key*shingleBase + w.hash
		}
		out = append(out, quotation{key, s})
	}
	return out
}
