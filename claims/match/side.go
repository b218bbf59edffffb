package match

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// Context is what a document says around a claim. A claim that does not repeat
// where or of whom it speaks is read in it: a name may stand anywhere in the
// document, other words in its title or its lead.
type Context struct {
	title  []token
	parts  []part
	spelt  []uint64 // marks of its words, rising
	spoken []uint64 // of their stems
	lead   []*sense // of its first words, each stem once
	// Published anchors claims that name no time.
	Published time.Time

	mu    sync.Mutex
	sides map[sideKey]*side // of its claims
}

// sideKey tells claims of a document apart: what a saying says is judged beside it,
// and has its number.
type sideKey struct {
	seq  int64
	kind claims.Kind
}

// side returns a claim of the document made ready, which is done once for a claim
// that is stored.
func (c *Context) side(x *claims.Claim) *side {
	if x.Seq == 0 {
		s := makeSide(tidy(x))
		return &s
	}
	key := sideKey{x.Seq, x.Kind}
	c.mu.Lock()
	s := c.sides[key]
	c.mu.Unlock()
	if s != nil {
		return s
	}
	own := *x // the claim may be one of many read together, which would stay with it
	made := makeSide(tidy(&own))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sides == nil {
		c.sides = map[sideKey]*side{}
	}
	c.sides[key] = &made
	return &made
}

// maxContext and maxLead bound the words of a context, in stems.
const (
	maxContext = 3000
	maxLead    = 40
)

// part is about a sentence of a document.
type part struct {
	span    claims.Span
	tokens  []token
	figures []figure
	denies  bool // it holds a word that negates
	untrue  bool // it calls something untrue
}

// maxNear is how far from a claim, in bytes, a sentence may begin or end to be
// near it.
const maxNear = 160

// stems are those of its words, in order.
func (p *part) stems() (out []string) {
	for i := range p.tokens {
		if p.tokens[i].stem != "" {
			out = append(out, p.tokens[i].stem)
		}
	}
	return out
}

// near are the words of content of the sentences round a span.
func (c *Context) near(s claims.Span) (out []*sense) {
	if s.Empty() {
		return nil
	}
	for _, p := range c.parts {
		if p.span.Start < s.End+maxNear && p.span.End > s.Start-maxNear {
			for i := range p.tokens {
				if p.tokens[i].stem != "" {
					out = append(out, p.tokens[i].sense)
				}
			}
		}
	}
	return out
}

