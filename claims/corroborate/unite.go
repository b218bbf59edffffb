package corroborate

import (
	"fmt"
	"slices"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// maxNamed bounds how far a name leads to the one behind it: the body a person
// speaks for, its controller, and so on.
const maxNamed = 16

// named is the origin for a link of a chain that names somebody, as editors have
// it.
func (b *builder) named(h claims.Hop, at time.Time) who {
	if b.depth++; b.depth > maxNamed {
		b.depth--
		return who{key: "name:" + h.Name, name: h.Name, identified: true}
	}
	defer func() { b.depth-- }()
	w := b.linked(h, at)
	if sources := b.reg.judged.Sources; sources.Any() {
		b.merged(&w, sources)
		b.cut(&w, sources, at)
	}
	w.key = b.one(w.key)
	return w
}

// merged makes the origin one with what an editor said that it is, or that those
// are that it speaks through.
func (b *builder) merged(w *who, sources *editorial.Partition) {
	for _, self := range w.selves {
		if !sources.One(self) {
			continue
		}
		as := sources.As(self)
		b.join(w.key, "one:"+as)
		x, is := b.reg.known(self), b.reg.known(as)
		if self == as || x == nil {
			continue
		}
		name := "sources/" + as // it went with what documents named so
		if is != nil {
			name = is.Name
		}
		if w.direct && self == w.selves[0] && is != nil {
			w.name, w.source, w.shown = is.Name, b.reg.Source(as), is
			w.members = append(w.members, is.Name, x.Name)
		}
		for _, j := range sources.Path(self, as) {
			w.merges = append(w.merges, claims.Merge{Reason: claims.MergeEditor, Other: name, Detail: fmt.Sprintf("%s is %s: %s", x.Name, name, editorial.Says(j)), Judgement: j.Seq})
			w.judged = append(w.judged, j.Seq)
		}
	}
}

// cut lets a source stand for itself that an editor keeps apart from what it would
// be one with.
func (b *builder) cut(w *who, sources *editorial.Partition, at time.Time) {
	if len(w.selves) == 0 {
		return
	}
	self := w.selves[0]
	x := b.reg.known(self)
	if x == nil {
		return
	}
	for _, c := range sources.Cuts(self) {
		from := b.reg.known(c.From)
		if from == nil {
			continue
		}
		through := slices.ContainsFunc(w.selves[1:], func(id string) bool { return b.reg.Same(id, c.From) })
		if !through {
			other := b.linked(claims.Hop{Name: from.Name, Source: b.registered(c.From)}, at)
			b.merged(&other, sources)
			if b.one(other.key) != b.one(w.key) {
				continue
			}
		}
		*w = who{key: "apart:" + sources.As(self), name: x.Name, source: b.reg.Source(self), identified: true, direct: true, selves: w.selves[:1],
			members: []string{x.Name}, judged: append(w.judged, c.By.Seq),
			merges: []claims.Merge{{Reason: claims.MergeEditor, Other: from.Name, Close: true, Judgement: c.By.Seq, Origin: x.Name,
				Detail: fmt.Sprintf("%s is not %s: %s", x.Name, from.Name, editorial.Says(c.By))}}}
		return
	}
}

// registered is the id of a registered source, "" for others.
func (b *builder) registered(id string) string {
	if b.reg.Source(id) == nil {
		return ""
	}
	return id
}

// join makes two origin keys one.
func (b *builder) join(x, y string) {
	x, y = b.one(x), b.one(y)
	if x != y {
		b.ones[max(x, y)] = min(x, y)
	}
}

// one is the key that stands for all that were joined with one.
func (b *builder) one(key string) string {
	for {
		to, ok := b.ones[key]
		if !ok {
			return key
		}
		key = to
	}
}

// unite learns which keys are one before any two are compared: whatever the chains
// that were read name.
func (b *builder) unite() {
	if !b.reg.judged.Sources.Any() {
		return
	}
	all := func(d *claims.Document, hops []claims.Hop) {
		for _, h := range hops {
			if !h.Nobody && !h.Unnamed && h.Name != "" {
				b.named(h, d.PublishedAt)
			}
		}
	}
	for i := range b.items {
		e := &b.items[i].e
		all(e.Document, []claims.Hop{{Name: e.Document.Publisher}})
		all(e.Document, e.Claim.Attribution.Hops)
		for _, c := range b.read[e.Document.ID] {
			all(e.Document, b.reg.Link(c.Attribution.Hops, e.Document.PublishedAt))
		}
	}
	for _, w := range b.in.Withdrawals {
		all(w, []claims.Hop{{Name: w.Publisher}})
	}
}

// different tells whether an editor keeps two sources apart of which one might be
// taken for the other.
func (b *builder) different(x, y *who) bool {
	for _, s := range x.selves {
		for _, t := range y.selves {
			if b.reg.judged.Sources.Apart(s, t) != nil {
				return true
			}
		}
	}
	return false
}
