package main

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/extract"
)

// lessonFiles hold short stories of our own with questions about them.
//
//go:embed lessons/*.txt
var lessonFiles embed.FS

// lesson is one story.
type lesson struct {
	name      string
	documents []claims.Document
	questions []question
}

type question struct {
	claim             string
	supports, refutes []string // ids of documents
}

// readLessons parses the format that lessons/01.txt explains.
func readLessons(b []byte) ([]lesson, error) {
	var out []lesson
	line := 0
	var text []string
	flush := func() {
		if n := len(out); n > 0 && len(out[n-1].documents) > 0 && len(text) > 0 {
			d := &out[n-1].documents[len(out[n-1].documents)-1]
			d.Text = strings.TrimSpace(strings.Join(text, "\n"))
		}
		text = nil
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		line++
		s := sc.Text()
		kind, rest, _ := strings.Cut(s, " ")
		switch {
		case kind == "#" && len(out) == 0:
		case kind == "=":
			flush()
			out = append(out, lesson{name: rest})
		case len(out) == 0:
			if strings.TrimSpace(s) != "" && !strings.HasPrefix(s, "#") {
				return nil, fmt.Errorf("line %d: a lesson begins with =", line)
			}
		case kind == "D":
			flush()
			f := strings.Split(rest, "|")
			if len(f) != 4 {
				return nil, fmt.Errorf("line %d: a document has a kind, a publisher, a time and a title", line)
			}
			at, err := time.Parse(time.RFC3339, strings.TrimSpace(f[2]))
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			l := &out[len(out)-1]
			l.documents = append(l.documents, claims.Document{ID: strconv.Itoa(len(l.documents) + 1), Kind: claims.DocumentKind(strings.TrimSpace(f[0])),
				Publisher: strings.TrimSpace(f[1]), PublishedAt: at, Title: strings.TrimSpace(f[3])})
		case kind == "Q":
			flush()
			marks, claim, ok := strings.Cut(rest, "|")
			pro, con, ok2 := strings.Cut(marks, ";")
			if !ok || !ok2 {
				return nil, fmt.Errorf("line %d: a question is Q supports ; refutes | claim", line)
			}
			l := &out[len(out)-1]
			l.questions = append(l.questions, question{strings.TrimSpace(claim), numbersOf(pro), numbersOf(con)})
		default:
			text = append(text, s)
		}
	}
	flush()
	return out, sc.Err()
}

func numbersOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// lessons reads all of them and measures their documents beside their questions.
func lessons(x *extract.Extractor) ([]*row, error) {
	names, err := fs.Glob(lessonFiles, "lessons/*.txt")
	if err != nil {
		return nil, err
	}
	var rows []*row
	for _, name := range names {
		b, err := lessonFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		ls, err := readLessons(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range ls {
			more, err := ls[i].measure(x)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, ls[i].name, err)
			}
			rows = append(rows, more...)
		}
	}
	return rows, nil
}

func (l *lesson) measure(x *extract.Extractor) ([]*row, error) {
	var latest time.Time
	var rs []*desk.Reading
	for i := range l.documents {
		d := &l.documents[i]
		rs = append(rs, desk.Read(x, d))
		if d.PublishedAt.After(latest) {
			latest = d.PublishedAt
		}
	}
	var rows []*row
	for _, q := range l.questions {
		more, err := beside(x, q.claim, latest, rs)
		if err != nil {
			return nil, fmt.Errorf("question %q: %w", q.claim, err)
		}
		for _, r := range more {
			r.label(slices.Contains(q.supports, r.document), slices.Contains(q.refutes, r.document))
			rows = append(rows, r)
		}
	}
	rows = append(rows, ownWords(x, rs, latest)...)
	for _, r := range rows {
		r.fold = noFold
	}
	return rows, nil
}
