package main

import (
	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) originsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "origins",
		Short: "Judge whether assertions go back to one origin",
		Long: `An assertion is named by a stored claim, documents/ID/claims/N, or by a document
for whatever it asserts.`,
	}
	cmd.AddCommand(a.joinCommand(), a.partCommand())
	return cmd
}

func (a *app) joinCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "join ASSERTION WITH --reason WHY",
		Short: "Judge two assertions to go back to one origin",
		Args:  exactly(2, "name two claims, or documents"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(&why, func(c *client.Client) error {
				answer, err := c.JoinOrigins(cmd.Context(), &secondsourcev1.JoinOriginsRequest{
					Assertion: documentName(args[0]), With: documentName(args[1]), Reason: why.reason, RequestId: why.requestID})
				if err != nil {
					return err
				}
				return a.decided(cmd.Context(), c, answer, answer.GetJudgement())
			})
		},
	}
	why.flags(cmd)
	return cmd
}

func (a *app) partCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "part ASSERTION FROM --reason WHY",
		Short: "Judge two assertions to go back to two origins",
		Long:  "Judges two assertions to have two origins, whatever their wording, credits and sources\nsay. The first has one of its own from then on.",
		Args:  exactly(2, "name two claims, or documents"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(&why, func(c *client.Client) error {
				answer, err := c.PartOrigins(cmd.Context(), &secondsourcev1.PartOriginsRequest{
					Assertion: documentName(args[0]), From: documentName(args[1]), Reason: why.reason, RequestId: why.requestID})
				if err != nil {
					return err
				}
				return a.decided(cmd.Context(), c, answer, answer.GetJudgement())
			})
		},
	}
	why.flags(cmd)
	return cmd
}
