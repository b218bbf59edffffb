package match

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
)

// lexiconTable is Open English WordNet, folded to stems by the command in
// lexicon. Its sections are read in place: nothing is built when it is loaded.
//
//go:embed lexicon.bin
var lexiconTable string

// The file, little endian: magic, then four counts (words, bytes of keys,
// senses, synsets) and three list lengths (up, beside, against), as uint32; then
// for each word the end of its key and of its senses (uint32 both); the keys,
// sorted; the senses (uint32: synset<<3 | person<<2 | rank); and for each of the
// three relations the ends of the synsets' lists and the lists (uint32).
const (
	lexiconMagic  = "SSLX\x00\x00\x00\x01"
	lexiconHeader = len(lexiconMagic) + 7*4
)

// LexiconSource is what EncodeLexicon writes. Synsets are known by their place.
type LexiconSource struct {
	Words   []LexiconWord // sorted by Key, each once
	Synsets []LexiconSynset
}

// LexiconWord is a word, as LexiconKey folds it, with its senses, commonest first.
type LexiconWord struct {
	Key    string
	Senses []LexiconSense
}

// LexiconSense is one sense of a word; Rank 0 is the commonest, 3 the last kept.
type LexiconSense struct{ Synset, Rank int }

// LexiconSynset is a set of words of one meaning. Up is what is more general,
// entailed or caused; Beside what is derived from it or nearly the same; Against
// what cannot be so with it. Person: it means somebody.
type LexiconSynset struct {
	Person              bool
	Up, Beside, Against []int
}

// LexiconKey folds a lemma of WordNet (pos n, v, a, s or r) to the form under
// which Stems gives it, or "" for what is left out: names, compounds that are no
// phrasal verb, and closed classes.
func LexiconKey(lemma, pos string) string {
	if lemma == "" || lemma != strings.ToLower(lemma) {
		return ""
	}
	head, rest, phrase := strings.Cut(lemma, " ")
	if !phrase {
		if strings.ContainsAny(lemma, "-'.0123456789") {
			return ""
		}
		return Stem(lemma)
	}
	if pos != "v" || !particles[rest] {
		return ""
	}
	if s := Stem(head); s != "" {
		return s + "_" + rest
	}
	return ""
}

// particles make a verb another one.
var particles = map[string]bool{"up": true, "down": true, "off": true, "out": true, "away": true, "back": true, "over": true, "apart": true, "aside": true}

// EncodeLexicon writes the table. The same source gives the same bytes.
func EncodeLexicon(src LexiconSource) ([]byte, error) {
	var keys, senses []byte
	var ends []uint32
	put := binary.LittleEndian.AppendUint32
	for i, w := range src.Words {
		if i > 0 && src.Words[i-1].Key >= w.Key {
			return nil, fmt.Errorf("word %q is not in order", w.Key)
		}
		keys = append(keys, w.Key...)
		for _, s := range w.Senses {
			if s.Synset < 0 || s.Synset >= len(src.Synsets) || s.Rank < 0 || s.Rank > 3 {
				return nil, fmt.Errorf("word %q has a sense that does not exist", w.Key)
			}
			v := uint32(s.Synset)<<3 | uint32(s.Rank)
			if src.Synsets[s.Synset].Person {
				v |= 4
			}
			senses = put(senses, v)
		}
		ends = append(ends, uint32(len(keys)), uint32(len(senses)/4))
	}
	relation := func(of func(*LexiconSynset) []int) (ends, list []byte) {
		for i := range src.Synsets {
			l := slices.Clone(of(&src.Synsets[i]))
			slices.Sort(l)
			for _, x := range slices.Compact(l) {
				list = put(list, uint32(x))
			}
			ends = put(ends, uint32(len(list)/4))
		}
		return ends, list
	}
	upEnds, up := relation(func(s *LexiconSynset) []int { return s.Up })
	besideEnds, beside := relation(func(s *LexiconSynset) []int { return s.Beside })
	againstEnds, against := relation(func(s *LexiconSynset) []int { return s.Against })
	out := []byte(lexiconMagic)
	for _, n := range [...]int{len(src.Words), len(keys), len(senses) / 4, len(src.Synsets), len(up) / 4, len(beside) / 4, len(against) / 4} {
		out = put(out, uint32(n))
	}
	for _, e := range ends {
		out = put(out, e)
	}
	return slices.Concat(out, keys, senses, upEnds, up, besideEnds, beside, againstEnds, against), nil
}

