package match

import (
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// eventDoc is a document in which events are mentioned.
type eventDoc struct {
	number   int
	text     *language.Text
	topic    topic
	entityOf map[int]int // token -> the entity named, described or meant there
	counts   map[string]float64
	lead     []string        // stems that open it
	names    map[string]bool // stems of its names
	dates    map[string]bool // its weekdays, months and years
	numbers  map[string]bool // its other numbers
	bag      bag             // what sets it apart within its topic
}

// eventMention is one mention of an event as it was read. Lists are of stems.
type eventMention struct {
	number   int // of the Mention
	doc      *eventDoc
	span     claims.Span
	sentence int
	head     string // stem of its head word, or its lemma
	kind     wordKind
	words    []string
	plain    bool // its head says nothing of its own: "it", "did"
	saying   bool // its head says that something is said
	denied   bool
	unreal   bool // it will, may or should be
	plural   bool
	tense    string
	governor string // the word its head depends on
	role     string // how it depends on it, with its preposition

	agent, patient, others []string // who takes part
	inSentence, nearBy     []string
	names, numbers         []string // of its sentence
	beside                 []string // heads of other mentions in its sentence

	around, near, parties bag // of its sentence, the words next to it, who takes part
}

type wordKind byte

const (
	otherWord wordKind = iota
	verb
	noun
	pronoun
)

// Reach of what is read round a mention, in words.
const (
	nearReach     = 5
	sentenceReach = 80
	leadWords     = 41
	liftReach     = 3 // verbs whose subject may be meant
)

var (
	sayingVerbs  = wordSet("say tell according add report announce statement state comment note speak")
	denyingWords = wordSet("not n't no never without")
	unrealWords  = wordSet("will would could may might should if can to")
)

func newEventDoc(t *language.Text) *eventDoc {
	d := &eventDoc{text: t, topic: newTopic(t.Raw), entityOf: map[int]int{}, counts: map[string]float64{}, names: map[string]bool{}, dates: map[string]bool{}, numbers: map[string]bool{}}
	for _, m := range t.Mentions {
		for k := m.Tokens[0]; k < m.Tokens[1]; k++ {
			d.entityOf[k] = m.Entity
		}
	}
	for _, e := range t.Entities {
		if e.Common {
			continue
		}
		for _, s := range Stems(e.Name) {
			d.names[s] = true
		}
	}
	for i := range t.Tokens {
		s := d.stem(i)
		if s == "" {
			continue
		}
		d.counts[s]++
		if len(d.lead) < leadWords {
			d.lead = append(d.lead, s)
		}
		switch {
		case calendar[t.Tokens[i].Lower] || isNumber(s) && len(s) == 4:
			d.dates[s] = true
		case isNumber(s):
			d.numbers[s] = true
		}
	}
	return d
}

// stem of a token: of the lemma of a verb, of the form of others; "" for what
// carries no content.
func (d *eventDoc) stem(i int) string {
	switch t := &d.text.Tokens[i]; t.UPOS {
	case "PUNCT", "SYM", "DET", "PRON", "ADP", "AUX", "CCONJ", "SCONJ", "PART":
		return ""
	case "VERB":
		return Stem(t.Lemma)
	default:
		return Stem(t.Text)
	}
}

// lemmaOf is the stem of a token's lemma, or the lemma of what carries no
// content.
func lemmaOf(t *language.Token) (stem string, plain bool) {
	if s := Stem(t.Lemma); s != "" {
		return s, false
	}
	return strings.ToLower(t.Lemma), true
}

// mention reads a mention with what stands round it.
func (d *eventDoc) mention(m *Mention) *eventMention {
	e := &eventMention{doc: d, span: m.Span, sentence: -1, plain: true}
	if m.Span.Start >= 0 && m.Span.Start <= m.Span.End && m.Span.End <= len(m.Text) {
		e.words = Stems(m.Text[m.Span.Start:m.Span.End])
	}
	t := d.text.Tokens
	first, _ := slices.BinarySearchFunc(t, m.Span.Start+1, func(w language.Token, at int) int { return w.Span.End - at })
	last := first
	for last+1 < len(t) && t[last+1].Span.Start < m.Span.End {
		last++
	}
	if first >= len(t) || t[first].Span.Start >= m.Span.End {
		return e
	}
	head := d.headOf(first, last)
	e.word(head, first, last)
	e.surroundings(head, first, last)
	e.participants(head, first, last)
	return e
}

// headOf is the word of a mention that carries it: what depends on a word
// outside of it, content words first.
func (d *eventDoc) headOf(first, last int) int {
	head, best := first, -1
	for i := first; i <= last; i++ {
		w, v := &d.text.Tokens[i], 0
		if w.Head < first || w.Head > last {
			v = 2
		}
		switch w.UPOS {
		case "VERB", "NOUN", "PROPN", "ADJ":
			v++
		case "PUNCT":
			v = -1
		}
		if v > best {
			head, best = i, v
		}
	}
	return head
}

// word reads the head word of a mention.
func (e *eventMention) word(head, first, last int) {
	t := e.doc.text
	w := &t.Tokens[head]
	e.sentence = w.Sentence
	switch w.UPOS {
	case "VERB", "AUX":
		e.kind = verb
	case "NOUN", "PROPN":
		e.kind = noun
	case "PRON", "DET":
		e.kind = pronoun
	}
	e.head, e.plain = lemmaOf(w)
	if len(e.words) == 0 {
		e.words = []string{e.head}
	} else if e.plain {
		e.head = e.words[0]
	}
	e.saying = sayingVerbs[strings.ToLower(w.Lemma)]
	e.plural = w.XPOS == "NNS"
	switch w.XPOS {
	case "VBD", "VBN":
		e.tense = "past"
	case "VBZ", "VBP":
		e.tense = "present"
	case "VB", "VBG":
		e.tense = w.XPOS
	}
	e.role = w.Rel
	if c := t.Child(head, "case"); c >= 0 {
		e.role += ":" + t.Tokens[c].Lower
	}
	if w.Head >= 0 && (w.Head < first || w.Head > last) {
		e.governor, _ = lemmaOf(&t.Tokens[w.Head])
	}
	for _, c := range t.Children(head) {
		l := t.Tokens[c].Lower
		e.denied = e.denied || denyingWords[l]
		e.unreal = e.unreal || unrealWords[l]
	}
}

// surroundings reads the sentence of a mention.
func (e *eventMention) surroundings(head, first, last int) {
	d, t := e.doc, e.doc.text
	from, to := head, head
	for from > 0 && head-from < sentenceReach && !d.ends(from-1) {
		from--
	}
	for to+1 < len(t.Tokens) && to-head < sentenceReach && !d.ends(to) {
		to++
	}
	for i := from; i <= to; i++ {
		s := d.stem(i)
		if s == "" || i >= first && i <= last {
			continue
		}
		e.inSentence = append(e.inSentence, s)
		if i >= first-nearReach && i <= last+nearReach {
			e.nearBy = append(e.nearBy, s)
		}
		switch w := &t.Tokens[i]; {
		case calendar[w.Lower]:
		case isNumberWord(w.Lower):
			e.numbers = append(e.numbers, s)
		case w.UPOS == "PROPN":
			e.names = append(e.names, s)
		}
	}
}

// ends tells whether a sentence or a line ends with a token.
func (d *eventDoc) ends(i int) bool {
	t := d.text
	switch t.Tokens[i].Lower {
	case ".", "?", "!":
		return true
	}
	return i+1 == len(t.Tokens) || strings.Contains(t.Raw[t.Tokens[i].Span.End:t.Tokens[i+1].Span.Start], "\n")
}
