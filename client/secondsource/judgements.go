package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) judgementsCommand() *cobra.Command {
	var kind, about, by, from, to string
	var limit int
	cmd := &cobra.Command{
		Use:   "judgements [JUDGEMENT]",
		Short: "List what editors decided, the latest first, or show one decision",
		Long: `Lists the log of what editors decided, with who, when and why, and beside it
which sources were registered and changed and which documents were deleted.`,
		Example: `  secondsource judgements --about sources/rta
  secondsource judgements --kind set-stance --from 2026-03-01
  secondsource judgements judgements/7`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return fmt.Errorf("--limit: %d is less than 0", limit)
			}
			if len(args) == 1 {
				return a.showJudgement(cmd, args[0])
			}
			req := &secondsourcev1.ListJudgementsRequest{About: about, Editor: by, PageSize: maxPage}
			if kind != "" {
				value, ok := secondsourcev1.JudgementKind_value["JUDGEMENT_KIND_"+strings.ToUpper(strings.ReplaceAll(kind, "-", "_"))]
				if !ok || value == 0 {
					return fmt.Errorf("--kind: there is no kind of judgement %q", kind)
				}
				req.Kind = secondsourcev1.JudgementKind(value)
			}
			var err error
			req.Decided = &secondsourcev1.TimeRange{}
			if req.Decided.From, err = parseTime("from", from); err != nil {
				return err
			}
			if req.Decided.To, err = parseTime("to", to); err != nil {
				return err
			}
			return a.with(func(c *client.Client) error { return a.listJudgements(cmd.Context(), c, req, limit) })
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only of this `kind`, such as merge-sources, set-stance or undo")
	cmd.Flags().StringVar(&about, "about", "", "only about this source, claim or document, by resource `name`")
	cmd.Flags().StringVar(&by, "editor", "", "only by this `editor`")
	cmd.Flags().StringVar(&from, "from", "", "only decided at this `time` or later")
	cmd.Flags().StringVar(&to, "to", "", "only decided before this `time`")
	cmd.Flags().IntVar(&limit, "limit", 0, "list at most this many; 0: all")
	return cmd
}

func (a *app) listJudgements(ctx context.Context, c *client.Client, req *secondsourcev1.ListJudgementsRequest, limit int) error {
	page := &secondsourcev1.ListJudgementsResponse{}
	for j, err := range c.AllJudgements(ctx, req) {
		if err != nil {
			return err
		}
		if page.Judgements = append(page.Judgements, j); len(page.GetJudgements()) == limit {
			break
		}
	}
	if a.output == "json" {
		return a.printJSON(page)
	}
	names := sourceNames(ctx, c, page.GetJudgements()...)
	forTerminal(page)
	p := &printer{w: a.stdout}
	undone := takenBack(page.GetJudgements())
	for _, j := range page.GetJudgements() {
		a.printJudgement(p, j, names)
		if by := undone[j.GetName()]; by != "" {
			p.linef("    taken back by %s", by)
		}
	}
	p.linef("%s", plural(len(page.GetJudgements()), "judgement"))
	return p.err
}

// takenBack says of entries of a log, the latest first, which other one of them took
// them back and still stands.
func takenBack(latestFirst []*secondsourcev1.Judgement) map[string]string {
	by := map[string]string{}
	for _, j := range latestFirst {
		if j.GetUndoes() != "" && by[j.GetName()] == "" {
			by[j.GetUndoes()] = j.GetName()
		}
	}
	return by
}

func (a *app) showJudgement(cmd *cobra.Command, name string) error {
	return a.with(func(c *client.Client) error {
		answer, err := c.GetJudgement(cmd.Context(), &secondsourcev1.GetJudgementRequest{Name: judgementName(name)})
		if err != nil {
			return err
		}
		return a.decided(cmd.Context(), c, answer, answer.GetJudgement())
	})
}

