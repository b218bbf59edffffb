package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// answerView is an answer as the page shows it.
type answerView struct {
	Verdict        verdictView
	Threshold      string
	Tree           *tree
	Supporting     []originView
	Refuting       []originView
	Contradictions []contradictionView
	Timeline       []momentView
	Merges, Apart  []mergeView
	Related        []evidenceView
	Unmeasured     []*secondsourcev1.Unmeasured
	Judgements     []judged
	Join           *joinView
	Considered     int32
	Link, Watch    string
	Disclaimer     string
}

// verdictView is a verdict in words: nothing is told by its colour alone.
type verdictView struct {
	Word, Class, Sign, Plain string
}

// originView is an origin with its assertions.
type originView struct {
	Name, Why, Grade string
	Counts           bool // in the lower bound
	Members          []string
	Evidence         []evidenceView
}

// evidenceView is one assertion, with its words in place.
type evidenceView struct {
	Publisher, Kind, Document, Claim, Text string
	Published                              string
	Stamp                                  string
	Passage                                []piece
	Chain                                  []hopView
	Why                                    string
	Withdrawn, Witness                     bool
	Judgement                              string
	Forms                                  []decision // what an editor may decide of it
}

// hopView is one link of a chain, from the publisher on.
type hopView struct {
	Name, How string
	Unnamed   bool
}

// contradictionView sets two claims side by side, each with what the other has not.
type contradictionView struct {
	Kind, Detail  string
	Asked, Stored []piece
	Evidence      evidenceView
}

type momentView struct {
	When, Stamp, Event, Origin, Link, Class string
	First                                   bool
}

type mergeView struct {
	Origin, Reason, Detail, Document, Other, Words string
	Judgement                                      string
	Forms                                          []decision
}

func newAnswer(a *secondsourcev1.Corroboration, f askForm, asked time.Time, e *editor) *answerView {
	v := &answerView{Verdict: verdictOf(a), Tree: newTree(a.GetOrigins()), Unmeasured: a.GetUnmeasured(),
		Considered: a.GetConsidered(), Link: f.link(asked), Watch: "/watch?" + url.Values{"claim": {a.GetClaimText()}}.Encode(), Disclaimer: a.GetDisclaimer()}
	if f.Origins != "" {
		v.Threshold = fmt.Sprintf("You asked for %d independent origins: that is not met.", a.GetMinOrigins())
		if a.GetThresholdMet() {
			v.Threshold = fmt.Sprintf("You asked for %d independent origins: that is met.", a.GetMinOrigins())
		}
	}
	for _, o := range a.GetOrigins() {
		x := originView{Name: o.GetDisplayName(), Why: sentence(o.GetWhy()), Counts: o.GetIdentified(), Members: others(o), Grade: grade(o.GetSource().GetReliability())}
		for _, ev := range o.GetEvidence() {
			y := newEvidence(ev)
			y.Forms = e.stances(ev, a.GetClaimText())
			x.Evidence = append(x.Evidence, y)
		}
		if o.GetStance() == secondsourcev1.Stance_STANCE_REFUTES {
			v.Refuting = append(v.Refuting, x)
		} else {
			v.Supporting = append(v.Supporting, x)
		}
	}
	for _, x := range a.GetContradictions() {
		asked, stored := differing(a.GetClaimText(), x.GetEvidence().GetClaim().GetText())
		if x.GetEvidence().GetClaim().GetModality() == secondsourcev1.Modality_MODALITY_DENIED {
			stored = append([]piece{{"Denied:", true}, {" ", false}}, stored...)
		}
		v.Contradictions = append(v.Contradictions, contradictionView{contradictionWord(x.GetKind()), sentence(x.GetDetail()), asked, stored, newEvidence(x.GetEvidence())})
	}
	first := a.GetFirstAssertion()
	for _, t := range a.GetTimeline() {
		m := momentView{When: when(t.GetPublishedAt()), Stamp: stamp(t.GetPublishedAt()), Origin: t.GetOrigin(), Link: claimLink(t.GetClaim()), Event: "asserted by", Class: "for",
			First: first != nil && first.GetClaim() == t.GetClaim() && first.GetEvent() == t.GetEvent()}
		switch t.GetEvent() {
		case secondsourcev1.TimelineEvent_TIMELINE_EVENT_DENIED:
			m.Event, m.Class = "denied or contradicted by", "against"
		case secondsourcev1.TimelineEvent_TIMELINE_EVENT_WITHDRAWN:
			m.Event, m.Class = "taken back by", "withdrawn"
		case secondsourcev1.TimelineEvent_TIMELINE_EVENT_ASSERTED, secondsourcev1.TimelineEvent_TIMELINE_EVENT_UNSPECIFIED:
		}
		v.Timeline = append(v.Timeline, m)
	}
	for _, m := range a.GetMerges() {
		x := mergeView{m.GetOrigin(), mergeWord(m.GetReason()), sentence(m.GetDetail()), documentLink(m.GetDocument()), documentLink(m.GetOther()), m.GetExcerpt().GetText(), m.GetJudgement(), nil}
		if e.on() && strings.HasPrefix(m.GetDocument(), "documents/") && strings.HasPrefix(m.GetOther(), "documents/") && m.GetJudgement() == "" {
			x.Forms = []decision{e.form("part", "They have two origins", m.GetDocument(), m.GetOther())}
			if m.GetKeptApart() {
				x.Forms = []decision{e.form("join", "They have one origin", m.GetDocument(), m.GetOther())}
			}
		}
		if e.on() && m.GetJudgement() != "" {
			x.Forms = []decision{e.undo(m.GetJudgement())}
		}
		if m.GetKeptApart() {
			v.Apart = append(v.Apart, x)
		} else {
			v.Merges = append(v.Merges, x)
		}
	}
	for _, ev := range a.GetRelated() {
		y := newEvidence(ev)
		y.Forms = e.stances(ev, a.GetClaimText())
		v.Related = append(v.Related, y)
	}
	for _, j := range a.GetJudgements() {
		v.Judgements = append(v.Judgements, judged{j, "/judgements#" + strings.TrimPrefix(j, "judgements/")})
	}
	v.Join = e.joins(a.GetOrigins())
	return v
}

