package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// sample is the content of a file of claims/feeds/testdata.
func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "claims", "feeds", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestIngestSeesWhatAFileIs(t *testing.T) {
	path := write(t, "result.json", sample(t, "telegram.json"))
	f := &fakeServer{}
	stdout, stderr, err := f.execute(t, "", "ingest", "--publisher", "@velmark_transport", "--url", "https://t.example/velmark_transport", path)
	if !errors.Is(err, errReported) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{path + `:15: messages[5]: "never" is no Unix time`, "4 created, 2 without a text", "1 of 5 items failed"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in\n%s", want, stderr)
		}
	}
	if want := path + ":7: messages[1]"; !strings.Contains(stdout, want) {
		t.Errorf("no %q in\n%s", want, stdout)
	}
	d := f.ingested["telegram:1500000001/814"]
	if d.GetPublisher() != "@velmark_transport" || d.GetForwardedFrom() != "Elsen Harbour Pilots" || d.GetUrl() != "https://t.example/velmark_transport/814" || d.GetKind() != secondsourcev1.DocumentKind_DOCUMENT_KIND_TELEGRAM_POST {
		t.Errorf("got %v", d)
	}
}

func TestIngestTakesAFeedFromStandardInput(t *testing.T) {
	f := &fakeServer{}
	if _, stderr, err := f.execute(t, sample(t, "ninjs.json"), "ingest", "--kind", "article", "-"); !errors.Is(err, errReported) || !strings.Contains(stderr, "-:17: item[5]: headline is of the wrong type") {
		t.Errorf("%v\n%s", err, stderr)
	}
	held := f.ingested["urn:newsml:meridian.example:report"]
	if held.GetEmbargoedUntil().AsTime().Day() != 6 || held.GetKind() != secondsourcev1.DocumentKind_DOCUMENT_KIND_ARTICLE {
		t.Errorf("an embargo goes with its item, and a flag says the kind: %v", held)
	}
	if gone := f.ingested["urn:newsml:meridian.example:killed"]; gone.GetStatus() != secondsourcev1.DocumentStatus_DOCUMENT_STATUS_RETRACTED {
		t.Errorf("got %v", gone)
	}
}

func TestIngestWalksFolders(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"data/tweets.js":   sample(t, "x-archive.js"),
		"data/account.js":  `window.YTD.account.part0 = [ { "account" : { "username" : "elsen_pilots" } } ]`,
		"data/like.js":     `window.YTD.like.part0 = [ { "like" : { "tweetId" : "1" } } ]`,
		"feeds/rss.xml":    sample(t, "rdf.rss.xml"),
		"feeds/photo.jpg":  "\xff\xd8\xff",
		"feeds/.hidden.md": "Nobody reads this.",
		"notes/dam.txt":    "<The> Zenda dam broke.",
		"notes/own.jsonl":  `{"id": "own", "text": "The API's own form."}`,
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	f := &fakeServer{}
	stdout, stderr, err := f.execute(t, "", "ingest", folder)
	if !errors.Is(err, errReported) || !strings.Contains(stderr, "data/tweets.js:17: [3]: ") || !strings.Contains(stderr, "1 of 7 items failed") {
		t.Errorf("%v\n%s", err, stderr)
	}
	if d := f.ingested["7741"]; d.GetPublisher() != "@elsen_pilots" || d.GetUrl() != "https://x.com/elsen_pilots/status/7741" {
		t.Errorf("the archive says whose it is: %v", d)
	}
	if strings.Count(stdout, "created") != 6 || strings.Contains(stdout, ".hidden") || f.ingested["own"] == nil {
		t.Errorf("got\n%s", stdout)
	}
	if strings.Index(stdout, "tweets.js") > strings.Index(stdout, "rss.xml") || strings.Index(stdout, "rss.xml") > strings.Index(stdout, "dam.txt") {
		t.Errorf("not in order of name:\n%s", stdout)
	}
}

