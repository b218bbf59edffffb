package rpc

import (
	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// documentTo converts a document with its text.
func documentTo(d *claims.Document) *secondsourcev1.Document {
	m := &secondsourcev1.Document{
		Name:          documentName(d.ID),
		Kind:          enumTo[secondsourcev1.DocumentKind](d.Kind),
		Publisher:     d.Publisher,
		Title:         d.Title,
		Byline:        d.Byline,
		Dateline:      d.Dateline,
		CreditLine:    d.CreditLine,
		Url:           d.URL,
		ExternalId:    d.ExternalID,
		ForwardedFrom: d.ForwardedFrom,
		InReplyTo:     d.InReplyTo,
		Language:      d.Language,
		PublishedAt:   timestamp(d.PublishedAt),
		IngestedAt:    timestamp(d.IngestedAt),
		RetrievedAt:   timestamp(d.RetrievedAt),
		Status:        enumTo[secondsourcev1.DocumentStatus](d.Status),
		Text:          d.Text,
		TextBytes:     count(len(d.Text)),
		Version:       count(d.Version),
		Previous:      documentName(d.Previous),
		Next:          documentName(d.Next),
		Reading:       readingTo(d),

		EmbargoedUntil: timestamp(d.EmbargoedUntil),
	}
	for _, c := range d.Copies {
		m.Copies = append(m.Copies, copyTo(&c))
	}
	return m
}

func copyTo(c *claims.Copy) *secondsourcev1.Copy {
	return &secondsourcev1.Copy{
		Document: documentName(c.Document), Kind: enumTo[secondsourcev1.CopyKind](c.Kind),
		Containment: c.Containment, Resemblance: c.Resemblance, Span: span(c.Span), OtherSpan: span(c.Other)}
}

// briefDocument leaves the text out: answers that list documents would outgrow
// any message limit with it.
func briefDocument(d *claims.Document) *secondsourcev1.Document {
	m := documentTo(d)
	m.Text = ""
	return m
}

func readingTo(d *claims.Document) *secondsourcev1.Reading {
	r := &d.Reading
	m := &secondsourcev1.Reading{
		Language: r.Language,
		Unsplit:  enumTo[secondsourcev1.UnsplitReason](r.Unsplit),
		Satire:   r.Satire,
	}
	for _, c := range r.Credits {
		m.Credits = append(m.Credits, &secondsourcev1.Credit{CreditedName: c.Name, Part: partTo(c.Where), Span: span(c.Span), Text: c.Text})
	}
	for _, a := range r.SetAside {
		m.SetAside = append(m.SetAside, &secondsourcev1.SetAside{Excerpt: excerpt(a.Span, d.Text), Reason: a.Why})
	}
	for _, e := range r.Embeds {
		m.Embeds = append(m.Embeds, &secondsourcev1.Embed{
			Excerpt: excerpt(e.Span, d.Text), Kind: enumTo[secondsourcev1.DocumentKind](e.Kind),
			Author: e.Author, Handle: e.Handle, PublishedAt: timestamp(e.PublishedAt)})
	}
	if r.Withdrawal != nil {
		m.Withdrawal = &secondsourcev1.Withdrawal{Excerpt: excerpt(r.Withdrawal.Span, d.Text), Untrue: r.Withdrawal.Untrue}
	}
	return m
}

// partTo says TEXT where the domain leaves the default unsaid.
func partTo(w claims.Where) secondsourcev1.DocumentPart {
	if w == claims.WhereText {
		return secondsourcev1.DocumentPart_DOCUMENT_PART_TEXT
	}
	return enumTo[secondsourcev1.DocumentPart](w)
}

// documentFrom reads what a caller may set; name, version, reading and copies
// are the server's to know.
func documentFrom(m *secondsourcev1.Document) claims.Document {
	d := claims.Document{
		Kind:          enumFrom[claims.DocumentKind](m.GetKind()),
		Publisher:     m.GetPublisher(),
		Title:         m.GetTitle(),
		Byline:        m.GetByline(),
		Dateline:      m.GetDateline(),
		CreditLine:    m.GetCreditLine(),
		URL:           m.GetUrl(),
		ExternalID:    m.GetExternalId(),
		ForwardedFrom: m.GetForwardedFrom(),
		InReplyTo:     m.GetInReplyTo(),
		Language:      m.GetLanguage(),
		PublishedAt:   instant(m.GetPublishedAt()),
		RetrievedAt:   instant(m.GetRetrievedAt()),
		Status:        enumFrom[claims.Status](m.GetStatus()),
		Text:          m.GetText(),

		EmbargoedUntil: instant(m.GetEmbargoedUntil()),
	}
	if d.Status == "" {
		d.Status = claims.StatusUsable
	}
	return d
}

func documentFilter(req *secondsourcev1.ListDocumentsRequest) claims.DocumentFilter {
	published := interval(req.GetPublished())
	return claims.DocumentFilter{
		Publisher:     req.GetPublisher(),
		Kind:          enumFrom[claims.DocumentKind](req.GetKind()),
		From:          published.From,
		To:            published.To,
		Status:        enumFrom[claims.Status](req.GetStatus()),
		LatestVersion: req.GetLatestVersionOnly(),
	}
}
