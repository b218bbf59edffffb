package feeds

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/secondsource/secondsource/claims"
)

// maxLanguage bounds a BCP 47 code, in bytes.
const maxLanguage = 35

var errNoText = errors.New("holds no text")

// check applies the limits of a document, so that a report can name the item.
func check(d *claims.Document) error {
	if strings.TrimSpace(d.Text) == "" {
		return errNoText
	}
	for _, f := range [...]struct {
		name, value string
		limit       int
	}{
		{"text", d.Text, claims.MaxText}, {"publisher", d.Publisher, claims.MaxName}, {"title", d.Title, claims.MaxTitle},
		{"byline", d.Byline, claims.MaxTitle}, {"dateline", d.Dateline, claims.MaxTitle}, {"credit line", d.CreditLine, claims.MaxTitle},
		{"url", d.URL, claims.MaxURL}, {"id", d.ExternalID, claims.MaxURL}, {"forwarded from", d.ForwardedFrom, claims.MaxName},
		{"in reply to", d.InReplyTo, claims.MaxURL}, {"language", d.Language, maxLanguage},
	} {
		if len(f.value) > f.limit {
			return fmt.Errorf("%s is %d bytes long; the limit is %d bytes", f.name, len(f.value), f.limit)
		}
		if !utf8.ValidString(f.value) {
			return fmt.Errorf("%s is not valid UTF-8", f.name)
		}
	}
	for _, t := range [...]struct {
		name string
		at   time.Time
	}{{"published", d.PublishedAt}, {"embargoed", d.EmbargoedUntil}} {
		if y := t.at.UTC().Year(); y < 1 || y > 9999 {
			return fmt.Errorf("%s: the year %d is not within 1 to 9999", t.name, y)
		}
	}
	return nil
}

// code is a language as BCP 47 writes it; "" for what is none, such as
// "English": it is detected then.
func code(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxLanguage {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// usual is the language that a feed or page states for all it holds. English is
// what programs write into feeds of every language when nobody has set one, so it
// says nothing; the text does.
func usual(s string) string {
	s = code(s)
	if s == "en" || strings.HasPrefix(s, "en-") {
		return ""
	}
	return s
}

// validUTF8 names the first byte of an item that is not UTF-8.
func validUTF8(b []byte) error {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("is not valid UTF-8: byte 0x%02x at offset %d of the item", b[i], i)
		}
		i += n
	}
	return nil
}

// oneLine is a text with its white space folded.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// first is the first value that is not blank.
func first(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

// layouts are the ways in which feeds write an instant, the commonest first.
// Those without a zone are read as UTC.
var layouts = []string{
	time.RFC3339Nano, time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST",
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04 -0700", "Mon, 2 Jan 2006 15:04 MST", "Mon, 2 Jan 06 15:04:05 -0700",
	"2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00",
	"20060102T150405Z0700", "Mon Jan 02 15:04:05 -0700 2006", "2006-01-02", "20060102",
}

// maxInstant bounds what is tried as an instant, in bytes.
const maxInstant = 64

// instant reads a time. An empty one is the zero time and no mistake.
func instant(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	for _, zone := range []string{" UT", " Z"} { // RFC 822's names for it, too short for Go
		if rest, ok := strings.CutSuffix(s, zone); ok {
			s = rest + " UTC"
		}
	}
	if len(s) <= maxInstant {
		for _, layout := range layouts {
			if t, err := time.Parse(layout, s); err == nil {
				return zoned(t).UTC().Truncate(time.Microsecond), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", cut(s, maxInstant))
}

// zones are the abbreviations of RFC 822. Go gives a zone that it does not know
// the offset zero, which would be wrong by hours.
var zones = map[string]int{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "BST": 1, "MSK": 3}

func zoned(t time.Time) time.Time {
	name, offset := t.Zone()
	hours, known := zones[name]
	if !known || offset != 0 {
		return t
	}
	return t.Add(-time.Duration(hours) * time.Hour)
}

// instants reads the first of several times that is there.
func instants(values ...string) (time.Time, error) { return instant(first(values...)) }

// cut shortens a text for a report, at a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// resolve makes a link absolute. What is no link of the web is left out: nothing
// that a feed says may become a script or a file when somebody clicks on it.
func (in *input) resolve(link string) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > claims.MaxURL {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if base, err := url.Parse(in.options.URL); err == nil && in.options.URL != "" {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}
