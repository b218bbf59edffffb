package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// A figure is one row of the table, as build/bench.jsonl has it. Must and Aim are
// null where nothing is asked of it.
type figure struct {
	Figure        string   `json:"figure"`
	Value         float64  `json:"value"`
	Must          *float64 `json:"must"`
	Aim           *float64 `json:"aim"`
	LowerIsBetter bool     `json:"lower_is_better"`

	detail string // both sides as measured
}

// report gathers figures, and what could not be measured.
type report struct {
	figures []figure
	missing []string
	// Each figure is also told here as soon as it is known, for a run is long; nil
	// for nobody.
	tell io.Writer
}

func (r *report) add(f figure) {
	r.figures = append(r.figures, f)
	if r.tell != nil {
		_, _ = fmt.Fprintf(r.tell, "%s: %s (%s)\n", f.Figure, number(f.Value), f.detail) // only told; the table has it
	}
}

func (r *report) asked(name string, value, must, aim float64, detail string) {
	r.add(figure{Figure: name, Value: value, Must: &must, Aim: &aim, detail: detail})
}

func (r *report) atMost(name string, value, must, aim float64, detail string) {
	r.add(figure{Figure: name, Value: value, Must: &must, Aim: &aim, LowerIsBetter: true, detail: detail})
}

// aside is a figure that explains another and of which nothing is asked.
func (r *report) aside(name string, value float64, lower bool, detail string) {
	r.add(figure{Figure: name, Value: value, LowerIsBetter: lower, detail: detail})
}

func (r *report) without(what string) { r.missing = append(r.missing, what) }

// verdict is how a figure stands to what is asked of it.
func (f *figure) verdict() string {
	reaches := func(bar float64) bool {
		if f.LowerIsBetter {
			return f.Value <= bar
		}
		return f.Value >= bar
	}
	switch {
	case f.Must == nil:
		return ""
	case reaches(*f.Aim):
		return "aim reached"
	case reaches(*f.Must):
		return "must reached"
	}
	return "NOT REACHED"
}

// print writes the table.
func (r *report) print(w io.Writer) error {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { _, _ = io.WriteString(t, strings.Join(cells, "\t")+"\n") } // into memory: it cannot fail
	row("figure", "value", "must", "aim", "", "measured")
	for _, f := range r.figures {
		must, aim := "", ""
		if f.Must != nil {
			must, aim = number(*f.Must), number(*f.Aim)
		}
		row(f.Figure, number(f.Value), must, aim, f.verdict(), f.detail)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, m := range r.missing {
		b.WriteString("not measured: " + m + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// number is short: three digits that count.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// save writes a line of JSON for each figure.
func (r *report) save(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	enc := json.NewEncoder(f)
	for i := range r.figures {
		if err := enc.Encode(&r.figures[i]); err != nil {
			return err
		}
	}
	return nil
}
