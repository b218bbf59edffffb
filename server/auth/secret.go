package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// secretPrefix lets people and scanners of leaked secrets tell what it is.
const secretPrefix = "ssk_"

// secretBytes is how many random bytes a secret has: too many to be guessed, so
// that one round of SHA-256 hides it.
const secretBytes = 32

// NewAPIKey makes a key and its secret, which nobody can find out from the key.
// Errors are those of claims.CheckAPIKey.
func NewAPIKey(name string, role claims.CallerRole, at time.Time) (key claims.APIKey, secret string, err error) {
	var b [secretBytes]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails (Go 1.24)
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	key = claims.APIKey{Name: name, Role: role, Hash: sha256.Sum256([]byte(secret)), CreatedAt: at.UTC().Truncate(time.Microsecond)}
	if err := claims.CheckAPIKey(&key); err != nil {
		return claims.APIKey{}, "", fmt.Errorf("the key: %w", err)
	}
	return key, secret, nil
}
