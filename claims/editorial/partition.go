package editorial

import (
	"github.com/secondsource/secondsource/claims"
)

// Partition says which things editors made one and which they keep apart. Things
// are named by the ids or resource names that the judgements have.
type Partition struct {
	of      map[string]*class
	links   map[string][]link // of the judgements that made things one
	cuts    map[string][]Cut  // by what is kept apart, as the judgements name it
	touched map[string]bool   // whatever a judgement names
	void    map[int64]int64   // judgements that take no effect, by the one that forbids it
}

// class are things that are one.
type class struct {
	rep     string // what they are shown as
	members []string
}

type link struct {
	to string
	by *claims.Judgement
}

// Cut says that a thing is kept apart from another.
type Cut struct {
	From string
	By   *claims.Judgement
}

// matters are the decisions about pairs, the latest of each pair.
type matters struct {
	at   map[[2]string]int
	list []matter
}

type matter struct {
	by       *claims.Judgement
	a, b     string
	one      bool
	replaced bool
}

func newMatters() *matters { return &matters{at: map[[2]string]int{}} }

func (m *matters) decide(j *claims.Judgement, a, b string, one bool) {
	k := [2]string{min(a, b), max(a, b)}
	if old, ok := m.at[k]; ok {
		m.list[old].replaced = true
	}
	m.at[k] = len(m.list)
	m.list = append(m.list, matter{by: j, a: a, b: b, one: one})
}

// partition applies what keeps things apart first: what would bring them together
// all the same takes no effect. Editors are told so before they decide; it arises
// when entries between the two are left out, as of a time.
func (m *matters) partition() *Partition {
	p := &Partition{of: map[string]*class{}, links: map[string][]link{}, cuts: map[string][]Cut{}, touched: map[string]bool{}, void: map[int64]int64{}}
	apart := map[string][]Cut{} // in both directions
	for _, x := range m.list {
		if x.replaced {
			continue
		}
		p.touched[x.a], p.touched[x.b] = true, true
		if !x.one {
			p.cuts[x.a] = append(p.cuts[x.a], Cut{x.b, x.by})
			apart[x.a] = append(apart[x.a], Cut{x.b, x.by})
			apart[x.b] = append(apart[x.b], Cut{x.a, x.by})
		}
	}
	for _, x := range m.list {
		if x.replaced || !x.one {
			continue
		}
		a, b := p.class(x.a), p.class(x.b)
		if by := between(p, a, b, apart); by != nil {
			p.void[x.by.Seq] = by.Seq
			continue
		}
		p.links[x.a] = append(p.links[x.a], link{x.b, x.by})
		p.links[x.b] = append(p.links[x.b], link{x.a, x.by})
		if a == b {
			continue
		}
		rep, large, small := b.rep, b, a
		if len(a.members) > len(b.members) {
			large, small = a, b
		}
		large.rep, large.members = rep, append(large.members, small.members...)
		for _, n := range small.members {
			p.of[n] = large
		}
	}
	return p
}

func (p *Partition) class(name string) *class {
	if p.of[name] == nil {
		p.of[name] = &class{name, []string{name}}
	}
	return p.of[name]
}

// between finds what keeps two classes apart.
func between(p *Partition, a, b *class, apart map[string][]Cut) *claims.Judgement {
	if len(a.members) > len(b.members) {
		a, b = b, a
	}
	for _, m := range a.members {
		for _, c := range apart[m] {
			if p.of[c.From] == b {
				return c.By
			}
		}
	}
	return nil
}

// Any tells whether any judgement stands.
func (p *Partition) Any() bool { return len(p.touched) > 0 }

// Parts tells whether any judgement keeps things apart.
func (p *Partition) Parts() bool { return len(p.cuts) > 0 }

// As is what a thing is shown as; itself, when no judgement made it another.
func (p *Partition) As(name string) string {
	if c := p.of[name]; c != nil {
		return c.rep
	}
	return name
}

// One tells whether a thing was made one with another.
func (p *Partition) One(name string) bool { return p.of[name] != nil && len(p.of[name].members) > 1 }

// Members are the things that are one with a thing, itself among them.
func (p *Partition) Members(name string) []string {
	if c := p.of[name]; c != nil {
		return c.members
	}
	return []string{name}
}

// Path are the judgements by which two things are one, in order from the first.
func (p *Partition) Path(from, to string) []*claims.Judgement {
	type step struct {
		back string
		by   *claims.Judgement
	}
	seen := map[string]step{from: {}}
	for todo := []string{from}; len(todo) > 0 && from != to; todo = todo[1:] {
		for _, l := range p.links[todo[0]] {
			if _, ok := seen[l.to]; !ok {
				seen[l.to] = step{todo[0], l.by}
				todo = append(todo, l.to)
			}
		}
		if _, ok := seen[to]; ok {
			break
		}
	}
	var path []*claims.Judgement
	for at := to; at != from; {
		s, ok := seen[at]
		if !ok {
			return nil
		}
		path = append([]*claims.Judgement{s.by}, path...)
		at = s.back
	}
	return path
}

// Cuts are what a thing, or what is one with it, is kept apart from.
func (p *Partition) Cuts(name string) []Cut {
	if len(p.cuts) == 0 {
		return nil
	}
	var all []Cut
	for _, m := range p.Members(name) {
		all = append(all, p.cuts[m]...)
	}
	return all
}

// Apart is the judgement that keeps two things apart, whichever of them it names
// first, or nil.
func (p *Partition) Apart(a, b string) *claims.Judgement {
	if len(p.cuts) == 0 {
		return nil
	}
	for _, pair := range [2][2]string{{a, b}, {b, a}} {
		other := p.As(pair[1])
		for _, c := range p.Cuts(pair[0]) {
			if p.As(c.From) == other {
				return c.By
			}
		}
	}
	return nil
}