// others are the names that were merged into an origin, beside its own.
func others(o *secondsourcev1.Origin) (names []string) {
	for _, m := range o.GetMembers() {
		if m != o.GetDisplayName() {
			names = append(names, m)
		}
	}
	return names
}

func newEvidence(e *secondsourcev1.Evidence) evidenceView {
	doc, claim := e.GetDocument(), e.GetClaim()
	v := evidenceView{Publisher: doc.GetPublisher(), Kind: documentKind(doc.GetKind()), Document: documentLink(doc.GetName()), Claim: claimLink(claim.GetName()), Text: claim.GetText(),
		Published: when(doc.GetPublishedAt()), Stamp: stamp(doc.GetPublishedAt()), Passage: inPlace(e.GetPassage(), e.GetExcerpt()),
		Why: sentence(e.GetRelation().GetWhy()), Withdrawn: e.GetWithdrawn(), Witness: e.GetWitness(), Judgement: e.GetJudgement()}
	if v.Publisher == "" {
		v.Publisher = "an unknown publisher"
	}
	for i, h := range claim.GetAttribution().GetHops() {
		v.Chain = append(v.Chain, hopView{hopName(h, doc), hopHow(h, i == 0 && len(claim.GetAttribution().GetHops()) > 1), h.GetUnnamed() || h.GetNobody()})
	}
	return v
}

// verdictOf says a verdict in plain words.
func verdictOf(a *secondsourcev1.Corroboration) verdictView {
	pro := span(a.GetIndependentOriginsMin(), a.GetIndependentOriginsMax(), "independent origin")
	con := span(a.GetRefutingOriginsMin(), a.GetRefutingOriginsMax(), "independent origin")
	switch a.GetVerdict() {
	case secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN:
		s := "However many documents tell it, what can be followed leads to one origin. Nobody denies it."
		if a.GetIndependentOriginsMax() > 1 {
			s = fmt.Sprintf("One origin is certain; with everything of unknown lineage there may be %d. Nobody denies it.", a.GetIndependentOriginsMax())
		}
		if a.GetIndependentOriginsMin() == 0 {
			s = "It is told, but who stands behind it cannot be followed. Nobody denies it."
		}
		return verdictView{"One origin", "single", "◐", s}
	case secondsourcev1.Verdict_VERDICT_CORROBORATED:
		return verdictView{"Corroborated", "corroborated", "✓", sentence(pro + " say so. Nobody denies it")}
	case secondsourcev1.Verdict_VERDICT_DISPUTED:
		return verdictView{"Disputed", "disputed", "≠", sentence(pro + verb(a.GetIndependentOriginsMax(), " says so; ", " say so; ") + con + verb(a.GetRefutingOriginsMax(), " denies or contradicts it", " deny or contradict it"))}
	case secondsourcev1.Verdict_VERDICT_REFUTED:
		return verdictView{"Only denied", "refuted", "✕", sentence("nobody says so; " + con + verb(a.GetRefutingOriginsMax(), " denies or contradicts it", " deny or contradict it"))}
	case secondsourcev1.Verdict_VERDICT_UNREPORTED, secondsourcev1.Verdict_VERDICT_UNSPECIFIED:
	}
	return verdictView{"Not reported", "unreported", "○", "No stored document says so, and none denies it."}
}

// span is a count between two bounds, with what is counted.
func span(least, most int32, what string) string {
	s := fmt.Sprint(least)
	if most > least {
		s = fmt.Sprintf("%d to %d", least, most)
	}
	if most != 1 {
		what += "s"
	}
	return s + " " + what
}

func verb(n int32, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// piece is a part of a text, marked or not.
type piece struct {
	Text string
	Mark bool
}

// inPlace is a passage with the deciding words marked.
func inPlace(passage, words *secondsourcev1.Excerpt) []piece {
	text, at := passage.GetText(), int(passage.GetSpan().GetStart())
	from, to := int(words.GetSpan().GetStart())-at, int(words.GetSpan().GetEnd())-at
	if text == "" || from < 0 || to > len(text) || from >= to {
		if words.GetText() == "" {
			return nil
		}
		return []piece{{words.GetText(), true}}
	}
	var out []piece
	for _, p := range []piece{{text[:from], false}, {text[from:to], true}, {text[to:], false}} {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// documentLink leads from a resource name to a page; "" for what is none.
func documentLink(name string) string {
	if !strings.HasPrefix(name, "documents/") {
		return ""
	}
	doc, _, _ := strings.Cut(strings.TrimPrefix(name, "documents/"), "/")
	return "/documents/" + doc
}

// claimLink leads to a claim in its document.
func claimLink(name string) string {
	_, index, ok := strings.Cut(name, "/claims/")
	if !ok {
		return documentLink(name)
	}
	return documentLink(name) + "?claim=" + index
}
