package feeds_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/feeds"
)

// fuzz gives a reader any bytes: it must not panic, positions rise, and what
// comes out is what the desk takes.
func fuzz(f *testing.F, format feeds.Format) {
	f.Helper()
	for _, s := range samples {
		if s.format == format {
			data, err := os.ReadFile(filepath.Join("testdata", s.file))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
			f.Add(data[:len(data)/2])
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		feeds.Detect(data)
		index, line := 0, 1
		for it := range feeds.Read(format, data, feeds.Options{URL: "https://outlet.example/feed"}) {
			if it.Position.Index != index+1 || it.Position.Line < line {
				t.Fatalf("position %+v follows index %d, line %d", it.Position, index, line)
			}
			index, line = it.Position.Index, it.Position.Line
			sound(t, it)
		}
	})
}

func sound(t *testing.T, it feeds.Item) {
	t.Helper()
	d := &it.Document
	ways := 0
	for _, is := range []bool{it.Err != nil, it.Skipped != "", d.Text != ""} {
		if is {
			ways++
		}
	}
	if ways != 1 {
		t.Fatalf("error %v, skipped %q and text %q together", it.Err, it.Skipped, d.Text)
	}
	for _, s := range []string{d.Text, d.Publisher, d.Title, d.Byline, d.URL, d.ExternalID, d.ForwardedFrom} {
		if !utf8.ValidString(s) {
			t.Fatalf("%q is not valid UTF-8", s)
		}
	}
	if len(d.Text) > claims.MaxText || len(d.Title) > claims.MaxTitle || len(d.Publisher) > claims.MaxName || len(d.URL) > claims.MaxURL {
		t.Fatal("a field is over its limit")
	}
	if d.URL != "" && !strings.HasPrefix(d.URL, "http") {
		t.Fatalf("%q is no link of the web", d.URL)
	}
}

func FuzzRSS(f *testing.F)            { fuzz(f, feeds.RSS) }
func FuzzAtom(f *testing.F)           { fuzz(f, feeds.Atom) }
func FuzzJSONFeed(f *testing.F)       { fuzz(f, feeds.JSONFeed) }
func FuzzNewsML(f *testing.F)         { fuzz(f, feeds.NewsML) }
func FuzzNinjs(f *testing.F)          { fuzz(f, feeds.Ninjs) }
func FuzzTelegram(f *testing.F)       { fuzz(f, feeds.Telegram) }
func FuzzTelegramUpdate(f *testing.F) { fuzz(f, feeds.TelegramUpdate) }
func FuzzX(f *testing.F)              { fuzz(f, feeds.X) }
func FuzzXArchive(f *testing.F)       { fuzz(f, feeds.XArchive) }
func FuzzHTML(f *testing.F)           { fuzz(f, feeds.HTML) }
func FuzzText(f *testing.F)           { fuzz(f, feeds.Text) }
