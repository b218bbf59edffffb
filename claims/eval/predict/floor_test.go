package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// evalDir holds the benchmarks, when somebody has them: they lie beside the
// project and are not part of it.
const evalDir = "../../../../shared/eval"

func needEval(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(evalDir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "scenarios", "dev")); err != nil {
		t.Skipf("the benchmarks are not beside the project (%s)", evalDir)
	}
	return dir
}

// needFigures is needEval for tests of figures, which the race detector would
// only make slow: TestOpaqueIDs runs the same code under it.
func needFigures(t *testing.T) string {
	t.Helper()
	if underRace {
		t.Skip("figures are measured without the race detector")
	}
	return needEval(t)
}

// predictions runs the suite in this process and returns its lines.
func predictions(t *testing.T, in string) []prediction {
	t.Helper()
	var out []prediction
	if err := scenarios(t.Context(), options{in: in}, func(v any) error {
		out = append(out, v.(prediction))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// floors are what the development scenarios scored when this was landed, less
// what a harmless change may cost. They only ever go up.
var floors = []struct {
	name    string
	pattern string // first group: the figure
	floor   float64
}{
	{"asserter", `attribution: asserter\s+([\d.]+)`, 82},
	{"chain", `chain\s+([\d.]+)`, 77},
	{"cue", `cue\s+([\d.]+)`, 88},
	{"directness", `directness\s+([\d.]+)`, 88},
	{"claims found", `claims found, atomic\s+([\d.]+)`, 88},
	{"verdict accuracy", `verdict accuracy\s+([\d.]+)`, 44},
	{"supports F1", `supports F1\s+([\d.]+)`, 63},
	{"refutes F1", `refutes F1\s+([\d.]+)`, 47},
}

func TestScenarioFloors(t *testing.T) {
	dir := needFigures(t)
	pred := filepath.Join(t.TempDir(), "pred.jsonl")
	if err := run("scenarios", options{in: filepath.Join(dir, "scenarios", "dev")}, pred); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "./scenarios/score", "-gold", "scenarios/dev", "-pred", pred) //nolint:gosec // the scorer is named above, pred is a file of this test
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the scorer: %v\n%s", err, out)
	}
	t.Logf("\n%s", out)
	for _, f := range floors {
		m := regexp.MustCompile(f.pattern).FindSubmatch(out)
		if m == nil {
			t.Errorf("the scorer prints no %s", f.name)
			continue
		}
		if v, err := strconv.ParseFloat(string(m[1]), 64); err != nil || v < f.floor {
			t.Errorf("%s is %s, the floor %.2f", f.name, m[1], f.floor)
		}
	}
	if m := regexp.MustCompile(`claims per 100 words ([\d.]+)`).FindSubmatch(out); m == nil {
		t.Error("the scorer prints no claims per 100 words")
	} else if v, _ := strconv.ParseFloat(string(m[1]), 64); v > 12.2 {
		t.Errorf("%s claims per 100 words, the ceiling 12.2", m[1])
	}
	if m := regexp.MustCompile(`false corroboration\s+([\d.]+)`).FindSubmatch(out); m == nil {
		t.Error("the scorer prints no false corroboration")
	} else if v, _ := strconv.ParseFloat(string(m[1]), 64); v > 4 {
		t.Errorf("false corroboration is %s, the ceiling 4", m[1])
	}
}

// Ids are opaque: renaming documents and handing them over in another order
// changes no answer.
func TestOpaqueIDs(t *testing.T) {
	dir := needEval(t)
	files, err := filepath.Glob(filepath.Join(dir, "scenarios", "dev", "*.json"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	plain, renamed := t.TempDir(), t.TempDir()
	for _, f := range files[:6] {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var s map[string]any
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		for _, gold := range [...]string{"attributions", "claims", "note", "topic"} {
			delete(s, gold)
		}
		for _, q := range s["queries"].([]any) {
			delete(q.(map[string]any), "expect")
		}
		write(t, filepath.Join(plain, filepath.Base(f)), s)
		docs := s["documents"].([]any)
		slices.Reverse(docs)
		for _, d := range docs {
			m := d.(map[string]any)
			m["id"] = "x-" + m["id"].(string)
		}
		write(t, filepath.Join(renamed, filepath.Base(f)), s)
	}
	a, b := predictions(t, plain), predictions(t, renamed)
	for i := range a {
		for k := range a[i].Queries {
			x, y := a[i].Queries[k], b[i].Queries[k]
			for n := range y.Supports {
				y.Supports[n] = y.Supports[n][2:]
			}
			for n := range y.Refutes {
				y.Refutes[n] = y.Refutes[n][2:]
			}
			slices.Sort(y.Supports)
			slices.Sort(y.Refutes)
			if !reflect.DeepEqual(x, y) {
				t.Errorf("%s, query %d:\n%+v\n%+v", a[i].ID, k+1, x, y)
			}
		}
		texts := func(cs []predictedClaim) map[string]int {
			m := map[string]int{}
			for _, c := range cs {
				m[c.Text+"|"+c.AssertedBy]++
			}
			return m
		}
		if !maps.Equal(texts(a[i].Claims), texts(b[i].Claims)) {
			t.Errorf("%s: other claims", a[i].ID)
		}
	}
}

// figure is one figure of a scorer: its name, the pattern whose first group is
// it, and what it may not fall under.
type figure struct {
	name, pattern string
	floor         float64
}

// suiteFloors are what the other development sets scored, less what a harmless
// change may cost. The slow ones are left to make eval.
var suiteFloors = []struct {
	suite    string
	o        options // in is below the folder of the benchmarks
	gold     string
	scorer   []string // further arguments
	measured []figure
}{
	{"benchie", options{in: "benchie/dev/gold.jsonl"}, "benchie/dev/gold.jsonl", nil, []figure{
		{"F1", `official \(exact slots\).*F1 ([\d.]+)`, 0.465},
	}},
	{"propsegment", options{in: "propsegment/dev/segmentation.jsonl", task: "seg"}, "propsegment/dev/segmentation.jsonl", []string{"-task", "seg"}, []figure{
		{"F1", `Jaccard>=0.8.*F1\s+([\d.]+)`, 41},
	}},
	{"feversym", options{in: "feversym/dev/pairs.jsonl"}, "feversym/dev/pairs.jsonl", nil, []figure{{"accuracy", `accuracy ([\d.]+)`, 73.5}}},
	{"ecbplus", options{in: "ecbplus/dev"}, "ecbplus/dev/devset_mentions.jsonl", nil, []figure{{"CoNLL F1", `CoNLL F1 ([\d.]+)`, 81}}},
	{"msrp", options{in: "msrp/dev/val.jsonl"}, "msrp/dev/val.jsonl", nil, []figure{
		{"accuracy", `accuracy ([\d.]+)`, 74.5}, {"F1", `PARAPHRASE .*F1\s+([\d.]+)`, 83},
	}},
	{"msrp", options{in: "msrp/dev/train.jsonl"}, "msrp/dev/train.jsonl", nil, []figure{
		{"accuracy", `accuracy ([\d.]+)`, 75}, {"F1", `PARAPHRASE .*F1\s+([\d.]+)`, 83},
	}},
}

func TestSuiteFloors(t *testing.T) {
	dir := needFigures(t)
	for _, f := range suiteFloors {
		in := filepath.Join(dir, f.o.in)
		if _, err := os.Stat(in); err != nil {
			t.Logf("not measured: there is no %s", f.o.in)
			continue
		}
		pred := filepath.Join(t.TempDir(), "pred.jsonl")
		o := f.o
		o.in = in
		if err := run(f.suite, o, pred); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"run", "./" + f.suite + "/score", "-gold", f.gold, "-pred", pred}, f.scorer...)
		cmd := exec.CommandContext(t.Context(), "go", args...) //nolint:gosec // the scorer is named above, pred is a file of this test
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("the scorer of %s: %v\n%s", f.suite, err, out)
		}
		for _, x := range f.measured {
			m := regexp.MustCompile(x.pattern).FindSubmatch(out)
			if m == nil {
				t.Fatalf("the scorer of %s prints no %s:\n%s", f.suite, x.name, out)
			}
			if v, err := strconv.ParseFloat(string(m[1]), 64); err != nil || v < x.floor {
				t.Errorf("%s, %s is %s, the floor %.2f", f.suite, x.name, m[1], x.floor)
			}
		}
	}
}

