package export

import (
	"fmt"
	"io"

	"github.com/secondsource/secondsource/claims"
)

// provContext maps short words to PROV-O (W3C Recommendation of 30 April 2013).
var provContext = map[string]any{
	"prov":                 "http://www.w3.org/ns/prov#",
	"rdfs":                 "http://www.w3.org/2000/01/rdf-schema#",
	"xsd":                  "http://www.w3.org/2001/XMLSchema#",
	"ss":                   urn,
	"prov:generatedAtTime": map[string]string{"@type": "xsd:dateTime"},
}

// PROV writes the chains of claims in PROV-O, as JSON-LD. A claim is an entity,
// attributed to its publisher and quoted from its document. Each further hop of its
// chain is an entity too, what that hop's source said, attributed to the source;
// the one before it was quoted from it (DIRECT_QUOTE, EMBED, FORWARD) or derived
// from it; the deepest is the claim's primary source. A document is attributed to
// its publisher, a revision of the version before it, and derived from those whose
// wording it shares.
func PROV(w io.Writer) Encoder {
	return &graph{w: w, context: provContext, node: func(item *Item) any { return provClaim(item) }}
}

func provClaim(item *Item) node {
	c, d := &item.Claim, &item.Document
	id := "ss:" + claimName(c)
	top := node{"@id": id, "@type": "prov:Entity", "prov:value": c.Text, "prov:wasQuotedFrom": []any{provDocument(d)}}
	at := top
	for i := range c.Attribution.Hops {
		h := &c.Attribution.Hops[i]
		if i > 0 {
			said := node{"@id": fmt.Sprintf("%s/hops/%d", id, i+1), "@type": "prov:Entity"}
			said.set("prov:generatedAtTime", instant(h.At))
			how := "prov:wasDerivedFrom"
			switch h.Manner {
			case claims.DirectQuote, claims.EmbedManner, claims.Forward:
				how = "prov:wasQuotedFrom"
			case claims.OwnVoice, claims.Indirect, claims.Relay:
			}
			had, _ := at[how].([]any)
			at[how] = append(had, said)
			if i == len(c.Attribution.Hops)-1 {
				top["prov:hadPrimarySource"] = node{"@id": said["@id"]}
			}
			at = said
		}
		at.set("prov:wasAttributedTo", provAgent(h))
	}
	return top
}

func provDocument(d *claims.Document) node {
	n := node{"@id": "ss:" + documentName(d.ID), "@type": "prov:Entity"}
	n.set("rdfs:label", d.Title)
	n.set("prov:generatedAtTime", instant(d.PublishedAt))
	if d.URL != "" {
		n["prov:atLocation"] = node{"@type": "prov:Location", "rdfs:label": d.URL}
	}
	if d.Publisher != "" {
		n["prov:wasAttributedTo"] = node{"@type": "prov:Agent", "rdfs:label": d.Publisher}
	}
	if d.Previous != "" {
		n["prov:wasRevisionOf"] = node{"@id": "ss:" + documentName(d.Previous)}
	}
	var copied []any
	for _, x := range d.Copies {
		copied = append(copied, node{"@id": "ss:" + documentName(x.Document)})
	}
	n.set("prov:wasDerivedFrom", copied)
	return n
}

// provAgent is whoever said it; nil where nobody is named.
func provAgent(h *claims.Hop) any {
	if h.Nobody {
		return nil
	}
	n := node{"@type": "prov:Agent"}
	switch h.Kind {
	case claims.SourcePerson:
		n["@type"] = "prov:Person"
	case claims.SourceOrganisation, claims.SourceGovernment, claims.SourceCompany, claims.SourceAgency, claims.SourceOutlet:
		n["@type"] = "prov:Organization"
	case claims.SourceUnknown, claims.SourceChannel, claims.SourceAccount, claims.SourceUnnamed:
	}
	if h.Source != "" {
		n["@id"] = "ss:" + sourceName(h.Source)
	}
	n.set("rdfs:label", hopName(h))
	if h.SpeaksFor != "" {
		n["prov:actedOnBehalfOf"] = node{"@type": "prov:Organization", "rdfs:label": h.SpeaksFor}
	}
	return n
}
