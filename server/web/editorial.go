package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// edits tells whether whoever asks may decide things. Whom the API answers without a
// key may do everything.
func (c *call) edits() bool { return c.session == nil || c.session.edits }

// decider tells whether a role may decide things; "" is that of a server that asks
// nobody who he is.
func decider(role string) bool { return role == "" || role == "editor" || role == "admin" }

// judgementView is one entry of the log.
type judgementView struct {
	Name, Number, What, Editor, Reason, When, Stamp string
	Subject, Object                                 thing
	Toward                                          string // the words that a stance is toward, when no stored claim is
	CanUndo                                         bool
	Form                                            decision
}

// thing is what a judgement is about: what to call it, and where it is shown.
type thing struct{ Name, Link string }

// Entries are what the log's template lists.
func (v judgementsView) Entries() []judgementView { return v.Rows }

// Entries are what the log's template lists.
func (v sourceView) Entries() []judgementView { return v.Judgements }

type judgementsView struct {
	Rows  []judgementView
	About thing
	Next  string
	Edits bool
}

func (d *Desk) listJudgements(c *call) error {
	about := c.r.URL.Query().Get("about")
	rows, next, err := d.judgements(c, about, c.r.URL.Query().Get("page"))
	if err != nil {
		return err
	}
	v := judgementsView{Rows: rows, Edits: c.edits()}
	if about != "" {
		v.About = d.thing(c, about)
	}
	if next != "" {
		v.Next = "/judgements?" + url.Values{"about": {about}, "page": {next}}.Encode()
	}
	return d.render(c, http.StatusOK, "judgements", "Judgements", v)
}

// judgements is a page of the log, the latest first.
func (d *Desk) judgements(c *call, about, page string) ([]judgementView, string, error) {
	res, err := d.editorial.ListJudgements(c.ctx, &secondsourcev1.ListJudgementsRequest{PageSize: pageSize, PageToken: page, About: about})
	if err != nil {
		return nil, "", err
	}
	undone := map[string]bool{}
	var rows []judgementView
	for _, j := range res.GetJudgements() {
		v := judgementView{Name: j.GetName(), Number: strings.TrimPrefix(j.GetName(), "judgements/"), What: judgementWord(j), Editor: j.GetEditor(), Reason: j.GetReason(),
			When: when(j.GetDecidedAt()), Stamp: stamp(j.GetDecidedAt())}
		if j.GetKind() == secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_STANCE {
			v.Toward = cutShort(j.GetValue()["claim_text"], 120)
		}
		if j.GetSubject() != "" {
			v.Subject = d.thing(c, j.GetSubject())
		}
		if j.GetObject() != "" {
			v.Object = d.thing(c, j.GetObject())
		}
		// The log comes latest first: what takes an entry back stands before it.
		v.CanUndo = !undone[j.GetName()] && decides(j.GetKind()) && j.GetValue()["erased"] == ""
		v.Form = decide(c, "/judgements/"+v.Number+"/undo", "undo", "Take it back")
		if j.GetUndoes() != "" && !undone[j.GetName()] {
			undone[j.GetUndoes()] = true
		}
		rows = append(rows, v)
	}
	return rows, res.GetNextPageToken(), nil
}

// decides tells whether an entry is a decision, which can be taken back.
func decides(k secondsourcev1.JudgementKind) bool {
	switch k {
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_REGISTER_SOURCE, secondsourcev1.JudgementKind_JUDGEMENT_KIND_UPDATE_SOURCE,
		secondsourcev1.JudgementKind_JUDGEMENT_KIND_DELETE_DOCUMENT, secondsourcev1.JudgementKind_JUDGEMENT_KIND_UNSPECIFIED:
		return false
	default:
		return true
	}
}

// thing is what a resource is called.
func (d *Desk) thing(c *call, name string) thing {
	switch {
	case strings.HasPrefix(name, "sources/"):
		return thing{d.nameOf(c, name), "/" + name}
	case strings.Contains(name, "/claims/"):
		if res, err := d.claims.GetClaim(c.ctx, &secondsourcev1.GetClaimRequest{Name: name}); err == nil {
			return thing{"“" + cutShort(res.GetClaim().GetText(), 120) + "”", claimLink(name)}
		}
		return thing{name, claimLink(name)}
	case strings.HasPrefix(name, "documents/"):
		if res, err := d.documents.GetDocument(c.ctx, &secondsourcev1.GetDocumentRequest{Name: name}); err == nil {
			return thing{headline(res.GetDocument()), documentLink(name)}
		}
		return thing{name, documentLink(name)}
	}
	return thing{Name: name}
}

