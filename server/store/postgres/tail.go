package postgres

import (
	"cmp"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/forward"
)

// tail is what this server remembers of the forward blobs that are not compacted
// yet. It never changes: searches at different states of the log use one each.
type tail struct {
	compacted int64 // documents up to this one are left out
	erased    int64 // of the log when the blobs were read
	last      int64 // document
	runs      []run // in order of document, each more than twice as long as the next
}

// run are postings in order of term and claim.
type run struct {
	last     int64 // document
	postings []tailPosting
}

type tailPosting struct {
	term, claim, doc int64
	impact           uint16
}

// since is the tail as it stands at a later state of the log, with the blobs
// that came. Everything is read anew after a document was erased.
func (t *tail) since(compacted, erased int64, rows []forwardRow) (*tail, error) {
	now := &tail{compacted: compacted, erased: erased, last: compacted}
	if erased == t.erased {
		now.last = max(t.last, compacted)
		for _, r := range t.runs {
			if r = r.after(compacted); len(r.postings) > 0 {
				now.runs = append(now.runs, r)
			}
		}
	}
	for _, row := range rows {
		fresh := run{}
		err := forward.Decode(row.blob, func(e claims.Entry) error {
			now.last, fresh.last = e.Document, e.Document
			for _, v := range e.Vectors {
				fresh.postings = appendTerms(fresh.postings, v)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		slices.SortFunc(fresh.postings, comparePostings)
		now.settle(fresh)
	}
	return now, nil
}

// appendTerms adds the terms of a claim, in order, each once with its higher
// impact, those of impact 0 not at all.
func appendTerms(ps []tailPosting, v claims.TermVector) []tailPosting {
	from := len(ps)
	for _, t := range v.Terms {
		if t.Impact > 0 {
			ps = append(ps, tailPosting{int64(t.Key), v.Claim, v.Doc, t.Impact})
		}
	}
	slices.SortFunc(ps[from:], func(a, b tailPosting) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(b.impact, a.impact))
	})
	once := slices.CompactFunc(ps[from:], func(a, b tailPosting) bool { return a.term == b.term })
	return ps[:from+len(once)]
}

func comparePostings(a, b tailPosting) int {
	return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.claim, b.claim))
}

// settle appends a run and merges those at the end that are not much longer, so
// that there are few.
func (t *tail) settle(r run) {
	if len(r.postings) == 0 {
		return
	}
	for n := len(t.runs); n > 0 && len(t.runs[n-1].postings) <= 2*len(r.postings); n = len(t.runs) {
		r.postings = merged(t.runs[n-1].postings, r.postings)
		t.runs = t.runs[:n-1]
	}
	t.runs = append(t.runs, r)
}

func merged(a, b []tailPosting) []tailPosting {
	all := make([]tailPosting, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if comparePostings(a[0], b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// after is the part of a run with later documents.
func (r run) after(doc int64) run {
	if r.last <= doc {
		return run{}
	}
	kept := r.postings
	if slices.ContainsFunc(kept, func(p tailPosting) bool { return p.doc <= doc }) {
		kept = slices.DeleteFunc(slices.Clone(kept), func(p tailPosting) bool { return p.doc <= doc })
	}
	return run{r.last, kept}
}

// search offers the claims that have one of the terms.
func (t *tail) search(q *question, best *best) {
	sums := make(map[int64]claims.Hit)
	for _, r := range t.runs {
		for _, term := range q.terms {
			at, _ := slices.BinarySearchFunc(r.postings, term, func(p tailPosting, term int64) int { return cmp.Compare(p.term, term) })
			for ; at < len(r.postings) && r.postings[at].term == term; at++ {
				p := &r.postings[at]
				h := sums[p.claim]
				h.Claim, h.Doc, h.Score = p.claim, p.doc, h.Score+uint32(p.impact)
				q.share(&h.Shared, term, p.impact)
				sums[p.claim] = h
			}
		}
	}
	for _, h := range sums {
		best.offer(h)
	}
}
