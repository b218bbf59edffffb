package grammar

import (
	"bufio"
	"compress/gzip"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims/internal/cputime"
)

// checkTree fails unless ws is a tree over n words.
func checkTree(t *testing.T, ws []Word, n int) {
	t.Helper()
	if len(ws) != n {
		t.Fatalf("%d words out for %d in", len(ws), n)
	}
	roots := 0
	state := make([]int8, n) // 1: on the way up, 2: known to reach the root
	for i, w := range ws {
		if w.Head == -1 {
			roots++
		}
		if (w.Rel == "root") != (w.Head == -1) {
			t.Errorf("word %d: head %d with relation %q", i, w.Head, w.Rel)
		}
		if w.Head < -1 || w.Head >= n || w.Head == i {
			t.Fatalf("word %d of %d: head %d", i, n, w.Head)
		}
		if !(w.Margin >= 0 && w.Margin <= 1) {
			t.Errorf("word %d: margin %v", i, w.Margin)
		}
		if w.UPOS == "" || w.XPOS == "" || w.Rel == "" {
			t.Errorf("word %d: %+v has an empty field", i, w)
		}
	}
	if n > 0 && roots != 1 {
		t.Fatalf("%d roots", roots)
	}
	for i := range ws {
		var path []int
		for j := i; j >= 0 && state[j] != 2; j = ws[j].Head {
			if state[j] == 1 {
				t.Fatalf("cycle through word %d", j)
			}
			state[j] = 1
			path = append(path, j)
		}
		for _, j := range path {
			state[j] = 2
		}
	}
}

// TestNews is the golden table: who did what in short news sentences.
func TestNews(t *testing.T) {
	for _, c := range []struct {
		text, root string
		want       map[string]string // word: "relation head"
	}{
		{"The minister resigned on Friday .", "resigned", map[string]string{"minister": "nsubj resigned", "Friday": "obl resigned"}},
		{"Police arrested two men in Paris .", "arrested", map[string]string{"Police": "nsubj arrested", "men": "obj arrested", "Paris": "obl arrested"}},
		{"Two men were arrested by police on Monday .", "arrested", map[string]string{"men": "nsubj:pass arrested", "police": "obl:agent arrested", "were": "aux:pass arrested"}},
		{"The company said it would cut 500 jobs .", "said", map[string]string{"company": "nsubj said", "cut": "ccomp said", "it": "nsubj cut", "jobs": "obj cut"}},
		{"The court did n't release the documents .", "release", map[string]string{"court": "nsubj release", "n't": "advmod release", "documents": "obj release"}},
		{"Germany 's chancellor met the French president in Berlin .", "met", map[string]string{"Germany": "nmod:poss chancellor", "chancellor": "nsubj met", "president": "obj met"}},
		{"At least 12 people were killed when a bus hit a truck near Lima .", "killed", map[string]string{"people": "nsubj:pass killed", "hit": "advcl killed", "bus": "nsubj hit"}},
		{"The man who shot the mayor was sentenced to life in prison .", "sentenced", map[string]string{"man": "nsubj:pass sentenced", "shot": "acl:relcl man", "mayor": "obj shot"}},
		{"Rebels attacked the village and killed five soldiers .", "attacked", map[string]string{"Rebels": "nsubj attacked", "village": "obj attacked", "killed": "conj attacked", "soldiers": "obj killed"}},
		{"“ We will rebuild the school , ” the governor said .", "said", map[string]string{"rebuild": "ccomp said", "We": "nsubj rebuild", "school": "obj rebuild", "governor": "nsubj said"}},
		{"Inflation in Turkey rose to 61 percent in March", "rose", map[string]string{"Inflation": "nsubj rose", "Turkey": "nmod Inflation"}},
		{"The president is a former lawyer .", "lawyer", map[string]string{"president": "nsubj lawyer", "is": "cop lawyer"}},
	} {
		words := strings.Fields(c.text)
		ws := Default().Analyze(words)
		checkTree(t, ws, len(words))
		for i, w := range ws {
			got := w.Rel
			if w.Head >= 0 {
				got += " " + words[w.Head]
			}
			if w.Head < 0 && words[i] != c.root {
				t.Errorf("%s\n\troot is %q, want %q", c.text, words[i], c.root)
			}
			if want, ok := c.want[words[i]]; ok && got != want {
				t.Errorf("%s\n\t%s: %s, want %s", c.text, words[i], got, want)
			}
		}
	}
}

