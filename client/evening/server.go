package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/secondsource/secondsource/client"
)

// build makes both programs in the folder.
func build(ctx context.Context, dir string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator),
		"github.com/secondsource/secondsource/server/secondsourced", "github.com/secondsource/secondsource/client/secondsource")
	// What a build that is interrupted leaves goes with the folder.
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "GOTMPDIR="+dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = drain
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// drain bounds how long a process takes that was told to end.
const drain = 20 * time.Second

// process is a program that runs beside the story. It ends with SIGTERM.
func process(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(dir, name), args...)
	cmd.Dir, cmd.Env = dir, surroundings()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = drain
	return cmd
}

// server is the server as it runs, and what it says.
type server struct {
	address string
	polls   chan poll     // what the asking of feeds brought
	ended   chan struct{} // closed when the process is gone
	err     error         // with which it ended; read after ended
	cmd     *exec.Cmd
	said    *tail
}

// poll is a line of the server's log about one feed.
type poll struct {
	Message string `json:"msg"`
	URL     string `json:"url"`
	Stored  int    `json:"stored"`
	Failed  int    `json:"failed"`
	Error   string `json:"error"`
}

// serve starts the server over a new database, with a file of feeds, and waits
// until it answers. It asks for a key.
func serve(ctx context.Context, dir string, feeds []*feed) (*server, error) {
	if err := os.WriteFile(filepath.Join(dir, "feeds.yaml"), []byte(feedsFile(feeds)), 0o600); err != nil {
		return nil, err
	}
	cmd := process(ctx, dir, "secondsourced", "--listen", "127.0.0.1:0", "--database", "evening.db", "--feeds", "feeds.yaml",
		"--require-key", "--log-format", "json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, polls: make(chan poll, 64), ended: make(chan struct{}), said: &tail{}}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read(stderr)
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	go func() {
		<-read // all of it, before Wait closes the pipe
		s.err = cmd.Wait()
		close(s.ended)
	}()
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		_ = s.stop() // why it did not start stands in what it said
		return nil, fmt.Errorf("the server did not start: %q\n%s", line, s.said)
	}
	s.address = address
	if err := s.serving(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// feedsFile says what the server is to ask, and that this machine may be asked.
func feedsFile(feeds []*feed) string {
	var b strings.Builder
	b.WriteString("allow-private: [127.0.0.1]\nhost-interval: 50ms\nfeeds:\n")
	for _, f := range feeds {
		fmt.Fprintf(&b, "  - {url: %q, every: 30s, format: %s, kind: %s}\n", f.url, f.format, f.kind)
	}
	return b.String()
}

// read keeps what the server says and passes on what it says of feeds.
func (s *server) read(log io.Reader) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		s.said.add(lines.Text())
		var p poll
		if json.Unmarshal(lines.Bytes(), &p) == nil && p.URL != "" {
			s.polls <- p
		}
	}
	_, _ = io.Copy(io.Discard, log) // after a line that is too long: the server must not block
}

// serving follows the server's health until it serves.
func (s *server) serving(ctx context.Context) error {
	c, err := client.Dial(s.address)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	watch, err := healthpb.NewHealthClient(c.Conn()).Watch(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	for err == nil {
		var answer *healthpb.HealthCheckResponse
		if answer, err = watch.Recv(); err == nil && answer.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			return nil
		}
	}
	return fmt.Errorf("the server does not serve: %w\n%s", err, s.said)
}

// brings waits until the server has stored one document of a feed.
func (s *server) brings(ctx context.Context, f *feed) error {
	for {
		select {
		case p := <-s.polls:
			if p.Message != "feed" || p.Error != "" || p.Failed > 0 {
				return fmt.Errorf("the server, of %s: %s %s, %d items failed\n%s", p.URL, p.Message, p.Error, p.Failed, s.said)
			}
			switch {
			case p.Stored == 0:
			case p.URL == f.url && p.Stored == 1:
				return nil
			default:
				return fmt.Errorf("%d documents were stored of %s; expected one of %s", p.Stored, p.URL, f.url)
			}
		case <-s.ended:
			return fmt.Errorf("the server ended: %w\n%s", s.err, s.said)
		case <-ctx.Done():
			return fmt.Errorf("waiting for what %s published: %w\n%s", f.name, ctx.Err(), s.said)
		}
	}
}

// stop ends the server and says whether it ended well.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	for {
		select {
		case <-s.polls: // it must not wait for a reader
		case <-s.ended:
			if s.err != nil {
				return fmt.Errorf("the server: %w\n%s", s.err, s.said)
			}
			return nil
		}
	}
}
