package record

import (
	"fmt"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// APIKeyColumns are scanned by ScanAPIKey.
const APIKeyColumns = `name, role, hash, created_at, revoked_at` // #nosec G101 -- names of columns

// ScanAPIKey reads a row of APIKeyColumns.
func ScanAPIKey(scan func(dest ...any) error) (claims.APIKey, error) {
	var k claims.APIKey
	var hash []byte
	var created, revoked int64
	if err := scan(&k.Name, (*string)(&k.Role), &hash, &created, &revoked); err != nil {
		return k, err
	}
	if copy(k.Hash[:], hash) != len(k.Hash) {
		return k, damaged("an API key", fmt.Errorf("its hash has %d bytes", len(hash)))
	}
	k.CreatedAt = Instant(created)
	if revoked != Micros(time.Time{}) {
		k.RevokedAt = Instant(revoked)
	}
	return k, nil
}

// APIKeyExists refuses a key whose name or hash is taken.
func APIKeyExists(name string) error {
	return &claims.Error{Code: claims.CodeExists, Reason: claims.ReasonKeyExists,
		Message: fmt.Sprintf("there is, or was, a key %q: choose another name", name), Metadata: map[string]string{"name": name}}
}

// APIKeyNotFound says that there is no key of the name.
func APIKeyNotFound(name string) error {
	return &claims.Error{Code: claims.CodeNotFound, Reason: claims.ReasonKeyNotFound,
		Message: fmt.Sprintf("there is no key %q", name), Metadata: map[string]string{"name": name}}
}
