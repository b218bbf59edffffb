package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"google.golang.org/protobuf/encoding/protojson"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// watch is a `secondsource watch` that runs beside the story.
type watch struct {
	events chan *secondsourcev1.WatchResponse
	stop   func() error
}

// watching starts to watch a claim with somebody's key.
func (e *evening) watching(ctx context.Context, key, claim string) (*watch, error) {
	e.linef("$ secondsource --token-file %s.key -o json watch %q &", key, claim)
	cmd := process(ctx, e.dir, "secondsource", "-o", "json", "watch", claim)
	cmd.Env = e.environment(key)
	said := &strings.Builder{}
	cmd.Stderr = said
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w := &watch{events: make(chan *secondsourcev1.WatchResponse, 64)}
	ended, endedWith := make(chan struct{}), error(nil)
	go func() {
		defer close(ended)
		defer close(w.events)
		lines := bufio.NewScanner(stdout)
		lines.Buffer(nil, 16<<20) // as much as a message may have
		for endedWith == nil && lines.Scan() {
			event := &secondsourcev1.WatchResponse{}
			if endedWith = protojson.Unmarshal(lines.Bytes(), event); endedWith == nil {
				w.events <- event
			}
		}
		endedWith = errors.Join(endedWith, lines.Err(), cmd.Wait())
	}()
	w.stop = func() error {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		var more []string
		for event := range w.events {
			more = append(more, told(event))
		}
		<-ended
		if endedWith != nil {
			return fmt.Errorf("the watch: %w\n%s", endedWith, said)
		}
		if len(more) > 0 {
			return fmt.Errorf("the watch told more than was expected: %s", strings.Join(more, " | "))
		}
		return nil
	}
	return w, nil
}

// standing is how a claim stands: its verdict, and how many origins at least are
// for it and against it.
type standing struct {
	verdict       secondsourcev1.Verdict
	support, deny int32
}

func (s standing) String() string {
	return fmt.Sprintf("%s, %d for it and %d against it", words(s.verdict), s.support, s.deny)
}

func standingOf(c *secondsourcev1.Corroboration) standing {
	return standing{c.GetVerdict(), c.GetIndependentOriginsMin(), c.GetRefutingOriginsMin()}
}

func words(v secondsourcev1.Verdict) string {
	return strings.ReplaceAll(strings.TrimPrefix(v.String(), "VERDICT_"), "_", " ")
}

// told is an event in words.
func told(event *secondsourcev1.WatchResponse) string {
	now := standingOf(event.GetCorroboration())
	parts := []string{words(now.verdict)}
	if b := event.GetBefore(); b != nil {
		parts[0] += ", was " + words(b.GetVerdict())
	}
	parts[0] += fmt.Sprintf(": independent origins for it: %d, against it: %d", now.support, now.deny)
	for _, c := range event.GetCauses() {
		cause := []string{strings.ToLower(strings.TrimPrefix(c.GetKind().String(), "WATCH_CAUSE_KIND_")), c.GetPublisher(), c.GetJudgement()}
		parts = append(parts, "because: "+strings.Join(slices.DeleteFunc(cause, func(s string) bool { return s == "" }), ", "))
	}
	return strings.Join(parts, "; ")
}

// tells waits for the next thing that the watch tells, which must be how the claim
// stands now and, unless it is the first, what brought that about.
func (e *evening) tells(ctx context.Context, w *watch, want standing, cause secondsourcev1.WatchCauseKind, publisher string) error {
	select {
	case event, open := <-w.events:
		if !open {
			return fmt.Errorf("the watch ended before it told %v: %w", want, errors.Join(errors.New("no more events"), w.stop()))
		}
		got := standingOf(event.GetCorroboration())
		e.linef("[watch] %s", told(event))
		if got != want {
			return fmt.Errorf("the watch tells %v; expected %v", got, want)
		}
		if cause != 0 && !slices.ContainsFunc(event.GetCauses(), func(c *secondsourcev1.WatchCause) bool {
			return c.GetKind() == cause && c.GetPublisher() == publisher
		}) {
			return fmt.Errorf("the watch names as causes %v; expected %v of %q", event.GetCauses(), cause, publisher)
		}
		return nil
	case <-e.server.ended:
		return fmt.Errorf("the server ended: %w\n%s", e.server.err, e.server.said)
	case <-ctx.Done():
		return fmt.Errorf("waiting for the watch to tell %v: %w", want, ctx.Err())
	}
}
