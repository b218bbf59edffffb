package desk

import (
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/extract"
	"github.com/secondsource/secondsource/claims/match"
)

// Reading is a document that was read without being stored, ready to be measured
// beside claims. It is not safe for concurrent use.
type Reading struct {
	doc    *claims.Document
	claims []claims.Claim
	ctx    *match.Context
}

// Read reads a document. d.Text must be valid UTF-8; d gets its Reading.
func Read(x *extract.Extractor, d *claims.Document) *Reading {
	r := x.Document(d)
	d.Reading = r.Reading
	for i := range r.Claims {
		r.Claims[i].Document = d.ID
	}
	return &Reading{d, r.Claims, match.NewContext(d)}
}

// Asked is a claim that somebody asks about, as it is understood.
type Asked struct {
	Main   claims.Claim
	reader *match.Reader
}

// Ask reads a claim; times in it are read as said at the given moment (UTC).
// Errors: INVALID_ARGUMENT for what holds no claim.
func Ask(x *extract.Extractor, text string, at time.Time) (*Asked, error) {
	cs, _, err := readQuestion(x, text, at)
	if err != nil {
		return nil, err
	}
	return &Asked{Main: cs[0], reader: match.NewReader(&cs[0])}, nil
}

// Among tells which documents may bear on the claim asked about.
func (q *Asked) Among(rs []*Reading) {
	var cs []*match.Context
	for _, r := range rs {
		cs = append(cs, r.ctx)
	}
	q.reader.Prepare(cs)
}

// Negated tells whether a negation is asked about: then Features measures what it
// negates.
func (q *Asked) Negated() bool { return q.reader.Negated() }

// Features measures each claim of a document, and what is said in its sayings,
// beside the one asked about, for fitting how they are weighed. What cannot bear
// on it is left out.
func (q *Asked) Features(r *Reading) [][]float64 {
	var out [][]float64
	for i := range r.claims {
		if x := q.reader.Features(&r.claims[i], r.ctx); x != nil {
			out = append(out, x)
		}
		if said, ok := match.Said(&r.claims[i]); ok {
			if x := q.reader.Features(&said, r.ctx); x != nil {
				out = append(out, x)
			}
		}
	}
	return out
}

// Document is the id of the document that was read.
func (r *Reading) Document() string { return r.doc.ID }

// Plain are the first claims of a document that it asserts of what happened.
func (r *Reading) Plain(n int) (out []*claims.Claim) {
	for i := range r.claims {
		c := &r.claims[i]
		if c.Kind == claims.Event && c.Modality == claims.Asserted && len(out) < n {
			out = append(out, c)
		}
	}
	return out
}
