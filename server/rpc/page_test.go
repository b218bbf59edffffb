package rpc

import (
	"testing"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// FuzzPageToken gives any token to a listing: it is refused with the name of the
// field, or it stands for a place whose own token is read as the same place.
func FuzzPageToken(f *testing.F) {
	request := func(token string) *secondsourcev1.ListDocumentsRequest {
		return &secondsourcev1.ListDocumentsRequest{Publisher: "Elsen Courier", PageSize: 7, PageToken: token}
	}
	p, _, err := pageOf(request(""))
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range []claims.Cursor{{}, {Key: -1, ID: "a"}, {Key: 1 << 62, ID: "0a1b\x00é"}} {
		f.Add(p.format(c))
	}
	f.Add("AAAA")
	f.Add("====")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, token string) {
		p, page, err := pageOf(request(token))
		switch {
		case err != nil:
			e, ok := err.(*claims.Error)
			if !ok || e.Code != claims.CodeInvalid || e.Reason != claims.ReasonPageToken || len(e.Violations) != 1 {
				t.Errorf("%q: %v", token, err)
			}
		case page.Size != 8:
			t.Errorf("%q: a page of %d rows", token, page.Size)
		case token != "":
			if again, ok := p.parse(p.format(page.After)); !ok || again != page.After {
				t.Errorf("%q is read as %+v, and that as %+v", token, page.After, again)
			}
		}
	})
}
