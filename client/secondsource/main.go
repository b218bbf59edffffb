// Command secondsource is the command line of Second Source: it talks to a
// running secondsourced over the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
	"google.golang.org/grpc/codes"

	"github.com/secondsource/secondsource/client"
	"github.com/secondsource/secondsource/packaging/manual"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, dial: client.Dial}
	if err := a.command().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintln(os.Stderr, "secondsource:", err)
		}
		os.Exit(1)
	}
}

// errReported ends the program with status 1 after its faults were printed where
// they arose.
var errReported = errors.New("some items failed")

// app is the program with its surroundings, so that tests can run it.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	dial           func(address string, opts ...client.Option) (*client.Client, error)

	address, tokenFile, tlsCA, tlsCert, tlsKey, output string
	tls                                                bool
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "secondsource",
		Short: "Who says so, and how many independently",
		Long: `Ingest what was published, see which claims it makes and who asserts them, and
ask how many independent origins stand behind a claim.

Every command answers in words by default and, with -o json, with the API's own
message as JSON. The server's address comes from --addr or SECONDSOURCE_ADDR.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if a.output != "table" && a.output != "json" {
				return fmt.Errorf("--output: %q is neither table nor json", a.output)
			}
			return flagsAreUTF8(cmd)
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.address, "addr", "", "`address` of the server (default $SECONDSOURCE_ADDR, else "+client.DefaultAddress+")")
	flags.StringVar(&a.tokenFile, "token-file", "", "`file` with the API key or token (default $SECONDSOURCE_TOKEN_FILE)")
	flags.StringVar(&a.tlsCA, "tls-ca", "", "PEM `file` with the authority of the server's certificate; implies --tls\n(default $SECONDSOURCE_TLS_CA)")
	flags.StringVar(&a.tlsCert, "tls-cert", "", "PEM `file` with a certificate to show to a server that asks for one; implies\n--tls (default $SECONDSOURCE_TLS_CERT)")
	flags.StringVar(&a.tlsKey, "tls-key", "", "PEM `file` with the key of --tls-cert (default $SECONDSOURCE_TLS_KEY)")
	flags.BoolVar(&a.tls, "tls", false, "encrypt; check the server against the system's authorities")
	flags.StringVarP(&a.output, "output", "o", "table", "table or json")
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.AddCommand(a.ingestCommand(), a.extractCommand(), a.documentsCommand(), a.correctCommand(), a.retractCommand(), a.claimsCommand(), a.sourcesCommand(),
		a.corroborateCommand(), a.checkCommand(), a.watchCommand(), a.exportCommand(),
		a.originsCommand(), a.judgementsCommand(), a.undoCommand(), a.doctorCommand(), manual.Command())
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"table", "json"}, cobra.ShellCompDirectiveNoFileComp)) // it is there
	root.Version = buildVersion()
	return root
}

// flagsAreUTF8 checks what a command's own flags send to the server, which takes
// nothing else; the flags of all commands name files, whose names may be anything.
func flagsAreUTF8(cmd *cobra.Command) error {
	var err error
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, v := range values {
			if !utf8.ValidString(v) && err == nil {
				err = fmt.Errorf("--%s: %q is not valid UTF-8", f.Name, v)
			}
		}
	})
	return err
}

// setting is a flag's value, or what the environment has in its place.
func (a *app) setting(flag, variable string) string {
	if flag != "" {
		return flag
	}
	return a.getenv(variable)
}

// connect dials the server that flags and environment name.
func (a *app) connect(more ...client.Option) (*client.Client, error) {
	address := a.setting(a.address, "SECONDSOURCE_ADDR")
	if scheme, rest, is := strings.Cut(address, "://"); is && (scheme == "http" || scheme == "https") {
		return nil, fmt.Errorf("%q is no host:port: give the address of secondsourced --listen, as --addr %s", address, strings.TrimSuffix(rest, "/"))
	}
	opts, encrypted, err := a.tlsOptions()
	if err != nil {
		return nil, err
	}
	if file := a.setting(a.tokenFile, "SECONDSOURCE_TOKEN_FILE"); file != "" {
		token, err := readToken(file)
		if err != nil {
			return nil, err
		}
		if !encrypted && !isLoopback(address) {
			return nil, fmt.Errorf("the token would go to %s unencrypted: use --tls or --tls-ca", address)
		}
		opts = append(opts, client.WithToken(token))
	}
	return a.dial(address, append(opts, more...)...)
}

// readToken is the key or token that a file holds, white space around it aside. What
// no header can carry is none, and is not sent to find out.
func readToken(file string) (string, error) {
	content, err := os.ReadFile(file) // #nosec G304 -- the user names the file
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(content))
	switch {
	case token == "":
		return "", fmt.Errorf("%s is empty: it should hold an API key or token", file)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", fmt.Errorf("%s holds no API key or token, which is one word of printable ASCII", file)
	}
	return token, nil
}

// tlsOptions are those that encrypt the connection.
func (a *app) tlsOptions() (opts []client.Option, encrypted bool, err error) {
	ca := a.setting(a.tlsCA, "SECONDSOURCE_TLS_CA")
	if a.tls || ca != "" {
		opts = append(opts, client.WithTLS(ca))
	}
	cert, key := a.setting(a.tlsCert, "SECONDSOURCE_TLS_CERT"), a.setting(a.tlsKey, "SECONDSOURCE_TLS_KEY")
	if (cert == "") != (key == "") {
		return nil, false, errors.New("--tls-cert and --tls-key go together")
	}
	if cert != "" {
		opts = append(opts, client.WithClientCert(cert, key))
	}
	return opts, len(opts) > 0, nil
}

// isLoopback tells whether what is sent to the address stays on this machine.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if address == "" || err == nil && host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// with connects, runs f and closes.
func (a *app) with(f func(*client.Client) error) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	err = f(c)
	if unreachable(err) && speaksHTTP(err) {
		err = fmt.Errorf("%s speaks HTTP, not gRPC: give the address of secondsourced --listen, not of --http-listen or --web-listen", c.Conn().Target())
	}
	if unreachable(err) {
		err = fmt.Errorf("no server answers at %s: %w\nstart one with secondsourced, or name another with --addr or SECONDSOURCE_ADDR", c.Conn().Target(), err)
	}
	return errors.Join(err, c.Close())
}

// unreachable tells whether a call did not come as far as a server: what a
// server answers has a reason.
func unreachable(err error) bool {
	e, ok := errors.AsType[*client.Error](err)
	return ok && e.Code == codes.Unavailable && e.Reason == ""
}

// speaksHTTP tells whether a call failed because whoever listens is a web server of
// HTTP/1.1. gRPC says it in words only.
func speaksHTTP(err error) bool {
	return strings.Contains(err.Error(), "looked like an HTTP/1.1 header")
}

// exactlyOne asks for one argument and says in words what it is.
func exactlyOne(says string) cobra.PositionalArgs { return exactly(1, says) }

// exactly asks for n arguments and says in words what they are.
func exactly(n int, says string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s; see %s --help", says, cmd.CommandPath())
		}
		return nil
	}
}

// atLeastOne asks for one argument or more.
func atLeastOne(says string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return exactlyOne(says)(cmd, args)
		}
		return nil
	}
}

// isTerminal tells whether a person looks at w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) // #nosec G115 -- file descriptors are small
}

// style is how the output is marked: with escapes on a terminal unless NO_COLOR
// is set (no-color.org), with plain characters otherwise.
func (a *app) style() style {
	return style{escapes: isTerminal(a.stdout) && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"}
}
