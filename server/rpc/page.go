package rpc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/secondsource/secondsource/claims"
)

// A page token is opaque to callers: base64 of a version byte, eight bytes of a
// hash over the request's type and filters, the cursor's key and its id. It
// points behind a row by its key, so rows that come and go between two pages
// neither repeat nor hide others, and it fits no request but the one it came
// from.
const (
	tokenVersion = 1
	tokenHash    = 8
	tokenHead    = 1 + tokenHash + 8
)

// defaultPage is the page size of a request that names none.
const defaultPage = 50

// pager reads and writes the tokens of one listing request.
type pager struct {
	hash [tokenHash]byte
	size int
}

// listRequest is what the listing requests have in common.
type listRequest interface {
	proto.Message
	GetPageSize() int32
	GetPageToken() string
}

// pageOf reads the page that a request asks for. One row more than the page
// holds is asked of the desk, to know whether there is a next page.
func pageOf(req listRequest) (pager, claims.Page, error) {
	p := pager{hash: filterHash(req), size: int(req.GetPageSize())}
	if p.size == 0 {
		p.size = defaultPage
	}
	page := claims.Page{Size: p.size + 1}
	if token := req.GetPageToken(); token != "" {
		after, ok := p.parse(token)
		if !ok {
			return p, page, &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonPageToken, Message: "the page token is not valid",
				Violations: []claims.Violation{{Field: "page_token", Description: "is not one that this listing gave out for the same filters"}}}
		}
		page.After = after
	}
	return p, page, nil
}

// cut takes the surplus row off and returns the token of the next page, or "".
func cut[T any](p pager, rows []T, position func(T) claims.Cursor) ([]T, string) {
	if len(rows) <= p.size {
		return rows, ""
	}
	rows = rows[:p.size]
	return rows, p.format(position(rows[p.size-1]))
}

func (p pager) format(c claims.Cursor) string {
	b := make([]byte, 0, tokenHead+len(c.ID))
	b = append(b, tokenVersion)
	b = append(b, p.hash[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(c.Key)) // #nosec G115 -- the bits go back the same way
	b = append(b, c.ID...)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (p pager) parse(token string) (claims.Cursor, bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < tokenHead || b[0] != tokenVersion || !bytes.Equal(b[1:1+tokenHash], p.hash[:]) {
		return claims.Cursor{}, false
	}
	return claims.Cursor{
		Key: int64(binary.BigEndian.Uint64(b[1+tokenHash : tokenHead])), // #nosec G115 -- as above
		ID:  string(b[tokenHead:]),
	}, true
}

// filterHash is over everything in the request but the page itself.
func filterHash(req listRequest) [tokenHash]byte {
	filters := proto.Clone(req).ProtoReflect()
	for _, name := range []protoreflect.Name{"page_size", "page_token"} {
		filters.Clear(filters.Descriptor().Fields().ByName(name))
	}
	// Deterministic within one build of the server; a token that a new build
	// does not know is refused, and the listing starts again.
	body, _ := proto.MarshalOptions{Deterministic: true}.Marshal(filters.Interface()) // was just unmarshalled
	sum := sha256.Sum256(append([]byte(filters.Descriptor().FullName()+"\x00"), body...))
	return [tokenHash]byte(sum[:tokenHash])
}
