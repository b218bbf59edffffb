package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/client"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
)

// root is the project's folder, in which the examples of the docs are run.
const root = "../.."

// fenced is a block of code in Markdown.
var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// example reads a page of docs/clients: its blocks in one language as one program,
// and what it prints.
func example(t *testing.T, page, language string) (program, prints string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/clients", page))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range fenced.FindAllStringSubmatch(string(text), -1) {
		switch block[1] {
		case language:
			program += block[2]
		case "text":
			prints = block[2]
		default:
			t.Errorf("%s has a block of %s, which nothing runs", page, block[1])
		}
	}
	if program == "" || prints == "" {
		t.Fatalf("%s has no program in %s, or does not say what it prints", page, language)
	}
	return program, prints
}

// security says how a server that is reached over TCP is protected.
type security struct {
	plain               bool   // no TLS
	clientCA, clientKey string // the certificate that clients must show
}

// exposed runs a server as it would be reached from other machines, on TCP with TLS
// and a key, and gives the environment in which clients find it.
func exposed(t *testing.T) (environment []string) {
	t.Helper()
	environment, _ = exposedOn(t, server.Config{Gate: &auth.Gate{Require: true}}, nil)
	return environment
}

// exposedOn is exposed as configured. It also gives the server's database; the
// key's name is example where keys are asked for.
func exposedOn(t *testing.T, c server.Config, how func(*security)) (environment []string, place string) {
	t.Helper()
	var s security
	if how != nil {
		how(&s)
	}
	certFile, keyFile := certificate(t, "localhost")
	config, err := auth.ServerTLS(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if s.clientCA != "" {
		if err := auth.RequireClientCert(config, s.clientCA); err != nil {
			t.Fatal(err)
		}
	}
	c.Database = database(t)
	c.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	listen := func() net.Listener {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	listener := listen()
	c.HTTP = server.HTTP{Listener: listen()}
	environment = append(os.Environ(), "SECONDSOURCE_ADDR="+listener.Addr().String(), "SECONDSOURCE_HTTP_ADDR="+c.HTTP.Listener.Addr().String())
	if !s.plain {
		c.RPC.Options = []grpc.ServerOption{grpc.Creds(credentials.NewTLS(config))}
		c.HTTP.TLS = config.Clone()
		environment = append(environment, "SECONDSOURCE_TLS_CA="+certFile)
	}
	if c.Gate != nil {
		environment = append(environment, "SECONDSOURCE_TOKEN_FILE="+secretFile(t, createKey(t, c.Database, "example", claims.RoleContributor)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, listener, c) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	opts := []client.Option{client.WithTLS(certFile)}
	if s.plain {
		opts = nil
	}
	if s.clientCA != "" {
		opts = append(opts, client.WithClientCert(s.clientCA, s.clientKey))
	}
	probe, err := client.Dial(listener.Addr().String(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = probe.Close() }()
	awaitServing(t, probe)
	return environment, c.Database
}

// secretFile keeps a secret as callers do.
func secretFile(t *testing.T, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// command is a program in the project's folder and in an environment.
func command(t *testing.T, environment []string, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- tests name them
	cmd.Dir, cmd.Env = root, environment
	return cmd
}

// prints runs a program that must print what its page says.
func prints(t *testing.T, want string, cmd *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || string(out) != want {
		t.Errorf("it printed\n%s\nand said\n%s\nwith %v; want\n%s", out, &said, err, want)
	}
}

// program writes an example into a file.
func program(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// python finds an interpreter that has gRPC; Debian's packages are of its own.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if command(t, os.Environ(), name, "-c", "import grpc, google.protobuf").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 has grpcio and protobuf: make clients")
	return ""
}

// absolute is a path from the project's folder.
func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

func TestTheExampleInGo(t *testing.T) {
	if testing.Short() {
		t.Skip("it is built first")
	}
	text, want := example(t, "go.md", "go")
	prints(t, want, command(t, exposed(t), "go", "run", program(t, "main.go", text)))
}

func TestTheExampleInPython(t *testing.T) {
	interpreter := python(t)
	text, want := example(t, "python.md", "python")
	prints(t, want, command(t, exposed(t), interpreter, "-W", "error::SyntaxWarning", program(t, "example.py", text)))
}

func TestTheExampleInNode(t *testing.T) {
	modules := absolute(t, "client/node/node_modules")
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node")
	}
	if _, err := os.Stat(modules); errors.Is(err, os.ErrNotExist) {
		t.Skip("client/node/node_modules is not installed: make clients")
	}
	text, want := example(t, "node.md", "js")
	prints(t, want, command(t, append(exposed(t), "NODE_PATH="+modules), "node", program(t, "example.js", text)))
}

// shell runs an example in bash with a folder of programs first in the path.
func shell(t *testing.T, page, folder string) {
	t.Helper()
	text, want := example(t, page, "sh")
	prints(t, want, command(t, append(exposed(t), "PATH="+folder+":"+os.Getenv("PATH")), "bash", program(t, "example.sh", text)))
}

func TestTheExampleWithGrpcurl(t *testing.T) {
	found, err := filepath.Glob(absolute(t, "bin/grpcurl-*"))
	if err != nil || len(found) == 0 {
		t.Skip("there is no bin/grpcurl-…: make clients")
	}
	folder := t.TempDir()
	if err := os.Symlink(found[len(found)-1], filepath.Join(folder, "grpcurl")); err != nil {
		t.Fatal(err)
	}
	shell(t, "grpcurl.md", folder)
}

func TestTheExampleWithCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	shell(t, "curl.md", ".")
}

// TestThePageOfEveryLanguageIsRun: a page that is added needs a test.
func TestThePageOfEveryLanguageIsRun(t *testing.T) {
	pages, err := filepath.Glob(absolute(t, "docs/clients/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range pages {
		names = append(names, filepath.Base(p))
	}
	if got := strings.Join(names, " "); got != "curl.md go.md grpcurl.md node.md python.md" {
		t.Errorf("docs/clients has %s", got)
	}
}
