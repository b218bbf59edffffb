package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"testing"
)

// polnearFloors are the exact F1 of sources, cues and contents, and the relations
// found in whole articles, when this was landed, less what a harmless change may
// cost. They only ever go up.
var polnearFloors = []struct {
	in, mode, pattern string
	floor             float64
}{
	{"valid.jsonl", "spans", `source\s+[\d.]+\s+[\d.]+\s+([\d.]+)`, 69.5},
	{"valid.jsonl", "spans", `cue\s+[\d.]+\s+[\d.]+\s+([\d.]+)`, 67},
	{"valid.jsonl", "spans", `content\s+[\d.]+\s+[\d.]+\s+([\d.]+)`, 59},
	{"dev_docs.jsonl", "docs", `source overlaps gold source.*F1\s+([\d.]+)`, 62},
}

func TestPolnearFloors(t *testing.T) {
	dir := needFigures(t)
	if _, err := os.Stat(filepath.Join(dir, "polnear", "dev")); err != nil {
		t.Skip("polnear is not beside the project")
	}
	printed := map[string][]byte{}
	for _, f := range polnearFloors {
		if printed[f.in] == nil {
			pred := filepath.Join(t.TempDir(), "pred.jsonl")
			if err := run("polnear", options{in: filepath.Join(dir, "polnear", "dev", f.in), docs: f.mode == "docs"}, pred); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "go", "run", "./polnear/score", "-mode", f.mode, "-gold", "polnear/dev/"+f.in, "-pred", pred) //nolint:gosec // the scorer is named above, pred is a file of this test
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("the scorer: %v\n%s", err, out)
			}
			t.Logf("\n%s", out)
			printed[f.in] = out
		}
		m := regexp.MustCompile(f.pattern).FindSubmatch(printed[f.in])
		if m == nil {
			t.Errorf("the scorer prints nothing like %s", f.pattern)
			continue
		}
		if v, err := strconv.ParseFloat(string(m[1]), 64); err != nil || v < f.floor {
			t.Errorf("%s %s is %s, the floor %.1f", f.in, f.pattern, m[1], f.floor)
		}
	}
}

// A text of words set apart is read as it was printed, and every byte of that
// leads back to its own.
func TestJoined(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"The ministry 's plan , he said , was n't “ ready . ”": "The ministry's plan, he said, wasn't “ready.”",
		"Prices rose ( again ) by 5 % .":                       "Prices rose (again) by 5%.",
		"We won , ” he said . ” Again . ”":                     "We won,” he said. ”Again.”",
	} {
		out, back := joined(in)
		if out != want || len(back) != len(out) {
			t.Errorf("%q: %q, %d of %d bytes lead back", in, out, len(back), len(out))
		}
		for i := range out {
			if out[i] != ' ' && out[i] != in[back[i]] {
				t.Fatalf("%q: byte %d leads to %d", in, i, back[i])
			}
		}
	}
}

// Offsets are code points of the text as it came.
func TestPolnearSpans(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := filepath.Join(dir, "in.jsonl")
	if err := os.WriteFile(in, []byte(`{"id":"a","text":"“ Señor ’s dam broke , ” Eva Stromme said ."}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := polnear(t.Context(), options{in: in}, func(v any) error {
		spans := reflect.ValueOf(v).FieldByName("Spans").Interface().([]polnearSpan)
		text := []rune("“ Señor ’s dam broke , ” Eva Stromme said .")
		for _, s := range spans {
			got = append(got, s.Role+": "+string(text[s.Char[0]:s.Char[1]]))
		}
		return nil
	})
	want := []string{"source: Eva Stromme", "cue: said", "content: “ Señor ’s dam broke , ”"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}
