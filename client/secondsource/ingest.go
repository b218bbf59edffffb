package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) ingestCommand() *cobra.Command {
	var meta metadata
	var parallel int
	cmd := &cobra.Command{
		Use:   "ingest FILE…",
		Short: "Store documents, their claims and who asserts them",
		Long: `Stores each file as a document. A .json file holds one document or a list of
them, a .jsonl file one on each line, with the API's field names; any other file
is a plain text that the flags describe. "-" is standard input, as plain text.

Sending the same document again changes nothing. A bad item is reported with its
file, line and reason, and the rest goes on; the exit status is then 1. When the
server cannot be reached it stops: send the files again later.`,
		Example: `  secondsource ingest --publisher "Zenda Courier" --kind article --published-at 2026-03-07 dam.txt
  secondsource ingest feed.jsonl`,
		Args: atLeastOne("name a FILE to ingest, or - for standard input"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if parallel < 1 || parallel > 64 {
				return fmt.Errorf("--parallel: %d is not within 1 to 64", parallel)
			}
			// A slip in a flag is one mistake, not one of each document.
			if err := meta.fill(&secondsourcev1.Document{}); err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				return a.ingest(cmd.Context(), c, files, &meta, parallel)
			})
		},
	}
	meta.flags(cmd.Flags())
	cmd.Flags().IntVar(&parallel, "parallel", 4, "documents sent at once, 1 to 64")
	return cmd
}

// outcome is what became of one item.
type outcome struct {
	item   item
	answer *secondsourcev1.IngestDocumentResponse
	err    error
}

// ingest sends the items of all files, at most parallel at once, and reports
// them in the order in which they stand in the files.
func (a *app) ingest(ctx context.Context, c *client.Client, files []string, meta *metadata, parallel int) error {
	slots := make(chan chan outcome, parallel) // as long as the number under way
	sending, stop := context.WithCancel(ctx)
	go func() {
		defer close(slots)
		var group sync.WaitGroup
		defer group.Wait()
		for _, file := range files {
			for it := range a.items(file, "documents") {
				slot := make(chan outcome, 1)
				select {
				case slots <- slot:
				case <-sending.Done():
					return
				}
				group.Go(func() {
					answer, err := send(sending, c, it, meta)
					slot <- outcome{it, answer, err}
				})
			}
		}
	}()
	// Whoever leaves early ends the sending, too.
	defer stop()
	bar := a.progress(files)
	report := &printer{w: a.stdout}
	total, failed := 0, 0
	for slot := range slots {
		o := <-slot
		if unreachable(o.err) {
			bar.finish()
			return fmt.Errorf("%s: %w", o.item.where, o.err)
		}
		total++
		bar.add(total, o.item.size)
		if o.err != nil {
			failed++
			bar.clear()
			if _, err := fmt.Fprintf(a.stderr, "%s: %v\n", o.item.where, o.err); err != nil {
				return err
			}
			continue
		}
		bar.clear()
		if err := a.printIngested(report, o); err != nil {
			return err
		}
	}
	bar.finish()
	if err := ctx.Err(); err != nil {
		return err
	}
	if failed > 0 {
		if _, err := fmt.Fprintf(a.stderr, "%d of %d items failed\n", failed, total); err != nil {
			return err
		}
		return errReported
	}
	return report.err
}

func send(ctx context.Context, c *client.Client, it item, meta *metadata) (*secondsourcev1.IngestDocumentResponse, error) {
	req, err := it.request()
	if err != nil {
		return nil, err
	}
	if err := meta.fill(req.GetDocument()); err != nil {
		return nil, err
	}
	if n := len(req.GetDocument().GetText()); n > client.MaxText {
		return nil, fmt.Errorf("text is %d bytes; the limit is %d bytes", n, client.MaxText)
	}
	return c.IngestDocument(ctx, req)
}

func (a *app) printIngested(p *printer, o outcome) error {
	if a.output == "json" {
		return a.printJSON(o.answer)
	}
	forTerminal(o.answer)
	d := o.answer.GetDocument()
	note := ""
	if copies := d.GetCopies(); len(copies) > 0 {
		note = fmt.Sprintf("; %s %s", shared(copies[0].GetKind()), copies[0].GetDocument())
		if len(copies) > 1 {
			note += fmt.Sprintf(" and %d more", len(copies)-1)
		}
	}
	if why := unread(d.GetReading()); why != "" {
		note += "; " + why
	}
	p.linef("%-11s  %s  %s  %s%s", word(o.answer.GetOutcome(), "INGEST_OUTCOME_"), d.GetName(),
		plural(len(o.answer.GetClaims()), "claim"), o.item.where, note)
	return p.err
}

// unread says why a text was left without claims, and in what language it seems
// to be: "not read: language not supported (fr)". Empty for a text that was read.
func unread(r *secondsourcev1.Reading) string {
	if r.GetUnsplit() == 0 {
		return ""
	}
	why := "not read: " + word(r.GetUnsplit(), "UNSPLIT_REASON_")
	if l := r.GetLanguage(); l != "" {
		why += " (" + l + ")"
	}
	return why
}

// shared says how a document's wording stands to another's. It does not say whose
// it is: what was stored first need not have been published first.
func shared(kind secondsourcev1.CopyKind) string {
	switch kind {
	case secondsourcev1.CopyKind_COPY_KIND_EXACT:
		return "same text as"
	case secondsourcev1.CopyKind_COPY_KIND_NEAR:
		return "nearly the text of"
	default:
		return "shares passages with"
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// manyItems is from when on a progress bar is worth its line.
const manyItems = 20

// progress is the bar on standard error, for many items and a person looking on.
// It counts the bytes of the files, which are known before they are read.
type progress struct {
	bar   *progressbar.ProgressBar
	total int64
	done  int64
	on    bool
	quiet bool // rows go to the same terminal: the bar steps aside for them
	a     *app
}

func (a *app) progress(files []string) *progress {
	p := &progress{a: a, on: isTerminal(a.stderr), quiet: isTerminal(a.stdout)}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			p.total = -1 // progressbar's word for "not known"
			return p
		}
		p.total += info.Size()
	}
	return p
}

func (p *progress) add(items int, size int64) {
	p.done += size
	if p.bar == nil && p.on && items >= manyItems {
		p.bar = progressbar.NewOptions64(p.total, progressbar.OptionSetWriter(p.a.stderr), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription("ingesting"), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	if p.bar != nil {
		_ = p.bar.Set64(min(p.done, max(p.total, p.done))) // a bar that cannot be drawn is no reason to stop
	}
}

func (p *progress) clear() {
	if p.bar != nil && p.quiet {
		_ = p.bar.Clear()
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
