package main

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
	"github.com/secondsource/secondsource/claims/eval/internal/dataset"
)

// scenario is the part of a file that may be read when predicting: no gold.
type scenario struct {
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
	Queries []struct {
		Claim string `json:"claim"`
		AsOf  string `json:"as_of"`
	} `json:"queries"`
}

type predictedAnswer struct {
	Verdict            string     `json:"verdict"`
	IndependentOrigins int        `json:"independent_origins"`
	Origins            [][]string `json:"origins"`
	Supports           []string   `json:"supports"`
	Refutes            []string   `json:"refutes"`
}

type predictedClaim struct {
	Document   string   `json:"document"`
	Text       string   `json:"text"`
	Start      int      `json:"start"`
	End        int      `json:"end"`
	AssertedBy string   `json:"asserted_by"`
	Chain      []string `json:"chain"`
	Cue        string   `json:"cue"`
	Directness string   `json:"directness"`
	Modality   string   `json:"modality"`
}

type prediction struct {
	ID      string            `json:"id"`
	Queries []predictedAnswer `json:"queries"`
	Claims  []predictedClaim  `json:"claims"`
}

func scenarios(ctx context.Context, o options, write func(any) error) error {
	files, err := filepath.Glob(filepath.Join(o.in, "*.json"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no *.json in %s", o.in)
	}
	sort.Strings(files)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var s scenario
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		p, err := answerScenario(ctx, &s)
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		if err := write(p); err != nil {
			return err
		}
	}
	return nil
}

// answerScenario builds a newsroom of its own for one scenario, in a temporary
// database, and asks it everything.
func answerScenario(ctx context.Context, s *scenario) (p prediction, err error) {
	d, stop, err := dataset.Newsroom(ctx, nil)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	p = prediction{ID: s.ID, Queries: []predictedAnswer{}, Claims: []predictedClaim{}}
	reg, err := register(ctx, d, s)
	if err != nil {
		return p, err
	}
	back := map[string]string{} // stored id -> scenario id
	for _, x := range s.Documents {
		at, err := time.Parse(time.RFC3339, x.PublishedAt)
		if err != nil {
			return p, fmt.Errorf("document %s: %w", x.ID, err)
		}
		publisher := x.Publisher
		if n, ok := reg.name[publisher]; ok {
			publisher = n
		}
		doc := claims.Document{Kind: claims.DocumentKind(x.Kind), Publisher: publisher, Title: x.Title, URL: x.URL, ForwardedFrom: x.ForwardedFrom,
			PublishedAt: at, Text: x.Text}
		res, err := d.Ingest(ctx, desk.IngestRequest{Document: doc})
		if err != nil {
			return p, fmt.Errorf("document %s: %w", x.ID, err)
		}
		back[res.Document.ID] = x.ID
		for i := range res.Claims {
			p.Claims = append(p.Claims, predicted(reg, x.ID, &res.Document, &res.Claims[i]))
		}
	}
	for _, q := range s.Queries {
		cq := claims.Query{Text: q.Claim}
		if q.AsOf != "" {
			if cq.AsOfPublished, err = time.Parse(time.RFC3339, q.AsOf); err != nil {
				return p, err
			}
		} else {
			cq.AsOfPublished = latest(s)
		}
		c, err := d.Corroborate(ctx, cq)
		if err != nil {
			return p, fmt.Errorf("query %q: %w", q.Claim, err)
		}
		p.Queries = append(p.Queries, answer(back, &c))
	}
	return p, nil
}

// latest is the time of the newest document: the moment the questions are asked.
func latest(s *scenario) time.Time {
	var out time.Time
	for _, d := range s.Documents {
		if t, err := time.Parse(time.RFC3339, d.PublishedAt); err == nil && t.After(out) {
			out = t
		}
	}
	return out
}

// registered maps scenario ids to the store's and back.
type registered struct {
	name map[string]string // scenario id -> name
	id   map[string]string // store id -> scenario id
}

func register(ctx context.Context, d *desk.Desk, s *scenario) (registered, error) {
	r := registered{map[string]string{}, map[string]string{}}
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
		out, err := d.CreateSource(ctx, src)
		if err != nil {
			return fmt.Errorf("source %s: %w", key, err)
		}
		ids[key], r.id[out.ID], r.name[key] = out.ID, key, name
		return nil
	}
	for _, x := range s.Sources {
		if err := create(x.ID, x.Name, x.Kind, x.Aliases); err != nil {
			return r, err
		}
	}
	for _, x := range s.Sources {
		if x.ControlledBy == "" {
			continue
		}
		if _, ok := ids[x.ControlledBy]; !ok {
			// A body with that name that the registry does not list.
			if err := create(x.ControlledBy, x.ControlledBy, "ORGANISATION", nil); err != nil {
				return r, err
			}
		}
		_, err := d.UpdateSource(ctx, claims.Source{ID: ids[x.ID], ControlledBy: []claims.Control{{Source: ids[x.ControlledBy]}}}, []string{"controlled_by"})
		if err != nil {
			return r, fmt.Errorf("source %s: %w", x.ID, err)
		}
	}
	return r, nil
}

// called is the name of a hop: the scenario's id when it is linked.
func called(reg registered, h claims.Hop) string {
	if id, ok := reg.id[h.Source]; ok {
		return id
	}
	if h.SpeaksFor != "" {
		return h.SpeaksFor
	}
	if h.Name != "" {
		return h.Name
	}
	return h.Mention
}

func predicted(reg registered, id string, doc *claims.Document, c *claims.Claim) predictedClaim {
	span := c.MainSpan()
	out := predictedClaim{Document: id, Text: c.Text, Start: span.Start, End: span.End, Directness: string(c.Attribution.Directness()), Modality: string(c.Modality), Chain: []string{}}
	for _, h := range c.Attribution.Hops {
		if h.Nobody && h.Name == "" && h.Mention == "" {
			continue
		}
		out.Chain = append(out.Chain, called(reg, h))
	}
	if n := len(out.Chain); n > 0 {
		out.AssertedBy = out.Chain[n-1]
	}
	out.Cue = cue(doc.Text, c.Attribution.Asserter())
	return out
}

// cue is the source phrase with its cue words, as the suite writes it.
func cue(text string, h claims.Hop) string {
	if h.CueSpan.Empty() {
		return ""
	}
	s := h.CueSpan
	if h.Where == claims.WhereText && !h.SourceSpan.Empty() {
		if all := s.Cover(h.SourceSpan); all.Len() < 200 {
			s = all
		}
	}
	return s.Of(text)
}

func answer(back map[string]string, c *claims.Corroboration) predictedAnswer {
	out := predictedAnswer{Verdict: string(c.Verdict), IndependentOrigins: c.OriginsMin, Origins: [][]string{}, Supports: []string{}, Refutes: []string{}}
	if c.OriginsMax == 0 {
		out.IndependentOrigins = 0
	}
	for _, o := range c.Origins {
		for _, e := range o.Evidence {
			id := back[e.Document.ID]
			list := &out.Supports
			if e.Stance == claims.Refutes {
				list = &out.Refutes
			}
			if !has(*list, id) {
				*list = append(*list, id)
			}
		}
		if o.Stance == claims.Supports && o.Identified {
			group := []string{}
			if o.Source != nil {
				group = append(group, o.Source.Name)
			}
			for _, m := range append([]string{o.Name}, o.Members...) {
				if !has(group, m) {
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

func has(l []string, s string) bool {
	return slices.Contains(l, s)
}
