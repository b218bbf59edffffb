package poll

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/secondsource/secondsource/claims/feeds"
)

// memory is what the items of a feed said when they last came: by the item's key,
// in order of coming.
type memory struct {
	marks map[string]string
	order []string // keys, the latest last; one that came again stands there twice
}

// newMemory reads what list wrote.
func newMemory(list []string) *memory {
	m := &memory{marks: map[string]string{}}
	for _, s := range list {
		if key, mark, ok := strings.Cut(s, " "); ok {
			m.add(key, mark)
		}
	}
	return m
}

func (m *memory) has(key, mark string) bool { return m.marks[key] == mark }

func (m *memory) add(key, mark string) {
	m.marks[key] = mark
	m.order = append(m.order, key)
}

// list is the memory as it is kept: at most maxSeen entries, the oldest forgotten.
func (m *memory) list() []string {
	var out []string
	done := map[string]bool{}
	for _, key := range slices.Backward(m.order) {
		if !done[key] && len(out) < maxSeen {
			done[key] = true
			out = append(out, key+" "+m.marks[key])
		}
	}
	slices.Reverse(out)
	return out
}

// markOf is what an item is known by when it comes again, and what it says; not
// when it says to have been published: feeds that date all their items anew with
// every answer would make versions of nothing.
func markOf(it *feeds.Item) (key, mark string) {
	d := &it.Document
	fault := ""
	if it.Err != nil {
		fault = it.Position.Path + ": " + it.Err.Error()
	}
	mark = digest(d.Title, string(d.Status), d.EmbargoedUntil.UTC().String(), d.Text, fault)
	if d.ExternalID == "" && d.URL == "" {
		return mark, mark
	}
	return digest(d.ExternalID, d.URL), mark
}

// digest is short: two items of one feed that are taken for one by chance are out
// of the question with 500 of them, and nobody gains by making two.
func digest(parts ...string) string {
	h := sha256.New()
	for _, s := range parts {
		_, _ = fmt.Fprintf(h, "%d:", len(s))
		_, _ = io.WriteString(h, s)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