func TestAFormatCanBeNamed(t *testing.T) {
	page := write(t, "page.html", sample(t, "opengraph.html"))
	f := &fakeServer{}
	if _, _, err := f.execute(t, "", "ingest", page); err != nil || f.ingested[""].GetPublisher() != "Norrow Shipping" {
		t.Errorf("%v %v", err, f.ingested[""])
	}
	if _, _, err := f.execute(t, "", "ingest", "--format", "text", page); err != nil || !strings.HasPrefix(f.ingested[""].GetText(), "<html>") {
		t.Errorf("%v %v", err, f.ingested[""])
	}
	odd := write(t, "odd.xml", "<nitf/>")
	if _, stderr, err := f.execute(t, "", "ingest", odd); !errors.Is(err, errReported) || !strings.Contains(stderr, "is in no format that is known; name one with --format") {
		t.Errorf("%v\n%s", err, stderr)
	}
}

func TestCorrectAndRetractNameADocument(t *testing.T) {
	f := &fakeServer{}
	stdout, _, err := f.execute(t, "", "correct", "a", write(t, "dam.txt", "The dam did not break."), "--published-at", "2026-03-07")
	if d := f.ingested["documents/a"]; err != nil || d.GetText() != "The dam did not break." || d.GetPublishedAt().AsTime().Day() != 7 {
		t.Errorf("%v %v", err, d)
	}
	if want := "new version  documents/new  corrected, version 2 of the publication\n"; stdout != want {
		t.Errorf("got %q, want %q", stdout, want)
	}
	stdout, _, err = f.execute(t, "", "correct", "a", write(t, "dam.txt", "The dam did not break."), "--embargoed-until", "2026-03-09")
	if want := "; EMBARGOED UNTIL 2026-03-09 00:00, and heeded by no answer before\n"; err != nil || !strings.HasSuffix(stdout, want) {
		t.Errorf("got %q, %v; want %q", stdout, err, want)
	}
	stdout, _, err = f.execute(t, "", "retract", "documents/a", "--notice", "Withdrawn.", "--at", "2026-03-08")
	if d := f.ingested["documents/a"]; err != nil || d.GetText() != "Withdrawn." || d.GetPublishedAt().AsTime().Day() != 8 || !strings.Contains(stdout, "retracted, version 3") {
		t.Errorf("%v %v %s", err, d, stdout)
	}
	if _, _, err := f.execute(t, "", "correct", "a"); err == nil || !strings.Contains(err.Error(), "name a DOCUMENT and the FILE") {
		t.Errorf("got %v", err)
	}
}

func TestOneDocumentIsReadFromWhateverHoldsIt(t *testing.T) {
	f := &fakeServer{}
	for name, content := range map[string]string{"page.html": sample(t, "opengraph.html"), "own.json": `{"text": "Norrow Shipping denies it.", "publisher": "Norrow Shipping"}`} {
		if _, _, err := f.execute(t, "", "correct", "a", write(t, name, content)); err != nil || f.ingested["documents/a"].GetPublisher() != "Norrow Shipping" {
			t.Errorf("%s: %v %v", name, err, f.ingested["documents/a"])
		}
	}
	if _, _, err := f.execute(t, "", "correct", "a", write(t, "feed.json", sample(t, "ninjs.json"))); err == nil || !strings.Contains(err.Error(), "holds more than one document") {
		t.Errorf("got %v", err)
	}
}

func TestATextThatIsReadInPartSaysFromWhereOnItIsNot(t *testing.T) {
	r := &secondsourcev1.Reading{Language: "en", SetAside: []*secondsourcev1.SetAside{
		{Reason: "BOILERPLATE", Excerpt: &secondsourcev1.Excerpt{Span: &secondsourcev1.Span{Start: 5, End: 9}}},
		{Reason: "LIMIT", Excerpt: &secondsourcev1.Excerpt{Span: &secondsourcev1.Span{Start: 88045, End: 2097000}}}}}
	if got, want := unread(r), "not read from byte 88045 on: too many claims"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.SetAside = r.GetSetAside()[:1]
	if got := unread(r); got != "" {
		t.Errorf("what is set aside for another reason is no fault: %q", got)
	}
}