func TestLemma(t *testing.T) {
	for _, c := range []struct{ form, upos, xpos, want string }{
		{"killed", "VERB", "VBD", "kill"}, {"Said", "VERB", "VBD", "say"}, {"was", "AUX", "VBD", "be"},
		{"n't", "PART", "RB", "not"}, {"n’t", "PART", "RB", "not"}, {"stopping", "VERB", "VBG", "stop"},
		{"making", "VERB", "VBG", "make"}, {"cities", "NOUN", "NNS", "city"}, {"women", "NOUN", "NNS", "woman"},
		{"countries", "NOUN", "NNS", "country"}, {"Paris", "PROPN", "NNP", "Paris"}, {"larger", "ADJ", "JJR", "large"},
		{"accused", "VERB", "VBN", "accuse"}, {"denies", "VERB", "VBZ", "deny"}, {"", "X", "FW", ""},
		{"announced", "VERB", "VBD", "announce"}, {"resigned", "VERB", "VBD", "resign"}, {"planned", "VERB", "VBN", "plan"},
	} {
		if got := Lemma(c.form, c.upos, c.xpos); got != c.want {
			t.Errorf("Lemma(%q, %s, %s) = %q, want %q", c.form, c.upos, c.xpos, got, c.want)
		}
	}
}

// TestAnyWords: whatever the strings, a tree comes out.
func TestAnyWords(t *testing.T) {
	pieces := []string{"", " ", "\xff\xfe", "\x00", strings.Repeat("a", 1<<16), "the", "The", "was", "said", ",", ".", "“", "’s",
		"n't", "1,000", "€", "日本", "\u0301", strings.Repeat(")", 300), "-", "—", "ROOT", "who", "and", "Ⅷ", "İ"}
	x := uint32(1)
	for n := range 400 {
		words := make([]string, n)
		for i := range words {
			x = x*1664525 + 1013904223
			words[i] = pieces[int(x>>16)%len(pieces)]
		}
		checkTree(t, Default().Analyze(words), n)
	}
}

// TestLong: a text without sentence ends must not stall the pipeline.
func TestLong(t *testing.T) {
	for _, unit := range []string{"the man saw a dog and", ",", "( [ “", "a", "dog .", "was"} {
		words := strings.Fields(strings.Repeat(unit+" ", 20000/len(strings.Fields(unit))))
		d := cputime.Of(func() { checkTree(t, Default().Analyze(words), len(words)) })
		if d > 10*time.Second {
			t.Errorf("%d words of %q took %v", len(words), unit, d)
		}
	}
}

// TestConcurrent: one model, many goroutines, the same answers.
func TestConcurrent(t *testing.T) {
	words := strings.Fields("Police said on Monday that two men had been arrested in Lyon .")
	want := Default().Analyze(words)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var dst []Word
			for range 50 {
				if dst = Default().AnalyzeInto(words, dst); !reflect.DeepEqual(dst, want) {
					t.Error("another answer")
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestQuality holds the floors on EWT's test set with gold tokens, punctuation
// and subtypes counted.
func TestQuality(t *testing.T) {
	const path = "../../../../shared/data/treebanks/ewt-test.conllu.gz"
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("needs the treebank, which is not part of the project: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	var gold []Word
	var upos, uas, las, lemma, all int
	flush := func() {
		for i, w := range Default().Analyze(words) {
			g := gold[i]
			all++
			if w.UPOS == g.UPOS {
				upos++
			}
			if w.Lemma == g.Lemma {
				lemma++
			}
			if w.Head == g.Head {
				uas++
				if w.Rel == g.Rel {
					las++
				}
			}
		}
		words, gold = words[:0], gold[:0]
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		c := strings.Split(sc.Text(), "\t")
		if len(c) < 10 {
			if sc.Text() == "" {
				flush()
			}
			continue
		}
		if strings.ContainsAny(c[0], "-.") {
			continue
		}
		head, err := strconv.Atoi(c[6])
		if err != nil {
			t.Fatal(err)
		}
		words = append(words, c[1])
		gold = append(gold, Word{UPOS: c[3], Lemma: c[2], Head: head - 1, Rel: c[7]})
	}
	if err := sc.Err(); err != nil || all == 0 {
		t.Fatalf("%d tokens read: %v", all, err)
	}
	for _, c := range []struct {
		what  string
		right int
		floor float64
	}{{"UPOS", upos, 95.6}, {"UAS", uas, 86.1}, {"LAS", las, 83.15}, {"lemma", lemma, 96.5}} {
		got := 100 * float64(c.right) / float64(all)
		t.Logf("%s %.2f", c.what, got)
		if got < c.floor {
			t.Errorf("%s is %.2f, floor %.2f", c.what, got, c.floor)
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	f.Add("The minister resigned .")
	f.Add("\xff  ’s “ ” — …")
	f.Add(strings.Repeat("who said that ", 120))
	f.Fuzz(func(t *testing.T, text string) {
		words := strings.Split(text, " ")
		checkTree(t, Default().Analyze(words), len(words))
	})
}

func BenchmarkAnalyze(b *testing.B) {
	words := strings.Fields("The governor of the state , who was elected in 2019 , said on Tuesday that two officers had been wounded in the attack , but denied reports that they had been killed .")
	m := Default()
	var dst []Word
	b.ReportAllocs()
	for b.Loop() {
		dst = m.AnalyzeInto(words, dst)
	}
	b.ReportMetric(float64(b.N*len(words))/b.Elapsed().Seconds(), "tokens/s")
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
