package main

import (
	"regexp"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/extract"
)

const (
	ownClaims = 2   // of each document
	ownWeight = 0.3 // of what is asked in its own words, beside a question's 1
)

// ownWords asks of each document what it says itself, in its own words, the
// contrary, and the same of somebody else: the first it supports, the second it
// refutes, to the third it is neutral. What is plain must not be lost over what
// is not.
func ownWords(x *extract.Extractor, rs []*desk.Reading, at time.Time) (rows []*row) {
	for _, r := range rs {
		for _, c := range r.Plain(ownClaims) {
			for _, q := range [...]struct {
				text              string
				supports, refutes bool
			}{{c.Text, true, false}, {negated(c), false, true}, {renamed(c), false, false}} {
				if q.text == "" || q.text == c.Text && !q.supports {
					continue
				}
				more, err := beside(x, q.text, at, []*desk.Reading{r})
				if err != nil {
					continue // turned, it is no statement any more
				}
				for _, m := range more {
					m.label(q.supports, q.refutes)
					m.weight, m.made = ownWeight, true
					rows = append(rows, m)
				}
			}
		}
	}
	return rows
}

var helperRx = regexp.MustCompile(`\b(was|were|is|are|had|has|have|will|would|can|could)\b`)

// negated is a claim's text with its verb negated, or "" where that cannot be
// done with one word.
func negated(c *claims.Claim) string {
	if strings.Contains(c.Text, " not ") || c.Frame.Predicate.Nominal {
		return ""
	}
	if m := helperRx.FindStringIndex(c.Text); m != nil {
		return c.Text[:m[1]] + " not" + c.Text[m[1]:]
	}
	lemma, _, _ := strings.Cut(c.Frame.Predicate.Lemma, " ")
	at := strings.Index(c.Text, " "+lemma)
	if lemma == "" || at < 0 {
		return ""
	}
	end := at + 1 + len(lemma)
	for end < len(c.Text) && c.Text[end] >= 'a' && c.Text[end] <= 'z' {
		end++
	}
	switch verb := c.Text[at+1 : end]; {
	case strings.HasSuffix(verb, "ing"):
		return ""
	case strings.HasSuffix(verb, "s") && !strings.HasSuffix(lemma, "s"):
		return c.Text[:at+1] + "does not " + lemma + c.Text[end:]
	}
	return c.Text[:at+1] + "did not " + lemma + c.Text[end:]
}

// strangers are names that no story holds.
var strangers = strings.Fields("Orlo Vantmere Quisle Hadrec Pellom Zurrin Ostrava-Nell Brimgard Tolvey Ickling")

// renamed is a claim's text with one of its names changed, so that it tells of
// somebody or something else: another first name, another word of the name,
// another digit. "" for a claim without a name.
func renamed(c *claims.Claim) string {
	for _, a := range c.Frame.Arguments {
		if a.Entity == "" || !strings.Contains(c.Text, a.Entity) {
			continue
		}
		ws := strings.Fields(a.Entity)
		n := len(c.Text) + len(a.Entity)
		switch {
		case strings.ContainsAny(a.Entity, "0123456789"):
			b := []byte(a.Entity)
			i := strings.LastIndexAny(a.Entity, "0123456789")
			b[i] = '0' + (b[i]-'0'+3)%10
			return strings.Replace(c.Text, a.Entity, string(b), 1)
		case len(ws) > 1 && n%2 == 0:
			ws[0] = strangers[n%len(strangers)]
		default:
			ws[len(ws)-1] = strangers[n%len(strangers)]
		}
		return strings.Replace(c.Text, a.Entity, strings.Join(ws, " "), 1)
	}
	return ""
}
