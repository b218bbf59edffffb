package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) checkCommand() *cobra.Command {
	var meta metadata
	var minOrigins int32
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "What stands behind each claim of a draft; store nothing",
		Long: `Reads a draft and says of each of its claims what is stored about it, the weakest
first: denied, unreported, of one origin, corroborated. Nothing is stored. The
draft's own text in the store, and versions of its publication, do not count and
are named. The file is read as "secondsource ingest" reads it; "-" is standard
input.`,
		Example: `  secondsource check --publisher "The Courier" draft.txt
  secondsource check --credit-line "Meridian Press Agency" - < draft.txt`,
		Args: exactlyOne("name one FILE to check, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			document, err := a.oneDocument(args[0], &meta)
			if err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				answer, err := c.CheckDraft(cmd.Context(), &secondsourcev1.CheckDraftRequest{Draft: document, MinOrigins: minOrigins})
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(answer)
				}
				forTerminal(answer)
				return a.printCheck(answer)
			})
		},
	}
	meta.flags(cmd.Flags())
	cmd.Flags().Int32Var(&minOrigins, "min-origins", 0, "how many independent origins you ask for; 0: 2")
	return cmd
}

// printCheck shows each claim with its verdict, who is for it and who against.
func (a *app) printCheck(answer *secondsourcev1.CheckDraftResponse) error {
	s, p := a.style(), &printer{w: a.stdout}
	if why := unread(answer.GetDraft().GetReading()); why != "" {
		p.linef("%s", why)
	}
	var order []secondsourcev1.Verdict
	number := map[secondsourcev1.Verdict]int{}
	for _, checked := range answer.GetClaims() {
		claim, c := checked.GetClaim(), checked.GetCorroboration()
		if number[c.GetVerdict()]++; number[c.GetVerdict()] == 1 {
			order = append(order, c.GetVerdict())
		}
		where := ""
		for _, e := range claim.GetEvidence()[:min(1, len(claim.GetEvidence()))] {
			where = fmt.Sprintf("[%d:%d]", e.GetSpan().GetStart(), e.GetSpan().GetEnd())
		}
		p.linef("%s  %s", s.bold(verdictName(c.GetVerdict())), s.dim(where))
		p.block(s, "  ", "  ", "“"+claim.GetText()+"”")
		p.block(s, "  ", "  ", plainVerdict(c))
		for _, o := range c.GetOrigins() {
			for _, e := range o.GetEvidence()[:min(1, len(o.GetEvidence()))] {
				p.block(s, "  - ", "    ", o.GetDisplayName()+" "+word(o.GetStance(), "STANCE_")+": "+marked(e.GetExcerpt(), nil))
				p.linef("    %s", s.dim(published(e)))
			}
		}
		p.linef("")
	}
	counts := make([]string, len(order))
	for i, v := range order {
		counts[i] = fmt.Sprintf("%d %s", number[v], strings.ToLower(verdictName(v)))
	}
	total := plural(len(answer.GetClaims()), "claim")
	if len(counts) > 0 {
		total += ": " + strings.Join(counts, ", ")
	}
	if n := answer.GetUnchecked(); n > 0 {
		total += fmt.Sprintf("; %d more were not checked", n)
	}
	p.linef("%s", total)
	for _, l := range answer.GetLeftOut() {
		why := "a version of the same publication"
		if l.GetReason() == secondsourcev1.LeftOutReason_LEFT_OUT_REASON_SAME_TEXT {
			why = fmt.Sprintf("the same text, %.0f%% of it", 100*l.GetCopy().GetContainment())
		}
		p.block(s, "  - ", "    ", fmt.Sprintf("did not count: %s, %s: %s", orUnknown(l.GetDocument().GetPublisher()), l.GetDocument().GetName(), why))
	}
	p.linef("")
	p.block(s, "", "", answer.GetDisclaimer())
	return p.err
}

func orUnknown(publisher string) string {
	if publisher == "" {
		return "publisher not known"
	}
	return publisher
}

// verdictName is a verdict in capitals, without its prefix.
func verdictName(v secondsourcev1.Verdict) string {
	return strings.ReplaceAll(strings.TrimPrefix(v.String(), "VERDICT_"), "_", " ")
}
