package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// execute runs the program with an environment of the test's own.
func execute(t *testing.T, env map[string]string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := command(&out, &out, func(name string) string {
		if name == "XDG_DATA_HOME" {
			return t.TempDir()
		}
		return env[name]
	})
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(context.WithoutCancel(t.Context()))
	return out.String(), err
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsWinOverEnvironmentOverFileOverDefault(t *testing.T) {
	path := file(t, "log-level: warn\nlog-format: json\nmax-concurrent: 10\n")
	env := map[string]string{"SECONDSOURCE_CONFIG": path, "SECONDSOURCE_LOG_LEVEL": "error", "SECONDSOURCE_MAX_CONCURRENT": "20"}
	out, err := execute(t, env, "--check-config", "--max-concurrent", "30")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"max-concurrent: 30", `log-level: "error"`, `log-format: "json"`, `listen: "127.0.0.1:7733"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	again, err := execute(t, nil, "--check-config", "--config", file(t, out))
	if err != nil || again != out {
		t.Errorf("what --check-config prints can be read back: %v\n%s", err, again)
	}
}

func TestMistakesAreRefusedByName(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		args []string
		says string
	}{
		{"unknown key in the file", nil, []string{"--config", file(t, "log-level: info\nlog_format: json\n")}, `line 2: there is no setting "log_format"`},
		{"list in the file", nil, []string{"--config", file(t, "listen: [a, b]\n")}, "listen must be one value"},
		{"bad value in the environment", map[string]string{"SECONDSOURCE_MAX_CONCURRENT": "many"}, nil, "SECONDSOURCE_MAX_CONCURRENT"},
		{"unknown level", nil, []string{"--log-level", "loud"}, "--log-level"},
		{"certificate without key", nil, []string{"--tls-cert", "x.pem"}, "go together"},
		{"no port", nil, []string{"--listen", "localhost"}, "--listen"},
		{"port out of range", nil, []string{"--listen", "127.0.0.1:99999"}, `--listen: port "99999" is neither within 0 to 65535`},
		{"another kind of database", nil, []string{"--database", "mysql://desk:hunter2@db.example/news"}, "--database: mysql:// is neither a file"},
		{"public without protection", nil, []string{"--listen", ":7733"}, "--insecure-public"},
		{"public name without protection", nil, []string{"--listen", "news.example:7733"}, "--insecure-public"},
		{"public with TLS and no key", nil, []string{"--listen", ":7733", "--tls-cert", "x", "--tls-key", "y"}, "--require-key"},
		{"clients' certificates without TLS", nil, []string{"--tls-client-ca", "x.pem"}, "--tls-client-ca needs"},
		{"negative rate", nil, []string{"--caller-rate", "-1"}, "--caller-rate"},
		{"no rate", nil, []string{"--caller-rate", "NaN"}, "--caller-rate"},
		{"negative bytes", nil, []string{"--caller-bytes", "-1"}, "--caller-bytes"},
		{"profiles for everybody", nil, []string{"--pprof-listen", ":6060"}, "only loopback"},
		{"metrics nowhere", nil, []string{"--metrics-listen", "9464"}, "--metrics-listen"},
		{"a collector that is no URL", nil, []string{"--otlp-endpoint", "otel:4317"}, "--otlp-endpoint"},
		{"HTTP that is public without protection", nil, []string{"--http-listen", ":7780"}, "--http-listen :7780 can be reached"},
		{"HTTP without a port", nil, []string{"--http-listen", "localhost"}, "--http-listen"},
		{"missing token file", nil, []string{"--token-file", "/nonexistent"}, "--token-file"},
		{"short token", nil, []string{"--token-file", file(t, "short")}, "16 at least"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := execute(t, test.env, append(test.args, "--check-config")...)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want something about %q", err, test.says)
			}
		})
	}
	if _, err := execute(t, nil, "--check-config", "--listen", ":0", "--insecure-public"); err != nil {
		t.Errorf("an operator may insist: %v", err)
	}
}

func TestThePasswordOfADatabaseIsNotShown(t *testing.T) {
	for _, database := range []string{"postgres://desk:hunter2@db.example/news", "postgres://db.example/news?password=hunter2", "postgresql://desk:hunter2@[/news"} {
		out, err := execute(t, map[string]string{"SECONDSOURCE_DATABASE": database}, "--check-config")
		if err != nil || strings.Contains(out, "hunter2") || !strings.Contains(out, "postgres") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

func TestVersion(t *testing.T) {
	out, err := execute(t, nil, "version")
	if err != nil || !strings.HasPrefix(out, "secondsourced ") {
		t.Errorf("got %q, %v", out, err)
	}
}
