package match

import (
	"regexp"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Context is what a document says around a claim. A claim that does not repeat
// where or of whom it speaks is read in it: a name may stand anywhere in the
// document, other words in its title or its lead.
type Context struct {
	lower map[string]bool
	stems map[string]bool
	lead  []string
	parts []part
	// Published anchors claims that name no time.
	Published time.Time
}

// maxContext and maxLead bound the words of a context, in stems.
const (
	maxContext = 3000
	maxLead    = 40
)

// part is about a sentence of a document.
type part struct {
	span  claims.Span
	stems []string
}

// maxNear is how far from a claim, in bytes, a sentence may begin or end to be
// near it.
const maxNear = 160

// near are the stems of the sentences round a span.
func (c Context) near(s claims.Span) (out []string) {
	if s.Empty() {
		return nil
	}
	for _, p := range c.parts {
		if p.span.Start < s.End+maxNear && p.span.End > s.Start-maxNear {
			out = append(out, p.stems...)
		}
	}
	return out
}

// parts cuts a text after marks that end sentences, and at line breaks.
func parts(text string) (out []part) {
	from := 0
	cut := func(to int) {
		if ss := Stems(text[from:to]); len(ss) > 0 {
			out = append(out, part{claims.Span{Start: from, End: to}, ss})
		}
		from = to
	}
	for i := 0; i < len(text) && len(out) < maxContext/10; i++ {
		if text[i] == '\n' || i > from+40 && i+1 < len(text) && text[i+1] == ' ' && (text[i] == '.' || text[i] == '!' || text[i] == '?') {
			cut(i + 1)
		}
	}
	cut(len(text))
	return out
}

// NewContext reads a document's context.
func NewContext(d *claims.Document) Context {
	c := Context{lower: map[string]bool{}, stems: map[string]bool{}, Published: d.PublishedAt}
	seen := map[string]bool{}
	add := func(ts []token, lead int) {
		for n, t := range ts {
			if n > maxContext {
				break
			}
			c.lower[t.lower] = true
			if t.stem == "" {
				continue
			}
			c.stems[t.stem] = true
			if n < lead && !seen[t.stem] {
				seen[t.stem] = true
				c.lead = append(c.lead, t.stem)
			}
		}
	}
	add(tokens(d.Title), 2*maxLead)
	add(tokens(d.Text), 2*maxLead)
	c.parts = parts(d.Text)
	return c
}

// Has tells whether the document uses a word of the stem, or one that says the
// same.
func (c Context) Has(stem string) bool {
	if c.stems[stem] {
		return true
	}
	s := senseOf(stem)
	for x := range c.stems {
		if s.same(senseOf(x)) >= sameRoot {
			return true
		}
	}
	return false
}

// blind: an embedded post knows nothing of the text round it.
func blind(c *claims.Claim) bool {
	for _, h := range c.Attribution.Hops {
		if h.Manner == claims.EmbedManner {
			return true
		}
	}
	return false
}

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

// side is one claim made ready for comparison.
type side struct {
	c        *claims.Claim
	tokens   []token
	words    []*sense // content that is neither name, number nor time, each once
	weight   []float64
	set      map[string]bool // all stems of the text
	lower    map[string]bool // all words of the text
	also     []token         // what else its entities are called
	pred     []*sense        // carry the predicate
	names    []name
	nums     []claims.Quantity
	polarity claims.Polarity // of the proposition as folded: "not guilty" affirms
	ahead    bool            // it tells of what is under way or to come, which a plan bears out
}

// underWay: "is closing", "is being moved", "is to close", "are due".
var underWay = regexp.MustCompile(`(?i)\b(is|are) (\w+ly )?(being |to be |to |due |set |\w+ing\b)|\b(was|were) (due|set|scheduled) |\bwill\b|\bdecided to\b`)

// lightWords are predicates that say little by themselves: what they govern
// carries the claim.
var lightWords = stemSet("happen occur take place make have get go come hold carry give put remain become exist include involve be stand amount suffer sustain " +
	"undergo face receive see begin start set do keep reach total number contain appear lie")

func stemSet(ws string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(ws) {
		m[Stem(w)] = true
	}
	delete(m, "")
	return m
}

func makeSide(c *claims.Claim, get func(string) *sense) side {
	s := side{c: c, set: map[string]bool{}, lower: map[string]bool{}}
	s.tokens = tokens(c.Text)
	inTime := map[string]bool{}
	for _, t := range tokens(c.Frame.Time.Text) {
		inTime[t.lower] = true
	}
	s.names = namesOf(s.tokens, inTime)
	named := map[string]bool{}
	for _, n := range s.names {
		for i, t := range n.tokens {
			named[t.lower] = named[t.lower] || n.required[i]
		}
	}
	for _, t := range s.tokens {
		s.lower[t.lower] = true
		if t.stem == "" {
			continue
		}
		if s.set[t.stem] {
			continue
		}
		s.set[t.stem] = true
		if named[t.lower] || inTime[t.lower] || isNumberWord(t.lower) || len(s.words) >= maxTerms {
			continue
		}
		s.words = append(s.words, get(t.stem))
		s.weight = append(s.weight, 0.25+0.75*Rarity(t.stem))
	}
	for _, a := range c.Frame.Arguments {
		for _, x := range append([]string{a.Entity}, a.Also...) {
			s.also = append(s.also, tokens(x)...)
		}
	}
	s.nums = quantitiesOf(c)
	s.polarity = c.Polarity
	for _, t := range s.tokens {
		if t.negation && c.Polarity == claims.Negative {
			s.polarity = claims.Positive
		}
	}
	s.ahead = c.Modality == claims.Planned || underWay.MatchString(c.Text)
	s.pred = predicateOf(c, s.set, get)
	for _, t := range s.tokens {
		if t.folded && t.stem != "" {
			s.pred = append(s.pred, get(t.stem)) // set phrases are predicates, mostly
		}
	}
	return s
}

// predicateOf finds the words that say what happened: the predicate, or what a
// light one governs.
func predicateOf(c *claims.Claim, set map[string]bool, get func(string) *sense) (out []*sense) {
	add := func(w string) {
		for _, t := range tokens(w) {
			if t.stem != "" && !isNumberWord(t.lower) {
				out = append(out, get(t.stem))
			}
		}
	}
	p := c.Frame.Predicate.Lemma
	if p != "" && p != "be" && !lightWords[Stem(p)] {
		add(p)
		// A set phrase that the text holds stands for the verb it begins with.
		if len(out) > 0 && !set[out[0].stem] {
			for _, t := range tokens(c.Text) {
				if strings.HasPrefix(t.stem, out[0].stem+"_") {
					return []*sense{get(t.stem)}
				}
			}
			for _, ph := range phrases()[Stem(strings.Fields(p)[0])] {
				if set[ph.means] {
					return []*sense{get(ph.means)}
				}
			}
		}
		return out
	}
	for _, role := range [...]claims.Role{claims.Attribute, claims.Patient, claims.Content} {
		if a := c.Frame.Argument(role); a != nil {
			if a.Entity == "" || role == claims.Attribute {
				add(a.Head)
			}
			if role == claims.Attribute {
				add(a.Text)
			}
			if len(out) > 0 {
				break
			}
		}
	}
	if p != "be" {
		add(p)
	}
	return out
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
				n.required[k] = !isTitle(t)
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
	// At the head of a sentence a capital tells nothing; an unknown word does.
	if len(wordnet().find(t.stem)) == 0 {
		return true
	}
	return i+1 < len(ts) && ts[i+1].capital && ts[i+1].phrase && !isTitle(t) && Rarity(t.stem) > 0.8
}

// calendar words have a capital and are no names.
var calendar = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday") {
		m[w] = true
	}
	return m
}()

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

