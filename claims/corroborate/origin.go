package corroborate

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/language"
)

// who is what an assertion goes back to.
type who struct {
	key        string // what is equal is one origin
	name       string
	source     *claims.Source
	identified bool
	why        string
	members    []string
	merges     []claims.Merge
	// selves are the ids of the sources that it is or speaks through, the one that
	// is named first; direct: it counts as that one itself.
	selves []string
	direct bool
	judged []int64 // Seqs of the judgements that made it what it is
	// shown is the source that it was merged into when nobody registered that; nil
	// else.
	shown *claims.Source
}

// asserter finds whom a linked chain goes back to.
func (b *builder) asserter(e *claims.Evidence) who {
	hops := e.Claim.Attribution.Hops
	at := e.Document.PublishedAt
	via := b.publisherName(e.Document)
	n := len(hops) - 1
	if n < 0 || (n == 0 && hops[0].Name == "") {
		return who{key: "unknown:" + e.Document.ID, name: "not identified (the publisher is not known)", why: "nobody is recorded as the publisher"}
	}
	h := hops[n]
	// A query about a saying: whoever said it is its origin.
	if b.saying && e.Claim.Kind == claims.Utterance {
		if a := e.Claim.Frame.Argument(claims.Agent); a != nil {
			name := a.Entity
			if name == "" {
				name = a.Text
			}
			if w := b.named(claims.Hop{Name: name}, at); w.identified {
				w.why = "the one whose saying is asked about"
				return w
			}
		}
	}
	if h.Unnamed {
		// Known to whoever spoke to it: that outlet answers for it.
		for k := n - 1; k >= 0; k-- {
			if hops[k].Name != "" && !hops[k].Unnamed && !hops[k].Nobody {
				w := b.named(hops[k], at)
				w.why = fmt.Sprintf("an unnamed source (%q) of %s, which answers for it", h.Mention, w.name)
				w.merges = append(w.merges, claims.Merge{Reason: claims.MergeUnnamed, Document: e.Document.ID, Other: w.name, Span: h.SourceSpan,
					Detail: fmt.Sprintf("%q is known to %s alone", h.Mention, w.name)})
				return w
			}
		}
		h.Nobody = true
	}
	if h.Nobody || h.Name == "" {
		what := "not identified (via " + via + ")"
		if h.Medium == claims.MediumFeed {
			what = "an agency feed that is not named (via " + via + ")"
		}
		return who{key: "unknown:" + e.Document.ID, name: what, why: "the text does not say who stands behind it, so it can raise the upper bound only",
			merges: b.relayMerge(e, n, what)}
	}
	w := b.named(h, at)
	if w.identified && w.source == nil && w.shown == nil && language.GenericBody(w.name) {
		w.identified, w.why = false, fmt.Sprintf("%s calls it %q and nothing else, so it may be one with another and can raise the upper bound only", via, w.name)
		w.merges = append(w.merges, b.relayMerge(e, n, w.name)...)
		return w
	}
	w.merges = append(w.merges, b.relayMerge(e, n, w.name)...)
	if n == 0 {
		w.why = w.name + " states it in its own voice"
	} else {
		w.why = via + " relays it from " + w.name
	}
	return w
}

// relayMerge explains why an outlet is no origin of what it attributes.
func (b *builder) relayMerge(e *claims.Evidence, n int, into string) []claims.Merge {
	if n == 0 {
		return nil
	}
	h := e.Claim.Attribution.Hops[n]
	m := claims.Merge{Reason: claims.MergeAttribution, Document: e.Document.ID, Other: into, Span: h.CueSpan.Cover(h.SourceSpan)}
	via := b.publisherName(e.Document)
	switch {
	case h.Manner == claims.Forward:
		m.Reason, m.Detail = claims.MergeForward, via+" forwards "+into
	case h.Manner == claims.EmbedManner:
		m.Reason, m.Detail = claims.MergeEmbed, via+" shows a post of "+into
	case h.Medium == claims.MediumFeed && h.Manner == claims.Relay:
		m.Reason, m.Detail = claims.MergeCredit, via+" credits "+into+" for its text"
	default:
		m.Detail = via + " attributes it to " + into
	}
	if h.Where != claims.WhereText {
		m.Span = claims.Span{}
	}
	return []claims.Merge{m}
}

