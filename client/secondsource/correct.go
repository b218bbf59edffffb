package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) correctCommand() *cobra.Command {
	var meta metadata
	cmd := &cobra.Command{
		Use:   "correct DOCUMENT FILE",
		Short: "Store a corrected version of a document",
		Long: `Stores FILE, a plain text or a document as JSON ("-" is standard input), as the
corrected version of a document. It stands in its place from then on; answers as
of an earlier time stay as they were. What neither the file nor a flag says is as
before, and the correction is published now unless --published-at says when.`,
		Example: `  secondsource correct documents/76009ce748b990ab --published-at 2026-05-05T09:00:00Z dam.txt`,
		Args:    exactly(2, "name a DOCUMENT and the FILE with its corrected text"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.oneDocument(args[1], &meta)
			if err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				answer, err := c.CorrectDocument(cmd.Context(), &secondsourcev1.CorrectDocumentRequest{Name: documentName(args[0]), Document: d})
				if err != nil {
					return err
				}
				return a.printVersion(answer.GetDocument(), answer.GetOutcome(), func() error { return a.printJSON(answer) })
			})
		},
	}
	meta.flags(cmd.Flags())
	return cmd
}

func (a *app) retractCommand() *cobra.Command {
	var notice, at string
	cmd := &cobra.Command{
		Use:   "retract DOCUMENT",
		Short: "Store that a document was taken back",
		Long: `Stores a version of a document that is retracted: what the publication asserts
itself stops counting, and every relay of it with it. Answers as of an earlier
time stay as they were.`,
		Example: `  secondsource retract documents/76009ce748b990ab --notice "The Courier withdraws this report."`,
		Args:    exactlyOne("name one DOCUMENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := parseTime("at", at)
			if err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				answer, err := c.RetractDocument(cmd.Context(), &secondsourcev1.RetractDocumentRequest{Name: documentName(args[0]), Notice: notice, RetractedAt: t})
				if err != nil {
					return err
				}
				return a.printVersion(answer.GetDocument(), answer.GetOutcome(), func() error { return a.printJSON(answer) })
			})
		},
	}
	cmd.Flags().StringVar(&notice, "notice", "", "what its publisher says of it, the `text` of the new version")
	cmd.Flags().StringVar(&at, "at", "", "`time` at which it was taken back (default: now)")
	return cmd
}

// oneDocument reads a file that holds one document.
func (a *app) oneDocument(path string, meta *metadata) (*secondsourcev1.Document, error) {
	if err := meta.fill(&secondsourcev1.Document{}); err != nil {
		return nil, err
	}
	r := &reading{app: a, meta: meta}
	var document *secondsourcev1.Document
	for it := range r.items(source{path: path}) {
		req, err := r.request(it)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", it.where, err)
		case req == nil:
			continue
		case document != nil:
			return nil, fmt.Errorf("%s holds more than one document", path)
		}
		document = req.GetDocument()
	}
	if document == nil {
		return nil, errors.New(path + " holds no document")
	}
	return document, nil
}

func (a *app) printVersion(d *secondsourcev1.Document, outcome secondsourcev1.IngestOutcome, asJSON func() error) error {
	if a.output == "json" {
		return asJSON()
	}
	forTerminal(d)
	p := &printer{w: a.stdout}
	held := "" // what a version under embargo says, no answer heeds before its time
	if d.GetEmbargoedUntil() != nil {
		held = "; EMBARGOED UNTIL " + when(d.GetEmbargoedUntil()) + ", and heeded by no answer before"
	}
	if why := unread(d.GetReading()); why != "" {
		held += "; " + why
	}
	p.linef("%-11s  %s  %s, version %d of the publication%s", word(outcome, "INGEST_OUTCOME_"), d.GetName(), word(d.GetStatus(), "DOCUMENT_STATUS_"), d.GetVersion(), held)
	return p.err
}

// embargoed marks a time that has not come, for a listing.
func embargoed(until *timestamppb.Timestamp) string {
	if until == nil {
		return ""
	}
	return "EMBARGOED UNTIL " + when(until) + ": "
}
