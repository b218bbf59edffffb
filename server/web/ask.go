package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// askView is the page of a question, with its answer once one was asked.
type askView struct {
	Form   askForm
	Wrong  *trouble
	Answer *answerView
}

// askForm is a question as its fields hold it.
type askForm struct {
	Claim     string // in words, or
	Of        string // a stored claim's resource name
	Published string // only what was published by then, as a browser writes it
	Known     string // only what was stored by then
	Sources   string // one on each line
	Origins   string
}

// Narrowed tells whether more than a claim is given.
func (f askForm) Narrowed() bool {
	return f.Published != "" || f.Known != "" || f.Sources != "" || f.Origins != ""
}

func (d *Desk) ask(c *call) error {
	q := c.r.URL.Query()
	f := askForm{Claim: strings.TrimSpace(q.Get("claim")), Of: q.Get("of"), Published: q.Get("published"), Known: q.Get("known"),
		Sources: strings.TrimSpace(q.Get("sources")), Origins: q.Get("origins")}
	v := askView{Form: f}
	title := "Ask"
	if f.Claim != "" || f.Of != "" {
		req, err := f.request()
		var res *secondsourcev1.CorroborateResponse
		asked := d.now()
		if err == nil {
			res, err = d.answers.Corroborate(c.ctx, req)
		} else if f.Claim == "" && f.Of == "" {
			err = nil
		}
		switch status.Code(err) {
		case codes.OK:
			v.Answer = newAnswer(res.GetCorroboration(), f, asked, &editor{c, c.edits()})
			v.Form.Claim = res.GetCorroboration().GetClaimText()
			title = v.Answer.Verdict.Word + ": " + v.Form.Claim
		case codes.InvalidArgument, codes.NotFound:
			// What was typed stands beside what is wrong with it.
			t, code := explain(err)
			v.Wrong = &t
			return d.render(c, code, "ask", title, v)
		default:
			return err
		}
	} else if err := d.answering(c); err != nil {
		return err // nobody has signed in, or the server is not ready
	}
	return d.render(c, http.StatusOK, "ask", title, v)
}

// answering asks the API for next to nothing, so that an empty page does not
// promise what the first question would find missing.
func (d *Desk) answering(c *call) error {
	_, err := d.sources.ListSources(c.ctx, &secondsourcev1.ListSourcesRequest{PageSize: 1})
	return err
}

// request is the question as the API takes it.
func (f askForm) request() (*secondsourcev1.CorroborateRequest, error) {
	req := &secondsourcev1.CorroborateRequest{}
	if f.Of != "" && f.Claim == "" {
		req.Subject = &secondsourcev1.CorroborateRequest_Claim{Claim: f.Of}
	} else {
		req.Subject = &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: f.Claim}
	}
	var err error
	if req.AsOfPublished, err = moment("Published by", f.Published); err != nil {
		return nil, err
	}
	if req.AsOfKnown, err = moment("Known by", f.Known); err != nil {
		return nil, err
	}
	for s := range strings.Lines(f.Sources) {
		if s = strings.TrimSpace(s); s != "" {
			req.Sources = append(req.Sources, s)
		}
	}
	if f.Origins != "" {
		n, err := strconv.ParseInt(f.Origins, 10, 32)
		if err != nil {
			return nil, status.Errorf(codes.InvalidArgument, "%q is no number of origins", f.Origins)
		}
		req.MinOrigins = int32(n)
	}
	return req, nil
}

// moment reads what a browser's field of date and time holds, or RFC 3339; in UTC.
func moment(name, s string) (*timestamppb.Timestamp, error) {
	if s == "" {
		return nil, nil
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return timestamppb.New(t), nil
		}
	}
	return nil, status.Errorf(codes.InvalidArgument, "%s: %q is no date and time, such as 2026-05-04T18:30", name, s)
}

// ask is where a question is asked anew.
func (f askForm) ask() string { return "/?" + url.Values{"claim": {f.Claim}}.Encode() }

// link is where the same question gives the same answer, whatever comes in later.
func (f askForm) link(asked time.Time) string {
	q := url.Values{}
	if f.Of != "" && f.Claim == "" {
		q.Set("of", f.Of)
	} else {
		q.Set("claim", f.Claim)
	}
	if f.Published != "" {
		q.Set("published", f.Published)
	}
	if f.Known == "" {
		f.Known = asked.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	q.Set("known", f.Known)
	if f.Sources != "" {
		q.Set("sources", f.Sources)
	}
	if f.Origins != "" {
		q.Set("origins", f.Origins)
	}
	return "/?" + q.Encode()
}
