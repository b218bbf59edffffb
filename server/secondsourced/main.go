// Command secondsourced is the Second Source server: one binary with an embedded
// database.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/secondsource/secondsource/packaging/manual"
	"github.com/secondsource/secondsource/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default handling is back: a second one kills.
	context.AfterFunc(ctx, stop)
	if err := command(os.Stdout, os.Stderr, os.Getenv).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "secondsourced:", err)
		os.Exit(1)
	}
}

// command builds the program over its surroundings, so that tests can run it.
func command(stdout, stderr io.Writer, getenv func(string) string) *cobra.Command {
	c := &config{}
	root := &cobra.Command{
		Use:   "secondsourced",
		Short: "The Second Source server",
		Long: `Stores what was published, reads who asserts what, and answers how many
independent origins stand behind a claim.

Every flag can also be set in the environment (--log-level as
SECONDSOURCE_LOG_LEVEL) and in the YAML file that --config names (as
log-level). Flags win over the environment, the environment over the file.`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		PreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := layer(cmd.Flags(), getenv); err != nil {
				return err
			}
			return c.complete(getenv)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.checkOnly {
				return c.print(stdout, cmd.Flags())
			}
			return run(cmd.Context(), c, stdout, stderr)
		},
	}
	c.flags(root.Flags())
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(versionCommand(), adminCommand(stdout, stderr, getenv), keysCommand(stdout, stderr, getenv), manual.Command())
	for flag, words := range map[string][]string{"log-format": {"text", "json"}, "log-level": {"debug", "info", "warn", "error"}} {
		_ = root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // they are there
	}
	return root
}

// run serves until the context ends.
func run(ctx context.Context, c *config, stdout, stderr io.Writer) error {
	server.TuneMemory()
	wired, err := c.wire(newLogger(c, stderr))
	if err != nil {
		return err
	}
	stop, err := c.startObserving(ctx, &wired)
	if err != nil {
		return err
	}
	defer stop()
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", c.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", c.listen, err)
	}
	address := listener.Addr().String()
	if c.addressFile != "" {
		if err := writeAddress(c.addressFile, address); err != nil {
			return fmt.Errorf("--address-file: %w", err)
		}
	}
	if _, err := fmt.Fprintf(stdout, "listening on %s\n", address); err != nil {
		return err
	}
	wired.Log.InfoContext(ctx, "listening", "address", address, "database", server.DatabaseName(c.database), "tls", c.tlsCert != "", "token", c.tokenFile != "", "require_key", c.requireKey)
	if err := listenPush(ctx, &wired.Intake); err != nil {
		return errors.Join(fmt.Errorf("push.listen: %w", err), listener.Close())
	}
	if err := listenHTTP(ctx, &wired); err != nil {
		if push := wired.Intake.PushListener; push != nil {
			err = errors.Join(err, push.Close())
		}
		return errors.Join(err, listener.Close())
	}
	return server.Run(ctx, listener, wired)
}

// listenHTTP opens what is answered over HTTP, both or none.
func listenHTTP(ctx context.Context, wired *server.Config) (err error) {
	listen := net.ListenConfig{}
	for _, x := range []struct {
		flag string
		at   *server.HTTP
	}{{"--http-listen", &wired.HTTP}, {"--web-listen", &wired.Web}} {
		if x.at.Address == "" {
			continue
		}
		if x.at.Listener, err = listen.Listen(ctx, "tcp", x.at.Address); err != nil {
			err = fmt.Errorf("%s %s: %w", x.flag, x.at.Address, err)
			if wired.HTTP.Listener != nil {
				err = errors.Join(err, wired.HTTP.Listener.Close())
			}
			return err
		}
	}
	return nil
}

func newLogger(c *config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.level}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// writeAddress puts the address into the file in one step: a script that waits
// for the file never reads half of it.
func writeAddress(path, address string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".address-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(address + "\n")
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