// parts cuts a text after marks that end sentences, and at line breaks.
func parts(text string) (out []part) {
	from := 0
	cut := func(to int) {
		p := part{span: claims.Span{Start: from, End: to}, tokens: tokens(text[from:to])}
		content := false
		for i := range p.tokens {
			t := &p.tokens[i]
			content = content || t.stem != ""
			p.denies = p.denies || t.negates()
			p.untrue = p.untrue || debunking[t.lower]
		}
		if content {
			p.figures = figuresOf(p.tokens)
			out = append(out, p)
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
func NewContext(d *claims.Document) *Context {
	c := &Context{title: tokens(d.Title), parts: parts(d.Text), Published: d.PublishedAt}
	n := len(c.title)
	for i := range c.parts {
		n += len(c.parts[i].tokens)
	}
	marks := make([]uint64, 0, 2*min(n, 2*maxContext))
	for w := range c.words {
		marks = append(marks, w.small)
	}
	c.spelt = distinctMarks(marks)
	marks = marks[len(marks):]
	for _, s := range c.words {
		if s.stem != "" {
			marks = append(marks, s.sign)
		}
	}
	c.spoken = distinctMarks(marks)
	c.lead = c.opening()
	return c
}

// distinctMarks sorts marks and leaves each once.
func distinctMarks(marks []uint64) []uint64 {
	slices.Sort(marks)
	return slices.Compact(marks)
}

// words are those of the title and of the text, of each as many as count.
func (c *Context) words(yield func(*spelling, *sense) bool) {
	for i := range min(len(c.title), maxContext) {
		if !yield(c.title[i].spelling, c.title[i].sense) {
			return
		}
	}
	n := 0
	for i := range c.parts {
		ts := c.parts[i].tokens
		for k := range ts {
			if n++; n > maxContext {
				return
			}
			if !yield(ts[k].spelling, ts[k].sense) {
				return
			}
		}
	}
}

// opening are the words of content that begin the title and the text.
func (c *Context) opening() (out []*sense) {
	take := func(ts []token) {
		for i := range ts {
			if s := ts[i].sense; s.stem != "" && !slices.ContainsFunc(out, func(x *sense) bool { return x.stem == s.stem }) {
				out = append(out, s)
			}
		}
	}
	take(c.title[:min(len(c.title), 2*maxLead)])
	n := 2 * maxLead
	for i := range c.parts {
		ts := c.parts[i].tokens
		take(ts[:min(len(ts), n)])
		n -= min(len(ts), n)
	}
	return out
}

// hasWord tells whether the document uses a word, in small letters.
func (c *Context) hasWord(lower string) bool {
	_, ok := slices.BinarySearch(c.spelt, mark(lower))
	return ok
}

// speaks tells whether the document uses a word of a stem.
func (c *Context) speaks(s *sense) bool {
	_, ok := slices.BinarySearch(c.spoken, s.sign)
	return ok && s.stem != ""
}

// Has tells whether the document uses a word of the stem, or one that says the
// same.
func (c *Context) Has(stem string) bool {
	want := senseOf(stem)
	if c.speaks(want) {
		return true
	}
	for _, s := range c.words {
		if s.stem != "" && want.same(s) >= sameRoot {
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

// side is one claim made ready for comparison.
type side struct {
	c      *claims.Claim
	tokens []token
	words  []*sense // content that is neither name, number nor time, each once
	weight []float64
	stems  []uint64 // marks of all stems of the text, rising
	also   []token  // what else its entities are called
	// alsoWords are the words of that.
	alsoWords []*sense
	pred      []*sense // carry the predicate
	told      []string // stems of these, and of what it says somebody is
	names     []name
	nums      []claims.Quantity
	kind      claims.Kind
	polarity  claims.Polarity // of the proposition as folded: "not guilty" affirms
	ahead     bool            // it tells of what is under way or to come, which a plan bears out
}

// underWay: "is closing", "is being moved", "is to close", "are due".
var underWay = regexp.MustCompile(`(?i)\b(is|are) (\w+ly )?(being |to be |to |due |set |\w+ing\b)|\b(was|were) (due|set|scheduled) |\bwill\b|\bdecided to\b`)

// isUnderWay tells whether the pattern is in a text. It is slow, so that it is asked
// only of texts that have one of its first words.
func isUnderWay(text string) bool {
	for _, w := range [...]string{"is ", "are ", "was ", "were ", "will", "decided "} {
		if containsFold(text, w) {
			return underWay.MatchString(text)
		}
	}
	return false
}

// containsFold tells whether a text has an ASCII word, in any case; of a text that
// is not ASCII it says so always.
func containsFold(text, word string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return true
		}
		if len(text)-i >= len(word) && text[i]|0x20 == word[0] && strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// lightWords are predicates that say little by themselves: what they govern
// carries the claim.
var lightWords = stemSet("happen occur take place make have get go come hold carry give put remain become exist include involve be stand amount suffer sustain " +
	"undergo face receive see begin start set do keep reach total number contain appear lie")

func stemSet(ws string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(ws) {
		m[Stem(w)] = true
	}
	delete(m, "")
	return m
}

func makeSide(c *claims.Claim) side {
	s := side{c: c, tokens: tokens(c.Text)}
	s.stems = make([]uint64, 0, len(s.tokens))
	for i := range s.tokens {
		if t := &s.tokens[i]; t.stem != "" {
			s.stems = append(s.stems, t.sign)
		}
	}
	s.stems = distinctMarks(s.stems)
	seen := make([]bool, len(s.stems))
	inTime := map[string]bool{}
	for _, t := range tokens(c.Frame.Time.Text) {
		inTime[t.lower] = true
	}
	s.nums = quantitiesOf(c)
	inNumber := map[string]bool{}
	for _, q := range s.nums {
		for _, t := range tokens(q.Text) {
			inNumber[t.lower] = true // "at least", "nearly"
		}
	}
	s.names = namesOf(s.tokens, inTime)
	named := map[string]bool{}
	for _, n := range s.names {
		for i, t := range n.tokens {
			named[t.lower] = named[t.lower] || n.required[i]
		}
	}
	for _, t := range s.tokens {
		if t.stem == "" {
			continue
		}
		at, _ := slices.BinarySearch(s.stems, t.sign)
		if seen[at] {
			continue
		}
		seen[at] = true
		if named[t.lower] || inTime[t.lower] || inNumber[t.lower] || isNumberWord(t.lower) || len(s.words) >= maxTerms {
			continue
		}
		s.words = append(s.words, t.sense)
		s.weight = append(s.weight, t.content)
	}
	for _, a := range c.Frame.Arguments {
		for _, x := range append([]string{a.Entity}, a.Also...) {
			if own, other := language.CountryOf(a.Text), language.CountryOf(x); own != "" && other != "" && own != other {
				continue // "Equatorial Guinea" is not "Guinea"
			}
			s.also = append(s.also, tokens(x)...)
		}
	}
	for _, t := range s.also {
		if t.stem != "" {
			s.alsoWords = append(s.alsoWords, t.sense)
		}
	}
	s.kind = c.Kind
	if p := Stem(c.Frame.Predicate.Lemma); p != "" && c.Kind == claims.Utterance && !s.holds(p) {
		s.kind = claims.Event // "claimed nine lives", "called off": a set phrase, no saying
	}
	s.polarity = c.Polarity
	for _, t := range s.tokens {
		if t.negation && c.Polarity == claims.Negative {
			s.polarity = claims.Positive
		}
	}
	s.ahead = c.Modality == claims.Planned || isUnderWay(c.Text)
	s.pred = s.predicateOf(c)
	for _, t := range s.tokens {
		if t.folded && t.stem != "" {
			s.pred = append(s.pred, t.sense) // set phrases are predicates, mostly
		}
	}
	s.told = append(stemsOf(s.pred), attributeStems(c)...)
	return s
}

// holds tells whether a word of a stem stands in the text.
func (s *side) holds(stem string) bool {
	_, ok := slices.BinarySearch(s.stems, mark(stem))
	return ok
}

// predicateOf finds the words that say what happened: the predicate, or what a
// light one governs.
func (s *side) predicateOf(c *claims.Claim) (out []*sense) {
	add := func(w string) {
		for _, t := range tokens(w) {
			if t.stem != "" && !t.capital && !isNumberWord(t.lower) { // a name does not say what happened
				out = append(out, t.sense)
			}
		}
	}
	p := c.Frame.Predicate.Lemma
	if p != "" && p != "be" && !lightWords[Stem(p)] {
		add(p)
		// A lemma that the text does not hold is a slip of the lemmatiser: the text's
		// own word counts.
		if len(out) > 0 && !s.holds(out[0].stem) && len(out[0].stem) >= 3 {
			for _, t := range s.tokens {
				if w := t.stem; strings.HasPrefix(w, out[0].stem[:3]) && max(len(w), len(out[0].stem))-min(len(w), len(out[0].stem)) <= 2 {
					out = append(out, t.sense)
				}
			}
		}
		// A set phrase that the text holds stands for the verb it begins with.
		if len(out) > 0 && !s.holds(out[0].stem) {
			for _, t := range tokens(c.Text) {
				if strings.HasPrefix(t.stem, out[0].stem+"_") {
					return []*sense{t.sense}
				}
			}
			for _, ph := range phrases()[Stem(strings.Fields(p)[0])] {
				if s.holds(ph.means) {
					return []*sense{senseOf(ph.means)}
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
