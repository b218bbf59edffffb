package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

//go:embed story
var story embed.FS

// feed is an address of one newsroom of the story. It serves the edition that was
// published last, from a port of its own: as to other hosts, the server waits its
// turn there.
//
// No feed may be asked more often than every 30 seconds. So that an evening does
// not last an hour, a feed that has nothing new lets who asks wait for a moment,
// and answers as soon as the next edition is out.
type feed struct {
	name, format, kind string
	url                string

	mu     sync.Mutex
	number int // of the edition; the first, 0, holds nothing
	body   []byte
	newer  chan struct{} // closed when the next edition is out
	server *http.Server
}

// patience is how long a feed lets somebody wait for something new: less than the
// server waits for an answer to begin.
const patience = 10 * time.Second

// openFeed starts to serve the first edition on loopback.
func openFeed(ctx context.Context, name, format, kind string) (*feed, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &feed{name: name, format: format, kind: kind, number: -1, newer: make(chan struct{})}
	f.url = "http://" + listener.Addr().String() + "/" + name
	if err := f.publish(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: patience}
	go func() { _ = f.server.Serve(listener) }() // until close
	return f, nil
}

// close ends the serving.
func (f *feed) close() error { return f.server.Close() }

// publish puts the next edition in the place of the last.
func (f *feed) publish() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	ending := ".json"
	if f.format == "rss" {
		ending = ".xml"
	}
	body, err := story.ReadFile(fmt.Sprintf("story/%s-%d%s", f.name, f.number+1, ending))
	if err != nil {
		return err
	}
	f.number++
	f.body = body
	close(f.newer)
	f.newer = make(chan struct{})
	return nil
}

// edition is what is served now, by what it is known, and what tells of the next.
func (f *feed) edition() (body []byte, tag string, number int, newer <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256(f.body)
	return f.body, `"` + hex.EncodeToString(sum[:8]) + `"`, f.number, f.newer
}

// ServeHTTP implements http.Handler.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/"+f.name {
		http.NotFound(w, r) // there is no robots.txt: everything may be asked for
		return
	}
	body, tag, number, newer := f.edition()
	if number == 0 || r.Header.Get("If-None-Match") == tag {
		later := time.NewTimer(patience)
		defer later.Stop()
		select {
		case <-newer:
			body, tag, _, _ = f.edition()
		case <-later.C:
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "application/octet-stream") // the feeds file says what it is
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
