package desk

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"strings"
	"time"
	"unicode/utf8"

	bcp47 "golang.org/x/text/language"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/copies"
	"github.com/secondsource/secondsource/claims/match"
)

// IngestRequest is a document to store.
type IngestRequest struct {
	// RequestID makes a retry safe: the same id with the same document stores it
	// once; with another document it is CodeExists. "" for none.
	RequestID string
	Document  claims.Document // ID, Version, Seq, Reading and Copies are set by Ingest
}

// IngestResult is what was stored.
type IngestResult struct {
	Document claims.Document
	Claims   []claims.Claim
	Outcome  claims.Outcome
}

// Ingest stores a document with its claims, once. The same publisher, kind,
// external id or URL, time and text is the same document; the same publisher and
// URL (or external id) with another text is a new version of it; the same text
// from another publisher is another document, and a copy. When Ingest returns
// without an error the document is durable.
//
// A document under embargo is stored at once and answers no query before.
func (d *Desk) Ingest(ctx context.Context, r IngestRequest) (IngestResult, error) {
	r.Document.Previous = ""
	return d.ingest(ctx, r, 1)
}

// ingest stores a document: as the given version behind Document.Previous when
// that is set, else behind the latest version of its series, if there is one.
func (d *Desk) ingest(ctx context.Context, r IngestRequest, version int) (IngestResult, error) {
	doc := r.Document
	if err := check(&doc); err != nil {
		return IngestResult{}, err
	}
	id := identity(r.RequestID, &doc)
	if res, err := d.known(ctx, id); err != nil || res != nil {
		if err != nil {
			return IngestResult{}, err
		}
		return *res, nil
	}

	// Language and extraction run outside the transaction: one writer must not
	// wait for grammar.
	read, err := d.extractor.DocumentContext(ctx, &doc)
	if err != nil {
		return IngestResult{}, err
	}
	doc.Reading = read.Reading
	signature := copies.Sign(doc.Text)
	terms := make([][]claims.Term, len(read.Claims))
	for i := range read.Claims {
		terms[i] = match.Terms(&read.Claims[i])
	}

	// Of two copies that arrive at the same moment neither may see the other
	// here; Corroborate compares the texts it reads again.
	found, err := d.findCopies(ctx, &doc, signature, maxSimilar)
	if err != nil {
		return IngestResult{}, err
	}
	doc.Copies = found
	doc.ID, doc.IngestedAt = d.newID(), d.now().UTC().Truncate(time.Microsecond)

	var res IngestResult
	var stand *claims.Document // somebody stored it while it was read here
	err = d.store.Update(ctx, func(tx claims.Tx) error {
		// The callback may run again: it starts from what was read above.
		dc, cs := doc, cloneClaims(read.Claims)
		out := claims.OutcomeCreated
		dc.Version = version
		var err error
		if stand, err = stored(tx, id); err != nil || stand != nil {
			return err
		}
		if dc.Previous != "" {
			out = claims.OutcomeNewVersion
		} else if id.Series != [32]byte{} {
			prev, ok, err := tx.LatestOfSeries(id.Series)
			if err != nil {
				return err
			}
			if ok {
				dc.Version, dc.Previous, out = prev.Version+1, prev.ID, claims.OutcomeNewVersion
			}
		}
		if dc.Copies, err = stillStored(tx, dc.Copies); err != nil {
			return err
		}
		for i := range cs {
			cs[i].Document = dc.ID
		}
		if err := tx.PutDocument(&dc, cs, id, signature.Marshal(), terms); err != nil {
			return err
		}
		res = IngestResult{Document: dc, Claims: cs, Outcome: out}
		return nil
	})
	switch {
	case err != nil:
		return IngestResult{}, err
	case stand != nil:
		return d.unchanged(ctx, *stand)
	}
	d.copies.Add(res.Document.Seq, signature)
	d.unread.add(&res.Document)
	vectors := make([]claims.TermVector, len(res.Claims))
	for i := range res.Claims {
		vectors[i] = claims.TermVector{Claim: res.Claims[i].Seq, Doc: res.Document.Seq, Terms: terms[i]}
	}
	d.index.Add(vectors)
	d.watches.stored(&res.Document, res.Claims, vectors, d.following.Load())
	if err := d.link(ctx, res.Claims, map[string]time.Time{res.Document.ID: res.Document.PublishedAt}); err != nil {
		return IngestResult{}, err
	}
	return res, nil
}

// Extraction is what a document states, with nothing stored.
type Extraction struct {
	Document claims.Document
	Claims   []claims.Claim
}

