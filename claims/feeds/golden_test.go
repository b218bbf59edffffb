package feeds_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/feeds"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// samples are the files of testdata: what each is, and what is said beside it.
var samples = []struct {
	file    string
	format  feeds.Format
	options feeds.Options
}{
	{"rss.xml", feeds.RSS, feeds.Options{URL: "https://elsen-courier.example/rss.xml"}},
	{"rdf.rss.xml", feeds.RSS, feeds.Options{}},
	{"atom.xml", feeds.Atom, feeds.Options{}},
	{"jsonfeed.json", feeds.JSONFeed, feeds.Options{}},
	{"newsml.xml", feeds.NewsML, feeds.Options{}},
	{"ninjs.json", feeds.Ninjs, feeds.Options{}},
	{"telegram.json", feeds.Telegram, feeds.Options{Publisher: "@velmark_transport", Channel: "https://t.example/velmark_transport"}},
	{"telegram-update.jsonl", feeds.TelegramUpdate, feeds.Options{}},
	{"x.json", feeds.X, feeds.Options{}},
	{"x-archive.js", feeds.XArchive, feeds.Options{Publisher: "@elsen_pilots"}},
	{"page.html", feeds.HTML, feeds.Options{URL: "https://lantern.example/crew-had-been-drinking?utm=1", RetrievedAt: time.Date(2026, 5, 4, 19, 0, 0, 0, time.UTC)}},
	{"opengraph.html", feeds.HTML, feeds.Options{Kind: claims.KindPressRelease}},
	{"plain.txt", feeds.Text, feeds.Options{Publisher: "Zenda Courier"}},
}

// shown is an item as the golden files have it: what is set, and nothing else.
func shown(it feeds.Item) map[string]any {
	out := map[string]any{"position": it.Position.String()}
	switch {
	case it.Err != nil:
		out["error"] = it.Err.Error()
		return out
	case it.Skipped != "":
		out["skipped"] = it.Skipped
		return out
	}
	d := &it.Document
	for name, value := range map[string]string{"kind": string(d.Kind), "publisher": d.Publisher, "title": d.Title, "byline": d.Byline, "dateline": d.Dateline,
		"credit_line": d.CreditLine, "url": d.URL, "external_id": d.ExternalID, "forwarded_from": d.ForwardedFrom, "in_reply_to": d.InReplyTo,
		"language": d.Language, "status": string(d.Status), "text": d.Text} {
		if value != "" {
			out[name] = value
		}
	}
	for name, at := range map[string]time.Time{"published_at": d.PublishedAt, "embargoed_until": d.EmbargoedUntil, "retrieved_at": d.RetrievedAt} {
		if !at.IsZero() {
			out[name] = at.Format(time.RFC3339)
		}
	}
	return out
}

func TestSamplesAreReadAsTheirGoldenFilesSay(t *testing.T) {
	for _, s := range samples {
		t.Run(s.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", s.file))
			if err != nil {
				t.Fatal(err)
			}
			if got := feeds.Detect(data); got != s.format {
				t.Errorf("it was taken for %q, not %q", got, s.format)
			}
			var b strings.Builder
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			for it := range feeds.Read(s.format, data, s.options) {
				if err := enc.Encode(shown(it)); err != nil {
					t.Fatal(err)
				}
			}
			golden := filepath.Join("testdata", s.file+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("read otherwise than %s says:\n%s", golden, b.String())
			}
		})
	}
}
