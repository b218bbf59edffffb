package feeds

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/secondsource/secondsource/claims"
)

// ninjsItem holds the fields that are read of ninjs, in the spellings of versions
// 1, 2 and 3 (iptc.org/std/ninjs) and of Superdesk's push.
type ninjsItem struct {
	URI             string          `json:"uri"`
	GUID            text            `json:"guid"`
	Type            string          `json:"type"`
	VersionCreated  string          `json:"versioncreated"`
	VersionCreated3 string          `json:"versionCreated"`
	FirstPublished  string          `json:"firstpublished"`
	FirstCreated    string          `json:"firstcreated"`
	ContentCreated  string          `json:"contentcreated"`
	ContentCreated3 string          `json:"contentCreated"`
	Embargoed       string          `json:"embargoed"`
	PubStatus       string          `json:"pubstatus"`
	PubStatus3      string          `json:"pubStatus"`
	Language        string          `json:"language"`
	Headline        string          `json:"headline"`
	Headlines       []ninjsText     `json:"headlines"`
	Byline          string          `json:"byline"`
	By              string          `json:"by"`
	Dateline        string          `json:"dateline"`
	Located         string          `json:"located"`
	BodyText        string          `json:"body_text"`
	BodyHTML        string          `json:"body_html"`
	BodyXHTML       string          `json:"body_xhtml"`
	Bodies          []ninjsText     `json:"bodies"`
	DescriptionText string          `json:"description_text"`
	DescriptionHTML string          `json:"description_html"`
	Descriptions    []ninjsText     `json:"descriptions"`
	Source          text            `json:"source"`
	InfoSources     json.RawMessage `json:"infosource"`
	InfoSources3    json.RawMessage `json:"infoSources"`
	Organisation    json.RawMessage `json:"organisation"`
	CopyrightHolder string          `json:"copyrightholder"`
	CopyrightHold3  string          `json:"copyrightHolder"`
	CreditLine      string          `json:"creditline"`
	CreditLine3     string          `json:"creditLine"`
	EdNote          string          `json:"ednote"`
	EdNote3         string          `json:"edNote"`
	Authors         []ninjsName     `json:"authors"`
	Slugline        string          `json:"slugline"`
}

// ninjsText is a text of versions 2 and 3, which give several of each.
type ninjsText struct {
	Value       string `json:"value"`
	ContentType string `json:"contenttype"`
	Type3       string `json:"contentType"`
	Role        string `json:"role"`
}

type ninjsName struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// readNinjs reads ninjs items: one, an array, or one after the other; also those
// in the "items" of an envelope.
func readNinjs(in *input, yield func(Item) bool) {
	for p := range in.enveloped("items", "_items") {
		it := Item{Position: in.at(p.offset, p.key)}
		var x ninjsItem
		if it.Err = decode(p.raw, &x); it.Err == nil {
			it.Document, it.Skipped, it.Err = in.ninjs(&x)
		}
		if !yield(it) {
			return
		}
	}
}

// enveloped yields the values of the input as items, each with its path as key;
// a lone object that holds a list under one of the keys stands for that list.
func (in *input) enveloped(keys ...string) func(func(part) bool) {
	return func(yield func(part) bool) {
		n := 0
		for p := range values(in.data) {
			list := part{offset: -1}
			if isObject(p.raw) {
				for m := range members(in.data[:p.offset+len(p.raw)], p.offset) {
					for _, k := range keys {
						if m.key == k && m.raw[0] == '[' {
							list = m
						}
					}
				}
			}
			if list.offset < 0 {
				p.key = fmt.Sprintf("item[%d]", n)
				if n++; !yield(p) {
					return
				}
				continue
			}
			for e := range elements(in.data[:list.offset+len(list.raw)], list.offset) {
				e.key = fmt.Sprintf("%s[%d]", list.key, n)
				if n++; !yield(e) {
					return
				}
			}
		}
	}
}

