package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// says checks that an error says what was expected; "": that there is none.
func says(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// ask asks a feed and gives the answer when it comes.
func ask(f *feed, path, tag string) <-chan *httptest.ResponseRecorder {
	answer := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		answer <- w
	}()
	return answer
}

func TestAFeedAnswersWhenItHasSomethingNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{name: "meridian", format: "ninjs", number: -1, newer: make(chan struct{})}
		says(t, f.publish(), "")
		first := ask(f, "/meridian", "")
		synctest.Wait()
		select {
		case a := <-first:
			t.Fatalf("an edition with nothing in it is sent at once: %d", a.Code)
		default:
		}
		says(t, f.publish(), "")
		a := <-first
		tag := a.Header().Get("ETag")
		if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), `"usable"`) || tag == "" {
			t.Errorf("the first edition: %d %s", a.Code, a.Body)
		}
		before := time.Now()
		if a := <-ask(f, "/meridian", tag); a.Code != http.StatusNotModified || time.Since(before) != patience {
			t.Errorf("nothing new: %d after %v", a.Code, time.Since(before))
		}
		says(t, f.publish(), "")
		if a := <-ask(f, "/meridian", tag); a.Code != http.StatusOK || !strings.Contains(a.Body.String(), `"canceled"`) {
			t.Errorf("the second edition: %d %s", a.Code, a.Body)
		}
		if a := <-ask(f, "/robots.txt", ""); a.Code != http.StatusNotFound {
			t.Errorf("robots.txt: %d", a.Code)
		}
		says(t, f.publish(), "meridian-3.json")
	})
}

// What the server brings is held to what was published.
func TestWhatFeedsBringIsChecked(t *testing.T) {
	f := &feed{name: "coast", url: "http://127.0.0.1:1/coast"}
	for _, tt := range []struct {
		name  string
		polls []poll
		want  string
	}{
		{"one document", []poll{{Message: "feed", URL: f.url, Stored: 1}}, ""},
		{"nothing, then one document", []poll{{Message: "feed", URL: f.url}, {Message: "feed", URL: f.url, Stored: 1}}, ""},
		{"two documents", []poll{{Message: "feed", URL: f.url, Stored: 2}}, "2 documents were stored of " + f.url},
		{"a document of another feed", []poll{{Message: "feed", URL: "http://127.0.0.1:1/courier", Stored: 1}}, "expected one of " + f.url},
		{"an item that cannot be read", []poll{{Message: "an item of a feed was not stored", URL: f.url, Error: "is no text"}}, "is no text"},
		{"a feed that fails", []poll{{Message: "feed", URL: f.url, Error: "answers 500"}}, "answers 500"},
		{"a server that ends", nil, "the server ended: a slip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &server{polls: make(chan poll, 2), ended: make(chan struct{}), err: errors.New("a slip"), said: &tail{}}
			for _, p := range tt.polls {
				s.polls <- p
			}
			if tt.polls == nil {
				close(s.ended)
			}
			says(t, s.brings(t.Context(), f), tt.want)
		})
	}
}

// What the watch tells is held to what happened.
func TestWhatTheWatchTellsIsChecked(t *testing.T) {
	stored, retracted := secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_RETRACTED
	event := &secondsourcev1.WatchResponse{
		Corroboration: &secondsourcev1.Corroboration{Verdict: disputed, IndependentOriginsMin: 2, RefutingOriginsMin: 1},
		Before:        &secondsourcev1.Standing{Verdict: corroborated, IndependentOriginsMin: 2},
		Causes:        []*secondsourcev1.WatchCause{{Kind: stored, Publisher: "Meridian Press Agency"}},
	}
	for _, tt := range []struct {
		name      string
		standing  standing
		cause     secondsourcev1.WatchCauseKind
		publisher string
		want      string
	}{
		{"what happened", standing{disputed, 2, 1}, stored, "Meridian Press Agency", ""},
		{"another verdict", standing{corroborated, 2, 0}, stored, "Meridian Press Agency", "tells DISPUTED, 2 for it and 1 against it; expected CORROBORATED, 2 for it and 0 against it"},
		{"another number", standing{disputed, 1, 1}, stored, "Meridian Press Agency", "expected DISPUTED, 1 for it"},
		{"another cause", standing{disputed, 2, 1}, retracted, "Meridian Press Agency", "expected WATCH_CAUSE_KIND_RETRACTED"},
		{"another publisher", standing{disputed, 2, 1}, stored, "Coast Daily", `of "Coast Daily"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			e := &evening{out: &out, server: &server{ended: make(chan struct{})}}
			w := &watch{events: make(chan *secondsourcev1.WatchResponse, 1)}
			w.events <- event
			says(t, e.tells(t.Context(), w, tt.standing, tt.cause, tt.publisher), tt.want)
			if got := out.String(); got != "[watch] DISPUTED, was CORROBORATED: independent origins for it: 2, against it: 1; because: stored, Meridian Press Agency\n" {
				t.Errorf("it says %q", got)
			}
		})
	}
	e := &evening{out: io.Discard, server: &server{ended: make(chan struct{})}}
	w := &watch{events: make(chan *secondsourcev1.WatchResponse), stop: func() error { return errors.New("no server") }}
	close(w.events)
	says(t, e.tells(t.Context(), w, standing{disputed, 2, 1}, stored, ""), "the watch ended before it told DISPUTED, 2 for it and 1 against it")
}

// An export that is not what its format says is refused.
func TestExportsAreChecked(t *testing.T) {
	const review = `{"@context": "https://schema.org", "@graph": [
{"@type":"ClaimReview","claimReviewed":"The Orta dam in northern Zenda failed today","reviewRating":{"@type":"Rating","alternateName":"VERDICT"}}
]}`
	e := &evening{}
	for _, tt := range []struct {
		name  string
		check func([]byte) (int, []string)
		raw   string
		count int
		want  string
	}{
		{"a review", e.reviews, strings.Replace(review, "VERDICT", "CORROBORATED", 1), 1, ""},
		{"another verdict", e.reviews, strings.Replace(review, "VERDICT", "DISPUTED", 1), 1, "CORROBORATED"},
		{"a claim without review", e.reviews, `{"@context": "https://schema.org", "@graph": [{"@type": "Claim", "name": "x"}]}`, 1, "0 are reviewed, of 1; it does not review the dam's failure"},
		{"a row too short", table, "a,b\n1\n", 0, "wrong number of fields"},
		{"rows", table, "a,b\n1,2\n", 1, ""},
		{"a line of another kind", messages, "{\"claim\": {}}\n{\"klaim\": {}}\n", 2, "klaim"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, faults := tt.check([]byte(tt.raw))
			if got := strings.Join(faults, "; "); n != tt.count || tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("%d claims, %q; want %d, %q", n, got, tt.count, tt.want)
			}
		})
	}
}
