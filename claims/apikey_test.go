package claims_test

import (
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
)

func TestARoleAllowsWhatThoseBeforeItDo(t *testing.T) {
	for i, have := range claims.CallerRoles {
		for j, least := range claims.CallerRoles {
			if got := have.Allows(least); got != (i >= j) {
				t.Errorf("%s allows %s: %v", have, least, got)
			}
		}
		if have.Allows("") || have.Allows("owner") || claims.CallerRole("owner").Allows(have) || claims.CallerRole("").Allows("") {
			t.Errorf("an unknown role beside %s allows something", have)
		}
	}
}

func TestCheckAPIKey(t *testing.T) {
	hash := [32]byte{1}
	for name, tt := range map[string]struct {
		key   claims.APIKey
		field string // "": it is sound
	}{
		"sound":             {claims.APIKey{Name: "desk-2@news.example", Role: claims.RoleEditor, Hash: hash}, ""},
		"no name":           {claims.APIKey{Role: claims.RoleEditor, Hash: hash}, "name"},
		"a long name":       {claims.APIKey{Name: strings.Repeat("a", 65), Role: claims.RoleEditor, Hash: hash}, "name"},
		"a name of 2 lines": {claims.APIKey{Name: "desk\n", Role: claims.RoleEditor, Hash: hash}, "name"},
		"an unknown role":   {claims.APIKey{Name: "desk", Role: "owner", Hash: hash}, "role"},
		"no hash":           {claims.APIKey{Name: "desk", Role: claims.RoleEditor}, "hash"},
	} {
		err := claims.CheckAPIKey(&tt.key)
		if (err == nil) != (tt.field == "") || err != nil && !strings.Contains(err.Error(), tt.field+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
