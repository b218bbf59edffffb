package corroborate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
)

// Judged is the registry of sources under what editors decided. met are the
// sources that standing judgements name and nobody registered: they are known by
// the names under which documents have them and by no other wording, so that a
// judgement about one links nothing that it does not name.
func Judged(sources, met []claims.Source, st *editorial.State) *Registry {
	as := make([]claims.Source, len(sources))
	for i := range sources {
		as[i] = st.Source(sources[i])
	}
	r := NewRegistry(as)
	r.judged = st
	for i := range met {
		m := st.Source(met[i])
		r.met[m.ID] = &m
		if k := claims.NameKey(m.Name); k != "" {
			r.metAs[k] = &m
		}
	}
	return r
}

// State is what editors decided.
func (r *Registry) State() *editorial.State { return r.judged }

// known is a source that is registered or that a judgement names.
func (r *Registry) known(id string) *claims.Source {
	if s := r.byID[id]; s != nil {
		return s
	}
	return r.met[id]
}

// metBy is the source that a judgement names and documents name so, or nil.
func (r *Registry) metBy(h claims.Hop) *claims.Source {
	for _, n := range [...]string{h.Name, h.Handle} {
		if m := r.metAs[claims.NameKey(n)]; n != "" && m != nil {
			return m
		}
	}
	return nil
}

// apart tells whether an editor said that a name, in the wording in which
// documents have it, is not the source whose name it resembles.
func (r *Registry) apart(name, id string) bool {
	m := r.metAs[claims.NameKey(name)]
	return m != nil && m.ID != id && r.judged.Sources.Apart(m.ID, id) != nil
}

// Shown is the id under which answers show a linked source: of what it was merged
// into. A name that is not registered is shown only when it was merged.
func (r *Registry) shown(h claims.Hop) string {
	id := h.Source
	if m := r.metBy(h); id == "" && m != nil && r.judged.Sources.One(m.ID) && !h.Nobody && !h.Unnamed {
		id = m.ID
	}
	return r.judged.Sources.As(id)
}

// Show sets the Sources of linked hops to those under which answers show them, in
// place.
func (r *Registry) Show(hops []claims.Hop) {
	if !r.judged.Sources.Any() {
		return
	}
	for i := range hops {
		hops[i].Source = r.shown(hops[i])
	}
}

// Same tells whether two ids are of one source, as editors have it.
func (r *Registry) Same(a, b string) bool { return r.judged.Sources.As(a) == r.judged.Sources.As(b) }

// Attributed is the chain of a stored claim with the asserter that an editor set,
// or as it is; the chain given is not changed. The hop in which it ends then names
// the judgement.
func (r *Registry) Attributed(c *claims.Claim, at time.Time) []claims.Hop {
	hops := c.Attribution.Hops
	if len(r.judged.Attributed()) == 0 || len(hops) == 0 {
		return hops
	}
	j := r.judged.Asserter(ClaimName(c))
	if j == nil {
		return hops
	}
	if j.Object == "" {
		return append(slices.Clone(hops[:max(1, len(hops)-1)]), claims.Hop{Nobody: true, Manner: claims.Indirect, Where: claims.WhereMetadata, Judgement: j.Seq})
	}
	s := r.known(strings.TrimPrefix(j.Object, "sources/"))
	if s == nil {
		return hops // what documents named so is erased
	}
	if id := r.self(hops[0], at); id == s.ID {
		own := hops[0]
		own.Manner, own.Judgement = claims.OwnVoice, j.Seq
		return []claims.Hop{own}
	}
	h := claims.Hop{Name: s.Name, Manner: claims.Indirect, Where: claims.WhereMetadata, Judgement: j.Seq}
	if len(hops) > 1 {
		h.Manner = hops[len(hops)-1].Manner
	}
	if r.byID[s.ID] != nil {
		h.Source = s.ID
	}
	return append(slices.Clone(hops[:max(1, len(hops)-1)]), h)
}

// self is the id of the source that a link of a chain names: a registered one, or
// one that a judgement names; "" for neither.
func (r *Registry) self(h claims.Hop, at time.Time) string {
	if h.Source != "" && r.byID[h.Source] != nil {
		return h.Source
	}
	if h.Name != "" {
		if x, ok := r.Find(h.Name, at); ok {
			return x.Source.ID
		}
	}
	if m := r.metBy(h); m != nil && !h.Nobody && !h.Unnamed {
		return m.ID
	}
	return ""
}

// Identify is the id of the source that a name, handle or id means at a time: a
// registered one, or one that a judgement names; "" for neither.
func (r *Registry) Identify(name string, at time.Time) string {
	if x, ok := r.Find(name, at); ok {
		return x.Source.ID
	}
	if m := r.met[strings.TrimPrefix(name, "sources/")]; m != nil {
		return m.ID
	}
	if m := r.metBy(claims.Hop{Name: name}); m != nil {
		return m.ID
	}
	return ""
}

// ClaimName is the resource name of a stored claim.
func ClaimName(c *claims.Claim) string {
	return fmt.Sprintf("documents/%s/claims/%d", c.Document, c.Index)
}
