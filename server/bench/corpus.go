package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/match"
)

// A corpus makes up the documents of a newsroom one after another, the same ones
// for the same seed. News comes in stories: a document tells one of the later
// stories, mostly of those that many tell, in claims that others make too, in
// other words, and in claims of its own. Words have the frequencies of the
// background table; names, which it does not know, those of Zipf's law.
//
// Its claims are made ready, with frames, chains and spans, as extraction would
// give them: what is measured here is what comes after extraction.
type corpus struct {
	words   *vocabulary
	rand    *rand.Rand
	stories []*story
	docs    int
}

// A story has those it is about, what it speaks of, and claims that every
// telling draws from.
type story struct {
	people, bodies, places []string
	topics                 []string
	day                    time.Time
	core                   []statement
	weight                 float64 // how likely it is told, 0 to 1
}

// A statement is one claim before it is put into words.
type statement struct {
	agent   string
	named   bool // the agent is a name
	verb    verb
	count   int // of the object; 0 for none
	object  []string
	of      string // a name that the object has to do with, or ""
	place   string // or ""
	day     time.Time
	after   []string // a circumstance, or none
	respect string   // the preposition that brings it in
}

// written is a document ready to be stored.
type written struct {
	doc       claims.Document
	claims    []claims.Claim
	identity  claims.Identity
	signature []byte
	terms     [][]claims.Term
}

// The first document's time of publication, and the time between two.
var firstPublished = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	publishedEvery = 30 * time.Second
	storyShare     = 8 // one document of so many opens a story
	coreClaims     = 8
)

func newCorpus(words *vocabulary, seed uint64) *corpus {
	return &corpus{words: words, rand: rand.New(rand.NewPCG(seed, 1))}
}

// next writes the next document, without signature and terms.
func (c *corpus) next() *written {
	published := firstPublished.Add(time.Duration(c.docs) * publishedEvery)
	var s *story
	if len(c.stories) == 0 || c.rand.IntN(storyShare) == 0 {
		s = c.open(published)
		c.stories = append(c.stories, s)
	} else {
		s = c.recent(c.rand)
	}
	c.docs++
	w := &written{doc: claims.Document{ID: "bench-" + strconv.Itoa(c.docs), Kind: claims.KindArticle, Publisher: c.words.outlet(c.rand), PublishedAt: published,
		IngestedAt: published.Add(time.Minute), Status: claims.StatusUsable, Language: "en", Version: 1, Reading: claims.Reading{Language: "en"}}}
	var text strings.Builder
	for i := range 4 + c.rand.IntN(13) {
		st := s.core[c.rand.IntN(len(s.core))]
		if c.rand.IntN(5) < 2 {
			st = c.state(s)
		}
		st = c.retold(c.rand, st)
		switch {
		case i == 0:
		case i%3 == 0:
			text.WriteString("\n\n")
		default:
			text.WriteString(" ")
		}
		c.tell(w, s, st, &text)
	}
	w.doc.Text = text.String()
	w.identity.Hash = sha256.Sum256(binary.LittleEndian.AppendUint64([]byte(w.doc.Text), uint64(c.docs)))
	return w
}

// recent picks a story: of the later ones more are told than of the earlier, and
// a few are told by everybody.
func (c *corpus) recent(r *rand.Rand) *story {
	for {
		if s := c.stories[len(c.stories)-1-zipf(r, len(c.stories))]; r.Float64() < s.weight {
			return s
		}
	}
}

// finish adds what the desk works out outside the transaction.
func (w *written) finish() {
	w.signature = copies.Sign(w.doc.Text).Marshal()
	w.terms = make([][]claims.Term, len(w.claims))
	for i := range w.claims {
		w.terms[i] = match.Terms(&w.claims[i])
	}
}

// write makes documents until they have so many claims, ready to be stored.
func (c *corpus) write(count int) []*written {
	var all []*written
	for n := 0; n < count; {
		w := c.next()
		n += len(w.claims)
		all = append(all, w)
	}
	finish(all)
	return all
}

// writeDocs makes so many documents, ready to be stored.
func (c *corpus) writeDocs(n int) []*written {
	all := c.draft(n)
	finish(all)
	return all
}

// draft makes so many documents without signature and terms.
func (c *corpus) draft(n int) []*written {
	all := make([]*written, n)
	for i := range all {
		all[i] = c.next()
	}
	return all
}

