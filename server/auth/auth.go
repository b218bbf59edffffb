// Package auth is who may call the server and what: API keys with roles, a static
// token, and the TLS configuration that keeps them secret on the way. Gate is the
// interceptor, roles.go the table of what each method asks for.
package auth

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
)

// minToken is the least length of a token, in bytes: shorter ones can be
// guessed over the network.
const minToken = 16

// Token is a secret that stands in a file, whose callers are admins.
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

// is compares in constant time; hashing first makes it so whatever the length.
func (t *Token) is(secret string) bool {
	if t == nil {
		return false
	}
	sum := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sum[:], t.sum[:]) == 1
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

// RequireClientCert lets only callers connect that show a certificate of one of
// the authorities in a PEM file. It says nothing of roles: keys do.
func RequireClientCert(config *tls.Config, caFile string) error {
	pem, err := os.ReadFile(caFile) // #nosec G304 -- the operator names the file
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s holds no PEM certificate", caFile)
	}
	config.ClientCAs, config.ClientAuth = pool, tls.RequireAndVerifyClientCert
	return nil
}
