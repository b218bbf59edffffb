package manual_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/packaging/manual"
)

// program is one with a command and the manual's.
func program(out *bytes.Buffer) *cobra.Command {
	root := &cobra.Command{Use: "desk", Short: "A desk", SilenceErrors: true, SilenceUsage: true}
	ask := &cobra.Command{Use: "ask QUESTION", Short: "Ask it", Run: func(*cobra.Command, []string) {}}
	ask.Flags().String("since", "", "a `time` to begin at")
	root.AddCommand(ask, manual.Command())
	root.SetOut(out)
	return root
}

func TestEachCommandHasAPage(t *testing.T) {
	var first []byte
	for range 2 { // the same, each time
		var out bytes.Buffer
		folder := filepath.Join(t.TempDir(), "man", "man1")
		root := program(&out)
		root.SetArgs([]string{"man", folder})
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(filepath.Join(folder, "desk-ask.1"))
		if err != nil || !bytes.Contains(page, []byte("Ask it")) || !bytes.Contains(page, []byte("since")) {
			t.Errorf("%s, error %v", page, err)
		}
		if first != nil && !bytes.Equal(first, page) {
			t.Error("the page is another each time")
		}
		first = page
		if _, err := os.Stat(filepath.Join(folder, "desk-man.1")); err == nil || !strings.Contains(out.String(), "pages are in "+folder) {
			t.Errorf("the hidden command has a page, or nothing is said: %s", &out)
		}
	}
	root := program(&bytes.Buffer{})
	root.SetArgs([]string{"man"})
	if err := root.Execute(); err == nil {
		t.Error("no folder is no mistake")
	}
}
