package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// sourcesView is the list of who can assert something.
type sourcesView struct {
	Rows  []sourceRow
	Which string // "", "registered" or "met"
	Named string
	Next  string
}

type sourceRow struct {
	Link, Name, Kind, Grade string
	Registered              bool
	Mentions                int32
}

func (d *Desk) listSources(c *call) error {
	q := c.r.URL.Query()
	v := sourcesView{Which: q.Get("which"), Named: strings.TrimSpace(q.Get("named"))}
	req := &secondsourcev1.ListSourcesRequest{PageSize: pageSize, PageToken: q.Get("page"), NamePrefix: v.Named}
	switch v.Which {
	case "registered":
		yes := true
		req.Registered = &yes
	case "met":
		no := false
		req.Registered = &no
	default:
		v.Which = ""
	}
	res, err := d.sources.ListSources(c.ctx, req)
	if err != nil {
		return err
	}
	for _, s := range res.GetSources() {
		v.Rows = append(v.Rows, sourceRow{"/" + s.GetName(), s.GetCanonicalName(), sourceKind(s.GetKind()), grade(s.GetReliability()), s.GetRegistered(), s.GetMentions()})
	}
	if t := res.GetNextPageToken(); t != "" {
		v.Next = "/sources?" + url.Values{"which": {v.Which}, "named": {v.Named}, "page": {t}}.Encode()
	}
	return d.render(c, http.StatusOK, "sources", "Sources", v)
}

// sourceView is one source with what it asserts.
type sourceView struct {
	Name, Kind, Grade, SpeaksFor, Watch string
	SpeaksForLink                       string
	Registered                          bool
	Mentions                            int32
	Aliases, Handles                    []named
	Controllers                         []controller
	Claims                              []claimRow
	Judgements                          []judgementView
	Log                                 string
	Edits                               bool
	Forms                               sourceForms
	Grades                              []struct{ Letter, Words string }
	Letter                              string // of the grade that stands
}

// sourceForms are what an editor may decide about a source.
type sourceForms struct {
	Merge, Split, Control, Grade, Alias, Promote decision
}

// named is a name with when it was in use.
type named struct{ Name, When string }

type controller struct{ Link, Name, When string }

func (d *Desk) readSource(c *call) error {
	name := "sources/" + c.r.PathValue("id")
	res, err := d.sources.GetSource(c.ctx, &secondsourcev1.GetSourceRequest{Name: name})
	if status.Code(err) == codes.InvalidArgument {
		return errNoPage // what stands in the address is no source's name
	}
	if err != nil {
		return err
	}
	s := res.GetSource()
	v := sourceView{Name: s.GetCanonicalName(), Kind: sourceKind(s.GetKind()), Grade: grade(s.GetReliability()), Registered: s.GetRegistered(), Mentions: s.GetMentions(),
		Watch: "/watch?" + url.Values{"source": {s.GetCanonicalName()}}.Encode()}
	for _, a := range s.GetAliases() {
		v.Aliases = append(v.Aliases, named{a.GetName(), inUse(a.GetValid())})
	}
	for _, h := range s.GetHandles() {
		v.Handles = append(v.Handles, named{strings.TrimSpace(h.GetHandle() + " " + medium(h.GetMedium())), inUse(h.GetValid())})
	}
	for _, x := range s.GetControlledBy() {
		v.Controllers = append(v.Controllers, controller{"/" + x.GetSource(), d.nameOf(c, x.GetSource()), inUse(x.GetValid())})
	}
	if b := s.GetSpeaksFor(); b != "" {
		v.SpeaksFor, v.SpeaksForLink = d.nameOf(c, b), "/"+b
	}
	list, err := d.claims.ListClaims(c.ctx, &secondsourcev1.ListClaimsRequest{Asserter: name, PageSize: pageSize})
	if err != nil {
		return err
	}
	for _, x := range list.GetClaims() {
		v.Claims = append(v.Claims, claimRow{Text: x.GetText(), Link: claimLink(x.GetName())})
	}
	v.Judgements, _, err = d.judgements(c, name, "")
	if status.Code(err) != codes.PermissionDenied && err != nil {
		return err
	}
	v.Log = "/judgements?" + url.Values{"about": {name}}.Encode()
	if v.Edits = c.edits(); v.Edits {
		to := "/" + name
		v.Forms = sourceForms{decide(c, to, "merge", "It is that one"), decide(c, to, "split", "It is not that one"), decide(c, to, "controller", "It controls this one"),
			decide(c, to, "grade", "Grade it"), decide(c, to, "alias", "Add the name"), decide(c, to, "promote", "Register it")}
		v.Grades, v.Letter = graded, "F"
		if v.Grade != "" {
			v.Letter = v.Grade[:1]
		}
	}
	return d.render(c, http.StatusOK, "source", v.Name, v)
}

// nameOf is what a source is called, or its resource name when it cannot be read.
func (d *Desk) nameOf(c *call, source string) string {
	res, err := d.sources.GetSource(c.ctx, &secondsourcev1.GetSourceRequest{Name: source})
	if err != nil {
		return source
	}
	return res.GetSource().GetCanonicalName()
}

// inUse says when something held, or "" for always.
func inUse(r *secondsourcev1.TimeRange) string {
	from, to := day(r.GetFrom()), day(r.GetTo())
	switch {
	case from != "" && to != "":
		return fmt.Sprintf("from %s to %s", from, to)
	case from != "":
		return "from " + from
	case to != "":
		return "until " + to
	}
	return ""
}

func sourceKind(k secondsourcev1.SourceKind) string {
	switch k {
	case secondsourcev1.SourceKind_SOURCE_KIND_PERSON:
		return "person"
	case secondsourcev1.SourceKind_SOURCE_KIND_ORGANISATION:
		return "organisation"
	case secondsourcev1.SourceKind_SOURCE_KIND_GOVERNMENT:
		return "government body"
	case secondsourcev1.SourceKind_SOURCE_KIND_COMPANY:
		return "company"
	case secondsourcev1.SourceKind_SOURCE_KIND_AGENCY:
		return "news agency"
	case secondsourcev1.SourceKind_SOURCE_KIND_OUTLET:
		return "outlet"
	case secondsourcev1.SourceKind_SOURCE_KIND_CHANNEL:
		return "Telegram channel"
	case secondsourcev1.SourceKind_SOURCE_KIND_ACCOUNT:
		return "account on X"
	case secondsourcev1.SourceKind_SOURCE_KIND_UNNAMED:
		return "unnamed source"
	case secondsourcev1.SourceKind_SOURCE_KIND_UNSPECIFIED:
	}
	return "source"
}
