// Command hundred stores a hundred thousand items through one StreamIngest, with the
// real command line and the real server over SQLite and over PostgreSQL, and prints
// how many a second and how much memory either process has as they come: `make
// hundred`. What is asked of both is that memory does not grow with the items, but
// for what a server over SQLite keeps of each claim by design (its index).
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	items := flag.Int("items", 100_000, "how many items")
	seed := flag.Uint64("seed", 1, "what they are made from")
	postgres := flag.String("postgres", os.Getenv("SECONDSOURCE_TEST_POSTGRES"), "URL of an empty PostgreSQL database of this run's own; none: SQLite alone")
	sqlite := flag.Bool("sqlite", true, "over SQLite too")
	flag.Parse()
	if err := run(ctx, *items, *seed, *sqlite, *postgres); err != nil {
		fmt.Fprintln(os.Stderr, "hundred:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, items int, seed uint64, sqlite bool, postgres string) (err error) {
	dir, err := os.MkdirTemp("", "secondsource-hundred-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	build := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator),
		"github.com/secondsource/secondsource/server/secondsourced", "github.com/secondsource/secondsource/client/secondsource")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	f, err := os.Create(filepath.Join(dir, "items.jsonl"))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err := errors.Join(write(w, items, seed), w.Flush(), f.Close()); err != nil {
		return err
	}
	if sqlite {
		if err := over(ctx, dir, "SQLite", filepath.Join(dir, "hundred.db"), items); err != nil {
			return err
		}
	}
	if postgres == "" {
		fmt.Println("PostgreSQL: not measured, no -postgres was given")
		return nil
	}
	return over(ctx, dir, "PostgreSQL", postgres, items)
}

// over stores the items over one database.
func over(ctx context.Context, dir, name, database string, items int) (err error) {
	addrFile := filepath.Join(dir, name+".address")
	profiles, metrics := "127.0.0.1:7748", "127.0.0.1:7749"
	server := exec.CommandContext(ctx, filepath.Join(dir, "secondsourced"), "--listen", "127.0.0.1:0", "--address-file", addrFile,
		"--database", database, "--log-level", "warn", "--pprof-listen", profiles, "--metrics-listen", metrics)
	server.Stderr = os.Stderr
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	if err := server.Start(); err != nil {
		return err
	}
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM) // it may have ended
		err = errors.Join(err, server.Wait())
	}()
	if err := ready(ctx, metrics); err != nil {
		return err
	}
	address, err := os.ReadFile(addrFile)
	if err != nil {
		return err
	}
	cli := exec.CommandContext(ctx, filepath.Join(dir, "secondsource"), "--addr", strings.TrimSpace(string(address)), "ingest", filepath.Join(dir, "items.jsonl"))
	var said bytes.Buffer
	cli.Stderr = &said
	out, err := cli.StdoutPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := cli.Start(); err != nil {
		return err
	}
	fmt.Printf("%s: at the start the server has %d MB\n%9s %10s %16s %16s\n", name, resident(server.Process.Pid), "items", "a second", "server, most MB", "client, most MB")
	if err := follow(out, items, start, server.Process.Pid, cli.Process.Pid); err != nil {
		return err
	}
	if err := cli.Wait(); err != nil {
		return fmt.Errorf("secondsource ingest: %w\n%s", err, said.String())
	}
	before := resident(server.Process.Pid)
	// A profile of the heap collects what is garbage first.
	if _, err := get(ctx, profiles, "/debug/pprof/heap?gc=1"); err != nil {
		return err
	}
	all, err := get(ctx, metrics, "/metrics")
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d items; %sat the end %d MB", name, items, strings.ReplaceAll(said.String(), "\n", "; "), before)
	if live := value(all, "go_memstats_heap_alloc_bytes"); live > 0 {
		fmt.Printf(", of which %.0f MB are in use once garbage is collected", live/1e6)
	}
	fmt.Println()
	return nil
}

// follow counts the answered items and prints a row for each tenth of them, with the
// most memory that either process had since the row before, looked at each second.
func follow(out io.Reader, items int, start time.Time, server, client int) error {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	last, looked := start, time.Time{}
	n, ofServer, ofClient := 0, 0, 0
	for lines.Scan() {
		n++
		row := n%max(1, items/10) == 0
		if now := time.Now(); row || now.Sub(looked) >= time.Second {
			looked = now
			ofServer, ofClient = max(ofServer, resident(server)), max(ofClient, resident(client))
			if row {
				fmt.Printf("%9d %10.0f %16d %16d\n", n, float64(max(1, items/10))/now.Sub(last).Seconds(), ofServer, ofClient)
				last, ofServer, ofClient = now, 0, 0
			}
		}
	}
	return lines.Err()
}

// resident is how much memory a process has, in MB; 0 where the system does not say.
func resident(pid int) int {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.Atoi(fields[0])
	return kb / 1000
}

// value is a metric in Prometheus' text, 0 where it is not there.
func value(all, name string) float64 {
	for line := range strings.Lines(all) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			v, _ := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			return v
		}
	}
	return 0
}

func get(ctx context.Context, address, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, res.Status)
	}
	return string(b), errors.Join(err, res.Body.Close())
}

// ready waits until the server answers calls.
func ready(ctx context.Context, metrics string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		_, err := get(ctx, metrics, "/readyz")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