func judgementWord(j *secondsourcev1.Judgement) string {
	value := j.GetValue()
	switch j.GetKind() {
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_MERGE_SOURCES:
		return "These sources are one"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SPLIT_SOURCES:
		return "These sources are two"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_CONTROLLER:
		return "Who controls it"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_RELIABILITY:
		return "Graded " + value["reliability"]
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_JOIN_ORIGINS:
		return "These have one origin"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_PART_ORIGINS:
		return "These have two origins"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_RELATION:
		return "How one claim stands to another: " + plainValue(value["relation"])
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_ATTRIBUTION:
		return "Who asserts it"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_SET_STANCE:
		return "What it says of a claim: " + plainValue(value["stance"])
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_UNDO:
		return "Taken back: " + j.GetUndoes()
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_REGISTER_SOURCE:
		return "A source was registered"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_UPDATE_SOURCE:
		return "A source was changed"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_DELETE_DOCUMENT:
		return "A document was deleted"
	case secondsourcev1.JudgementKind_JUDGEMENT_KIND_UNSPECIFIED:
	}
	return "A judgement"
}

// plainValue is a value of the log in small letters.
func plainValue(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", " ")) }

// undo takes a judgement back.
func (d *Desk) undo(c *call) error {
	if err := c.r.ParseForm(); err != nil {
		return badForm(err)
	}
	_, err := d.editorial.UndoJudgement(c.ctx, &secondsourcev1.UndoJudgementRequest{Name: "judgements/" + c.r.PathValue("number"), Reason: c.field("reason"), RequestId: c.field("once")})
	return c.decided(err)
}

// judgeOrigins decides whether two assertions have one origin, and what one says.
func (d *Desk) judgeOrigins(c *call) error {
	if err := c.r.ParseForm(); err != nil {
		return badForm(err)
	}
	a, b, why, once := c.field("a"), c.field("b"), c.field("reason"), c.field("once")
	var err error
	switch c.field("what") {
	case "join":
		_, err = d.editorial.JoinOrigins(c.ctx, &secondsourcev1.JoinOriginsRequest{Assertion: a, With: b, Reason: why, RequestId: once})
	case "part":
		_, err = d.editorial.PartOrigins(c.ctx, &secondsourcev1.PartOriginsRequest{Assertion: a, From: b, Reason: why, RequestId: once})
	case "supports", "refutes", "neutral":
		stance := secondsourcev1.Stance(secondsourcev1.Stance_value["STANCE_"+strings.ToUpper(c.field("what"))])
		_, err = d.editorial.SetStance(c.ctx, &secondsourcev1.SetStanceRequest{Claim: a, Toward: &secondsourcev1.SetStanceRequest_ClaimText{ClaimText: c.field("claim")}, Stance: stance, Reason: why, RequestId: once})
	default:
		err = status.Error(codes.InvalidArgument, "the form does not say what is decided")
	}
	return c.decided(err)
}

// judgeSource decides something about a source.
func (d *Desk) judgeSource(c *call) error {
	if err := c.r.ParseForm(); err != nil {
		return badForm(err)
	}
	name, why, once := "sources/"+c.r.PathValue("id"), c.field("reason"), c.field("once")
	var err error
	switch c.field("what") {
	case "merge", "split", "controller":
		var other string
		if other, err = d.sourceNamed(c, c.field("other"), c.field("what") == "controller"); err != nil {
			break
		}
		switch c.field("what") {
		case "merge":
			_, err = d.editorial.MergeSources(c.ctx, &secondsourcev1.MergeSourcesRequest{Source: name, Into: other, Reason: why, RequestId: once})
		case "split":
			_, err = d.editorial.SplitSources(c.ctx, &secondsourcev1.SplitSourcesRequest{Source: name, From: other, Reason: why, RequestId: once})
		default:
			_, err = d.editorial.SetController(c.ctx, &secondsourcev1.SetControllerRequest{Source: name, Controller: other, Reason: why, RequestId: once})
		}
	case "grade":
		grade := secondsourcev1.Reliability(secondsourcev1.Reliability_value["RELIABILITY_"+c.field("grade")])
		_, err = d.editorial.SetReliability(c.ctx, &secondsourcev1.SetReliabilityRequest{Source: name, Reliability: grade, Reason: why, RequestId: once})
	case "alias":
		err = d.addAlias(c, name, c.field("alias"))
	case "promote":
		_, err = d.promote(c, name)
	default:
		err = status.Error(codes.InvalidArgument, "the form does not say what is decided")
	}
	return c.decided(err)
}

// sourceNamed finds the source that a field of a form names: by its resource name,
// its name or an account. An empty field is nobody where that is allowed.
func (d *Desk) sourceNamed(c *call, s string, nobody bool) (string, error) {
	switch {
	case s == "" && nobody:
		return "", nil
	case s == "":
		return "", status.Error(codes.InvalidArgument, "the other source is not named")
	case strings.HasPrefix(s, "sources/"):
		return s, nil
	}
	res, err := d.sources.ResolveSource(c.ctx, &secondsourcev1.ResolveSourceRequest{Query: s})
	if status.Code(err) == codes.NotFound {
		return "", status.Errorf(codes.InvalidArgument, "no source is called %q", s)
	}
	if err != nil {
		return "", err
	}
	return res.GetSource().GetName(), nil
}

// addAlias gives a registered source another name or account.
func (d *Desk) addAlias(c *call, name, alias string) error {
	res, err := d.sources.GetSource(c.ctx, &secondsourcev1.GetSourceRequest{Name: name})
	if err != nil {
		return err
	}
	s := res.GetSource()
	if !s.GetRegistered() {
		if s, err = d.promote(c, name); err != nil {
			return err
		}
	}
	mask := "aliases"
	if strings.HasPrefix(alias, "@") {
		s.Handles, mask = append(s.GetHandles(), &secondsourcev1.Handle{Handle: alias}), "handles"
	} else {
		s.Aliases = append(s.GetAliases(), &secondsourcev1.Alias{Name: alias})
	}
	_, err = d.sources.UpdateSource(c.ctx, &secondsourcev1.UpdateSourceRequest{Source: s, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{mask}}})
	return err
}

