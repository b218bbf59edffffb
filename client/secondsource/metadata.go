package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// metadata are the flags that say what a plain text file does not. They also
// fill what a JSON document leaves out.
type metadata struct {
	publisher, kind, title, byline, dateline, creditLine string
	url, externalID, forwardedFrom, inReplyTo, language  string
	publishedAt, retrievedAt, embargoedUntil             string
}

func (m *metadata) flags(f *pflag.FlagSet) {
	f.SortFlags = false
	f.StringVar(&m.publisher, "publisher", "", "`name` or handle of the publisher")
	f.StringVar(&m.kind, "kind", "", "article, agency_item, telegram_post, x_post, press_release or transcript")
	f.StringVar(&m.publishedAt, "published-at", "", "`time` of publication, as 2026-03-07 or 2026-03-07T09:30:00Z")
	f.StringVar(&m.title, "title", "", "headline")
	f.StringVar(&m.url, "url", "", "where it was published; of a Telegram export, its channel")
	f.StringVar(&m.byline, "byline", "", "line that names the author")
	f.StringVar(&m.dateline, "dateline", "", "place, date and agency before the text")
	f.StringVar(&m.creditLine, "credit-line", "", "agency or feed credited beside the text")
	f.StringVar(&m.externalID, "external-id", "", "the publisher's own `id`")
	f.StringVar(&m.forwardedFrom, "forwarded-from", "", "`handle` or name of the post's original author")
	f.StringVar(&m.inReplyTo, "in-reply-to", "", "`URL` or id of the post it answers")
	f.StringVar(&m.language, "language", "", "BCP 47 `code`; detected when not given")
	f.StringVar(&m.embargoedUntil, "embargoed-until", "", "`time` before which it answers no query")
	f.StringVar(&m.retrievedAt, "retrieved-at", "", "`time` at which it was fetched")
}

// fillItem sets what an item of a feed does not say itself and what may hold for
// all of them. The kind that a flag says wins over that of the format.
func (m *metadata) fillItem(d *secondsourcev1.Document) error {
	all := metadata{publisher: m.publisher, creditLine: m.creditLine, language: m.language, publishedAt: m.publishedAt, retrievedAt: m.retrievedAt, embargoedUntil: m.embargoedUntil, kind: m.kind}
	if m.kind != "" {
		d.Kind = 0
	}
	return all.fill(d)
}

// fill sets what the document does not say itself.
func (m *metadata) fill(d *secondsourcev1.Document) error {
	for _, x := range []struct {
		field *string
		value string
	}{
		{&d.Publisher, m.publisher}, {&d.Title, m.title}, {&d.Url, m.url}, {&d.Byline, m.byline}, {&d.Dateline, m.dateline},
		{&d.CreditLine, m.creditLine}, {&d.ExternalId, m.externalID}, {&d.ForwardedFrom, m.forwardedFrom},
		{&d.InReplyTo, m.inReplyTo}, {&d.Language, m.language},
	} {
		if *x.field == "" {
			*x.field = x.value
		}
	}
	if m.kind != "" && d.GetKind() == 0 {
		kind, ok := secondsourcev1.DocumentKind_value["DOCUMENT_KIND_"+strings.ToUpper(strings.ReplaceAll(m.kind, "-", "_"))]
		if !ok {
			return fmt.Errorf("--kind: there is no kind of document %q", m.kind)
		}
		d.Kind = secondsourcev1.DocumentKind(kind)
	}
	published, err := parseTime("published-at", m.publishedAt)
	if err != nil {
		return err
	}
	if d.GetPublishedAt() == nil {
		d.PublishedAt = published
	}
	retrieved, err := parseTime("retrieved-at", m.retrievedAt)
	if err != nil {
		return err
	}
	if d.GetRetrievedAt() == nil {
		d.RetrievedAt = retrieved
	}
	embargoed, err := parseTime("embargoed-until", m.embargoedUntil)
	if d.GetEmbargoedUntil() == nil {
		d.EmbargoedUntil = embargoed
	}
	return err
}