// isTitle: a word for somebody, as in "Colonel Haddad".
func isTitle(t token) bool {
	m := wordnet().find(t.stem)
	return len(m) > 0 && m[0].person
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

var adjectival = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("n an ian ean ese ish ic i ean ani nian ien ers er") {
		m[w] = true
	}
	return m
}()

// nameFit is how a claim speaks of a name of the query.
type nameFit struct {
	share   float64 // 1 in the claim, .75 in its document alone, 0 nowhere
	another string  // a longer or other name that shares a word with it, or ""
	direct  bool
}

// fitName looks for a name in a claim and its document.
func fitName(n name, d *side, ctx Context) nameFit {
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
		if also || !blind(d.c) && (ctx.lower[t.lower] || ctx.hasName(t)) {
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
func (c Context) hasName(t token) bool {
	if c.stems[t.stem] && !c.lower[t.lower+"s"] && !c.lower[strings.TrimSuffix(t.lower, "s")] {
		return true
	}
	if len(t.lower) < 5 {
		return false
	}
	for w := range c.lower {
		if w[0] == t.lower[0] && sameName(t, token{lower: w, capital: true}) {
			return true
		}
	}
	return false
}

// otherName: the claim's mention that shares a word with the name, where it has
// a word of its own and lacks one of the name's: another bearer of it. A common
// noun tells bearers apart ("Shipping", "Lines") only where the document never
// uses the one asked about.
func (s *side) otherName(n name, has func([]token, token) bool, ctx Context) string {
	other := ""
	for _, m := range s.names {
		shared, lacks, extra, strange := false, false, false, false
		for _, t := range n.tokens {
			common := len(wordnet().find(t.stem)) > 0
			if has(m.tokens, t) {
				shared = true
			} else if !isTitle(t) && !(common && ctx.lower[t.lower]) {
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
