package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// pageSize of listings, and the claims of a document that are marked.
const (
	pageSize  = 50
	maxMarked = 5000
)

// documentsView is the list of what is stored.
type documentsView struct {
	Rows      []documentRow
	Publisher string
	Next      string // link to the next page, or ""
}

type documentRow struct {
	Link, Name, Publisher, Kind, Published, Stamp, Status string
}

func (d *Desk) listDocuments(c *call) error {
	q := c.r.URL.Query()
	publisher := strings.TrimSpace(q.Get("publisher"))
	res, err := d.documents.ListDocuments(c.ctx, &secondsourcev1.ListDocumentsRequest{PageSize: pageSize, PageToken: q.Get("page"), Publisher: publisher})
	if err != nil {
		return err
	}
	v := documentsView{Publisher: publisher}
	for _, x := range res.GetDocuments() {
		v.Rows = append(v.Rows, documentRow{documentLink(x.GetName()), headline(x), x.GetPublisher(), documentKind(x.GetKind()), when(x.GetPublishedAt()), stamp(x.GetPublishedAt()), statusWord(x)})
	}
	if t := res.GetNextPageToken(); t != "" {
		v.Next = "/documents?" + url.Values{"publisher": {publisher}, "page": {t}}.Encode()
	}
	return d.render(c, http.StatusOK, "documents", "Documents", v)
}

// headline is a document's title, or how its text begins.
func headline(x *secondsourcev1.Document) string {
	switch {
	case x.GetTitle() != "":
		return x.GetTitle()
	case x.GetText() != "":
		line, _, _ := strings.Cut(strings.TrimSpace(x.GetText()), "\n")
		return cutShort(line, 90)
	}
	return strings.ToUpper(documentKind(x.GetKind())[:1]) + documentKind(x.GetKind())[1:] + " without a title"
}

// statusWord says what is special about a document's state, or "".
func statusWord(x *secondsourcev1.Document) string {
	switch {
	case x.GetStatus() == secondsourcev1.DocumentStatus_DOCUMENT_STATUS_RETRACTED:
		return "retracted"
	case x.GetStatus() == secondsourcev1.DocumentStatus_DOCUMENT_STATUS_CORRECTED:
		return "corrected"
	case x.GetNext() != "":
		return "replaced by a later version"
	case x.GetEmbargoedUntil() != nil:
		return "held back until " + when(x.GetEmbargoedUntil())
	}
	return ""
}

// documentView is a text with its claims marked, and one of them taken apart.
type documentView struct {
	Title, Publisher, Kind, Published, Stamp, Status, Byline, Dateline, Credit, Address string
	Previous, Next                                                                      string
	Version                                                                             int32
	Text                                                                                []markedPiece
	Claims                                                                              []claimRow
	Chosen                                                                              *chosenView
	Copies                                                                              []copyView
	Beside                                                                              *besideView
	BesidePrevious, BesideNext                                                          string
	Notes                                                                               []string
}

// claimRow is one claim in the list beside the text.
type claimRow struct {
	Index   int32
	Text    string
	Link    string
	Current bool
	Who     string
}

// chosenView is the claim that was chosen, with its frame and its chain.
type chosenView struct {
	Index                   int32
	Text, Ask               string
	Modality, Polarity      string
	Frame                   []frameRow
	Chain                   []hopRow
	Doubts                  []string
	Previous, Next          string
	CheckWorthy, Confidence string
}

type frameRow struct{ Role, Text string }

type hopRow struct {
	Number    int
	Name, How string
	Cue       string
	Metadata  bool // known from what stands beside the text
	Lit       bool // its words stand in the text, marked
}

type copyView struct {
	Link, Kind, Share, Beside string
}

// besideLink shows another document beside one.
func besideLink(doc, other string) string {
	if other == "" {
		return ""
	}
	return documentLink(doc) + "?beside=" + strings.TrimPrefix(other, "documents/") + "#beside"
}

// markedPiece is a part of the text: the classes it has, the claim it leads to, and
// the number of the hop that begins there.
type markedPiece struct {
	Text, Class, Link, ID string
	Label                 string
	Number                int
}

