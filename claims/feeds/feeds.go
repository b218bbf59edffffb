// Package feeds reads what newsrooms receive: RSS, Atom and JSON Feed, NewsML-G2
// and ninjs, Telegram exports and bot updates, X posts, web pages, plain text.
// Bytes come in and Documents go out, with no I/O between them.
//
// Every input is taken for hostile: sizes and depths are bounded, time grows with
// the length of the input, and an item that cannot be read is one Item with its
// position and its error, after which the rest goes on.
package feeds

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// Format is a form in which publications arrive.
type Format string

// The formats. Unknown is what Detect says of bytes that look like none of them.
const (
	Unknown        Format = ""
	RSS            Format = "rss"             // RSS 0.9 to 2.0
	Atom           Format = "atom"            // RFC 4287
	JSONFeed       Format = "jsonfeed"        // jsonfeed.org 1.0 and 1.1
	NewsML         Format = "newsml"          // IPTC NewsML-G2: newsItem, alone or in a newsMessage
	Ninjs          Format = "ninjs"           // IPTC ninjs 1 to 3, and what Superdesk pushes
	Telegram       Format = "telegram"        // Telegram Desktop's JSON export
	TelegramUpdate Format = "telegram-update" // updates of the Telegram bot API
	X              Format = "x"               // answers of X's API v2
	XArchive       Format = "x-archive"       // tweets.js of an account's archive
	HTML           Format = "html"            // a web page
	Text           Format = "text"            // the whole input is one text
)

// readers holds the reader of each format.
var readers = map[Format]func(*input, func(Item) bool){
	RSS:            readRSS,
	Atom:           readAtom,
	JSONFeed:       readJSONFeed,
	NewsML:         readNewsML,
	Ninjs:          readNinjs,
	Telegram:       readTelegram,
	TelegramUpdate: readTelegramUpdates,
	X:              readX,
	XArchive:       readXArchive,
	HTML:           readHTML,
	Text:           readText,
}

// Formats lists the formats by name.
func Formats() []Format {
	return []Format{RSS, Atom, JSONFeed, NewsML, Ninjs, Telegram, TelegramUpdate, X, XArchive, HTML, Text}
}

// Limits on one item, in bytes and in nested elements. The limits of a document's
// fields are those of package claims.
const (
	maxItem  = 16 << 20
	maxDepth = 256
	// maxRoot bounds the start tag of a feed, which is read once for each item.
	maxRoot = 8 << 10
)

// Options say what the input itself does not.
type Options struct {
	// Publisher is who published all of it. It wins over the title of a feed and
	// the provider of an item, who is then credited; "" takes those. Of X only
	// posts without an author are its.
	Publisher string
	// Kind is what each item is; "" takes the format's own: agency items in
	// NewsML-G2 and ninjs, posts from Telegram and X, articles elsewhere.
	Kind claims.DocumentKind
	// URL is where the input was fetched from. Relative links are resolved
	// against it.
	URL string
	// Channel is the address of the channel that a Telegram export is of, such as
	// "https://t.me/velmark_transport": exports leave it out. "": its posts have
	// no address.
	Channel string
	// RetrievedAt is when it was fetched; zero when not known.
	RetrievedAt time.Time
}

// Position says where an item stands in its input.
type Position struct {
	Index  int    // counts the items from 1
	Line   int    // of the item's first byte, from 1
	Offset int    // of its first byte, behind a byte order mark; in UTF-8, whatever the input came in
	Path   string // in the terms of the format: "messages[3]"; "" where the item is the whole input
}

// String is the position as a report shows it: "12: messages[3]".
func (p Position) String() string {
	if p.Path == "" {
		return fmt.Sprint(p.Line)
	}
	return fmt.Sprintf("%d: %s", p.Line, p.Path)
}

// Item is one publication of an input, or what is wrong with it. Exactly one of
// Document.Text, Skipped and Err is set.
type Item struct {
	Position Position
	Document claims.Document // as the desk takes it: ID, Version, Seq and what is read from the text are not set
	// Skipped says why the item is no publication of a text, and no mistake
	// either: a photograph without a caption, "X joined the channel".
	Skipped string
	Err     error
}

// Read yields the items of an input in their order. A fault of the input as a
// whole is an item, too. An unknown format is an error of the one item it yields.
// The documents share no memory with data.
func Read(f Format, data []byte, o Options) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		read, ok := readers[f]
		if !ok {
			yield(Item{Position: Position{Index: 1, Line: 1}, Err: fmt.Errorf("there is no format %q", string(f))})
			return
		}
		in := newInput(data, o)
		read(in, in.checked(yield))
	}
}

// input is what a reader works on.
type input struct {
	data    []byte
	options Options
	index   int // of the last item given out
	lineAt  int // offset up to which lines were counted
	line    int // the line that lineAt is in
}

func newInput(data []byte, o Options) *input {
	return &input{data: trimMark(data), options: o, line: 1}
}

// trimMark leaves out the byte order mark that some programs put before UTF-8.
func trimMark(data []byte) []byte {
	if len(data) >= 3 && string(data[:3]) == "\ufeff" {
		return data[3:]
	}
	return data
}

// at is the position of the next item, which begins at an offset of the data.
// Offsets come in rising order, so that lines are counted once.
func (in *input) at(offset int, path string) Position {
	in.index++
	for offset = min(offset, len(in.data)); in.lineAt < offset; in.lineAt++ {
		if in.data[in.lineAt] == '\n' {
			in.line++
		}
	}
	return Position{Index: in.index, Line: in.line, Offset: in.lineAt, Path: path}
}

// checked completes each document with the options and checks it on its way out.
func (in *input) checked(yield func(Item) bool) func(Item) bool {
	return func(it Item) bool {
		if it.Err == nil && it.Skipped == "" {
			it.Err = in.complete(&it.Document)
		}
		if it.Err != nil || it.Skipped != "" {
			it.Document = claims.Document{}
		}
		return yield(it)
	}
}

// complete fills in what the options say, and applies the limits.
func (in *input) complete(d *claims.Document) error {
	if in.options.Kind != "" {
		d.Kind = in.options.Kind
	}
	if d.Status == "" {
		d.Status = claims.StatusUsable
	}
	d.RetrievedAt = in.options.RetrievedAt
	for _, s := range []*string{&d.Publisher, &d.Title, &d.Byline, &d.Dateline, &d.CreditLine, &d.ForwardedFrom} {
		*s = oneLine(*s)
	}
	for _, s := range []*string{&d.URL, &d.ExternalID, &d.InReplyTo} {
		*s = strings.TrimSpace(*s)
	}
	d.Language = code(d.Language)
	return check(d)
}

// publisher is whom the options name, else the input.
func (in *input) publisher(named string) string {
	if in.options.Publisher != "" {
		return in.options.Publisher
	}
	return oneLine(named)
}

// credit is whom to credit beside the publisher: a provider that the options'
// publisher stands in the place of.
func (in *input) credit(line, provider string) string {
	if line == "" && in.options.Publisher != "" && claims.NameKey(provider) != claims.NameKey(in.options.Publisher) {
		return provider
	}
	return line
}
