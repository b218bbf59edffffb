package main

import (
	"fmt"
	"slices"
	"strings"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// verdict is its name. The colour speaks of reporting, as the verdict does: green
// for several origins, red for denials, yellow for one origin.
func (s style) verdict(v secondsourcev1.Verdict) string {
	name := strings.ReplaceAll(strings.TrimPrefix(v.String(), "VERDICT_"), "_", " ")
	switch v {
	case secondsourcev1.Verdict_VERDICT_CORROBORATED:
		return s.green(name)
	case secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN:
		return s.yellow(name)
	case secondsourcev1.Verdict_VERDICT_DISPUTED, secondsourcev1.Verdict_VERDICT_REFUTED:
		return s.red(name)
	default:
		return s.bold(name)
	}
}

// printCorroboration shows an answer in the order in which an editor asks: what
// is the verdict, who stands behind it, in which words, what speaks against it,
// what was counted as one, and what is not known.
func (a *app) printCorroboration(c *secondsourcev1.Corroboration) error {
	s, p := a.style(), &printer{w: a.stdout}
	p.linef("%s", s.verdict(c.GetVerdict()))
	p.block(s, "  ", "  ", "“"+c.GetClaimText()+"”")
	p.block(s, "  ", "  ", plainVerdict(c))
	if c.GetWitnessesMax() > 0 {
		p.block(s, "  ", "  ", "The saying itself was reported by "+bounds(c.GetWitnessesMin(), c.GetWitnessesMax(), "independent publisher")+".")
	}
	met := "not met"
	if c.GetThresholdMet() {
		met = "met"
	}
	p.linef("  Asked for: %s: %s.", plural(int(c.GetMinOrigins()), "origin"), met)
	if f := c.GetFirstAssertion(); f != nil {
		p.linef("  First: %s, %s, %s.", when(f.GetPublishedAt()), f.GetOrigin(), f.GetClaim())
	}
	if js := c.GetJudgements(); len(js) > 0 {
		p.block(s, "  ", "  ", "Shaped by "+strings.Join(js, ", ")+".")
	}
	for i, o := range c.GetOrigins() {
		printOrigin(s, p, i+1, o)
	}
	if len(c.GetContradictions()) > 0 {
		p.linef("\n%s", s.bold("Contradictions"))
	}
	for _, x := range c.GetContradictions() {
		p.linef("  %s: %s", word(x.GetKind(), "CONTRADICTION_KIND_"), x.GetDetail())
		p.columns(s, "    asked: "+string(markOn)+x.GetQuery().GetText()+string(markOff),
			"found: "+marked(x.GetEvidence().GetExcerpt(), x.GetEvidence().GetPassage()))
		p.linef("    %s", s.dim(published(x.GetEvidence())))
	}
	printMerges(s, p, c.GetMerges())
	if len(c.GetTimeline()) > 1 {
		p.linef("\n%s", s.bold("In order of publication"))
		for _, t := range c.GetTimeline() {
			p.linef("  %-16s  %-9s  %s  %s", when(t.GetPublishedAt()), word(t.GetEvent(), "TIMELINE_EVENT_"), t.GetOrigin(), s.dim(t.GetClaim()))
		}
	}
	if len(c.GetUnmeasured()) > 0 {
		p.linef("\n%s", s.bold("Not measured"))
	}
	for _, u := range c.GetUnmeasured() {
		p.block(s, "  - ", "    ", strings.TrimSpace(u.GetDetail()+" "+u.GetDocument()))
	}
	if len(c.GetRelated()) > 0 {
		p.linef("\n%s", s.bold("Close, but neither for nor against"))
	}
	for _, e := range c.GetRelated() {
		p.block(s, "  - ", "    ", marked(e.GetExcerpt(), e.GetPassage()))
		p.linef("    %s", s.dim(published(e)))
	}
	p.linef("")
	p.block(s, "", "", c.GetDisclaimer())
	return p.err
}

// plainVerdict says the verdict and its bounds in a sentence.
func plainVerdict(c *secondsourcev1.Corroboration) string {
	support := bounds(c.GetIndependentOriginsMin(), c.GetIndependentOriginsMax(), "independent origin")
	against := bounds(c.GetRefutingOriginsMin(), c.GetRefutingOriginsMax(), "independent origin")
	switch c.GetVerdict() {
	case secondsourcev1.Verdict_VERDICT_UNREPORTED:
		return fmt.Sprintf("No stored document asserts or denies it; %s judged.", wereJudged(c.GetConsidered()))
	case secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN:
		return "One independent origin stands behind it" + upTo(c.GetIndependentOriginsMin(), c.GetIndependentOriginsMax()) + "; nobody denies it."
	case secondsourcev1.Verdict_VERDICT_CORROBORATED:
		return support + " stand behind it; nobody denies it."
	case secondsourcev1.Verdict_VERDICT_DISPUTED:
		return support + " for it; " + against + " against it."
	case secondsourcev1.Verdict_VERDICT_REFUTED:
		return "It is only denied or contradicted, by " + against + "."
	case secondsourcev1.Verdict_VERDICT_UNSPECIFIED:
	}
	return "The server gave no verdict."
}

func wereJudged(n int32) string {
	if n == 1 {
		return "1 stored claim was"
	}
	return fmt.Sprintf("%d stored claims were", n)
}

// bounds says "2 independent origins" or "2 independent origins, 3 at most".
func bounds(low, high int32, noun string) string {
	return plural(int(low), noun) + upTo(low, high)
}

func upTo(low, high int32) string {
	if high <= low {
		return ""
	}
	return fmt.Sprintf(" (%d at most)", high)
}

func printOrigin(s style, p *printer, number int, o *secondsourcev1.Origin) {
	count := "not identified: counts in the upper bound only"
	if o.GetIdentified() {
		count = "counts"
	}
	grade := ""
	if g := o.GetSource().GetReliability(); g != 0 {
		grade = ", grade " + strings.TrimPrefix(g.String(), "RELIABILITY_")
	}
	p.linef("\n%d. %s  %s", number, s.bold(o.GetDisplayName()), s.dim(fmt.Sprintf("%s; %s%s", word(o.GetStance(), "STANCE_"), count, grade)))
	if o.GetWhy() != "" {
		p.block(s, "   ", "   ", o.GetWhy())
	}
	root := &relay{}
	for _, e := range o.GetEvidence() {
		root.add(o, e)
	}
	root.print(s, p, "   ")
}

// relay is a node of the tree of who relayed whom: below an asserter stand those
// who took it from there, down to the publishers with their evidence. The root
// is the origin.
type relay struct {
	key, name string
	children  []*relay
	evidence  []*secondsourcev1.Evidence
}

// add files evidence under its chain, read from the deepest asserter up to the
// publisher. An asserter that is the origin under any of its names is the root.
func (r *relay) add(o *secondsourcev1.Origin, e *secondsourcev1.Evidence) {
	node := r
	hops := e.GetClaim().GetAttribution().GetHops()
	for i, hop := range slices.Backward(hops) {
		if i == len(hops)-1 && isOrigin(hop, o) {
			continue
		}
		node = node.child(hop)
	}
	node.evidence = append(node.evidence, e)
}

func isOrigin(h *secondsourcev1.Hop, o *secondsourcev1.Origin) bool {
	if h.GetSource() != "" && h.GetSource() == o.GetSource().GetName() {
		return true
	}
	return h.GetCanonicalName() != "" && h.GetCanonicalName() == o.GetDisplayName()
}

// child is the one that relayed the node; the names of one source are one.
func (r *relay) child(h *secondsourcev1.Hop) *relay {
	name := hopName(h)
	key := h.GetSource()
	if key == "" {
		key = name
	}
	for _, c := range r.children {
		if c.key == key {
			return c
		}
	}
	c := &relay{key: key, name: name}
	r.children = append(r.children, c)
	return c
}

// print draws the tree. A chain in which everybody was relayed by one alone
// stands on one line: outlet ← feed ← ministry.
func (r *relay) print(s style, p *printer, indent string) {
	gap := indent + "   "
	if len(r.children) > 0 {
		gap = indent + "│  "
	}
	for _, e := range r.evidence {
		p.block(s, gap, gap, marked(e.GetExcerpt(), e.GetPassage()))
		note := word(e.GetRelation().GetKind(), "RELATION_KIND_") + fmt.Sprintf(" %.2f", e.GetRelation().GetScore())
		if e.GetWithdrawn() {
			note += ", WITHDRAWN: not counted"
		}
		p.linef("%s%s", gap, s.dim(published(e)+" · "+note))
	}
	for i, c := range r.children {
		name := c.name
		for len(c.children) == 1 && len(c.evidence) == 0 {
			c = c.children[0]
			name = c.name + relayed + name
		}
		branch, below := "├─ ", "│  "
		if i == len(r.children)-1 {
			branch, below = "└─ ", "   "
		}
		p.linef("%s%s%s", indent, branch, name)
		c.print(s, p, indent+below)
	}
}

// published is where and when a piece of evidence was published.
func published(e *secondsourcev1.Evidence) string {
	d, span := e.GetDocument(), e.GetExcerpt().GetSpan()
	publisher := d.GetPublisher()
	if publisher == "" {
		publisher = "publisher not known"
	}
	return fmt.Sprintf("%s · %s · %s [%d:%d]", publisher, when(d.GetPublishedAt()), e.GetClaim().GetName(), span.GetStart(), span.GetEnd())
}

func printMerges(s style, p *printer, merges []*secondsourcev1.Merge) {
	for _, apart := range []bool{false, true} {
		title := "Counted as one"
		if apart {
			title = "Looked at and kept apart"
		}
		for _, m := range merges {
			if m.GetKeptApart() != apart {
				continue
			}
			if title != "" {
				p.linef("\n%s", s.bold(title))
				title = ""
			}
			p.block(s, "  - ", "    ", fmt.Sprintf("%s (%s): %s", m.GetOrigin(), word(m.GetReason(), "MERGE_REASON_"), m.GetDetail()))
			if text := m.GetExcerpt().GetText(); text != "" {
				p.block(s, "    ", "    ", string(markOn)+short(text, 200)+string(markOff))
			}
		}
	}
}
