package vocabulary

import "testing"

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

func TestADocumentIsReadWhole(t *testing.T) {
	for _, tt := range []struct {
		raw    string
		nodes  int
		faults int
	}{
		{`{"@context": "https://schema.org", "@graph": [{"@type": "Claim", "name": "x"}, {"@type": "Claim", "reviewBody": "x"}]}`, 2, 1},
		{`{"@graph": []}`, 0, 1},
		{`{"@graph": [`, 0, 1},
	} {
		if nodes, faults := SchemaOrg([]byte(tt.raw)); nodes != tt.nodes || len(faults) != tt.faults {
			t.Errorf("%s: %d nodes, faults %q", tt.raw, nodes, faults)
		}
	}
	if _, faults := PROV([]byte(`{"@context": {}, "@graph": [{"@type": "Claim", "name": "x"}]}`)); len(faults) != 1 {
		t.Errorf("PROV has no Claim: %q", faults)
	}
}
