package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
)

// Scenario is the part of a scenario that may be read when predicting: no gold.
type Scenario struct {
	ID      string `json:"id"`
	Sources []struct {
		ID           string   `json:"id"`
		Name         string   `json:"name"`
		Kind         string   `json:"kind"`
		Aliases      []string `json:"aliases"`
		ControlledBy string   `json:"controlled_by"`
	} `json:"sources"`
	Documents []struct {
		ID            string `json:"id"`
		Kind          string `json:"kind"`
		Publisher     string `json:"publisher"`
		PublishedAt   string `json:"published_at"`
		RetrievedAt   string `json:"retrieved_at"`
		Title         string `json:"title"`
		URL           string `json:"url"`
		ForwardedFrom string `json:"forwarded_from"`
		Text          string `json:"text"`
	} `json:"documents"`
	Queries []Question `json:"queries"`
}

// Question is one query of a scenario.
type Question struct {
	Claim string `json:"claim"`
	AsOf  string `json:"as_of"`
}

// Answer is an answer as the scenarios write it; documents by their ids there.
type Answer struct {
	Verdict            string     `json:"verdict"`
	IndependentOrigins int        `json:"independent_origins"`
	Origins            [][]string `json:"origins"`
	Supports           []string   `json:"supports"`
	Refutes            []string   `json:"refutes"`
}

// EachScenario reads the *.json files of a folder, in order of their names, as T:
// Scenario or what holds one.
func EachScenario[T any](dir string, do func(*T) error) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no *.json in %q", dir)
	}
	sort.Strings(files)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var s T
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		if err := do(&s); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

// Corpus is a newsroom that holds one scenario.
type Corpus struct {
	*desk.Desk

	Stored []desk.IngestResult // the documents of the scenario, in its order
	name   map[string]string   // scenario's source id -> name
	source map[string]string   // store's source id -> scenario's
	doc    map[string]string   // store's document id -> scenario's
	latest time.Time
	stop   func() error
}

// Close removes the newsroom.
func (c *Corpus) Close() error { return c.stop() }

// Open builds a newsroom of its own for one scenario, in a temporary database.
func (s *Scenario) Open(ctx context.Context) (*Corpus, error) {
	d, stop, err := Newsroom(ctx, nil)
	if err != nil {
		return nil, err
	}
	c := &Corpus{Desk: d, name: map[string]string{}, source: map[string]string{}, doc: map[string]string{}, stop: stop}
	if err := errors.Join(c.register(ctx, s), c.ingest(ctx, s)); err != nil {
		return nil, errors.Join(err, stop())
	}
	return c, nil
}

func (c *Corpus) ingest(ctx context.Context, s *Scenario) error {
	for _, x := range s.Documents {
		at, err := time.Parse(time.RFC3339, x.PublishedAt)
		if err != nil {
			return fmt.Errorf("document %s: %w", x.ID, err)
		}
		if at.After(c.latest) {
			c.latest = at
		}
		publisher := x.Publisher
		if n, ok := c.name[publisher]; ok {
			publisher = n
		}
		res, err := c.Ingest(ctx, desk.IngestRequest{Document: claims.Document{Kind: claims.DocumentKind(x.Kind), Publisher: publisher, Title: x.Title,
			URL: x.URL, ForwardedFrom: x.ForwardedFrom, PublishedAt: at, Text: x.Text}})
		if err != nil {
			return fmt.Errorf("document %s: %w", x.ID, err)
		}
		c.doc[res.Document.ID] = x.ID
		c.Stored = append(c.Stored, res)
	}
	return nil
}

// Query is a question as the desk is asked it: as of its time, or else of that of
// the newest document.
func (c *Corpus) Query(q Question) (claims.Query, error) {
	out := claims.Query{Text: q.Claim, AsOfPublished: c.latest}
	if q.AsOf == "" {
		return out, nil
	}
	at, err := time.Parse(time.RFC3339, q.AsOf)
	out.AsOfPublished = at
	return out, err
}

// DocumentID is the scenario's id of a stored document.
func (c *Corpus) DocumentID(stored string) string { return c.doc[stored] }

// SourceID is the scenario's id of a registered source; ok is false for one that
// it does not list.
func (c *Corpus) SourceID(stored string) (id string, ok bool) {
	id, ok = c.source[stored]
	return id, ok
}

func (c *Corpus) register(ctx context.Context, s *Scenario) error {
	ids := map[string]string{} // scenario id -> store id
	create := func(key, name, kind string, aliases []string) error {
		src := claims.Source{Name: name, Kind: claims.SourceKind(kind)}
		for _, a := range aliases {
			if strings.HasPrefix(a, "@") {
				src.Handles = append(src.Handles, claims.Handle{Handle: a})
			} else {
				src.Aliases = append(src.Aliases, claims.Alias{Name: a})
			}
		}
		out, err := c.CreateSource(ctx, src)
		if err != nil {
			return fmt.Errorf("source %s: %w", key, err)
		}
		ids[key], c.source[out.ID], c.name[key] = out.ID, key, name
		return nil
	}
	for _, x := range s.Sources {
		if err := create(x.ID, x.Name, x.Kind, x.Aliases); err != nil {
			return err
		}
	}
	for _, x := range s.Sources {
		if x.ControlledBy == "" {
			continue
		}
		if _, ok := ids[x.ControlledBy]; !ok {
			// A body with that name that the registry does not list.
			if err := create(x.ControlledBy, x.ControlledBy, "ORGANISATION", nil); err != nil {
				return err
			}
		}
		_, err := c.UpdateSource(ctx, claims.Source{ID: ids[x.ID], ControlledBy: []claims.Control{{Source: ids[x.ControlledBy]}}}, []string{"controlled_by"})
		if err != nil {
			return fmt.Errorf("source %s: %w", x.ID, err)
		}
	}
	return nil
}

// Answer writes a corroboration as the scenarios do: origins are those counted in
// the lower bound, each with the names of its members.
func (c *Corpus) Answer(a *claims.Corroboration) Answer {
	out := Answer{Verdict: string(a.Verdict), IndependentOrigins: a.OriginsMin, Origins: [][]string{}, Supports: []string{}, Refutes: []string{}}
	if a.OriginsMax == 0 {
		out.IndependentOrigins = 0
	}
	for _, o := range a.Origins {
		for _, e := range o.Evidence {
			id := c.doc[e.Document.ID]
			list := &out.Supports
			switch e.Stance {
			case claims.Refutes:
				list = &out.Refutes
			case claims.Neutral: // hearsay
				continue
			case claims.Supports:
			}
			if !slices.Contains(*list, id) {
				*list = append(*list, id)
			}
		}
		if o.Stance == claims.Supports && o.Identified {
			group := []string{}
			if o.Source != nil {
				group = append(group, o.Source.Name)
			}
			for _, m := range append([]string{o.Name}, o.Members...) {
				if !slices.Contains(group, m) {
					group = append(group, m)
				}
			}
			out.Origins = append(out.Origins, group)
		}
	}
	sort.Strings(out.Supports)
	sort.Strings(out.Refutes)
	return out
}
