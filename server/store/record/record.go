// Package record says how the nouns of the domain become columns and JSON
// bodies, and which writes every store refuses. All SQL stores use it, so that a
// row means the same in each and moves from one to another as it is.
//
// What is filtered or sorted on, and every text that must come back byte for
// byte, has a column; the rest is JSON.
package record

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"github.com/secondsource/secondsource/claims"
)

// Micros is an instant as it is stored: microseconds since 1970 UTC. Go's zero
// time has a value of its own, far before all others, and comes back as the zero
// time.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Instant is the inverse of Micros, in UTC.
func Instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// Fold makes names comparable without regard to case, in every script.
func Fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return cases.Fold().String(s)
		}
	}
	return strings.ToLower(s) // the same for ASCII, and most names are
}

// DerivedID is the id of the source that documents name by a NameKey. Sixteen
// characters of a hash: the same name has the same id in every store.
func DerivedID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "derived-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// AsserterKeys are the keys under which a claim is filed: those of its deepest
// hop's name and handle, none for a source that nobody names.
func AsserterKeys(h claims.Hop) []string {
	name, handle := claims.NameKey(h.Name), claims.NameKey(h.Handle)
	switch {
	case name == "" && handle == "":
		return nil
	case name == "":
		return []string{handle}
	case handle == "" || handle == name:
		return []string{name}
	default:
		return []string{name, handle}
	}
}

// SourceKeys are the NameKeys of all names, aliases and handles of a source, in
// that order, some perhaps twice.
func SourceKeys(s *claims.Source) []string {
	names := []string{s.Name}
	for _, a := range s.Aliases {
		names = append(names, a.Name)
	}
	for _, h := range s.Handles {
		names = append(names, h.Handle)
	}
	keys := names[:0]
	for _, name := range names {
		if key := claims.NameKey(name); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

type documentBody struct {
	Reading claims.Reading `json:"reading,omitzero"`
	Copies  []claims.Copy  `json:"copies,omitempty"`
	// EmbargoedUntil is never filtered on by a store: whether it has passed is
	// for the desk's clock to say.
	EmbargoedUntil time.Time `json:"embargoed_until,omitzero"`
}

// DocumentBody is the JSON of what a document has no columns for.
func DocumentBody(d *claims.Document) (string, error) {
	return encode("the document", documentBody{d.Reading, d.Copies, d.EmbargoedUntil})
}

// ReadDocumentBody sets the fields that DocumentBody wrote; d.ID names it in the
// error, CodeCorrupt.
func ReadDocumentBody(body []byte, d *claims.Document) error {
	var b documentBody
	if err := json.Unmarshal(body, &b); err != nil {
		return damaged("documents/"+d.ID, err)
	}
	d.Reading, d.Copies, d.EmbargoedUntil = b.Reading, b.Copies, b.EmbargoedUntil
	return nil
}

type claimBody struct {
	Evidence        []claims.Span      `json:"evidence"`
	Frame           claims.Frame       `json:"frame"`
	Polarity        claims.Polarity    `json:"polarity,omitempty"`
	CheckWorthiness float64            `json:"check_worthiness,omitempty"`
	Confidence      float64            `json:"confidence,omitempty"`
	Doubts          []string           `json:"doubts,omitempty"`
	Attribution     claims.Attribution `json:"attribution"`
}

// ClaimBody is the JSON of what a claim has no columns for.
func ClaimBody(c *claims.Claim) (string, error) {
	return encode("a claim", claimBody{c.Evidence, c.Frame, c.Polarity, c.CheckWorthiness, c.Confidence, c.Doubts, c.Attribution})
}

// ClaimBodies are the bodies of several claims.
func ClaimBodies(cs []claims.Claim) (bodies []string, err error) {
	bodies = make([]string, len(cs))
	for i := range cs {
		if bodies[i], err = ClaimBody(&cs[i]); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// ReadClaimBody sets the fields that ClaimBody wrote; c.Document and c.Index name
// it in the error, CodeCorrupt.
func ReadClaimBody(body []byte, c *claims.Claim) error {
	var b claimBody
	if err := json.Unmarshal(body, &b); err != nil {
		return damaged(fmt.Sprintf("documents/%s/claims/%d", c.Document, c.Index), err)
	}
	c.Evidence, c.Frame, c.Polarity = b.Evidence, b.Frame, b.Polarity
	c.CheckWorthiness, c.Confidence, c.Doubts = b.CheckWorthiness, b.Confidence, b.Doubts
	c.Attribution = b.Attribution
	return nil
}

type sourceBody struct {
	Aliases      []claims.Alias   `json:"aliases,omitempty"`
	Handles      []claims.Handle  `json:"handles,omitempty"`
	ControlledBy []claims.Control `json:"controlled_by,omitempty"`
	SpeaksFor    string           `json:"speaks_for,omitempty"`
	Reliability  claims.Grade     `json:"reliability,omitempty"`
}

// SourceBody is the JSON of what a source has no columns for.
func SourceBody(s *claims.Source) (string, error) {
	return encode("the source", sourceBody{s.Aliases, s.Handles, s.ControlledBy, s.SpeaksFor, s.Reliability})
}

// ReadSourceBody sets the fields that SourceBody wrote; s.ID names it in the
// error, CodeCorrupt.
func ReadSourceBody(body []byte, s *claims.Source) error {
	var b sourceBody
	if err := json.Unmarshal(body, &b); err != nil {
		return damaged("sources/"+s.ID, err)
	}
	s.Aliases, s.Handles, s.ControlledBy = b.Aliases, b.Handles, b.ControlledBy
	s.SpeaksFor, s.Reliability = b.SpeaksFor, b.Reliability
	return nil
}

// JudgementValue is the JSON of what a judgement decided.
func JudgementValue(j *claims.Judgement) (string, error) { return encode("the judgement", j.Value) }

// ReadJudgementValue is the inverse of JudgementValue; j.Seq names it in the
// error, CodeCorrupt.
func ReadJudgementValue(value []byte, j *claims.Judgement) error {
	if err := json.Unmarshal(value, &j.Value); err != nil {
		return damaged(fmt.Sprintf("judgement %d", j.Seq), err)
	}
	return nil
}

// encode is the JSON of a body. What has none (an instant beyond the year 9999,
// a number that is not one) is the caller's mistake.
func encode(what string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidField,
			Message: what + " holds a value that cannot be stored", Err: err}
	}
	return string(b), nil
}

func damaged(what string, err error) error {
	return &claims.Error{Code: claims.CodeCorrupt, Reason: claims.ReasonStoreCorrupt,
		Message: fmt.Sprintf("what is stored of %q cannot be read", what), Err: err}
}
