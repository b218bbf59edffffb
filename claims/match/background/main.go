// Command background counts how often stems occur in the training treebanks and
// writes the table from which claims/match takes the rarity of a word. The
// table is frozen: no stored document changes another's score.
//
//	go run ./claims/match/background -data DIR -out claims/match/background.txt
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/secondsource/secondsource/claims/match"
)

// minCount is how often a stem must occur to stand in the table.
const minCount = 4

func main() {
	data := flag.String("data", "", "folder of {ewt,gum-free}-train.conllu.gz")
	out := flag.String("out", "background.txt", "table to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "background:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	counts, sentences := map[string]int{}, 0
	for _, name := range [...]string{"ewt-train", "gum-free-train"} {
		n, err := count(filepath.Join(data, name+".conllu.gz"), counts)
		if err != nil {
			return err
		}
		sentences += n
	}
	var stems []string
	for s, c := range counts {
		if c >= minCount {
			stems = append(stems, s)
		}
	}
	sort.Slice(stems, func(i, j int) bool {
		if counts[stems[i]] != counts[stems[j]] {
			return counts[stems[i]] > counts[stems[j]]
		}
		return stems[i] < stems[j]
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n", sentences)
	for _, s := range stems {
		fmt.Fprintf(&b, "%s %d\n", s, counts[s])
	}
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

// count adds the number of sentences in which each stem occurs.
func count(file string, counts map[string]int) (sentences int, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return 0, err
	}
	seen := map[string]bool{}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line := in.Text()
		if line == "" {
			sentences++
			for s := range seen {
				counts[s]++
			}
			clear(seen)
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) < 4 || line[0] == '#' || strings.ContainsAny(col[0], "-.") {
			continue
		}
		if s := match.Stem(col[1]); s != "" {
			seen[s] = true
		}
	}
	return sentences, in.Err()
}
