package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// judgeClaims are the decisions about claims, below "claims".
func (a *app) judgeClaims() []*cobra.Command {
	return []*cobra.Command{a.stanceCommand(), a.relationCommand(), a.asserterCommand()}
}

// isClaimName tells the name of a stored claim from words.
func isClaimName(s string) bool {
	return strings.HasPrefix(s, "documents/") && strings.Contains(s, "/claims/") && !strings.ContainsAny(s, " \t\n")
}

func (a *app) stanceCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "stance CLAIM supports|refutes|neutral TOWARD --reason WHY",
		Short: "Judge whether a stored claim supports another, or words",
		Long: `Says whether a stored claim supports or refutes another one. It decides when that
one is asked about, by its name or in its words.`,
		Example: `  secondsource claims stance documents/4f1c…/claims/2 refutes "A dam broke in Zenda on 3 March 2026" --reason "another dam"`,
		Args:    exactly(3, "name the claim, its stance, and the claim towards which it has it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			stance, ok := secondsourcev1.Stance_value["STANCE_"+strings.ToUpper(args[1])]
			if !ok || stance == 0 {
				return fmt.Errorf("%q is none of supports, refutes and neutral", args[1])
			}
			req := &secondsourcev1.SetStanceRequest{Claim: documentName(args[0]), Stance: secondsourcev1.Stance(stance), Reason: why.reason, RequestId: why.requestID}
			switch {
			case !utf8.ValidString(args[2]):
				return fmt.Errorf("%q is not valid UTF-8", args[2])
			case isClaimName(args[2]):
				req.Toward = &secondsourcev1.SetStanceRequest_TowardClaim{TowardClaim: args[2]}
			default:
				req.Toward = &secondsourcev1.SetStanceRequest_ClaimText{ClaimText: args[2]}
			}
			return a.decide(&why, func(c *client.Client) error {
				answer, err := c.SetStance(cmd.Context(), req)
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

func (a *app) relationCommand() *cobra.Command {
	var why deciding
	var contradiction string
	cmd := &cobra.Command{
		Use:   "relation CLAIM equivalent|entails|contradicts|updates|related|unrelated TO --reason WHY",
		Short: "Judge how a stored claim stands to another",
		Long: `Says how one stored claim stands to another: "entails" that it cannot be true
without the other. It decides when the other is asked about; but for "entails" and
"updates" also the other way round.`,
		Args: exactly(3, "name the claim, its relation, and the claim to which it stands so"),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, ok := secondsourcev1.RelationKind_value["RELATION_KIND_"+strings.ToUpper(args[1])]
			if !ok || kind == 0 {
				return fmt.Errorf("%q is none of equivalent, entails, contradicts, updates, related and unrelated", args[1])
			}
			req := &secondsourcev1.SetRelationRequest{Claim: documentName(args[0]), Relation: secondsourcev1.RelationKind(kind), To: documentName(args[2]),
				Reason: why.reason, RequestId: why.requestID}
			if contradiction != "" {
				in, ok := secondsourcev1.ContradictionKind_value["CONTRADICTION_KIND_"+strings.ToUpper(contradiction)]
				if !ok || in == 0 {
					return fmt.Errorf("--in: %q is none of negation, quantity, time, place, entity, role and antonym", contradiction)
				}
				req.Contradiction = secondsourcev1.ContradictionKind(in)
			}
			return a.decide(&why, func(c *client.Client) error {
				answer, err := c.SetRelation(cmd.Context(), req)
				if err != nil {
					return err
				}
				return a.decided(cmd.Context(), c, answer, answer.GetJudgement())
			})
		},
	}
	cmd.Flags().StringVar(&contradiction, "in", "", "in `what` they contradict: negation, quantity, time, place, entity, role or antonym")
	why.flags(cmd)
	return cmd
}

func (a *app) asserterCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "asserter CLAIM SOURCE|nobody --reason WHY",
		Short: "Judge who asserts a stored claim",
		Long: `Says who asserts a stored claim, in the place of the asserter that was read. The
source is named by its id, a name or a handle; the document's own publisher says
that it speaks in its own voice, "nobody" that nobody is known to say so.`,
		Args: exactly(2, "name the claim and its asserter, or nobody"),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.SetAttributionRequest{Claim: documentName(args[0]), Reason: why.reason, RequestId: why.requestID}
			return a.decide(&why, func(c *client.Client) (err error) {
				if args[1] != "nobody" {
					if req.Asserter, err = sourceNamed(cmd.Context(), c, args[1]); err != nil {
						return err
					}
				}
				answer, err := c.SetAttribution(cmd.Context(), req)
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