// finish finishes documents on two cores.
func finish(all []*written) {
	var wg sync.WaitGroup
	half := max(1, (len(all)+1)/2)
	for part := range slices.Chunk(all, half) {
		wg.Go(func() {
			for _, w := range part {
				w.finish()
			}
		})
	}
	wg.Wait()
}

func (c *corpus) open(day time.Time) *story {
	s := &story{day: day.Truncate(24 * time.Hour), weight: math.Pow(max(c.rand.Float64(), 0.1), 3)}
	for range 4 {
		s.people = append(s.people, c.words.person(c.rand))
	}
	for range 2 {
		s.bodies = append(s.bodies, c.words.body(c.rand))
		s.places = append(s.places, c.words.place(c.rand))
	}
	for range 12 {
		s.topics = append(s.topics, c.words.noun(c.rand))
	}
	for range coreClaims {
		s.core = append(s.core, c.state(s))
	}
	return s
}

// state makes a claim of a story.
func (c *corpus) state(s *story) statement {
	r := c.rand
	nouns := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			if out[i] = s.topics[r.IntN(len(s.topics))]; r.IntN(10) < 3 {
				out[i] = c.words.noun(r)
			}
		}
		return out
	}
	st := statement{named: true, verb: c.words.verb(r), object: nouns(1 + r.IntN(2))}
	switch n := r.IntN(20); {
	case n < 12:
		st.agent = s.people[r.IntN(len(s.people))]
	case n < 17:
		st.agent = s.bodies[r.IntN(len(s.bodies))]
	default:
		st.agent, st.named = "the "+strings.Join(nouns(2), " "), false
	}
	if r.IntN(5) == 0 {
		st.count = 2 + r.IntN(200)
	}
	if r.IntN(4) == 0 {
		st.of = s.people[r.IntN(len(s.people))]
	}
	if r.IntN(2) == 0 {
		st.place = s.places[r.IntN(len(s.places))]
	}
	if r.IntN(5) < 2 {
		st.day = s.day.AddDate(0, 0, -r.IntN(3))
	}
	if r.IntN(2) == 0 {
		st.respect, st.after = prepositions[r.IntN(len(prepositions))], nouns(2)
	}
	return st
}

// retold is the same claim in somewhat other words: less is said, another verb
// of the kind is used.
func (c *corpus) retold(r *rand.Rand, st statement) statement {
	if r.IntN(3) == 0 {
		st.place = ""
	}
	if r.IntN(2) == 0 {
		st.day = time.Time{}
	}
	if r.IntN(3) == 0 {
		st.after = nil
	}
	if r.IntN(5) == 0 {
		st.verb = c.words.another(r, st.verb)
	}
	return st
}

// piece is a part of a statement in words.
type piece struct {
	text string
	role claims.Role // or "" for the verb
	head string
	name string // canonical, of names
	prep string
}

// pieces puts a statement into words, in order.
func (st *statement) pieces() []piece {
	agent := piece{text: st.agent, role: claims.Agent, head: last(st.agent)}
	if st.named {
		agent.name = st.agent
	}
	object := "the " + strings.Join(st.object, " ")
	if st.count > 0 {
		object = strconv.Itoa(st.count) + " " + strings.Join(st.object, " ")
	}
	out := []piece{agent, {text: st.verb.past, head: st.verb.lemma}, {text: object, role: claims.Patient, head: last(object)}}
	if st.of != "" {
		out = append(out, piece{text: "of " + st.of, role: claims.Oblique, head: last(st.of), name: st.of, prep: "of"})
	}
	if st.place != "" {
		out = append(out, piece{text: "in " + st.place, role: claims.PlaceRole, head: last(st.place), name: st.place, prep: "in"})
	}
	if !st.day.IsZero() {
		out = append(out, piece{text: "on " + st.day.Format("2 January 2006"), role: claims.TimeRole, prep: "on"})
	}
	if len(st.after) > 0 {
		out = append(out, piece{text: st.respect + " the " + strings.Join(st.after, " "), role: claims.Oblique, head: last(st.after[len(st.after)-1]), prep: st.respect})
	}
	return out
}

// String is the statement as a sentence without its full stop.
func (st *statement) String() string {
	var parts []string
	for _, p := range st.pieces() {
		parts = append(parts, p.text)
	}
	return capital(strings.Join(parts, " "))
}

