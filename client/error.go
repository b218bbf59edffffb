package client

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Violation is one wrong field of a request.
type Violation struct {
	Field       string // path in the request: "document.text"
	Description string // one sentence for a person
}

// Error is what a call failed with. Branch on Code and Reason; the message is
// for people and may change.
//
//	if e, ok := errors.AsType[*client.Error](err); ok && e.Reason == "TEXT_TOO_LARGE" { … }
type Error struct {
	Code       codes.Code
	Reason     string // stable upper-case word, "" when the server gave none
	Message    string
	Violations []Violation
	Metadata   map[string]string // small facts, such as the byte of invalid UTF-8
	RetryAfter time.Duration     // how long an overloaded server asks to wait; 0: it did not

	status *status.Status
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, v := range e.Violations {
		if !strings.Contains(e.Message, v.Description) {
			fmt.Fprintf(&b, "; %s: %s", v.Field, v.Description)
		}
	}
	word := e.Code.String()
	if e.Reason != "" {
		word = e.Reason
	}
	fmt.Fprintf(&b, " (%s)", word)
	return b.String()
}

// GRPCStatus lets status.FromError and status.Code read the error.
func (e *Error) GRPCStatus() *status.Status { return e.status }

func errorOf(err error) *Error {
	s := status.Convert(err)
	// After retries gRPC wraps the last status in words about the retrying.
	if last, ok := errors.AsType[interface {
		error
		GRPCStatus() *status.Status
	}](err); ok {
		s = last.GRPCStatus()
	}
	e := &Error{Code: s.Code(), Message: s.Message(), status: s}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			e.Reason, e.Metadata = d.GetReason(), d.GetMetadata()
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				e.Violations = append(e.Violations, Violation{Field: v.GetField(), Description: v.GetDescription()})
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = d.GetRetryDelay().AsDuration()
		}
	}
	return e
}
