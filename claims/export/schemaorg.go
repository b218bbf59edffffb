package export

import (
	"fmt"
	"io"

	"github.com/secondsource/secondsource/claims"
)

// SchemaOrg writes schema.org JSON-LD: a ClaimReview for each claim that was asked
// about, and a Claim for each other. A review has no ratingValue: a verdict is no
// grade of truth. Its alternateName is the verdict and its ratingExplanation the
// bounds.
func SchemaOrg(w io.Writer) Encoder {
	return &graph{w: w, context: "https://schema.org", node: func(item *Item) any {
		c := schemaClaim(item)
		if item.Answer == nil {
			return c
		}
		return schemaReview(item, c)
	}}
}

func schemaClaim(item *Item) node {
	c, d := &item.Claim, &item.Document
	n := node{"@type": "Claim", "@id": urn + claimName(c), "name": c.Text}
	n.set("text", c.MainSpan().Of(d.Text))
	asserter := c.Attribution.Asserter()
	n.set("author", schemaAgent(&asserter))
	work := node{"@type": schemaWork(d.Kind), "@id": urn + documentName(d.ID)}
	work.set("headline", d.Title)
	work.set("url", d.URL)
	work.set("datePublished", instant(d.PublishedAt))
	work.set("inLanguage", d.Reading.Language)
	if d.Publisher != "" {
		work["publisher"] = node{"@type": "Organization", "name": d.Publisher}
	}
	work.set("creditText", d.CreditLine)
	n["appearance"] = work
	if a := item.Answer; a != nil && a.First != nil {
		first := node{"@type": "CreativeWork", "@id": urn + documentName(a.First.Document)}
		first.set("datePublished", instant(a.First.At))
		n["firstAppearance"] = first
	}
	return n
}

func schemaReview(item *Item, claim node) node {
	a := item.Answer
	return node{
		"@type":         "ClaimReview",
		"@id":           urn + claimName(&item.Claim) + "/review",
		"claimReviewed": item.Claim.Text,
		"itemReviewed":  claim,
		"author":        node{"@type": "Organization", "name": "Second Source"},
		"reviewBody":    claims.Disclaimer,
		"reviewRating": node{"@type": "Rating", "alternateName": string(a.Verdict),
			"ratingExplanation": fmt.Sprintf("%s support it, %s deny it.", origins(a.OriginsMin, a.OriginsMax), origins(a.RefutingMin, a.RefutingMax))},
	}
}

// origins says bounds in words.
func origins(least, most int) string {
	switch {
	case least != most:
		return fmt.Sprintf("%d to %d independent origins", least, most)
	case least == 1:
		return "1 independent origin"
	}
	return fmt.Sprintf("%d independent origins", least)
}

// schemaAgent is a Person or an Organization; nil for an asserter whom nobody
// names.
func schemaAgent(h *claims.Hop) any {
	if h.Nobody || h.Name == "" && h.Handle == "" {
		return nil
	}
	n := node{"@type": "Organization", "name": hopName(h)}
	if h.Kind == claims.SourcePerson {
		n["@type"] = "Person"
	}
	if h.Source != "" {
		n["@id"] = urn + sourceName(h.Source)
	}
	if h.Name != "" {
		n.set("alternateName", h.Handle)
	}
	if h.SpeaksFor != "" && n["@type"] == "Person" {
		n["worksFor"] = node{"@type": "Organization", "name": h.SpeaksFor}
	}
	return n
}

// schemaWork is the type of what was published.
func schemaWork(k claims.DocumentKind) string {
	switch k {
	case claims.KindArticle, claims.KindAgencyItem:
		return "NewsArticle"
	case claims.KindTelegramPost, claims.KindXPost:
		return "SocialMediaPosting"
	case claims.KindPressRelease:
		return "Article"
	case claims.KindTranscript, claims.KindUnknown:
	}
	return "CreativeWork"
}
