package match

import (
	"fmt"
	"math"
	"slices"

	"github.com/secondsource/secondsource/claims"
)

// grounds measures how a claim bears on the query: shares are 0..1, flags 0 or 1.
// The trees know them by their place. Each has a sign for support and one for
// refutation: 1 where more of it can only speak for that, -1 where it can only
// speak against, 0 where it depends.
type grounds struct {
	x        []float64
	wide     []float32 // the same for the trees
	signed   bool      // keep the signs
	pro, con []int8
}

// put adds a ground with its signs.
func (g *grounds) put(v float64, pro, con int8) {
	g.x = append(g.x, v)
	if g.signed {
		g.pro, g.con = append(g.pro, pro), append(g.con, con)
	}
}

func (g *grounds) add(v float64) { g.put(v, 0, 0) }
func (g *grounds) flag(b bool)   { g.put(flag(b), 0, 0) }

// forIt speaks for support, against refuting; againstIt the other way round.
func (g *grounds) forIt(v float64)     { g.put(v, 1, 0) }
func (g *grounds) lackOf(v float64)    { g.put(v, -1, 0) }
func (g *grounds) againstIt(v float64) { g.put(v, -1, 1) }

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// role of a word in the query's frame.
type station int

const (
	head  station = iota // says what happened
	core                 // stands in what does it or what it is done to
	rest                 // circumstances
	whole                // all of them
	stations
)

// stationsOf tells where each word of the query stands.
func stationsOf(q *side) []station {
	out := make([]station, len(q.words))
	inCore := map[string]bool{}
	for _, role := range [...]claims.Role{claims.Agent, claims.Patient, claims.Attribute, claims.Recipient} {
		if a := q.c.Frame.Argument(role); a != nil {
			for _, s := range Stems(a.Text) {
				inCore[s] = true
			}
		}
	}
	for i, w := range q.words {
		switch {
		case isPred(q.pred, w):
			out[i] = head
		case inCore[w.stem]:
			out[i] = core
		default:
			out[i] = rest
		}
	}
	return out
}

// faintWords say little wherever they stand in a claim: light verbs, and words of
// place, order and measure whose weight is in what they go with.
var faintWords = stemSet("near around site place area part own set put come get find run send measure amount number total several many various further new former head " +
	"first last next among aboard involve accord case matter thing way side end time day date month year night morning evening week today yesterday use make take give go do " +
	"place keep hold stand become seem appear begin start follow include add say tell speak know see show call name back well long half local same only alone just already still yet even")

// faint is what such a word counts for beside another.
const faint = 0.35

// weightsOf are the weights of the query's words.
func weightsOf(q *side) []float64 {
	out := make([]float64, len(q.words))
	for i, w := range q.words {
		out[i] = q.weight[i]
		if faintWords[w.stem] || lightWords[w.stem] {
			out[i] *= faint
		}
	}
	return out
}

// share of the weight of the words of a station that a zone says; .7 where the
// query has none.
func (r *Reader) share(h *heard, s station) float64 {
	total, have := 0.0, 0.0
	for i, v := range h.words {
		if s == whole || r.stations[i] == s {
			total += r.weight[i]
			have += r.weight[i] * v
		}
	}
	if total == 0 {
		return 0.7
	}
	return have / total
}

// rarest is the weight of the rarest word that a zone does not say.
func (r *Reader) rarest(h *heard) (most float64) {
	for i, v := range h.words {
		if v < sameSpecific {
			most = max(most, r.weight[i])
		}
	}
	return most
}

// negations are the nearness of a negation to what is said to have happened, 1 beside it to 0.
func (r *Reader) negations(ctx *Context, at []int) (near, odd float64) {
	n := 0
	for _, i := range at {
		ts := ctx.parts[i].tokens
		for k := range ts {
			if !ts[k].negates() {
				continue
			}
			n++
			for j := max(0, k-6); j < min(len(ts), k+7); j++ {
				for w, v := range r.vector(ts[j].sense) {
					if v >= sameSpecific && r.stations[w] == head {
						near = max(near, 1-math.Abs(float64(j-k))/7)
					}
				}
			}
		}
	}
	return near, float64(n % 2)
}

