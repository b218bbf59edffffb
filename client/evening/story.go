package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// claim is what the evening is about.
const claim = "The Orta dam in Zenda failed on 12 May 2026"

// Whose keys are used: each has the role that its owner needs.
const (
	editor      = "night-editor"
	contributor = "news-desk"
	reader      = "reporter"
)

// The verdicts by short names.
const (
	unreported   = secondsourcev1.Verdict_VERDICT_UNREPORTED
	singleOrigin = secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN
	corroborated = secondsourcev1.Verdict_VERDICT_CORROBORATED
	disputed     = secondsourcev1.Verdict_VERDICT_DISPUTED
)

// begin prepares the newsroom: programs, keys, feeds, server and registry.
func (e *evening) begin(ctx context.Context) error {
	e.linef("Building secondsourced and secondsource (the first time takes a minute or two) …")
	if err := build(ctx, e.dir); err != nil {
		return err
	}
	for _, name := range []string{"sources.jsonl", "statement.txt", "draft.txt"} {
		b, err := story.ReadFile("story/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(e.dir, name), b, 0o600); err != nil {
			return err
		}
	}
	e.say("Three keys: an editor judges, the desk files documents, a reporter asks.")
	for _, k := range []struct{ name, role string }{{editor, "editor"}, {contributor, "contributor"}, {reader, "reader"}} {
		if err := e.createKey(ctx, k.name, k.role); err != nil {
			return err
		}
	}
	var feeds []*feed
	for _, f := range []struct{ name, format, kind string }{
		{"ministry", "telegram", "telegram-post"}, {"courier", "rss", "article"}, {"coast", "rss", "article"}, {"meridian", "ninjs", "agency-item"},
	} {
		opened, err := openFeed(ctx, f.name, f.format, f.kind)
		if err != nil {
			return err
		}
		e.feeds[f.name] = opened
		feeds = append(feeds, opened)
	}
	e.say("The server, which asks four feeds by itself: the Telegram export of a ministry's channel,",
		"the RSS of two papers, and the ninjs of an agency. None of them has anything yet.")
	e.linef("$ cat feeds.yaml\n%s$ secondsourced --require-key --feeds feeds.yaml &", feedsFile(feeds))
	var err error
	if e.server, err = serve(ctx, e.dir, feeds); err != nil {
		return err
	}
	e.say("The editor's registry: who is who, under which names.")
	_, err = e.must(ctx, editor, "sources", "import", "sources.jsonl")
	return err
}

// night is the whole story.
func (e *evening) night(ctx context.Context) (err error) {
	if err := e.begin(ctx); err != nil {
		return errors.Join(err, e.stopServer())
	}
	defer func() { err = errors.Join(err, e.stopServer()) }()
	e.say("A rumour: a dam in the north is gone. The editor watches the claim.")
	w, err := e.watching(ctx, editor, claim)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	if err := e.tells(ctx, w, standing{unreported, 0, 0}, 0, ""); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *watch) error{e.reports, e.clients, e.retraction, e.judgement, e.draft, e.export} {
		if err := step(ctx, w); err != nil {
			return err
		}
	}
	e.say("That was the evening. Nothing of it is left.")
	return nil
}

func (e *evening) stopServer() error {
	if e.server == nil {
		return nil
	}
	return e.server.stop()
}

// published lets a feed publish its next edition and waits until the server has
// asked for it and stored the document.
func (e *evening) published(ctx context.Context, name string) error {
	f := e.feeds[name]
	if err := f.publish(); err != nil {
		return err
	}
	if err := e.server.brings(ctx, f); err != nil {
		return err
	}
	e.linef("[feeds] %s: one document was stored", name)
	return nil
}

// reports are those of the early evening: one origin, its relay, another origin,
// and a denial.
func (e *evening) reports(ctx context.Context, w *watch) error {
	e.say("17:40. The ministry's channel: the dam failed.")
	if err := e.published(ctx, "ministry"); err != nil {
		return err
	}
	if err := e.tells(ctx, w, standing{singleOrigin, 1, 0}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED, "Zenda Interior Ministry"); err != nil {
		return err
	}
	e.say("18:05. The Elsen Courier has it too. Two publications: one source or two?")
	if err := e.published(ctx, "courier"); err != nil {
		return err
	}
	if _, err := e.must(ctx, reader, "corroborate", claim); err != nil {
		return err
	}
	a, err := e.asks(ctx)
	if err != nil {
		return err
	}
	if got, want := standingOf(a), (standing{singleOrigin, 1, 0}); got != want || len(a.GetOrigins()) != 1 || len(a.GetOrigins()[0].GetEvidence()) != 2 {
		return fmt.Errorf("the Courier relays the ministry, and the claim stands at %v with %d origins; expected %v, one origin, two publications", got, len(a.GetOrigins()), want)
	}
	e.say("19:20. The Coast Daily has a reporter on the hill above the dam.")
	if err := e.published(ctx, "coast"); err != nil {
		return err
	}
	if err := e.tells(ctx, w, standing{corroborated, 2, 0}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED, "Coast Daily"); err != nil {
		return err
	}
	e.say("20:10. Meridian Press Agency: those who run the dam deny it.")
	if err := e.published(ctx, "meridian"); err != nil {
		return err
	}
	return e.tells(ctx, w, standing{disputed, 2, 1}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_STORED, "Meridian Press Agency")
}

// asks is the answer that the command line gets.
func (e *evening) asks(ctx context.Context) (*secondsourcev1.Corroboration, error) {
	a := &secondsourcev1.CorroborateResponse{}
	err := e.answer(ctx, a, "corroborate", claim)
	return a.GetCorroboration(), err
}

