package match

import (
	"cmp"
	"slices"
)

// Mention is one mention of an event in a text.
type Mention struct {
	Doc      int    // number of the document
	DocText  string // its text, the same for all its mentions
	Sentence string // the sentence it stands in
	At       int    // where it begins, to tell mentions apart
	Text     string // its words
}

// Thresholds of SameEvents, tuned on the development part of ECB+.
const (
	storyAt   = 0.30 // average likeness of the documents of one story
	eventAt   = 0.75 // average likeness of the mentions of one event
	headShare = 0.8  // what the words of two mentions count in their likeness
	textShare = 0.1  // what the likeness of their documents counts; their sentences count the rest
	oneText   = 0.05 // what standing in one document adds
	sayingAt  = 0.3  // likeness of the sentences of two "said"
)

// SameEvents groups mentions that tell of the same event, and returns the number
// of each mention's group. Documents are first grouped by topic; within a topic
// mentions are joined by their words and by what stands round them, the likest
// first, by the average over the groups joined (UPGMA).
func SameEvents(ms []Mention) []int {
	topics := map[int]topic{}
	var docs []int
	for _, m := range ms {
		if _, ok := topics[m.Doc]; !ok {
			topics[m.Doc] = newTopic(m.DocText)
			docs = append(docs, m.Doc)
		}
	}
	slices.Sort(docs)
	alike := square(len(docs), func(i, j int) float64 { return topics[docs[i]].cosine(topics[docs[j]]) })
	story, stories := map[int]int{}, 0
	for i, g := range group(alike, storyAt) {
		story[docs[i]] = g
		stories = max(stories, g+1)
	}
	told := make([][]int, stories) // mentions by story
	for i, m := range ms {
		told[story[m.Doc]] = append(told[story[m.Doc]], i)
	}
	out, next := make([]int, len(ms)), 0
	for _, in := range told {
		slices.SortFunc(in, func(a, b int) int {
			return cmp.Or(cmp.Compare(ms[a].Doc, ms[b].Doc), cmp.Compare(ms[a].At, ms[b].At), cmp.Compare(ms[a].Text, ms[b].Text))
		})
		es := make([]event, len(in))
		for k, i := range in {
			es[k] = newEvent(&ms[i])
		}
		likeness := square(len(in), func(i, j int) float64 {
			return es[i].same(&es[j], topics[es[i].m.Doc].cosine(topics[es[j].m.Doc]))
		})
		most := 0
		for k, g := range group(likeness, eventAt) {
			out[in[k]] = next + g
			most = max(most, g+1)
		}
		next += most
	}
	return out
}

type event struct {
	m      *Mention
	heads  []*sense // of its words
	saying bool     // it is a plain word of saying, and nothing else
	about  topic    // of its sentence
}

func newEvent(m *Mention) event {
	e := event{m: m, about: newTopic(m.Sentence)}
	for _, t := range tokens(m.Text) {
		if t.stem != "" {
			e.heads = append(e.heads, senseOf(t.stem))
		}
		switch t.lower {
		case "said", "says", "say", "saying", "told", "tells", "tell", "according":
			e.saying = true
		}
	}
	e.saying = e.saying && len(e.heads) == 0
	return e
}

// same is how likely two mentions tell of one event, where docs is how alike
// their documents are.
func (e *event) same(o *event, docs float64) float64 {
	if e.saying && o.saying {
		// Two sayings are one when they say the same.
		if c := e.about.cosine(o.about); c > sayingAt {
			return headShare + (1-headShare)*c
		}
		return 0
	}
	if len(e.heads) == 0 || len(o.heads) == 0 {
		return 0 // "it", "that"
	}
	head := 0.0
	for _, a := range e.heads {
		for _, b := range o.heads {
			head = max(head, a.same(b), b.same(a))
		}
	}
	s := headShare*head + (1-headShare-textShare)*e.about.cosine(o.about) + textShare*docs
	if e.m.Doc == o.m.Doc {
		s += oneText
	}
	return s
}
