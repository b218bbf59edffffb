package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/secondsource/secondsource/claims/feeds"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/poll"
	"github.com/secondsource/secondsource/server/push"
)

// feedsFile is the file that --feeds names.
type feedsFile struct {
	poll.Config `yaml:",inline"`

	Push pushFile `yaml:"push"`
}

// pushFile says where others may send.
type pushFile struct {
	Listen    string         `yaml:"listen"`
	TLS       bool           `yaml:"tls"` // encrypted with --tls-cert and --tls-key
	Endpoints []pushEndpoint `yaml:"endpoints"`
}

type pushEndpoint struct {
	Path       string `yaml:"path"`
	Format     string `yaml:"format"`
	Publisher  string `yaml:"publisher"`
	Kind       string `yaml:"kind"`
	SecretFile string `yaml:"secret-file"`
}

// defaultState puts the state of the feeds beside a SQLite database.
func (c *config) defaultState() error {
	if c.feeds == "" || c.feedsState != "" {
		return nil
	}
	if server.DatabaseName(c.database) != c.database || strings.Contains(c.database, "://") {
		return errors.New("--feeds-state: must be given with a PostgreSQL database, and the feeds to one server only")
	}
	c.feedsState = c.database + ".feeds.json"
	return nil
}

// wireFeeds reads the file and the secrets that it names.
func (c *config) wireFeeds(in *server.Intake) error {
	body, err := os.ReadFile(c.feeds)
	if err != nil {
		return err
	}
	var f feedsFile
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true) // a slip must not silently be a default
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for i := range f.Feeds {
		if f.Feeds[i].AuthorizationFile == "" {
			continue
		}
		secret, err := os.ReadFile(f.Feeds[i].AuthorizationFile)
		if err != nil {
			return fmt.Errorf("feeds[%d]: authorization-file: %w", i, err)
		}
		f.Feeds[i].Authorization = strings.TrimSpace(string(secret))
	}
	if err := f.Check(); err != nil {
		return err
	}
	in.Poll, in.PollState = f.Config, c.feedsState
	if len(f.Push.Endpoints) == 0 {
		return nil
	}
	for i := range f.Push.Endpoints {
		e, err := f.Push.Endpoints[i].endpoint()
		if err != nil {
			return fmt.Errorf("push.endpoints[%d]: %w", i, err)
		}
		in.Push = append(in.Push, e)
	}
	return c.checkPush(&f.Push, in)
}

func (p *pushEndpoint) endpoint() (push.Endpoint, error) {
	if p.SecretFile == "" {
		return push.Endpoint{}, errors.New("secret-file: is missing")
	}
	secret, err := os.ReadFile(p.SecretFile)
	if err != nil {
		return push.Endpoint{}, fmt.Errorf("secret-file: %w", err)
	}
	kind, err := poll.KindOf(p.Kind)
	if err != nil {
		return push.Endpoint{}, err
	}
	e := push.Endpoint{Path: p.Path, Format: feeds.Format(p.Format), Publisher: p.Publisher, Kind: kind, Secret: strings.TrimSpace(string(secret))}
	return e, e.Check()
}

// checkPush holds pushes to the rules of --listen.
func (c *config) checkPush(p *pushFile, in *server.Intake) error {
	if p.Listen == "" {
		return errors.New("push.listen: is missing")
	}
	public, err := isPublic(p.Listen)
	switch {
	case err != nil:
		return fmt.Errorf("push.listen: %w", err)
	case public && !p.TLS && !c.insecurePublic:
		return fmt.Errorf("push.listen: %s can be reached from other machines: set push.tls, or --insecure-public when something else protects it", p.Listen)
	case p.TLS && c.tlsCert == "":
		return errors.New("push.tls: needs --tls-cert and --tls-key")
	}
	if p.TLS {
		if in.PushTLS, err = auth.ServerTLS(c.tlsCert, c.tlsKey); err != nil {
			return fmt.Errorf("--tls-cert: %w", err)
		}
		in.PushTLS.NextProtos = []string{"http/1.1"}
	}
	in.PushAddress = p.Listen
	return nil
}

// listenPush opens the listener of the pushes, if there are any.
func listenPush(ctx context.Context, in *server.Intake) error {
	if in.PushAddress == "" {
		return nil
	}
	var listen net.ListenConfig
	var err error
	in.PushListener, err = listen.Listen(ctx, "tcp", in.PushAddress)
	return err
}
