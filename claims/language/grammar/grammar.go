// Package grammar tags, lemmatises and parses English sentences: each token gets
// a universal part of speech, a Penn tag, a lemma, and its head and relation in
// a Universal Dependencies tree. The model is embedded; it was learnt by the
// command in train from UD_English-EWT (CC BY-SA 4.0) and the free part of GUM
// (CC BY 4.0), see NOTICE.
//
// The tagger is a greedy averaged perceptron (Collins 2002). The parser is a
// greedy arc-eager transition system (Nivre 2003) whose averaged perceptron
// scores transitions together with their labels by the features of Zhang and
// Nivre (2011); it was trained with a dynamic oracle (Goldberg and Nivre 2012).
// All arithmetic on scores is in integers, so an analysis is the same everywhere.
package grammar

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/secondsource/secondsource/claims/language/grammar/internal/core"
)

// Word is the analysis of one token.
type Word struct {
	UPOS  string // Universal part of speech
	XPOS  string // Penn tag (VBD, VBN, NNP ...)
	Lemma string
	Head  int    // index of the head token in the sentence, -1 for the root
	Rel   string // Universal Dependencies relation with subtype as in EWT (nsubj, nsubj:pass, acl:relcl, ...)

	// Margin is a confidence from 0 (a coin toss) to 1: g/(g+8), where g is the
	// lowest margin of the transitions that decided on the word's head and
	// relation, in units of the perceptron's updates. The margin of a transition
	// is its score minus that of the best other one. Margin rises with g and is
	// no probability; a word that had to be hung on the root afterwards has 0.
	Margin float32
}

// marginHalf is the margin, in 256ths of an update, that gives a Margin of one half.
const marginHalf = 8 * 256

// Model is a tagger, lemmatiser and parser. It is read-only and safe for
// concurrent use.
type Model struct {
	core *core.Model
	upos []string // by tag
	xpos []string
	pool sync.Pool // *work
}

// work is the memory of one analysis.
type work struct {
	core     core.Scratch
	lemma    []byte
	low, key []byte
	intern   map[string]string // lemmas seen, so that common ones are not built again
}

// maxIntern bounds the lemmas that a work remembers.
const maxIntern = 1 << 15

//go:embed model.bin
var embedded []byte

var loadDefault = sync.OnceValue(func() *Model {
	m, err := Load(embedded)
	if err != nil {
		// The file is part of the program; a build with a broken one is no build.
		panic(err)
	}
	return m
})

// Default returns the embedded model, loaded once. It is safe for concurrent use.
func Default() *Model { return loadDefault() }

// Load reads a model file as written by the train command. The error says what
// is wrong with the file: not a model, another version, cut short or damaged.
// The model reads its weights from file, which must not be changed afterwards.
func Load(file []byte) (*Model, error) {
	c, err := core.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("grammar: %w", err)
	}
	m := &Model{core: c}
	for _, t := range c.Tags {
		u, x, _ := strings.Cut(t, "|")
		m.upos, m.xpos = append(m.upos, u), append(m.xpos, x)
	}
	return m, nil
}

// borrow returns memory from the pool, to be put back.
func (m *Model) borrow() *work {
	if w, ok := m.pool.Get().(*work); ok {
		return w
	}
	return &work{intern: map[string]string{}}
}

// Analyze analyses the tokens of one sentence, tokenised as in UD_English-EWT
// ("do", "n't"; "John", "'s"). The result has a Word per token and, unless
// there are none, is a tree: exactly one root, no cycles. Any strings will do;
// time and memory are linear in their number and length.
func (m *Model) Analyze(words []string) []Word {
	return m.AnalyzeInto(words, make([]Word, 0, len(words)))
}

// AnalyzeInto is Analyze into dst's memory, whose contents are overwritten; it
// returns dst with one Word per token. In the long run it allocates nothing but
// lemmas not seen before.
func (m *Model) AnalyzeInto(words []string, dst []Word) []Word {
	w := m.borrow()
	defer m.pool.Put(w)
	m.core.Analyze(words, &w.core)
	out := &w.core.Out
	dst = dst[:0]
	for i, form := range words {
		t := out.Tags[i]
		head := int(out.Heads[i])
		if head == len(words) {
			head = -1
		}
		gap := float32(max(0, out.Gaps[i]))
		word := Word{
			UPOS: m.upos[t], XPOS: m.xpos[t], Head: head, Rel: m.core.Labels[out.Labels[i]],
			Margin: gap / (gap + marginHalf),
		}
		word.Lemma = m.lemma(w, form, word.UPOS, word.XPOS)
		dst = append(dst, word)
	}
	return dst
}

func (m *Model) lemma(w *work, form, upos, xpos string) string {
	w.lemma, w.low, w.key = m.core.Lemma(form, upos, xpos, w.lemma[:0], w.low, w.key)
	if string(w.lemma) == form {
		return form
	}
	if l, ok := w.intern[string(w.lemma)]; ok {
		return l
	}
	if len(w.intern) >= maxIntern {
		clear(w.intern)
	}
	l := string(w.lemma)
	w.intern[l] = l
	return l
}

// Lemma returns the dictionary form of a word with the given universal part of
// speech and Penn tag, by the embedded model's exceptions and rules. Names keep
// their capitals; a form that no rule touches is its own lemma, lower-cased.
func Lemma(form, upos, xpos string) string {
	m := Default()
	w := m.borrow()
	defer m.pool.Put(w)
	return m.lemma(w, form, upos, xpos)
}