// Extract reads a document and stores nothing.
func (d *Desk) Extract(ctx context.Context, doc claims.Document) (Extraction, error) {
	if err := check(&doc); err != nil {
		return Extraction{}, err
	}
	read, err := d.extractor.DocumentContext(ctx, &doc)
	if err != nil {
		return Extraction{}, err
	}
	doc.Reading = read.Reading
	err = d.link(ctx, read.Claims, map[string]time.Time{"": doc.PublishedAt})
	return Extraction{Document: doc, Claims: read.Claims}, err
}

// known looks up a document by its identity before any work is done.
func (d *Desk) known(ctx context.Context, id claims.Identity) (*IngestResult, error) {
	var have *claims.Document
	err := d.store.Update(ctx, func(tx claims.Tx) error {
		var err error
		have, err = stored(tx, id)
		return err
	})
	if err != nil || have == nil {
		return nil, err
	}
	res, err := d.unchanged(ctx, *have)
	return &res, err
}

// stored finds the document of an identity and files the request id under it, or
// says that the request id was used for another.
func stored(tx claims.Tx, id claims.Identity) (*claims.Document, error) {
	if id.RequestID != "" {
		doc, h, ok, err := tx.DocumentByRequest(id.RequestID)
		if err != nil {
			return nil, err
		}
		if ok && h != id.RequestHash {
			return nil, &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonRequestReused,
				Message:  fmt.Sprintf("request_id %q was used for another document", id.RequestID),
				Metadata: map[string]string{"request_id": id.RequestID, "document": "documents/" + doc.ID}}
		}
		if ok {
			return &doc, nil
		}
	}
	doc, ok, err := tx.DocumentByHash(id.Hash)
	if err != nil || !ok {
		return nil, err
	}
	if id.RequestID != "" {
		err = tx.RememberRequest(id.RequestID, id.RequestHash, doc.ID)
	}
	return &doc, err
}

func (d *Desk) unchanged(ctx context.Context, doc claims.Document) (IngestResult, error) {
	cs, err := d.allClaims(ctx, doc.ID)
	if err != nil {
		return IngestResult{}, err
	}
	err = d.link(ctx, cs, map[string]time.Time{doc.ID: doc.PublishedAt})
	return IngestResult{Document: doc, Claims: cs, Outcome: claims.OutcomeUnchanged}, err
}

func (d *Desk) allClaims(ctx context.Context, doc string) ([]claims.Claim, error) {
	var out []claims.Claim
	p := claims.Page{Size: 1000}
	for {
		cs, err := d.store.Claims(ctx, claims.ClaimFilter{Document: doc}, p)
		if err != nil {
			return nil, err
		}
		out = append(out, cs...)
		if len(cs) < p.Size {
			return out, nil
		}
		p.After = claims.Cursor{Key: cs[len(cs)-1].Seq}
	}
}

func cloneClaims(cs []claims.Claim) []claims.Claim {
	return append([]claims.Claim(nil), cs...)
}

// maxSimilar bounds the documents compared in full with a new one.
const maxSimilar = 12

// findCopies compares a new document with those of the earlier ones whose
// signature is most like its own. Versions of the same publication are no copies
// of one another.
func (d *Desk) findCopies(ctx context.Context, doc *claims.Document, s copies.Signature, most int) ([]claims.Copy, error) {
	seqs := d.copies.Similar(s, most)
	if len(seqs) == 0 {
		return nil, nil
	}
	others, err := d.store.DocumentsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	var out []claims.Copy
	for i := range others {
		o := &others[i]
		if sameSeries(doc, o) {
			continue
		}
		ov := copies.Compare(doc.Text, o.Text)
		if k := copies.Kind(ov); k != "" {
			out = append(out, claims.Copy{Document: o.ID, Kind: k, Containment: ov.Containment, Resemblance: ov.Resemblance, Span: ov.A, Other: ov.B})
		}
	}
	sortCopies(out)
	return out, nil
}

// stillStored leaves out the documents that were deleted since they were found.
func stillStored(tx claims.Tx, found []claims.Copy) ([]claims.Copy, error) {
	var left []claims.Copy
	for _, c := range found {
		switch _, err := tx.Document(c.Document); {
		case err == nil:
			left = append(left, c)
		case claims.CodeOf(err) != claims.CodeNotFound:
			return nil, err
		}
	}
	return left, nil
}

// sameSeries tells whether two documents are versions of one publication.
func sameSeries(x, y *claims.Document) bool {
	if x.Previous != "" && x.Previous == y.ID || y.Previous != "" && y.Previous == x.ID {
		return true
	}
	s := identity("", x).Series
	return s != [32]byte{} && s == identity("", y).Series
}