// contrast is the strongest opposite of a word of the query that is not said.
func (r *Reader) contrast(h *heard, ts []token) (main, most float64) {
	var opposed uint64
	for k := range ts {
		opposed |= r.opposing(ts[k].sense)
	}
	for ; opposed != 0; opposed &= opposed - 1 {
		i := firstOf(opposed)
		if h.words[i] >= sameRoot {
			continue
		}
		most = max(most, r.q.weight[i])
		if r.stations[i] == head {
			main = max(main, r.q.weight[i])
		}
	}
	return main, most
}

// contrary names a word of the query that is not said and its opposite in some
// sentences, or "".
func (r *Reader) contrary(h *heard, ctx *Context, at []int) (w, x string) {
	for i, w := range r.q.words {
		if h.words[i] >= sameRoot {
			continue
		}
		for _, k := range at {
			for _, t := range ctx.parts[k].tokens {
				if r.opposing(t.sense)&(1<<i) != 0 {
					return w.stem, t.lower
				}
			}
		}
	}
	return "", ""
}

// replaced tells whether something else stands in a role of the query's frame:
// 1 another name, .5 a thing of the same kind, 0 neither, -1 the same.
func (r *Reader) replaced(c *claims.Claim, d *side, role claims.Role) float64 {
	a, b := r.q.c.Frame.Argument(role), c.Frame.Argument(role)
	switch {
	case a == nil || b == nil:
		return 0
	case alike(a, b) || a.Entity != "" && mentions(d, a.Entity):
		return -1
	case a.Entity != "" && b.Entity != "":
		return 1
	}
	x, y := Stem(a.Head), Stem(b.Head)
	if x == "" || y == "" || x == y || r.same(senseOf(x), senseOf(y)) > 0 {
		return 0
	}
	if senseOf(x).sister(senseOf(y)) {
		return 0.5
	}
	return 0.25
}

// role tells whether the claim has what plays a role in the query in the same
// one (1), elsewhere (.5), or nowhere (-.5); 0 where the query has none.
func (r *Reader) role(c *claims.Claim, d *side, role claims.Role) float64 {
	a, b := r.q.c.Frame.Argument(role), c.Frame.Argument(role)
	switch {
	case a == nil:
		return 0
	case b != nil && alike(a, b):
		return 1
	case a.Entity != "" && mentions(d, a.Entity):
		return 0.5
	}
	if slices.ContainsFunc(Stems(a.Text), d.holds) {
		return 0.5
	}
	return -0.5
}

// lacking is the most telling word that is not said, by weight and by how few
// documents say it, and how many words of weight are not said.
func (r *Reader) lacking(h *heard) (most, n float64) {
	for i, v := range h.words {
		most = max(most, r.weight[i]*r.idf[i]*(1-v))
		if v < sameSpecific && r.weight[i] >= 0.3 {
			n++
		}
	}
	return most, n
}

func (r *Reader) telling(h *heard) float64 {
	total, have := 0.0, 0.0
	for i, v := range h.words {
		w := r.weight[i] * r.idf[i]
		total += w
		have += w * v
	}
	if total == 0 {
		return 0.7
	}
	return have / total
}

// aboutAt is the share of a query that a document must say to count among those
// of its story.
const aboutAt = 0.25

// Prepare tells the reader which documents may bear on the query. A word that
// most of them say tells little of which do; one that few say tells much.
// Documents of another story count for nothing, and those that say the same words
// count once, so that a copy changes nothing.
func (r *Reader) Prepare(docs []*Context) {
	seen, n := map[string]bool{}, 0.0
	sum := make([]float64, len(r.q.words))
	for _, c := range docs {
		all := &r.view(c).all
		names, _ := r.nameShare(all.names, true, true)
		if r.share(all, whole)+names < 2*aboutAt {
			continue
		}
		key := fmt.Sprintf("%.2f %x", all.words, all.names)
		if seen[key] {
			continue
		}
		seen[key] = true
		n++
		for i, v := range all.words {
			sum[i] += v
		}
	}
	for i := range r.idf {
		r.idf[i] = 1.05 - sum[i]/max(1, n)
	}
}

