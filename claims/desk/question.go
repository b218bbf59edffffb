package desk

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/match"
)

// maxQuery is the limit of a query's text, in bytes.
const maxQuery = 4096

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
