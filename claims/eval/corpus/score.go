package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
)

// score counts over all headlines.
type score struct {
	documents int
	ingesting time.Duration
	took      []time.Duration // each query
	noClaim   int             // headlines that hold no claim

	agree, disagree side
	// bearing are the articles given as support or refutation; unlabelled those
	// of them that no pair calls related, which the challenge did not always ask.
	bearing, unlabelled int
}

// side counts the articles with one of the two labels.
type side struct {
	all     int
	stance  int // given as support or refutation
	shown   int // given as either or as related
	against int // given as the one where the label says the other
}

func sum(x, y side) side {
	return side{x.all + y.all, x.stance + y.stance, x.shown + y.shown, x.against + y.against}
}

// add looks for the labelled articles of a headline in its answer.
func (s *score) add(a *claims.Corroboration, labels map[int]string) error {
	got, err := stances(a)
	if err != nil {
		return err
	}
	for id, label := range labels {
		switch label {
		case "agree":
			s.agree.count(got[id], claims.Supports)
		case "disagree":
			s.disagree.count(got[id], claims.Refutes)
		}
	}
	for id, stance := range got {
		if !stance[claims.Supports] && !stance[claims.Refutes] {
			continue
		}
		s.bearing++
		if labels[id] == "" {
			s.unlabelled++
		}
	}
	return nil
}

// count counts an article by the stances in which the answer gives it. One that
// is given on both sides is against its label in part, and counts so.
func (x *side) count(got map[claims.Stance]bool, want claims.Stance) {
	other := claims.Supports
	if want == claims.Supports {
		other = claims.Refutes
	}
	x.all++
	if len(got) > 0 {
		x.shown++
	}
	if got[want] || got[other] {
		x.stance++
	}
	if got[other] {
		x.against++
	}
}

// stances lists the articles that an answer names as evidence, as SUPPORTS,
// REFUTES or, where they were only looked at, NEUTRAL.
func stances(a *claims.Corroboration) (map[int]map[claims.Stance]bool, error) {
	out := map[int]map[claims.Stance]bool{}
	note := func(es []claims.Evidence) error {
		for i := range es {
			id, err := strconv.Atoi(es[i].Document.ExternalID)
			if err != nil {
				return err
			}
			if out[id] == nil {
				out[id] = map[claims.Stance]bool{}
			}
			out[id][es[i].Stance] = true
		}
		return nil
	}
	for i := range a.Origins {
		if err := note(a.Origins[i].Evidence); err != nil {
			return nil, err
		}
	}
	return out, note(a.Related)
}

func (s *score) print(w io.Writer) error {
	slices.Sort(s.took)
	var b strings.Builder
	fmt.Fprintf(&b, "documents  %d ingested, %.1f a second, one after another\n", s.documents, float64(s.documents)/max(s.ingesting.Seconds(), 1e-9))
	fmt.Fprintf(&b, "headlines  %d asked, %d hold no claim; p50 %s, p99 %s\n", len(s.took), s.noClaim, s.quantile(0.5), s.quantile(0.99))
	fmt.Fprintf(&b, "%-10s %8s %14s %14s %14s\n", "label", "articles", "with stance", "or related", "wrong stance")
	for _, r := range []struct {
		name string
		got  side
	}{{"agree", s.agree}, {"disagree", s.disagree}, {"both", sum(s.agree, s.disagree)}} {
		fmt.Fprintf(&b, "%-10s %8d %13.2f%% %13.2f%% %13.2f%%\n", r.name, r.got.all, percent(r.got.stance, r.got.all), percent(r.got.shown, r.got.all), percent(r.got.against, r.got.stance))
	}
	fmt.Fprintf(&b, "evidence   %d articles given as support or refutation, %.2f%% of them in no pair that is called related\n", s.bearing, percent(s.unlabelled, s.bearing))
	_, err := io.WriteString(w, b.String())
	return err
}

// quantile is the latency that a share of the queries did not exceed; took is
// sorted.
func (s *score) quantile(q float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	return s.took[int(q*float64(len(s.took)-1))].Round(10 * time.Microsecond)
}

func percent(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }
