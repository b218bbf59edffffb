package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// tail keeps the last lines that a program said.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines = append(t.lines, line); len(t.lines) > 40 {
		t.lines = t.lines[1:]
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// surroundings is the environment without settings of this project's programs:
// whoever runs this may have a server of his own.
func surroundings() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SECONDSOURCE_") })
}

// environment is that of a program which calls the server with somebody's key.
func (e *evening) environment(key string) []string {
	return append(surroundings(), "SECONDSOURCE_ADDR="+e.server.address, "SECONDSOURCE_TOKEN_FILE="+filepath.Join(e.dir, key+".key"))
}

// createKey makes a key of a role and keeps it in a file, as its owner would.
func (e *evening) createKey(ctx context.Context, name, role string) error {
	args := []string{"keys", "create", name, "--role", role}
	e.linef("$ secondsourced %s > %s.key", strings.Join(args, " "), name)
	cmd := process(ctx, e.dir, "secondsourced", append(args, "--database", "evening.db")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	secret, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("secondsourced keys create %s: %w\n%s", name, err, &stderr)
	}
	return os.WriteFile(filepath.Join(e.dir, name+".key"), secret, 0o600)
}

// run is the command line with somebody's key: it shows the command and what that
// prints, and returns both of its outputs.
func (e *evening) run(ctx context.Context, key string, args ...string) (stdout, stderr string, err error) {
	e.linef("$ secondsource --token-file %s.key %s", key, quoted(args))
	out, said, err := e.command(ctx, key, args...)
	if shown := strings.TrimRight(out+said, "\n"); shown != "" {
		e.linef("%s", shown)
	}
	return out, said, err
}

// must is run, for what has to succeed.
func (e *evening) must(ctx context.Context, key string, args ...string) (string, error) {
	out, said, err := e.run(ctx, key, args...)
	if err != nil {
		return "", fmt.Errorf("secondsource %s: %w\n%s", quoted(args), err, said)
	}
	return out, nil
}

// answer is what the command line answers a reader as a message of the API; it
// shows nothing.
func (e *evening) answer(ctx context.Context, into proto.Message, args ...string) error {
	out, said, err := e.command(ctx, reader, append([]string{"-o", "json"}, args...)...)
	if err != nil {
		return fmt.Errorf("secondsource %s: %w\n%s", quoted(args), err, said)
	}
	if err := protojson.Unmarshal([]byte(out), into); err != nil {
		return fmt.Errorf("secondsource %s: %w\n%s", quoted(args), err, out)
	}
	return nil
}

func (e *evening) command(ctx context.Context, key string, args ...string) (stdout, stderr string, err error) {
	cmd := process(ctx, e.dir, "secondsource", args...)
	cmd.Env = e.environment(key)
	return output(cmd)
}

// output runs a program and gives what it prints.
func output(cmd *exec.Cmd) (stdout, stderr string, err error) {
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	return out.String(), said.String(), err
}

// quoted is a command line as somebody would type it.
func quoted(args []string) string {
	shown := make([]string, len(args))
	for i, a := range args {
		shown[i] = a
		if strings.ContainsAny(a, " '") {
			shown[i] = `"` + a + `"`
		}
	}
	return strings.Join(shown, " ")
}
