package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/claims/feeds"
	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) ingestCommand() *cobra.Command {
	var meta metadata
	var format string
	cmd := &cobra.Command{
		Use:   "ingest FILE|FOLDER…",
		Short: "Store documents, their claims and who asserts them",
		Long: `Stores what is in each file, of each file in a folder and the folders in it, and
of "-", standard input. It takes RSS, Atom and JSON Feed, NewsML-G2 and ninjs,
Telegram exports and bot updates, posts of X as its API and its archives give
them, web pages, plain texts, and the API's own documents as JSON: one, a list,
or one on each line. Which it is, is seen from the file unless --format says.

--publisher and --kind hold for a whole feed; the other flags describe one text,
or fill what a JSON document leaves out.

Sending the same document again changes nothing. A bad item is reported with its
file, line, place in the file and reason, and the rest goes on; the exit status
is then 1. When the server cannot be reached it stops: send the files again
later.`,
		Example: `  secondsource ingest --publisher "Zenda Courier" --kind article --published-at 2026-03-07 dam.txt
  secondsource ingest feed.jsonl
  secondsource ingest --publisher @velmark_transport ChatExport_2026-05-04/result.json
  curl https://zenda-courier.example/rss.xml | secondsource ingest --publisher "Zenda Courier" -`,
		Args: atLeastOne("name a FILE or a FOLDER to ingest, or - for standard input"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			// A slip in a flag is one mistake, not one of each document.
			if err := meta.fill(&secondsourcev1.Document{}); err != nil {
				return err
			}
			if err := knownFormat(format); err != nil {
				return err
			}
			files, err := sources(paths)
			if err != nil {
				return err
			}
			return a.with(func(c *client.Client) error {
				return a.ingest(cmd.Context(), c, files, &reading{app: a, format: feeds.Format(format), meta: &meta})
			})
		},
	}
	meta.flags(cmd.Flags())
	cmd.Flags().StringVar(&format, "format", "", "`what` the files are: "+strings.Join(formatWords(), ", ")+";\nseen from each file when not given")
	return cmd
}

// outcome is what became of one item.
type outcome struct {
	item   item
	answer *secondsourcev1.StreamIngestResponse // nil when it was not sent
	err    error
}

// tally counts what became of the items.
type tally struct {
	total, skipped, failed int
	stored                 map[secondsourcev1.IngestOutcome]int
}

// ingest sends the items of all files and reports them in the order in which they
// stand in the files.
func (a *app) ingest(ctx context.Context, c *client.Client, files []source, r *reading) error {
	bar := a.progress(files)
	report := &printer{w: a.stdout}
	t := tally{stored: map[secondsourcev1.IngestOutcome]int{}}
	for o, err := range r.send(ctx, c, files) {
		if err != nil {
			bar.finish()
			return err
		}
		bar.add(t.total, o.item.size)
		if o.item.skipped != "" {
			t.skipped++
			continue
		}
		t.total++
		bar.clear()
		if o.err != nil {
			t.failed++
			if _, err := fmt.Fprintf(a.stderr, "%s: %v\n", o.item.where, o.err); err != nil {
				return err
			}
			continue
		}
		t.stored[o.answer.GetIngested().GetOutcome()]++
		if err := a.printIngested(report, o); err != nil {
			return err
		}
	}
	bar.finish()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.summarise(&t); err != nil {
		return err
	}
	if t.failed > 0 {
		return errReported
	}
	return report.err
}

// summarise says in a line what became of several items, and how many failed.
func (a *app) summarise(t *tally) error {
	var parts []string
	for _, o := range []secondsourcev1.IngestOutcome{secondsourcev1.IngestOutcome_INGEST_OUTCOME_CREATED,
		secondsourcev1.IngestOutcome_INGEST_OUTCOME_NEW_VERSION, secondsourcev1.IngestOutcome_INGEST_OUTCOME_UNCHANGED} {
		if n := t.stored[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word(o, "INGEST_OUTCOME_")))
		}
	}
	if t.skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d without a text", t.skipped))
	}
	if len(parts) > 0 && t.total+t.skipped > 1 {
		if _, err := fmt.Fprintln(a.stderr, strings.Join(parts, ", ")); err != nil {
			return err
		}
	}
	if t.failed == 0 {
		return nil
	}
	_, err := fmt.Fprintf(a.stderr, "%d of %d items failed\n", t.failed, t.total)
	return err
}

// send sends what can be read over one stream and yields what became of each item
// in order, those that could not be read in their places.
func (r *reading) send(ctx context.Context, c *client.Client, files []source) iter.Seq2[outcome, error] {
	return func(yield func(outcome, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		q := &queue{}
		// local yields the items in front that were not sent.
		local := func() bool {
			for {
				w, ok := q.takeUnsent()
				if !ok {
					return true
				}
				if !yield(outcome{item: w.item, err: w.err}, nil) {
					return false
				}
			}
		}
		for answer, err := range c.IngestAll(ctx, r.requests(ctx, files, q)) {
			if !local() {
				return
			}
			w := q.take()
			if err != nil {
				if w.item.where != "" {
					err = fmt.Errorf("%s: %w", w.item.where, err)
				}
				yield(outcome{}, err)
				return
			}
			if !yield(outcome{item: w.item, answer: answer, err: client.ItemError(answer)}, nil) {
				return
			}
		}
		local()
	}
}

// requests reads the files and puts each item into the queue before it is sent.
func (r *reading) requests(ctx context.Context, files []source, q *queue) iter.Seq[*secondsourcev1.StreamIngestRequest] {
	return func(yield func(*secondsourcev1.StreamIngestRequest) bool) {
		for _, file := range files {
			for it := range r.items(file) {
				req, err := r.request(it)
				q.put(waiting{item: it.bare(), err: err, sent: req != nil})
				if ctx.Err() != nil || req != nil && !yield(req) {
					return
				}
			}
		}
	}
}

func (a *app) printIngested(p *printer, o outcome) error {
	if a.output == "json" {
		return a.printJSON(o.answer)
	}
	forTerminal(o.answer)
	d := o.answer.GetIngested().GetDocument()
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
	p.linef("%-11s  %s  %s  %s%s", word(o.answer.GetIngested().GetOutcome(), "INGEST_OUTCOME_"), d.GetName(),
		plural(int(o.answer.GetIngested().GetClaimCount()), "claim"), o.item.where, note)
	return p.err
}

// unread says why a text was left without claims, and in what language it seems
// to be: "not read: language not supported (fr)", or from where on it was not
// read because it holds too many. Empty for a text that was read.
func unread(r *secondsourcev1.Reading) string {
	if r.GetUnsplit() == 0 {
		for _, s := range r.GetSetAside() {
			if s.GetReason() == "LIMIT" {
				return fmt.Sprintf("not read from byte %d on: too many claims", s.GetExcerpt().GetSpan().GetStart())
			}
		}
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
