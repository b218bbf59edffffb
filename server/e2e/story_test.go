package e2e_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

var update = flag.Bool("update", false, "write the answers to the golden files in testdata")

// The demo's story is told to the server as the demo tells it. The files under
// testdata/story are the API's whole answers: a change of any field shows there.
// After a change that is meant:
//
//	go test ./server/e2e -run TestTheStory -update
//
// and read what git says.
func TestTheStory(t *testing.T) {
	t.Parallel()
	h := start(t)
	registerStory(t, h)
	names := &naming{}
	for _, line := range storyLines(t, "documents.jsonl") {
		id := line.text("id")
		in := h.ingest(t, storyDocument(t, line))
		names.pairs = append(names.pairs, in.GetDocument().GetName(), "documents/"+id)
		// The answer to an ingest is the document, its claims and what it copies.
		names.golden(t, "ingest-"+id, in)
	}
	for file, claim := range map[string]string{
		"corroborated":  "A barge hit the Halden Bridge on 4 May 2026",
		"single-origin": "Two dock workers were injured at the Halden Bridge",
		"disputed":      "The crew of the Marta K was drunk",
		"unreported":    "The Halden Bridge collapsed into the river",
	} {
		a, err := h.Corroborate(t.Context(), &secondsourcev1.CorroborateRequest{Subject: &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: claim}})
		if err != nil {
			t.Fatal(err)
		}
		if want := "VERDICT_" + strings.ToUpper(strings.ReplaceAll(file, "-", "_")); a.GetCorroboration().GetVerdict().String() != want {
			t.Errorf("%q: %s, want %s", claim, a.GetCorroboration().GetVerdict(), want)
		}
		// Merges follow the ids of documents, which are new with every run.
		slices.SortFunc(a.GetCorroboration().GetMerges(), func(x, y *secondsourcev1.Merge) int {
			return strings.Compare(x.GetOrigin()+x.GetReason().String()+x.GetDetail(), y.GetOrigin()+y.GetReason().String()+y.GetDetail())
		})
		names.golden(t, "corroborate-"+file, a)
	}
	sources, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
	if err != nil {
		t.Fatal(err)
	}
	names.golden(t, "sources", sources)
	documents, err := h.ListDocuments(t.Context(), &secondsourcev1.ListDocumentsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	names.golden(t, "documents", documents)
}

// storyLine is one line of the story's files, in their short form.
type storyLine map[string]any

func (l storyLine) text(field string) string {
	s, _ := l[field].(string)
	return s
}

// registerStory registers the story's sources.
func registerStory(t *testing.T, h *house) {
	t.Helper()
	for _, line := range storyLines(t, "sources.jsonl") {
		s := &secondsourcev1.Source{CanonicalName: line.text("name"), Kind: secondsourcev1.SourceKind(secondsourcev1.SourceKind_value["SOURCE_KIND_"+line.text("kind")])}
		for _, alias := range line["aliases"].([]any) {
			if name := alias.(string); strings.HasPrefix(name, "@") {
				s.Handles = append(s.Handles, &secondsourcev1.Handle{Handle: name})
			} else {
				s.Aliases = append(s.Aliases, &secondsourcev1.Alias{Name: name})
			}
		}
		if _, err := h.CreateSource(t.Context(), &secondsourcev1.CreateSourceRequest{SourceId: line.text("id"), Source: s}); err != nil {
			t.Fatal(err)
		}
	}
}

// storyDocument is a line of the story's documents as a document.
func storyDocument(t *testing.T, line storyLine) *secondsourcev1.Document {
	t.Helper()
	line["external_id"], line["kind"] = line["id"], "DOCUMENT_KIND_"+line.text("kind")
	delete(line, "id")
	raw, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	d := &secondsourcev1.Document{}
	if err := protojson.Unmarshal(raw, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func storyLines(t *testing.T, file string) []storyLine {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "client", "demo", "story", file))
	if err != nil {
		t.Fatal(err)
	}
	var lines []storyLine
	for raw := range bytes.Lines(raw) {
		var line storyLine
		if err := json.Unmarshal(raw, &line); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		lines = append(lines, line)
	}
	return lines
}

// naming puts stable names in the place of ids that are new with every run.
type naming struct{ pairs []string }

// clock are the fields that the server's clock fills.
var clock = regexp.MustCompile(`("(?:ingested_at|created_at|updated_at)": )"[^"]*"`)

// golden compares an answer with its file.
func (n *naming) golden(t *testing.T, name string, answer proto.Message) {
	t.Helper()
	raw, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	// protojson varies its white space from build to build.
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got := clock.ReplaceAllString(strings.NewReplacer(n.pairs...).Replace(out.String()), `$1"then"`) + "\n"
	path := filepath.Join("testdata", "story", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what it was (-was +is); -update if that is meant:\n%s", name, diff)
	}
}
