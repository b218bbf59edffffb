// Package peers measures the reading of articles beside other programs, in the
// same run. It is a module of its own, so that what it measures against is no
// dependency of the service.
package peers

import (
	"os"
	"testing"
	"time"

	"github.com/jdkato/prose/v2"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/language"
)

// BenchmarkArticle reads one article of 471 words from bytes to claims with
// their chains, and with the whole pipeline of prose (segmenting, tagging,
// names) with its model loaded once, turn by turn. times-prose is how many times
// faster the former is; it does the more work of the two.
//
//	go test -bench Article -cpu 1 -count 5
func BenchmarkArticle(b *testing.B) {
	text, err := os.ReadFile("../../extract/testdata/harbour.txt")
	if err != nil {
		b.Fatal(err)
	}
	first, err := prose.NewDocument(string(text))
	if err != nil {
		b.Fatal(err)
	}
	model := first.Model
	x := extract.New(language.English())
	d := &claims.Document{Kind: claims.KindArticle, Publisher: "Strelsau Gazette", PublishedAt: time.Date(2026, 5, 14, 12, 0, 0, 0, time.UTC), Text: string(text)}
	n := len(x.Document(d).Claims) // and everything is loaded
	var ours, theirs time.Duration
	for b.Loop() {
		at := time.Now()
		x.Document(d)
		ours += time.Since(at)
		at = time.Now()
		if _, err := prose.NewDocument(string(text), prose.UsingModel(model)); err != nil {
			b.Fatal(err)
		}
		theirs += time.Since(at)
	}
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-prose")
	b.ReportMetric(float64(b.N)/ours.Seconds(), "articles/s")
	b.ReportMetric(float64(b.N)/theirs.Seconds(), "prose-articles/s")
	b.ReportMetric(float64(n), "claims")
}
