package sqlite

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
	"github.com/secondsource/secondsource/server/store/storetest"
)

const (
	benchClaims = 10 // of a document
	benchTerms  = 20 // of a claim
)

// benchPiece is a document with claims and the terms that real ones have: most
// of them shared within the document.
func benchPiece(id string) (claims.Document, []claims.Claim, claims.Identity, []byte, [][]claims.Term) {
	doc, cs, identity, _, terms := storetest.Document(id, benchClaims)
	for i := range terms {
		terms[i] = terms[i][:0]
		for j := range benchTerms {
			key := uint64(identity.Hash[(i*3+j)%32]) * 0x9E3779B97F4A7C15
			terms[i] = append(terms[i], claims.Term{Key: key, Impact: uint16(j * 100)})
		}
	}
	return doc, cs, identity, make([]byte, 256), terms
}

// BenchmarkPutDocument stores documents of 10 claims from many callers, and in
// the same run the bare claim rows of as many documents, committed 64 at a
// time: what the log costs beyond them is the ratio.
func BenchmarkPutDocument(b *testing.B) {
	for _, callers := range []int{8, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := openNew(b, Options{})
			var n atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range callers {
				wg.Go(func() {
					for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
						doc, cs, identity, signature, terms := benchPiece(fmt.Sprintf("d%d", i))
						if err := s.Update(b.Context(), func(tx claims.Tx) error {
							return tx.PutDocument(&doc, cs, identity, signature, terms)
						}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			took := b.Elapsed()
			b.StopTimer()
			bare := bareClaims(b, b.N)
			b.ReportMetric(float64(b.N)/took.Seconds(), "docs/s")
			b.ReportMetric(float64(b.N)/bare.Seconds(), "bare-docs/s")
			b.ReportMetric(bare.Seconds()/took.Seconds(), "of-bare")
		})
	}
}

// bareClaims inserts the claim rows of n documents and nothing else, 64
// documents a commit, through the same kind of connection.
func bareClaims(b *testing.B, n int) time.Duration {
	b.Helper()
	s := openNew(b, Options{})
	do := func(query string, args ...any) {
		if err := s.w.exec(query, args...); err != nil {
			b.Fatal(err)
		}
	}
	do(`CREATE TABLE bare (seq INTEGER PRIMARY KEY, document INTEGER NOT NULL, idx INTEGER NOT NULL, kind TEXT NOT NULL,
		modality TEXT NOT NULL, published_at INTEGER NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL) STRICT`)
	start := time.Now()
	for i := range n {
		if i%64 == 0 {
			do("BEGIN IMMEDIATE")
		}
		_, cs, _, _, _ := benchPiece(fmt.Sprintf("d%d", i))
		for j := range cs {
			c := &cs[j]
			body, err := record.ClaimBody(c)
			if err != nil {
				b.Fatal(err)
			}
			do(`INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, i*benchClaims+j+1, i+1, c.Index, c.Kind, c.Modality, 0, c.Text, body)
		}
		if i%64 == 63 || i == n-1 {
			do("COMMIT")
		}
	}
	return time.Since(start)
}
