package corroborate

import (
	"fmt"
	"slices"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// documentName is the resource name of a document.
func documentName(id string) string { return "documents/" + id }

// refs are the names by which judgements may mean an assertion.
func refs(it *item) [2]string {
	return [2]string{ClaimName(it.e.Claim), documentName(it.e.Document.ID)}
}

// parted is the judgement that two assertions have not one origin, or nil.
func (b *builder) parted(x, y *item) *claims.Judgement {
	if !b.reg.judged.Origins.Parts() {
		return nil
	}
	for _, r := range refs(x) {
		if j := b.partedFrom(r, refs(y)); j != nil {
			return j
		}
	}
	return nil
}

// partedText is the judgement that an assertion does not come from a document, or
// nil.
func (b *builder) partedText(it *item, d *claims.Document) *claims.Judgement {
	if !b.reg.judged.Origins.Parts() {
		return nil
	}
	for _, r := range refs(it) {
		if j := b.reg.judged.Origins.Apart(r, documentName(d.ID)); j != nil {
			return j
		}
	}
	return nil
}

func (b *builder) partedFrom(r string, others [2]string) *claims.Judgement {
	for _, o := range others {
		if j := b.reg.judged.Origins.Apart(r, o); j != nil {
			return j
		}
	}
	return nil
}

// keep notes that an assertion was not taken to be another's because an editor
// said so.
func (b *builder) keep(it *item, other string, j *claims.Judgement) {
	it.judge(j)
	b.kept = append(b.kept, claims.Merge{Reason: claims.MergeEditor, Document: it.e.Document.ID, Other: other, Close: true, Judgement: j.Seq, Origin: it.who.name,
		Detail: "its origin is another one: " + editorial.Says(j)})
}

func (it *item) judge(j *claims.Judgement) {
	if !slices.Contains(it.judged, j.Seq) {
		it.judged = append(it.judged, j.Seq)
	}
}

// part gives those an origin of their own that an editor keeps apart from what they
// still share one with: the one that they name, without what was followed from
// there.
func (b *builder) part() {
	origins := b.reg.judged.Origins
	if !origins.Parts() {
		return
	}
	for i := range b.items {
		it := &b.items[i]
		for _, r := range refs(it) {
			for _, c := range origins.Cuts(r) {
				if o := b.sharing(it, origins.Members(c.From)); o != nil {
					b.standApart(it, o, r, c)
				}
			}
		}
	}
}

// sharing finds an assertion of those named that has the origin of another.
func (b *builder) sharing(it *item, names []string) *item {
	for j := range b.items {
		o := &b.items[j]
		if o == it || o.side != it.side || o.who.key != it.who.key {
			continue
		}
		if rs := refs(o); slices.Contains(names, rs[0]) || slices.Contains(names, rs[1]) {
			return o
		}
	}
	return nil
}

func (b *builder) standApart(it, o *item, r string, c editorial.Cut) {
	w := it.asserted
	if w.key == o.who.key {
		w.key = "apart:" + b.reg.judged.Origins.As(r)
		w.why = fmt.Sprintf("an editor keeps it apart from the document of %s", b.publisherName(o.e.Document))
	}
	it.who = w
	b.keep(it, o.e.Document.ID, c.By)
}

// group is an origin on its way into the answer.
type group struct {
	o        claims.Origin
	items    []int
	merges   []claims.Merge
	asserted bool // not only hearsay
	gone     bool // joined with another
}

// joined makes groups one whose assertions an editor joined. Each side is joined
// for itself.
func (b *builder) joined(groups []*group) []*group {
	origins := b.reg.judged.Origins
	if !origins.Any() {
		return groups
	}
	of := map[string]map[string]*group{} // side and class of assertions -> the group that has some of them
	first := map[string]map[string]string{}
	for _, g := range groups {
		for _, i := range slices.Clone(g.items) {
			for _, r := range refs(&b.items[i]) {
				if !origins.One(r) {
					continue
				}
				side, as := string(g.o.Stance), origins.As(r)
				if of[side] == nil {
					of[side], first[side] = map[string]*group{}, map[string]string{}
				}
				to := of[side][as]
				for to != nil && to.gone {
					to = to.into(groups)
				}
				switch {
				case to == nil:
					of[side][as], first[side][as] = g, r
				case to == g:
					b.confirm(i, origins.Path(r, first[side][as]))
				case b.apartGroups(to, g):
				default:
					b.joinGroups(to, g, i, origins.Path(r, first[side][as]))
				}
				if g.gone {
					g = to
				}
			}
		}
	}
	return slices.DeleteFunc(groups, func(g *group) bool { return g.gone })
}

// into is the group that took another in: the one that has its items now.
func (g *group) into(groups []*group) *group {
	for _, x := range groups {
		if x != g && !x.gone && len(g.items) > 0 && slices.Contains(x.items, g.items[0]) {
			return x
		}
	}
	return nil
}

func (b *builder) confirm(i int, path []*claims.Judgement) {
	for _, j := range path {
		b.items[i].judge(j)
	}
}

// apartGroups tells whether an editor keeps some of two groups apart.
func (b *builder) apartGroups(x, y *group) bool {
	for _, i := range x.items {
		for _, j := range y.items {
			if b.parted(&b.items[i], &b.items[j]) != nil {
				return true
			}
		}
	}
	return false
}

// joinGroups puts one group into another that came before it.
func (b *builder) joinGroups(to, g *group, i int, path []*claims.Judgement) {
	it := &b.items[i]
	for _, j := range path {
		it.judge(j)
		to.merges = append(to.merges, claims.Merge{Reason: claims.MergeEditor, Document: it.e.Document.ID, Other: to.o.Name, Origin: to.o.Name, Judgement: j.Seq,
			Detail: fmt.Sprintf("%s and %s are one origin: %s", g.o.Name, to.o.Name, editorial.Says(j))})
	}
	if g.o.Identified && !to.o.Identified {
		to.o.Name, to.o.Source, to.o.Identified, to.o.Why = g.o.Name, g.o.Source, true, g.o.Why
	}
	to.asserted = to.asserted || g.asserted
	to.items = append(to.items, g.items...)
	slices.Sort(to.items)
	for _, m := range g.o.Members {
		if !has(to.o.Members, m) {
			to.o.Members = append(to.o.Members, m)
		}
	}
	to.merges = append(to.merges, g.merges...)
	for k := range to.merges {
		to.merges[k].Origin = to.o.Name
	}
	g.gone = true
}
