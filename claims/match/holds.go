package match

// Thresholds of Holds, tuned on the development part of FEVER-Symmetric.
const (
	holdsAt     = 0.60 // share of what is said of the subject
	nameCounts  = 1.5  // weight of a name or number beside other words
	againstBy   = 1.0  // weight that an opposite adds to what is not said
	mostWords   = 400  // of either text that are compared
	mostSubject = 12   // words of a subject
)

// negating words turn a statement round.
var negating = wordSet("not no never zero none without fail fails failed refuse refused refuses decline declined nobody nothing incapable unable neither yet")

func (t token) negates() bool { return t.denying }

// Holds tells whether a text that is known to decide a claim bears it out or
// contradicts it. The claim's subject, its leading name, counts for nothing: the
// text may call it by another name or a pronoun. A negation in one of the two
// turns the answer round.
func Holds(claim, text string) bool {
	q, d := tokens(claim), tokens(text)
	q, d = q[:min(len(q), mostWords)], d[:min(len(d), mostWords)]
	odd, denied := false, false
	for _, t := range q {
		odd = odd != t.negates()
	}
	for _, t := range d {
		denied = denied || t.negates()
	}
	said := sensesOf(d)
	have, total := 0.0, 0.0
	for _, t := range q[subject(q):] {
		if t.stem == "" || t.negates() {
			continue
		}
		w := content(t.stem)
		if t.capital || isNumberWord(t.lower) {
			w *= nameCounts
		}
		v := t.saidBy(d, said)
		if v == 0 {
			for _, u := range d {
				if u.stem != "" && opposite(t.stem, u.stem) {
					total += againstBy
				}
			}
		}
		total += w
		have += w * v
	}
	holds := total == 0 || have/total >= holdsAt
	if odd == denied {
		return holds
	}
	// Denied there and affirmed here: what it says of the matter is against it, and
	// what it does not say is not borne out either.
	return !holds && odd
}

// sensesOf are the senses of the words of a text, by stem.
func sensesOf(ts []token) map[string]*sense {
	m := map[string]*sense{}
	for _, t := range ts {
		if t.stem != "" && m[t.stem] == nil {
			m[t.stem] = senseOf(t.stem)
		}
	}
	return m
}

// saidBy is how well a word is said in a text, 0..1.
func (t token) saidBy(text []token, senses map[string]*sense) float64 {
	if senses[t.stem] != nil {
		return 1
	}
	best, own := 0.0, senseOf(t.stem)
	for _, u := range text {
		if t.capital && u.capital && u.stem != "" && sameName(t, u) {
			return 1
		}
		if s := senses[u.stem]; s != nil {
			best = max(best, own.same(s))
		}
	}
	return best
}

// subject is the length of the name that a claim begins with, in words.
func subject(ts []token) int {
	n := 0
	for n < min(len(ts), mostSubject) {
		switch w := ts[n].lower; {
		case ts[n].capital:
		case n > 0 && (w == "of" || w == "the" || w == "and" || w == "in"):
		default:
			return n
		}
		n++
	}
	return n
}
