package match

import (
	"strings"

	"github.com/secondsource/secondsource/claims/language"
)

// name is one maximal name of a query: its words in order, and which of them
// must be said for it to be the same name.
type name struct {
	tokens   []token
	required []bool
	modifies bool // stands before a common noun: "Ruritanian guards", "Ruritania's minister"
}

func (n name) String() string {
	var ws []string
	for _, t := range n.tokens {
		ws = append(ws, t.lower)
	}
	return strings.Join(ws, " ")
}

// namesOf finds the maximal runs of capitalised words.
func namesOf(ts []token, inTime map[string]bool) []name {
	var out []name
	for i := 0; i < len(ts); {
		if !nameWord(ts, i, inTime) {
			i++
			continue
		}
		n := name{}
		j := i
		for ; j < len(ts); j++ {
			of := ts[j].lower == "of" && j+1 < len(ts) && nameWord(ts, j+1, inTime)
			if j > i && !(ts[j].phrase && (nameWord(ts, j, inTime) || of || isNumber(ts[j].lower) && !inTime[ts[j].lower] || len(ts[j].lower) == 1 && isNumber(ts[j-1].lower))) {
				break
			}
			if !of {
				n.tokens = append(n.tokens, ts[j])
			}
		}
		strict := 0
		for _, t := range n.tokens {
			r := len(wordnet().find(t.stem)) == 0 || len(t.lower) == 1
			n.required = append(n.required, r)
			if r {
				strict++
			}
		}
		if strict == 0 {
			for k, t := range n.tokens {
				n.required[k] = !isTitle(t) || language.CountryOf(t.lower) != ""
			}
		}
		n.modifies = len(n.tokens) == 1 && j < len(ts) && !ts[j].capital && len(wordnet().find(ts[j].stem)) > 0
		out = append(out, n)
		i = j
	}
	return out
}

func nameWord(ts []token, i int, inTime map[string]bool) bool {
	t := ts[i]
	if isCode(t.lower) {
		return true
	}
	if !t.capital || t.stem == "" || inTime[t.lower] || calendar[t.lower] || isNumberWord(t.lower) {
		return false
	}
	if !t.first {
		return true
	}
	if language.CountryOf(t.lower) != "" {
		return true
	}
	// At the head of a sentence a capital tells nothing; an unknown word does.
	if len(wordnet().find(t.stem)) == 0 {
		return true
	}
	return i+1 < len(ts) && ts[i+1].capital && ts[i+1].phrase && !isTitle(t) && Rarity(t.stem) > 0.8
}

// calendar words have a capital and are no names.
var calendar = wordSet("january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday")

// isCode: a mark made of letters and digits ("4417B", "SK217") names one thing,
// where "10pm" and "34m" are measures.
func isCode(w string) bool {
	letters, digits := 0, 0
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'a' && r <= 'z':
			letters++
		default:
			return false
		}
	}
	return digits >= 2 && letters >= 1 && (digits >= 3 || w[0] > '9')
}

// isTitle: a word for somebody, as in "Colonel Verik".
func isTitle(t token) bool {
	for _, m := range wordnet().find(t.stem) {
		if m.person && m.rank == 0 {
			return true
		}
	}
	return false
}

// sameName tells whether two words are one name: the same word, or a country and
// its adjective. "Cole" and "Coles" are two.
func sameName(a, b token) bool {
	if a.lower == b.lower {
		return true
	}
	if a.lower == b.lower+"s" || b.lower == a.lower+"s" {
		return false
	}
	if a.stem == b.stem && a.stem != "" {
		return true
	}
	if !a.capital || !b.capital {
		return false
	}
	x, y := a.lower, b.lower
	if len(x) > len(y) {
		x, y = y, x
	}
	// "Ruritania", "Ruritanian"; "Zenda", "Zendan".
	if len(x) < 4 {
		return false
	}
	base := strings.TrimRight(x, "aiouey")
	if len(base) < 4 {
		base = x
	}
	return strings.HasPrefix(y, base) && adjectival[y[len(base):]]
}

var adjectival = wordSet("n an ian ean ese ish ic i ean ani nian ien ers er")

// nameFit is how a claim speaks of a name of the query.
type nameFit struct {
	share   float64 // 1 in the claim, .75 in its document alone, 0 nowhere
	another string  // a longer or other name that shares a word with it, or ""
	direct  bool
}

// fitName looks for a name in a claim and its document, of which it is known which
// of the name's words it has.
func fitName(n name, d *side, ctx *Context, said uint64) nameFit {
	has := func(ts []token, t token) bool {
		for i := range ts {
			if sameName(t, ts[i]) {
				return true
			}
		}
		return false
	}
	inText, inAlso, inDoc, required, partial := 0, 0, 0, 0, false
	for i, t := range n.tokens {
		in := has(d.tokens, t)
		partial = partial || in && n.required[i]
		if !n.required[i] {
			continue
		}
		required++
		also := in || has(d.also, t)
		if in {
			inText++
		}
		if also {
			inAlso++
		}
		if also || !blind(d.c) && said&(1<<i) != 0 {
			inDoc++
		}
	}
	f := nameFit{}
	if partial {
		f.another = d.otherName(n, has, ctx)
	}
	switch {
	case required == 0:
		f.share = 1
	case inText == required:
		f.share, f.direct = 1, true
	case inAlso == required:
		f.share, f.direct = 0.95, true
	case inDoc == required && partial:
		f.share, f.direct = 0.9, true
	case inDoc == required:
		f.share = contextAt
	}
	return f
}

// hasName: an adjective of the name, or the name of the adjective.
func (c *Context) hasName(t token) bool {
	if c.speaks(t.sense) && !c.hasWord(t.lower+"s") && !c.hasWord(strings.TrimSuffix(t.lower, "s")) {
		return true
	}
	if len(t.lower) < 5 {
		return false
	}
	for w := range c.words {
		if w.lower[0] == t.lower[0] && sameName(t, token{spelling: &spelling{lower: w.lower, capital: true}, sense: noSense}) {
			return true
		}
	}
	return false
}

// otherName: the claim's mention that shares a word with the name, where it has
// a word of its own and lacks one of the name's: another bearer of it. A common
// noun tells bearers apart ("Shipping", "Lines") only where the document never
// uses the one asked about.
func (s *side) otherName(n name, has func([]token, token) bool, ctx *Context) string {
	other := ""
	for _, m := range s.names {
		shared, lacks, extra, strange := false, false, false, false
		for _, t := range n.tokens {
			common := len(wordnet().find(t.stem)) > 0
			if has(m.tokens, t) {
				shared = true
			} else if !isTitle(t) && !(common && ctx.hasWord(t.lower)) {
				lacks, strange = true, strange || !common
			}
		}
		for _, t := range m.tokens {
			if !has(n.tokens, t) && !isTitle(t) && (strange || len(wordnet().find(t.stem)) > 0 || len(n.tokens) > 1) {
				extra = true
			}
		}
		if shared && !lacks {
			return ""
		}
		if shared && extra {
			other = m.String()
		}
	}
	return other
}
