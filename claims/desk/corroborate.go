package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/corroborate"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/match"
)

// Limits of one answer.
const (
	maxCandidates = 600  // claims looked at
	maxQuery      = 4096 // bytes of a query's text
)

// Corroborate answers which stored documents support or contradict a claim, how
// many independent origins are behind it, and why. It reads what was published
// and known by the query's times and writes nothing.
func (d *Desk) Corroborate(ctx context.Context, q claims.Query) (claims.Corroboration, error) {
	q.AskedAt = d.now()
	asked, text, err := d.question(ctx, q)
	if err != nil {
		return claims.Corroboration{}, err
	}
	return d.ask(ctx, q, asked, text)
}

// ask answers a question that was read: its claims, the main one first, and its
// text.
func (d *Desk) ask(ctx context.Context, q claims.Query, asked []claims.Claim, text string) (claims.Corroboration, error) {
	a, _, err := d.consider(ctx, q, asked, text)
	return a, err
}

// consider is ask, with what was read for the answer.
func (d *Desk) consider(ctx context.Context, q claims.Query, asked []claims.Claim, text string) (claims.Corroboration, reading, error) {
	reg, err := d.registryAsOf(ctx, q.AsOfKnown)
	if err != nil {
		return claims.Corroboration{}, reading{}, err
	}
	main := asked[0]
	reader := match.NewReader(&main)
	r, err := d.find(ctx, reader, &main, q, reg)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	if err := d.overrule(ctx, &r, q, text, reg); err != nil {
		return claims.Corroboration{}, r, err
	}
	in := corroborate.Input{Text: text, Claims: asked, MinOrigins: q.MinOrigins, Registry: reg, Considered: len(r.claims)}
	if r.more {
		in.Unmeasured = append(in.Unmeasured, claims.Unmeasured{Kind: claims.UnmeasuredLimit, Detail: fmt.Sprintf("only the %d claims that share most with it were looked at", maxCandidates)})
	}
	in.Unmeasured = append(in.Unmeasured, notUnderstood(&main, q.Text)...)
	if q.Text != "" {
		in.Unmeasured = append(in.Unmeasured, severalAsked(asked, text)...)
	}
	strangers, err := d.strangers(ctx, reg, q.Sources)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	in.Unmeasured = append(in.Unmeasured, strangers...)
	unread, err := d.unreadOf(ctx, &main, q)
	if err != nil {
		return claims.Corroboration{}, r, err
	}
	in.Unmeasured = append(in.Unmeasured, unread...)
	in.Evidence = d.judge(reader, r)
	a, err := d.answer(ctx, in, r)
	return a, r, err
}

// answer adds to what was judged what its independence depends on.
func (d *Desk) answer(ctx context.Context, in corroborate.Input, r reading) (claims.Corroboration, error) {
	var err error
	in.Documents, err = d.withCopies(ctx, in.Evidence)
	if err != nil {
		return claims.Corroboration{}, err
	}
	in.Withdrawals, in.Replaced, in.Read, in.Judgements = withdrawals(&in.Claims[0], r), r.replaced, r.claims, r.judgements.seqs()
	return corroborate.Answer(in), nil
}

// question reads the query: its claims, the main one first, and its text.
func (d *Desk) question(ctx context.Context, q claims.Query) ([]claims.Claim, string, error) {
	if q.MinOrigins < 0 || q.MinOrigins > 1000 {
		return nil, "", claims.Invalid("min_origins", "must be 1 to 1000")
	}
	if q.Document != "" {
		c, err := d.store.Claim(ctx, q.Document, q.Index)
		if err != nil {
			return nil, "", err
		}
		return []claims.Claim{c}, c.Text, nil
	}
	at := q.AsOfPublished
	if at.IsZero() {
		at = d.now()
	}
	return readQuestion(d.extractor, q.Text, at)
}

