package e2e_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/store/sqlite"
	"github.com/secondsource/secondsource/server/store/storetest"
)

var (
	restartClaims   = flag.Int("restart.claims", 20_000, "claims in the database that BenchmarkRestart opens")
	restartDatabase = flag.String("restart.database", "", "file that BenchmarkRestart fills, or opens when it is there (default: a temporary one)")
)

// What one document of the benchmark has: an article's worth.
const (
	restartPerDocument = 10  // claims
	restartTerms       = 24  // of a claim
	restartWords       = 250 // of a text
)

// BenchmarkRestart measures what stands between the start of a server and its
// first answer: opening the database, and filling the index and the detector of
// copies from its log.
//
//	go test ./server/e2e -run '^$' -bench Restart -benchtime 3x -restart.claims 1000000
func BenchmarkRestart(b *testing.B) {
	path := *restartDatabase
	if path == "" {
		path = filepath.Join(b.TempDir(), "restart.db")
	}
	fillForRestart(b, path, *restartClaims/restartPerDocument)
	b.ResetTimer()
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), path, sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		index := match.NewIndex()
		if _, err := desk.New(b.Context(), desk.Config{Store: s, Candidates: index}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if index.Len() < *restartClaims/restartPerDocument*restartPerDocument {
			b.Fatalf("%d claims can be found", index.Len())
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(*restartClaims), "claims")
}

// fillForRestart stores documents as a desk does, but for the reading of their
// texts: words and terms by Zipf's law, and signatures of the texts.
func fillForRestart(b *testing.B, path string, documents int) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}()
	have, err := s.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var filling sync.WaitGroup
	const writers = 32
	for w := range writers {
		filling.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			zipf := rand.NewZipf(r, 1.07, 2, 200_000)
			for i := int(have.Documents) + w; i < documents; i += writers {
				if err := storeForRestart(b, s, zipf, i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	filling.Wait()
}

func storeForRestart(b *testing.B, s claims.Store, zipf *rand.Zipf, i int) error {
	b.Helper()
	doc, cs, identity, _, terms := storetest.Document(fmt.Sprintf("d%d", i), restartPerDocument)
	words := make([]string, restartWords)
	for n := range words {
		words[n] = fmt.Sprintf("w%d", zipf.Uint64())
	}
	doc.Text = "The minister said that the bridge was closed. " + strings.Join(words, " ")
	for c := range terms {
		terms[c] = terms[c][:0]
		for n := range restartTerms {
			key := zipf.Uint64()
			if n%3 == 0 { // names and the like, shared within the document
				key = uint64(i*8+n/3)<<20 | 1<<60
			}
			terms[c] = append(terms[c], claims.Term{Key: key * 0x9E3779B97F4A7C15, Impact: uint16(1000 + 100*n)})
		}
	}
	signature := copies.Sign(doc.Text).Marshal()
	return s.Update(b.Context(), func(tx claims.Tx) error { return tx.PutDocument(&doc, cs, identity, signature, terms) })
}
