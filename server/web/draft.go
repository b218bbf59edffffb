package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// draftView is the page on which a text is checked before it is published.
type draftView struct {
	Form   draftForm
	Wrong  *trouble
	Report *reportView
}

// draftForm is a draft as its fields hold it.
type draftForm struct {
	Text, Title, Publisher, Byline, Credit, Origins string
}

// newDraftForm reads what was sent. Browsers end lines with two bytes; spans count
// those of the text as stored.
func newDraftForm(c *call) draftForm {
	text := strings.ReplaceAll(c.r.PostFormValue("text"), "\r\n", "\n")
	return draftForm{text, c.field("title"), c.field("publisher"), c.field("byline"), c.field("credit"), c.field("origins")}
}

// reportView is what was found of each claim of a draft.
type reportView struct {
	Text      []markedPiece
	Claims    []checkedView
	LeftOut   []leftOutView
	Unchecked int32
	Summary   string
}

// checkedView is one claim of a draft with what is stored about it.
type checkedView struct {
	Number             int // in the list, the weakest first
	Text, Ask          string
	Verdict            verdictView
	Who                string
	Origins, Against   []string
	Unmeasured         []string
	Evidence, Opposing []evidenceView
}

type leftOutView struct {
	Link, Publisher, Why string
}

func (d *Desk) draftPage(c *call) error {
	if err := d.answering(c); err != nil {
		return err
	}
	return d.render(c, http.StatusOK, "draft", "Check a draft", draftView{})
}

// maxDraft is the longest text that is taken, in bytes.
const maxDraft = 2 << 20

func (d *Desk) checkDraft(c *call) error {
	if err := c.r.ParseForm(); err != nil {
		return badForm(err)
	}
	f := newDraftForm(c)
	v := draftView{Form: f}
	req, err := f.request()
	var res *secondsourcev1.CheckDraftResponse
	if err == nil {
		res, err = d.answers.CheckDraft(c.ctx, req)
	}
	switch status.Code(err) {
	case codes.OK:
	case codes.InvalidArgument:
		t, code := explain(err)
		v.Wrong = &t
		return d.render(c, code, "draft", "Check a draft", v)
	default:
		return err
	}
	v.Report = newReport(f.Text, res)
	if c.r.PostFormValue("as") == "report" {
		return writeReport(c.w, &f, v.Report)
	}
	return d.render(c, http.StatusOK, "draft", "Check a draft", v)
}

// request is the draft as the API takes it.
func (f draftForm) request() (*secondsourcev1.CheckDraftRequest, error) {
	if strings.TrimSpace(f.Text) == "" {
		return nil, status.Error(codes.InvalidArgument, "there is no text to check")
	}
	for _, s := range [...]string{f.Text, f.Title, f.Publisher, f.Byline, f.Credit} {
		if strings.ToValidUTF8(s, "") != s {
			return nil, status.Error(codes.InvalidArgument, "the text is not valid UTF-8")
		}
	}
	req := &secondsourcev1.CheckDraftRequest{Draft: &secondsourcev1.Document{Text: f.Text, Title: f.Title, Publisher: f.Publisher, Byline: f.Byline, CreditLine: f.Credit}}
	if f.Origins != "" {
		n, err := strconv.ParseInt(f.Origins, 10, 32)
		if err != nil {
			return nil, status.Errorf(codes.InvalidArgument, "%q is no number of origins", f.Origins)
		}
		req.MinOrigins = int32(n)
	}
	return req, nil
}

