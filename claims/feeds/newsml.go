package feeds

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// newsItem holds what is read of a NewsML-G2 newsItem (iptc.org/std/nar). Names
// are matched without their namespace, which differs by how a provider writes it.
type newsItem struct {
	GUID     string   `xml:"guid,attr"`
	Language string   `xml:"lang,attr"`
	Rights   []holder `xml:"rightsInfo>copyrightHolder"`
	ItemMeta struct {
		ItemClass      qcode    `xml:"itemClass"`
		Provider       namedAs  `xml:"provider"`
		VersionCreated string   `xml:"versionCreated"`
		FirstCreated   string   `xml:"firstCreated"`
		Embargoed      *string  `xml:"embargoed"`
		PubStatus      qcode    `xml:"pubStatus"`
		Title          string   `xml:"title"`
		EdNotes        []markup `xml:"edNote"`
		Signals        []qcode  `xml:"signal"`
	} `xml:"itemMeta"`
	ContentMeta struct {
		ContentCreated string    `xml:"contentCreated"`
		Located        []namedAs `xml:"located"`
		Creators       []namedAs `xml:"creator"`
		InfoSources    []namedAs `xml:"infoSource"`
		By             []markup  `xml:"by"`
		Dateline       []markup  `xml:"dateline"`
		CreditLine     []markup  `xml:"creditline"`
		Headlines      []markup  `xml:"headline"`
		Languages      []struct {
			Tag string `xml:"tag,attr"`
		} `xml:"language"`
	} `xml:"contentMeta"`
	ContentSet struct {
		InlineXML []struct {
			Type  string `xml:"contenttype,attr"`
			Inner string `xml:",innerxml"`
		} `xml:"inlineXML"`
		InlineData []struct {
			Type string `xml:"contenttype,attr"`
			Text string `xml:",chardata"`
		} `xml:"inlineData"`
	} `xml:"contentSet"`
}

type qcode struct {
	QCode string `xml:"qcode,attr"`
	URI   string `xml:"uri,attr"`
}

// word is the last part of a code: "stat:usable", ".../pubstatusg2/usable".
func (q qcode) word() string {
	s := first(q.QCode, q.URI)
	return s[strings.LastIndexAny(s, ":/")+1:]
}

type namedAs struct {
	qcode

	Literal string   `xml:"literal,attr"`
	Names   []string `xml:"name"`
}

// String is the name, else the literal, else the code's word, or the host of an
// address that ends in no word.
func (n namedAs) String() string {
	word := n.word()
	if n.QCode == "" && (word == "" || strings.Contains(word, ".")) {
		word = hostOf(n.URI)
	}
	return first(append(n.Names, n.Literal, word)...)
}

type holder struct {
	Literal string   `xml:"literal,attr"`
	Names   []string `xml:"name"`
}

type markup struct {
	Inner string `xml:",innerxml"`
}

// readNewsML reads every newsItem, alone or in a newsMessage; packages only list
// items and are left out.
func readNewsML(in *input, yield func(Item) bool) {
	if _, ok := in.xml(yield); !ok {
		return
	}
	for e := range named(in.data, "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem") {
		it := Item{Position: in.at(e.start, fmt.Sprintf("%s[%d]", local(e.name), in.index))}
		switch {
		case e.err != nil:
			it.Err = e.err
		case local(e.name) != "newsItem":
			it.Skipped = "a " + local(e.name) + " holds no text"
		default:
			it.Document, it.Skipped, it.Err = in.newsItem(in.data[e.start:e.end])
		}
		if !yield(it) {
			return
		}
	}
	if in.index == 0 {
		yield(Item{Position: in.at(0, ""), Err: fmt.Errorf("holds no newsItem")})
	}
}

