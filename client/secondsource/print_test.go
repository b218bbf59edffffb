package main

import (
	"strings"
	"testing"
	"time"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func TestDocumentsDoNotSteerTheTerminal(t *testing.T) {
	text := "calm \x1b[2Jü\u009b31m and \u202eback\u202c\n"
	claim := &secondsourcev1.Claim{Text: text, Doubts: []string{"\a"}, Evidence: []*secondsourcev1.Excerpt{{Text: text}}}
	forTerminal(claim)
	for _, got := range []string{claim.GetText(), claim.GetEvidence()[0].GetText()} {
		if len(got) != len(text) || strings.ContainsAny(got, "\x1b\u009b\u202e\u202c") || !strings.HasSuffix(got, "\n") {
			t.Errorf("got %q", got)
		}
	}
	if claim.GetDoubts()[0] != " " {
		t.Errorf("got %q", claim.GetDoubts())
	}
}

func TestEvidenceIsMarkedInItsSentence(t *testing.T) {
	const text = "It rained. The dam broke, the ministry said. Nobody was hurt."
	excerpt := func(words string) *secondsourcev1.Excerpt {
		at := int32(strings.Index(text, words))
		return &secondsourcev1.Excerpt{Text: words, Span: &secondsourcev1.Span{Start: at, End: at + int32(len(words))}}
	}
	for words, want := range map[string]string{
		"dam broke":                      "The »dam broke«, the ministry said.",
		"the ministry said.":             "The dam broke, »the ministry said.«",
		"It rained.":                     "»It rained.«",
		"Nobody was hurt.":               "»Nobody was hurt.«",
		"rained. The dam broke":          "It »rained. The dam broke«, the ministry said.",
		"words that stand nowhere in it": "»words that stand nowhere in it«",
	} {
		if got := strings.TrimSpace((style{}).finish(marked(excerpt(words), excerpt(text)))); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestADateAsABoundMeansItsEnd(t *testing.T) {
	end, err := parseUntil("as-of", "2026-03-07")
	if want := time.Date(2026, 3, 7, 23, 59, 59, 999999000, time.UTC); err != nil || !end.AsTime().Equal(want) {
		t.Errorf("got %v, %v", end.AsTime(), err)
	}
	if _, err := parseUntil("as-of", "Friday"); err == nil || !strings.Contains(err.Error(), "--as-of") {
		t.Errorf("got %v", err)
	}
}

func TestTextsOfJSONDocumentsArriveAsWritten(t *testing.T) {
	it := item{raw: []byte(`{"document": {"id": "d", "text": "5 < 6 & ü\u2028", "published_at": ""}, "request_id": "r"}`)}
	req, err := it.request()
	if err != nil || req.GetDocument().GetText() != "5 < 6 & ü\u2028" || req.GetRequestId() != "r" {
		t.Errorf("got %v, %v", req, err)
	}
	// Half a surrogate pair is no text: it is refused, not replaced.
	if _, err := (item{raw: []byte(`{"text": "\ud800"}`)}).request(); err == nil {
		t.Error("half a surrogate pair was taken")
	}
}

func TestTheTokenIsNotSentInTheClearToOthers(t *testing.T) {
	for address, want := range map[string]bool{"": true, "localhost:1": true, "127.0.0.1:1": true, "[::1]:1": true, "10.0.0.1:1": false, "news.example:1": false, "127.0.0.1.evil.example:1": false} {
		if isLoopback(address) != want {
			t.Errorf("%q", address)
		}
	}
	f := &fakeServer{}
	_, _, err := f.execute(t, "", "documents", "--addr", "news.example:7733", "--token-file", write(t, "token", "a-secret-of-length"))
	if err == nil || !strings.Contains(err.Error(), "unencrypted") {
		t.Errorf("got %v", err)
	}
}

func TestContradictionsStandSideBySide(t *testing.T) {
	var out strings.Builder
	p := &printer{w: &out}
	p.columns(style{}, "    asked: "+string(markOn)+"twelve"+string(markOff)+" people were killed when the dam broke", "found: at least "+string(markOn)+"forty"+string(markOff))
	want := "" +
		"    asked: »twelve« people were killed when the  │ found: at least »forty«\n" +
		"    dam broke                                    │\n"
	if out.String() != want || p.err != nil {
		t.Errorf("got %v\n%s\nwant\n%s", p.err, out.String(), want)
	}
}

func TestMarksEndWithTheirLineOnATerminal(t *testing.T) {
	for _, line := range (style{escapes: true}).lines(string(markOn)+strings.Repeat("word ", 60)+string(markOff), 0) {
		if !strings.HasPrefix(line, "\x1b[1;4m") || !strings.HasSuffix(line, "\x1b[0m") {
			t.Errorf("got %q", line)
		}
	}
}
