package claims

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// CallerRole is what a caller of the server may do. Each may do all that the ones
// before it may.
type CallerRole string

// The roles, in rising order.
const (
	RoleReader      CallerRole = "reader"      // asks and reads, stores nothing
	RoleContributor CallerRole = "contributor" // also stores documents and later versions of them
	RoleEditor      CallerRole = "editor"      // also keeps the registry of sources and judges
	RoleAdmin       CallerRole = "admin"       // also erases
)

// CallerRoles are all of them, in rising order.
var CallerRoles = []CallerRole{RoleReader, RoleContributor, RoleEditor, RoleAdmin}

// Known tells whether it is one of CallerRoles.
func (r CallerRole) Known() bool { return slices.Contains(CallerRoles, r) }

// Allows tells whether r may do what the least role asked for may. An unknown
// role may do nothing, and nobody what asks for an unknown one.
func (r CallerRole) Allows(least CallerRole) bool {
	return r.Known() && least.Known() && slices.Index(CallerRoles, r) >= slices.Index(CallerRoles, least)
}

// APIKey is one caller's permission to use the API. The secret itself is nowhere
// kept.
type APIKey struct {
	Name      string // of the caller, for logs and audits; never given to a second key
	Role      CallerRole
	Hash      [32]byte  // SHA-256 of the secret, which has 256 random bits
	CreatedAt time.Time // whole microseconds, UTC
	RevokedAt time.Time // zero: it is valid
}

// Revoked tells whether the key lets nobody in any more.
func (k *APIKey) Revoked() bool { return !k.RevokedAt.IsZero() }

var apiKeyName = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{0,63}$`)

// CheckAPIKey refuses keys that cannot be stored: CodeInvalid naming the field.
func CheckAPIKey(k *APIKey) error {
	switch {
	case !apiKeyName.MatchString(k.Name):
		return Invalid("name", fmt.Sprintf("%q is not 1 to 64 characters of a-z, 0-9, '.', '_', '@' and '-', the first a letter or digit", k.Name))
	case !k.Role.Known():
		return Invalid("role", fmt.Sprintf("%q is none of %v", k.Role, CallerRoles))
	case k.Hash == [32]byte{}:
		return Invalid("hash", "is missing")
	}
	return nil
}

// APIKeys is where the API keys of a database are kept. All methods are safe for
// concurrent use, also while servers run on the database. Errors are those of
// Store.
type APIKeys interface {
	// APIKeys returns all keys, revoked ones too, in order of name.
	APIKeys(ctx context.Context) ([]APIKey, error)
	// CreateAPIKey stores a new key. A name or hash that any key has, a revoked
	// one too, is CodeExists with ReasonKeyExists.
	CreateAPIKey(ctx context.Context, k APIKey) error
	// RevokeAPIKey makes the key invalid from the time on, for good, and returns
	// it. One that is revoked already keeps its time.
	RevokeAPIKey(ctx context.Context, name string, at time.Time) (APIKey, error)
	// Close releases what Open took.
	Close() error
}
