package feeds

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// exportedMessage holds the fields that are read of a message in Telegram
// Desktop's export (result.json).
type exportedMessage struct {
	ID         text   `json:"id"`
	Type       string `json:"type"`
	Date       string `json:"date"` // local time of whoever exported
	DateUnix   text   `json:"date_unixtime"`
	Edited     string `json:"edited"`
	EditedUnix text   `json:"edited_unixtime"`
	From       string `json:"from"`
	FromID     string `json:"from_id"`
	Author     string `json:"author"`
	// ForwardedFrom is null where an account was deleted.
	ForwardedFrom json.RawMessage `json:"forwarded_from"`
	SavedFrom     string          `json:"saved_from"`
	ReplyTo       text            `json:"reply_to_message_id"`
	Text          telegramText    `json:"text"`
	Photo         string          `json:"photo"`
	MediaType     string          `json:"media_type"`
	Action        string          `json:"action"`
	File          string          `json:"file"`
}

// telegramText is a text that comes as a string, or as a list of strings and of
// pieces with a style of their own.
type telegramText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *telegramText) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] != '[' {
		return json.Unmarshal(raw, (*string)(t))
	}
	var pieces []json.RawMessage
	if err := json.Unmarshal(raw, &pieces); err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range pieces {
		var piece struct {
			Text string `json:"text"`
		}
		if p[0] == '"' {
			if err := json.Unmarshal(p, &piece.Text); err != nil {
				return err
			}
		} else if err := json.Unmarshal(p, &piece); err != nil {
			return err
		}
		b.WriteString(piece.Text)
	}
	*t = telegramText(b.String())
	return nil
}

// chat is one chat of an export.
type chat struct {
	name     string
	id       text
	messages part
}

// readTelegram reads an export of one chat, or of a whole account.
func readTelegram(in *input, yield func(Item) bool) {
	found := false
	start := skipSpace(in.data, 0, "")
	ok := in.chats(part{offset: start, raw: in.data[start:]}, "", 0, func(c chat, path string) bool {
		found = true
		n := 0
		for p := range elements(in.data[:c.messages.offset+len(c.messages.raw)], c.messages.offset) {
			it := Item{Position: in.at(p.offset, fmt.Sprintf("%s[%d]", path, n))}
			n++
			var x exportedMessage
			if it.Err = decode(p.raw, &x); it.Err == nil {
				it.Document, it.Skipped, it.Err = in.exported(&x, &c)
			}
			if !yield(it) {
				return false
			}
		}
		return true
	})
	if ok && !found {
		yield(Item{Position: in.at(0, ""), Err: fmt.Errorf("holds no messages of a Telegram export")})
	}
}

// chats calls fn with each chat below a value: an export has it at the top, that
// of an account in {"chats": {"list": [...]}}.
func (in *input) chats(at part, path string, depth int, fn func(c chat, path string) bool) bool {
	if !isObject(at.raw) || depth > 2 {
		return true
	}
	var c chat
	c.messages.offset = -1
	var inner []part
	for m := range members(in.data[:at.offset+len(at.raw)], at.offset) {
		switch m.key {
		case "name":
			_ = json.Unmarshal(m.raw, &c.name) // deleted accounts have null
		case "id":
			_ = json.Unmarshal(m.raw, &c.id)
		case "messages":
			if m.raw[0] == '[' {
				c.messages = m
			}
		case "chats", "left_chats", "list":
			inner = append(inner, m)
		}
	}
	if c.messages.offset >= 0 && !fn(c, path+"messages") {
		return false
	}
	for _, m := range inner {
		if !in.chatsOf(m, path, depth, fn) {
			return false
		}
	}
	return true
}

func (in *input) chatsOf(m part, path string, depth int, fn func(c chat, path string) bool) bool {
	if m.raw[0] != '[' {
		return in.chats(m, path+m.key+".", depth+1, fn)
	}
	n := 0
	for e := range elements(in.data[:m.offset+len(m.raw)], m.offset) {
		if !in.chats(e, fmt.Sprintf("%s%s[%d].", path, m.key, n), depth+1, fn) {
			return false
		}
		n++
	}
	return true
}

func (in *input) exported(x *exportedMessage, c *chat) (d claims.Document, skipped string, err error) {
	if x.Type == "service" {
		return d, first(x.Action, "a service message") + " says nothing", nil
	}
	if strings.TrimSpace(string(x.Text)) == "" {
		return d, "it is a " + first(x.MediaType, kindOf(x), "message") + " without text", nil
	}
	d = claims.Document{
		Kind:       claims.KindTelegramPost,
		Publisher:  in.publisher(first(x.From, c.name)),
		Byline:     x.Author,
		ExternalID: telegramID(string(c.id), string(x.ID)),
		Text:       string(x.Text),
	}
	if base := strings.TrimRight(in.resolve(in.options.Channel), "/"); base != "" && x.ID != "" {
		d.URL = base + "/" + string(x.ID)
	}
	if x.ReplyTo != "" {
		d.InReplyTo = telegramID(string(c.id), string(x.ReplyTo))
	}
	if x.ForwardedFrom != nil {
		if err := decode(x.ForwardedFrom, &d.ForwardedFrom); err != nil {
			return d, "", fmt.Errorf("forwarded_from: %w", err)
		}
		d.ForwardedFrom = first(d.ForwardedFrom, claims.ForwardedFromUnknown)
	}
	d.PublishedAt, err = exportedAt(x)
	return d, "", err
}

func kindOf(x *exportedMessage) string {
	switch {
	case x.Photo != "":
		return "photo"
	case x.File != "":
		return "file"
	}
	return ""
}

// exportedAt is when the text stood there as it is: an edit is a version of its
// own. Exports before 2021 have local times only, which are read as UTC.
func exportedAt(x *exportedMessage) (time.Time, error) {
	if s := first(string(x.EditedUnix), string(x.DateUnix)); s != "" {
		return unix(s)
	}
	return instants(x.Edited, x.Date)
}

func unix(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 253402300799 {
		return time.Time{}, fmt.Errorf("%q is no Unix time", cut(s, 40))
	}
	return time.Unix(n, 0).UTC(), nil
}

// telegramID names a message in all that comes from Telegram: the bot API puts
// "-100" before what exports call the id of a channel.
func telegramID(chat, message string) string {
	if message == "" {
		return ""
	}
	return "telegram:" + strings.TrimPrefix(chat, "-100") + "/" + message
}