func newReport(text string, res *secondsourcev1.CheckDraftResponse) *reportView {
	v := &reportView{Unchecked: res.GetUnchecked()}
	var marks []mark
	count := map[string]int{}
	for i, x := range res.GetClaims() {
		a := x.GetCorroboration()
		y := checkedView{Number: i + 1, Text: x.GetClaim().GetText(), Verdict: verdictOf(a), Who: lastHop(x.GetClaim()), Ask: askForm{Claim: x.GetClaim().GetText()}.ask()}
		count[y.Verdict.Word]++
		for _, o := range a.GetOrigins() {
			name := o.GetDisplayName()
			if !o.GetIdentified() {
				name += " (in the upper bound only)"
			}
			against := o.GetStance() == secondsourcev1.Stance_STANCE_REFUTES
			if against {
				y.Against = append(y.Against, name)
			} else {
				y.Origins = append(y.Origins, name)
			}
			for _, e := range o.GetEvidence() {
				if against {
					y.Opposing = append(y.Opposing, newEvidence(e))
				} else {
					y.Evidence = append(y.Evidence, newEvidence(e))
				}
			}
		}
		for _, u := range a.GetUnmeasured() {
			y.Unmeasured = append(y.Unmeasured, sentence(u.GetDetail()))
		}
		v.Claims = append(v.Claims, y)
		if ev := x.GetClaim().GetEvidence(); len(ev) > 0 {
			if m, ok := within(text, ev[0].GetSpan()); ok {
				n := strconv.Itoa(y.Number)
				m.class, m.link, m.id, m.label, m.number = "claim v-"+y.Verdict.Class, "#found-"+n, "claim-"+n, y.Verdict.Word, y.Number
				marks = append(marks, m)
			}
		}
	}
	v.Text = cutAt(text, marks)
	var parts []string
	for _, x := range [...]struct{ word, many string }{{"Only denied", "only denied"}, {"Disputed", "disputed"}, {"Not reported", "not reported"}, {"One origin", "with one origin"}, {"Corroborated", "corroborated"}} {
		if n := count[x.word]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, x.many))
		}
	}
	switch n := len(v.Claims); n {
	case 0:
		v.Summary = "No claim was found in this text."
	case 1:
		v.Summary = "1 claim: " + parts[0] + "."
	default:
		v.Summary = fmt.Sprintf("%d claims: %s.", n, strings.Join(parts, ", "))
	}
	for _, x := range res.GetLeftOut() {
		why := "it holds this text, or most of it"
		if x.GetReason() == secondsourcev1.LeftOutReason_LEFT_OUT_REASON_SAME_PUBLICATION {
			why = "it is this publication"
		}
		name := x.GetDocument().GetPublisher()
		if name == "" {
			name = "an unknown publisher"
		}
		v.LeftOut = append(v.LeftOut, leftOutView{documentLink(x.GetDocument().GetName()), name, why})
	}
	return v
}

// lastHop is who the draft says asserts a claim, or "" for the draft itself.
func lastHop(x *secondsourcev1.Claim) string {
	hops := x.GetAttribution().GetHops()
	if len(hops) < 2 {
		return ""
	}
	return hopName(hops[len(hops)-1], nil)
}

// writeReport saves what was found as a text that can be kept or sent.
func writeReport(w http.ResponseWriter, f *draftForm, v *reportView) error {
	var b bytes.Buffer
	title := f.Title
	if title == "" {
		title = "a draft"
	}
	fmt.Fprintf(&b, "Second Source: %s\n%s\n", title, v.Summary)
	for i := range v.Claims {
		x := &v.Claims[i]
		fmt.Fprintf(&b, "\n%d. %s\n   %s. %s\n", x.Number, x.Text, x.Verdict.Word, x.Verdict.Plain)
		if x.Who != "" {
			fmt.Fprintf(&b, "   The draft has it from %s.\n", x.Who)
		}
		for _, o := range x.Origins {
			fmt.Fprintf(&b, "   + %s\n", o)
		}
		for _, o := range x.Against {
			fmt.Fprintf(&b, "   - %s\n", o)
		}
	}
	for _, x := range v.LeftOut {
		fmt.Fprintf(&b, "\nNot counted: a document of %s, since %s.\n", x.Publisher, x.Why)
	}
	b.WriteString("\nThis says what the stored documents report and how many independent origins stand behind it. It does not say what is true.\n")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="report.txt"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = b.WriteTo(w) // whoever asked may be gone
	return nil
}
