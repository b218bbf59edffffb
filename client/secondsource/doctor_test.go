package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func TestClocksAreComparedAcrossTheWay(t *testing.T) {
	asked := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		theirs, took time.Duration
		status, says string
	}{
		{0, 10 * time.Millisecond, good, "agrees with the server's"},
		{4 * time.Second, 8 * time.Second, good, "agrees with the server's"}, // when it was half way
		{time.Hour, 0, fair, "the server's is 1h0m0s ahead of this machine's"},
		{-90 * time.Second, 2 * time.Second, fair, "the server's is 1m31s behind this machine's"},
	} {
		if f := clock(asked.Add(tt.theirs), asked, tt.took); f.Status != tt.status || f.Says != tt.says {
			t.Errorf("%v in %v: %+v", tt.theirs, tt.took, f)
		}
	}
}

func TestBuildsAreCompared(t *testing.T) {
	for _, tt := range []struct{ theirs, ours, status string }{
		{"v1.2.3", "v1.2.3", good}, {"v1.2.3", "v1.3.0", fair}, {"(devel)", "v1.3.0", good}, {"v1.2.3", "(devel)", good}, {"", "v1.2.3", good},
	} {
		if f := versions(tt.theirs, tt.ours); f.Status != tt.status {
			t.Errorf("%s and %s: %+v", tt.theirs, tt.ours, f)
		}
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	for v, want := range map[secondsourcev1.Verdict]string{
		secondsourcev1.Verdict_VERDICT_CORROBORATED:  "\x1b[1;32mCORROBORATED\x1b[0m",
		secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN: "\x1b[1;33mSINGLE ORIGIN\x1b[0m",
		secondsourcev1.Verdict_VERDICT_REFUTED:       "\x1b[1;31mREFUTED\x1b[0m",
		secondsourcev1.Verdict_VERDICT_UNREPORTED:    "\x1b[1mUNREPORTED\x1b[0m",
	} {
		if got := (style{escapes: true}).verdict(v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (style{}).verdict(secondsourcev1.Verdict_VERDICT_SINGLE_ORIGIN); got != "SINGLE ORIGIN" {
		t.Errorf("%q", got)
	}
}

// TestShellsCompleteAndManualsAreWritten without a server.
func TestShellsCompleteAndManualsAreWritten(t *testing.T) {
	run := func(args ...string) string {
		var out bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, dial: client.Dial}
		cmd := a.command()
		cmd.SetArgs(args)
		if err := cmd.ExecuteContext(t.Context()); err != nil {
			t.Errorf("%v: %v", args, err)
		}
		return out.String()
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if !strings.Contains(run("completion", shell), "secondsource") {
			t.Errorf("nothing for %s", shell)
		}
	}
	if out := run("__complete", "doctor", "--output", ""); !strings.Contains(out, "json") {
		t.Errorf("%q", out)
	}
	if out := run("__complete", "corr"); !strings.Contains(out, "corroborate") {
		t.Errorf("%q", out)
	}
	folder := t.TempDir()
	run("man", folder)
	for _, page := range []string{"secondsource.1", "secondsource-doctor.1", "secondsource-documents-delete.1"} {
		if _, err := os.Stat(filepath.Join(folder, page)); err != nil {
			t.Error(err)
		}
	}
}

// What is no key, and what is no address of the service, is said before or instead
// of what the transport makes of it.
func TestKeysAndAddressesThatCannotBe(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	at := strings.TrimPrefix(web.URL, "http://")
	for _, tt := range []struct {
		says string
		args []string
	}{
		{"is empty: it should hold an API key or token", []string{"documents", "--token-file", write(t, "empty", " \n")}},
		{"holds no API key or token", []string{"documents", "--token-file", write(t, "two", "one two\n")}},
		{"holds no API key or token", []string{"documents", "--token-file", write(t, "high", "schlüssel\n")}},
		{"give the address of secondsourced --listen, as --addr " + at, []string{"documents", "--addr", web.URL + "/"}},
		{at + " speaks HTTP, not gRPC", []string{"documents", "--addr", at}},
		{"whoever listens speaks HTTP, not gRPC", []string{"doctor", "--addr", at}},
	} {
		var out bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, dial: client.Dial}
		cmd := a.command()
		cmd.SetArgs(tt.args)
		err := cmd.ExecuteContext(t.Context())
		if err == nil || !strings.Contains(err.Error()+out.String(), tt.says) {
			t.Errorf("%q: %v\n%s\nwant %q", tt.args, err, out.String(), tt.says)
		}
	}
}