// readQuestion reads the text of a query as said at a moment.
func readQuestion(x *extract.Extractor, text string, at time.Time) ([]claims.Claim, string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, "", claims.Invalid("claim_text", "is empty")
	case len(text) > maxQuery:
		return nil, "", &claims.Error{Code: claims.CodeTooLarge, Reason: claims.ReasonTextTooLarge, Message: "the claim is too long",
			Violations: []claims.Violation{{Field: "claim_text", Description: fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(text), maxQuery)}}}
	case asksOpenly(text):
		return nil, "", &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonNoClaim, Message: "the query asks for what is not known",
			Violations: []claims.Violation{{Field: "claim_text", Description: "is an open question: write a statement that can be told or denied, such as \"A met B on 3 May 2026\""}}}
	case !utf8.ValidString(text):
		return nil, "", claims.Invalid("claim_text", fmt.Sprintf("is not valid UTF-8 at byte %d", invalidAt(text)))
	}
	cs := x.Query(ended(text), claims.Document{PublishedAt: at})
	// The claim is what the sentence as a whole says; what hangs on its nouns
	// comes after.
	sort.SliceStable(cs, func(i, j int) bool { return weight(&cs[i], len(text)) > weight(&cs[j], len(text)) })
	if len(cs) == 0 {
		if len(match.Stems(text)) < 3 { // a bare name is no claim
			return nil, "", &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonNoClaim, Message: "no claim was found in the query",
				Violations: []claims.Violation{{Field: "claim_text", Description: "holds no claim: write a statement, such as \"A met B on 3 May 2026\""}}}
		}
		cs = []claims.Claim{{Text: text, Evidence: []claims.Span{{End: len(text)}}, Kind: claims.Event, Polarity: claims.Positive, Modality: claims.Asserted}}
	}
	for i := range cs {
		cs[i].Index = i + 1
	}
	cs[0] = whole(cs, text)
	return cs, text, nil
}

// asksOpenly: a question that no "yes" answers: "Who hit the bridge?" A question
// that one answers is read as the statement it asks about.
func asksOpenly(text string) bool {
	if !strings.HasSuffix(text, "?") {
		return false
	}
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	switch first {
	case "who", "whom", "whose", "what", "which", "when", "where", "why", "how", "who's", "what's", "where's", "when's", "how's":
		return true
	}
	return false
}

// ended is a question with the full stop that people leave out: the parser has
// seen statements end in one, and takes what does not for a headline's fragment.
// A byte is added behind it, so spans stay where they are.
func ended(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "\"") || strings.HasSuffix(text, "”") {
		return text
	}
	return text + "."
}

// whole is the main claim of a query, compared with all the words, numbers and
// times that were asked, whichever clause they stand in.
func whole(cs []claims.Claim, text string) claims.Claim {
	main := cs[0]
	if main.Kind == claims.Utterance && !slices.Contains(match.Stems(text), match.Stem(main.Frame.Predicate.Lemma)) {
		main.Kind = claims.Event // "claimed nine lives" is a set phrase, no saying
	}
	if main.Kind == claims.Utterance {
		return main
	}
	if main.Modality == claims.Hedged && main.Polarity == claims.Negative && strings.Contains(text, "could not ") {
		main.Modality = claims.Asserted // "could not get in" did not
	}
	main.Text = strings.TrimRight(text, ". ")
	main.Frame.Quantities = slices.Clone(main.Frame.Quantities)
	for i := 1; i < len(cs); i++ {
		f := &cs[i].Frame
		for _, q := range f.Quantities {
			if !slices.ContainsFunc(main.Frame.Quantities, func(x claims.Quantity) bool { return x.Span == q.Span }) {
				main.Frame.Quantities = append(main.Frame.Quantities, q)
			}
		}
		if !main.Frame.Time.Known() {
			main.Frame.Time = f.Time
		}
	}
	return main
}

// weight orders the claims of a query: the widest first, a saying before what
// was said only when the query is about the saying.
func weight(c *claims.Claim, n int) int {
	w := c.MainSpan().Len() * 100 / max(1, n)
	if c.Frame.Predicate.Nominal {
		w -= 100
	}
	return w
}

// maxVersions bounds the versions of one publication that are looked at before
// and after the one found.
const maxVersions = 64

// versions loads the other versions of documents.
func (d *Desk) versions(ctx context.Context, docs []*claims.Document) (map[string]*claims.Document, error) {
	out := map[string]*claims.Document{}
	for range maxVersions {
		var beside []string
		for _, x := range docs {
			out[x.ID] = x
			beside = append(beside, x.Previous, x.Next)
		}
		slices.Sort(beside)
		beside = slices.DeleteFunc(slices.Compact(beside), func(id string) bool { return id == "" || out[id] != nil })
		if len(beside) == 0 {
			break
		}
		read, err := d.store.DocumentsByID(ctx, beside)
		if err != nil {
			return nil, err
		}
		docs = nil
		for i := range read {
			docs = append(docs, &read[i])
		}
	}
	return out, nil
}

// replaced: a later version stands in the place of an earlier one, from when it
// was published and known. Which came into the store first decides nothing: an
// old version may be fetched from an archive long after the new one.
func replaced(x *claims.Document, versions map[string]*claims.Document, q claims.Query) bool {
	for n := versions[x.Next]; n != nil; n = versions[n.Next] {
		if known(n, q) && newer(n, x) {
			return true
		}
	}
	for p := versions[x.Previous]; p != nil; p = versions[p.Previous] {
		if known(p, q) && newer(p, x) {
			return true
		}
	}
	return false
}

