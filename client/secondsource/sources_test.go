package main

import (
	"bytes"
	"strings"
	"testing"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func TestSourcesShowWhatEditorsDecided(t *testing.T) {
	var out bytes.Buffer
	a := &app{stdout: &out}
	if err := a.printSources([]*secondsourcev1.Source{
		{Name: "sources/derived-1", CanonicalName: "North Wire", Mentions: 7, Reliability: secondsourcev1.Reliability_RELIABILITY_B},
		{Name: "sources/derived-2", CanonicalName: "Arlen Gazette", Mentions: 1, Reliability: secondsourcev1.Reliability_RELIABILITY_F, MergedInto: "sources/derived-1",
			ControlledBy: []*secondsourcev1.Control{{Source: "sources/derived-1"}, {Source: "sources/elsewhere"}}},
	}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "F, not registered") {
		t.Errorf("nobody graded the Gazette:\n%s", out.String())
	}
	for _, want := range []string{"B, not registered, 7 mentions", "not registered, 1 mention ", "North Wire, elsewhere", "sources/derived-2 = sources/derived-1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
