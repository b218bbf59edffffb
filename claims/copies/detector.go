package copies

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

const (
	shards = 256
	// maxHolders bounds the documents listed under one fingerprint to the
	// earliest added. A sentence that every page of an outlet carries would
	// otherwise cost each search all of them; of a story that hundreds copied,
	// the first copies are the ones to find.
	maxHolders = 128
	pageSize   = 256
)

// Detector finds earlier documents whose wording a text may share. It is safe
// for concurrent use; the zero value is not ready.
//
// It is an inverted index from fingerprints to documents in 256 shards, each
// with a lock of its own that an Add holds for the time of one insertion (a
// shard that grows is copied: 1/256 of the table). A document takes about 15
// bytes for each of its fingerprints, of which a text has one for some 3.5
// words, and about 310 more: 1 KB for a text of 150 words, 65 KB at most.
type Detector struct {
	shards [shards]shard

	mu    sync.RWMutex
	seen  map[int64]struct{}
	pages []*[pageSize]signed
	n     int
}

// signed is what ranking needs of a document.
type signed struct {
	doc          int64
	fingerprints int32
	minima       packed
}

// NewDetector returns a detector that knows no document.
func NewDetector() *Detector { return &Detector{seen: make(map[int64]struct{})} }

// Add makes a document findable. One that was added before is left as it was; a
// signature without shingles is never found.
func (d *Detector) Add(doc int64, s Signature) {
	if len(s.fingerprints) == 0 {
		return
	}
	d.mu.Lock()
	if _, ok := d.seen[doc]; ok {
		d.mu.Unlock()
		return
	}
	d.seen[doc] = struct{}{}
	if d.n%pageSize == 0 {
		d.pages = append(d.pages, new([pageSize]signed))
	}
	at := d.n
	*d.at(at) = signed{doc, int32(len(s.fingerprints)), pack(&s.minima)}
	d.n++
	d.mu.Unlock()
	for _, f := range s.fingerprints {
		sh := &d.shards[shardOf(f)]
		sh.mu.Lock()
		sh.add(f, uint32(at))
		sh.mu.Unlock()
	}
}

// at is an entry that was added; the caller holds mu or a copy of pages.
func (d *Detector) at(i int) *signed { return &d.pages[i/pageSize][i%pageSize] }

// Similar returns at most so many documents that share a fingerprint with the text,
// most similar first; the text's own document too, once it was added. The order
// is by estimated containment, in which a fingerprint counts the less the more
// documents hold it, plus estimated resemblance; ties by lower number. Whether
// they are copies is for Compare and Kind to say.
func (d *Detector) Similar(s Signature, most int) []int64 {
	if most <= 0 || len(s.fingerprints) == 0 {
		return nil
	}
	q, _ := searches.Get().(*search) // New makes no other type
	defer searches.Put(q)
	clear(q.weights)
	for _, f := range s.fingerprints {
		sh := &d.shards[shardOf(f)]
		sh.mu.RLock()
		q.holders = sh.holders(f, q.holders[:0])
		sh.mu.RUnlock()
		weight := weightUnit / int32(max(1, bits.Len(uint(len(q.holders)))))
		for _, at := range q.holders {
			q.weights[at] += weight
		}
	}
	q.found = q.found[:0]
	own := pack(&s.minima)
	d.mu.RLock()
	for at, weight := range q.weights {
		e := d.at(int(at))
		if e.fingerprints == 0 {
			continue // removed meanwhile
		}
		q.found = append(q.found, e.likeness(weight, &own, len(s.fingerprints)))
	}
	d.mu.RUnlock()
	return ranked(q.found, most)
}

// likeness is how like a document is to a text of so many fingerprints, with which
// it shares some of such weight together.
func (e *signed) likeness(weight int32, own *packed, fingerprints int) found {
	least := min(int(e.fingerprints), fingerprints)
	return found{e.doc, float64(weight)/float64(weightUnit*least) + resemblance(&e.minima, own)}
}

// ranked are the documents found, most similar first.
func ranked(all []found, most int) []int64 {
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc)) })
	docs := make([]int64, min(most, len(all)))
	for i := range docs {
		docs[i] = all[i].doc
	}
	return docs
}

// weightUnit is the weight of a fingerprint that one document holds. One that n
// hold has the share 1/(1+log2 n) of it: a whole number, so that a sum does not
// depend on the order in which it is made.
const weightUnit = 840 * 13 * 11

type found struct {
	doc   int64
	score float64
}

// search is the memory of one Similar at a time.
type search struct {
	holders []uint32
	weights map[uint32]int32 // by entry
	found   []found
}

var (
	searches = sync.Pool{New: func() any { return &search{weights: make(map[uint32]int32)} }}
	signers  = sync.Pool{New: func() any { return new(signer) }}
)

// shardOf takes bits that winnowing leaves alone: it prefers small fingerprints,
// so the low bits are the even ones.
func shardOf(f uint32) uint32 { return f % shards }

// shard maps fingerprints to entries, by open addressing, at most 3/4 full.
type shard struct {
	mu    sync.RWMutex
	slots []slot
	n     int
	lists [][]uint32 // entries of fingerprints that several documents hold
}

// slot is a fingerprint with its one entry + 1, or with several | the place of
// their list. A held of 0 is a free slot.
type slot struct{ fingerprint, held uint32 }

const several = 1 << 31

// find is where a fingerprint is or would be.
func (s *shard) find(f uint32) *slot {
	mask := uint32(len(s.slots) - 1)
	for i := (f / shards * 0x9E3779B1) >> 8 & mask; ; i = (i + 1) & mask {
		if p := &s.slots[i]; p.held == 0 || p.fingerprint == f {
			return p
		}
	}
}

func (s *shard) add(f, at uint32) {
	if 4*(s.n+1) > 3*len(s.slots) {
		old := s.slots
		s.slots = make([]slot, max(16, 2*len(old)))
		for _, p := range old {
			switch {
			case p.held == 0:
			case p.held&several != 0 && len(s.lists[p.held&^several]) == 0:
				s.n-- // what held it was removed
			default:
				*s.find(p.fingerprint) = p
			}
		}
	}
	switch p := s.find(f); {
	case p.held == 0:
		*p = slot{f, at + 1}
		s.n++
	case p.held&several == 0:
		s.lists = append(s.lists, []uint32{p.held - 1, at})
		p.held = several | uint32(len(s.lists)-1)
	default:
		if list := &s.lists[p.held&^several]; len(*list) < maxHolders {
			*list = append(*list, at)
		}
	}
}

// holders appends the entries that hold a fingerprint.
func (s *shard) holders(f uint32, into []uint32) []uint32 {
	if s.n == 0 {
		return into
	}
	switch p := s.find(f); {
	case p.held == 0:
		return into
	case p.held&several == 0:
		return append(into, p.held-1)
	default:
		return append(into, s.lists[p.held&^several]...)
	}
}
