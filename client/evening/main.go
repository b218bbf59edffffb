// Command evening tells of an evening at a newsroom, to a real server: it builds
// the server and the command line, serves feeds that change as the evening goes on,
// and does what a newsroom would. A watched claim is reported, confirmed, denied
// and cleared; an editor judges and takes it back; a draft is checked; claims are
// exported; programs in Python and Node ask. Each step is checked, and nothing is
// left behind. The place, the people and the papers are made up.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// longest is how long an evening may take, on a machine that is busy.
const longest = 8 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	_, err := tell(ctx, os.Stdout)
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted") // what ended because of it has more to say, and nothing new
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "evening:", err)
		os.Exit(1)
	}
}

// evening is where the story happens.
type evening struct {
	out    io.Writer
	dir    string // holds all that is written
	root   string // the project's folder
	start  time.Time
	server *server
	feeds  map[string]*feed
	// without are the languages whose clients did not ask, as they are not
	// installed.
	without []string
}

// tell runs the whole story and writes it to out. An error says which step did not
// go as it should. It gives the languages whose clients are not installed.
func tell(ctx context.Context, out io.Writer) (without []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	root, err := projectFolder(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "secondsource-evening-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	e := &evening{out: out, dir: dir, root: root, start: time.Now(), feeds: map[string]*feed{}}
	defer func() {
		for _, f := range e.feeds {
			err = errors.Join(err, f.close())
		}
	}()
	if err := e.night(ctx); err != nil {
		return e.without, err
	}
	return e.without, nil
}

// projectFolder is where go.mod lies: the clients' programs read the description
// of the API from there.
func projectFolder(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// say tells the reader what happens next, and how long the evening has lasted.
func (e *evening) say(lines ...string) {
	e.linef("")
	for i, l := range lines {
		if i == 0 {
			l = fmt.Sprintf("[%2.0f s] %s", time.Since(e.start).Seconds(), l)
		}
		e.linef("# %s", l)
	}
}

// linef writes a line; that nobody reads it ends no evening.
func (e *evening) linef(format string, args ...any) { _, _ = fmt.Fprintf(e.out, format+"\n", args...) }
