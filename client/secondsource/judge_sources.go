package main

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// judgeSources are the decisions about sources, below "sources".
func (a *app) judgeSources() []*cobra.Command {
	return []*cobra.Command{a.mergeCommand(), a.splitCommand(), a.controlCommand(), a.gradeCommand()}
}

// sourceNamed finds the resource name of a source by id, name or handle: those met
// in documents have ids that nobody types.
func sourceNamed(ctx context.Context, c *client.Client, name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%q is not valid UTF-8", name)
	}
	answer, err := c.ResolveSource(ctx, &secondsourcev1.ResolveSourceRequest{Query: name})
	if err != nil {
		return "", err
	}
	return answer.GetSource().GetName(), nil
}

// sourcesNamed finds two.
func sourcesNamed(ctx context.Context, c *client.Client, names []string) (first, second string, err error) {
	if first, err = sourceNamed(ctx, c, names[0]); err == nil {
		second, err = sourceNamed(ctx, c, names[1])
	}
	return first, second, err
}

func (a *app) mergeCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:     "merge SOURCE INTO --reason WHY",
		Short:   "Judge a source to be another, under whose name answers show both",
		Long:    "Judges a source to be another. Each is named by its id, a name or a handle.",
		Example: `  secondsource sources merge "The Daily Courier" courier --reason "its old name"`,
		Args:    exactly(2, "name the source and the one that it is"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(&why, func(c *client.Client) error {
				source, into, err := sourcesNamed(cmd.Context(), c, args)
				if err != nil {
					return err
				}
				answer, err := c.MergeSources(cmd.Context(), &secondsourcev1.MergeSourcesRequest{Source: source, Into: into, Reason: why.reason, RequestId: why.requestID})
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

func (a *app) splitCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "split SOURCE FROM --reason WHY",
		Short: "Judge a source not to be another, nor to speak for it",
		Long: `Judges two sources to be two, whatever their names and controllers say. Each is
named by its id, a name or a handle. The first stands for itself from then on.`,
		Args: exactly(2, "name the source and the one that it is not"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(&why, func(c *client.Client) error {
				source, from, err := sourcesNamed(cmd.Context(), c, args)
				if err != nil {
					return err
				}
				answer, err := c.SplitSources(cmd.Context(), &secondsourcev1.SplitSourcesRequest{Source: source, From: from, Reason: why.reason, RequestId: why.requestID})
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

func (a *app) controlCommand() *cobra.Command {
	var why deciding
	var from, to string
	cmd := &cobra.Command{
		Use:   "control SOURCE CONTROLLER|none --reason WHY",
		Short: "Judge who controls a source, and when",
		Long: `Sets who controls a source, in the place of all controllers that it is registered
with. Each is named by its id, a name or a handle; "none" says that nobody does.`,
		Args: exactly(2, "name the source and its controller, or none"),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.SetControllerRequest{Reason: why.reason, RequestId: why.requestID}
			if from != "" || to != "" {
				req.Valid = &secondsourcev1.TimeRange{}
				var err error
				if req.Valid.From, err = parseTime("from", from); err != nil {
					return err
				}
				if req.Valid.To, err = parseTime("to", to); err != nil {
					return err
				}
			}
			return a.decide(&why, func(c *client.Client) (err error) {
				if req.Source, err = sourceNamed(cmd.Context(), c, args[0]); err != nil {
					return err
				}
				if args[1] != "none" {
					if req.Controller, err = sourceNamed(cmd.Context(), c, args[1]); err != nil {
						return err
					}
				}
				answer, err := c.SetController(cmd.Context(), req)
				if err != nil {
					return err
				}
				return a.decided(cmd.Context(), c, answer, answer.GetJudgement())
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "it is controlled from this `time` on")
	cmd.Flags().StringVar(&to, "to", "", "it is controlled until this `time`")
	why.flags(cmd)
	return cmd
}

func (a *app) gradeCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "grade SOURCE A-F --reason WHY",
		Short: "Judge how reliable a source is, after the Admiralty code",
		Long: `Sets the reliability of a source: A (completely reliable) to E (unreliable), F
(cannot be judged). It is shown beside a verdict and never enters it.`,
		Args: exactly(2, "name the source and a grade from A to F"),
		RunE: func(cmd *cobra.Command, args []string) error {
			grade, ok := secondsourcev1.Reliability_value["RELIABILITY_"+strings.ToUpper(args[1])]
			if !ok || grade == 0 {
				return fmt.Errorf("%q is none of A to F", args[1])
			}
			return a.decide(&why, func(c *client.Client) error {
				source, err := sourceNamed(cmd.Context(), c, args[0])
				if err != nil {
					return err
				}
				answer, err := c.SetReliability(cmd.Context(), &secondsourcev1.SetReliabilityRequest{
					Source: source, Reliability: secondsourcev1.Reliability(grade), Reason: why.reason, RequestId: why.requestID})
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
