package claims_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestErrors(t *testing.T) {
	cause := &claims.Error{Code: claims.CodeReadOnly, Reason: claims.ReasonStoreFull, Message: "the disk is full", Err: fs.ErrPermission}
	for _, tt := range []struct {
		err  error
		code claims.Code
		says string
	}{
		{claims.Invalid("document.text", "is empty"), claims.CodeInvalid, "the request is not valid; document.text: is empty"},
		{claims.NotFound(claims.ReasonDocumentNotFound, "documents/x"), claims.CodeNotFound, `"documents/x" is not stored`},
		{cause, claims.CodeReadOnly, "the disk is full: permission denied"},
		{fmt.Errorf("ingesting: %w", cause), claims.CodeReadOnly, "ingesting: the disk is full: permission denied"},
		{errors.Join(fs.ErrClosed, cause), claims.CodeReadOnly, "file already closed\nthe disk is full: permission denied"},
		{fs.ErrClosed, "", "file already closed"},
	} {
		if got := claims.CodeOf(tt.err); got != tt.code || tt.err.Error() != tt.says {
			t.Errorf("%q with %q, want %q with %q", got, tt.err, tt.code, tt.says)
		}
	}
	if claims.CodeOf(nil) != "" {
		t.Error("no error has a code")
	}
	if !errors.Is(cause, fs.ErrPermission) {
		t.Error("the cause is lost")
	}
}