func (d *Desk) readDocument(c *call) error {
	id := c.r.PathValue("id")
	res, err := d.documents.GetDocument(c.ctx, &secondsourcev1.GetDocumentRequest{Name: "documents/" + id})
	if status.Code(err) == codes.InvalidArgument {
		return errNoPage // what stands in the address is no document's name
	}
	if err != nil {
		return err
	}
	all, err := d.claimsOf(c, "documents/"+id)
	if err != nil {
		return err
	}
	doc := res.GetDocument()
	chosen := int32(0)
	if n, err := strconv.ParseInt(c.r.URL.Query().Get("claim"), 10, 32); err == nil {
		chosen = int32(n)
	}
	v := newDocument(doc, all, chosen)
	if other := c.r.URL.Query().Get("beside"); other != "" {
		if v.Beside, err = d.beside(c, doc, other); status.Code(err) == codes.InvalidArgument {
			return errNoPage
		}
		if err != nil {
			return err
		}
	}
	return d.render(c, http.StatusOK, "document", headline(doc), v)
}

// claimsOf lists the claims of a document.
func (d *Desk) claimsOf(c *call, name string) ([]*secondsourcev1.Claim, error) {
	var all []*secondsourcev1.Claim
	req := &secondsourcev1.ListClaimsRequest{Document: name, PageSize: 500}
	for len(all) < maxMarked {
		res, err := d.claims.ListClaims(c.ctx, req)
		if err != nil {
			return nil, err
		}
		all = append(all, res.GetClaims()...)
		if req.PageToken = res.GetNextPageToken(); res.GetNextPageToken() == "" {
			break
		}
	}
	slices.SortFunc(all, func(a, b *secondsourcev1.Claim) int { return cmp.Compare(a.GetIndex(), b.GetIndex()) })
	return all, nil
}

func newDocument(doc *secondsourcev1.Document, all []*secondsourcev1.Claim, chosen int32) documentView {
	v := documentView{Title: headline(doc), Publisher: doc.GetPublisher(), Kind: documentKind(doc.GetKind()), Published: when(doc.GetPublishedAt()), Stamp: stamp(doc.GetPublishedAt()),
		Status: statusWord(doc), Byline: doc.GetByline(), Dateline: doc.GetDateline(), Credit: doc.GetCreditLine(), Previous: documentLink(doc.GetPrevious()), Next: documentLink(doc.GetNext()), Version: doc.GetVersion(),
		BesidePrevious: besideLink(doc.GetName(), doc.GetPrevious()), BesideNext: besideLink(doc.GetName(), doc.GetNext())}
	if strings.HasPrefix(doc.GetUrl(), "https://") || strings.HasPrefix(doc.GetUrl(), "http://") {
		v.Address = doc.GetUrl()
	}
	if v.Publisher == "" {
		v.Publisher = "an unknown publisher"
	}
	var current *secondsourcev1.Claim
	for i, x := range all {
		row := claimRow{Index: x.GetIndex(), Text: x.GetText(), Link: claimLink(x.GetName()) + "#claim-" + strconv.Itoa(int(x.GetIndex())), Current: x.GetIndex() == chosen}
		if hops := x.GetAttribution().GetHops(); len(hops) > 1 {
			row.Who = hopName(hops[len(hops)-1], doc)
		}
		v.Claims = append(v.Claims, row)
		if row.Current {
			current = x
			v.Chosen = newChosen(x, doc)
			if i > 0 {
				v.Chosen.Previous = v.Claims[i-1].Link
			}
			if i+1 < len(all) {
				v.Chosen.Next = claimLink(all[i+1].GetName()) + "#claim-" + strconv.Itoa(int(all[i+1].GetIndex()))
			}
		}
	}
	v.Text = markText(doc.GetText(), all, current)
	for _, x := range doc.GetCopies() {
		v.Copies = append(v.Copies, copyView{documentLink(x.GetDocument()), copyWord(x.GetKind()), fmt.Sprintf("%.0f %%", 100*x.GetContainment()), besideLink(doc.GetName(), x.GetDocument())})
	}
	reading := doc.GetReading()
	switch reading.GetUnsplit() {
	case secondsourcev1.UnsplitReason_UNSPLIT_REASON_LANGUAGE_NOT_SUPPORTED:
		v.Notes = append(v.Notes, fmt.Sprintf("Its language (%s) is not read, so it has no claims.", reading.GetLanguage()))
	case secondsourcev1.UnsplitReason_UNSPLIT_REASON_NO_PROSE:
		v.Notes = append(v.Notes, "It holds no sentences, so it has no claims.")
	case secondsourcev1.UnsplitReason_UNSPLIT_REASON_UNSPECIFIED:
	}
	for _, credit := range reading.GetCredits() {
		if n := credit.GetCreditedName(); n != "" {
			v.Notes = append(v.Notes, "It credits "+n+" for its text.")
		}
	}
	if reading.GetSatire() {
		v.Notes = append(v.Notes, "It calls itself satire, which asserts nothing.")
	}
	if w := reading.GetWithdrawal(); w != nil {
		v.Notes = append(v.Notes, "It takes something back: “"+w.GetExcerpt().GetText()+"”")
	}
	return v
}

