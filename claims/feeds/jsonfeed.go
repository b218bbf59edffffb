package feeds

import (
	"fmt"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// jsonFeedItem holds the fields that are read of jsonfeed.org's items. gofeed
// would decode the whole feed at once, and fail at its first bad item.
type jsonFeedItem struct {
	ID            text             `json:"id"`
	URL           string           `json:"url"`
	ExternalURL   string           `json:"external_url"`
	Title         string           `json:"title"`
	ContentHTML   string           `json:"content_html"`
	ContentText   string           `json:"content_text"`
	Summary       string           `json:"summary"`
	DatePublished string           `json:"date_published"`
	DateModified  string           `json:"date_modified"`
	Language      string           `json:"language"`
	Author        jsonFeedAuthor   `json:"author"`
	Authors       []jsonFeedAuthor `json:"authors"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

// readJSONFeed reads a JSON Feed.
func readJSONFeed(in *input, yield func(Item) bool) {
	var of channel
	items := -1
	start := skipSpace(in.data, 0, "")
	if !isObject(in.data[start:]) {
		yield(Item{Position: in.at(0, ""), Err: fmt.Errorf("is no JSON Feed: it is not an object")})
		return
	}
	for m := range members(in.data, start) {
		switch m.key {
		case "title":
			_ = decode(m.raw, &of.title) // a feed without a title is one without a name
		case "language":
			_ = decode(m.raw, &of.language)
		case "items":
			items = m.offset
		}
	}
	if items < 0 || in.data[items] != '[' {
		yield(Item{Position: in.at(0, ""), Err: fmt.Errorf("has no list of items")})
		return
	}
	for p := range elements(in.data, items) {
		it := Item{Position: in.at(p.offset, fmt.Sprintf("items[%d]", in.index))}
		var x jsonFeedItem
		if it.Err = decode(p.raw, &x); it.Err == nil {
			it.Document, it.Err = in.jsonFeedItem(&x, &of)
		}
		if !yield(it) {
			return
		}
	}
}

func (in *input) jsonFeedItem(x *jsonFeedItem, of *channel) (claims.Document, error) {
	d := claims.Document{
		Kind:       claims.KindArticle,
		Publisher:  in.publisher(of.title),
		Title:      plain(x.Title),
		URL:        in.resolve(x.URL),
		ExternalID: string(x.ID),
		Language:   first(x.Language, usual(of.language)),
		Text:       first(tidy(x.ContentText), plain(x.ContentHTML), plain(x.Summary), plain(x.Title)),
	}
	var names []string
	for _, a := range append(x.Authors, x.Author) {
		if a.Name != "" {
			names = append(names, a.Name)
		}
	}
	d.Byline = strings.Join(names, ", ")
	// An item about a page elsewhere passes on what that says.
	if at := in.resolve(x.ExternalURL); at != "" && hostOf(at) != hostOf(d.URL) {
		d.CreditLine = hostOf(at)
	}
	var err error
	d.PublishedAt, err = instants(x.DatePublished, x.DateModified)
	return d, err
}
