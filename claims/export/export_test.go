package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/export/vocabulary"
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
	raw := encode(t, func(b *bytes.Buffer) Encoder { return SchemaOrg(b) }, items())
	all := nodes(t, raw)
	if len(all) != 3 || all[0]["@type"] != "ClaimReview" || all[1]["@type"] != "Claim" {
		t.Fatalf("%s", raw)
	}
	if _, faults := vocabulary.SchemaOrg(raw); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
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
	raw := encode(t, func(b *bytes.Buffer) Encoder { return PROV(b) }, items())
	all := nodes(t, raw)
	if _, faults := vocabulary.PROV(raw); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
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
