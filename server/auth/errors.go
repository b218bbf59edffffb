package auth

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/claims"
)

// Reasons of the statuses, as google.rpc.ErrorInfo.reason.
const (
	ReasonTokenMissing = "TOKEN_MISSING" // #nosec G101 -- names of reasons, no credentials
	ReasonTokenWrong   = "TOKEN_WRONG"   // #nosec G101
	ReasonKeyRevoked   = "KEY_REVOKED"   // UNAUTHENTICATED, as the two above
	ReasonRoleTooLow   = "ROLE_TOO_LOW"  // PERMISSION_DENIED
	reasonStarting     = "STARTING"      // UNAVAILABLE, as from a server without its index
)

// bearer is the secret that came with a call; sent is false when there is none.
func bearer(ctx context.Context) (secret string, sent bool, err error) {
	values := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(values) == 0 {
		return "", false, nil
	}
	scheme, secret, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "bearer") || len(values) > 1 {
		return "", true, refuse(ReasonTokenWrong, "authorization must be one bearer token")
	}
	return secret, true, nil
}

func refuse(reason, message string) error {
	return failure(codes.Unauthenticated, message, &errdetails.ErrorInfo{Reason: reason})
}

// deny says which role the caller has and which the method asks for.
func deny(who Identity, method string, least claims.CallerRole) error {
	return failure(codes.PermissionDenied, fmt.Sprintf("%s asks for the role %s; the key %q has the role %s", method, least, who.Name, who.Role),
		&errdetails.ErrorInfo{Reason: ReasonRoleTooLow, Metadata: map[string]string{"role": string(who.Role), "needed": string(least)}})
}

func starting() error {
	return failure(codes.Unavailable, "the server is starting: its API keys are being read", &errdetails.ErrorInfo{Reason: reasonStarting})
}

func failure(code codes.Code, message string, info *errdetails.ErrorInfo) error {
	info.Domain = "secondsource"
	s := status.New(code, message)
	if with, err := s.WithDetails(info); err == nil {
		s = with
	}
	return s.Err()
}