// newer compares versions by publication; where that is the same or not known,
// by their order in the store.
func newer(x, y *claims.Document) bool {
	if x.PublishedAt.IsZero() || y.PublishedAt.IsZero() || x.PublishedAt.Equal(y.PublishedAt) {
		return x.Version > y.Version
	}
	return x.PublishedAt.After(y.PublishedAt)
}

// known: a document had been published, was free and stood in the store by the
// times of the query.
func known(x *claims.Document, q claims.Query) bool {
	return free(x, q.AskedAt) && (q.AsOfPublished.IsZero() || free(x, q.AsOfPublished)) && (q.AsOfKnown.IsZero() || free(x, q.AsOfKnown)) &&
		(q.AsOfPublished.IsZero() || !x.PublishedAt.After(q.AsOfPublished)) && (q.AsOfKnown.IsZero() || !x.IngestedAt.After(q.AsOfKnown))
}

// free: no embargo holds the document back at a moment.
func free(x *claims.Document, at time.Time) bool { return !x.EmbargoedUntil.After(at) }

func admitted(x *claims.Document, q claims.Query, reg *corroborate.Registry) bool {
	if !known(x, q) || q.LeftOut != nil && q.LeftOut(x) {
		return false
	}
	if !q.From.IsZero() && x.PublishedAt.Before(q.From) || !q.To.IsZero() && !x.PublishedAt.Before(q.To) {
		return false
	}
	if len(q.Sources) == 0 {
		return true
	}
	for _, s := range q.Sources {
		if claims.NameKey(s) == claims.NameKey(x.Publisher) {
			return true
		}
		a, b := reg.Identify(s, x.PublishedAt), reg.Identify(x.Publisher, x.PublishedAt)
		if a != "" && b != "" && reg.Same(a, b) {
			return true
		}
	}
	return false
}

// judge compares the query with every claim read and keeps, of each document and
// asserter, what supports or refutes it best, and the closest of the rest.
func (d *Desk) judge(reader *match.Reader, r reading) []claims.Evidence {
	ctxs := map[string]*match.Context{} // by document
	type slot struct {
		doc, who string
		st       claims.Stance
	}
	speaking := map[string]bool{} // the documents whose claims are judged
	for i := range r.claims {
		speaking[r.claims[i].Document] = true
	}
	order := slices.DeleteFunc(slices.Clone(r.order), func(x *claims.Document) bool { return !speaking[x.ID] })
	var standing []*match.Context
	for i, ctx := range d.contexts.All(order) {
		ctxs[order[i].ID] = ctx
		if !r.replaced[order[i].ID] {
			standing = append(standing, ctx)
		}
	}
	reader.Prepare(standing)
	best := map[slot]int{}
	var out []claims.Evidence
	for i := range r.claims {
		c := &r.claims[i]
		x := r.docs[c.Document]
		ctx := ctxs[x.ID]
		rel, st := reader.Judge(c, ctx)
		if x.Reading.Satire && st != claims.Neutral {
			st, rel.Why = claims.Neutral, "the document calls itself satire, which asserts nothing"
		}
		var by *claims.Judgement
		if r.overruled != nil {
			if rel, st, by = r.overruled.On(corroborate.ClaimName(c), c, rel, st); by != nil {
				r.judgements.add(by.Seq)
			}
		}
		if rel.Kind == claims.Unrelated {
			continue
		}
		span := c.MainSpan()
		e := claims.Evidence{Document: x, Claim: c, Span: span, Text: span.Of(x.Text), Stance: st, Relation: rel}
		if by != nil {
			e.Judgement = by.Seq
			out = append(out, e)
			continue
		}
		k := slot{x.ID, c.Attribution.Asserter().Name, st}
		if st == claims.Neutral {
			k.who = ""
		}
		if j, ok := best[k]; ok {
			if out[j].Relation.Score < rel.Score {
				out[j] = e
			}
			continue
		}
		best[k] = len(out)
		out = append(out, e)
	}
	out = append(out, fromSayings(reader, r, ctxs, out)...)
	return surest(out)
}

// besideSurest is the share of the score of the surest assertion in a document
// that another asserter's there must have: one that only resembles it is of
// something else.
const besideSurest = 0.6

