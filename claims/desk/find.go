package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sort"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/editorial"
	"github.com/secondsource/secondsource/claims/match"
)

// What is read and judged of the claims found.
const (
	// judgedAnyway are read however little of the query they seem to say: it may be
	// said in words that share no key.
	judgedAnyway = 32
	// judgedFrom is the share of the query that any further one must seem to say,
	// by its own keys and those of its document's other claims.
	judgedFrom = 0.40
	// readAtOnce is how many claims' documents are asked for together.
	readAtOnce = 32
)

// reading is what was read from the store for one answer.
type reading struct {
	claims []claims.Claim
	docs   map[string]*claims.Document
	order  []*claims.Document // by Seq
	// replaced are the documents in docs in whose place a later version stands.
	replaced map[string]bool
	// looked are the documents read, those that the query does not admit too, and
	// the versions beside those it does, by id.
	looked map[string]*claims.Document
	// floor is the share of the query that a further claim would have to seem to
	// say more than, to be judged: 0 as long as any would be.
	floor float64
	// more: further claims share words with the query than were looked at.
	more bool
	// overruled is what editors said of claims and the query.
	overruled  *editorial.Overruled
	judgements shaping
}

// find reads the claims that seem to say the query and are admitted, with their
// documents. A word that the query shares with a document's other claims speaks
// for all of them, since a claim is read in its document.
func (d *Desk) find(ctx context.Context, reader *match.Reader, main *claims.Claim, q claims.Query, reg *corroborate.Registry) (reading, error) {
	asked := reader.Question(main)
	hits, err := d.index.Top(ctx, asked.Keys, maxCandidates)
	if err != nil {
		return reading{}, err
	}
	r, err := d.choose(ctx, ranked(asked, hits), q, reg)
	r.more = len(hits) == maxCandidates
	return r, err
}

// seeming is a hit with the share of the query that it seems to say.
type seeming struct {
	claims.Hit

	share float64
}

// ranked orders hits by what they seem to say of the query: by themselves, and
// with the other hits of their document.
func ranked(asked *match.Question, hits []claims.Hit) []seeming {
	together := map[int64]claims.Shared{}
	for _, h := range hits {
		s := together[h.Doc]
		s.Or(h.Shared)
		together[h.Doc] = s
	}
	whole := make(map[int64]float64, len(together))
	for doc, s := range together {
		whole[doc] = asked.Share(s)
	}
	type entry struct {
		share float64
		at    int
	}
	order := make([]entry, len(hits))
	for i, h := range hits {
		order[i] = entry{(asked.Share(h.Shared) + whole[h.Doc]) / 2, i}
	}
	slices.SortFunc(order, func(a, b entry) int { return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.at, b.at)) })
	out := make([]seeming, len(hits))
	for i, e := range order {
		out[i] = seeming{hits[e.at], e.share}
	}
	return out
}

// choose reads documents in the order of the hits until there are enough of those
// the query admits, and their claims.
func (d *Desk) choose(ctx context.Context, hits []seeming, q claims.Query, reg *corroborate.Registry) (reading, error) {
	r := reading{docs: map[string]*claims.Document{}, replaced: map[string]bool{}, looked: map[string]*claims.Document{}, judgements: shaping{}}
	bySeq := map[int64]*claims.Document{} // nil: not admitted
	var chosen []int64
	var docs []*claims.Document
	for from := 0; from < len(hits); from += readAtOnce {
		block := hits[from:min(from+readAtOnce, len(hits))]
		if len(chosen) >= judgedAnyway && block[0].share < judgedFrom {
			break
		}
		var fresh []int64
		for _, h := range block {
			if _, had := bySeq[h.Doc]; !had {
				bySeq[h.Doc] = nil
				fresh = append(fresh, h.Doc)
			}
		}
		read, err := d.store.DocumentsBySeq(ctx, fresh)
		if err != nil {
			return r, err
		}
		for i := range read {
			x := &read[i]
			r.looked[x.ID] = x
			if admitted(x, q, reg) {
				bySeq[x.Seq] = x
				docs = append(docs, x)
			}
		}
		for _, h := range block {
			if bySeq[h.Doc] != nil && (len(chosen) < judgedAnyway || h.share >= judgedFrom) {
				chosen = append(chosen, h.Claim)
				if len(chosen) == judgedAnyway {
					r.floor = min(h.share, judgedFrom)
				}
			}
		}
	}
	err := d.load(ctx, &r, chosen, docs, q)
	return r, err
}

// load fills in the documents, which of them were replaced, and the claims.
func (d *Desk) load(ctx context.Context, r *reading, chosen []int64, docs []*claims.Document, q claims.Query) error {
	type read struct {
		claims []claims.Claim
		err    error
	}
	found := make(chan read, 1) // while versions are read
	go func() {
		cs, err := d.store.ClaimsBySeq(ctx, chosen)
		found <- read{cs, err}
	}()
	sort.Slice(docs, func(i, j int) bool { return docs[i].Seq < docs[j].Seq })
	versions, err := d.versions(ctx, docs)
	cs := <-found
	if err != nil {
		return err
	}
	maps.Copy(r.looked, versions)
	for _, x := range docs {
		r.docs[x.ID] = x
		r.order = append(r.order, x)
		if replaced(x, versions, q) {
			r.replaced[x.ID] = true
		}
	}
	for i := range cs.claims {
		if r.docs[cs.claims[i].Document] != nil {
			r.claims = append(r.claims, cs.claims[i])
		}
	}
	return cs.err
}
