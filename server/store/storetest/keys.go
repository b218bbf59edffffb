package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

// RunKeys checks stores of API keys against the contract in claims/apikey.go.
// fresh returns a function that opens one and the same database, empty at first,
// each time it is called, while others of it may be open; the suite closes each.
func RunKeys(t *testing.T, fresh func(t *testing.T) (open func() claims.APIKeys)) {
	t.Helper()
	for _, tt := range keyTests {
		t.Run(tt.name, func(t *testing.T) {
			open := fresh(t)
			tt.run(t, func() claims.APIKeys {
				k := open()
				t.Cleanup(func() {
					if err := k.Close(); err != nil {
						t.Error(err)
					}
				})
				return k
			})
		})
	}
}

func apiKey(name string, role claims.CallerRole, n byte) claims.APIKey {
	return claims.APIKey{Name: name, Role: role, Hash: [32]byte{0: 0, 1: n, 31: 0xff}, CreatedAt: at(int(n))}
}

func createKeys(t *testing.T, s claims.APIKeys, keys ...claims.APIKey) {
	t.Helper()
	for _, k := range keys {
		if err := s.CreateAPIKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
}

var keyTests = []struct {
	name string
	run  func(t *testing.T, open func() claims.APIKeys)
}{
	{"every field comes back, in order of name, on every connection", func(t *testing.T, open func() claims.APIKeys) {
		s, other := open(), open()
		same(t, "keys of an empty store", 0, len(must(s.APIKeys(t.Context()))(t)))
		a, b, c := apiKey("a", claims.RoleAdmin, 1), apiKey("b.2@desk", claims.RoleReader, 2), apiKey("b_", claims.RoleEditor, 3)
		createKeys(t, s, b, c, a)
		want := []claims.APIKey{a, b, c}
		same(t, "keys", want, must(s.APIKeys(t.Context()))(t))
		same(t, "keys of another connection", want, must(other.APIKeys(t.Context()))(t))
		same(t, "keys of a later one", want, must(open().APIKeys(t.Context()))(t))
	}},
	{"a name or a hash is given once, also after it was revoked", func(t *testing.T, open func() claims.APIKeys) {
		s := open()
		createKeys(t, s, apiKey("a", claims.RoleAdmin, 1))
		_, err := s.RevokeAPIKey(t.Context(), "a", at(5))
		same(t, "error", nil, err)
		wantCode(t, s.CreateAPIKey(t.Context(), apiKey("a", claims.RoleReader, 2)), claims.CodeExists, claims.ReasonKeyExists)
		wantCode(t, s.CreateAPIKey(t.Context(), apiKey("b", claims.RoleReader, 1)), claims.CodeExists, claims.ReasonKeyExists)
		same(t, "keys", 1, len(must(s.APIKeys(t.Context()))(t)))
	}},
	{"what is no key is refused", func(t *testing.T, open func() claims.APIKeys) {
		s := open()
		wantCode(t, s.CreateAPIKey(t.Context(), apiKey("A\x00b", claims.RoleAdmin, 1)), claims.CodeInvalid, "")
		wantCode(t, s.CreateAPIKey(t.Context(), apiKey("a", "owner", 1)), claims.CodeInvalid, "")
		wantCode(t, s.CreateAPIKey(t.Context(), claims.APIKey{Name: "a", Role: claims.RoleAdmin}), claims.CodeInvalid, "")
	}},
	{"revoking is for good and keeps its first time", func(t *testing.T, open func() claims.APIKeys) {
		s := open()
		a, b := apiKey("a", claims.RoleAdmin, 1), apiKey("b", claims.RoleAdmin, 2)
		createKeys(t, s, a, b)
		a.RevokedAt = at(7)
		for n := range 3 {
			same(t, "revoked", a, must(s.RevokeAPIKey(t.Context(), "a", at(7+n)))(t))
		}
		same(t, "keys", []claims.APIKey{a, b}, must(open().APIKeys(t.Context()))(t))
		for _, none := range []string{"c", "A", "", "a\x00", "' OR 1=1 --", "\xff"} {
			_, err := s.RevokeAPIKey(t.Context(), none, at(9))
			wantCode(t, err, claims.CodeNotFound, claims.ReasonKeyNotFound)
		}
	}},
	{"of many who want one name at once, one gets it", func(t *testing.T, open func() claims.APIKeys) {
		const n = 8
		errs := make([]error, n)
		var wg sync.WaitGroup
		for i, s := range []claims.APIKeys{open(), open()} {
			for j := range n / 2 {
				wg.Go(func() {
					errs[i*n/2+j] = s.CreateAPIKey(t.Context(), apiKey("a", claims.RoleReader, byte(i*n/2+j+1)))
				})
			}
		}
		wg.Wait()
		got := 0
		for _, err := range errs {
			if err == nil {
				got++
			} else {
				wantCode(t, err, claims.CodeExists, claims.ReasonKeyExists)
			}
		}
		same(t, fmt.Sprintf("those who got it (%v)", errs), 1, got)
	}},
	{"a closed store says so", func(t *testing.T, open func() claims.APIKeys) {
		s := open()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := s.APIKeys(t.Context())
		wantCode(t, err, claims.CodeUnavailable, claims.ReasonStoreClosed)
		wantCode(t, s.CreateAPIKey(t.Context(), apiKey("a", claims.RoleAdmin, 1)), claims.CodeUnavailable, claims.ReasonStoreClosed)
		_, err = s.RevokeAPIKey(t.Context(), "a", day)
		wantCode(t, err, claims.CodeUnavailable, claims.ReasonStoreClosed)
	}},
}
