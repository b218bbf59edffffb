// Package audit reads a whole store and says what in it is not as it should be:
// rows that cannot be decoded, spans outside their text, claims without index
// terms, counts that do not add up. It goes through claims.Store and so knows
// nothing of databases; each store checks its own tables besides.
package audit

import (
	"context"
	"fmt"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/store/record"
)

// Finding is one thing that is wrong.
type Finding struct {
	Name string // resource name of what is wrong, or "" for the store as a whole
	What string // a sentence without its subject
}

func (f Finding) String() string {
	if f.Name == "" {
		return f.What
	}
	return f.Name + " " + f.What
}

// Report is what a check read and found.
type Report struct {
	Documents, Claims, Terms, Sources, Judgements int64

	Findings []Finding // the first MostFindings of them
	Found    int       // how many there are
	// Moving: servers wrote while the store was read, so that its counts were
	// not compared.
	Moving bool
}

// MostFindings bounds those that a Report lists.
const MostFindings = 100

// Options are how a check is done; the zero value is a whole check in silence.
type Options struct {
	// Signature tells whether a document's signature can be read; nil asks
	// nothing of it.
	Signature func([]byte) error
	// Progress is called with the documents read so far and their number.
	Progress func(done, all int64)
}

// batch is how many documents are read at once: with the longest texts there
// are some 100 MB of them.
const batch = 50

// Check reads everything. The error is that of a store that does not answer, or
// the context's; what cannot be decoded is a finding. Servers may write
// meanwhile: what comes after it began is left out.
func Check(ctx context.Context, s claims.Store, opt Options) (Report, error) {
	c := &checker{ctx: ctx, store: s, opt: opt, mentions: make(map[string]int)}
	before, err := s.Stats(ctx)
	if err != nil {
		return c.report, err
	}
	c.all = before.Documents
	if err := c.log(); err != nil {
		return c.report, err
	}
	erased, err := c.erased()
	if err != nil {
		return c.report, err
	}
	after, err := s.Stats(ctx)
	if err != nil {
		return c.report, err
	}
	if c.report.Moving = before != after || erased != c.erasures; !c.report.Moving {
		c.counts(after)
	}
	for _, step := range []func() error{c.sources, c.judgements} {
		if err := step(); err != nil {
			return c.report, err
		}
	}
	return c.report, nil
}

type checker struct {
	ctx    context.Context //nolint:containedctx // lives for one Check
	store  claims.Store
	opt    Options
	report Report

	all      int64
	erasures int64          // Seq of the last one when the documents had been read
	blind    bool           // the index terms could not be read to their end
	mentions map[string]int // by id of the derived source
}

func (c *checker) find(name, what string, args ...any) {
	c.report.Found++
	if len(c.report.Findings) < MostFindings {
		c.report.Findings = append(c.report.Findings, Finding{name, fmt.Sprintf(what, args...)})
	}
}

// corrupt makes a finding of an error that says that stored bytes cannot be
// read, and passes on every other.
func (c *checker) corrupt(name string, err error) error {
	if claims.CodeOf(err) != claims.CodeCorrupt {
		return err
	}
	c.find(name, "cannot be read: %v", err)
	return nil
}

// log reads the index terms and with them the documents and claims they are of.
func (c *checker) log() error {
	var entries []claims.Entry
	last, lastClaim := int64(0), int64(0)
	err := c.store.Replay(c.ctx, 0, func(e claims.Entry) error {
		if e.Document <= last {
			c.find("", "the index terms of document number %d come after those of %d", e.Document, last)
		}
		last = max(last, e.Document)
		for _, v := range e.Vectors {
			if v.Claim <= lastClaim || v.Doc != e.Document {
				c.find("", "the index terms of claim number %d stand in the wrong place", v.Claim)
			}
			lastClaim = max(lastClaim, v.Claim)
		}
		if entries = append(entries, e); len(entries) < batch {
			return nil
		}
		err := c.documents(entries)
		entries = entries[:0]
		return err
	})
	if err == nil {
		return c.documents(entries)
	}
	c.blind = true
	if err := c.corrupt("", err); err != nil {
		return err
	}
	c.find("", "has documents after number %d that were not checked: their index terms cannot be read", last)
	return c.documents(entries)
}