func (in *input) ninjs(x *ninjsItem) (d claims.Document, skipped string, err error) {
	provider := first(string(x.Source), names(x.InfoSources), names(x.InfoSources3), names(x.Organisation), x.CopyrightHolder, x.CopyrightHold3)
	d = claims.Document{
		Kind:       claims.KindAgencyItem,
		Publisher:  in.publisher(provider),
		Title:      plain(first(x.Headline, pick(x.Headlines, "main"))),
		Byline:     first(plain(x.Byline), plain(x.By), writers(x.Authors)),
		Dateline:   plain(first(x.Dateline, x.Located)),
		CreditLine: in.credit(first(x.CreditLine, x.CreditLine3), provider),
		ExternalID: first(string(x.GUID), x.URI),
		URL:        in.resolve(x.URI),
		Language:   x.Language,
		Text:       first(tidy(x.BodyText), plain(x.BodyHTML), plain(x.BodyXHTML), plainOf(x.Bodies)),
	}
	d.Status = pubStatus(first(x.PubStatus, x.PubStatus3))
	if d.PublishedAt, err = instants(x.VersionCreated, x.VersionCreated3, x.FirstPublished, x.ContentCreated, x.ContentCreated3, x.FirstCreated); err != nil {
		return d, "", fmt.Errorf("versioncreated: %w", err)
	}
	if d.EmbargoedUntil, err = instant(x.Embargoed); err != nil {
		return d, "", fmt.Errorf("embargoed: %w", err)
	}
	if d.Text == "" && d.Status == claims.StatusRetracted {
		d.Text = first(plain(first(x.EdNote, x.EdNote3)), d.Title, x.PubStatus, x.PubStatus3)
	}
	if d.Text == "" && x.Type != "" && x.Type != "text" {
		return d, "it is of type " + cut(x.Type, 40) + " and holds no text", nil
	}
	if d.Text == "" {
		d.Text = first(tidy(x.DescriptionText), plain(x.DescriptionHTML), plainOf(x.Descriptions))
	}
	return d, "", nil
}

// pubStatus maps IPTC's publishing status (cv.iptc.org/newscodes/pubstatusg2): what
// is withheld or cancelled asserts nothing.
func pubStatus(s string) claims.Status {
	switch strings.ToLower(local(strings.TrimSpace(s))) {
	case "canceled", "cancelled", "withheld", "killed", "recalled", "unpublished", "commissioned":
		return claims.StatusRetracted
	case "corrected":
		return claims.StatusCorrected
	}
	return claims.StatusUsable
}

// names is the "name" of an object, or those of a list of them, or a bare string.
func names(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var one ninjsName
	if json.Unmarshal(raw, &one) == nil {
		return one.Name
	}
	var list []ninjsName
	_ = json.Unmarshal(raw, &list) // what is none of the three names nobody
	for _, n := range list {
		if n.Name != "" {
			return n.Name
		}
	}
	return ""
}

// writers are the authors of an item, without photographers and the like.
func writers(list []ninjsName) string {
	var out []string
	for _, a := range list {
		switch strings.ToLower(a.Role) {
		case "", "writer", "author", "reporter", "byline":
			if a.Name != "" {
				out = append(out, a.Name)
			}
		}
	}
	return strings.Join(out, ", ")
}

// pick is the text with a role, else the first.
func pick(list []ninjsText, role string) string {
	for _, t := range list {
		if strings.EqualFold(t.Role, role) {
			return t.Value
		}
	}
	if len(list) > 0 {
		return list[0].Value
	}
	return ""
}

// plainOf is the plain text of a body: the one that is plain, unless it has lost
// the paragraphs that another has, else the first that can be made so.
func plainOf(list []ninjsText) string {
	flat := ""
	for _, t := range list {
		if strings.HasPrefix(first(t.ContentType, t.Type3), "text/plain") {
			if flat = tidy(t.Value); strings.Contains(flat, "\n") {
				return flat
			}
		}
	}
	for _, t := range list {
		if strings.HasPrefix(first(t.ContentType, t.Type3), "text/plain") {
			continue
		}
		if s := plain(t.Value); s != "" && (flat == "" || strings.Contains(s, "\n")) {
			return s
		}
	}
	return flat
}
