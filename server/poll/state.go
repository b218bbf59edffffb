package poll

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// progress is how far one feed has come. It survives a restart, so that a server
// that is started often does not ask its feeds more often.
type progress struct {
	Next         time.Time `json:"next"`               // when it is asked again
	Failures     int       `json:"failures,omitempty"` // in a row
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	// From is the address that gave the two above, after redirects.
	From string `json:"from,omitempty"`
	// Seen is the memory of the items of the last answers.
	Seen []string `json:"seen,omitempty"`
}

// Limits of what is kept of one feed.
const (
	maxSeen   = 500
	maxHeader = 1 << 10 // bytes of an ETag or Last-Modified that is sent back
)

// state is the progress of all feeds, by address, and the file that keeps it.
type state struct {
	path string // "": nothing is kept

	mu    sync.Mutex
	feeds map[string]progress
}

type stateFile struct {
	Version int                 `json:"version"`
	Feeds   map[string]progress `json:"feeds"`
}

// openState reads the file. One that is not there is a beginning; one that cannot
// be read as state is an error, with which the poller may begin anew.
func openState(path string) (*state, error) {
	s := &state{path: path, feeds: map[string]progress{}}
	if path == "" {
		return s, nil
	}
	body, err := os.ReadFile(path) // #nosec G304 -- the operator names the file
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	var f stateFile
	if err := json.Unmarshal(body, &f); err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	if f.Version != 1 {
		return s, fmt.Errorf("%s: its version is %d, not 1", path, f.Version)
	}
	if f.Feeds != nil {
		s.feeds = f.Feeds
	}
	return s, nil
}

func (s *state) get(feed string) progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.feeds[feed]
}

// put keeps the progress of one feed. The file is replaced as a whole: it is the
// old one or the new one, whatever happens.
func (s *state) put(feed string, p progress) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feeds[feed] = p
	if s.path == "" {
		return nil
	}
	body, err := json.MarshalIndent(stateFile{Version: 1, Feeds: s.feeds}, "", " ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".feeds-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// keep forgets feeds that are no longer configured.
func (s *state) keep(feeds []Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := map[string]bool{}
	for _, f := range feeds {
		known[f.URL] = true
	}
	for url := range s.feeds {
		if !known[url] {
			delete(s.feeds, url)
		}
	}
}
