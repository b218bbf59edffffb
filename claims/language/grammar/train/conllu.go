package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// sentence is one CoNLL-U sentence of n syntactic words; multi-word ranges and
// empty nodes are left out.
type sentence struct {
	words, lemmas, upos, xpos, rels []string
	heads                           []int // n for the root
	doc                             int
}

// readTreebank reads a gzipped CoNLL-U file. Documents are numbered on from
// firstDoc.
func readTreebank(path string, firstDoc int) ([]sentence, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out, err := parseTreebank(z, firstDoc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

func parseTreebank(r io.Reader, doc int) ([]sentence, error) {
	var out []sentence
	var cur sentence
	flush := func() error {
		for i, h := range cur.heads {
			switch {
			case h == 0:
				cur.heads[i] = len(cur.words)
			case h > len(cur.words):
				return fmt.Errorf("sentence %d: head %d of %d words", len(out), h, len(cur.words))
			default:
				cur.heads[i] = h - 1
			}
		}
		if len(cur.words) > 0 {
			out = append(out, cur)
		}
		cur = sentence{doc: doc}
		return nil
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<20), 1<<20)
	cur.doc = doc
	for sc.Scan() {
		line := sc.Text()
		if line == "" {
			if err := flush(); err != nil {
				return nil, err
			}
			continue
		}
		if line[0] == '#' {
			if strings.HasPrefix(line, "# newdoc") {
				doc++
				cur.doc = doc
			}
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 10 {
			return nil, fmt.Errorf("sentence %d: %d columns", len(out), len(f))
		}
		if strings.ContainsAny(f[0], "-.") {
			continue
		}
		head, err := strconv.Atoi(f[6])
		if err != nil || head < 0 {
			return nil, fmt.Errorf("sentence %d: head %q", len(out), f[6])
		}
		cur.words = append(cur.words, f[1])
		cur.lemmas = append(cur.lemmas, f[2])
		cur.upos = append(cur.upos, f[3])
		cur.xpos = append(cur.xpos, f[4])
		cur.heads = append(cur.heads, head)
		cur.rels = append(cur.rels, f[7])
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	return out, flush()
}

// projective returns heads with as few arcs lifted as it takes for no two to
// cross (Nivre and Nilsson 2005); the given slice is not changed.
func projective(heads []int) []int {
	n := len(heads)
	h := append([]int(nil), heads...)
	for {
		worst, span := -1, n+2
		for d := range h {
			if crosses(h, d) {
				if s := max(d, h[d]) - min(d, h[d]); s < span && h[d] < n {
					worst, span = d, s
				}
			}
		}
		if worst < 0 {
			return h
		}
		h[worst] = h[h[worst]]
	}
}

// crosses reports whether a word strictly between d and its head hangs on a
// word outside.
func crosses(h []int, d int) bool {
	lo, hi := min(d, h[d]), max(d, h[d])
	for k := lo + 1; k < hi; k++ {
		if h[k] < lo || h[k] > hi {
			return true
		}
	}
	return false
}

// rng is splitmix64: the same numbers on every machine and Go release.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	x := uint64(*r)
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (r *rng) below(n int) int { return int(r.next() % uint64(n)) }

func (r *rng) shuffle(ix []int) {
	for i := len(ix) - 1; i > 0; i-- {
		j := r.below(i + 1)
		ix[i], ix[j] = ix[j], ix[i]
	}
}