// retraction takes the denial away.
func (e *evening) retraction(ctx context.Context, w *watch) error {
	e.say("21:05. Meridian kills its item: the denial was forged. The server asks each feed every", "30 seconds, and will see it the next time.")
	if err := e.published(ctx, "meridian"); err != nil {
		return err
	}
	return e.tells(ctx, w, standing{corroborated, 2, 0}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_RETRACTED, "Meridian Press Agency")
}

// assertions are the claims with which the ministry and the Coast Daily assert it.
func assertions(c *secondsourcev1.Corroboration) (ministry, coast string) {
	for _, o := range c.GetOrigins() {
		for _, x := range o.GetEvidence() {
			switch x.GetDocument().GetPublisher() {
			case "Zenda Interior Ministry":
				ministry = x.GetClaim().GetName()
			case "Coast Daily":
				coast = x.GetClaim().GetName()
			}
		}
	}
	return ministry, coast
}

// judgement is one that an editor makes and takes back; a reporter may not.
func (e *evening) judgement(ctx context.Context, w *watch) error {
	before, err := e.asks(ctx)
	if err != nil {
		return err
	}
	ministry, coast := assertions(before)
	if ministry == "" || coast == "" {
		return fmt.Errorf("the ministry asserts it with %q, the Coast Daily with %q; expected a claim of each", ministry, coast)
	}
	join := []string{"origins", "join", coast, ministry, "--reason", "Renn was at the ministry's press room and saw its film"}
	e.say("21:30. The Coast Daily's reporter was not on the hill, a colleague says. A reporter", "wants the two counted as one; a reader's key may not judge.")
	_, said, err := e.run(ctx, reader, join...)
	if err == nil || !strings.Contains(said, "ROLE_TOO_LOW") {
		return fmt.Errorf("a reader judged: %w, %q; expected ROLE_TOO_LOW", err, said)
	}
	e.say("The editor may.")
	out, err := e.must(ctx, editor, join...)
	if err != nil {
		return err
	}
	if err := e.tells(ctx, w, standing{singleOrigin, 1, 0}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_JUDGEMENT, ""); err != nil {
		return err
	}
	e.say("21:50. The Coast Daily sends its reporter's own pictures. The editor takes it back.")
	decided, _, _ := strings.Cut(out, " ")
	if _, err := e.must(ctx, editor, "undo", decided, "--reason", "her pictures are from the hill"); err != nil {
		return err
	}
	if err := e.tells(ctx, w, standing{corroborated, 2, 0}, secondsourcev1.WatchCauseKind_WATCH_CAUSE_KIND_JUDGEMENT, ""); err != nil {
		return err
	}
	after, err := e.asks(ctx)
	if err == nil && !proto.Equal(before, after) {
		err = fmt.Errorf("undone, the answer is\n%v\nexpected it as before:\n%v", after, before)
	}
	return err
}

// draft is the story of the newsroom's own, which says one thing that nobody
// reported.
func (e *evening) draft(ctx context.Context, _ *watch) error {
	e.say("22:00. A statement comes by mail; the desk files it.")
	if _, err := e.must(ctx, contributor, "ingest", "--kind", "press_release", "--publisher", "Orta Town Council",
		"--published-at", "2026-05-12T20:40:00Z", "statement.txt"); err != nil {
		return err
	}
	e.say("The paper's own story is written. What stands behind each of its claims?")
	args := []string{"check", "--publisher", "Velmark Herald", "--published-at", "2026-05-12T22:10:00Z", "draft.txt"}
	if _, err := e.must(ctx, reader, args...); err != nil {
		return err
	}
	checked := &secondsourcev1.CheckDraftResponse{}
	if err := e.answer(ctx, checked, args...); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(e.dir, "draft.txt"))
	if err != nil {
		return err
	}
	if got := verdicts(checked); got != "1 UNREPORTED, 2 CORROBORATED" {
		return fmt.Errorf("the draft's claims are %q; expected one that is UNREPORTED, first, and two that are CORROBORATED", got)
	}
	span := checked.GetClaims()[0].GetClaim().GetEvidence()[0].GetSpan()
	unsupported := string(text[span.GetStart():span.GetEnd()])
	if unsupported != "The flood swept away the railway bridge at Lunn" {
		return fmt.Errorf("the draft's bytes %d to %d are %q; expected the sentence about the railway bridge", span.GetStart(), span.GetEnd(), unsupported)
	}
	e.say("Nobody reported the railway bridge. The sentence goes, and the draft is checked again.")
	text = slices.Delete(text, int(span.GetStart()), int(span.GetEnd())+len("."))
	if err := os.WriteFile(filepath.Join(e.dir, "draft.txt"), text, 0o600); err != nil {
		return err
	}
	checked.Reset()
	if err := e.answer(ctx, checked, args...); err != nil {
		return err
	}
	got := verdicts(checked)
	if got != "2 CORROBORATED" {
		return fmt.Errorf("without it the draft's claims are %q; expected two that are CORROBORATED", got)
	}
	e.linef("[check] every claim of the draft has two origins: %s", got)
	return nil
}

// verdicts counts those of a checked draft, in order.
func verdicts(checked *secondsourcev1.CheckDraftResponse) string {
	var order []string
	number := map[string]int{}
	for _, c := range checked.GetClaims() {
		v := words(c.GetCorroboration().GetVerdict())
		if number[v]++; number[v] == 1 {
			order = append(order, v)
		}
	}
	for i, v := range order {
		order[i] = fmt.Sprintf("%d %s", number[v], v)
	}
	return strings.Join(order, ", ")
}