// promote registers a source that was only met in documents, under its name.
func (d *Desk) promote(c *call, name string) (*secondsourcev1.Source, error) {
	res, err := d.sources.GetSource(c.ctx, &secondsourcev1.GetSourceRequest{Name: name})
	if err != nil {
		return nil, err
	}
	s := res.GetSource()
	if s.GetRegistered() {
		return s, nil
	}
	made, err := d.sources.CreateSource(c.ctx, &secondsourcev1.CreateSourceRequest{Source: &secondsourcev1.Source{CanonicalName: s.GetCanonicalName(), Kind: s.GetKind(), Handles: s.GetHandles(), Aliases: s.GetAliases()}})
	if err != nil {
		return nil, err
	}
	c.back = "/" + made.GetSource().GetName()
	return made.GetSource(), nil
}

// field is what a form holds, without white space around it.
func (c *call) field(name string) string { return strings.TrimSpace(c.r.PostFormValue(name)) }

// decided leads back to where a decision was made, or says why it was not.
func (c *call) decided(err error) error {
	if err != nil {
		return err
	}
	to := c.back
	if to == "" {
		to = inside(c.field("back"))
	}
	c.redirect(to)
	return nil
}

// graded are the grades an editor may give.
var graded = []struct{ Letter, Words string }{{"A", "completely reliable"}, {"B", "usually reliable"}, {"C", "fairly reliable"}, {"D", "not usually reliable"}, {"E", "unreliable"}, {"F", "cannot be judged"}}

// decision is a form by which an editor decides something.
type decision struct {
	To, Back, What, Button string
	A, B, Claim            string
	Once                   string // a form that is sent twice decides once
}

// decide makes a form that leads back to the page it stands on.
func decide(c *call, to, what, button string) decision {
	return decision{To: to, Back: c.r.URL.RequestURI(), What: what, Button: button, Once: "desk-" + rand.Text()}
}