// Ids are opaque in the suites of sentences too: other ids and another order give
// every sentence the same answer.
func TestOpaqueSentenceIDs(t *testing.T) {
	sentences := []string{"Ana Dorn, a lawyer, won the race and lost the cup in May.", "The river flooded.", "The firm sold boats (and trucks) to Zenda."}
	for _, s := range []struct{ suite, task string }{{"benchie", ""}, {"propsegment", "seg"}} {
		answers := func(ids []string, reverse bool) map[string]string {
			var lines []string
			for i, text := range sentences {
				var offsets [][2]int
				at := 0
				for w := range strings.FieldsSeq(text) {
					offsets = append(offsets, [2]int{at, at + len(w)})
					at += len(w) + 1
				}
				b, err := json.Marshal(map[string]any{"id": ids[i], "text": text, "token_offsets": offsets})
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, string(b))
			}
			if reverse {
				slices.Reverse(lines)
			}
			in := filepath.Join(t.TempDir(), "in.jsonl")
			if err := os.WriteFile(in, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
				t.Fatal(err)
			}
			out := map[string]string{}
			if err := suites[s.suite](t.Context(), options{in: in, task: s.task}, func(v any) error {
				b, err := json.Marshal(v)
				var x struct {
					ID string `json:"id"`
				}
				if err == nil {
					err = json.Unmarshal(b, &x)
				}
				out[sentences[slices.Index(ids, x.ID)]] = strings.Replace(string(b), strconv.Quote(x.ID), "", 1)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		a, b := answers([]string{"1", "2", "3"}, false), answers([]string{"z/9", "q", "aa"}, true)
		if len(a) != len(sentences) || !maps.Equal(a, b) {
			t.Errorf("%s: %v\n%v", s.suite, a, b)
		}
	}
}

func write(t *testing.T, file string, v any) {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
