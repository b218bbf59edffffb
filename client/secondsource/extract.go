package main

import (
	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) extractCommand() *cobra.Command {
	var meta metadata
	cmd := &cobra.Command{
		Use:   "extract FILE",
		Short: "Read a text into claims and who asserts them; store nothing",
		Long: `Reads a text into claims and who asserts them, and stores nothing. The file is
read as "secondsource ingest" reads it; "-" is standard input.`,
		Example: `  secondsource extract --kind article --published-at 2026-03-07 dam.txt
  echo "The dam broke on Tuesday, the ministry said." | secondsource extract -`,
		Args: exactlyOne("name one FILE to read, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			document, err := a.oneDocument(args[0], &meta)
			if err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				answer, err := c.ExtractClaims(cmd.Context(), &secondsourcev1.ExtractClaimsRequest{Document: document})
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(answer)
				}
				forTerminal(answer)
				p := &printer{w: a.stdout}
				if why := unread(answer.GetDocument().GetReading()); why != "" {
					p.linef("%s", why)
				}
				return a.printClaims(p, answer.GetClaims())
			})
		},
	}
	meta.flags(cmd.Flags())
	return cmd
}