func copyWord(k secondsourcev1.CopyKind) string {
	switch k {
	case secondsourcev1.CopyKind_COPY_KIND_EXACT:
		return "the same text"
	case secondsourcev1.CopyKind_COPY_KIND_NEAR:
		return "most of the wording"
	case secondsourcev1.CopyKind_COPY_KIND_PARTIAL, secondsourcev1.CopyKind_COPY_KIND_UNSPECIFIED:
	}
	return "long passages"
}

func newChosen(x *secondsourcev1.Claim, doc *secondsourcev1.Document) *chosenView {
	v := &chosenView{Index: x.GetIndex(), Text: x.GetText(), Ask: "/?of=" + url.QueryEscape(x.GetName()), Doubts: x.GetDoubts(),
		Modality: modality(x.GetModality()), CheckWorthy: fmt.Sprintf("%.0f %%", 100*x.GetCheckWorthiness()), Confidence: fmt.Sprintf("%.0f %%", 100*x.GetConfidence())}
	if x.GetPolarity() == secondsourcev1.Polarity_POLARITY_NEGATIVE {
		v.Polarity = "negated"
	}
	f := x.GetFrame()
	v.Frame = append(v.Frame, frameRow{"What happens", f.GetPredicate().GetLemma()})
	for _, a := range f.GetArguments() {
		text := a.GetText()
		if p := a.GetPreposition(); p != "" && !strings.HasPrefix(strings.ToLower(text), p+" ") {
			text = p + " " + text
		}
		v.Frame = append(v.Frame, frameRow{argumentRole(a.GetRole()), text})
	}
	if t := f.GetTime(); t.GetStart() != nil {
		v.Frame = append(v.Frame, frameRow{"When", period(t)})
	}
	if p := f.GetPlace(); p != "" {
		v.Frame = append(v.Frame, frameRow{"Where", p})
	}
	for _, n := range f.GetQuantities() {
		v.Frame = append(v.Frame, frameRow{"Number", n.GetText()})
	}
	for i, h := range x.GetAttribution().GetHops() {
		row := hopRow{Number: i + 1, Name: hopName(h, doc), How: hopHow(h, i == 0 && len(x.GetAttribution().GetHops()) > 1), Cue: h.GetCueText(), Metadata: h.GetSourceSpan() == nil}
		if _, ok := hopMark(doc.GetText(), h); ok {
			row.Lit = true
		}
		if h.GetUnnamed() || h.GetNobody() {
			row.How = strings.TrimPrefix(row.How+", not named", ", ")
		}
		v.Chain = append(v.Chain, row)
	}
	return v
}

func period(t *secondsourcev1.ClaimTime) string {
	from, to := t.GetStart().AsTime(), t.GetEnd().AsTime()
	s := from.Format("2 January 2006")
	switch {
	case t.GetEnd() == nil:
		s += " or later"
	case to.Sub(from).Hours() <= 24:
	default:
		s += " to " + to.AddDate(0, 0, -1).Format("2 January 2006")
	}
	if t.GetInferred() {
		s += " (read from the context)"
	}
	return s
}

func modality(m secondsourcev1.Modality) string {
	switch m {
	case secondsourcev1.Modality_MODALITY_DENIED:
		return "denied"
	case secondsourcev1.Modality_MODALITY_HEDGED:
		return "with a reservation"
	case secondsourcev1.Modality_MODALITY_PLANNED:
		return "as an intention"
	case secondsourcev1.Modality_MODALITY_DEMANDED:
		return "as a wish or an order"
	case secondsourcev1.Modality_MODALITY_CONDITIONAL:
		return "under a condition"
	case secondsourcev1.Modality_MODALITY_QUESTIONED:
		return "as a question"
	case secondsourcev1.Modality_MODALITY_ASSERTED, secondsourcev1.Modality_MODALITY_UNSPECIFIED:
	}
	return "as a fact"
}

func argumentRole(r secondsourcev1.ArgumentRole) string {
	switch r {
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_AGENT:
		return "Who"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_PATIENT:
		return "Whom or what"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_RECIPIENT:
		return "To whom"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_ATTRIBUTE:
		return "Is said to be"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_CONTENT:
		return "What is said"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_PARTNER:
		return "With whom"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_PLACE:
		return "Where"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_TIME:
		return "When"
	case secondsourcev1.ArgumentRole_ARGUMENT_ROLE_OBLIQUE, secondsourcev1.ArgumentRole_ARGUMENT_ROLE_UNSPECIFIED:
	}
	return "How"
}
