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
	ctx    match.Context
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

// Features measures each claim of a document, and what is said in its sayings,
// beside the one asked about, for fitting how they are weighed.
func (q *Asked) Features(r *Reading) [][]float64 {
	var out [][]float64
	for i := range r.claims {
		out = append(out, q.reader.Features(&r.claims[i], r.ctx))
		if said, ok := match.Said(&r.claims[i]); ok {
			out = append(out, q.reader.Features(&said, r.ctx))
		}
	}
	return out
}