// documents checks some entries with their documents and claims.
func (c *checker) documents(entries []claims.Entry) error {
	var seqs, claimSeqs []int64
	for _, e := range entries {
		seqs = append(seqs, e.Document)
		for _, v := range e.Vectors {
			claimSeqs = append(claimSeqs, v.Claim)
		}
	}
	docs, err := readable(c, seqs, c.store.DocumentsBySeq, "document number %d")
	if err != nil {
		return err
	}
	cs, err := readable(c, claimSeqs, c.store.ClaimsBySeq, "claim number %d")
	if err != nil {
		return err
	}
	byDoc := make(map[int64]*claims.Document, len(docs))
	for i := range docs {
		byDoc[docs[i].Seq] = &docs[i]
	}
	bySeq := make(map[int64]*claims.Claim, len(cs))
	for i := range cs {
		bySeq[cs[i].Seq] = &cs[i]
	}
	for i := range entries {
		if err := c.entry(&entries[i], byDoc[entries[i].Document], bySeq); err != nil {
			return err
		}
	}
	if c.report.Documents += int64(len(entries)); c.opt.Progress != nil && len(entries) > 0 {
		c.opt.Progress(c.report.Documents, max(c.all, c.report.Documents))
	}
	return nil
}

// readable reads rows by seq; when one of them cannot be decoded, one by one.
func readable[T any](c *checker, seqs []int64, read func(context.Context, []int64) ([]T, error), name string) ([]T, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	all, err := read(c.ctx, seqs)
	if claims.CodeOf(err) != claims.CodeCorrupt {
		return all, err
	}
	for _, seq := range seqs {
		one, err := read(c.ctx, []int64{seq})
		if err := c.corrupt(fmt.Sprintf(name, seq), err); err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// entry checks the index terms of a document against it and its claims.
func (c *checker) entry(e *claims.Entry, d *claims.Document, stored map[int64]*claims.Claim) error {
	c.report.Claims += int64(len(e.Vectors))
	for _, v := range e.Vectors {
		c.report.Terms += int64(len(v.Terms))
	}
	if d == nil {
		erased, err := c.wasErased(e.Document)
		if err == nil && !erased {
			c.find(fmt.Sprintf("document number %d", e.Document), "has index terms and is not stored")
		}
		return err
	}
	name := "documents/" + d.ID
	if c.opt.Signature != nil {
		if err := c.opt.Signature(e.Signature); err != nil {
			c.find(name, "has a signature that cannot be read: %v", err)
		}
	}
	c.spansOfDocument(name, d)
	var cs []claims.Claim
	for i, v := range e.Vectors {
		cl := stored[v.Claim]
		switch {
		case cl == nil:
			c.find(fmt.Sprintf("%s/claims/%d", name, i+1), "has index terms and is not stored")
		case cl.Document != d.ID || cl.Index != i+1:
			c.find(fmt.Sprintf("documents/%s/claims/%d", cl.Document, cl.Index), "stands where the index terms have %s/claims/%d", name, i+1)
		default:
			c.spansOfClaim(d, cl)
			cs = append(cs, *cl)
		}
	}
	met, err := record.NamesMet(cs)
	if err != nil {
		return c.corrupt(name, err)
	}
	for i := range met {
		c.mentions[met[i].ID] += met[i].Mentions
	}
	return nil
}

// wasErased tells whether a document went while it was being read.
func (c *checker) wasErased(doc int64) (bool, error) {
	found := false
	_, err := c.eachErasure(func(e claims.Erasure) { found = found || e.Document == doc })
	return found, err
}

// erased checks that what was erased is gone, and says how many there are.
func (c *checker) erased() (last int64, err error) {
	var gone []int64
	last, err = c.eachErasure(func(e claims.Erasure) { gone = append(gone, e.Document) })
	if err != nil {
		return last, err
	}
	c.erasures = last
	for some := range slices.Chunk(gone, 1000) {
		docs, err := c.store.DocumentsBySeq(c.ctx, some)
		if err := c.corrupt("", err); err != nil {
			return last, err
		}
		for i := range docs {
			c.find("documents/"+docs[i].ID, "was erased and is still stored")
		}
	}
	return last, nil
}

func (c *checker) eachErasure(fn func(claims.Erasure)) (last int64, err error) {
	for {
		some, err := c.store.Erasures(c.ctx, last, 1000)
		if err != nil || len(some) == 0 {
			return last, err
		}
		for _, e := range some {
			if e.Seq != last+1 {
				c.find("", "lists erasure %d after %d", e.Seq, last)
			}
			last = e.Seq
			fn(e)
		}
	}
}

// counts compares what was read with what the store counts.
func (c *checker) counts(st claims.Stats) {
	if c.blind {
		return
	}
	if st.Documents != c.report.Documents {
		c.find("", "counts %d documents and has the index terms of %d", st.Documents, c.report.Documents)
	}
	if st.Claims != c.report.Claims {
		c.find("", "counts %d claims and has the index terms of %d", st.Claims, c.report.Claims)
	}
}
