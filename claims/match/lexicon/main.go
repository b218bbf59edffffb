// Command lexicon compiles the sources of Open English WordNet into the table
// from which claims/match takes which words say the same, which are more
// general, and which are opposites.
//
//	go run ./claims/match/lexicon -wordnet oewn-src.tar.gz -out claims/match/lexicon.bin
//
// The result depends on the sources alone. Names and compound nouns are left
// out: claims compare names as names, and compounds by their words.
package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/secondsource/secondsource/claims/match"
)

const (
	// maxSenses is how many of a word's senses are kept, commonest first: rarer
	// ones make more false friends than they find paraphrases.
	maxSenses = 4
	// maxBelow is how many synsets may stand under a hypernym that is kept: what
	// covers more ("act", "move", "thing") says nothing.
	maxBelow = 1200
	// personSynset is {person, individual, someone}.
	personSynset = "00007846-n"
)

type sense struct {
	ID         string   `yaml:"id"`
	Synset     string   `yaml:"synset"`
	Antonym    []string `yaml:"antonym"`
	Derivation []string `yaml:"derivation"`
	Pertainym  []string `yaml:"pertainym"`
}

type entry struct {
	Sense []sense `yaml:"sense"`
}

type synset struct {
	Hypernym []string `yaml:"hypernym"`
	Entails  []string `yaml:"entails"`
	Causes   []string `yaml:"causes"`
	Similar  []string `yaml:"similar"`
}

// net is WordNet as far as it is used.
type net struct {
	entries map[string]map[string]entry // lemma -> part of speech
	synsets map[string]synset
}

func main() {
	in := flag.String("wordnet", "", "oewn-src.tar.gz")
	out := flag.String("out", "lexicon.bin", "table to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "lexicon:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	w, err := read(in)
	if err != nil {
		return err
	}
	b, err := match.EncodeLexicon(compile(w))
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o644)
}

func read(file string) (*net, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	w := &net{map[string]map[string]entry{}, map[string]synset{}}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return w, nil
		}
		if err != nil {
			return nil, err
		}
		name := path.Base(h.Name)
		switch {
		case path.Ext(name) != ".yaml" || name == "frames.yaml":
		case strings.HasPrefix(name, "entries-"):
			err = yaml.NewDecoder(t).Decode(&w.entries)
		default:
			err = yaml.NewDecoder(t).Decode(&w.synsets)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}

// compile folds the words to the stems that claims are compared by.
func compile(w *net) match.LexiconSource {
	person := descendants(w, personSynset)
	below := counts(w)
	used, synsetOf := map[string]bool{}, map[string]string{}
	type own struct {
		synset string
		rank   int
	}
	words := map[string][]own{}
	for _, lemma := range sorted(w.entries) {
		for _, pos := range sorted(w.entries[lemma]) {
			for i, s := range w.entries[lemma][pos].Sense {
				synsetOf[s.ID] = s.Synset
				key := match.LexiconKey(lemma, pos)
				if key == "" || i >= maxSenses {
					continue
				}
				used[s.Synset] = true
				words[key] = append(words[key], own{s.Synset, i})
			}
		}
	}
	ids := sorted(used)
	number := make(map[string]int, len(ids))
	for i, s := range ids {
		number[s] = i
	}
	out := match.LexiconSource{Synsets: make([]match.LexiconSynset, len(ids))}
	link := func(to *[]int, names []string) {
		for _, n := range names {
			if k, ok := number[n]; ok {
				*to = append(*to, k)
			}
		}
	}
	for i, id := range ids {
		s, x := w.synsets[id], &out.Synsets[i]
		x.Person = person[id]
		for _, h := range append(append(append([]string(nil), s.Hypernym...), s.Entails...), s.Causes...) {
			if below[h] <= maxBelow {
				link(&x.Up, []string{h})
			}
		}
		link(&x.Beside, s.Similar)
	}
	for _, lemma := range sorted(w.entries) {
		for _, pos := range sorted(w.entries[lemma]) {
			for _, s := range w.entries[lemma][pos].Sense {
				k, ok := number[s.Synset]
				if !ok {
					continue
				}
				x := &out.Synsets[k]
				for _, d := range append(append([]string(nil), s.Derivation...), s.Pertainym...) {
					link(&x.Beside, []string{synsetOf[d]})
				}
				for _, d := range s.Antonym {
					link(&x.Against, []string{synsetOf[d]})
				}
			}
		}
	}
	for _, key := range sorted(words) {
		e := match.LexiconWord{Key: key}
		best := map[int]int{}
		for _, o := range words[key] {
			n := number[o.synset]
			if r, ok := best[n]; !ok || o.rank < r {
				best[n] = o.rank
			}
		}
		for n, r := range best {
			e.Senses = append(e.Senses, match.LexiconSense{Synset: n, Rank: r})
		}
		sort.Slice(e.Senses, func(i, j int) bool {
			a, b := e.Senses[i], e.Senses[j]
			return a.Rank < b.Rank || a.Rank == b.Rank && a.Synset < b.Synset
		})
		out.Words = append(out.Words, e)
	}
	return out
}

// descendants are the synsets under one, itself included.
func descendants(w *net, root string) map[string]bool {
	down := map[string][]string{}
	for id, s := range w.synsets {
		for _, h := range s.Hypernym {
			down[h] = append(down[h], id)
		}
	}
	seen := map[string]bool{root: true}
	for queue := []string{root}; len(queue) > 0; {
		x := queue[0]
		queue = queue[1:]
		for _, y := range down[x] {
			if !seen[y] {
				seen[y] = true
				queue = append(queue, y)
			}
		}
	}
	return seen
}

// counts is how many synsets stand under each, by any path.
func counts(w *net) map[string]int {
	n := map[string]int{}
	for id := range w.synsets {
		seen := map[string]bool{}
		for queue := []string{id}; len(queue) > 0; {
			x := queue[0]
			queue = queue[1:]
			for _, h := range w.synsets[x].Hypernym {
				if !seen[h] {
					seen[h] = true
					n[h]++
					queue = append(queue, h)
				}
			}
		}
	}
	return n
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
