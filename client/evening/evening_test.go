package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// builtFrom lists the folders of what the programs are built from: go test then
// knows that this result does not hold when something in them changes.
func builtFrom(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheEvening runs what `make evening` runs: the real programs, from the first
// report to the last export. Each step checks itself.
func TestTheEvening(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the programs, and waits for a feed to be asked again")
	}
	builtFrom(t, "../../server", "../../claims", "../../client", "../../proto")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("SECONDSOURCE_TOKEN_FILE", "/nonexistent") // a setting of whoever runs it is none of the story's
	var out bytes.Buffer
	without, err := tell(t.Context(), &out)
	if err != nil {
		t.Fatalf("%v; before:\n%s", err, &out)
	}
	// In this order the editor is told.
	told := out.String()
	for _, line := range []string{
		"[watch] UNREPORTED: ", "[watch] SINGLE ORIGIN, was UNREPORTED: ", "[watch] CORROBORATED, was SINGLE ORIGIN: ", "[watch] DISPUTED, was CORROBORATED: ",
		"[watch] CORROBORATED, was DISPUTED: ", "ROLE_TOO_LOW", "[watch] SINGLE ORIGIN, was CORROBORATED: ", "[watch] CORROBORATED, was SINGLE ORIGIN: ",
		"3 claims: 1 unreported, 2 corroborated", "[check] every claim of the draft has two origins: 2 CORROBORATED", "[export] claims.jsonl: ",
	} {
		_, rest, found := strings.Cut(told, line)
		if !found {
			t.Fatalf("it does not tell, in its place, %q:\n%s", line, &out)
		}
		told = rest
	}
	left, err := os.ReadDir(temporary)
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "secondsource") {
			t.Errorf("%s is left", f.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
	if len(without) > 0 {
		t.Skipf("no client in %s asked: make clients", strings.Join(without, " and "))
	}
}
