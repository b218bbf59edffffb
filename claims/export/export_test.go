package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// items are claims with everything that a format may have a place for, and with
// next to nothing.
func items() []Item {
	text := "The dam \"broke\",\nthe ministry's spokesman Jon Halm said."
	full := Item{
		Claim: claims.Claim{Document: "d1", Index: 1, Text: "The dam broke", Evidence: []claims.Span{{Start: 0, End: 15}}, Polarity: claims.Positive, Modality: claims.Asserted, Kind: claims.Event,
			CheckWorthiness: 0.75, Confidence: 1, Attribution: claims.Attribution{Hops: []claims.Hop{
				{Name: "The Courier", Kind: claims.SourceOutlet, Manner: claims.OwnVoice},
				{Name: "Meridian Press Agency", Kind: claims.SourceAgency, Manner: claims.Relay, Source: "meridian"},
				{Name: "Jon Halm", Handle: "@halm", Kind: claims.SourcePerson, SpeaksFor: "Water Ministry", Manner: claims.DirectQuote, At: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)}}}},
		Document: claims.Document{ID: "d1", Kind: claims.KindArticle, Publisher: "The Courier", Title: "=HYPERLINK(\"x\")", URL: "https://courier.example/dam", CreditLine: "MPA", Text: text,
			PublishedAt: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Status: claims.StatusCorrected, Previous: "d0", Copies: []claims.Copy{{Document: "d9"}}, Reading: claims.Reading{Language: "en"}},
		Answer: &claims.Corroboration{Verdict: claims.SingleOrigin, OriginsMin: 1, OriginsMax: 3, First: &claims.TimelineEntry{Document: "d9", At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}},
	}
	bare := Item{Claim: claims.Claim{Document: "d2", Index: 7, Text: "It rained", Attribution: claims.Attribution{Hops: []claims.Hop{{Manner: claims.OwnVoice}, {Nobody: true, Mention: "reports", Manner: claims.Indirect}}}},
		Document: claims.Document{ID: "d2", Kind: claims.KindTelegramPost, Text: "It rained."}}
	second := bare
	second.Claim.Index = 8
	second.Claim.Attribution = claims.Attribution{Hops: []claims.Hop{{Handle: "@rain", Kind: claims.SourceChannel, Manner: claims.OwnVoice}, {Handle: "@hail", Manner: claims.Forward}}}
	return []Item{full, bare, second}
}

func encode(t *testing.T, build func(*bytes.Buffer) Encoder, all []Item) []byte {
	t.Helper()
	var out bytes.Buffer
	e := build(&out)
	if err := e.Open(); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if err := e.Write(&all[i]); err != nil {
			t.Fatal(err)
		}
		if b := out.Bytes(); b[len(b)-1] != '\n' {
			t.Errorf("claim %d does not end its line", i)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCSV(t *testing.T) {
	for _, verdicts := range []bool{false, true} {
		raw := encode(t, func(b *bytes.Buffer) Encoder { return CSV(b, verdicts) }, items())
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll() // every row has as many cells as the head
		if err != nil || len(rows) != 4 {
			t.Fatalf("%d rows, %v\n%s", len(rows), err, raw)
		}
		cell := func(row int, column string) string {
			at := slices.Index(rows[0], column)
			if at < 0 {
				t.Fatalf("no column %s", column)
			}
			return rows[row][at]
		}
		for _, tt := range []struct{ column, want string }{
			{"claim", "documents/d1/claims/1"}, {"evidence", "The dam \"broke\""}, {"evidence_start", "0"}, {"evidence_end", "15"}, {"chain", "The Courier > Meridian Press Agency > Jon Halm"},
			{"asserter", "Jon Halm"}, {"title", "'=HYPERLINK(\"x\")"}, {"published_at", "2026-03-04T05:06:07Z"}, {"status", "CORRECTED"}, {"check_worthiness", "0.75"},
		} {
			if got := cell(1, tt.column); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.column, got, tt.want)
			}
		}
		if verdicts && (cell(1, "verdict") != "SINGLE_ORIGIN" || cell(1, "independent_origins_max") != "3" || cell(2, "verdict") != "") {
			t.Errorf("%s", raw)
		}
		if got := cell(3, "asserter"); got != "'@hail" {
			t.Errorf("a handle is %q: a spreadsheet takes it for a function", got)
		}
	}
}

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

// nodes reads a JSON-LD document.
func nodes(t *testing.T, raw []byte) []map[string]any {
	t.Helper()
	var doc struct {
		Context any              `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil || doc.Context == nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return doc.Graph
}

func TestSchemaOrgIsWhatSchemaOrgDefines(t *testing.T) {
	v := vocabulary{schemaTypes, schemaTerms}
	raw := encode(t, func(b *bytes.Buffer) Encoder { return SchemaOrg(b) }, items())
	all := nodes(t, raw)
	if len(all) != 3 || all[0]["@type"] != "ClaimReview" || all[1]["@type"] != "Claim" {
		t.Fatalf("%s", raw)
	}
	for _, n := range all {
		for _, fault := range v.faults(n, fmt.Sprint(n["@id"])) {
			t.Error(fault)
		}
	}
	rating := all[0]["reviewRating"].(map[string]any)
	if rating["alternateName"] != "SINGLE_ORIGIN" || rating["ratingExplanation"] != "1 to 3 independent origins support it, 0 independent origins deny it." || rating["ratingValue"] != nil {
		t.Errorf("%v", rating)
	}
	if _, named := all[1]["author"]; named {
		t.Errorf("nobody said it: %v", all[1])
	}
	empty := encode(t, func(b *bytes.Buffer) Encoder { return SchemaOrg(b) }, nil)
	if got := nodes(t, empty); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestPROVIsWhatTheRecommendationDefines(t *testing.T) {
	v := vocabulary{provTypes, provTerms}
	all := nodes(t, encode(t, func(b *bytes.Buffer) Encoder { return PROV(b) }, items()))
	for _, n := range all {
		for _, fault := range v.faults(n, fmt.Sprint(n["@id"])) {
			t.Error(fault)
		}
	}
	// The chain can be followed from the publisher to who said it.
	relayed := all[0]["prov:wasDerivedFrom"].([]any)[0].(map[string]any)
	said := relayed["prov:wasQuotedFrom"].([]any)[0].(map[string]any)
	who := said["prov:wasAttributedTo"].(map[string]any)
	if who["rdfs:label"] != "Jon Halm" || who["prov:actedOnBehalfOf"].(map[string]any)["rdfs:label"] != "Water Ministry" || said["prov:generatedAtTime"] != "2026-03-03T00:00:00Z" ||
		all[0]["prov:hadPrimarySource"].(map[string]any)["@id"] != said["@id"] || relayed["prov:wasAttributedTo"].(map[string]any)["@id"] != "ss:sources/meridian" {
		t.Errorf("%v", all[0])
	}
}

// The validator finds what is wrong: a test of the tests.
func TestTheValidatorFindsFaults(t *testing.T) {
	v := vocabulary{schemaTypes, schemaTerms}
	for _, n := range []map[string]any{
		{"name": "x"}, {"@type": "Klaim"}, {"@type": "Claim", "reviewBody": "x"}, {"@type": "Rating", "headline": "x"}, {"@type": "Claim", "author": "x"},
		{"@type": "Claim", "appearance": map[string]any{"@type": "Person", "name": "x"}}, {"@type": "NewsArticle", "datePublished": "yesterday"}, {"@type": "Claim", "name": ""}, {"@type": "Claim", "name": 1.0},
	} {
		if len(v.faults(n, "")) == 0 {
			t.Errorf("%v passes", n)
		}
	}
}
