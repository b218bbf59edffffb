package feeds_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/feeds"
)

func read(f feeds.Format, data string, o feeds.Options) []feeds.Item {
	return slices.Collect(feeds.Read(f, []byte(data), o))
}

func rssItem(fields string) string {
	return "<rss><channel><title>Elsen Courier</title><item><description>The bridge is shut.</description>" + fields + "</item></channel></rss>"
}

func TestWhatIsOneItemAndWrongIsRefusedByName(t *testing.T) {
	long := strings.Repeat("x", claims.MaxTitle+1)
	for _, test := range []struct {
		name, data string
		format     feeds.Format
		says       string
	}{
		{"no such format", "x", "morse", `there is no format "morse"`},
		{"empty text", " \n", feeds.Text, "holds no text"},
		{"text over the limit", strings.Repeat("word ", claims.MaxText/4), feeds.Text, "text is 2621440 bytes long; the limit is 2097152 bytes"},
		{"text that is no UTF-8", "bridge \xff", feeds.Text, "byte 0xff at offset 7"},
		{"long title", rssItem("<title>" + long + "</title>"), feeds.RSS, "title is 2049 bytes long; the limit is 2048 bytes"},
		{"long id", rssItem("<guid>" + long + "</guid>"), feeds.RSS, "id is 2049 bytes long"},
		{"nested too deep", rssItem(strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300)), feeds.RSS, "nested deeper than 256"},
		{"huge start tag", "<rss " + long + long + long + long + " ><item/></rss>", feeds.RSS, "the start tag of its root"},
		{"unknown encoding", `<?xml version="1.0" encoding="morse"?><rss/>`, feeds.RSS, `the encoding "morse" is not known`},
		{"JSON nested too deep", `{"guid": "x", "associations": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", feeds.Ninjs, "nested deeper than 256"},
		{"JSON that is no UTF-8", "{\"guid\": \"x\", \"body_text\": \"\xff\"}", feeds.Ninjs, "byte 0xff at offset 28"},
		{"page nested too deep", strings.Repeat("<div>", 300), feeds.HTML, "nested deeper than 256"},
		{"page of too many elements", strings.Repeat("<b></b>", 70_000), feeds.HTML, "more than 60000 elements"},
		{"page without text", "<html><body><script>x</script></body></html>", feeds.HTML, "holds no text"},
		{"no newsItem", "<newsMessage/>", feeds.NewsML, "holds no newsItem"},
		{"year out of range", `{"guid": "x", "body_text": "y", "embargoed": "0000-01-01T00:00:00Z"}`, feeds.Ninjs, "embargoed: the year 0"},
		{"no export", `{"name": "x"}`, feeds.Telegram, "no messages"},
		{"no archive", `window.YTD.tweets.part0 = `, feeds.XArchive, "no list of posts"},
		{"errors of the API", `{"errors": [{"title": "Not Found"}]}`, feeds.X, "answered with errors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			items := read(test.format, test.data, feeds.Options{})
			if len(items) != 1 || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), test.says) {
				t.Errorf("got %+v, want one error that says %q", items, test.says)
			}
		})
	}
}

func TestAnEntityBombExpandsToNothing(t *testing.T) {
	bomb := `<!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>` + rssItem("<title>&b;&f;</title>")
	items := read(feeds.RSS, bomb, feeds.Options{})
	if len(items) != 1 || strings.Contains(items[0].Document.Title, "ha") || strings.Contains(items[0].Document.Title, "root") {
		t.Errorf("got %+v", items)
	}
}

func TestOnlyLinksOfTheWebAreKept(t *testing.T) {
	for link, want := range map[string]string{
		"javascript:alert(1)":       "",
		"file:///etc/passwd":        "",
		"//cdn.example/x":           "https://cdn.example/x",
		"/halden":                   "https://outlet.example/halden",
		"https://other.example/a b": "https://other.example/a%20b",
	} {
		items := read(feeds.RSS, rssItem("<link>"+link+"</link>"), feeds.Options{URL: "https://outlet.example/rss"})
		if got := items[0].Document.URL; got != want {
			t.Errorf("%s became %q, want %q", link, got, want)
		}
	}
}

func TestAConfiguredPublisherWinsAndTheProviderIsCredited(t *testing.T) {
	item := `{"guid": "x", "body_text": "The bridge is shut.", "source": "Meridian Press Agency"}`
	d := read(feeds.Ninjs, item, feeds.Options{Publisher: "Elsen Courier"})[0].Document
	if d.Publisher != "Elsen Courier" || d.CreditLine != "Meridian Press Agency" {
		t.Errorf("publisher %q, credit %q", d.Publisher, d.CreditLine)
	}
	d = read(feeds.Ninjs, item, feeds.Options{Publisher: "meridian press agency"})[0].Document
	if d.CreditLine != "" {
		t.Errorf("an agency credits itself: %q", d.CreditLine)
	}
}

func TestAFileThatWasCutOffLosesOnlyItsEnd(t *testing.T) {
	items := read(feeds.Telegram, `{"id": 1, "name": "Harbour", "type": "public_channel", "messages": [{"id": 1, "type": "message", "text": "The bridge is shut."}, {"id": 2, "type": "mess`, feeds.Options{})
	if len(items) != 2 || items[0].Err != nil || items[1].Err == nil || items[1].Position.Path != "messages[1]" {
		t.Errorf("got %+v", items)
	}
}

func TestAnAccountsExportHoldsManyChats(t *testing.T) {
	items := read(feeds.Telegram, `{"about": "x", "chats": {"list": [
		{"name": "Harbour", "type": "public_channel", "id": 7, "messages": [{"id": 1, "type": "message", "date": "2026-05-04T08:00:00", "from": "Harbour", "text": "One."}]},
		{"name": null, "type": "personal_chat", "id": 8, "messages": []},
		{"name": "Pilots", "type": "public_channel", "id": 9, "messages": [{"id": 1, "type": "message", "date": "2026-05-04T08:00:00", "text": ["Two", {"type": "bold", "text": "."}]}]}]}}`, feeds.Options{})
	got := fmt.Sprintf("%s %s %s, %s %s %s", items[0].Position, items[0].Document.Publisher, items[0].Document.ExternalID,
		items[1].Position, items[1].Document.Publisher, items[1].Document.Text)
	if want := "2: chats.list[0].messages[0] Harbour telegram:7/1, 4: chats.list[2].messages[0] Pilots Two."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTheAccountOfAnArchiveStandsInAFileOfItsOwn(t *testing.T) {
	if got := feeds.XAccount([]byte(`window.YTD.account.part0 = [ { "account" : { "username" : "elsen_pilots", "accountId" : "11" } } ]`)); got != "@elsen_pilots" {
		t.Errorf("got %q", got)
	}
	if got := feeds.XAccount([]byte(`window.YTD.tweets.part0 = [ { "account" : { "username" : "x" } } ]`)); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestALanguageIsTakenWhereItSaysSomething(t *testing.T) {
	feed := func(lang string) string {
		return "<rss><channel><language>" + lang + "</language><item><description>The bridge is shut.</description></item></channel></rss>"
	}
	for given, want := range map[string]string{"en-us": "", "en_US": "", "English": "", "uk": "uk", "de_AT": "de-AT", strings.Repeat("x", 99): ""} {
		if got := read(feeds.RSS, feed(given), feeds.Options{})[0].Document.Language; got != want {
			t.Errorf("a feed in %q has items in %q, want %q", given, got, want)
		}
	}
	item := read(feeds.Ninjs, `{"guid": "1", "body_text": "The bridge is shut.", "language": "en_GB"}`, feeds.Options{})[0]
	if item.Document.Language != "en-GB" {
		t.Errorf("what an item says of itself is kept: %q", item.Document.Language)
	}
}

func TestWhatAPostRefersToMayStandBeforeIt(t *testing.T) {
	items := read(feeds.X, `{"includes": {"tweets": [{"id": "1", "text": "The bridge is shut.", "author_id": "11"}], "users": [{"id": "11", "username": "pilots"}]},
"data": [{"id": "2", "text": "RT @pilots: The bri…", "referenced_tweets": [{"type": "retweeted", "id": "1"}]}]}`, feeds.Options{Publisher: "@watch"})
	var got []string
	for _, it := range items {
		got = append(got, fmt.Sprintf("%s %s<%s: %s", it.Position, it.Document.Publisher, it.Document.ForwardedFrom, it.Document.Text))
	}
	if want := []string{"1: includes.tweets[0] @pilots<: The bridge is shut.", "2: data[0] @watch<@pilots: The bridge is shut."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadingStopsWhenNobodyWantsMore(t *testing.T) {
	n := 0
	for range feeds.Read(feeds.Ninjs, []byte(`[{"guid": "1", "body_text": "a"}, {"guid": "2", "body_text": "b"}]`), feeds.Options{}) {
		n++
		break // an iterator that goes on after this panics
	}
	if n != 1 {
		t.Errorf("got %d items before the break", n)
	}
}

func TestFormatsAreToldApart(t *testing.T) {
	for data, want := range map[string]feeds.Format{
		"":                                  feeds.Unknown,
		"The bridge is shut.":               feeds.Text,
		"[Updated 9:00] The bridge is shut": feeds.Text,
		"\ufeff<?xml version='1.0'?>\n<!-- x --><rss version='2.0'/>": feeds.RSS,
		"window.YTD.like.part0 = []":                                  feeds.Unknown,
		"<nitf/>":                                                     feeds.Unknown,
		"<!doctype HTML><p>x":                                         feeds.HTML,
		"GIF89a\x00\x01":                                              feeds.Unknown,
		`{"publisher": "Elsen Courier", "text": "The API's own."}`: feeds.Unknown,
		`[{"update_id": 1}]`:                                                            feeds.TelegramUpdate,
		`{"ok": true, "result": []}`:                                                    feeds.TelegramUpdate,
		`{"data": {"id": "1", "text": "x"}}`:                                            feeds.X,
		`{"version": "https:\/\/jsonfeed.org\/version\/1", "items": []}`:                feeds.JSONFeed,
		`{"uri": "urn:1", "representationtype": "complete", "body_text": "x"}`:          feeds.Ninjs,
		`{"guid": "1", "type": "text", "pubstatus": "usable", "body_html": "<p>x</p>"}`: feeds.Ninjs,
	} {
		if got := feeds.Detect([]byte(data)); got != want {
			t.Errorf("%q was taken for %q, want %q", data, got, want)
		}
	}
}
