package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/secondsource/secondsource/internal/loopback"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/rpc"
)

// config is what the operator can set. Each field is one flag.
type config struct {
	listen         string
	httpListen     string
	webListen      string
	addressFile    string
	database       string
	tlsCert        string
	tlsKey         string
	tlsClientCA    string
	tokenFile      string
	requireKey     bool
	insecurePublic bool
	logFormat      string
	logLevel       string
	maxConcurrent  uint32
	callerRate     float64
	callerBytes    int64
	callTimeout    time.Duration
	drainTimeout   time.Duration
	feeds          string
	feedsState     string
	metricsListen  string
	pprofListen    string
	otlpEndpoint   string
	checkOnly      bool

	level           slog.Level // logLevel, parsed
	otlpEnvironment bool       // the standard variables name a collector
}

func (c *config) flags(f *pflag.FlagSet) {
	f.SortFlags = false
	f.String(configFlag, "", "YAML `file` with the same names as these flags")
	f.StringVar(&c.listen, "listen", "127.0.0.1:7733", "`address` to listen on; port 0 takes a free one")
	f.StringVar(&c.httpListen, "http-listen", "", "`address` to answer JSON over HTTP on, besides; empty: nowhere")
	f.StringVar(&c.webListen, "web-listen", "", "`address` to show the pages for editors on; empty: nowhere")
	f.StringVar(&c.addressFile, "address-file", "", "write the address listened on into this `file`")
	f.StringVar(&c.database, "database", "", "`path` of the SQLite database, created when missing, or\nURL of a PostgreSQL database: postgres://user@host:5432/name\n(default $XDG_DATA_HOME/secondsource/secondsource.db)")
	f.StringVar(&c.tlsCert, "tls-cert", "", "PEM `file` with the certificate chain; with --tls-key")
	f.StringVar(&c.tlsKey, "tls-key", "", "PEM `file` with the certificate's key")
	f.StringVar(&c.tlsClientCA, "tls-client-ca", "", "PEM `file` with the authorities of clients' certificates, which\nevery client of the API must then show")
	f.StringVar(&c.tokenFile, "token-file", "", "`file` with a bearer token whose callers may do everything")
	f.BoolVar(&c.requireKey, "require-key", false, "ask callers for an API key also while there is none\n(secondsourced keys create); from the first key on it is always so")
	f.BoolVar(&c.insecurePublic, "insecure-public", false, "listen on more than loopback without --require-key or a token, and TLS")
	f.StringVar(&c.logFormat, "log-format", "text", "text or json")
	f.StringVar(&c.logLevel, "log-level", "info", "debug, info, warn or error")
	f.Uint32Var(&c.maxConcurrent, "max-concurrent", 256, "calls that one connection may have open, 1 to 65535")
	f.Float64Var(&c.callerRate, "caller-rate", 0, "calls a second that one caller may make, ten seconds' worth at once;\n0: as many as it likes")
	f.Int64Var(&c.callerBytes, "caller-bytes", 0, "bytes a second that one caller may send; 0: as many as it likes")
	f.DurationVar(&c.callTimeout, "call-timeout", time.Minute, "longest time a call may take")
	f.DurationVar(&c.drainTimeout, "drain-timeout", 30*time.Second, "how long running calls may take to finish at the end")
	f.StringVar(&c.feeds, "feeds", "", "YAML `file` with the feeds to ask and the pushes to take in")
	f.StringVar(&c.feedsState, "feeds-state", "", "`file` that keeps how far each feed has come (default: beside\nthe SQLite database)")
	f.StringVar(&c.metricsListen, "metrics-listen", "", "`address` of /metrics for Prometheus, /livez and /readyz, over HTTP without\ncredentials; none by default")
	f.StringVar(&c.pprofListen, "pprof-listen", "", "loopback `address` of Go's profiles; none by default")
	f.StringVar(&c.otlpEndpoint, "otlp-endpoint", "", "`URL` of an OpenTelemetry collector for traces and metrics over gRPC\n(http://host:4317; default: what OTEL_EXPORTER_OTLP_ENDPOINT says)")
	f.BoolVar(&c.checkOnly, "check-config", false, "check the configuration, print it, and exit")
}

// complete checks what the flags say together and fills in the default place of
// the database.
func (c *config) complete(getenv func(string) string) error {
	if err := c.level.UnmarshalText([]byte(c.logLevel)); err != nil {
		return fmt.Errorf("--log-level: %q is none of debug, info, warn, error", c.logLevel)
	}
	switch {
	case c.logFormat != "text" && c.logFormat != "json":
		return fmt.Errorf("--log-format: %q is neither text nor json", c.logFormat)
	case c.maxConcurrent < 1 || c.maxConcurrent > 65535:
		return fmt.Errorf("--max-concurrent: %d is not within 1 to 65535", c.maxConcurrent)
	case c.callTimeout <= 0 || c.drainTimeout <= 0:
		return errors.New("--call-timeout and --drain-timeout must be longer than 0")
	case (c.tlsCert == "") != (c.tlsKey == ""):
		return errors.New("--tls-cert and --tls-key go together")
	case c.tlsClientCA != "" && c.tlsCert == "":
		return errors.New("--tls-client-ca needs --tls-cert and --tls-key")
	case c.callerRate < 0 || c.callerRate > 1e6 || c.callerRate != c.callerRate || c.callerBytes < 0:
		return errors.New("--caller-rate must be within 0 to 1000000, and --caller-bytes not below 0")
	}
	if err := c.mayListen("listen", c.listen); err != nil {
		return err
	}
	for flag, address := range map[string]string{"http-listen": c.httpListen, "web-listen": c.webListen} {
		if address == "" {
			continue
		}
		if err := c.mayListen(flag, address); err != nil {
			return err
		}
	}
	if scheme, _, ok := strings.Cut(c.database, "://"); ok && !isURL(c.database) {
		return fmt.Errorf("--database: %s:// is neither a file nor the URL of a PostgreSQL database, postgres://user@host:5432/name", scheme)
	}
	if c.database == "" {
		if err := c.defaultDatabase(getenv); err != nil {
			return err
		}
	}
	c.otlpEnvironment = getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	return errors.Join(c.checkObserve(), c.defaultState())
}

