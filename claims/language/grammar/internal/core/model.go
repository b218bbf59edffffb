package core

import "strings"

// Model is a loaded model; it is read-only and safe for concurrent use.
type Model struct {
	Tags    []string // "UPOS|XPOS"
	Labels  []string // relations with subtype
	Acts    []Action // the transitions that Actions scores
	Lex     Lexicon
	Lemmas  map[string]string // LemmaKey -> lemma, where the rules are wrong
	Tagger  ClassScorer
	Actions ClassScorer

	Info []TagInfo // of each tag, from DescribeTags
	Root int       // index of "root" in Labels
	Past int       // index of "VERB|VBD" in Tags, -1 if there is none

	Loose, Punct uint8 // labels of words that would be further roots
}

// Forms of words that the repair of participles asks for.
const (
	formFinite = 1 + iota // finite verb, infinitive or modal
	formParticiple
	formNoun
	formStop
)

// uposClass numbers the universal tags for the sets of children.
var uposClass = map[string]uint8{
	"ADJ": 1, "ADP": 2, "ADV": 3, "AUX": 4, "CCONJ": 5, "DET": 6, "INTJ": 7, "NOUN": 8, "NUM": 9,
	"PART": 10, "PRON": 11, "PROPN": 12, "PUNCT": 13, "SCONJ": 14, "SYM": 15, "VERB": 16, "X": 17,
}

// DescribeTags derives what the parser needs to know of each "UPOS|XPOS" tag.
func DescribeTags(tags []string) []TagInfo {
	info := make([]TagInfo, len(tags))
	for i, t := range tags {
		upos, xpos, _ := strings.Cut(t, "|")
		c := uposClass[upos]
		switch xpos {
		case "POS":
			c = 18
		case "TO":
			c = 19
		case "VBG":
			c = 20
		case "VBN":
			c = 21
		case ",":
			c = 22
		case "WDT", "WP", "WRB", "WP$":
			c = 23
		case "VB":
			c = 24
		}
		if upos == "AUX" {
			c = 4
		}
		info[i].Class, info[i].verb, info[i].punct = c, upos == "VERB", upos == "PUNCT"
		switch xpos {
		case "VBD", "VBP", "VBZ", "VB", "MD":
			info[i].form = formFinite
		case "VBN":
			info[i].form = formParticiple
		case "NN", "NNS", "NNP", "NNPS":
			info[i].form = formNoun
		case ".":
			info[i].form = formStop
		}
		switch {
		case xpos == ",":
			info[i].Sep = 1
		case upos == "VERB":
			info[i].Sep = 1 << 8
		case upos == "CCONJ":
			info[i].Sep = 1 << 16
		case upos == "PUNCT":
			info[i].Sep = 1 << 24
		}
	}
	return info
}

// Analyze analyses words into s.Out, which stays valid until s is used again.
// It is linear in the number of words; any strings give a tree with one root.
func (m *Model) Analyze(words []string, s *Scratch) {
	n := len(words)
	o := &s.Out
	o.Tags = s.Tag(words, m.Lex, m.Tagger, len(m.Tags), nil)
	o.Heads, o.Labels, o.Gaps = grow(o.Heads, n), grow(o.Labels, n), grow(o.Gaps, n)
	if n == 0 {
		return
	}
	m.finish(o.Tags)
	s.prepareParse(m.Info)
	s.parse(n, m.Acts, m.Root, m.Actions, o.Gaps)
	for i := range n {
		nd := &s.state.nodes[i]
		o.Heads[i], o.Labels[i] = nd.head, nd.lab-1
	}
	m.oneRoot(o)
}

// finish gives a sentence that ends in a full stop the finite verb it must
// have: a past participle right after a noun becomes a past tense when there is
// no verb but participles ("The minister resigned ."). The treebanks have few
// such short sentences; newspapers have many.
func (m *Model) finish(tags []uint8) {
	n := len(tags)
	if m.Past < 0 || m.Info[tags[n-1]].form != formStop {
		return
	}
	at := -1
	for i, t := range tags {
		switch m.Info[t].form {
		case formFinite:
			return
		case formParticiple:
			if at < 0 && i > 0 && m.Info[t].verb && m.Info[tags[i-1]].form == formNoun {
				at = i
			}
		}
	}
	if at >= 0 {
		tags[at] = uint8(m.Past)
	}
}

// oneRoot keeps one of the words that the parser hung on the artificial root:
// the first verb among them, else the first. The others hang on it.
func (m *Model) oneRoot(o *Result) {
	n := int32(len(o.Heads))
	root, verb := int32(-1), false
	for i, h := range o.Heads {
		if h != n {
			continue
		}
		v := m.Info[o.Tags[i]].verb
		if root < 0 || v && !verb {
			root, verb = int32(i), v
		}
	}
	for i, h := range o.Heads {
		if h == n && int32(i) != root {
			o.Heads[i], o.Gaps[i] = root, 0
			o.Labels[i] = m.Loose
			if m.Info[o.Tags[i]].punct {
				o.Labels[i] = m.Punct
			}
		}
	}
}

// Prepare readies words with given tags for LearnGreedy.
func (s *Scratch) Prepare(words []string, tags []uint8, info []TagInfo) {
	s.describeAll(words)
	s.tags = append(s.tags[:0], tags...)
	s.prepareParse(info)
}

// Describe fills and returns the tokens of words; they stay valid until s is
// used again.
func (s *Scratch) Describe(words []string) []Token {
	s.describeAll(words)
	return s.tok
}
