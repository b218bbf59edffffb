package claims

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of failure an Error is; the transport maps each to one
// status of its own.
type Code string

// The codes. A plain error that carries none is an internal failure.
const (
	CodeInvalid     Code = "INVALID"     // the caller's input is wrong; Violations name the fields
	CodeNotFound    Code = "NOT_FOUND"   // the named thing is not stored
	CodeExists      Code = "EXISTS"      // the name or request id is taken by something else
	CodeConflict    Code = "CONFLICT"    // the state changed under the caller (stale revision)
	CodeTooLarge    Code = "TOO_LARGE"   // a field is over its limit; Violations name field, size and limit
	CodeOverloaded  Code = "OVERLOADED"  // queues are full: try again later
	CodeUnavailable Code = "UNAVAILABLE" // closed, shutting down, or the database cannot be reached
	CodeCorrupt     Code = "CORRUPT"     // stored bytes fail their checksum
	CodeUnsupported Code = "UNSUPPORTED" // well-formed, but this build or store does not do it
	CodeReadOnly    Code = "READ_ONLY"   // the store cannot be written (disk full, read-only folder)
	// CodePrecondition: the request is right in itself and does not go with what
	// stands; Violations name the fields.
	CodePrecondition Code = "PRECONDITION"
)

// Reasons are stable UPPER_SNAKE_CASE words a program can branch on; they reach
// clients as google.rpc.ErrorInfo.reason.
const (
	ReasonEmptyText        = "EMPTY_TEXT"
	ReasonTextTooLarge     = "TEXT_TOO_LARGE"
	ReasonInvalidUTF8      = "INVALID_UTF8"
	ReasonInvalidField     = "INVALID_FIELD"
	ReasonSourceNotFound   = "SOURCE_NOT_FOUND"
	ReasonDocumentNotFound = "DOCUMENT_NOT_FOUND"
	ReasonClaimNotFound    = "CLAIM_NOT_FOUND"
	ReasonSourceExists     = "SOURCE_EXISTS"
	ReasonNoJudgement      = "JUDGEMENT_NOT_FOUND"
	ReasonContradicts      = "CONTRADICTS_JUDGEMENT"
	ReasonNotStanding      = "JUDGEMENT_NOT_STANDING"
	ReasonNotUndoable      = "JUDGEMENT_NOT_UNDOABLE"
	ReasonKeyNotFound      = "KEY_NOT_FOUND"
	ReasonKeyExists        = "KEY_EXISTS"
	ReasonRequestReused    = "REQUEST_ID_REUSED"
	ReasonStaleRevision    = "STALE_REVISION"
	ReasonStaleVersion     = "STALE_VERSION"
	ReasonControlCycle     = "CONTROL_CYCLE"
	ReasonPageToken        = "PAGE_TOKEN_INVALID"
	ReasonNoClaim          = "NO_CLAIM_IN_QUERY"
	ReasonAnswerTooLarge   = "ANSWER_TOO_LARGE"
	ReasonOverloaded       = "OVERLOADED"
	ReasonStoreClosed      = "STORE_CLOSED"
	ReasonStoreFull        = "STORE_FULL"
	ReasonStoreCorrupt     = "STORE_CORRUPT"
)

// Violation is one wrong field of a request.
type Violation struct {
	Field       string // path in the request, dots between the names: "document.text"
	Description string // one sentence for a person, with the limit and the value's size where there is one
}

// Error is a failure with a code, a stable reason and, for wrong input, the
// fields at fault. It wraps its cause.
type Error struct {
	Code       Code
	Reason     string            // one of the Reason constants
	Message    string            // one sentence for a person; holds no secrets
	Violations []Violation       // for CodeInvalid, CodeTooLarge and CodePrecondition
	Metadata   map[string]string // small facts a program may use, such as "limit"
	Err        error             // the cause, or nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "; %s: %s", v.Field, v.Description)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf finds the code of an error that wraps an *Error; "" when none does.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Invalid is a CodeInvalid error about one field.
func Invalid(field, description string) *Error {
	return &Error{Code: CodeInvalid, Reason: ReasonInvalidField, Message: "the request is not valid",
		Violations: []Violation{{Field: field, Description: description}}}
}

// NotFound is a CodeNotFound error about a resource name.
func NotFound(reason, name string) *Error {
	return &Error{Code: CodeNotFound, Reason: reason, Message: fmt.Sprintf("%q is not stored", name),
		Metadata: map[string]string{"name": name}}
}