// linked is the origin for a link of a chain that names somebody, before editors
// have a say on who is who.
func (b *builder) linked(h claims.Hop, at time.Time) who {
	id := h.Source
	if id == "" && h.Name != "" {
		if x, ok := b.reg.Find(h.Name, at); ok {
			id = x.Source.ID
		}
	}
	body := id == "" || b.reg.Source(id) == nil
	if body && h.SpeaksFor == "" && h.Name != "" {
		h.SpeaksFor = b.speaks[language.VariantKey(h.Name)]
	}
	if body && h.SpeaksFor != "" {
		// A person who speaks for a body is that body.
		w := b.named(claims.Hop{Name: h.SpeaksFor}, at)
		w.through(b.reg.metBy(h))
		w.members = append(w.members, h.Name)
		if !strings.EqualFold(h.Name, h.SpeaksFor) {
			w.merges = append(w.merges, claims.Merge{Reason: claims.MergeSpeaksFor, Other: w.name, Detail: h.Name + " speaks for " + w.name})
		}
		return w
	}
	if body {
		v := language.VariantKey(h.Name)
		if v == "" {
			v = h.Name
		}
		w := who{key: "name:" + v, name: h.Name, identified: true, direct: true}
		if m := b.reg.metBy(h); m != nil {
			w.selves = []string{m.ID}
			b.controlled(&w, m, at)
		}
		return w
	}
	src := b.reg.Source(id)
	root, path := b.reg.Root(id, at)
	w := who{key: "source:" + root, name: src.Name, source: src, identified: true, members: []string{src.Name}, direct: true, selves: []string{id}}
	for _, x := range path {
		if j := b.reg.judged.Controlled(x); j != nil {
			w.judged = append(w.judged, j.Seq)
		}
		if x != id {
			w.selves = append(w.selves, x)
		}
	}
	if root != id {
		w.selves = append(w.selves, root)
	}
	if m := b.reg.metBy(h); m != nil && m.ID != id { // it had no registered source when it was judged
		w.selves = append(w.selves, m.ID)
	}
	if m := b.reg.met[root]; m != nil && len(path) > 0 {
		w.under(b.named(claims.Hop{Name: m.Name}, at), src.Name)
	}
	if rs := b.reg.Source(root); rs != nil && len(path) > 0 {
		reason := claims.MergeControl
		detail := src.Name + " is controlled by " + rs.Name
		if src.SpeaksFor != "" {
			reason, detail = claims.MergeSpeaksFor, src.Name+" speaks for "+rs.Name
		}
		w.merges = append(w.merges, claims.Merge{Reason: reason, Other: rs.Name, Detail: detail})
	}
	if h.Name != "" && !strings.EqualFold(h.Name, src.Name) {
		w.merges = append(w.merges, claims.Merge{Reason: claims.MergeSameSource, Other: src.Name, Detail: fmt.Sprintf("%q is %s", h.Name, src.Name)})
	}
	return w
}

// through says that an origin is a body for which a source that a judgement names
// speaks.
func (w *who) through(m *claims.Source) {
	if m != nil {
		w.selves, w.direct = append([]string{m.ID}, w.selves...), false
	}
}

// controlled puts a source that nobody registered under the controller that an
// editor gave it.
func (b *builder) controlled(w *who, m *claims.Source, at time.Time) {
	j := b.reg.judged.Controlled(m.ID)
	if j == nil {
		return
	}
	w.judged = append(w.judged, j.Seq)
	for _, c := range m.ControlledBy {
		if by := b.reg.known(c.Source); by != nil && c.Valid.Has(at) {
			w.under(b.named(claims.Hop{Name: by.Name, Source: b.registered(by.ID)}, at), w.name)
		}
	}
}

// under gives an origin the key of its controller and keeps its name.
func (w *who) under(c who, name string) {
	w.key = c.key
	w.selves = append(w.selves, c.selves...)
	w.judged = append(w.judged, c.judged...)
	w.merges = append(w.merges, claims.Merge{Reason: claims.MergeControl, Other: c.name, Detail: name + " is controlled by " + c.name})
	w.merges = append(w.merges, c.merges...)
}

func (b *builder) publisherName(d *claims.Document) string {
	if d.Publisher == "" {
		return "an unknown publisher"
	}
	if x, ok := b.reg.Find(d.Publisher, d.PublishedAt); ok {
		return x.Source.Name
	}
	return d.Publisher
}

// sortMerges puts merges in the order in which their documents were published,
// each once. Ids are made at random and must not decide an order.
func (b *builder) sortMerges(ms []claims.Merge) []claims.Merge {
	rank := map[string]int{}
	for i := range b.items {
		if id := b.items[i].e.Document.ID; rank[id] == 0 {
			rank[id] = i + 1
		}
	}
	sort.SliceStable(ms, func(i, j int) bool {
		a, b := ms[i], ms[j]
		if a.Document != b.Document {
			return rank[a.Document] < rank[b.Document]
		}
		if a.Reason != b.Reason {
			return a.Reason < b.Reason
		}
		if a.Detail != b.Detail {
			return a.Detail < b.Detail
		}
		return a.Origin < b.Origin
	})
	out := ms[:0]
	for i, m := range ms {
		if i > 0 && m == out[len(out)-1] {
			continue
		}
		out = append(out, m)
	}
	return out
}
