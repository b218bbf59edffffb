package match

import "math"

// The features by which two documents of one topic are weighed as one story.
const (
	dTopics     = iota // likeness of their topics
	dApart             // likeness of what sets them apart within the topic, its root
	dNames             // likeness of their names
	dNamesRoot         // its root
	dLeads             // likeness of the words that open them
	dLeadsRoot         // its root
	dNeighbours        // likeness of what else they are like, by what sets them apart
	dCircle            // the same by topic
	dDates             // flag: they share a weekday, month or year
	dOtherDates        // flag: both give some and they share none
	dNumbers           // numbers they share, up to three
	nStory
)

type storyFeatures [nStory]float64

// Weights of what the set counts and what words count anywhere.
const (
	nameTwice    = 2.0 // names, dates and numbers in what sets documents apart
	leadAnyway   = 0.2 // content of a word of the lead
	eventAnyway  = 0.3 // content of a word round a mention
	fewDocuments = 2   // added to the number of documents: few tell little
)

// weighStems weighs stems by how much they set documents of the set apart, and
// makes the bags that rest on it.
func (s *eventSet) weighStems() {
	in := map[string]float64{}
	for _, d := range s.docs {
		for w := range d.counts {
			in[w]++
		}
	}
	n := float64(len(s.docs) + fewDocuments)
	s.local = make(map[string]float64, len(in))
	for w, c := range in {
		s.local[w] = content(w) * math.Log(n/(c+1)) / math.Log(n)
	}
	for _, d := range s.docs {
		weight := make(map[string]float64, len(d.counts))
		for w, c := range d.counts {
			weight[w] = s.local[w] * (1 + math.Log(c))
			if d.names[w] || d.dates[w] || d.numbers[w] {
				weight[w] *= nameTwice
			}
		}
		d.bag = newBag(weight)
	}
	for _, m := range s.told {
		m.around = s.bagOf(eventAnyway, m.inSentence)
		m.near = s.bagOf(eventAnyway, m.nearBy)
		m.parties = s.bagOf(eventAnyway, m.agent, m.patient, m.others)
	}
}

// bagOf weighs stems by the set, and by their content anyway.
func (s *eventSet) bagOf(anyway float64, lists ...[]string) bag {
	weight := map[string]float64{}
	for _, l := range lists {
		for _, w := range l {
			weight[w] = s.local[w] + anyway*content(w)
		}
	}
	return newBag(weight)
}

// storyTable compares each two documents of a topic; the row of the later one has
// the features.
func (s *eventSet) storyTable() [][]storyFeatures {
	s.weighStems()
	n := len(s.docs)
	apart := square(n, func(i, j int) float64 { return s.docs[i].bag.cosine(s.docs[j].bag) })
	topics := square(n, func(i, j int) float64 { return s.docs[i].topic.cosine(s.docs[j].topic) })
	names, leads := make([]bag, n), make([]bag, n)
	for i, d := range s.docs {
		weight := map[string]float64{}
		for w := range d.names {
			weight[w] = s.local[w]
		}
		names[i], leads[i] = newBag(weight), s.bagOf(leadAnyway, d.lead)
	}
	out := make([][]storyFeatures, n)
	for i, a := range s.docs {
		out[i] = make([]storyFeatures, i)
		for j, b := range s.docs[:i] {
			name, lead := names[i].cosine(names[j]), leads[i].cosine(leads[j])
			dates := shared(a.dates, b.dates)
			out[i][j] = storyFeatures{
				dTopics: topics[i][j], dApart: math.Sqrt(apart[i][j]), dNames: name, dNamesRoot: math.Sqrt(name), dLeads: lead, dLeadsRoot: math.Sqrt(lead),
				dNeighbours: neighbours(apart, i, j), dCircle: neighbours(topics, i, j),
				dDates: flag(dates > 0), dOtherDates: flag(dates == 0 && len(a.dates) > 0 && len(b.dates) > 0),
				dNumbers: float64(min(shared(a.numbers, b.numbers), 3)),
			}
		}
	}
	return out
}

func shared(a, b map[string]bool) int {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}

// neighbours compares what two items are like, beside each other: the cosine of
// their rows.
func neighbours(like [][]float64, i, j int) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for k := range like {
		if k != i && k != j {
			ab += like[i][k] * like[j][k]
			aa += like[i][k] * like[i][k]
			bb += like[j][k] * like[j][k]
		}
	}
	if aa*bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
