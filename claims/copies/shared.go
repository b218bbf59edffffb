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

// Text is a text made ready to be compared with many others. It is not changed by
// a comparison.
type Text struct {
	text   string
	words  []word
	hashes []uint64
	own    []bool
	least  int              // words of a run
	runs   []uint64         // by the place of its first word; 0 where one is not own
	places map[uint64][]int // of runs, at most maxPlaces of each
	quoted []quotation
	order  map[uint64]int // quotation -> its first place, from 1
}

// NewText makes a text ready, for runs of at least so many own words; fewer than 2
// is 2.
func NewText(text string, least int) *Text {
	t := &Text{text: text, words: split(text, nil), least: max(least, 2), quoted: quoted(text), order: map[uint64]int{}, places: map[uint64][]int{}}
	t.hashes, t.own = hashes(t.words), ownWords(text, t.words)
	t.runs = runs(t.hashes, t.own, t.least)
	for i, key := range t.runs {
		if key != 0 && len(t.places[key]) < maxPlaces {
			t.places[key] = append(t.places[key], i)
		}
	}
	for i, q := range slices.Backward(t.quoted) {
		t.order[q.key] = i + 1
	}
	return t
}

// String is the text.
func (t *Text) String() string { return t.text }

// Passages lists the longest runs of own words that two texts share, in the order
// of the first, none overlapping in it. Both were made ready for the same least.
func (t *Text) Passages(o *Text) []Passage {
	var out []Passage
	for i := 0; i < len(t.runs); {
		best, at := 0, 0
		if t.runs[i] != 0 {
			for _, k := range o.places[t.runs[i]] {
				n := 0
				for i+n < len(t.hashes) && k+n < len(o.hashes) && t.hashes[i+n] == o.hashes[k+n] && t.own[i+n] && o.own[k+n] {
					n++
				}
				if n > best {
					best, at = n, k
				}
			}
		}
		if best < t.least {
			i++
			continue
		}
		out = append(out, Passage{t.words[i].span.Cover(t.words[i+best-1].span), o.words[at].span.Cover(o.words[at+best-1].span), best})
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
// bytes of the first.
func (t *Text) Quotations(o *Text) []claims.Span {
	qa, at := t.quoted, o.order
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
