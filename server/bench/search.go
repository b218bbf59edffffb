package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/match"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// Of each kind, how many questions are asked.
const (
	warmUp      = 20   // of both sides, before the clock runs
	asked       = 150  // one after another; fewer where each takes long
	recalled    = 60   // compared with a scan of everything
	askedAtOnce = 4000 // at most, by many callers
	topTen      = 10
)

// enough is how many questions are asked one after another at a size, so that a
// run does not take hours because of the peer.
func enough(size int) int {
	return max(40, min(asked, asked*100_000/size))
}

// searches measures candidate retrieval and the whole answer at the size that
// the stores have now, each question beside the FTS5 query for it.
func (b *bench) searches(ctx context.Context, size int) error {
	questions := b.corpus.ask(warmUp+asked+askedAtOnce, 11)
	fts := func(ctx context.Context, i int) error {
		_, err := b.fts.search(ctx, questions[i].typed)
		return err
	}
	fewer := func(ctx context.Context, i int) error {
		_, err := b.fts.search(ctx, questions[i].words)
		return err
	}
	for i := range warmUp {
		if err := errors.Join(fts(ctx, i), fewer(ctx, i)); err != nil {
			return err
		}
	}
	if err := b.retrieval(ctx, size, questions, fts, fewer); err != nil {
		return err
	}
	return b.answers(ctx, size, questions, fts)
}