// lookalike finds names of the claim that are nearly one of the query's that is
// not said: one that shares a word with it and has another beside, and one that
// is spelled much like it.
func (r *Reader) lookalike(d *side, h *heard) (shares, spelled float64) {
	k := 0
	for _, n := range r.q.names {
		said, all := 0, len(n.tokens)
		var lacks []token
		for i := range n.tokens {
			if k < maxNameWords && h.names&(1<<k) != 0 {
				said++
			} else {
				lacks = append(lacks, n.tokens[i])
			}
			k++
		}
		if len(lacks) == 0 {
			continue
		}
		for _, m := range d.names {
			strange, shared := 0, 0
			for i := range m.tokens {
				if r.nameBits(&m.tokens[i]) == 0 {
					strange++
					for _, l := range lacks {
						if len(l.lower) >= 4 && len(m.tokens[i].lower) >= 4 && near(l.lower, m.tokens[i].lower) {
							spelled = 1
						}
					}
				} else {
					shared++
				}
			}
			if strange > 0 && shared > 0 && said < all {
				shares = 1
			}
		}
	}
	return shares, spelled
}

// near: two words of one length but for one letter, or two exchanged.
func near(a, b string) bool {
	if a == b || len(a) != len(b) && len(a)+1 != len(b) && len(b)+1 != len(a) {
		return false
	}
	differ := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			differ++
		}
	}
	return differ <= 2
}

// crossed: who plays one role in the query plays another in the claim.
func (r *Reader) crossed(c *claims.Claim, mine, theirs claims.Role) bool {
	a, b := r.q.c.Frame.Argument(mine), c.Frame.Argument(theirs)
	if a == nil || b == nil || a.Entity == "" || !alike(a, b) {
		return false
	}
	o := c.Frame.Argument(mine)
	return o == nil || !alike(a, o)
}

// foreign is how many names a claim speaks of that the query does not.
func (r *Reader) foreign(d *side) float64 {
	n := 0
	for _, m := range d.names {
		strange := true
		for i := range m.tokens {
			strange = strange && r.nameBits(&m.tokens[i]) == 0
		}
		if strange {
			n++
		}
	}
	return float64(min(n, 4))
}

// published compares when the document was published with when the query says
// it happened, in days; 0 and a flag where either is not known.
func (r *Reader) published(ctx *Context) (since, after float64, unknown bool) {
	t := r.q.c.Frame.Time
	if !t.Known() || ctx.Published.IsZero() {
		return 0, 0, true
	}
	since = ctx.Published.Sub(t.Start).Hours() / 24
	after = ctx.Published.Sub(t.End).Hours() / 24
	return max(-9, min(9, since)), max(-9, min(9, after)), false
}

// reverse is the share of the weight of a claim's sentences that the query says.
func (r *Reader) reverse(at []int, ctx *Context) float64 {
	total, have := 0.0, 0.0
	for _, i := range at {
		for k := range ctx.parts[i].tokens {
			t := &ctx.parts[i].tokens[k]
			if t.stem == "" {
				continue
			}
			w, v := t.content, r.most(t.sense)
			if r.nameBits(t) != 0 {
				v = 1
			}
			total += w
			have += w * v
		}
	}
	if total == 0 {
		return 0
	}
	return have / total
}

// answered is how well the query says what the claim says happened.
func (r *Reader) answered(d *side) (best float64) {
	for _, p := range d.pred {
		best = max(best, r.most(p))
	}
	return best
}

// heads is how alike the heads of what plays a role are; -1 where the claim has
// none, .5 where the query has none.
func (r *Reader) heads(c *claims.Claim, role claims.Role) float64 {
	a, b := r.q.c.Frame.Argument(role), c.Frame.Argument(role)
	switch {
	case a == nil:
		return 0.5
	case b == nil:
		return -1
	case alike(a, b):
		return 1
	}
	x, y := Stem(a.Head), Stem(b.Head)
	if x == "" || y == "" {
		return 0
	}
	return r.same(senseOf(x), senseOf(y))
}

var modalities = [...]claims.Modality{claims.Asserted, claims.Denied, claims.Hedged, claims.Planned, claims.Demanded, claims.Conditional, claims.Questioned}