// lexiconFile reads the table in place.
type lexiconFile struct {
	words                             int
	ends, keys, senses                string
	upEnds, up, besideEnds, beside    string
	againstEnds, against              string
	synsets, upN, besideN, againstNum int

	found memo[[]meaning]
}

var errLexicon = errors.New("the lexicon is damaged")

// openLexicon checks sizes; what the lists say is checked when it is read, so
// that loading costs nothing.
func openLexicon(b string) (*lexiconFile, error) {
	if len(b) < lexiconHeader || b[:len(lexiconMagic)] != lexiconMagic {
		return nil, errLexicon
	}
	var n [7]int
	for i := range n {
		n[i] = int(u32(b, len(lexiconMagic)/4+i))
		if n[i] > len(b) {
			return nil, errLexicon
		}
	}
	f := &lexiconFile{words: n[0], synsets: n[3], upN: n[4], besideN: n[5], againstNum: n[6]}
	rest, ok := b[lexiconHeader:], true
	take := func(n int) string {
		if n > len(rest) {
			ok = false
			return ""
		}
		s := rest[:n]
		rest = rest[n:]
		return s
	}
	f.ends, f.keys, f.senses = take(8*n[0]), take(n[1]), take(4*n[2])
	f.upEnds, f.up = take(4*n[3]), take(4*n[4])
	f.besideEnds, f.beside = take(4*n[3]), take(4*n[5])
	f.againstEnds, f.against = take(4*n[3]), take(4*n[6])
	if !ok || rest != "" {
		return nil, errLexicon
	}
	return f, nil
}

// u32 is the i-th number of a section.
func u32(s string, i int) uint32 {
	i *= 4
	return uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
}

// span is the part of a list that belongs to place i, given the ends; empty when
// the table is damaged.
func span(ends string, i, step, offset, n int) (from, to int) {
	if i > 0 {
		from = int(u32(ends, (i-1)*step+offset))
	}
	to = int(u32(ends, i*step+offset))
	if from > to || to > n {
		return 0, 0
	}
	return from, to
}

func (f *lexiconFile) key(i int) string {
	a, b := span(f.ends, i, 2, 0, len(f.keys))
	return f.keys[a:b]
}

// meaning is one sense of a word.
type meaning struct {
	synset, rank int
	person       bool
}

// find returns the senses of a word, commonest first. The list is shared: nobody
// changes it.
func (f *lexiconFile) find(key string) []meaning { return f.found.get(key, f.lookUp) }

func (f *lexiconFile) lookUp(key string) []meaning {
	i := sort.Search(f.words, func(i int) bool { return f.key(i) >= key })
	if i == f.words || f.key(i) != key {
		return nil
	}
	a, b := span(f.ends, i, 2, 1, len(f.senses)/4)
	out := make([]meaning, 0, b-a)
	for ; a < b; a++ {
		v := u32(f.senses, a)
		if int(v>>3) < f.synsets {
			out = append(out, meaning{int(v >> 3), int(v & 3), v&4 != 0})
		}
	}
	return out
}

// relation calls fn with each synset of a list.
func (f *lexiconFile) relation(ends, list string, synset int, fn func(int)) {
	a, b := span(ends, synset, 1, 0, len(list)/4)
	for ; a < b; a++ {
		if x := int(u32(list, a)); x < f.synsets {
			fn(x)
		}
	}
}

var wordnet = sync.OnceValue(func() *lexiconFile {
	f, err := openLexicon(lexiconTable)
	if err != nil {
		return &lexiconFile{} // no words: stems alone are compared
	}
	return f
})
