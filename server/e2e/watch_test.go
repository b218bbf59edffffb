package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

// watchedDesk is an editor whose clock may be set while somebody watches.
type watchedDesk struct {
	*editor

	at atomic.Int64 // microseconds since 1970
}

func (e *watchedDesk) set(at time.Time) { e.at.Store(at.UnixMicro()) }

func newWatchedDesk(t *testing.T) *watchedDesk {
	t.Helper()
	store, index := openStore(t, database(t))
	e := &watchedDesk{editor: &editor{store: store}}
	t.Cleanup(func() { _ = store.Close() })
	e.set(day(20))
	var err error
	e.Desk, err = desk.New(t.Context(), desk.Config{Store: store, Candidates: index, Now: func() time.Time { return time.UnixMicro(e.at.Load()).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// watcher is a running watch of a desk.
type watcher struct {
	events chan desk.WatchEvent
	stop   func()
	ended  chan error
	state  desk.WatchState // of the last event
}

// watch starts a watch. Each event is taken by next.
func (e *watchedDesk) watch(t *testing.T, r desk.WatchRequest) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &watcher{events: make(chan desk.WatchEvent), ended: make(chan error, 1)}
	go func() {
		w.ended <- e.Watch(ctx, r, func(e desk.WatchEvent) error {
			select {
			case w.events <- e:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	stopped := false
	w.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-w.ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	}
	t.Cleanup(w.stop)
	return w
}

// next waits for an event and gives it in one line: what happened, the verdict
// before and now, why.
func (w *watcher) next(t *testing.T) string {
	t.Helper()
	select {
	case e := <-w.events:
		w.state = e.State
		var causes []string
		for _, c := range e.Causes {
			causes = append(causes, strings.TrimSpace(string(c.Kind)+" "+c.Publisher))
		}
		says := fmt.Sprintf("%s %s %d-%d", e.Kind, e.Corroboration.Verdict, e.Corroboration.OriginsMin, e.Corroboration.OriginsMax)
		if e.Before.Verdict != "" {
			says += " after " + string(e.Before.Verdict)
		}
		if len(causes) > 0 {
			says += " by " + strings.Join(causes, ", ")
		}
		if e.Claim != nil {
			says += ": " + e.Claim.Text
		}
		return says
	case err := <-w.ended:
		t.Fatalf("the watch ended with %v", err)
	case <-time.After(time.Minute):
		t.Fatal("nothing is told")
	}
	return ""
}

// tells waits for events and compares them.
func (w *watcher) tells(t *testing.T, want ...string) {
	t.Helper()
	for _, line := range want {
		if got := w.next(t); got != line {
			t.Errorf("got  %s\nwant %s", got, line)
		}
	}
}

// silent tells that nothing more is told: what is asked after everything before
// has been looked at comes first.
func (w *watcher) silent(t *testing.T) {
	t.Helper()
	select {
	case e := <-w.events:
		t.Errorf("%s %s is told", e.Kind, e.Corroboration.Verdict)
	default:
	}
}

func denied(publisher string, at time.Time) claims.Document {
	d := report(publisher, at, "Engineer Tor Bakke did not close the Zenda dam.")
	d.ExternalID = "denial-" + publisher
	return d
}

func TestAWatchTellsWhatChanges(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	w := e.watch(t, desk.WatchRequest{Query: claims.Query{Text: damClaim}})
	w.tells(t, "BEGAN UNREPORTED 0-0")

	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after UNREPORTED by STORED The Courier")

	e.put(t, claims.OutcomeCreated, report("Market Wire", day(3), "Wheat cost 30 crowns a sack in Orta, traders said."))
	denial := e.put(t, claims.OutcomeCreated, denied("The Herald", day(4)))
	w.tells(t, "CHANGED DISPUTED 1-1 after SINGLE_ORIGIN by STORED The Herald")

	if _, err := e.Retract(t.Context(), desk.RetractRequest{Document: denial.Document.ID, At: day(5)}); err != nil {
		t.Fatal(err)
	}
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after DISPUTED by RETRACTED The Herald")

	second := e.put(t, claims.OutcomeCreated, report("The Gazette", day(6), "We saw how Tor Bakke shut the dam at Zenda."))
	w.tells(t, "CHANGED CORROBORATED 2-2 after SINGLE_ORIGIN by STORED The Gazette")

	if _, err := e.Correct(t.Context(), desk.CorrectRequest{Document: second.Document.ID, Correction: claims.Document{Text: "It rained in Orta."}}); err != nil {
		t.Fatal(err)
	}
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after CORROBORATED by CORRECTED The Gazette")

	third := e.put(t, claims.OutcomeCreated, report("The Monitor", day(7), "Tor Bakke shut the Zenda dam, our reporter saw."))
	w.tells(t, "CHANGED CORROBORATED 2-2 after SINGLE_ORIGIN by STORED The Monitor")
	if _, err := e.DeleteDocument(t.Context(), desk.DeleteRequest{Document: third.Document.ID, Reason: "by order of a court"}); err != nil {
		t.Fatal(err)
	}
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after CORROBORATED by DELETED")
	w.silent(t)
}

// Whoever comes back is told what was missed, moment by moment, and nothing again.
func TestAWatchGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	query := claims.Query{Text: damClaim}
	now := day(20)
	hour := func() {
		now = now.Add(time.Hour)
		e.set(now)
	}
	w := e.watch(t, desk.WatchRequest{Query: query})
	w.tells(t, "BEGAN UNREPORTED 0-0")
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after UNREPORTED by STORED The Courier")
	w.stop()
	early := w.state

	hour()
	denial := e.put(t, claims.OutcomeCreated, denied("The Herald", day(4)))
	hour()
	if _, err := e.Retract(t.Context(), desk.RetractRequest{Document: denial.Document.ID, At: day(5)}); err != nil {
		t.Fatal(err)
	}
	hour()
	e.put(t, claims.OutcomeCreated, report("The Gazette", day(6), "We saw how Tor Bakke shut the dam at Zenda."))
	hour()

	missed := []string{
		"CHANGED DISPUTED 1-1 after SINGLE_ORIGIN by STORED The Herald",
		"CHANGED SINGLE_ORIGIN 1-1 after DISPUTED by RETRACTED The Herald",
		"CHANGED CORROBORATED 2-2 after SINGLE_ORIGIN by STORED The Gazette",
	}
	for n := range len(missed) + 1 { // broken off after each of them
		w = e.watch(t, desk.WatchRequest{Query: query, After: &early})
		w.tells(t, missed[:n]...)
		w.stop()
		if n == 0 {
			w.state = early
		}
		state := w.state
		again := e.watch(t, desk.WatchRequest{Query: query, After: &state})
		again.tells(t, missed[n:]...)
		again.silent(t)
		again.stop()
	}
	state := w.state
	w = e.watch(t, desk.WatchRequest{Query: query, After: &state})
	third := e.put(t, claims.OutcomeCreated, report("The Monitor", day(7), "Tor Bakke shut the Zenda dam, our reporter saw."))
	w.tells(t, "CHANGED CORROBORATED 3-3 after CORROBORATED by STORED The Monitor")
	w.stop()
	// What was deleted meanwhile is gone at all times; the log says by whom.
	if _, err := e.DeleteDocument(t.Context(), desk.DeleteRequest{Document: third.Document.ID, Reason: "by order of a court"}); err != nil {
		t.Fatal(err)
	}
	state = w.state
	w = e.watch(t, desk.WatchRequest{Query: query, After: &state})
	w.tells(t, "CHANGED CORROBORATED 2-2 after CORROBORATED by JUDGEMENT")
}

func TestTheEndOfAnEmbargoIsTold(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	d := report("Meridian Press Agency", day(9), "Engineer Tor Bakke closed the Zenda dam.")
	d.EmbargoedUntil = day(25)
	e.put(t, claims.OutcomeCreated, d)
	w := e.watch(t, desk.WatchRequest{Query: claims.Query{Text: damClaim}})
	w.tells(t, "BEGAN UNREPORTED 0-0")
	before := w.state
	e.set(day(26)) // nothing else happens
	const free = "CHANGED SINGLE_ORIGIN 1-1 after UNREPORTED by EMBARGO_ENDED Meridian Press Agency"
	w.tells(t, free)
	w.stop()
	w = e.watch(t, desk.WatchRequest{Query: claims.Query{Text: damClaim}, After: &before}) // it ended while nobody watched
	w.tells(t, free)
}

func TestAWatchOnASource(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	e.register(t, claims.Source{ID: "ministry", Name: "Water Ministry", Kind: claims.SourceGovernment})
	e.put(t, claims.OutcomeCreated, report("The Courier", day(2), "The mayor resigned, the Water Ministry said."))
	w := e.watch(t, desk.WatchRequest{Source: "ministry"})
	w.tells(t, "BEGAN  0-0")
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam, the Water Ministry said."))
	first := w.next(t)
	if !strings.HasPrefix(first, "CLAIMED ") {
		t.Fatal(first)
	}
	for !strings.HasSuffix(first, ": Engineer Tor Bakke closed the Zenda dam") {
		first = w.next(t)
	}
	e.put(t, claims.OutcomeCreated, denied("The Herald", day(4)))
	w.tells(t, "CHANGED DISPUTED 1-1 after SINGLE_ORIGIN by STORED The Herald: Engineer Tor Bakke closed the Zenda dam")
	w.stop()
	e.put(t, claims.OutcomeCreated, report("The Gazette", day(5), "The Orta bridge collapsed, the Water Ministry said."))
	state := w.state
	w = e.watch(t, desk.WatchRequest{Source: "ministry", After: &state})
	if got := w.next(t); !strings.HasPrefix(got, "CLAIMED SINGLE_ORIGIN 1-1") || !strings.Contains(got, "Orta bridge") {
		t.Error(got)
	}
}

// An editor's change of a source is told of too.
func TestAnEditorsChangeIsTold(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	e.put(t, claims.OutcomeCreated, report("The Herald", day(4), "We saw how Tor Bakke shut the dam at Zenda."))
	w := e.watch(t, desk.WatchRequest{Query: claims.Query{Text: damClaim}})
	w.tells(t, "BEGAN CORROBORATED 2-2")
	e.register(t, claims.Source{ID: "herald", Name: "The Herald", Kind: claims.SourceOutlet})
	e.register(t, claims.Source{ID: "courier", Name: "The Courier", Kind: claims.SourceOutlet, ControlledBy: []claims.Control{{Source: "herald"}}})
	if got := w.next(t); !strings.HasPrefix(got, "CHANGED SINGLE_ORIGIN 1-1 after CORROBORATED by JUDGEMENT") {
		t.Error(got)
	}
}

// What an editor decided and took back is told to those who come back, too.
func TestWhatWasDecidedMeanwhileIsTold(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	courier := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), "Engineer Tor Bakke closed the Zenda dam."))
	herald := e.put(t, claims.OutcomeCreated, report("The Herald", day(4), "We saw how Tor Bakke shut the dam at Zenda."))
	query := claims.Query{Text: damClaim}
	w := e.watch(t, desk.WatchRequest{Query: query})
	w.tells(t, "BEGAN CORROBORATED 2-2")
	w.stop()
	before := w.state
	e.set(day(21))
	joined := judged(t)(e.JoinOrigins(t.Context(), claimNamed(&herald.Claims[0]), claimNamed(&courier.Claims[0]), because))
	e.set(day(22))
	e.put(t, claims.OutcomeCreated, denied("The Gazette", day(5)))
	e.set(day(23))
	judged(t)(e.UndoJudgement(t.Context(), joined.Seq, because))
	e.set(day(24))
	w = e.watch(t, desk.WatchRequest{Query: query, After: &before})
	w.tells(t, "CHANGED SINGLE_ORIGIN 1-1 after CORROBORATED by JUDGEMENT",
		"CHANGED DISPUTED 1-1 after SINGLE_ORIGIN by STORED The Gazette",
		"CHANGED DISPUTED 2-2 after DISPUTED by JUDGEMENT")
	w.silent(t)
}

func TestWhatCannotBeWatched(t *testing.T) {
	t.Parallel()
	e := newWatchedDesk(t)
	for _, tt := range []struct {
		request desk.WatchRequest
		code    claims.Code
		says    string
	}{
		{desk.WatchRequest{}, claims.CodeInvalid, "claim_text"},
		{desk.WatchRequest{Query: claims.Query{Text: "Zenda"}}, claims.CodeInvalid, "claim_text"},
		{desk.WatchRequest{Query: claims.Query{Text: damClaim, AsOfKnown: day(3)}}, claims.CodeInvalid, "as_of"},
		{desk.WatchRequest{Query: claims.Query{Document: "nowhere", Index: 1}}, claims.CodeNotFound, "nowhere"},
	} {
		err := e.Watch(t.Context(), tt.request, func(desk.WatchEvent) error { return errors.New("it is told") })
		fails(t, err, tt.code, tt.says)
	}
	gone := errors.New("nobody listens")
	if err := e.Watch(t.Context(), desk.WatchRequest{Query: claims.Query{Text: damClaim}}, func(desk.WatchEvent) error { return gone }); !errors.Is(err, gone) {
		t.Error(err)
	}
}
