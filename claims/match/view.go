package match

import (
	"cmp"
	"math/bits"

	"github.com/secondsource/secondsource/claims"
)

// zone is a place, from the claim outwards, where words of the query may be said.
type zone int

const (
	inClaim    zone = iota // the claim's own words and other names of its entities
	inSentence             // the sentences that state it
	besideIt               // and those next to them
	inLead                 // the title and the first sentences
	anywhere               // the whole document
	zones
)

// heard is what a zone says of a query: how well each of its words, 0..1, and
// which words of its names, a bit each.
type heard struct {
	words []float64
	names uint64
}

func (h *heard) add(o heard) {
	for i, v := range o.words {
		h.words[i] = max(h.words[i], v)
	}
	h.names |= o.names
}

// view is a document as one query sees it.
type view struct {
	said       []part  // the document's own
	parts      []heard // what each of them says of the query
	lead, all  heard
	opening    []float64 // how well each word of the query is said in its lead
	names      uint64    // words of the query's names that it has, an adjective for its country too
	untrueLead bool
	other      string // why nothing in it tells what the query says happened, or ""
}

// leadParts are the sentences that open a document.
const leadParts = 2

// view reads a document once for the query.
func (r *Reader) view(ctx *Context) *view {
	if v := r.views[ctx]; v != nil {
		return v
	}
	v := &view{said: ctx.parts, lead: r.hear(ctx.title), all: r.hear(ctx.title)}
	for i := range ctx.parts {
		p := &ctx.parts[i]
		h := r.hear(p.tokens)
		v.parts = append(v.parts, h)
		v.all.add(h)
		if i < leadParts {
			v.lead.add(h)
			v.untrueLead = v.untrueLead || p.untrue
		}
	}
	for _, t := range ctx.title {
		v.untrueLead = v.untrueLead || debunking[t.lower]
	}
	v.opening = make([]float64, len(r.q.words))
	for _, s := range ctx.lead {
		for i, x := range r.vector(s) {
			v.opening[i] = max(v.opening[i], x)
		}
	}
	k := 0
	for _, n := range r.q.names {
		for _, t := range n.tokens {
			if k < maxNameWords && (ctx.hasWord(t.lower) || ctx.hasName(t)) {
				v.names |= 1 << k
			}
			k++
		}
	}
	v.other = cmp.Or(r.otherAct(v), r.otherObject(v))
	r.views[ctx] = v
	return v
}

// beside is what the sentences round a span say of the query.
func (r *Reader) beside(span claims.Span, ctx *Context, v *view) heard {
	h := heard{words: make([]float64, len(r.q.words))}
	for i := range ctx.parts {
		if p := ctx.parts[i].span; !span.Empty() && p.Start < span.End+maxNear && p.End > span.Start-maxNear {
			h.add(v.parts[i])
		}
	}
	return h
}

// hear is what words in order say of the query.
func (r *Reader) hear(ts []token) heard {
	h := heard{words: make([]float64, len(r.q.words))}
	for i := range ts {
		if s := r.says(ts[i].sense); s != nil {
			for k, v := range s.words {
				h.words[k] = max(h.words[k], v)
			}
		}
		h.names |= r.nameBits(&ts[i])
	}
	return h
}

// maxNameWords is how many words of names of a query are told apart.
const maxNameWords = 64

// nameBits are the words of the query's names that a word says.
func (r *Reader) nameBits(t *token) uint64 {
	if len(r.q.names) == 0 {
		return 0
	}
	if b, ok := r.bits.get(t.mark); ok {
		return b
	}
	var b uint64
	k := 0
	for _, n := range r.q.names {
		for i := range n.tokens {
			if k < maxNameWords && sameName(n.tokens[i], *t) {
				b |= 1 << k
			}
			k++
		}
	}
	r.bits.put(t.mark, b)
	return b
}

// nameShare is the share of the query's names that are said, by their required
// words, and whether one is not said at all. Only names of some stations count.
// A surname stands for whoever bears it.
func (r *Reader) nameShare(said uint64, inCore, elsewhere bool) (share float64, lacking bool) {
	k, count := 0, 0
	for ni, n := range r.q.names {
		var need, final uint64
		for i := range n.tokens {
			if k < maxNameWords && n.required[i] {
				need |= 1 << k
				final = 1 << k
			}
			k++
		}
		if r.coreName[ni] && !inCore || !r.coreName[ni] && !elsewhere {
			continue
		}
		count++
		if need == 0 {
			share++
			continue
		}
		have := float64(bits.OnesCount64(said&need)) / float64(bits.OnesCount64(need))
		if have < 1 && said&final != 0 {
			have = max(have, 0.85)
		}
		share += have
		lacking = lacking || have == 0
	}
	if count == 0 {
		return 0.9, false
	}
	return share / float64(count), lacking
}

// coreNames tells which names of the query stand in some roles of its frame.
func coreNames(q *side, roles ...claims.Role) []bool {
	out := make([]bool, len(q.names))
	in := map[string]bool{}
	for _, role := range roles {
		a := q.c.Frame.Argument(role)
		if a == nil {
			continue
		}
		who := a.Entity
		if who == "" {
			who = a.Head // a name that the reading took for a noun
		}
		for _, t := range tokens(who) {
			in[t.lower] = true
		}
	}
	for i, n := range q.names {
		for _, t := range n.tokens {
			out[i] = out[i] || in[t.lower]
		}
	}
	return out
}

// zones gathers the zones of a claim, and where its sentences stand.
func (r *Reader) zones(c *claims.Claim, d *side, f *fit, ctx *Context, v *view) (out [zones]heard, at []int) {
	n := len(r.q.words)
	room := make([]float64, (int(zones)+1)*n)
	for z := range out {
		out[z].words = room[z*n : (z+1)*n]
	}
	sentence := heard{words: room[int(zones)*n:]}
	copy(out[inClaim].words, f.own)
	for i := range d.tokens {
		out[inClaim].names |= r.nameBits(&d.tokens[i])
	}
	for i := range d.also {
		out[inClaim].names |= r.nameBits(&d.also[i])
	}
	span := c.MainSpan()
	for i := range ctx.parts {
		if p := ctx.parts[i].span; !span.Empty() && p.Start < span.End && p.End > span.Start {
			sentence.add(v.parts[i])
			at = append(at, i)
		}
	}
	more := [zones]*heard{inSentence: &sentence, besideIt: &f.beside, inLead: &v.lead, anywhere: &v.all}
	for z := inSentence; z < zones; z++ {
		copy(out[z].words, out[z-1].words)
		out[z].names = out[z-1].names
		if z > inSentence && blind(c) {
			continue
		}
		out[z].add(*more[z])
	}
	return out, at
}

// debunking words call a report untrue.
var debunking = wordSet("hoax fake fakes faked false falsely untrue bogus fabricated fabrication debunk debunked debunks refute refuted refutes disproved disproves staged inaccurate " +
	"mistaken incorrect misidentified wrong wrongly nonsense unfounded baseless retract retracted retracts retraction correction corrected withdrawn error invented myth denies denied deny denial rejects rejected dismissed")
