package feeds

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// sniffed bounds what is looked at to tell the format, in bytes; the members of a
// JSON object are looked at up to their count.
const (
	sniffed        = 64 << 10
	sniffedMembers = 200
)

// Detect tells the format of an input from its beginning: the name of the root of
// XML, the names in a JSON object. It is Unknown for JSON of another kind and for
// bytes that are no text.
func Detect(data []byte) Format {
	data = trimMark(data)
	start := skipSpace(data, 0, "")
	rest := data[start:]
	switch {
	case len(rest) == 0:
		return Unknown
	case bytes.HasPrefix(rest, []byte("window.YTD.")):
		if archived := rest[len("window.YTD."):]; bytes.HasPrefix(archived, []byte("tweet")) || bytes.HasPrefix(archived, []byte("community_tweet")) {
			return XArchive
		}
		return Unknown // likes, messages, devices: no posts of the account's own
	case rest[0] == '<' || bytes.HasPrefix(rest, []byte("\xff\xfe<")) || bytes.HasPrefix(rest, []byte("\xfe\xff\x00<")):
		return detectXML(rest)
	case rest[0] == '{' || rest[0] == '[':
		if f, ok := detectJSON(data, start); ok {
			return f
		}
		if rest[0] == '[' && !json.Valid(rest) && utf8.Valid(rest) && !bytes.HasPrefix(bytes.TrimSpace(rest[1:]), []byte("{")) {
			return Text // "[Updated at 9:00] The bridge …"
		}
		return Unknown
	}
	if head := rest[:min(len(rest), sniffed)]; bytes.IndexByte(head, 0) >= 0 {
		return Unknown
	}
	return Text
}

func detectXML(data []byte) Format {
	head := data[:min(len(data), sniffed)]
	if len(head) > 1 && head[0] >= 0xfe {
		head, _ = utf8XML(head)
	}
	if bytes.HasPrefix(bytes.ToLower(head[:min(len(head), 14)]), []byte("<!doctype html")) {
		return HTML
	}
	t, ok := root(head)
	if !ok {
		return Text
	}
	switch name := local(t.name); {
	case name == "rss" || name == "RDF":
		return RSS
	case name == "feed" || name == "entry":
		return Atom
	case name == "newsMessage" || name == "newsItem" || name == "packageItem":
		return NewsML
	case knownHTML[strings.ToLower(name)]:
		return HTML
	}
	return Unknown
}

// knownHTML are elements with which pages begin, or pieces of them.
var knownHTML = map[string]bool{"html": true, "head": true, "body": true, "article": true, "main": true, "div": true, "p": true, "meta": true, "title": true, "section": true, "h1": true, "script": true}

// detectJSON looks at the first object.
func detectJSON(data []byte, start int) (Format, bool) {
	at := start
	if data[at] == '[' {
		at = skipSpace(data, at+1, "")
	}
	if at >= len(data) || data[at] != '{' {
		return Unknown, false
	}
	have := map[string][]byte{}
	n := 0
	for m := range members(data, at) {
		have[m.key] = m.raw
		if n++; n >= sniffedMembers {
			break
		}
	}
	return formatOf(have)
}

// formatOf tells a format by the names in its object.
func formatOf(have map[string][]byte) (Format, bool) {
	has := func(names ...string) bool {
		for _, n := range names {
			if have[n] == nil {
				return false
			}
		}
		return true
	}
	list := func(name string) bool { return len(have[name]) > 0 && have[name][0] == '[' }
	switch {
	case bytes.Contains(have["version"], []byte("jsonfeed.org")) || bytes.Contains(have["version"], []byte(`jsonfeed.org`+`\/`)):
		return JSONFeed, true
	case has("update_id"), list("result") && has("ok"):
		return TelegramUpdate, true
	case list("messages") && (has("type") || has("id")), has("chats") && bytes.Contains(have["chats"], []byte(`"list"`)):
		return Telegram, true
	case has("includes") && has("data"), has("data") && bytes.Contains(have["data"], []byte(`"text"`)) && bytes.Contains(have["data"], []byte(`"id"`)):
		return X, true
	case has("tweet"), has("id_str", "full_text"):
		return XArchive, true
	case has("guid") && (has("versioncreated") || has("pubstatus") || has("headline")),
		has("uri") && (has("versioncreated") || has("versionCreated") || has("pubstatus") || has("pubStatus") || has("body_text") || has("body_html") || has("bodies") || has("representationtype")),
		list("_items"), list("items") && bytes.Contains(have["items"], []byte("versioncreated")):
		return Ninjs, true
	}
	return Unknown, false
}