// tell adds a statement to a document: the sentence, and the claim with its
// frame, its chain and their spans.
func (c *corpus) tell(w *written, s *story, st statement, text *strings.Builder) {
	start := text.Len()
	cl := claims.Claim{Document: w.doc.ID, Index: len(w.claims) + 1, Polarity: claims.Positive, Modality: claims.Asserted, Kind: claims.Event,
		CheckWorthiness: 0.5, Confidence: 0.9, Attribution: claims.Attribution{Hops: []claims.Hop{{Name: w.doc.Publisher, Kind: claims.SourceOutlet, Where: claims.WhereMetadata, Manner: claims.OwnVoice}}}}
	sentence := st.String()
	at := start
	for i, p := range st.pieces() {
		if i > 0 {
			at++
		}
		span := claims.Span{Start: at, End: at + len(p.text)}
		at = span.End
		switch p.role {
		case "":
			cl.Frame.Predicate = claims.Predicate{Lemma: p.head, Span: span}
		case claims.TimeRole:
			cl.Frame.Time = claims.TimeSpan{Start: st.day, End: st.day.AddDate(0, 0, 1), Text: strings.TrimPrefix(p.text, "on "), Span: span}
		default:
			inner := claims.Span{Start: span.Start, End: span.End}
			if p.prep != "" {
				inner.Start += len(p.prep) + 1
			}
			cl.Frame.Arguments = append(cl.Frame.Arguments, claims.Argument{Role: p.role, Text: p.text[inner.Start-span.Start:], Head: p.head, Entity: p.name, Preposition: p.prep, Span: inner})
			if p.role == claims.PlaceRole {
				cl.Frame.Place, cl.Frame.PlaceSpan = p.name, inner
			}
			if p.role == claims.Patient && st.count > 0 {
				n := strconv.Itoa(st.count)
				cl.Frame.Quantities = []claims.Quantity{{Min: float64(st.count), Max: float64(st.count), Of: p.head, Text: n, Span: claims.Span{Start: inner.Start, End: inner.Start + len(n)}}}
			}
		}
	}
	text.WriteString(sentence)
	cl.Text = sentence
	cl.Evidence = []claims.Span{{Start: start, End: text.Len()}}
	if c.rand.IntN(2) == 0 {
		who, kind := s.people[c.rand.IntN(len(s.people))], claims.SourcePerson
		if c.rand.IntN(2) == 0 {
			who, kind = s.bodies[c.rand.IntN(len(s.bodies))], claims.SourceOrganisation
		}
		from := text.Len() + 2
		fmt.Fprintf(text, ", %s said", who)
		cl.Attribution.Hops = append(cl.Attribution.Hops, claims.Hop{Mention: who, Name: who, Kind: kind, Manner: claims.Indirect,
			SourceSpan: claims.Span{Start: from, End: from + len(who)}, CueSpan: claims.Span{Start: text.Len() - len("said"), End: text.Len()}})
	}
	text.WriteString(".")
	w.claims = append(w.claims, cl)
}

// A question is a claim that somebody asks about.
type question struct {
	text  string
	keys  []uint64 // what the index is asked
	typed []string // all words
	words []string // those that carry content
}

// ask makes questions about the stories told so far: most ask for what was told
// in other words, one in seven mixes two stories and asks for what nobody said.
// The same seed and the same documents give the same questions.
func (c *corpus) ask(n int, seed uint64) []question {
	r := rand.New(rand.NewPCG(seed, uint64(c.docs)))
	out := make([]question, n)
	for i := range out {
		s := c.recent(r)
		st := c.retold(r, s.core[r.IntN(len(s.core))])
		if r.IntN(7) == 0 {
			st.agent, st.named = c.recent(r).people[0], true
		}
		q := question{text: st.String()}
		cl := claims.Claim{Text: q.text, Frame: claims.Frame{Predicate: claims.Predicate{Lemma: st.verb.lemma}}}
		q.keys = match.Keys(match.Terms(&cl))
		for word := range strings.FieldsSeq(strings.ToLower(q.text)) {
			q.typed = append(q.typed, word)
			if match.Stem(word) != "" {
				q.words = append(q.words, word)
			}
		}
		out[i] = q
	}
	return out
}

func last(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }
