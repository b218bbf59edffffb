// Package manual writes the manual pages of the project's programs from what
// their commands say of themselves.
package manual

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// Command is the hidden command "man FOLDER" of a program: it writes a page for the
// program and one for each of its commands, in section 1. Packagers call it.
func Command() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write the manual pages into a folder",
		Long:   "Writes a page for the program and one for each command, for section 1 of the manual.",
		Hidden: true,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name the FOLDER to write the pages into")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			pages, err := Write(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d pages are in %s\n", pages, args[0])
			return err
		},
	}
}

// Write writes the pages of a program into a folder, which is made when it is not
// there, and says how many there are. What one build writes is always the same:
// the date is that of its source.
func Write(root *cobra.Command, folder string) (pages int, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil { // #nosec G301 -- manuals are for everybody
		return 0, err
	}
	root.DisableAutoGenTag = true
	root.InitDefaultCompletionCmd()
	name := strings.ToUpper(root.Name())
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: name, Section: "1", Source: "Second Source", Manual: "Second Source", Date: sourceDate()}, folder); err != nil {
		return 0, err
	}
	written, err := filepath.Glob(filepath.Join(folder, root.Name()+"*.1"))
	return len(written), err
}

// sourceDate is when the source of this build was committed; the beginning of 1970
// when that is not known.
func sourceDate() *time.Time {
	at := time.Unix(0, 0).UTC()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key != "vcs.time" {
				continue
			}
			if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
				at = t
			}
		}
	}
	return &at
}
