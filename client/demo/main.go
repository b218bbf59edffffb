// Command demo tells a small fictional story to a real server: it builds the
// server and the command line, starts the one on a temporary database, and runs
// the other as a reporter would: sources, documents, claims, four questions with
// four different verdicts. Nothing is left behind.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed story
var story embed.FS

// questions are asked in words that the documents do not use, each with the
// verdict that the story gives.
var questions = []struct{ claim, verdict string }{
	{"A barge hit the Halden Bridge on 4 May 2026", "CORROBORATED"},
	{"Two dock workers were injured at the Halden Bridge", "SINGLE ORIGIN"},
	{"The crew of the Marta K was drunk", "DISPUTED"},
	{"The Halden Bridge collapsed into the river", "UNREPORTED"},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "secondsource-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := unpack(dir); err != nil {
		return err
	}
	fmt.Println("Building secondsourced and secondsource (the first time takes a minute or two) …")
	build := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator),
		"github.com/secondsource/secondsource/server/secondsourced", "github.com/secondsource/secondsource/client/secondsource")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	stop, err := serve(ctx, dir)
	if err != nil {
		return err
	}
	defer func() {
		if e := stop(); err == nil {
			err = e
		}
	}()

	if err := ready(ctx, dir); err != nil {
		return err
	}
	say("An editor's registry: who is who, under which names and handles.")
	if _, err := cli(ctx, dir, "sources", "import", "story/sources.jsonl"); err != nil {
		return err
	}
	say("Eight documents of one day: an agency item, its copy, a rewrite, a ministry's Telegram post,",
		"a union's X post, an article with unnamed sources, a denial, and an evening follow-up.")
	if _, err := cli(ctx, dir, "ingest", "story/documents.jsonl"); err != nil {
		return err
	}
	say("Every claim that these documents make, and who asserts it.")
	if _, err := cli(ctx, dir, "claims"); err != nil {
		return err
	}
	for _, q := range questions {
		say("Is this one source or several?")
		out, err := cli(ctx, dir, "corroborate", q.claim)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(out, q.verdict) {
			return fmt.Errorf("%q: the answer does not begin with %s", q.claim, q.verdict)
		}
	}
	say("That was the demo. To try it with texts of your own:",
		"  make run                                   # a server on this machine, in one terminal",
		"  go install ./client/secondsource           # then, in another",
		"  secondsource extract article.txt           # claims and who asserts them; stores nothing",
		"  secondsource ingest --publisher \"Your Paper\" --kind article article.txt",
		"  secondsource corroborate \"A claim in your own words\"",
		"README.md shows the same from grpcurl, Go, Python and Node.")
	return nil
}

// unpack writes the story's files into a folder.
func unpack(dir string) error {
	return fs.WalkDir(story, "story", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil {
				err = os.MkdirAll(filepath.Join(dir, path), 0o755)
			}
			return err
		}
		b, err := story.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, path), b, 0o600)
	})
}

// startTimeout bounds the wait for the server's address.
const startTimeout = 30 * time.Second

// serve starts the server on a free port and returns what stops it.
func serve(ctx context.Context, dir string) (stop func() error, err error) {
	addrFile := filepath.Join(dir, "address")
	var log strings.Builder
	server := exec.CommandContext(ctx, filepath.Join(dir, "secondsourced"),
		"--listen", "127.0.0.1:0", "--address-file", addrFile, "--database", filepath.Join(dir, "demo.db"), "--log-level", "warn")
	server.Stderr = &log
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	if err := server.Start(); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- server.Wait() }()
	deadline := time.NewTimer(startTimeout)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for address == "" {
		select {
		case err := <-done:
			return nil, fmt.Errorf("the server ended at once: %w\n%s", err, log.String())
		case <-deadline.C:
			_ = server.Process.Kill()
			return nil, fmt.Errorf("the server did not start within %s\n%s", startTimeout, log.String())
		case <-tick.C:
		}
		b, err := os.ReadFile(addrFile)
		if err != nil || len(b) == 0 {
			continue
		}
		address = strings.TrimSpace(string(b))
	}
	return func() error {
		if err := server.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		if err := <-done; err != nil {
			return fmt.Errorf("the server: %w\n%s", err, log.String())
		}
		return nil
	}, nil
}

// ready waits until the server has built its index and answers calls.
func ready(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		cmd := exec.CommandContext(ctx, filepath.Join(dir, "secondsource"), "documents")
		cmd.Env = append(os.Environ(), "SECONDSOURCE_ADDR="+address)
		out, err := cmd.CombinedOutput()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w\n%s", err, out)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// address is where the server listens.
var address string

// cli shows a command line, runs it, and returns what it printed.
func cli(ctx context.Context, dir string, args ...string) (string, error) {
	shown := make([]string, len(args))
	for i, a := range args {
		shown[i] = a
		if strings.Contains(a, " ") {
			shown[i] = `"` + a + `"`
		}
	}
	fmt.Printf("$ secondsource %s\n", strings.Join(shown, " "))
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "secondsource"), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SECONDSOURCE_ADDR="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	fmt.Println(string(out))
	if err != nil {
		return "", fmt.Errorf("secondsource %s: %w", strings.Join(shown, " "), err)
	}
	return string(out), nil
}

func say(lines ...string) {
	fmt.Println()
	for _, l := range lines {
		fmt.Println("# " + l)
	}
}
