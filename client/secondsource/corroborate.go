package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) corroborateCommand() *cobra.Command {
	var asOf, asOfKnown, from, to, file string
	var sources []string
	var minOrigins int32
	var watch bool
	cmd := &cobra.Command{
		Use:   "corroborate CLAIM",
		Short: "How many independent origins stand behind a claim",
		Long: `Says which stored documents support or contradict a claim and how many
independent origins stand behind them. The claim is a sentence of your own words,
or the name of a stored claim. With --file each line of a file is one, and the
answers come in short. With --watch the answer comes again whenever it changes.`,
		Example: `  secondsource corroborate "A dam broke in Zenda on 3 March 2026"
  secondsource corroborate documents/4f1c…/claims/2 --as-of 2026-03-04
  secondsource corroborate --file claims.txt`,
		Args: func(cmd *cobra.Command, args []string) error {
			if file == "" {
				return exactlyOne(`give one claim, in quotes: secondsource corroborate "A met B on 3 May 2026"`)(cmd, args)
			}
			if len(args) > 0 || watch {
				return errors.New("--file goes with neither a CLAIM nor --watch")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.CorroborateRequest{}
			var err error
			if file == "" {
				if req, err = subjectOf(args[0]); err != nil {
					return err
				}
			}
			if watch && (asOf != "" || asOfKnown != "") {
				return errors.New("--watch goes with neither --as-of nor --as-of-known: what is as of a time does not change")
			}
			req.Sources, req.MinOrigins = sources, minOrigins
			if req.AsOfPublished, err = parseUntil("as-of", asOf); err != nil {
				return err
			}
			if req.AsOfKnown, err = parseUntil("as-of-known", asOfKnown); err != nil {
				return err
			}
			if req.Published, err = rangeOf(from, to); err != nil {
				return err
			}
			var all []asked
			if file != "" {
				if all, err = a.questionsIn(file, req); err != nil {
					return err
				}
			}
			return a.with(func(c *client.Client) error {
				switch {
				case file != "":
					return a.corroborateAll(cmd.Context(), c, file, all)
				case watch:
					return a.watch(cmd.Context(), c, watching(req), "", a.printAnswerAgain)
				}
				answer, err := c.Corroborate(cmd.Context(), req)
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(answer)
				}
				forTerminal(answer)
				return a.printCorroboration(answer.GetCorroboration())
			})
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&asOf, "as-of", "", "only documents published at or before this `time`; a date means its end")
	f.StringVar(&asOfKnown, "as-of-known", "", "only documents that the server had stored at this `time`; a date means its end")
	f.StringVar(&from, "from", "", "only documents published at this `time` or later")
	f.StringVar(&to, "to", "", "only documents published before this `time`")
	f.StringArrayVar(&sources, "source", nil, "only documents of this `publisher`; may be repeated")
	f.Int32Var(&minOrigins, "min-origins", 0, "how many independent origins you ask for; 0: 2")
	f.StringVar(&file, "file", "", "ask of each line of this `file`; \"-\" is standard input")
	f.BoolVar(&watch, "watch", false, "answer again whenever the verdict or the origins change")
	return cmd
}

// printAnswerAgain shows the whole answer behind what brought it about.
func (a *app) printAnswerAgain(e *secondsourcev1.WatchResponse) error {
	s, p := a.style(), &printer{w: a.stdout}
	if e.GetBefore() != nil {
		p.linef("\n%s  %s", when(e.GetAt()), s.bold("changed"))
		for _, cause := range e.GetCauses() {
			p.block(s, "  - ", "    ", causeOf(cause))
		}
		p.linef("")
	}
	if p.err != nil {
		return p.err
	}
	return a.printCorroboration(e.GetCorroboration())
}
