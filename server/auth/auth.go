// Package auth is who may call the server: a static bearer token, checked in
// constant time, and the TLS configuration that keeps it secret on the way.
package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"fmt"
	"os"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Reasons of the UNAUTHENTICATED status, as google.rpc.ErrorInfo.reason.
const (
	ReasonTokenMissing = "TOKEN_MISSING" // #nosec G101 -- names of reasons, no credentials
	ReasonTokenWrong   = "TOKEN_WRONG"   // #nosec G101
)

// minToken is the least length of a token, in bytes: shorter ones can be
// guessed over the network.
const minToken = 16

// Token lets callers pass that know the token. grpc.health.v1 stays open: load
// balancers ask it without credentials, and it tells nothing but up or down.
type Token struct {
	sum [sha256.Size]byte
}

// NewToken makes the check for a token of 16 bytes or more without white space.
func NewToken(token string) (*Token, error) {
	if len(token) < minToken {
		return nil, fmt.Errorf("the token has %d bytes; it needs %d at least", len(token), minToken)
	}
	if strings.ContainsAny(token, " \t\r\n") {
		return nil, fmt.Errorf("the token holds white space")
	}
	return &Token{sum: sha256.Sum256([]byte(token))}, nil
}

// ReadToken reads the token from a file; white space around it is dropped.
func ReadToken(path string) (*Token, error) {
	b, err := os.ReadFile(path) // #nosec G304 -- the operator names the file
	if err != nil {
		return nil, err
	}
	t, err := NewToken(string(bytes.TrimSpace(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Unary checks unary calls.
func (t *Token) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := t.check(ctx, info.FullMethod); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

// Stream checks streams: reflection is behind the token too.
func (t *Token) Stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if err := t.check(stream.Context(), info.FullMethod); err != nil {
		return err
	}
	return next(srv, stream)
}

func (t *Token) check(ctx context.Context, method string) error {
	if strings.HasPrefix(method, "/grpc.health.v1.") {
		return nil
	}
	values := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(values) == 0 {
		return refuse(ReasonTokenMissing, "this server asks for a bearer token")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	// Hashing first makes the comparison take the same time whatever the length.
	sum := sha256.Sum256([]byte(token))
	right := subtle.ConstantTimeCompare(sum[:], t.sum[:]) == 1
	if !strings.EqualFold(scheme, "bearer") || !right || len(values) > 1 {
		return refuse(ReasonTokenWrong, "the bearer token is not this server's")
	}
	return nil
}

func refuse(reason, message string) error {
	s := status.New(codes.Unauthenticated, message)
	if with, err := s.WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: "secondsource"}); err == nil {
		s = with
	}
	return s.Err()
}

// ServerTLS loads a certificate chain and its key, both PEM. TLS 1.2 is the
// least that is spoken.
func ServerTLS(certFile, keyFile string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
