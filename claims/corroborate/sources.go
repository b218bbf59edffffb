// Package corroborate answers what a set of judged assertions amounts to: which
// of them go back to one origin and why, between which bounds the number of
// independent origins lies, and the verdict. Everything in it is a pure function
// of its arguments; the order of the arguments changes nothing.
package corroborate

import (
	"sort"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/editorial"
	"github.com/secondsource/secondsource/claims/language"
)

// Registry answers who is who among registered sources at a time. It is
// immutable and safe for concurrent use.
type Registry struct {
	byID    map[string]*claims.Source
	exact   map[string][]named // NameKey -> sources that have it as a name
	variant map[string][]named // VariantKey -> sources
	words   map[string][]named // word of a body's variant key -> sources

	judged *editorial.State
	met    map[string]*claims.Source // by id: named by judgements, not registered
	metAs  map[string]*claims.Source // by NameKey
}

type named struct {
	src   *claims.Source
	name  string
	by    claims.MatchedBy
	valid claims.Interval
}

// NewRegistry indexes sources; the slice is not kept.
func NewRegistry(sources []claims.Source) *Registry {
	r := &Registry{byID: map[string]*claims.Source{}, exact: map[string][]named{}, variant: map[string][]named{}, words: map[string][]named{},
		judged: editorial.None(), met: map[string]*claims.Source{}, metAs: map[string]*claims.Source{}}
	for i := range sources {
		s := sources[i]
		r.byID[s.ID] = &s
		add := func(n string, by claims.MatchedBy, valid claims.Interval) {
			x := named{&s, n, by, valid}
			k := claims.NameKey(n)
			if k == "" {
				return
			}
			r.exact[k] = append(r.exact[k], x)
			if by == claims.MatchedByHandle {
				return
			}
			v := language.VariantKey(n)
			r.variant[v] = append(r.variant[v], x)
			for w := range strings.FieldsSeq(v) {
				r.words[w] = append(r.words[w], x)
			}
		}
		add(s.Name, claims.MatchedByName, claims.Interval{})
		for _, a := range s.Aliases {
			add(a.Name, claims.MatchedByAlias, a.Valid)
		}
		for _, h := range s.Handles {
			add("@"+strings.TrimPrefix(h.Handle, "@"), claims.MatchedByHandle, h.Valid)
		}
	}
	return r
}

// Source returns a registered source by id, or nil.
func (r *Registry) Source(id string) *claims.Source { return r.byID[id] }

// Find links a name or handle at a time: by id, name, alias or handle, else as
// another wording of a name, else as a shortened name that only one source can
// mean ("the Coast Guard" for "Zenda Coast Guard"). ok is false when none or
// several fit.
func (r *Registry) Find(name string, at time.Time) (res claims.Resolution, ok bool) {
	name = strings.TrimSpace(strings.TrimPrefix(name, "sources/"))
	if s := r.byID[name]; s != nil {
		return claims.Resolution{Source: *s, MatchedBy: claims.MatchedByID, Matched: s.ID}, true
	}
	if x := only(r.exact[claims.NameKey(name)], at); x != nil {
		return claims.Resolution{Source: *x.src, MatchedBy: x.by, Matched: x.name}, true
	}
	v := language.VariantKey(name)
	if v == "" || strings.HasPrefix(name, "@") {
		return res, false
	}
	if x := only(r.variant[v], at); x != nil && !r.apart(name, x.src.ID) {
		return claims.Resolution{Source: *x.src, MatchedBy: claims.MatchedByVariant, Matched: x.name}, true
	}
	if x := r.shortened(v, at); x != nil && !r.apart(name, x.src.ID) {
		return claims.Resolution{Source: *x.src, MatchedBy: claims.MatchedByVariant, Matched: x.name}, true
	}
	return res, false
}

// only is the match whose interval holds the time, when one source alone has it.
func only(list []named, at time.Time) *named {
	var best *named
	for i := range list {
		x := &list[i]
		if !x.valid.Has(at) {
			continue
		}
		if best != nil && best.src.ID != x.src.ID {
			return nil
		}
		if best == nil || rank(x.by) < rank(best.by) {
			best = x
		}
	}
	return best
}

func rank(b claims.MatchedBy) int {
	switch b {
	case claims.MatchedByName:
		return 0
	case claims.MatchedByAlias:
		return 1
	case claims.MatchedByID, claims.MatchedByHandle, claims.MatchedByVariant, claims.MatchedByDerived:
	}
	return 2
}

// shortened finds the one source whose name holds all words of the key, one of
// which must say what kind of body it is or be a surname.
func (r *Registry) shortened(key string, at time.Time) *named {
	ws := strings.Fields(key)
	if len(ws) == 0 || len(ws) > 6 {
		return nil
	}
	var fit []named
	for _, x := range r.words[ws[0]] {
		if !x.valid.Has(at) {
			continue
		}
		have := strings.Fields(language.VariantKey(x.name))
		if len(have) > len(ws)+3 || !all(ws, have) {
			continue
		}
		if len(ws) == 1 && x.src.Kind == claims.SourcePerson && have[len(have)-1] != ws[0] {
			continue // a first name alone
		}
		if len(ws) == 1 && x.src.Kind != claims.SourcePerson && !language.IsBodyWord(ws[0]) {
			continue
		}
		fit = append(fit, x)
	}
	return only(fit, at)
}

func all(ws, have []string) bool {
	for _, w := range ws {
		found := false
		for _, h := range have {
			found = found || h == w
		}
		if !found {
			return false
		}
	}
	return true
}

// maxControl bounds a chain of controllers.
const maxControl = 16

// Root is the source that speaks last for one: the body a person speaks for,
// then its controller at the time, and so on. path lists the ids passed.
func (r *Registry) Root(id string, at time.Time) (root string, path []string) {
	seen := map[string]bool{}
	for range maxControl {
		s := r.byID[id]
		if s == nil || seen[id] {
			break
		}
		seen[id] = true
		next := ""
		if s.SpeaksFor != "" {
			next = s.SpeaksFor
		}
		if next == "" {
			var cs []string
			for _, c := range s.ControlledBy {
				if c.Valid.Has(at) {
					cs = append(cs, c.Source)
				}
			}
			sort.Strings(cs)
			if len(cs) > 0 {
				next = cs[0]
			}
		}
		if next == "" || seen[next] {
			break
		}
		path = append(path, id)
		id = next
	}
	return id, path
}

// Link sets Hop.Source on a copy of a chain, as of the document's time, and
// drops links that only repeat the one before (an agency's signature on its own
// copy).
func (r *Registry) Link(hops []claims.Hop, at time.Time) []claims.Hop {
	out := make([]claims.Hop, 0, len(hops))
	for _, h := range hops {
		if h.Judgement == 0 {
			h.Source = ""
		}
		if h.Source == "" && !h.Nobody && !h.Unnamed {
			for _, n := range [...]string{h.Handle, h.Name, h.Mention} {
				if n == "" {
					continue
				}
				if x, ok := r.Find(n, at); ok {
					h.Source = x.Source.ID
					break
				}
			}
		}
		if n := len(out); n > 0 && h.Source != "" && out[n-1].Source == h.Source && (h.Manner == claims.Relay || h.Manner == claims.Forward || out[n-1].Manner == claims.Relay) {
			continue
		}
		out = append(out, h)
	}
	return out
}
