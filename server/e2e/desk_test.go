package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/match"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// The tests in desk_*_test.go ask the engine without the API around it. They
// stand here because nothing under claims/ may import a store.

// editor is a desk over a database of its own, at a time that the test sets.
type editor struct {
	*desk.Desk

	store claims.Store
	clock time.Time
}

// day is noon of a day in March 2026.
func day(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }

func newDesk(t *testing.T) *editor {
	t.Helper()
	return openDesk(t, database(t))
}

// openDesk opens a desk over a database that may hold something already.
func openDesk(t *testing.T, database string) *editor {
	t.Helper()
	store, index := openStore(t, database)
	e := &editor{store: store, clock: day(20)}
	t.Cleanup(func() { _ = store.Close() }) // a second Close does nothing
	var err error
	e.Desk, err = desk.New(t.Context(), desk.Config{Store: store, Candidates: index, Now: func() time.Time { return e.clock }})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// openStore opens the store of a database and the search over it.
func openStore(t *testing.T, database string) (claims.Store, claims.Candidates) {
	t.Helper()
	if strings.HasPrefix(t.Name(), overPostgres) {
		s, err := postgres.Open(t.Context(), database, postgres.Options{Readers: 4})
		if err != nil {
			t.Fatal(err)
		}
		return s, s.Candidates()
	}
	s, err := sqlite.Open(t.Context(), database, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, match.NewIndex()
}

// put ingests a document, which must have the outcome.
func (e *editor) put(t *testing.T, want claims.Outcome, d claims.Document) desk.IngestResult {
	t.Helper()
	res, err := e.Ingest(t.Context(), desk.IngestRequest{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	if res.Outcome != want {
		t.Errorf("%s of %q: %s, want %s", d.Publisher, d.Text, res.Outcome, want)
	}
	return res
}

// register registers a source.
func (e *editor) register(t *testing.T, s claims.Source) claims.Source {
	t.Helper()
	out, err := e.CreateSource(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ask puts a query.
func (e *editor) ask(t *testing.T, q claims.Query) claims.Corroboration {
	t.Helper()
	a, err := e.Corroborate(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// says is an answer in one line: the verdict, the bounds, the origins with the
// documents behind each by publisher and version.
func says(a claims.Corroboration) string {
	var origins []string
	for _, o := range a.Origins {
		var docs []string
		for _, x := range o.Evidence {
			docs = append(docs, fmt.Sprintf("%s v%d", x.Document.Publisher, x.Document.Version))
		}
		sort.Strings(docs)
		origins = append(origins, fmt.Sprintf("%s (%s: %s)", o.Name, o.Stance, strings.Join(docs, ", ")))
	}
	sort.Strings(origins)
	return fmt.Sprintf("%s %d-%d: %s", a.Verdict, a.OriginsMin, a.OriginsMax, strings.Join(origins, "; "))
}

// report is a document as the tests need it.
func report(publisher string, at time.Time, text string) claims.Document {
	return claims.Document{Kind: claims.KindArticle, Publisher: publisher, PublishedAt: at, Text: text}
}

// fails checks the code and reason of an error and what it says.
func fails(t *testing.T, err error, code claims.Code, says string) {
	t.Helper()
	if claims.CodeOf(err) != code || !strings.Contains(err.Error(), says) {
		t.Errorf("got %q %v, want %q with %q", claims.CodeOf(err), err, code, says)
	}
}

const damClosed = "Engineer Tor Bakke closed the Zenda dam on Tuesday. The river rose by two metres."

func TestTheSameDocumentIsStoredOnce(t *testing.T) {
	t.Parallel()
	base := report("The Courier", day(3), damClosed)
	base.URL = "https://courier.example/dam"
	with := func(change func(*claims.Document)) claims.Document {
		d := base
		change(&d)
		return d
	}
	for _, tt := range []struct {
		name string
		next claims.Document
		want claims.Outcome
	}{
		{"word for word", base, claims.OutcomeUnchanged},
		{"fetched again later", with(func(d *claims.Document) { d.RetrievedAt = day(9) }), claims.OutcomeUnchanged},
		{"with a title that was not known before", with(func(d *claims.Document) { d.Title = "Dam closed" }), claims.OutcomeUnchanged},
		{"from the same publisher written otherwise", with(func(d *claims.Document) { d.Publisher = "the COURIER" }), claims.OutcomeUnchanged},
		{"at the same instant in another zone", with(func(d *claims.Document) { d.PublishedAt = day(3).In(time.FixedZone("", 3600)) }), claims.OutcomeUnchanged},
		{"with other words", with(func(d *claims.Document) { d.Text = "Engineer Tor Bakke opened the Zenda dam." }), claims.OutcomeNewVersion},
		{"at another time", with(func(d *claims.Document) { d.PublishedAt = day(4) }), claims.OutcomeNewVersion},
		{"at another address", with(func(d *claims.Document) { d.URL += "/2" }), claims.OutcomeCreated},
		{"from another publisher", with(func(d *claims.Document) { d.Publisher = "The Herald" }), claims.OutcomeCreated},
		{"as a post", with(func(d *claims.Document) { d.Kind = claims.KindTelegramPost; d.URL = "" }), claims.OutcomeCreated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newDesk(t)
			first := e.put(t, claims.OutcomeCreated, base)
			next := e.put(t, tt.want, tt.next)
			if same := next.Document.ID == first.Document.ID; same != (tt.want == claims.OutcomeUnchanged) {
				t.Errorf("%s, then %s", first.Document.ID, next.Document.ID)
			}
			if len(next.Claims) == 0 {
				t.Error("it comes without its claims")
			}
		})
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	send := func(id string, d claims.Document) (desk.IngestResult, error) {
		return e.Ingest(t.Context(), desk.IngestRequest{RequestID: id, Document: d})
	}
	d := report("The Courier", day(3), damClosed)
	first, err := send("a", d)
	if err != nil || first.Outcome != claims.OutcomeCreated {
		t.Fatal(first.Outcome, err)
	}
	for _, id := range []string{"a", "b", "b"} { // again, and the same document under another id
		res, err := send(id, d)
		if err != nil || res.Outcome != claims.OutcomeUnchanged || res.Document.ID != first.Document.ID {
			t.Errorf("%s: %s, %v", id, res.Outcome, err)
		}
	}
	for _, id := range []string{"a", "b"} { // both are taken now
		_, err = send(id, report("The Courier", day(3), "The dam holds."))
		fails(t, err, claims.CodeExists, "was used for another document")
	}
	other := d
	other.Title = "A title"
	_, err = send("a", other)
	fails(t, err, claims.CodeExists, "was used for another document")
	if st, err := e.Stats(t.Context()); err != nil || st.Documents != 1 {
		t.Errorf("%+v, %v", st, err)
	}
}

func TestIdenticalIngestsAtOnceStoreOne(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	const senders = 16
	results := make([]desk.IngestResult, senders)
	var group sync.WaitGroup
	for i := range senders {
		group.Go(func() {
			var err error
			results[i], err = e.Ingest(t.Context(), desk.IngestRequest{RequestID: fmt.Sprintf("r%d", i), Document: report("The Courier", day(3), damClosed)})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	created := 0
	for _, r := range results {
		if r.Outcome == claims.OutcomeCreated {
			created++
		}
		if r.Document.ID != results[0].Document.ID || len(r.Claims) != len(results[0].Claims) {
			t.Errorf("%s with %d claims, %s with %d", r.Document.ID, len(r.Claims), results[0].Document.ID, len(results[0].Claims))
		}
	}
	if st, err := e.Stats(t.Context()); created != 1 || st.Documents != 1 || int(st.Claims) != len(results[0].Claims) || err != nil {
		t.Errorf("%d created, %+v, %v", created, st, err)
	}
	// Every one of the requests is known, whoever came first.
	for i := range senders {
		_, err := e.Ingest(t.Context(), desk.IngestRequest{RequestID: fmt.Sprintf("r%d", i), Document: report("The Courier", day(3), "The dam holds.")})
		fails(t, err, claims.CodeExists, "was used for another document")
	}
}

func TestVersionsAreLinkedAndNoCopies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		key  func(*claims.Document)
	}{
		{"by URL", func(d *claims.Document) { d.URL = "https://courier.example/dam" }},
		{"by the publisher's own id", func(d *claims.Document) { d.ExternalID = "dam-1" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newDesk(t)
			text := damClosed + " Nobody lives below the dam, and the road along the river stays open for the time being."
			one, two, three := report("The Courier", day(3), text), report("The Courier", day(4), text+" The mayor came."), report("The Courier", day(5), text)
			var ids []string
			for i, d := range []*claims.Document{&one, &two, &three} {
				tt.key(d)
				res := e.put(t, []claims.Outcome{claims.OutcomeCreated, claims.OutcomeNewVersion, claims.OutcomeNewVersion}[i], *d)
				if res.Document.Version != i+1 || len(res.Document.Copies) != 0 {
					t.Errorf("version %d, copies %v", res.Document.Version, res.Document.Copies)
				}
				ids = append(ids, res.Document.ID)
			}
			for i, id := range ids {
				d, err := e.GetDocument(t.Context(), id)
				previous, next := "", ""
				if i > 0 {
					previous = ids[i-1]
				}
				if i < 2 {
					next = ids[i+1]
				}
				if err != nil || d.Previous != previous || d.Next != next {
					t.Errorf("version %d: %q before, %q after, %v", i+1, d.Previous, d.Next, err)
				}
			}
			herald := report("The Herald", day(6), text)
			if c := e.put(t, claims.OutcomeCreated, herald).Document.Copies; len(c) != 3 || c[0].Kind != claims.CopyExact {
				t.Errorf("copies of the herald: %+v", c)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	for _, tt := range []struct {
		name string
		doc  claims.Document
		code claims.Code
		says string
	}{
		{"no text", claims.Document{}, claims.CodeInvalid, "document.text: is empty"},
		{"white space", claims.Document{Text: " \n\u2003"}, claims.CodeInvalid, "document.text: is empty"},
		{"one byte over 2 MiB", claims.Document{Text: strings.Repeat("a", claims.MaxText+1)}, claims.CodeTooLarge, "is 2097153 bytes long; the limit is 2097152 bytes"},
		{"half a letter", claims.Document{Text: "The caf\xc3"}, claims.CodeInvalid, "document.text: is not valid UTF-8 at byte 7"},
		{"a title in Latin-1", claims.Document{Text: "The dam broke.", Title: "Caf\xe9"}, claims.CodeInvalid, "document.title: is not valid UTF-8 at byte 3"},
		{"a long publisher", claims.Document{Text: "The dam broke.", Publisher: strings.Repeat("p", claims.MaxName+1)}, claims.CodeTooLarge, "document.publisher: is 257 bytes long"},
		{"a long URL", claims.Document{Text: "The dam broke.", URL: strings.Repeat("u", claims.MaxURL+1)}, claims.CodeTooLarge, "document.url: is 2049 bytes long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := e.Ingest(t.Context(), desk.IngestRequest{Document: tt.doc})
			fails(t, err, tt.code, tt.says)
			_, err = e.Extract(t.Context(), tt.doc)
			fails(t, err, tt.code, tt.says)
		})
	}
	if st, err := e.Stats(t.Context()); err != nil || st.Documents != 0 {
		t.Errorf("%+v, %v", st, err)
	}
	t.Run("2 MiB are taken and come back as they were", func(t *testing.T) {
		text := damClosed + strings.Repeat("\n", claims.MaxText-len(damClosed))
		res := e.put(t, claims.OutcomeCreated, report("The Courier", day(3), text))
		if d, err := e.GetDocument(t.Context(), res.Document.ID); err != nil || d.Text != text {
			t.Errorf("%d bytes came back, %v", len(d.Text), err)
		}
	})
	t.Run("a forward needs no text of its own", func(t *testing.T) {
		e.put(t, claims.OutcomeCreated, claims.Document{Kind: claims.KindTelegramPost, Publisher: "@relay", ForwardedFrom: "@zenda", PublishedAt: day(3)})
	})
	for _, q := range []struct {
		text string
		code claims.Code
		says string
	}{
		{" ", claims.CodeInvalid, "claim_text: is empty"},
		{"?!", claims.CodeInvalid, "holds no claim"},
		{strings.Repeat("a ", 3000), claims.CodeTooLarge, "the limit is 4096 bytes"},
		{"The caf\xe9 burned", claims.CodeInvalid, "not valid UTF-8 at byte 7"},
		{"Who closed the Zenda dam?", claims.CodeInvalid, "is an open question"},
	} {
		_, err := e.Corroborate(t.Context(), claims.Query{Text: q.text})
		fails(t, err, q.code, q.says)
	}
}

// town is a small archive with copies, versions and a denial.
func town() []claims.Document {
	dated := func(d claims.Document, url string) claims.Document {
		d.URL = url
		return d
	}
	return []claims.Document{
		report("The Courier", day(3), damClosed),
		report("The Herald", day(4), damClosed),
		report("Zenda Radio", day(5), "The engineer Tor Bakke closed the dam in Zenda, our reporter saw."),
		report("Evening Lantern", day(6), "Engineer Tor Bakke did not close the Zenda dam, the Water Board said."),
		dated(report("Weekly Post", day(7), "Ferries to the islands are late."), "https://post.example/1"),
		report("Gazette de Klest", day(8), "L'ingénieur Tor Bakke a fermé le barrage de Zenda mardi, et personne n'a été blessé dans la ville."),
	}
}

const closedQuery = "Engineer Tor Bakke closed the Zenda dam"

func TestARestartAnswersTheSame(t *testing.T) {
	t.Parallel()
	path := database(t)
	e := openDesk(t, path)
	for _, d := range town() {
		e.put(t, claims.OutcomeCreated, d)
	}
	before := e.ask(t, claims.Query{Text: closedQuery})
	if err := e.store.Close(); err != nil {
		t.Fatal(err)
	}
	e = openDesk(t, path)
	after := e.ask(t, claims.Query{Text: closedQuery})
	if says(before) != says(after) || len(before.Unmeasured) != len(after.Unmeasured) || len(before.Merges) != len(after.Merges) {
		t.Errorf("before\n%s %v\nafter\n%s %v", says(before), before.Unmeasured, says(after), after.Unmeasured)
	}
	for _, d := range town() {
		e.put(t, claims.OutcomeUnchanged, d)
	}
}

func TestTheOrderOfIngestChangesNoAnswer(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 7))
	want := ""
	for range 4 {
		docs := town()
		r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		e := newDesk(t)
		for _, d := range docs {
			e.put(t, claims.OutcomeCreated, d)
		}
		got := says(e.ask(t, claims.Query{Text: closedQuery}))
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("in one order\n%s\nin another\n%s", want, got)
		}
	}
}

func TestAnUnrelatedDocumentChangesNothing(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	for _, d := range town() {
		e.put(t, claims.OutcomeCreated, d)
	}
	before := e.ask(t, claims.Query{Text: closedQuery})
	for i := range 30 {
		e.put(t, claims.OutcomeCreated, report("Market Wire", day(9), fmt.Sprintf("Wheat cost %d crowns a sack in Orta, traders said.", 30+i)))
	}
	after := e.ask(t, claims.Query{Text: closedQuery})
	if says(before) != says(after) {
		t.Errorf("before\n%s\nafter\n%s", says(before), says(after))
	}
	for i := range before.Origins {
		for k := range before.Origins[i].Evidence {
			if b, a := before.Origins[i].Evidence[k].Relation.Score, after.Origins[i].Evidence[k].Relation.Score; a != b {
				t.Errorf("a score went from %v to %v", b, a)
			}
		}
	}
}

// What a document says is read from it alone: no document stored before, not even
// a copy that names its people, changes its claims.
func TestClaimsDoNotDependOnWhatWasStored(t *testing.T) {
	t.Parallel()
	d := report("The Courier", day(3), "The minister said the dam had been closed. She thanked the crew, and Bakke said it was \"a long night\".")
	alone := newDesk(t).put(t, claims.OutcomeCreated, d)
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, report("The Gazette", day(1), "Water Minister Ilse Varga said on Monday that engineer Tor Bakke had closed the Zenda dam."))
	e.put(t, claims.OutcomeCreated, report("The Herald", day(2), "By Ana Moss. "+d.Text))
	after := e.put(t, claims.OutcomeCreated, d)
	if len(alone.Claims) == 0 || len(alone.Claims) != len(after.Claims) {
		t.Fatalf("%d claims alone, %d after others", len(alone.Claims), len(after.Claims))
	}
	for i := range alone.Claims {
		a, b := alone.Claims[i], after.Claims[i]
		if a.Text != b.Text || !reflect.DeepEqual(a.Evidence, b.Evidence) || len(a.Attribution.Hops) != len(b.Attribution.Hops) || a.Attribution.Asserter().Name != b.Attribution.Asserter().Name {
			t.Errorf("alone %q by %q, after others %q by %q", a.Text, a.Attribution.Asserter().Name, b.Text, b.Attribution.Asserter().Name)
		}
	}
}

// People leave the full stop out of what they ask; the claim is the same.
func TestAQuestionNeedsNoFullStop(t *testing.T) {
	t.Parallel()
	e := newDesk(t)
	for _, tt := range []struct{ ask, predicate string }{
		{"Rebels seized Port Elsen", "seize"},
		{"Police detained Jon Halm", "detain"},
		{"Thousands protested in Zenda", "protest"},
	} {
		for _, text := range []string{tt.ask, tt.ask + "."} {
			a, err := e.Corroborate(t.Context(), claims.Query{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Claims[0].Frame.Predicate.Lemma; got != tt.predicate || !a.Claims[0].MainSpan().In(len(text)) {
				t.Errorf("%q: predicate %q of %q, at %v", text, got, a.Claims[0].Text, a.Claims[0].MainSpan())
			}
		}
	}
}

// What was asked and could not be is said beside the answer, and a language that is
// none is refused.
func TestAnAnswerSaysWhatWasNotAsked(t *testing.T) {
	e := newDesk(t)
	e.put(t, claims.OutcomeCreated, report("The Courier", day(3), damClosed))
	says := func(q claims.Query, want string) {
		t.Helper()
		a, err := e.Corroborate(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, u := range a.Unmeasured {
			all = append(all, u.Detail)
		}
		if got := strings.Join(all, "; "); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: it says %q, want %q", q.Text, got, want)
		}
	}
	says(claims.Query{Text: "Engineer Tor Bakke closed the Zenda dam"}, "")
	says(claims.Query{Text: "Engineer Tor Bakke closed the Zenda dam. Two ferries sank."}, "several things were asked at once")
	says(claims.Query{Text: "Engineer Tor Bakke closed the Zenda dam", Sources: []string{"The Courier"}}, "")
	says(claims.Query{Text: "Engineer Tor Bakke closed the Zenda dam", Sources: []string{"The Currier"}}, `called "The Currier"`)
	for _, code := range []string{"klingon language", "xx", "en us en"} {
		d := report("The Herald", day(4), damClosed)
		d.Language = code
		_, err := e.Ingest(t.Context(), desk.IngestRequest{Document: d})
		fails(t, err, claims.CodeInvalid, "is no code of a language")
	}
}
