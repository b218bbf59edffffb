package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

const (
	// batchSize is how many questions go into one call; the server takes no more.
	batchSize = 50
	// maxQuestion is the longest line of a file of questions, in bytes; a claim may be
	// half as long.
	maxQuestion = 8 << 10
)

// asked is a line of a file of questions.
type asked struct {
	line int
	req  *secondsourcev1.CorroborateRequest
}

// questionsIn reads a file of claims, one a line; like says what else is asked of
// each. Lines that are empty or begin with "#" are left out.
func (a *app) questionsIn(path string, like *secondsourcev1.CorroborateRequest) ([]asked, error) {
	in := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	var out []asked
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxQuestion)
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		one, err := subjectOf(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		req := proto.CloneOf(like)
		req.Subject = one.GetSubject()
		out = append(out, asked{number, req})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: a line is longer than %d bytes: %w", path, maxQuestion, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no claim", path)
	}
	return out, nil
}

// corroborateAll asks all questions, some at a time, and shows an answer in two
// lines. What fails is named with its line, and the others go on.
func (a *app) corroborateAll(ctx context.Context, c *client.Client, path string, all []asked) error {
	whole := &secondsourcev1.BatchCorroborateResponse{}
	s, p := a.style(), &printer{w: a.stdout}
	failed := 0
	for from := 0; from < len(all); from += batchSize {
		part := all[from:min(from+batchSize, len(all))]
		req := &secondsourcev1.BatchCorroborateRequest{}
		for _, q := range part {
			req.Requests = append(req.Requests, q.req)
		}
		answer, err := c.BatchCorroborate(ctx, req)
		if err != nil {
			return err
		}
		whole.Results = append(whole.Results, answer.GetResults()...)
		for i, result := range answer.GetResults() {
			if err := client.ResultError(result); err != nil {
				failed++
				if _, err := fmt.Fprintf(a.stderr, "%s:%d: %v\n", path, part[i].line, err); err != nil {
					return err
				}
				continue
			}
			if a.output == "json" {
				continue
			}
			forTerminal(result)
			one := result.GetCorroboration()
			p.block(s, s.bold(fmt.Sprintf("%-13s", verdictName(one.GetVerdict())))+"  ", strings.Repeat(" ", 15), "“"+one.GetClaimText()+"”")
			p.block(s, strings.Repeat(" ", 15), strings.Repeat(" ", 15), plainVerdict(one))
		}
	}
	if a.output == "json" {
		if err := a.printJSON(whole); err != nil {
			return err
		}
	}
	if failed > 0 {
		if _, err := fmt.Fprintf(a.stderr, "%d of %d claims were not answered\n", failed, len(all)); err != nil {
			return err
		}
		return errReported
	}
	return p.err
}