// check applies the limits to a document.
func check(doc *claims.Document) error {
	if n := len(doc.Text); n > claims.MaxText {
		return &claims.Error{Code: claims.CodeTooLarge, Reason: claims.ReasonTextTooLarge, Message: "the text is too large",
			Violations: []claims.Violation{{Field: "document.text", Description: fmt.Sprintf("is %d bytes long; the limit is %d bytes", n, claims.MaxText)}},
			Metadata:   map[string]string{"size": fmt.Sprint(n), "limit": fmt.Sprint(claims.MaxText)}}
	}
	for _, f := range [...]struct{ name, value string }{{"text", doc.Text}, {"title", doc.Title}, {"publisher", doc.Publisher}, {"byline", doc.Byline},
		{"dateline", doc.Dateline}, {"credit_line", doc.CreditLine}, {"url", doc.URL}, {"external_id", doc.ExternalID}, {"forwarded_from", doc.ForwardedFrom}, {"in_reply_to", doc.InReplyTo}} {
		if !utf8.ValidString(f.value) {
			e := claims.Invalid("document."+f.name, fmt.Sprintf("is not valid UTF-8 at byte %d", invalidAt(f.value)))
			e.Reason = claims.ReasonInvalidUTF8
			return e
		}
	}
	if doc.Language != "" {
		if _, err := bcp47.Parse(doc.Language); err != nil {
			return claims.Invalid("document.language", fmt.Sprintf("%q is no code of a language, such as \"en\" (BCP 47); leave it out and it is detected", doc.Language))
		}
	}
	if strings.TrimSpace(doc.Text) == "" && doc.ForwardedFrom == "" {
		e := claims.Invalid("document.text", "is empty")
		e.Reason = claims.ReasonEmptyText
		return e
	}
	for _, f := range [...]struct {
		name, value string
		limit       int
	}{{"title", doc.Title, claims.MaxTitle}, {"byline", doc.Byline, claims.MaxTitle}, {"dateline", doc.Dateline, claims.MaxTitle}, {"credit_line", doc.CreditLine, claims.MaxTitle},
		{"publisher", doc.Publisher, claims.MaxName}, {"forwarded_from", doc.ForwardedFrom, claims.MaxName},
		{"url", doc.URL, claims.MaxURL}, {"external_id", doc.ExternalID, claims.MaxURL}, {"in_reply_to", doc.InReplyTo, claims.MaxURL}} {
		if len(f.value) > f.limit {
			return &claims.Error{Code: claims.CodeTooLarge, Reason: claims.ReasonInvalidField, Message: "a field is too long",
				Violations: []claims.Violation{{Field: "document." + f.name, Description: fmt.Sprintf("is %d bytes long; the limit is %d bytes", len(f.value), f.limit)}}}
		}
	}
	doc.PublishedAt = doc.PublishedAt.UTC().Truncate(time.Microsecond)
	if !doc.RetrievedAt.IsZero() {
		doc.RetrievedAt = doc.RetrievedAt.UTC().Truncate(time.Microsecond)
	}
	doc.EmbargoedUntil = doc.EmbargoedUntil.UTC().Truncate(time.Microsecond)
	if doc.Status == "" {
		doc.Status = claims.StatusUsable
	}
	return nil
}

// invalidAt is the offset of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(s)
}

// identity computes what makes a document the same one.
func identity(requestID string, doc *claims.Document) claims.Identity {
	key := doc.ExternalID
	if key == "" {
		key = doc.URL
	}
	id := claims.Identity{RequestID: requestID}
	h := sha256.New()
	write(h, "document/1", claims.NameKey(doc.Publisher), string(doc.Kind), key, instant(doc.PublishedAt), doc.Text)
	// A publication that is taken back, or let go, with not a word changed is a
	// new version.
	if doc.Status == claims.StatusCorrected || doc.Status == claims.StatusRetracted {
		write(h, "status", string(doc.Status))
	}
	if !doc.EmbargoedUntil.IsZero() {
		write(h, "embargo", instant(doc.EmbargoedUntil))
	}
	h.Sum(id.Hash[:0])
	if key != "" && doc.Publisher != "" {
		h.Reset()
		write(h, "series/1", claims.NameKey(doc.Publisher), key)
		h.Sum(id.Series[:0])
	}
	h.Reset()
	write(h, "request/1", string(doc.Kind), doc.Publisher, doc.Title, doc.Byline, doc.Dateline, doc.CreditLine, doc.URL, doc.ExternalID, doc.ForwardedFrom,
		doc.InReplyTo, doc.Language, instant(doc.PublishedAt), instant(doc.RetrievedAt), string(doc.Status), doc.Text)
	if !doc.EmbargoedUntil.IsZero() {
		write(h, "embargo", instant(doc.EmbargoedUntil))
	}
	h.Sum(id.RequestHash[:0])
	return id
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// write hashes fields with their lengths, so that no two lists of fields look
// alike.
func write(h hash.Hash, fields ...string) {
	var n [8]byte
	for _, f := range fields {
		binary.LittleEndian.PutUint64(n[:], uint64(len(f)))
		_, _ = h.Write(n[:])
		_, _ = h.Write([]byte(f))
	}
}
