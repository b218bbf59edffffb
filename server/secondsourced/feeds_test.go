package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims/feeds"
	"github.com/secondsource/secondsource/server"
)

func TestTheFeedsFileSaysWhatComesIn(t *testing.T) {
	secret := file(t, "a secret of some length\n")
	c := &config{database: filepath.Join(t.TempDir(), "x.db"), feeds: file(t, `
allow-private: [10.1.0.0/16]
host-interval: 5s
feeds:
  - url: https://courier.example/rss
    publisher: The Courier
    every: 5m
  - {url: "https://meridian.example/feed", kind: agency-item, format: newsml, authorization-file: `+secret+`}
push:
  listen: 127.0.0.1:0
  endpoints:
    - {path: /telegram, format: telegram-update, secret-file: `+secret+`}
`)}
	if err := c.defaultState(); err != nil || c.feedsState != c.database+".feeds.json" {
		t.Errorf("the state stands beside the database: %q, %v", c.feedsState, err)
	}
	var in server.Intake
	if err := c.wireFeeds(&in); err != nil {
		t.Fatal(err)
	}
	if f := in.Poll.Feeds; len(f) != 2 || f[0].Every != 5*time.Minute || f[1].Every != 10*time.Minute || f[0].Publisher != "The Courier" || f[1].Authorization != "a secret of some length" {
		t.Errorf("feeds %+v", f)
	}
	if e := in.Push; len(e) != 1 || e[0].Format != feeds.TelegramUpdate || e[0].Secret != "a secret of some length" || in.PushAddress != "127.0.0.1:0" {
		t.Errorf("push %+v", e)
	}
}

func TestMistakesInTheFeedsFileAreNamed(t *testing.T) {
	secret := file(t, "a secret of some length\n")
	endpoint := "\n  endpoints: [{path: /x, secret-file: " + secret + "}]\n"
	for _, tt := range []struct {
		content, says string
		args          []string
	}{
		{"feed: []\n", "field feed not found", nil},
		{"feeds: [{url: https://x.example, evry: 5m}]\n", "field evry not found", nil},
		{"feeds: [{url: https://x.example, every: often}]\n", "cannot unmarshal", nil},
		{"feeds: [{url: x}]\n", `feeds[0]: url: "x" is no address of the web`, nil},
		{"feeds: [{url: https://x.example, authorization-file: /nonexistent}]\n", "feeds[0]: authorization-file: open /nonexistent", nil},
		{"push:\n  listen: 127.0.0.1:0\n  endpoints: [{path: /x}]\n", "push.endpoints[0]: secret-file: is missing", nil},
		{"push:\n  listen: 127.0.0.1:0\n  endpoints: [{path: /x, secret-file: " + file(t, "short") + "}]\n", "it needs 16 at least", nil},
		{"push:" + endpoint, "push.listen: is missing", nil},
		{"push:\n  listen: \":80\"" + endpoint, "push.listen: :80 can be reached from other machines", nil},
		{"push:\n  tls: true\n  listen: 127.0.0.1:0" + endpoint, "push.tls: needs --tls-cert", nil},
		{"feeds: []\n", "--feeds-state: must be given with a PostgreSQL database", []string{"--database", "postgres://db.example/news"}},
	} {
		_, err := execute(t, nil, append(tt.args, "--check-config", "--feeds", file(t, tt.content))...)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("got %v, want something about %q", err, tt.says)
		}
	}
	if _, err := execute(t, nil, "--check-config", "--feeds", file(t, "")); err != nil {
		t.Errorf("an empty file asks for nothing: %v", err)
	}
}
