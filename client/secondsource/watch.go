package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

func (a *app) watchCommand() *cobra.Command {
	var asserter, state, from, to string
	var sources []string
	cmd := &cobra.Command{
		Use:   "watch [CLAIM]",
		Short: "Tell whenever the verdict on a claim, or on what a source asserts, changes",
		Long: `Tells how a claim stands, and then, until it is interrupted, of each change of its
verdict or its origins, and what changed it: documents, corrections, retractions,
embargoes that end, deletions, editors' judgements. The claim is a sentence of your
own words or the name of a stored claim; with --asserter it is everything that a
source asserts from now on.

With --state the watch goes on where it was when it is started again, and tells
what it missed. When the connection breaks it does the same by itself. With -o json
each line is one message of the API.`,
		Example: `  secondsource watch "A dam broke in Zenda on 3 March 2026"
  secondsource watch --asserter "Russian Foreign Ministry" --state ministry.watch`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			req := &secondsourcev1.WatchRequest{}
			switch {
			case (len(args) == 1) == (asserter != ""):
				return errors.New(`give one claim, in quotes, or --asserter; see secondsource watch --help`)
			case asserter != "":
				req.Subject = &secondsourcev1.WatchRequest_Source{Source: asserter}
			default:
				subject, err := subjectOf(args[0])
				if err != nil {
					return err
				}
				req = watching(subject)
			}
			req.Sources = sources
			var err error
			if req.Published, err = rangeOf(from, to); err != nil {
				return err
			}
			if state != "" {
				token, err := os.ReadFile(state)
				if err != nil && !errors.Is(err, os.ErrNotExist) {
					return err
				}
				req.ResumeToken = string(bytes.TrimSpace(token))
			}
			return a.with(func(c *client.Client) error { return a.watch(cmd.Context(), c, req, state, a.printChange) })
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&asserter, "asserter", "", "watch what this `source`, name or handle asserts")
	f.StringVar(&state, "state", "", "`file` that keeps how far the watch has come")
	f.StringVar(&from, "from", "", "only documents published at this `time` or later")
	f.StringVar(&to, "to", "", "only documents published before this `time`")
	f.StringArrayVar(&sources, "source", nil, "only documents of this `publisher`; may be repeated")
	return cmd
}

// subjectOf reads a claim as people give it: in words, or by its name.
func subjectOf(arg string) (*secondsourcev1.CorroborateRequest, error) {
	req := &secondsourcev1.CorroborateRequest{}
	if !utf8.ValidString(arg) {
		return nil, fmt.Errorf("%q is not valid UTF-8", arg)
	}
	switch isName := strings.HasPrefix(arg, "documents/") && !strings.ContainsAny(arg, " \t\n"); {
	case isName && strings.Contains(arg, "/claims/"):
		req.Subject = &secondsourcev1.CorroborateRequest_Claim{Claim: arg}
	case isName:
		return nil, fmt.Errorf("%s is a document: name one of its claims, as %s/claims/1; secondsource claims %s lists them", arg, arg, arg)
	default:
		req.Subject = &secondsourcev1.CorroborateRequest_ClaimText{ClaimText: arg}
	}
	return req, nil
}

// watching is the watch of a question.
func watching(q *secondsourcev1.CorroborateRequest) *secondsourcev1.WatchRequest {
	req := &secondsourcev1.WatchRequest{Published: q.GetPublished(), Sources: q.GetSources(), MinOrigins: q.GetMinOrigins()}
	if q.GetClaim() != "" {
		req.Subject = &secondsourcev1.WatchRequest_Claim{Claim: q.GetClaim()}
	} else {
		req.Subject = &secondsourcev1.WatchRequest_ClaimText{ClaimText: q.GetClaimText()}
	}
	return req
}

// rangeOf reads the flags --from and --to; nil when neither is set.
func rangeOf(from, to string) (*secondsourcev1.TimeRange, error) {
	if from == "" && to == "" {
		return nil, nil
	}
	r := &secondsourcev1.TimeRange{}
	var err error
	if r.From, err = parseTime("from", from); err != nil {
		return nil, err
	}
	r.To, err = parseTime("to", to)
	return r, err
}

// watch shows each event and keeps the token behind it, until it is interrupted.
func (a *app) watch(ctx context.Context, c *client.Client, req *secondsourcev1.WatchRequest, state string, show func(*secondsourcev1.WatchResponse) error) error {
	for event, err := range c.WatchAll(ctx, req) {
		if err != nil {
			if ctx.Err() != nil { // interrupted, as is its end
				return nil
			}
			if e, ok := errors.AsType[*client.Error](err); ok && e.Reason == "RESUME_TOKEN_INVALID" && state != "" {
				return fmt.Errorf("%s keeps the state of another watch, or of none: give this one another file, or remove it to begin anew (%w)", state, err)
			}
			return err
		}
		token := event.GetResumeToken()
		if a.output == "json" {
			err = a.printJSONLine(event)
		} else {
			forTerminal(event)
			err = show(event)
		}
		if err == nil && state != "" {
			err = replaceFile(state, []byte(token+"\n"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// printJSONLine writes one event of a stream on one line.
func (a *app) printJSONLine(m *secondsourcev1.WatchResponse) error {
	b, err := protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true}.Marshal(m)
	if err != nil {
		return err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, b); err != nil {
		return err
	}
	line.WriteByte('\n')
	_, err = line.WriteTo(a.stdout)
	return err
}

// printChange shows an event in short.
func (a *app) printChange(e *secondsourcev1.WatchResponse) error {
	s, p := a.style(), &printer{w: a.stdout}
	c := e.GetCorroboration()
	if c == nil {
		p.linef("%s  watching", when(e.GetAt()))
		return p.err
	}
	head := s.bold(verdictName(c.GetVerdict()))
	if b := e.GetBefore(); b != nil && b.GetVerdict() != c.GetVerdict() {
		head += ", was " + verdictName(b.GetVerdict())
	} else if b != nil {
		head += " as before"
	}
	p.linef("%s  %s", when(e.GetAt()), head)
	p.block(s, "  ", "  ", "“"+c.GetClaimText()+"”")
	p.block(s, "  ", "  ", plainVerdict(c))
	for _, cause := range e.GetCauses() {
		p.block(s, "  - ", "    ", causeOf(cause))
	}
	return p.err
}

// causeOf says what brought a change about.
func causeOf(c *secondsourcev1.WatchCause) string {
	parts := []string{word(c.GetKind(), "WATCH_CAUSE_KIND_"), c.GetPublisher(), c.GetDocument(), c.GetJudgement()}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