func (in *input) newsItem(raw []byte) (d claims.Document, skipped string, err error) {
	if len(raw) > maxItem {
		return d, "", fmt.Errorf("is %d bytes long; the limit of an item is %d bytes", len(raw), maxItem)
	}
	var x newsItem
	// Not strict: prefixes may be declared by the message around the item, and
	// entities are written that only HTML knows.
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict, dec.Entity = false, xml.HTMLEntity
	if err := dec.Decode(&x); err != nil {
		return d, "", fmt.Errorf("is not well-formed: %w", err)
	}
	m, c := &x.ItemMeta, &x.ContentMeta
	provider := first(append(m.Provider.Names, m.Provider.Literal)...)
	if provider == "" && len(x.Rights) > 0 { // a name is better than a code
		provider = first(append(x.Rights[0].Names, x.Rights[0].Literal)...)
	}
	provider = first(provider, m.Provider.String())
	d = claims.Document{
		Kind:       claims.KindAgencyItem,
		Publisher:  in.publisher(provider),
		Title:      first(inner(c.Headlines), m.Title),
		Byline:     first(inner(c.By), list(c.Creators)),
		Dateline:   first(inner(c.Dateline), list(c.Located)),
		CreditLine: in.credit(first(inner(c.CreditLine), list(c.InfoSources)), provider),
		ExternalID: x.GUID,
		Status:     pubStatus(m.PubStatus.word()),
		Language:   x.Language,
		Text:       x.body(),
	}
	if claims.NameKey(d.CreditLine) == claims.NameKey(d.Publisher) {
		d.CreditLine = ""
	}
	if len(c.Languages) > 0 {
		d.Language = first(c.Languages[0].Tag, d.Language)
	}
	for _, s := range m.Signals {
		if w := s.word(); w == "correction" && d.Status == claims.StatusUsable {
			d.Status = claims.StatusCorrected
		}
	}
	if d.PublishedAt, err = instants(m.VersionCreated, c.ContentCreated, m.FirstCreated); err != nil {
		return d, "", fmt.Errorf("versionCreated: %w", err)
	}
	if m.Embargoed != nil {
		if d.EmbargoedUntil, err = instant(*m.Embargoed); err != nil {
			return d, "", fmt.Errorf("embargoed: %w", err)
		}
		if d.EmbargoedUntil.IsZero() { // an empty element: until further notice
			d.EmbargoedUntil = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		}
	}
	if d.Text == "" && d.Status == claims.StatusRetracted {
		d.Text = first(inner(m.EdNotes), d.Title, m.PubStatus.word())
	}
	if class := m.ItemClass.word(); d.Text == "" && class != "" && class != "text" {
		return d, "it is of class " + cut(class, 40) + " and holds no text", nil
	}
	return d, "", nil
}

// body is the text of the first content that has one.
func (x *newsItem) body() string {
	for i := range x.ContentSet.InlineXML {
		if s := plain(bodyOf(x.ContentSet.InlineXML[i].Inner)); s != "" {
			return s
		}
	}
	for i := range x.ContentSet.InlineData {
		c := &x.ContentSet.InlineData[i]
		if strings.Contains(c.Type, "html") {
			return plain(c.Text)
		}
		if c.Type == "" || strings.HasPrefix(c.Type, "text/") {
			if strings.HasPrefix(strings.TrimSpace(c.Text), "<p") { // whatever its type says
				return plain(c.Text)
			}
			return tidy(c.Text)
		}
	}
	return ""
}

// bodyOf is what stands in NITF's body.content, in XHTML's body, or all of it:
// heads of documents repeat headline and byline.
func bodyOf(inner string) string {
	for _, name := range []string{"body.content", "body"} {
		for e := range named([]byte(inner), name) {
			return inner[e.start:e.end]
		}
	}
	return inner
}

// inner is the first of several texts with markup.
func inner(list []markup) string {
	for _, m := range list {
		if s := plain(m.Inner); s != "" {
			return s
		}
	}
	return ""
}

func list(names []namedAs) string {
	var out []string
	for _, n := range names {
		if s := n.String(); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}
