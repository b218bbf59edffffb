package postgres

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/storetest"
)

// BenchmarkPutDocument stores documents of ten claims from many callers, with
// one update a commit and with up to 64: what the group commit is worth.
func BenchmarkPutDocument(b *testing.B) {
	for _, group := range []int{1, 64} {
		for _, callers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("group=%d/callers=%d", group, callers), func(b *testing.B) {
				s := openNew(b, Options{Group: group})
				var n atomic.Int64
				var wg sync.WaitGroup
				b.ResetTimer()
				for range callers {
					wg.Go(func() {
						for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
							doc, cs, identity, signature, terms := storetest.Document(fmt.Sprintf("d%d", i), 10)
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
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
			})
		}
	}
}
