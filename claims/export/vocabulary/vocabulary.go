// Package vocabulary holds JSON-LD to what is published of its terms: schema.org and
// W3C's PROV-O, as far as exports use them.
package vocabulary

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// term is what the published definition of a property says of it: the types that
// it is a property of, themselves or by inheritance, and what it may be.
type term struct{ domain, values []string }

// The part of schema.org (version 29) that the exports use: type, the types above
// it, and property with its domains and ranges as schema.org publishes them.
var (
	schemaTypes = map[string][]string{
		"Claim": {"CreativeWork", "Thing"}, "ClaimReview": {"Review", "CreativeWork", "Thing"}, "CreativeWork": {"Thing"}, "Article": {"CreativeWork", "Thing"},
		"NewsArticle": {"Article", "CreativeWork", "Thing"}, "SocialMediaPosting": {"Article", "CreativeWork", "Thing"}, "Organization": {"Thing"}, "Person": {"Thing"}, "Rating": {"Intangible", "Thing"},
	}
	schemaTerms = map[string]term{
		"name": {[]string{"Thing"}, []string{"Text"}}, "alternateName": {[]string{"Thing"}, []string{"Text"}}, "url": {[]string{"Thing"}, []string{"URL"}},
		"text": {[]string{"CreativeWork"}, []string{"Text"}}, "author": {[]string{"CreativeWork", "Rating"}, []string{"Organization", "Person"}},
		"headline": {[]string{"CreativeWork"}, []string{"Text"}}, "datePublished": {[]string{"CreativeWork"}, []string{"DateTime"}}, "inLanguage": {[]string{"CreativeWork"}, []string{"Text", "Language"}},
		"publisher": {[]string{"CreativeWork"}, []string{"Organization", "Person"}}, "creditText": {[]string{"CreativeWork"}, []string{"Text"}},
		"appearance": {[]string{"Claim"}, []string{"CreativeWork"}}, "firstAppearance": {[]string{"Claim"}, []string{"CreativeWork"}},
		"claimReviewed": {[]string{"ClaimReview"}, []string{"Text"}}, "itemReviewed": {[]string{"Review", "AggregateRating"}, []string{"Thing"}}, "reviewBody": {[]string{"Review"}, []string{"Text"}},
		"reviewRating": {[]string{"Review"}, []string{"Rating"}}, "ratingExplanation": {[]string{"Rating"}, []string{"Text"}}, "worksFor": {[]string{"Person"}, []string{"Organization"}},
	}
	// The part of PROV-O: classes with those above them, properties with domain and
	// range as the Recommendation gives them.
	provTypes = map[string][]string{"prov:Entity": nil, "prov:Agent": nil, "prov:Person": {"prov:Agent"}, "prov:Organization": {"prov:Agent"}, "prov:Location": nil}
	provTerms = map[string]term{
		"rdfs:label": {nil, []string{"Text"}}, "prov:value": {[]string{"prov:Entity"}, []string{"Text"}}, "prov:generatedAtTime": {[]string{"prov:Entity"}, []string{"DateTime"}},
		"prov:wasAttributedTo": {[]string{"prov:Entity"}, []string{"prov:Agent"}}, "prov:wasQuotedFrom": {[]string{"prov:Entity"}, []string{"prov:Entity"}},
		"prov:wasDerivedFrom": {[]string{"prov:Entity"}, []string{"prov:Entity"}}, "prov:wasRevisionOf": {[]string{"prov:Entity"}, []string{"prov:Entity"}},
		"prov:hadPrimarySource": {[]string{"prov:Entity"}, []string{"prov:Entity"}}, "prov:actedOnBehalfOf": {[]string{"prov:Agent"}, []string{"prov:Agent"}},
		"prov:atLocation": {[]string{"prov:Entity", "prov:Agent"}, []string{"prov:Location"}},
	}
)

// vocabulary checks nodes against published definitions.
type vocabulary struct {
	types map[string][]string
	terms map[string]term
}

func (v *vocabulary) is(kind string, of []string) bool {
	return slices.ContainsFunc(of, func(t string) bool { return t == kind || slices.Contains(v.types[kind], t) })
}

// faults are what a node, and those in it, have that the vocabulary has not.
func (v *vocabulary) faults(n map[string]any, path string) (out []string) {
	kind, typed := n["@type"].(string)
	if !typed {
		if len(n) == 1 && n["@id"] != nil {
			return nil // it only names one
		}
		return []string{path + ": has no type"}
	}
	if _, known := v.types[kind]; !known {
		return []string{path + ": there is no type " + kind}
	}
	for property, value := range n {
		if property == "@type" || property == "@id" {
			continue
		}
		at := path + "." + property
		t, known := v.terms[property]
		if !known || t.domain != nil && !v.is(kind, t.domain) {
			out = append(out, at+": is no property of "+kind)
			continue
		}
		values, many := value.([]any)
		if !many {
			values = []any{value}
		}
		for _, x := range values {
			switch x := x.(type) {
			case map[string]any:
				if inner, typed := x["@type"].(string); typed && !v.is(inner, t.values) {
					out = append(out, at+": may not be a "+inner)
				}
				out = append(out, v.faults(x, at)...)
			case string:
				_, err := time.Parse(time.RFC3339, x)
				if ok := slices.Contains(t.values, "Text") || slices.Contains(t.values, "DateTime") && err == nil || slices.Contains(t.values, "URL") && strings.Contains(x, "://"); !ok || x == "" {
					out = append(out, fmt.Sprintf("%s: may not be %q", at, x))
				}
			default:
				out = append(out, fmt.Sprintf("%s: may not be %v", at, x))
			}
		}
	}
	return out
}

// SchemaOrg says how many nodes a JSON-LD document has and what in them is not as
// schema.org defines it.
func SchemaOrg(raw []byte) (nodes int, faults []string) {
	return (&vocabulary{schemaTypes, schemaTerms}).document(raw)
}

// PROV is SchemaOrg for PROV-O.
func PROV(raw []byte) (nodes int, faults []string) {
	return (&vocabulary{provTypes, provTerms}).document(raw)
}

func (v *vocabulary) document(raw []byte) (nodes int, faults []string) {
	var doc struct {
		Context any              `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return 0, []string{err.Error()}
	}
	if doc.Context == nil {
		faults = append(faults, "has no @context")
	}
	for _, n := range doc.Graph {
		faults = append(faults, v.faults(n, fmt.Sprint(n["@id"]))...)
	}
	return len(doc.Graph), faults
}
