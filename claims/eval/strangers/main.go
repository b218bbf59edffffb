// Command strangers asks stored stories what nobody said:
//
//	go run ./claims/eval/strangers -in scenarios/dev [-v]
//
// Each story's names are put into plain sentences about something else ("the
// Halden Bridge was sold"). No document says so, so every answer but UNREPORTED is
// an error. Its figure is how often a reader who asks about the right people is
// told what was never reported.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

func main() {
	in := flag.String("in", "", "folder of scenarios")
	verbose := flag.Bool("v", false, "print every answer that is wrong")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *in, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "strangers:", err)
		os.Exit(1)
	}
}

// sentences are what is asked of a name. None is what the stories are about; a
// story that happens to tell one is an error counted where there is none.
var sentences = []string{
	"%s was sold to a foreign investor", "%s won a prize for poetry", "%s opened a museum of glass", "%s bought an airline",
	"%s signed a treaty on fishing with Iceland", "%s cancelled a concert", "%s planted a thousand trees", "%s was painted blue",
	"%s raised its prices by 12 percent", "%s hired forty nurses", "%s praised the national football team", "%s moved its archive to Canada",
}

// maxNames bounds the names of one story that are asked about, those told most.
const maxNames = 4

type tally struct{ asked, wrong int }

func run(ctx context.Context, w io.Writer, in string, verbose bool) error {
	all, verdicts := tally{}, map[claims.Verdict]int{}
	err := dataset.EachScenario(in, func(s *dataset.Scenario) (err error) {
		c, err := s.Open(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.Close()) }()
		for _, name := range names(c) {
			for _, sentence := range sentences {
				text := fmt.Sprintf(sentence, name)
				a, err := c.Corroborate(ctx, claims.Query{Text: text})
				if e, ok := errors.AsType[*claims.Error](err); ok && e.Reason == claims.ReasonNoClaim {
					continue
				}
				if err != nil {
					return fmt.Errorf("%q: %w", text, err)
				}
				all.asked++
				if a.Verdict == claims.Unreported {
					continue
				}
				all.wrong++
				verdicts[a.Verdict]++
				if verbose {
					if _, err := io.WriteString(w, show(s.ID, text, &a)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "asked %d, told what nobody said %d (%.2f%%)\n", all.asked, all.wrong, 100*float64(all.wrong)/float64(max(1, all.asked)))
	for _, v := range []claims.Verdict{claims.SingleOrigin, claims.Corroborated, claims.Disputed, claims.Refuted} {
		fmt.Fprintf(&b, "  %-14s %d\n", v, verdicts[v])
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func show(story, text string, a *claims.Corroboration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s\n", story, text, a.Verdict)
	for i := range a.Origins {
		for _, e := range a.Origins[i].Evidence {
			fmt.Fprintf(&b, "    %s %.2f %q: %s\n", e.Stance, e.Relation.Score, e.Claim.Text, e.Relation.Why)
		}
	}
	return b.String()
}

// names are those that a story's claims speak of most.
func names(c *dataset.Corpus) []string {
	count := map[string]int{}
	for i := range c.Stored {
		for k := range c.Stored[i].Claims {
			for _, a := range c.Stored[i].Claims[k].Frame.Arguments {
				if a.Entity != "" && !strings.HasPrefix(a.Entity, "@") {
					count[a.Entity]++
				}
			}
		}
	}
	var all []string
	for n := range count {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return all[:min(maxNames, len(all))]
}
