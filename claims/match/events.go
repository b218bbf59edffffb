package match

import (
	"cmp"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// Mention is one mention of an event in a text.
type Mention struct {
	Doc  int         // number of the document
	Text string      // its text, valid UTF-8, the same for all its mentions
	Span claims.Span // the words of the mention, in bytes of Text
}

// Thresholds of SameEvents, chosen on the training part of ECB+ with its topics
// held out in turn.
const (
	topicAt = 0.17 // average likeness of the documents of one topic
	storyAt = 0.50 // average chance that the documents of one story tell one
	eventAt = 0.40 // average chance that the mentions of one event are one
)

// SameEvents groups mentions that tell of the same event, and returns the number
// of each mention's group. Numbers of documents and the order of mentions decide
// nothing but ties. Time is cubic in the mentions of one story at worst.
func SameEvents(ms []Mention) []int {
	return ReadEvents(ms).Group(&EventWeights{storyWeights[:], firstWeights[:], secondWeights[:]})
}

// EventWeights are the weights of three logistic regressions, each with its
// constant last: whether two documents tell one story, whether two mentions are
// of one event at first sight, and whether they are by what all pairs of the
// story look like at first sight.
type EventWeights struct{ Story, First, Second []float64 }

// Events are mentions as they were read, for SameEvents and for fitting its
// weights.
type Events struct {
	mentions int
	topics   []*eventSet
}

// eventSet are documents of one topic, or of one story, with the mentions in
// them in order of text.
type eventSet struct {
	*eventLexicon

	docs []*eventDoc
	told []*eventMention
	// local is what a stem counts for within the set: the rarer there, the more.
	local map[string]float64
	heads map[string]*headUse
	// together is how often two heads are mentioned in one sentence.
	together map[[2]string]float64
}

// eventLexicon remembers senses and how alike they are.
type eventLexicon struct {
	senses map[string]*sense
	alike  map[[2]*sense]float64
}

func (l *eventLexicon) sense(stem string) *sense {
	s := l.senses[stem]
	if s == nil {
		s = senseOf(stem)
		l.senses[stem] = s
	}
	return s
}

// same is how alike two stems are, whichever comes first.
func (l *eventLexicon) same(a, b string) float64 {
	switch {
	case a == "" || b == "":
		return 0
	case a == b:
		return sameStem
	case b < a:
		a, b = b, a
	}
	k := [2]*sense{l.sense(a), l.sense(b)}
	v, ok := l.alike[k]
	if !ok {
		v = max(k[0].same(k[1]), k[1].same(k[0]))
		l.alike[k] = v
	}
	return v
}

// ReadEvents reads mentions in their documents and sorts the documents by topic.
func ReadEvents(ms []Mention) *Events {
	english, docs := language.English(), map[int]*eventDoc{}
	var order []int
	for _, m := range ms {
		if docs[m.Doc] == nil {
			docs[m.Doc] = newEventDoc(english.Annotate(m.Text, language.Meta{}))
			docs[m.Doc].number = m.Doc
			order = append(order, m.Doc)
		}
	}
	slices.Sort(order)
	told := make([]*eventMention, len(ms))
	for i := range ms {
		told[i] = docs[ms[i].Doc].mention(&ms[i])
		told[i].number = i
	}
	slices.SortFunc(told, func(a, b *eventMention) int {
		return cmp.Or(cmp.Compare(a.doc.number, b.doc.number), cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(a.span.End, b.span.End))
	})
	all := &eventSet{eventLexicon: &eventLexicon{map[string]*sense{}, map[[2]*sense]float64{}}, told: told}
	for _, n := range order {
		all.docs = append(all.docs, docs[n])
	}
	alike := square(len(order), func(i, j int) float64 { return all.docs[i].topic.cosine(all.docs[j].topic) })
	return &Events{len(ms), all.split(group(alike, topicAt))}
}

// split cuts a set up, given the number of the part of each document.
func (s *eventSet) split(of []int) []*eventSet {
	var parts []*eventSet
	part := map[*eventDoc]*eventSet{}
	for i, n := range of {
		for len(parts) <= n {
			parts = append(parts, &eventSet{eventLexicon: s.eventLexicon})
		}
		parts[n].docs = append(parts[n].docs, s.docs[i])
		part[s.docs[i]] = parts[n]
	}
	for _, m := range s.told {
		part[m.doc].told = append(part[m.doc].told, m)
	}
	return parts
}

// Group joins the mentions of one event. Documents of a topic are cut into
// stories, so that two earthquakes stay two. Within a story each two mentions get
// a chance of being one; the likeliest are joined first, by the average over the
// groups joined (UPGMA).
func (e *Events) Group(w *EventWeights) []int {
	out, next := make([]int, e.mentions), 0
	e.Second(w, func(at []int, x func(i, j int) []float64) {
		chance := square(len(at), func(i, j int) float64 { return weigh(w.Second, x(i, j)) })
		most := 0
		for k, g := range group(chance, eventAt) {
			out[at[k]] = next + g
			most = max(most, g+1)
		}
		next += most
	})
	return out
}

// Documents calls do for each topic with the numbers of its documents and the
// features by which the i-th and the j-th, j < i, are weighed.
func (e *Events) Documents(do func(docs []int, features func(i, j int) []float64)) {
	for _, s := range e.topics {
		numbers := make([]int, len(s.docs))
		for i, d := range s.docs {
			numbers[i] = d.number
		}
		x := s.storyTable()
		do(numbers, func(i, j int) []float64 { return x[i][j][:] })
	}
}

// First calls do for each story, as the weights find them, with the numbers of
// its mentions and the features by which the i-th and the j-th are weighed at
// first sight. The features are valid until the next call.
func (e *Events) First(w *EventWeights, do func(mentions []int, features func(i, j int) []float64)) {
	e.stories(w, func(s *eventSet) {
		do(s.numbers(), func(i, j int) []float64 {
			x := s.features(s.told[i], s.told[j])
			return x[:]
		})
	})
}

// Second is First for the features of the second look.
func (e *Events) Second(w *EventWeights, do func(mentions []int, features func(i, j int) []float64)) {
	e.stories(w, func(s *eventSet) {
		again := s.lookAgain(square(len(s.told), func(i, j int) float64 {
			x := s.features(s.told[i], s.told[j])
			return weigh(w.First, x[:])
		}))
		do(s.numbers(), func(i, j int) []float64 {
			x := again.features(i, j)
			return x[:]
		})
	})
}

func (e *Events) stories(w *EventWeights, do func(*eventSet)) {
	for _, t := range e.topics {
		x := t.storyTable()
		chance := square(len(t.docs), func(i, j int) float64 { return weigh(w.Story, x[i][j][:]) })
		for _, s := range t.split(group(chance, storyAt)) {
			s.weighStems()
			s.useHeads()
			do(s)
		}
	}
}

func (s *eventSet) numbers() []int {
	out := make([]int, len(s.told))
	for i, m := range s.told {
		out[i] = m.number
	}
	return out
}

// weigh is the chance that weights, the constant last, give to features.
func weigh(w, x []float64) float64 {
	sum := w[len(x)]
	for i, v := range x {
		sum += w[i] * v
	}
	return logistic(sum)
}
