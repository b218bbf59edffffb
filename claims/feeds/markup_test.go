package feeds

import (
	"strings"
	"testing"
	"time"
)

func TestMarkupBecomesParagraphs(t *testing.T) {
	for markup, want := range map[string]string{
		"no markup at all":                     "no markup at all",
		" two\n lines \n\n\n\nand a gap ":      "two\nlines\n\nand a gap",
		"<p>One.</p><p>Two.</p>":               "One.\n\nTwo.",
		"One.<br>Two.<br/>\n Three.":           "One.\nTwo.\nThree.",
		"<ul><li>a</li><li>b</li></ul>after":   "a\nb\n\nafter",
		"a <b>bold</b>, <i>quick</i> word":     "a bold, quick word",
		"half<b>way</b>":                       "halfway",
		"fish &amp; chips &#8212; 3 &lt; 4":    "fish & chips — 3 < 4",
		"AT&T <3 x":                            "AT&T <3 x",
		"<script>if (a < b) x()</script>said":  "said",
		"<style>p{}</style><p>said":            "said",
		"<svg><title>x</title></svg>said":      "said",
		"<noscript><p>x</p></noscript>said":    "said",
		"<!-- hidden -->shown":                 "shown",
		"<p>non&nbsp;breaking\u00a0space</p>":  "non breaking space",
		"<div><div><p>deep</p></div></div>":    "deep",
		"<iframe src=x>inner</iframe><p>outer": "outer",
		"unclosed <b":                          "unclosed",
		"":                                     "",
	} {
		if got := plain(markup); got != want {
			t.Errorf("%q became %q, want %q", markup, got, want)
		}
	}
}

func TestInstantsAreReadAsFeedsWriteThem(t *testing.T) {
	want := time.Date(2026, 5, 4, 12, 30, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-05-04T12:30:00Z", "2026-05-04T14:30:00+02:00", "2026-05-04T12:30:00.000Z", "2026-05-04T12:30:00+0000", "2026-05-04T12:30:00", "2026-05-04 12:30:00", " 2026-05-04T12:30Z ",
		"Mon, 04 May 2026 12:30:00 GMT", "Mon, 4 May 2026 12:30:00 +0000", "Mon, 04 May 2026 08:30:00 EDT", "Mon, 04 May 2026 14:30:00 CEST", "4 May 2026 12:30:00 UT", "Mon, 04 May 26 12:30:00 +0000", "Mon May 04 12:30:00 +0000 2026", "20260504T123000Z",
	} {
		if got, err := instant(s); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"soon", "2026-13-01", "32 May 2026", strings.Repeat("2", 500)} {
		if got, err := instant(s); err == nil {
			t.Errorf("%q is %v", s, got)
		}
	}
	if got, err := instant("  "); err != nil || !got.IsZero() {
		t.Errorf("no time is %v, %v", got, err)
	}
}
