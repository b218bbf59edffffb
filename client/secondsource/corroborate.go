package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) corroborateCommand() *cobra.Command {
	var asOf, asOfKnown, from, to string
	var sources []string
	var minOrigins int32
	cmd := &cobra.Command{
		Use:   "corroborate CLAIM",
		Short: "How many independent origins stand behind a claim",
		Long: `Says which stored documents support or contradict a claim and how many
independent origins stand behind them. The claim is a sentence of your own words,
or the name of a stored claim.`,
		Example: `  secondsource corroborate "A dam broke in Zenda on 3 March 2026"
  secondsource corroborate documents/4f1c…/claims/2 --as-of 2026-03-04`,
		Args: exactlyOne(`give one claim, in quotes: secondsource corroborate "A met B on 3 May 2026"`),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.CorroborateRequest{Sources: sources, MinOrigins: minOrigins}
			if !utf8.ValidString(args[0]) {
				return fmt.Errorf("%q is not valid UTF-8", args[0])
			}
			switch isName := strings.HasPrefix(args[0], "documents/") && !strings.ContainsAny(args[0], " \t\n"); {
			case isName && strings.Contains(args[0], "/claims/"):
				req.Subject = &secondsourcev1.CorroborateRequest_Claim{Claim: args[0]}
			case isName:
				return fmt.Errorf("%s is a document: name one of its claims, as %s/claims/1; secondsource claims %s lists them", args[0], args[0], args[0])
			default:
				req.Subject = &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: args[0]}
			}
			var err error
			if req.AsOfPublished, err = parseUntil("as-of", asOf); err != nil {
				return err
			}
			if req.AsOfKnown, err = parseUntil("as-of-known", asOfKnown); err != nil {
				return err
			}
			if from != "" || to != "" {
				req.Published = &secondsourcev1.TimeRange{}
				if req.Published.From, err = parseTime("from", from); err != nil {
					return err
				}
				if req.Published.To, err = parseTime("to", to); err != nil {
					return err
				}
			}
			return a.with(func(c *client.Client) error {
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
	return cmd
}
