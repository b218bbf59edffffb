package gateway

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Reasons of google.rpc.ErrorInfo that arise here; the others are the gRPC
// server's, whose domain this is.
const (
	errorDomain       = "secondsource"
	reasonMalformed   = "MALFORMED_MESSAGE"
	reasonInvalidUTF8 = "INVALID_UTF8"
	reasonTooLarge    = "BODY_TOO_LARGE"
	reasonMediaType   = "MEDIA_TYPE_NOT_SUPPORTED"
	reasonCrossOrigin = "CROSS_ORIGIN"
	reasonHost        = "HOST_NOT_LOCAL"
	reasonNoRoute     = "NO_SUCH_PATH"
	reasonMethod      = "METHOD_NOT_ALLOWED"
)

// refusal is a status with its reason.
func refusal(code codes.Code, reason, message string) error {
	s := status.New(code, message)
	if with, err := s.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain}); err == nil {
		s = with
	}
	return s.Err()
}

// codeOf is the gRPC code that goes with an HTTP status given here.
func codeOf(httpStatus int) codes.Code {
	switch httpStatus {
	case http.StatusForbidden, http.StatusMisdirectedRequest:
		return codes.PermissionDenied
	case http.StatusNotFound:
		return codes.NotFound
	case http.StatusMethodNotAllowed:
		return codes.Unimplemented
	}
	return codes.InvalidArgument
}

// refuse answers a request that makes no call.
func refuse(w http.ResponseWriter, r *http.Request, mux *runtime.ServeMux, httpStatus int, reason, message string) {
	err := &runtime.HTTPStatusError{HTTPStatus: httpStatus, Err: refusal(codeOf(httpStatus), reason, message)}
	runtime.HTTPError(r.Context(), mux, newFormat(), w, r, err)
}

// writeError answers with google.rpc.Status. What the routes themselves find wrong
// (JSON that is no message of the call, a path that cannot be read) comes without
// details and gets a reason here.
func writeError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	s := status.Convert(err)
	if _, ok := errors.AsType[*runtime.HTTPStatusError](err); !ok && s.Code() == codes.InvalidArgument && len(s.Details()) == 0 {
		err = refusal(codes.InvalidArgument, reasonMalformed, plain(s.Message()))
	}
	for _, detail := range s.Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(retry.GetRetryDelay().AsDuration().Seconds()))))
		}
	}
	// The id of a call that may be sent again comes behind it.
	if md, ok := runtime.ServerMetadataFromContext(ctx); ok {
		for _, id := range md.TrailerMD.Get("x-request-id") {
			w.Header().Set("X-Request-ID", id)
		}
	}
	if s.Code() == codes.Unauthenticated {
		w = &challenging{w}
	}
	runtime.DefaultHTTPErrorHandler(ctx, mux, m, w, r, err)
}

// challenging names the scheme of RFC 6750, in whose place the library puts the
// status's message.
type challenging struct{ http.ResponseWriter }

func (c *challenging) WriteHeader(code int) {
	c.Header().Set("WWW-Authenticate", `Bearer realm="secondsource"`)
	c.ResponseWriter.WriteHeader(code)
}

// plain takes out of protojson's messages what it varies from build to build.
func plain(message string) string {
	message = strings.ReplaceAll(message, "\u00a0", " ")
	message = strings.TrimPrefix(message, "proto: ")
	if strings.Contains(message, "unexpected EOF") || strings.HasPrefix(message, "syntax error") || strings.HasPrefix(message, "unexpected token") {
		return "the body is no JSON of this call: " + message
	}
	return message
}

// writeRoutingError answers requests that no route takes.
func writeRoutingError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	reason, message := reasonNoRoute, "there is nothing at "+r.URL.Path+"; "+OpenAPIPath+" lists what there is"
	switch httpStatus {
	case http.StatusMethodNotAllowed:
		reason, message = reasonMethod, r.Method+" is not what "+r.URL.Path+" answers to"
	case http.StatusNotFound:
	default:
		reason, message = reasonMalformed, "the path cannot be read"
	}
	runtime.HTTPError(ctx, mux, m, w, r, &runtime.HTTPStatusError{HTTPStatus: httpStatus, Err: refusal(codeOf(httpStatus), reason, message)})
}
