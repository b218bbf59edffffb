package sqlite

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"github.com/secondsource/secondsource/claims"
)

// How the domain's types become columns. What is filtered or sorted on, and
// every text that must come back byte for byte, has a column; the rest is JSON.

// micros is an instant as it is stored. Go's zero time has a value of its own,
// far before all others, and comes back as the zero time.
func micros(t time.Time) int64 { return t.UnixMicro() }

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// fold makes names comparable without regard to case, in every script.
func fold(s string) string { return cases.Fold().String(s) }

// derivedID is the id of the source that documents name by a key. Sixteen
// characters of a hash: the same name has the same id in every store.
func derivedID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "derived-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// asserterKeys are the keys under which a claim is filed: those of its deepest
// hop's name and handle, none for a source that nobody names.
func asserterKeys(h claims.Hop) []string {
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

// documentColumns are scanned by scanDocument; "d" is the table.
const documentColumns = `d.seq, d.id, d.version, coalesce(d.previous, ''), coalesce(d.next, ''), d.kind, d.status,
	d.publisher, d.published_at, d.ingested_at, d.retrieved_at, d.title, d.byline, d.dateline, d.credit_line, d.url,
	d.external_id, d.forwarded_from, d.in_reply_to, d.language, d.body, d.text`

type documentBody struct {
	Reading claims.Reading `json:"reading,omitzero"`
	Copies  []claims.Copy  `json:"copies,omitempty"`
}

type scanner interface{ Scan(dest ...any) error }

func scanDocument(row scanner) (claims.Document, error) {
	var d claims.Document
	var published, ingested, retrieved int64
	var body []byte
	err := row.Scan(&d.Seq, &d.ID, &d.Version, &d.Previous, &d.Next, &d.Kind, &d.Status,
		&d.Publisher, &published, &ingested, &retrieved, &d.Title, &d.Byline, &d.Dateline, &d.CreditLine, &d.URL,
		&d.ExternalID, &d.ForwardedFrom, &d.InReplyTo, &d.Language, &body, &d.Text)
	if err != nil {
		return d, err
	}
	d.PublishedAt, d.IngestedAt, d.RetrievedAt = instant(published), instant(ingested), instant(retrieved)
	var b documentBody
	if err := json.Unmarshal(body, &b); err != nil {
		return d, damaged("documents/"+d.ID, err)
	}
	d.Reading, d.Copies = b.Reading, b.Copies
	return d, nil
}

// claimColumns are scanned by scanClaim; "c" is the table, "d" its document.
const claimColumns = `c.seq, d.id, c.idx, c.kind, c.modality, c.text, c.body`

type claimBody struct {
	Evidence        []claims.Span      `json:"evidence"`
	Frame           claims.Frame       `json:"frame"`
	Polarity        claims.Polarity    `json:"polarity,omitempty"`
	CheckWorthiness float64            `json:"check_worthiness,omitempty"`
	Confidence      float64            `json:"confidence,omitempty"`
	Doubts          []string           `json:"doubts,omitempty"`
	Attribution     claims.Attribution `json:"attribution"`
}

func scanClaim(row scanner) (claims.Claim, error) {
	var c claims.Claim
	var body []byte
	if err := row.Scan(&c.Seq, &c.Document, &c.Index, &c.Kind, &c.Modality, &c.Text, &body); err != nil {
		return c, err
	}
	var b claimBody
	if err := json.Unmarshal(body, &b); err != nil {
		return c, damaged(fmt.Sprintf("documents/%s/claims/%d", c.Document, c.Index), err)
	}
	c.Evidence, c.Frame, c.Polarity = b.Evidence, b.Frame, b.Polarity
	c.CheckWorthiness, c.Confidence, c.Doubts = b.CheckWorthiness, b.Confidence, b.Doubts
	c.Attribution = b.Attribution
	return c, nil
}

// sourceColumns are scanned by scanSource; "s" is the table. The count of
// mentions goes on below a promoted source and is not shown.
const sourceColumns = `s.id, s.registered, s.kind, s.name, iif(s.registered, 0, s.mentions), s.created_at, s.updated_at, s.revision, s.body`

type sourceBody struct {
	Aliases      []claims.Alias   `json:"aliases,omitempty"`
	Handles      []claims.Handle  `json:"handles,omitempty"`
	ControlledBy []claims.Control `json:"controlled_by,omitempty"`
	SpeaksFor    string           `json:"speaks_for,omitempty"`
	Reliability  claims.Grade     `json:"reliability,omitempty"`
}

func scanSource(row scanner) (claims.Source, error) {
	var s claims.Source
	var created, updated int64
	var body []byte
	if err := row.Scan(&s.ID, &s.Registered, &s.Kind, &s.Name, &s.Mentions, &created, &updated, &s.Revision, &body); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = instant(created), instant(updated)
	var b sourceBody
	if err := json.Unmarshal(body, &b); err != nil {
		return s, damaged("sources/"+s.ID, err)
	}
	s.Aliases, s.Handles, s.ControlledBy = b.Aliases, b.Handles, b.ControlledBy
	s.SpeaksFor, s.Reliability = b.SpeaksFor, b.Reliability
	return s, nil
}

const judgementColumns = `j.seq, j.kind, j.subject, j.object, j.value, j.editor, j.reason, j.at, coalesce(j.undoes, 0)`

func scanJudgement(row scanner) (claims.Judgement, error) {
	var j claims.Judgement
	var value []byte
	var at int64
	if err := row.Scan(&j.Seq, &j.Kind, &j.Subject, &j.Object, &value, &j.Editor, &j.Reason, &at, &j.Undoes); err != nil {
		return j, err
	}
	j.At = instant(at)
	if err := json.Unmarshal(value, &j.Value); err != nil {
		return j, damaged(fmt.Sprintf("judgement %d", j.Seq), err)
	}
	return j, nil
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