// retrieval asks the index alone for the ten best. The peer is the FTS5 query for
// the words as somebody types them; one for those alone that are no stop words
// stands beside it.
func (b *bench) retrieval(ctx context.Context, size int, questions []question, fts, fewer one) error {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index, err := b.index(ctx)
	if err != nil {
		return err
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.note("index", size, float64(after.HeapAlloc-before.HeapAlloc)/float64(b.stored))
	recall, err := b.recall(ctx, index, questions[:recalled])
	if err != nil {
		return err
	}
	ours := func(ctx context.Context, i int) error {
		_, err := index.Top(ctx, questions[i].keys, topTen)
		return err
	}
	for i := range warmUp {
		if err := ours(ctx, i); err != nil {
			return err
		}
	}
	all, err := beside(ctx, enough(size), shifted(fts), shifted(ours), shifted(fewer))
	if err != nil {
		return err
	}
	peer, own, content := all[0], all[1], all[2]
	runtime.KeepAlive(index)
	b.grow(size, "FTS5 query", peer.median())
	b.grow(size, "FTS5, no stop words", content.median())
	b.grow(size, "candidates", own.median())
	name := fmt.Sprintf("candidate retrieval at %s", short(size))
	detail := fmt.Sprintf("p50 %v, FTS5 %v; recall of the exact ten %.4f", round(own.median()), round(peer.median()), recall)
	if recall < 0.99 {
		return fmt.Errorf("%s: the recall of the exact ten best is %.4f", name, recall)
	}
	defer b.aside(name+" against FTS5 without stop words", ratio(content.median(), own.median()), false,
		fmt.Sprintf("p50 %v, FTS5 %v", round(own.median()), round(content.median())))
	if size == million {
		b.asked(name, ratio(peer.median(), own.median()), 150, 350, detail)
		b.atMost("memory of the index for a million claims, MB", float64(after.HeapAlloc-before.HeapAlloc)/float64(b.stored), 150, 90,
			fmt.Sprintf("%.0f bytes a claim; %.1f terms a claim", float64(after.HeapAlloc-before.HeapAlloc)/float64(b.stored), b.termsOfClaim))
		return nil
	}
	b.aside(name, ratio(peer.median(), own.median()), false, detail)
	return nil
}

// shifted leaves out the questions for warming up.
func shifted(call one) one {
	return func(ctx context.Context, i int) error { return call(ctx, warmUp+i) }
}

// index builds the index from the log, as a server does when it starts.
func (b *bench) index(ctx context.Context) (*match.Index, error) {
	s, err := sqlite.Open(ctx, b.database, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	index, err := indexOf(ctx, s)
	return index, errors.Join(err, s.Close())
}

func indexOf(ctx context.Context, s claims.Store) (*match.Index, error) {
	index := match.NewIndex()
	err := s.Replay(ctx, 0, func(e claims.Entry) error {
		index.Add(e.Vectors)
		return nil
	})
	return index, err
}

// recall compares the ten best of each question with a scan of the whole log.
func (b *bench) recall(ctx context.Context, index *match.Index, questions []question) (float64, error) {
	s, err := sqlite.Open(ctx, b.database, sqlite.Options{})
	if err != nil {
		return 0, err
	}
	wanted := map[uint64][]int{} // key -> the questions that have it
	for i, q := range questions {
		for _, key := range slices.Compact(slices.Sorted(slices.Values(q.keys))) {
			wanted[key] = append(wanted[key], i)
		}
	}
	best := make([][]claims.Hit, len(questions))
	sums := make([]uint32, len(questions))
	terms := 0
	err = s.Replay(ctx, 0, func(e claims.Entry) error {
		for _, v := range e.Vectors {
			terms += len(v.Terms)
			clear(sums)
			for _, t := range v.Terms {
				for _, i := range wanted[t.Key] {
					sums[i] += uint32(t.Impact)
				}
			}
			for i, sum := range sums {
				if hits := best[i]; sum > 0 && (len(hits) < topTen || sum > hits[topTen-1].Score) {
					best[i] = insert(hits, claims.Hit{Claim: v.Claim, Doc: v.Doc, Score: sum})
				}
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		return 0, err
	}
	b.termsOfClaim = float64(terms) / float64(max(1, index.Len()))
	found, all := 0, 0
	for i, q := range questions {
		hits, err := index.Top(ctx, q.keys, topTen)
		if err != nil {
			return 0, err
		}
		all += len(best[i])
		for _, h := range best[i] {
			if slices.ContainsFunc(hits, func(x claims.Hit) bool { return x.Claim == h.Claim && x.Doc == h.Doc && x.Score == h.Score }) {
				found++
			}
		}
	}
	return float64(found) / float64(max(1, all)), nil
}

// insert keeps the ten best, which come in order of claim.
func insert(hits []claims.Hit, h claims.Hit) []claims.Hit {
	at, _ := slices.BinarySearchFunc(hits, h, func(a, b claims.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Claim, b.Claim))
	})
	hits = slices.Insert(hits, at, h)
	return hits[:min(len(hits), topTen)]
}

// answers asks the real server over gRPC for the whole answer.
func (b *bench) answers(ctx context.Context, size int, questions []question, fts one) (err error) {
	h, err := open(ctx, b.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	b.grow(size, "restart", h.took)
	var verdicts [8]int
	ask := func(ctx context.Context, i int) (*secondsourcev1.CorroborateResponse, error) {
		return h.Corroborate(ctx, &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: questions[i].text}})
	}
	ours := func(ctx context.Context, i int) error {
		res, err := ask(ctx, i)
		if err == nil && i >= warmUp && i < warmUp+enough(size) {
			verdicts[int(res.GetCorroboration().GetVerdict())%len(verdicts)]++
		}
		return err
	}
	for i := range warmUp {
		if err := ours(ctx, i); err != nil {
			return err
		}
	}
	all, err := beside(ctx, enough(size), shifted(fts), shifted(ours))
	if err != nil {
		return err
	}
	peer, own := all[0], all[1]
	b.grow(size, "whole answer", own.median())
	name := fmt.Sprintf("Corroborate over gRPC at %s", short(size))
	detail := fmt.Sprintf("p50 %v, p99 %v, FTS5 p50 %v; %s", round(own.median()), round(own.quantile(0.99)), round(peer.median()), spread(verdicts[:]))
	b.corroborated(size, name, ratio(peer.median(), own.median()), detail)
	if err := b.counted(ctx, size, ours); err != nil {
		return err
	}
	if err := b.digested(ctx, short(size), warmUp+asked, ask); err != nil {
		return err
	}
	if size != million {
		return nil
	}
	b.aside("restart with a million claims, seconds", h.took.Seconds(), true, "from the start until it serves; 5 is asked for")
	return b.callers(ctx, len(questions), fts, ours)
}

// counted is the processor time of an answer and what it allocates, on which what
// else the machine does has less of a part. Client and server are one process here.
func (b *bench) counted(ctx context.Context, size int, ours one) error {
	from, n := warmUp+asked, 4*enough(size)
	if b.profiles != "" {
		return b.profiled(ctx, "answer-"+short(size), from, n, ours) // and a profile takes time of its own
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processTime()
	if err := each(ctx, from, n, ours); err != nil {
		return err
	}
	took := processTime() - start
	runtime.ReadMemStats(&after)
	b.aside("processor time of an answer at "+short(size)+", ms", took.Seconds()*1000/float64(n), true,
		fmt.Sprintf("%d questions not asked before; %d KB in %d allocations each", n, (after.TotalAlloc-before.TotalAlloc)/1024/uint64(n), (after.Mallocs-before.Mallocs)/uint64(n)))
	return nil
}

// corroborated files the figure of a whole answer by what is asked at its size.
func (b *bench) corroborated(size int, name string, value float64, detail string) {
	switch size {
	case million:
		b.asked(name, value, 50, 100, detail)
	case million / 10:
		b.asked(name, value, 10, 20, detail)
	case million / 100:
		b.asked(name, value, 2, 4, detail)
	default:
		b.aside(name, value, false, detail)
	}
}

// spread tells which verdicts came how often.
func spread(verdicts []int) string {
	var parts []string
	for v, n := range verdicts {
		if n > 0 {
			name := strings.TrimPrefix(secondsourcev1.Verdict(int32(v)).String(), "VERDICT_")
			parts = append(parts, fmt.Sprintf("%s %d", name, n))
		}
	}
	return strings.Join(parts, ", ")
}

// callers measures whole answers a second with 16 callers beside FTS5 queries a
// second over 4 connections, in turns.
func (b *bench) callers(ctx context.Context, questions int, fts, ours one) error {
	const turns, span = 3, 5 * time.Second
	var own, peer []float64
	fresh := warmUp + 2*asked // no question is asked twice while there are new ones
	for turn := range turns {
		rate, _, err := together(ctx, peerReaders, turn*asked, span, wrapped(questions, fts))
		if err != nil {
			return err
		}
		peer = append(peer, rate)
		rate, fresh, err = together(ctx, 16, fresh, span, wrapped(questions, ours))
		if err != nil {
			return err
		}
		own = append(own, rate)
	}
	b.asked("answers a second with 16 callers at 1M", middle(own)/middle(peer), 50, 100,
		fmt.Sprintf("%.0f whole answers a second over gRPC, %.1f FTS5 queries over %d connections", middle(own), middle(peer), peerReaders))
	return nil
}

// wrapped begins again after the last question.
func wrapped(n int, call one) one {
	return func(ctx context.Context, i int) error { return call(ctx, i%n) }
}
