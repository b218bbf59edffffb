package feeds

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"github.com/secondsource/secondsource/claims"
)

// readAtom reads an Atom feed or a lone entry. A tombstone (RFC 6721) is a
// retraction.
func readAtom(in *input, yield func(Item) bool) {
	open, ok := in.xml(yield)
	if !ok {
		return
	}
	var of channel
	if f, err := (&atom.Parser{}).Parse(bytes.NewReader(without(in.data, "entry", "deleted-entry"))); err == nil {
		of = channel{title: plain(f.Title), language: usual(f.Language)}
	}
	if of.title == "" && local(strings.Fields(strings.Trim(open, "</>") + " x")[0]) == "entry" {
		open = `<feed xmlns="http://www.w3.org/2005/Atom">`
	}
	for e := range named(in.data, "entry", "deleted-entry") {
		it := Item{Position: in.at(e.start, fmt.Sprintf("entry[%d]", in.index))}
		switch {
		case e.err != nil:
			it.Err = e.err
		case local(e.name) == "deleted-entry":
			it.Document, it.Err = in.tombstone(string(in.data[e.start:e.end]), &of)
		default:
			it.Document, it.Err = in.entry(in.alone(open, e), &of)
		}
		if !yield(it) {
			return
		}
	}
}

// tombstone says that a feed took an entry back.
func (in *input) tombstone(raw string, of *channel) (claims.Document, error) {
	t, _ := nextTag([]byte(raw), 0)
	head := raw[t.start:t.end]
	d := claims.Document{Kind: claims.KindArticle, Publisher: in.publisher(of.title), Status: claims.StatusRetracted,
		ExternalID: attribute(head, "ref"), Text: first(plain(raw), "deleted")}
	if d.ExternalID == "" {
		return d, fmt.Errorf("names no entry that was deleted")
	}
	var err error
	d.PublishedAt, err = instant(attribute(head, "when"))
	return d, err
}

func (in *input) entry(raw []byte, of *channel) (claims.Document, error) {
	if len(raw) > maxItem {
		return claims.Document{}, fmt.Errorf("is %d bytes long; the limit of an item is %d bytes", len(raw), maxItem)
	}
	f, err := (&atom.Parser{}).Parse(bytes.NewReader(raw))
	if err != nil {
		return claims.Document{}, fmt.Errorf("is not well-formed: %w", err)
	}
	if len(f.Entries) != 1 {
		return claims.Document{}, fmt.Errorf("is not an entry of Atom")
	}
	x := f.Entries[0]
	d := claims.Document{
		Kind:       claims.KindArticle,
		Publisher:  in.publisher(of.title),
		Title:      plain(x.Title),
		URL:        in.resolve(alternate(x.Links)),
		ExternalID: x.ID,
		Language:   of.language,
		Text:       first(content(x.Content), plain(x.Summary), plain(x.Title)),
	}
	var names []string
	for _, a := range x.Authors {
		names = append(names, a.Name)
	}
	d.Byline = strings.Join(names, ", ")
	if x.Source != nil {
		d.CreditLine = first(plain(x.Source.Title), hostOf(alternate(x.Source.Links)))
	}
	if claims.NameKey(d.CreditLine) == claims.NameKey(d.Publisher) {
		d.CreditLine = ""
	}
	d.PublishedAt, err = instants(x.Published, x.Updated)
	return d, err
}

// content is the text of an entry; what is no text (an image, a link) is none.
func content(c *atom.Content) string {
	switch {
	case c == nil:
		return ""
	case c.Type == "" || c.Type == "text" || strings.HasPrefix(c.Type, "text/plain"):
		return tidy(c.Value)
	case strings.Contains(c.Type, "html") || strings.HasPrefix(c.Type, "text/"):
		return plain(c.Value)
	}
	return ""
}

// alternate is the link to the page that an entry stands for.
func alternate(links []*atom.Link) string {
	for _, l := range links {
		if l.Rel == "" || l.Rel == "alternate" {
			return l.Href
		}
	}
	return ""
}
