package rpc

import (
	"strings"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// queryFrom reads a question. Exactly one of text and claim is set: the
// constraints see to that.
func queryFrom(req *secondsourcev1.CorroborateRequest) (claims.Query, error) {
	published := interval(req.GetPublished())
	q := claims.Query{
		Text:          req.GetClaimText(),
		AsOfPublished: instant(req.GetAsOfPublished()),
		AsOfKnown:     instant(req.GetAsOfKnown()),
		From:          published.From,
		To:            published.To,
		MinOrigins:    int(req.GetMinOrigins()),
	}
	for _, s := range req.GetSources() {
		q.Sources = append(q.Sources, sourceID(s))
	}
	var err error
	if name := req.GetClaim(); name != "" {
		q.Document, q.Index, err = claimID(name)
	}
	return q, err
}

func corroborationTo(c *claims.Corroboration) *secondsourcev1.Corroboration {
	m := &secondsourcev1.Corroboration{
		ClaimText:             c.Text,
		Verdict:               enumTo[secondsourcev1.Verdict](c.Verdict),
		IndependentOriginsMin: count(c.OriginsMin),
		IndependentOriginsMax: count(c.OriginsMax),
		RefutingOriginsMin:    count(c.RefutingMin),
		RefutingOriginsMax:    count(c.RefutingMax),
		WitnessesMin:          count(c.WitnessesMin),
		WitnessesMax:          count(c.WitnessesMax),
		MinOrigins:            count(c.MinOrigins),
		ThresholdMet:          c.ThresholdMet,
		Considered:            count(c.Considered),
		Disclaimer:            claims.Disclaimer,
	}
	documents := map[string]*claims.Document{} // those the answer holds, for the words of merges
	evidence := func(e *claims.Evidence) *secondsourcev1.Evidence {
		if e.Document != nil {
			documents[e.Document.ID] = e.Document
		}
		return evidenceTo(e, c.Text)
	}
	for i := range c.Origins {
		o := &c.Origins[i]
		origin := &secondsourcev1.Origin{
			DisplayName: o.Name, Stance: enumTo[secondsourcev1.Stance](o.Stance), Identified: o.Identified, Why: o.Why, Members: o.Members}
		if o.Source != nil {
			origin.Source = sourceTo(*o.Source)
		}
		for j := range o.Evidence {
			origin.Evidence = append(origin.Evidence, evidence(&o.Evidence[j]))
		}
		m.Origins = append(m.Origins, origin)
	}
	for i := range c.Contradictions {
		x := &c.Contradictions[i]
		m.Contradictions = append(m.Contradictions, &secondsourcev1.Contradiction{
			Kind: enumTo[secondsourcev1.ContradictionKind](x.Kind), Evidence: evidence(&x.Evidence),
			Query: &secondsourcev1.Excerpt{Span: span(x.QuerySpan), Text: x.QueryText}, Detail: x.Detail})
	}
	for i := range c.Related {
		m.Related = append(m.Related, evidence(&c.Related[i]))
	}
	for i := range c.Claims {
		// A stored claim's spans point into its document, a query's into the query.
		text := c.Text
		if id := c.Claims[i].Document; id != "" {
			text = ""
			if d := documents[id]; d != nil {
				text = d.Text
			}
		}
		m.Claims = append(m.Claims, claimTo(&c.Claims[i], text))
	}
	for _, x := range c.Merges {
		m.Merges = append(m.Merges, mergeTo(x, documents))
	}
	for _, u := range c.Unmeasured {
		m.Unmeasured = append(m.Unmeasured, &secondsourcev1.Unmeasured{
			Kind: enumTo[secondsourcev1.UnmeasuredKind](u.Kind), Detail: u.Detail, Document: documentName(u.Document)})
	}
	if c.First != nil {
		m.FirstAssertion = timelineTo(*c.First)
	}
	for _, t := range c.Timeline {
		m.Timeline = append(m.Timeline, timelineTo(t))
	}
	for _, seq := range c.Judgements {
		m.Judgements = append(m.Judgements, judgementName(seq))
	}
	return m
}

func evidenceTo(e *claims.Evidence, query string) *secondsourcev1.Evidence {
	m := &secondsourcev1.Evidence{
		Stance:    enumTo[secondsourcev1.Stance](e.Stance),
		Withdrawn: e.Withdrawn,
		Witness:   e.Witness,
		Judgement: judgementOrNone(e.Judgement),
		Excerpt:   &secondsourcev1.Excerpt{Span: span(e.Span), Text: e.Text},
		Relation: &secondsourcev1.Relation{
			Kind:          enumTo[secondsourcev1.RelationKind](e.Relation.Kind),
			Contradiction: enumTo[secondsourcev1.ContradictionKind](e.Relation.Contradiction),
			Score:         e.Relation.Score,
			Why:           e.Relation.Why,
			Query:         excerpt(e.Relation.QuerySpan, query),
		},
	}
	text := ""
	if e.Document != nil {
		text = e.Document.Text
		m.Document = briefDocument(e.Document)
		m.Passage = passage(e.Span, text)
		m.Relation.Evidence = excerpt(e.Relation.EvidenceSpan, text)
	}
	if e.Claim != nil {
		m.Claim = claimTo(e.Claim, text)
	}
	return m
}

// passageBytes bounds what is shown on either side of the evidence.
const passageBytes = 400

// passage widens a span to its paragraph, at most passageBytes to either side
// and cut between words there.
func passage(s claims.Span, text string) *secondsourcev1.Excerpt {
	if s.Empty() || !s.In(len(text)) {
		return nil
	}
	start, end := 0, len(text)
	if i := strings.LastIndexByte(text[:s.Start], '\n'); i >= 0 {
		start = i + 1
	}
	if i := strings.IndexByte(text[s.End:], '\n'); i >= 0 {
		end = s.End + i
	}
	if s.Start-start > passageBytes {
		start = s.Start - passageBytes
		if i := strings.IndexByte(text[start:s.Start], ' '); i >= 0 {
			start += i + 1
		}
		for start < s.Start && !utf8.RuneStart(text[start]) {
			start++
		}
	}
	if end-s.End > passageBytes {
		end = s.End + passageBytes
		if i := strings.LastIndexByte(text[s.End:end], ' '); i >= 0 {
			end = s.End + i
		}
		for end > s.End && !utf8.RuneStart(text[end]) {
			end--
		}
	}
	return excerpt(claims.Span{Start: start, End: end}, text)
}

// mergeTo shows the words of a merge when the answer holds their document. What
// a document was merged into is a document when its id is one of the answer's.
func mergeTo(x claims.Merge, documents map[string]*claims.Document) *secondsourcev1.Merge {
	m := &secondsourcev1.Merge{
		Origin: x.Origin, Reason: enumTo[secondsourcev1.MergeReason](x.Reason), Detail: x.Detail,
		Document: documentName(x.Document), Other: x.Other, KeptApart: x.Close,
		Judgement: judgementOrNone(x.Judgement)}
	if d := documents[x.Document]; d != nil {
		m.Excerpt = excerpt(x.Span, d.Text)
	} else if !x.Span.Empty() {
		m.Excerpt = &secondsourcev1.Excerpt{Span: span(x.Span)}
	}
	if documents[x.Other] != nil {
		m.Other = documentName(x.Other)
	}
	return m
}

func timelineTo(t claims.TimelineEntry) *secondsourcev1.TimelineEntry {
	return &secondsourcev1.TimelineEntry{
		PublishedAt: timestamp(t.At), Claim: claimName(t.Document, t.Claim), Origin: t.Origin,
		Stance: enumTo[secondsourcev1.Stance](t.Stance), Event: enumTo[secondsourcev1.TimelineEvent](t.Event)}
}
