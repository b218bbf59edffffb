package feeds

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"github.com/secondsource/secondsource/claims"
)

// Limits of a web page: the time that finding its body takes grows faster than
// its length.
const (
	maxPage     = 8 << 20
	maxElements = 60_000
)

// readHTML reads one web page: what it says of itself as data (JSON-LD, then Open
// Graph, then the rest of its head) and the body that a reader's eye would find.
func readHTML(in *input, yield func(Item) bool) {
	it := Item{Position: in.at(0, "")}
	it.Document, it.Err = in.page()
	yield(it)
}

func (in *input) page() (d claims.Document, err error) {
	if len(in.data) > maxPage {
		return d, fmt.Errorf("is %d bytes long; the limit of a page is %d bytes", len(in.data), maxPage)
	}
	data, err := utf8HTML(in.data)
	if err != nil {
		return d, err
	}
	if err := pageBounds(data); err != nil {
		return d, err
	}
	tree, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return d, fmt.Errorf("is not HTML: %w", err)
	}
	h := readHead(tree)
	ld := newsArticle(h.scripts)
	meta := func(names ...string) string {
		for _, n := range names {
			if v := h.meta[n]; v != "" {
				return v
			}
		}
		return ""
	}
	body, found := in.body(tree, ld.body)
	d = claims.Document{
		Kind:       claims.KindArticle,
		Publisher:  in.publisher(first(ld.publisher, meta("og:site_name", "application-name", "dc.publisher"), hostOf(in.options.URL))),
		Title:      plain(first(ld.headline, meta("og:title", "twitter:title", "dc.title"), found.Title(), h.title)),
		Byline:     first(ld.author, byline(meta("author", "article:author", "dc.creator", "parsely-author")), byline(found.Byline())),
		CreditLine: first(ld.credit, meta("syndication-source-name", "news:source")),
		URL:        in.resolve(first(h.canonical, ld.url, meta("og:url"), in.options.URL)),
		Language:   first(ld.language, usual(h.language), usual(meta("og:locale"))),
		Text:       body,
	}
	if d.URL == "" {
		d.URL = in.resolve(in.options.URL)
	}
	if claims.NameKey(d.CreditLine) == claims.NameKey(d.Publisher) {
		d.CreditLine = ""
	}
	// The headline stands in its own field.
	if rest, ok := strings.CutPrefix(d.Text, d.Title+"\n"); ok && d.Title != "" {
		d.Text = strings.TrimLeft(rest, "\n")
	}
	// A date that cannot be read is not worth the loss of the page.
	for _, s := range []string{ld.published, meta("article:published_time", "og:published_time", "datepublished", "date", "dc.date", "parsely-pub-date", "pubdate"), h.time} {
		if t, err := instant(s); err == nil && !t.IsZero() {
			d.PublishedAt = t
			break
		}
	}
	return d, nil
}

// body is the article's text, as the page gives it as data, when that is no
// teaser, else as found among the elements, and what was found beside it.
func (in *input) body(tree *html.Node, given string) (text string, found readability.Article) {
	base, err := url.Parse(in.options.URL)
	if err != nil || !base.IsAbs() {
		base = &url.URL{Scheme: "https", Host: "page.invalid"}
	}
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	if a, err := p.ParseDocument(tree, base); err == nil && a.Node != nil {
		var b bytes.Buffer
		if html.Render(&b, a.Node) == nil {
			text, found = plain(b.String()), a
		}
	}
	if given = tidy(given); len(given) > len(text) {
		text = given
	}
	return text, found
}

// utf8HTML turns a page into UTF-8, by its mark, its declaration, or its look.
func utf8HTML(data []byte) ([]byte, error) {
	_, label, _ := charset.DetermineEncoding(data[:min(len(data), 4096)], "text/html")
	if label == "utf-8" || validUTF8(data) == nil {
		return data, validUTF8(data)
	}
	return convert(data, label)
}

// pageBounds refuses pages with too many elements, or nested too deep, before a
// tree is built of them.
func pageBounds(data []byte) error {
	z := html.NewTokenizer(bytes.NewReader(data))
	elements, depth := 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return nil
		case html.StartTagToken:
			elements++
			name, _ := z.TagName()
			switch string(name) {
			case "br", "img", "meta", "link", "input", "hr", "source", "wbr", "p", "li", "td", "tr", "option":
				// They need no end tag, so they say nothing of the depth.
			default:
				if depth++; depth > maxDepth {
					return fmt.Errorf("is nested deeper than %d", maxDepth)
				}
			}
			if elements > maxElements {
				return fmt.Errorf("has more than %d elements", maxElements)
			}
		case html.EndTagToken:
			depth = max(0, depth-1)
		default:
		}
	}
}

