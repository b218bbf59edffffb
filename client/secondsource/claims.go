package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) claimsCommand() *cobra.Command {
	var asserter, kind string
	cmd := &cobra.Command{
		Use:   "claims [DOCUMENT]",
		Short: "List the claims of a document, or of an asserter",
		Example: `  secondsource claims documents/4f1c…
  secondsource claims --asserter "Russian Foreign Ministry"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.ListClaimsRequest{Asserter: asserter, PageSize: maxPage}
			if len(args) == 1 {
				req.Document = documentName(args[0])
				if of, _, isClaim := strings.Cut(req.GetDocument(), "/claims/"); isClaim {
					return fmt.Errorf("%s is a claim: secondsource claims %s lists it with its neighbours", args[0], of)
				}
			}
			if kind != "" {
				value, ok := secondsourcev1.ClaimKind_value["CLAIM_KIND_"+strings.ToUpper(kind)]
				if !ok {
					return fmt.Errorf("--kind: %q is neither event nor utterance", kind)
				}
				req.Kind = secondsourcev1.ClaimKind(value)
			}
			return a.with(func(c *client.Client) error {
				all := &secondsourcev1.ListClaimsResponse{}
				for claim, err := range c.AllClaims(cmd.Context(), req) {
					if err != nil {
						return err
					}
					all.Claims = append(all.Claims, claim)
				}
				if a.output == "json" {
					return a.printJSON(all)
				}
				forTerminal(all)
				return a.printClaims(&printer{w: a.stdout}, all.GetClaims())
			})
		},
	}
	cmd.AddCommand(a.judgeClaims()...)
	cmd.Flags().StringVar(&asserter, "asserter", "", "only claims that this `source`, name or handle asserts")
	cmd.Flags().StringVar(&kind, "kind", "", "event or utterance")
	return cmd
}

// maxPage is the largest page the server gives.
const maxPage = 500

// documentName lets people leave the collection's name out.
func documentName(name string) string { return "documents/" + strings.TrimPrefix(name, "documents/") }

// printClaims shows each claim, who asserts it, and the words that state it.
func (a *app) printClaims(p *printer, claims []*secondsourcev1.Claim) error {
	s := a.style()
	document := ""
	for _, c := range claims {
		number := fmt.Sprintf("%3d  ", c.GetIndex())
		const indent = "     "
		if of, _, _ := strings.Cut(c.GetName(), "/claims/"); of != document {
			document = of
			publisher := "publisher not known"
			if hops := c.GetAttribution().GetHops(); len(hops) > 0 {
				publisher = hopName(hops[0])
			}
			p.linef("%s, %s", s.bold(publisher), document)
		}
		text := c.GetText()
		if s.escapes {
			text = string(markOn) + text + string(markOff)
		}
		p.block(s, number, indent, text)
		p.linef("%s%s: %s", indent, said(c.GetAttribution()), chain(c.GetAttribution()))
		traits := []string{word(c.GetKind(), "CLAIM_KIND_")}
		if c.GetPolarity() == secondsourcev1.Polarity_POLARITY_NEGATIVE {
			traits = append(traits, "negative")
		}
		traits = append(traits, word(c.GetModality(), "MODALITY_"))
		if t := c.GetFrame().GetTime(); t.GetStart() != nil {
			traits = append(traits, "on "+period(t))
		}
		p.linef("%s%s", indent, s.dim(strings.Join(traits, " · ")))
		for _, e := range c.GetEvidence() {
			p.block(s, indent, indent, fmt.Sprintf("[%d:%d] %s", e.GetSpan().GetStart(), e.GetSpan().GetEnd(), e.GetText()))
		}
		for _, doubt := range c.GetDoubts() {
			p.block(s, indent, indent, "doubt: "+doubt)
		}
		p.linef("")
	}
	p.linef("%s", plural(len(claims), "claim"))
	return p.err
}

// period is a time in a claim: a day where it is one, else both bounds.
func period(t *secondsourcev1.ClaimTime) string {
	start, end := t.GetStart().AsTime(), t.GetEnd()
	if end == nil || !end.AsTime().After(start.AddDate(0, 0, 1)) {
		return start.Format("2006-01-02")
	}
	return start.Format("2006-01-02") + " to " + end.AsTime().AddDate(0, 0, -1).Format("2006-01-02")
}