// surest leaves out what stands beside a surer judgement in its document. What an
// editor judged stays, and is no measure for the rest.
func surest(all []claims.Evidence) []claims.Evidence {
	best := map[string]float64{}
	for i := range all {
		if e := &all[i]; e.Stance != claims.Neutral && e.Judgement == 0 {
			best[e.Document.ID] = max(best[e.Document.ID], e.Relation.Score)
		}
	}
	kept := all[:0]
	for _, e := range all {
		most, decided := best[e.Document.ID]
		if !decided || e.Judgement != 0 || e.Stance != claims.Neutral && e.Relation.Score >= besideSurest*most {
			kept = append(kept, e)
		}
	}
	return kept
}

// fromSayings judges what is said in sayings, in documents whose other claims
// decide nothing: whoever said it asserts it.
func fromSayings(reader *match.Reader, r reading, ctxs map[string]*match.Context, judged []claims.Evidence) []claims.Evidence {
	decided, best := map[string]bool{}, map[string]claims.Evidence{}
	for i := range judged {
		if judged[i].Stance != claims.Neutral {
			decided[judged[i].Document.ID] = true
		}
	}
	for i := range r.claims {
		x := r.docs[r.claims[i].Document]
		if decided[x.ID] || x.Reading.Satire || r.overruled != nil && r.overruled.Has(corroborate.ClaimName(&r.claims[i])) {
			continue
		}
		c, ok := match.Said(&r.claims[i])
		if !ok {
			continue
		}
		rel, st := reader.Judge(&c, ctxs[x.ID])
		if old, had := best[x.ID]; st == claims.Neutral || had && old.Relation.Score >= rel.Score {
			continue
		}
		span := c.MainSpan()
		best[x.ID] = claims.Evidence{Document: x, Claim: &c, Span: span, Text: span.Of(x.Text), Stance: st, Relation: rel}
	}
	var out []claims.Evidence
	for _, x := range r.order {
		if e, ok := best[x.ID]; ok {
			out = append(out, e)
		}
	}
	return out
}

// withCopies finds which of the documents that bear on the answer share their
// wording, whatever was known when each was stored, and sets their Copies: the
// earlier published is the original. It returns all documents concerned.
func (d *Desk) withCopies(ctx context.Context, evidence []claims.Evidence) ([]*claims.Document, error) {
	seen := map[string]*claims.Document{}
	var docs []*claims.Document
	for _, e := range evidence {
		// What was seen when it was stored depends on the order of arrival.
		e.Document.Copies = nil
		if e.Stance != claims.Neutral && seen[e.Document.ID] == nil {
			seen[e.Document.ID] = e.Document
			docs = append(docs, e.Document)
		}
	}
	slices.SortStableFunc(docs, originalFirst)
	var known copies.Few
	for i, x := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := d.compared.Sign(x.Text, x.Seq)
		x.Copies = nil
		for _, k := range known.Similar(s, maxSimilar) {
			o := docs[k-1]
			if sameSeries(x, o) {
				continue
			}
			ov := d.compared.Compare(x.Text, o.Text, x.Seq, o.Seq)
			if kind := copies.Kind(ov); kind != "" {
				x.Copies = append(x.Copies, claims.Copy{Document: o.ID, Kind: kind, Containment: ov.Containment, Resemblance: ov.Resemblance, Span: ov.A, Other: ov.B})
			}
		}
		sortCopies(x.Copies)
		known.Add(int64(i+1), s)
	}
	return docs, nil
}

// originalFirst puts the likelier original of two documents of one wording first:
// the earlier published, one whose time is known, one whose publisher is known.
func originalFirst(a, b *claims.Document) int {
	unknown := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(unknown(a.PublishedAt.IsZero()), unknown(b.PublishedAt.IsZero())), a.PublishedAt.Compare(b.PublishedAt),
		cmp.Compare(unknown(a.Publisher == ""), unknown(b.Publisher == "")), cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Text, b.Text))
}

// withdrawals are the documents read that take something back and speak of what
// the query speaks of.
func withdrawals(main *claims.Claim, r reading) []*claims.Document {
	want := match.Stems(main.Text)
	var out []*claims.Document
	for _, x := range r.order {
		if x.Reading.Withdrawal == nil || r.replaced[x.ID] || x.Status == claims.StatusRetracted {
			continue
		}
		ctx := match.NewContext(x)
		total, have := 0.0, 0.0
		for _, s := range want {
			w := 0.2 + match.Rarity(s)
			total += w
			if ctx.Has(s) {
				have += w
			}
		}
		if total > 0 && have >= 0.4*total {
			out = append(out, x)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].PublishedAt.Before(out[j].PublishedAt) })
	return out
}