// head is what a page says of itself outside its text.
type head struct {
	meta      map[string]string // by lower-case name or property
	title     string
	canonical string
	language  string
	time      string   // of the first <time datetime>
	scripts   []string // JSON-LD
}

func readHead(tree *html.Node) head {
	h := head{meta: map[string]string{}}
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			h.language = value(n, "lang")
		case "title":
			if h.title == "" && n.FirstChild != nil && n.Parent != nil && n.Parent.Data == "head" {
				h.title = n.FirstChild.Data
			}
		case "meta":
			name := strings.ToLower(first(value(n, "property"), value(n, "name"), value(n, "itemprop")))
			if content := value(n, "content"); name != "" && content != "" && h.meta[name] == "" {
				h.meta[name] = content
			}
		case "link":
			if strings.EqualFold(value(n, "rel"), "canonical") && h.canonical == "" {
				h.canonical = value(n, "href")
			}
		case "time":
			h.time = first(h.time, value(n, "datetime"))
		case "script":
			if strings.EqualFold(value(n, "type"), "application/ld+json") && n.FirstChild != nil {
				h.scripts = append(h.scripts, n.FirstChild.Data)
			}
		}
	}
	return h
}

func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// byline leaves out what is an address of a profile, or too long for names.
func byline(s string) string {
	if strings.Contains(s, "://") || len(s) > 300 {
		return ""
	}
	return s
}

// article is what schema.org's NewsArticle says.
type article struct {
	headline, author, publisher, published, language, body, url, credit string
}

// newsArticle finds the first article in a page's JSON-LD: an object, one of a
// list, or one of a @graph.
func newsArticle(scripts []string) article {
	for _, s := range scripts {
		var v any
		if decode([]byte(strings.TrimSpace(s)), &v) != nil {
			continue // other people's data may be broken; the page is not
		}
		if a, ok := findArticle(v, 0); ok {
			return a
		}
	}
	return article{}
}

func findArticle(v any, depth int) (article, bool) {
	if depth > 4 {
		return article{}, false
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if a, ok := findArticle(x, depth+1); ok {
				return a, true
			}
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			return article{
				headline: word(v["headline"]), author: nameOf(v["author"]), publisher: nameOf(first2(v["publisher"], v["sourceOrganization"])),
				published: word(first2(v["datePublished"], v["dateCreated"])), language: word(v["inLanguage"]), body: word(v["articleBody"]),
				url: word(first2(v["url"], v["mainEntityOfPage"])), credit: first(word(v["creditText"]), nameOf(v["sourceOrganization"])),
			}, true
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement"} {
			if a, ok := findArticle(v[key], depth+1); ok {
				return a, true
			}
		}
	}
	return article{}, false
}

func isArticle(kind any) bool {
	switch k := kind.(type) {
	case string:
		return strings.HasSuffix(k, "Article") || strings.HasSuffix(k, "BlogPosting") || strings.HasSuffix(k, "Report")
	case []any:
		return slices.ContainsFunc(k, isArticle)
	}
	return false
}

func first2(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

// word is a string, that of an object's @id or @value, or that of a list's first.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return first(asString(v["@value"]), asString(v["@id"]))
	case []any:
		if len(v) > 0 {
			return asString(v[0])
		}
	}
	return ""
}

func asString(v any) string {
	s, ok := v.(string)
	if !ok {
		return ""
	}
	return s
}

// nameOf is the name of a person or organisation, or of several.
func nameOf(v any) string {
	switch v := v.(type) {
	case string:
		return byline(v)
	case map[string]any:
		if list, ok := v["name"].([]any); ok && len(list) > 0 {
			return asString(list[0])
		}
		return asString(v["name"])
	case []any:
		var names []string
		for _, x := range v {
			if _, nested := x.([]any); nested {
				continue
			}
			if n := nameOf(x); n != "" {
				names = append(names, n)
			}
		}
		return strings.Join(names, ", ")
	}
	return ""
}