// mayListen holds the address of a flag to the rule that what other machines can
// reach is protected.
func (c *config) mayListen(flag, address string) error {
	public, err := isPublic(address)
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	if public && !c.insecurePublic && (!c.requireKey && c.tokenFile == "" || c.tlsCert == "") {
		return fmt.Errorf("--%s %s can be reached from other machines: set --require-key or --token-file, --tls-cert and --tls-key, "+
			"or say --insecure-public when something else protects it", flag, address)
	}
	return nil
}

// isPublic tells whether the address can be reached from another machine. A host
// name other than localhost counts as public: what it resolves to can change.
func isPublic(address string) (bool, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return false, err
	}
	if _, err := net.DefaultResolver.LookupPort(context.Background(), "tcp", port); err != nil {
		return false, fmt.Errorf("port %q is neither within 0 to 65535 nor the name of a service", port)
	}
	return !loopback.Is(address), nil
}

// defaultDatabase follows the XDG base directory specification. The folder is
// made here and only for the default: a path that the operator gives and that
// does not exist is more likely a slip.
func (c *config) defaultDatabase(getenv func(string) string) error {
	base := getenv("XDG_DATA_HOME")
	if base == "" {
		home := getenv("HOME")
		if home == "" {
			return errors.New("--database: neither XDG_DATA_HOME nor HOME is set, so there is no default place")
		}
		base = filepath.Join(home, ".local", "share")
	}
	folder := filepath.Join(base, "secondsource")
	c.database = filepath.Join(folder, "secondsource.db")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("--database: the default place cannot be made: %w", err)
	}
	return nil
}

// wire loads the files that the configuration names.
func (c *config) wire(log *slog.Logger) (server.Config, error) {
	wired := server.Config{
		Database: c.database,
		Drain:    c.drainTimeout,
		Log:      log,
		RPC:      rpc.Config{Version: buildVersion(), Timeout: c.callTimeout, MaxConcurrent: c.maxConcurrent},
		Gate:     &auth.Gate{Require: c.requireKey},
	}
	if c.tokenFile != "" {
		token, err := auth.ReadToken(c.tokenFile)
		if err != nil {
			return wired, fmt.Errorf("--token-file: %w", err)
		}
		wired.Gate.Token = token
	}
	if l := auth.NewLimiter(auth.Limits{Calls: c.callerRate, Bytes: float64(c.callerBytes), MaxMessage: rpc.MaxReceive}); l != nil {
		wired.RPC.Unary = append(wired.RPC.Unary, l.Unary)
		wired.RPC.Stream = append(wired.RPC.Stream, l.Stream)
	}
	if c.feeds != "" {
		if err := c.wireFeeds(&wired.Intake); err != nil {
			return wired, fmt.Errorf("--feeds: %s: %w", c.feeds, err)
		}
	}
	// Without a token whoever reaches the port may call: a web page that makes its
	// own name point to this machine must not.
	local := c.tokenFile == "" && !c.requireKey && !c.insecurePublic
	wired.HTTP = server.HTTP{Address: c.httpListen, LocalHosts: local}
	wired.Web = server.HTTP{Address: c.webListen, LocalHosts: local}
	if c.tlsCert != "" {
		tls, err := auth.ServerTLS(c.tlsCert, c.tlsKey)
		if err != nil {
			return wired, fmt.Errorf("--tls-cert: %w", err)
		}
		if c.tlsClientCA != "" {
			if err := auth.RequireClientCert(tls, c.tlsClientCA); err != nil {
				return wired, fmt.Errorf("--tls-client-ca: %w", err)
			}
		}
		wired.RPC.Options = []grpc.ServerOption{grpc.Creds(credentials.NewTLS(tls))}
		wired.HTTP.TLS, wired.Web.TLS = tls.Clone(), tls.Clone()
	}
	return wired, nil
}

// print checks the named files too and shows the configuration as the YAML that
// --config would read. It holds paths, never the token, nor the password of a
// database: give that in PGPASSWORD or PGPASSFILE to have both.
func (c *config) print(w io.Writer, flags *pflag.FlagSet) error {
	if _, err := c.wire(slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		value := f.Value.String()
		switch f.Name {
		case configFlag, "check-config", "help":
			return
		case "database":
			value = server.DatabaseName(value)
		}
		if f.Value.Type() == "string" {
			value = strconv.Quote(value)
		}
		fmt.Fprintf(&b, "%s: %s\n", f.Name, value)
	})
	_, err := io.WriteString(w, b.String())
	return err
}
