package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// watchView is the page on which watches are followed. Which ones there are is the
// browser's to remember: the server keeps nothing for it.
type watchView struct {
	Claim, Of, Source string // to be added to the list
}

func (d *Desk) watchPage(c *call) error {
	if err := d.answering(c); err != nil {
		return err
	}
	q := c.r.URL.Query()
	return d.render(c, http.StatusOK, "watch", "Watch", watchView{q.Get("claim"), q.Get("of"), q.Get("source")})
}

// told is one event as the browser gets it: words, and where they lead.
type told struct {
	Event   string   `json:"event"`
	At      string   `json:"at"`
	Stamp   string   `json:"stamp"`
	Verdict string   `json:"verdict,omitempty"`
	Sign    string   `json:"sign,omitempty"`
	Class   string   `json:"class,omitempty"`
	Plain   string   `json:"plain,omitempty"`
	Before  string   `json:"before,omitempty"`
	Claim   string   `json:"claim,omitempty"`
	Link    string   `json:"link,omitempty"`
	Causes  []reason `json:"causes,omitempty"`
	Wrong   string   `json:"wrong,omitempty"`
	Final   bool     `json:"final,omitempty"` // nothing more comes, however often it is asked
}

type reason struct {
	Text string `json:"text"`
	Link string `json:"link,omitempty"`
}

// heartbeat is how often a watch that has nothing to tell says so, which shows
// whether anybody still listens.
const heartbeat = 20 * time.Second

// watchEvents follows one watch for as long as the browser listens. A browser that
// was cut off comes back with the token of the event it had last.
func (d *Desk) watchEvents(c *call) error {
	q := c.r.URL.Query()
	req := &secondsourcev1.WatchRequest{ResumeToken: c.r.Header.Get("Last-Event-ID")}
	if req.GetResumeToken() == "" {
		req.ResumeToken = q.Get("after")
	}
	switch {
	case q.Get("of") != "":
		req.Subject = &secondsourcev1.WatchRequest_Claim{Claim: q.Get("of")}
	case q.Get("source") != "":
		req.Subject = &secondsourcev1.WatchRequest_Source{Source: q.Get("source")}
	default:
		req.Subject = &secondsourcev1.WatchRequest_ClaimText{ClaimText: q.Get("claim")}
	}
	// A page has a deadline, a watch has none but that of the browser's patience.
	ctx, cancel := context.WithCancel(c.whole)
	defer cancel()
	stream, err := d.answers.Watch(ctx, req)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	type next struct {
		res *secondsourcev1.WatchResponse
		err error
	}
	events := make(chan next)
	go func() {
		for {
			res, err := stream.Recv()
			select {
			case events <- next{res, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	out := eventWriter{c.w, http.NewResponseController(c.w)}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
			err = out.comment("still watching")
		case e := <-events:
			if e.err != nil {
				return out.end(e.err)
			}
			err = out.event(e.res.GetResumeToken(), newTold(e.res))
		}
		if err != nil {
			return nil // nobody listens any more
		}
	}
}

func newTold(res *secondsourcev1.WatchResponse) told {
	t := told{At: when(res.GetAt()), Stamp: stamp(res.GetAt())}
	switch res.GetEvent() {
	case secondsourcev1.WatchEvent_WATCH_EVENT_BEGAN:
		t.Event = "Watched from here on"
	case secondsourcev1.WatchEvent_WATCH_EVENT_CLAIMED:
		t.Event = "It asserts something new"
	case secondsourcev1.WatchEvent_WATCH_EVENT_CHANGED, secondsourcev1.WatchEvent_WATCH_EVENT_UNSPECIFIED:
		t.Event = "Changed"
	}
	if a := res.GetCorroboration(); a != nil {
		v := verdictOf(a)
		t.Verdict, t.Sign, t.Class, t.Plain = v.Word, v.Sign, v.Class, v.Plain
		t.Claim, t.Link = a.GetClaimText(), askForm{Claim: a.GetClaimText()}.ask()
	}
	if x := res.GetClaim(); x != nil {
		t.Claim, t.Link = x.GetText(), claimLink(x.GetName())
	}
	if b := res.GetBefore(); b != nil {
		t.Before = verdictOf(&secondsourcev1.Corroboration{Verdict: b.GetVerdict()}).Word
	}
	for _, x := range res.GetCauses() {
		t.Causes = append(t.Causes, reason{cause(x), documentLink(x.GetDocument())})
	}
	return t
}

// cause says in words what brought a change about.
func cause(x *secondsourcev1.WatchCause) string {
	who := x.GetPublisher()
	if who == "" {
		who = "an unknown publisher"
	}
	switch x.GetKind() {
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED:
		return "A document of " + who + " came in"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_NEW_VERSION:
		return who + " published a later version"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_CORRECTED:
		return who + " corrected a document"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_RETRACTED:
		return who + " retracted a document"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_WITHDRAWN:
		return who + " takes back what it published"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_EMBARGO_ENDED:
		return "A document of " + who + " is held back no more"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_DELETED:
		return "A document was deleted"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_JUDGEMENT:
		return "An editor decided something (" + x.GetJudgement() + ")"
	case secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_OTHER, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_UNSPECIFIED:
	}
	return "Something that left no trace"
}

// eventWriter writes server-sent events (the HTML standard, 9.2).
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o eventWriter) event(id string, t told) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if strings.ContainsAny(id, "\r\n\x00") {
		id = ""
	}
	if _, err := fmt.Fprintf(o.w, "id: %s\ndata: %s\n\n", id, b); err != nil {
		return err
	}
	return o.flush()
}

func (o eventWriter) comment(s string) error {
	if _, err := fmt.Fprintf(o.w, ": %s\n\n", s); err != nil {
		return err
	}
	return o.flush()
}

// flush gives what was written half a minute to be taken.
func (o eventWriter) flush() error {
	_ = o.control.SetWriteDeadline(time.Now().Add(30 * time.Second))
	return o.control.Flush()
}

// end tells why nothing more comes; a browser tries again by itself where that may
// help.
func (o eventWriter) end(err error) error {
	v, _ := explain(err)
	final := true
	switch status.Code(err) {
	case codes.Unavailable, codes.Aborted, codes.ResourceExhausted, codes.DeadlineExceeded, codes.Canceled:
		final = false
	default:
	}
	b, e := json.Marshal(told{Event: "It stopped", Wrong: strings.TrimSpace(v.What + " " + v.Do), Final: final})
	if e != nil {
		return e
	}
	if _, e := fmt.Fprintf(o.w, "data: %s\n\n", b); e == nil {
		_ = o.flush()
	}
	return nil
}
