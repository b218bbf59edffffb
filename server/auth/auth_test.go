package auth_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/secondsource/secondsource/server/auth"
)

const secret = "correct-horse-battery"

func TestTokensThatCanBeGuessedAreRefused(t *testing.T) {
	for _, bad := range []string{"", "short", "long enough but spaced"} {
		if _, err := auth.NewToken(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.ReadToken(path); err != nil {
		t.Errorf("a newline at the end of the file is no part of the token: %v", err)
	}
}
