package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) documentsCommand() *cobra.Command {
	var publisher string
	var limit int
	var latest, versions bool
	cmd := &cobra.Command{
		Use:   "documents [DOCUMENT]",
		Short: "List stored documents, the last published first, or show one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return fmt.Errorf("--limit: %d is less than 0", limit)
			}
			for _, name := range []string{"publisher", "latest", "limit"} {
				if len(args) == 1 && cmd.Flags().Changed(name) {
					return fmt.Errorf("--%s is for a list of documents, not for one", name)
				}
			}
			return a.with(func(c *client.Client) error {
				if len(args) == 1 && versions {
					return a.listVersions(cmd, c, documentName(args[0]))
				}
				if versions {
					return errors.New("--versions: name the DOCUMENT whose versions to list")
				}
				if len(args) == 1 {
					return a.showDocument(cmd, c, documentName(args[0]))
				}
				req := &secondsourcev1.ListDocumentsRequest{Publisher: publisher, LatestVersionOnly: latest, PageSize: maxPage}
				page := &secondsourcev1.ListDocumentsResponse{}
				for d, err := range c.AllDocuments(cmd.Context(), req) {
					if err != nil {
						return err
					}
					if page.Documents = append(page.Documents, d); len(page.GetDocuments()) == limit {
						break
					}
				}
				if a.output == "json" {
					return a.printJSON(page)
				}
				forTerminal(page)
				return a.printDocuments(page.GetDocuments())
			})
		},
	}
	cmd.AddCommand(a.documentsDeleteCommand())
	cmd.Flags().StringVar(&publisher, "publisher", "", "only documents of this `publisher`")
	cmd.Flags().BoolVar(&latest, "latest", false, "leave out versions that a later one replaced")
	cmd.Flags().BoolVar(&versions, "versions", false, "list the versions of the DOCUMENT's publication")
	cmd.Flags().IntVar(&limit, "limit", 0, "list at most this many; 0: all")
	return cmd
}

func (a *app) printDocuments(documents []*secondsourcev1.Document) error {
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	p := &printer{w: w}
	p.linef("PUBLISHED\tPUBLISHER\tKIND\tTITLE\tNAME")
	for _, d := range documents {
		publisher := d.GetPublisher()
		if publisher == "" {
			publisher = "not known"
		}
		title := short(d.GetTitle(), 60)
		if d.GetStatus() > secondsourcev1.DocumentStatus_DOCUMENT_STATUS_USABLE {
			title = strings.ToUpper(word(d.GetStatus(), "DOCUMENT_STATUS_")) + ": " + title
		}
		title = strings.TrimSuffix(embargoed(d.GetEmbargoedUntil())+title, ": ") // it may have none
		p.linef("%s\t%s\t%s\t%s\t%s", when(d.GetPublishedAt()), publisher, word(d.GetKind(), "DOCUMENT_KIND_"), title, d.GetName())
	}
	if p.err != nil {
		return p.err
	}
	return w.Flush()
}

// short cuts text to n characters.
func short(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}

func (a *app) showDocument(cmd *cobra.Command, c *client.Client, name string) error {
	answer, err := c.GetDocument(cmd.Context(), &secondsourcev1.GetDocumentRequest{Name: name})
	if err != nil {
		return err
	}
	if a.output == "json" {
		return a.printJSON(answer)
	}
	forTerminal(answer)
	d := answer.GetDocument()
	p := &printer{w: a.stdout}
	for _, row := range [][2]string{
		{"Name", d.GetName()}, {"Title", d.GetTitle()}, {"Publisher", d.GetPublisher()}, {"Kind", word(d.GetKind(), "DOCUMENT_KIND_")},
		{"Published", when(d.GetPublishedAt())}, {"Embargo", strings.TrimSuffix(strings.TrimPrefix(embargoed(d.GetEmbargoedUntil()), "EMBARGOED "), ": ")}, {"Ingested", when(d.GetIngestedAt())}, {"URL", d.GetUrl()},
		{"Forwarded", d.GetForwardedFrom()}, {"Credit", d.GetCreditLine()}, {"Status", word(d.GetStatus(), "DOCUMENT_STATUS_")},
		{"Version", fmt.Sprint(d.GetVersion())}, {"Previous", d.GetPrevious()}, {"Next", d.GetNext()}, {"Language", d.GetReading().GetLanguage()},
	} {
		if row[1] != "" {
			p.linef("%-10s %s", row[0], row[1])
		}
	}
	for _, copied := range d.GetCopies() {
		p.linef("%-10s %s %s (%.0f%%)", "Wording", shared(copied.GetKind()), copied.GetDocument(), 100*copied.GetContainment())
	}
	p.linef("\n%s", d.GetText())
	return p.err
}

func (a *app) listVersions(cmd *cobra.Command, c *client.Client, name string) error {
	page := &secondsourcev1.ListVersionsResponse{}
	for d, err := range c.AllVersions(cmd.Context(), &secondsourcev1.ListVersionsRequest{Name: name, PageSize: maxPage}) {
		if err != nil {
			return err
		}
		page.Documents = append(page.Documents, d)
	}
	if a.output == "json" {
		return a.printJSON(page)
	}
	forTerminal(page)
	return a.printDocuments(page.GetDocuments())
}

func (a *app) documentsDeleteCommand() *cobra.Command {
	var reason string
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete DOCUMENT --reason WHY",
		Short: "Erase a document, all its versions, and everything derived from it",
		Long: `Erases a document, all versions of it, and everything derived from it. It cannot
be taken back. The server's log keeps the ids, the time and the reason, so the
reason should name nobody.

On a terminal it asks before it erases; elsewhere it needs --yes.`,
		Args: exactlyOne("name one document, such as documents/0a1b"),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := documentName(args[0])
			if strings.TrimSpace(reason) == "" {
				return errors.New("--reason: say why; it stays in the log")
			}
			return a.with(func(c *client.Client) error {
				if !yes {
					if err := a.confirmDelete(cmd, c, name); err != nil {
						return err
					}
				}
				answer, err := c.DeleteDocument(cmd.Context(), &secondsourcev1.DeleteDocumentRequest{Name: name, Reason: reason})
				if err != nil {
					return err
				}
				if a.output == "json" {
					return a.printJSON(answer)
				}
				p := &printer{w: a.stdout}
				for _, d := range answer.GetDocuments() {
					p.linef("erased %s", d)
				}
				p.linef("%d claims went with it; %s says so", answer.GetClaims(), answer.GetJudgement())
				return p.err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`why`, for the log; required")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// confirmDelete shows what is about to be erased and waits for a yes.
func (a *app) confirmDelete(cmd *cobra.Command, c *client.Client, name string) error {
	if in, ok := a.stdin.(*os.File); !ok || !term.IsTerminal(int(in.Fd())) { // #nosec G115 -- file descriptors are small
		return errors.New("nobody can be asked here: add --yes to erase it")
	}
	answer, err := c.GetDocument(cmd.Context(), &secondsourcev1.GetDocumentRequest{Name: name})
	if err != nil {
		return err
	}
	forTerminal(answer)
	d := answer.GetDocument()
	if _, err := fmt.Fprintf(a.stderr, "%s, %s: %s\nErase it with all its versions and claims, for good? [y/N] ",
		when(d.GetPublishedAt()), d.GetPublisher(), short(d.GetTitle()+" "+d.GetText(), 60)); err != nil {
		return err
	}
	line, err := bufio.NewReader(a.stdin).ReadString('\n')
	if word := strings.ToLower(strings.TrimSpace(line)); err != nil || word != "y" && word != "yes" {
		return errors.New("nothing was erased")
	}
	return nil
}
