package editorial

import (
	"slices"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// The keys in the Values of judgements.
const (
	ReliabilityValue   = "reliability"   // SET_RELIABILITY: A to F
	FromValue          = "from"          // SET_CONTROLLER: RFC 3339, absent for open
	ToValue            = "to"            // SET_CONTROLLER: likewise
	RelationValue      = "relation"      // SET_RELATION: a claims.RelationKind
	ContradictionValue = "contradiction" // SET_RELATION: a claims.ContradictionKind, absent for none
	StanceValue        = "stance"        // SET_STANCE: a claims.Stance
	TextValue          = "claim_text"    // SET_STANCE: the words of the claim it is towards
	// ChangedValue says which fields UPDATE_SOURCE gave another value, parted by
	// commas: of these the registry is newer than the judgements before.
	ChangedValue = "changed"
)

// State is what stands. It is immutable and safe for concurrent use.
type State struct {
	Sources *Partition // by source id
	Origins *Partition // by resource name of a claim or a document

	standing map[int64]bool
	control  map[string]*claims.Judgement // by source id
	grade    map[string]*claims.Judgement // by source id
	asserter map[string]*claims.Judgement // by resource name of the claim
	// What stands to a claim, by the target's resource name or the key of its words,
	// and then by the resource name of the claim that does.
	relations, stances map[string]map[string]*claims.Judgement
}

func newState() *State {
	return &State{standing: map[int64]bool{}, control: map[string]*claims.Judgement{}, grade: map[string]*claims.Judgement{}, asserter: map[string]*claims.Judgement{},
		relations: map[string]map[string]*claims.Judgement{}, stances: map[string]map[string]*claims.Judgement{}}
}

// None is the State of an empty log.
func None() *State { return none }

var none = fold(nil)

// Stands tells whether an entry is neither undone nor erased; one that another has
// taken the place of stands all the same, and counts when that one is undone.
func (s *State) Stands(seq int64) bool { return s.standing[seq] }

// Void finds a judgement that takes no effect here and did before, and the one that
// forbids it; 0, 0 when there is none.
func (s *State) Void(before *State) (void, by int64) {
	for _, pair := range [...][2]*Partition{{s.Sources, before.Sources}, {s.Origins, before.Origins}} {
		for seq, other := range pair[0].void {
			if _, old := pair[1].void[seq]; !old && (void == 0 || seq < void) {
				void, by = seq, other
			}
		}
	}
	return void, by
}

func (s *State) updated(j *claims.Judgement) {
	changed := strings.Split(j.Value[ChangedValue], ",")
	if slices.Contains(changed, "reliability") {
		delete(s.grade, id(j.Subject))
	}
	if slices.Contains(changed, "controlled_by") {
		delete(s.control, id(j.Subject))
	}
}

func set(m map[string]map[string]*claims.Judgement, target, claim string, j *claims.Judgement) {
	if m[target] == nil {
		m[target] = map[string]*claims.Judgement{}
	}
	m[target][claim] = j
}

func (s *State) relate(j *claims.Judgement) {
	set(s.relations, j.Object, j.Subject, j)
	switch claims.RelationKind(j.Value[RelationValue]) {
	case claims.Entails, claims.Updates: // not the other way round
	case claims.Equivalent, claims.Contradicts, claims.Related, claims.Unrelated:
		set(s.relations, j.Subject, j.Object, j)
	}
}

func (s *State) stance(j *claims.Judgement) {
	target := j.Object
	if target == "" {
		target = textTarget(j.Value[TextValue])
	}
	set(s.stances, target, j.Subject, j)
}

// textTarget is the target of words; no resource name begins with a space.
func textTarget(text string) string { return " " + TextKey(text) }

// Source is a source as judgements have it: its grade, its controller, and what it
// was merged into.
func (s *State) Source(x claims.Source) claims.Source {
	if j := s.grade[x.ID]; j != nil {
		x.Reliability = claims.Grade(j.Value[ReliabilityValue])
	}
	if j := s.control[x.ID]; j != nil {
		x.ControlledBy = nil
		if j.Object != "" {
			x.ControlledBy = []claims.Control{{Source: id(j.Object), Valid: valid(j)}}
		}
	}
	x.MergedInto = ""
	if as := s.Sources.As(x.ID); as != x.ID {
		x.MergedInto = as
	}
	return x
}

func valid(j *claims.Judgement) claims.Interval {
	read := func(key string) time.Time {
		t, _ := time.Parse(time.RFC3339Nano, j.Value[key]) // absent or unreadable: open
		return t.UTC()
	}
	return claims.Interval{From: read(FromValue), To: read(ToValue)}
}

// Graded is the judgement that set a source's grade, or nil.
func (s *State) Graded(source string) *claims.Judgement { return s.grade[source] }

// Controlled is the judgement that set a source's controller, or nil.
func (s *State) Controlled(source string) *claims.Judgement { return s.control[source] }

// Asserter is the judgement of who asserts a claim, or nil.
func (s *State) Asserter(claim string) *claims.Judgement { return s.asserter[claim] }

// Attributed are the claims whose asserter an editor set, by resource name.
func (s *State) Attributed() map[string]*claims.Judgement { return s.asserter }

// NamedSources are the ids of all sources that standing judgements name.
func (s *State) NamedSources() []string {
	all := map[string]bool{}
	for name := range s.Sources.touched {
		all[name] = true
	}
	for _, m := range [...]map[string]*claims.Judgement{s.control, s.grade} {
		for name, j := range m {
			all[name] = true
			all[id(j.Object)] = true
		}
	}
	for _, j := range s.asserter {
		all[id(j.Object)] = true
	}
	delete(all, "")
	ids := make([]string, 0, len(all))
	for name := range all {
		ids = append(ids, name)
	}
	slices.Sort(ids)
	return ids
}