// sourceNames are the names of the sources that judgements are about, by resource
// name: those met in documents have ids that tell nobody anything. What is not known
// any more is left out.
func sourceNames(ctx context.Context, c *client.Client, js ...*secondsourcev1.Judgement) map[string]string {
	names := map[string]string{}
	for _, j := range js {
		for _, source := range []string{j.GetSubject(), j.GetObject()} {
			if _, had := names[source]; had || !strings.HasPrefix(source, "sources/") {
				continue
			}
			names[source] = ""
			if answer, err := c.GetSource(ctx, &secondsourcev1.GetSourceRequest{Name: source}); err == nil {
				names[source] = blank(answer.GetSource().GetCanonicalName())
			}
		}
	}
	return names
}

// judgementName lets people leave the collection's name out.
func judgementName(name string) string {
	return "judgements/" + strings.TrimPrefix(name, "judgements/")
}

// decided shows a judgement; answer is the message that brought it.
func (a *app) decided(ctx context.Context, c *client.Client, answer proto.Message, j *secondsourcev1.Judgement) error {
	if a.output == "json" {
		return a.printJSON(answer)
	}
	names := sourceNames(ctx, c, j)
	forTerminal(answer)
	p := &printer{w: a.stdout}
	a.printJudgement(p, j, names)
	return p.err
}

// printJudgement shows what was decided, about what, and by whom, when and why.
func (a *app) printJudgement(p *printer, j *secondsourcev1.Judgement, names map[string]string) {
	s := a.style()
	about := []string{word(j.GetKind(), "JUDGEMENT_KIND_")}
	for _, name := range []string{j.GetSubject(), j.GetObject()} {
		switch {
		case names[name] != "":
			about = append(about, name+" ("+names[name]+")")
		case name != "":
			about = append(about, name)
		}
	}
	p.linef("%s  %s", s.bold(j.GetName()), strings.Join(about, "  "))
	for _, key := range slices.Sorted(maps.Keys(j.GetValue())) {
		if key == "erased" {
			p.linef("    what it said went with a deleted document")
			continue
		}
		if j.GetValue()[key] == "" {
			continue
		}
		p.block(s, "    ", "    ", strings.ReplaceAll(key, "_", " ")+": "+j.GetValue()[key])
	}
	if j.GetUndoes() != "" {
		p.linef("    takes back %s", j.GetUndoes())
	}
	who := j.GetEditor()
	if who == "" {
		who = "an editor"
	}
	p.linef("    %s", s.dim(who+", "+when(j.GetDecidedAt())))
	if j.GetReason() != "" {
		p.block(s, "    ", "    ", "“"+j.GetReason()+"”")
	}
}

func (a *app) undoCommand() *cobra.Command {
	var why deciding
	cmd := &cobra.Command{
		Use:   "undo JUDGEMENT --reason WHY",
		Short: "Take a judgement back, or bring back what was taken back",
		Long: `Takes a judgement back: what it had taken the place of stands again, and answers
are what they were before. Undoing the undoing brings it back. The log keeps all
three.`,
		Args: exactlyOne("name one judgement, such as judgements/7"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(&why, func(c *client.Client) error {
				answer, err := c.UndoJudgement(cmd.Context(), &secondsourcev1.UndoJudgementRequest{
					Name: judgementName(args[0]), Reason: why.reason, RequestId: why.requestID})
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

// deciding is what all decisions have in common.
type deciding struct{ reason, requestID string }

func (d *deciding) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.reason, "reason", "", "`why`, for the log and the answers it shapes; required")
	cmd.Flags().StringVar(&d.requestID, "request-id", "", "an `id` of your own: the same decision sent again under it changes nothing")
}

// decide connects and runs f, when a reason is given.
func (a *app) decide(d *deciding, f func(*client.Client) error) error {
	if strings.TrimSpace(d.reason) == "" {
		return errors.New("--reason: say why; it stays in the log")
	}
	return a.with(f)
}
