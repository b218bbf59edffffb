package web

import (
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// editor makes the forms by which whoever may decide things shapes an answer; nil
// and one who may not make none.
type editor struct {
	call *call
	may  bool
}

func (e *editor) on() bool { return e != nil && e.may }

// form decides something of two assertions.
func (e *editor) form(what, button, a, b string) decision {
	x := decide(e.call, "/origins", what, button)
	x.A, x.B = a, b
	return x
}

// undo takes a judgement back.
func (e *editor) undo(name string) decision {
	return decide(e.call, "/judgements/"+strings.TrimPrefix(name, "judgements/")+"/undo", "undo", "Take "+name+" back")
}

// stances are what an editor may say of one stored claim: what the answer does not
// say already, or that the judgement before no longer holds.
func (e *editor) stances(ev *secondsourcev1.Evidence, asked string) (out []decision) {
	if !e.on() || ev.GetClaim().GetName() == "" {
		return nil
	}
	if j := ev.GetJudgement(); j != "" {
		return []decision{e.undo(j)}
	}
	for _, x := range []struct {
		stance       secondsourcev1.Stance
		what, button string
	}{{secondsourcev1.Stance_STANCE_SUPPORTS, "supports", "It says so"}, {secondsourcev1.Stance_STANCE_REFUTES, "refutes", "It denies it"}, {secondsourcev1.Stance_STANCE_NEUTRAL, "neutral", "It says neither"}} {
		if x.stance == ev.GetStance() {
			continue
		}
		f := e.form(x.what, x.button, ev.GetClaim().GetName(), "")
		f.Claim = asked
		out = append(out, f)
	}
	return out
}

// judged is a judgement that shaped an answer.
type judged struct{ Name, Link string }

// joinView is the form that makes two origins of an answer one.
type joinView struct {
	Form    decision
	Origins []originChoice
}

// originChoice is an origin by one of its assertions.
type originChoice struct{ Name, Assertion string }

// joins offers to join origins, where there are two or more.
func (e *editor) joins(origins []*secondsourcev1.Origin) *joinView {
	if !e.on() {
		return nil
	}
	v := &joinView{Form: decide(e.call, "/origins", "join", "They have one origin")}
	for _, o := range origins {
		if len(o.GetEvidence()) > 0 {
			v.Origins = append(v.Origins, originChoice{o.GetDisplayName(), o.GetEvidence()[0].GetClaim().GetName()})
		}
	}
	if len(v.Origins) < 2 {
		return nil
	}
	return v
}
