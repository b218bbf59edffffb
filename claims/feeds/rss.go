package feeds

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"github.com/secondsource/secondsource/claims"
)

// channel is what a feed says of itself.
type channel struct {
	title    string
	language string
}

// readRSS reads RSS of any version, RDF too.
func readRSS(in *input, yield func(Item) bool) {
	open, ok := in.xml(yield)
	if !ok {
		return
	}
	var of channel
	if f, err := (&rss.Parser{}).Parse(bytes.NewReader(without(in.data, "item"))); err == nil {
		of = channel{title: f.Title, language: usual(f.Language)}
		if dc := f.DublinCoreExt; dc != nil {
			of.title = first(append(dc.Publisher, of.title)...)
			of.language = usual(first(append(dc.Language, of.language)...))
		}
	}
	for e := range named(in.data, "item") {
		it := Item{Position: in.at(e.start, fmt.Sprintf("item[%d]", in.index))}
		if it.Err = e.err; it.Err == nil {
			it.Document, it.Err = in.rssItem(in.alone(open, e), &of)
		}
		if !yield(it) {
			return
		}
	}
}

// xml turns the input into UTF-8 and returns the start tag of its root.
func (in *input) xml(yield func(Item) bool) (open string, ok bool) {
	data, err := utf8XML(in.data)
	if err == nil {
		in.data = data
		t, found := root(data)
		switch {
		case !found:
			err = fmt.Errorf("is not XML: it has no element")
		case t.end-t.start > maxRoot:
			err = fmt.Errorf("the start tag of its root is %d bytes long; the limit is %d bytes", t.end-t.start, maxRoot)
		default:
			return string(data[t.start:t.end]), true
		}
	}
	yield(Item{Position: in.at(0, ""), Err: err})
	return "", false
}

// alone is one item in its feed's start tag, so that its prefixes are known.
func (in *input) alone(open string, e element) []byte {
	name, _, _ := strings.Cut(strings.TrimRight(strings.TrimPrefix(open, "<"), "/>"), " ")
	name = strings.Fields(name + " x")[0]
	var b bytes.Buffer
	b.WriteString(open)
	b.Write(in.data[e.start:e.end])
	b.WriteString("</" + name + ">")
	return b.Bytes()
}

// without is the text that is left when the named elements are taken out.
func without(data []byte, names ...string) []byte {
	var b bytes.Buffer
	at := 0
	for e := range named(data, names...) {
		b.Write(data[at:e.start])
		at = e.end
	}
	b.Write(data[at:])
	if b.Len() > maxItem {
		b.Truncate(maxItem)
	}
	return b.Bytes()
}

// rssItem reads one item. The text is content:encoded, else the description,
// else the headline.
func (in *input) rssItem(raw []byte, of *channel) (claims.Document, error) {
	if len(raw) > maxItem {
		return claims.Document{}, fmt.Errorf("is %d bytes long; the limit of an item is %d bytes", len(raw), maxItem)
	}
	f, err := (&rss.Parser{}).Parse(bytes.NewReader(raw))
	if err != nil {
		return claims.Document{}, fmt.Errorf("is not well-formed: %w", err)
	}
	if len(f.Items) != 1 {
		return claims.Document{}, fmt.Errorf("is not an item of RSS")
	}
	x := f.Items[0]
	d := claims.Document{
		Kind:      claims.KindArticle,
		Publisher: in.publisher(of.title),
		Title:     plain(x.Title),
		Byline:    person(x.Author),
		URL:       in.resolve(x.Link),
		Language:  of.language,
		Text:      first(plain(x.Content), plain(x.Description), plain(x.Title)),
	}
	if x.GUID != nil {
		d.ExternalID = x.GUID.Value
		if d.URL == "" && strings.Contains(x.GUID.Value, "://") && !strings.EqualFold(x.GUID.IsPermalink, "false") {
			d.URL = in.resolve(x.GUID.Value)
		}
	}
	published := x.PubDate
	if x.Source != nil {
		d.CreditLine = first(x.Source.Title, hostOf(x.Source.URL))
	}
	if dc := x.DublinCoreExt; dc != nil {
		d.Byline = first(strings.Join(dc.Creator, ", "), d.Byline)
		d.CreditLine = first(d.CreditLine, strings.Join(dc.Source, ", "), strings.Join(dc.Publisher, ", "))
		d.Language = first(append(dc.Language, d.Language)...)
		published = first(append([]string{published}, dc.Date...)...)
	}
	d.CreditLine = first(d.CreditLine, syndicated(x))
	if claims.NameKey(d.CreditLine) == claims.NameKey(d.Publisher) {
		d.CreditLine = "" // nobody credits himself
	}
	d.PublishedAt, err = instant(published)
	return d, err
}

// syndicated is whom Media RSS credits for distributing an item.
func syndicated(x *rss.Item) string {
	for _, c := range x.Extensions["media"]["credit"] {
		switch strings.ToLower(c.Attrs["role"]) {
		case "distribution company", "distributor", "syndicator", "news agency", "agency", "publishing company":
			return c.Value
		}
	}
	return ""
}

// person is the name in RSS's "desk@coast.example (Ida Renn)".
func person(author string) string {
	if address, rest, ok := strings.Cut(author, "("); ok && strings.Contains(address, "@") {
		return strings.TrimSuffix(strings.TrimSpace(rest), ")")
	}
	return author
}

// hostOf is the host of an address without its "www.", for want of a name.
func hostOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimPrefix(rest, "www.")
}