// measure measures a claim against the query.
func (r *Reader) measure(g *grounds, c *claims.Claim, d *side, f *fit, ctx *Context, rules claims.Stance, score float64) {
	v := r.view(ctx)
	zs, at := r.zones(c, d, f, ctx, v)
	r.shares(g, &zs)
	r.named(g, d, f, &zs)
	r.counted(g, c, f, v, ctx, at)
	r.timed(g, c, ctx)
	r.turned(g, c, d, ctx, v, &zs, at)
	r.placed(g, c, d)
	r.putForward(g, c, d)
	r.sized(g, c, d, f, ctx, at)
	// What the rules say of it.
	g.put(flag(rules == claims.Supports), 1, -1)
	g.againstIt(flag(rules == claims.Refutes))
	g.forIt(score)
}

// mostGrounds is room for all of them.
const mostGrounds = 160

// shares: how much is said, by zone and by place in the frame, and what is not.
func (r *Reader) shares(g *grounds, zs *[zones]heard) {
	for s := range stations {
		for z := range zones {
			g.forIt(r.share(&zs[z], s))
		}
	}
	for _, z := range [...]zone{inClaim, besideIt, anywhere} {
		g.lackOf(r.rarest(&zs[z]))
	}
	for _, z := range [...]zone{inClaim, inSentence, besideIt, anywhere} {
		g.forIt(r.telling(&zs[z]))
		most, n := r.lacking(&zs[z])
		g.lackOf(most)
		g.lackOf(n)
	}
}

// named: which names are said where, and which others.
func (r *Reader) named(g *grounds, d *side, f *fit, zs *[zones]heard) {
	for z := range zones {
		share, lacking := r.nameShare(zs[z].names, true, true)
		g.forIt(share)
		g.lackOf(flag(lacking))
		centre, lacking := r.nameShare(zs[z].names, true, false)
		g.forIt(centre)
		if z == inClaim || z == anywhere {
			g.lackOf(flag(lacking))
		}
		aside, _ := r.nameShare(zs[z].names, false, true)
		g.forIt(aside)
	}
	g.flag(len(r.q.names) == 0)
	g.lackOf(flag(len(f.noName) > 0))
	g.lackOf(flag(f.another != ""))
	g.add(r.foreign(d))
	shares, spelled := r.lookalike(d, &zs[inSentence])
	g.lackOf(shares)
	g.lackOf(spelled)
}

// counted: numbers in the claim, in its sentence, near it and anywhere.
func (r *Reader) counted(g *grounds, c *claims.Claim, f *fit, v *view, ctx *Context, at []int) {
	var every, near []int
	span := c.MainSpan()
	for i := range ctx.parts {
		every = append(every, i)
		if p := ctx.parts[i].span; p.Start < span.End+maxNear && p.End > span.Start-maxNear {
			near = append(near, i)
		}
	}
	g.flag(len(r.q.nums) > 0)
	g.put(f.numbers, 1, -1)
	g.againstIt(flag(f.clash != ""))
	g.put(flag(f.exact), 1, -1)
	for _, where := range [...][]int{at, near, every} {
		held, clash, moved := r.figures(v, where)
		g.put(held, 1, -1)
		g.againstIt(clash)
		g.againstIt(moved)
	}
}

// timed: when it happened and when it was told.
func (r *Reader) timed(g *grounds, c *claims.Claim, ctx *Context) {
	late, _ := timesConflict(r.q.c, c)
	known := r.q.c.Frame.Time.Known() && c.Frame.Time.Known()
	g.againstIt(flag(late != claims.NoContradiction))
	g.forIt(flag(known && late == claims.NoContradiction))
	g.lackOf(flag(r.early(c, ctx)))
	since, after, unknown := r.published(ctx)
	g.add(since)
	g.add(after)
	g.flag(unknown)
}

