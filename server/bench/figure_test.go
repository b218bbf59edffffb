package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheReportSaysWhatWasReached(t *testing.T) {
	var r report
	r.asked("speed", 60, 50, 100, "")
	r.atMost("memory", 80, 150, 90, "")
	r.asked("store", 0.5, 0.8, 1, "")
	r.aside("restart", 3, true, "")
	r.without("PostgreSQL: nobody answers")
	var out strings.Builder
	if err := r.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"must reached", "aim reached", "NOT REACHED", "not measured: PostgreSQL"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
	path := filepath.Join(t.TempDir(), "build", "bench.jsonl")
	if err := r.save(path); err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"figure":"speed","value":60,"must":50,"aim":100,"lower_is_better":false}
{"figure":"memory","value":80,"must":150,"aim":90,"lower_is_better":true}
{"figure":"store","value":0.5,"must":0.8,"aim":1,"lower_is_better":false}
{"figure":"restart","value":3,"must":null,"aim":null,"lower_is_better":true}
`
	if string(rows) != want {
		t.Errorf("the rows are\n%swant\n%s", rows, want)
	}
}

// The picture is XML whatever was measured, also when nothing was.
func TestThePictureIsWellFormed(t *testing.T) {
	for name, grown := range map[string]map[string][]point{
		"nothing":    {},
		"one size":   {"candidates": {{10_000, 0.0001}}},
		"two curves": {"candidates": {{10_000, 0.0001}, {1_000_000, 0.001}}, "FTS5 query": {{10_000, 0.002}, {1_000_000, 0.2}}},
	} {
		var svg struct{ XMLName xml.Name }
		if err := xml.Unmarshal(plot(grown), &svg); err != nil || svg.XMLName.Local != "svg" {
			t.Errorf("%s: %v, %v", name, svg, err)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int{"7": 7, "10k": 10_000, "3M": 3_000_000} {
		if got, err := size(text); err != nil || got != want || short(got) != text {
			t.Errorf("size(%q) is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "k", "-1", "0", "1.5M", "10000M", "kk1"} {
		if got, err := size(text); err == nil {
			t.Errorf("size(%q) is %d", text, got)
		}
	}
	if got := round(1234567 * time.Nanosecond); got != 1230*time.Microsecond {
		t.Errorf("round gives %v", got)
	}
}