// turned: negation, denial, contrast.
func (r *Reader) turned(g *grounds, c *claims.Claim, d *side, ctx *Context, v *view, zs *[zones]heard, at []int) {
	q := &r.q
	g.againstIt(flag((d.polarity != q.polarity) != (c.Modality == claims.Denied)))
	g.flag(q.polarity == claims.Negative)
	beside, odd := r.negations(ctx, at)
	g.add(beside)
	g.add(odd)
	untrue := false
	for _, i := range at {
		untrue = untrue || v.said[i].untrue
	}
	g.flag(untrue)
	g.flag(v.untrueLead)
	g.flag(r.untrue)
	headOwn, anyOwn := r.contrast(&zs[inSentence], d.tokens)
	headSentence, anySentence := 0.0, 0.0
	for _, i := range at {
		h, a := r.contrast(&zs[inSentence], ctx.parts[i].tokens)
		headSentence, anySentence = max(headSentence, h), max(anySentence, a)
	}
	for _, v := range [...]float64{headOwn, anyOwn, headSentence, anySentence} {
		g.againstIt(v)
	}
	opposed, _ := r.opposed(d)
	modifiers, _ := r.modifiers(d)
	swapped, _ := roles(q.c, c)
	g.againstIt(flag(opposed != claims.NoContradiction))
	g.againstIt(flag(modifiers != claims.NoContradiction))
	g.againstIt(flag(swapped != claims.NoContradiction))
}

// placed: who and what stands where in the frames.
func (r *Reader) placed(g *grounds, c *claims.Claim, d *side) {
	for _, role := range [...]claims.Role{claims.Agent, claims.Patient, claims.PlaceRole} {
		g.forIt(r.role(c, d, role))
	}
	for _, role := range [...]claims.Role{claims.Agent, claims.Patient, claims.PlaceRole, claims.Attribute} {
		g.againstIt(r.replaced(c, d, role))
	}
	for _, role := range [...]claims.Role{claims.Agent, claims.Patient, claims.Attribute} {
		g.forIt(r.heads(c, role))
	}
	g.againstIt(flag(r.crossed(c, claims.Agent, claims.Patient)))
	g.againstIt(flag(r.crossed(c, claims.Patient, claims.Agent)))
}

// putForward: how the claim and the query are put forward.
func (r *Reader) putForward(g *grounds, c *claims.Claim, d *side) {
	q := &r.q
	for _, m := range modalities {
		g.flag(c.Modality == m)
	}
	g.flag(c.Modality == q.c.Modality)
	g.flag(r.ofSaying(d))
	g.flag(c.Kind == claims.Utterance)
	g.flag(q.kind == claims.Utterance)
	g.flag(q.ahead)
	g.flag(d.ahead)
	g.flag(c.Frame.Predicate.Nominal)
	g.flag(q.c.Frame.Predicate.Lemma == "be")
}

// sized: shares that were measured for the rules, lengths, and where it stands.
func (r *Reader) sized(g *grounds, c *claims.Claim, d *side, f *fit, ctx *Context, at []int) {
	g.forIt(f.within)
	g.forIt(f.direct)
	g.forIt(f.all)
	g.forIt(f.pred)
	g.lackOf(float64(len(f.missing)))
	g.forIt(r.reverse(at, ctx))
	g.forIt(r.answered(d))
	g.add(math.Log(float64(1+len(d.words)) / float64(1+len(r.q.words))))
	g.add(float64(len(r.q.words)))
	g.add(math.Log(float64(1 + len(ctx.parts))))
	first := 9.0
	if len(at) > 0 {
		first = float64(min(at[0], 9))
	}
	g.add(first)
	g.add(float64(len(c.Attribution.Hops)))
	g.flag(blind(c))
}

// Features measures a claim against the query, for the command that fits the
// trees (claims/eval/weigh); nil for one that cannot bear on it.
func (r *Reader) Features(c *claims.Claim, ctx *Context) []float64 {
	d := ctx.side(c)
	c = d.c
	if r.barred(c, d) != "" {
		return nil
	}
	f := r.fit(d, ctx)
	rel, st := r.rules(c, d, &f, ctx)
	g := grounds{x: make([]float64, 0, mostGrounds)}
	r.measure(&g, c, d, &f, ctx, st, rel.Score)
	return g.x
}

// Signs tells in which direction each feature may speak, for support and for
// refutation: 1, -1, or 0 for either.
func Signs() (pro, con []int8) {
	q := &claims.Claim{Text: "A met B"}
	r := NewReader(q)
	d := makeSide(q)
	g := grounds{signed: true}
	r.measure(&g, q, &d, &fit{own: make([]float64, len(r.q.words))}, NewContext(&claims.Document{}), claims.Neutral, 0)
	return g.pro, g.con
}
