package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// jsonFormat writes the API's messages under the API's field names, and fields
// that are 0 or empty too, so that a script finds every field every time.
var jsonFormat = protojson.MarshalOptions{Multiline: true, Indent: "  ", UseProtoNames: true, EmitDefaultValues: true}

// printJSON writes one message.
func (a *app) printJSON(m proto.Message) error {
	b, err := jsonFormat.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", b)
	return err
}

// style marks text for people.
type style struct{ escapes bool }

func (s style) wrap(code, text string) string {
	if !s.escapes || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string { return s.wrap("1", text) }
func (s style) dim(text string) string  { return s.wrap("2", text) }

// Stand-ins for the marks while lines are broken; they take no width.
const markOn, markOff = '\x01', '\x02'

// finish replaces the stand-ins: bold and underlined on a terminal, »…« else.
func (s style) finish(text string) string {
	if s.escapes {
		return strings.NewReplacer(string(markOn), "\x1b[1;4m", string(markOff), "\x1b[0m").Replace(text)
	}
	return strings.NewReplacer(string(markOn), "»", string(markOff), "«").Replace(text)
}

// lineWidth is how wide output for people gets, in characters.
const lineWidth = 100

// fold breaks text into lines of at most lineWidth less the indent, between
// words.
func fold(text string, indent int) []string {
	var lines []string
	line, width := strings.Builder{}, 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word) - strings.Count(word, string(markOn)) - strings.Count(word, string(markOff))
		if width > 0 && width+1+n > lineWidth-indent {
			lines = append(lines, line.String())
			line.Reset()
			width = 0
		}
		if width > 0 {
			line.WriteByte(' ')
			width++
		}
		line.WriteString(word)
		width += n
	}
	if width > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// aroundBytes is how much of a passage stands on either side of the marked
// words.
const aroundBytes = 160

// marked shows the exact words inside their passage. Both spans point into the
// same document.
func marked(words, passage *secondsourcev1.Excerpt) string {
	text, exact := passage.GetText(), words.GetText()
	start := int(words.GetSpan().GetStart() - passage.GetSpan().GetStart())
	end := start + len(exact)
	if passage == nil || start < 0 || end > len(text) || text[start:end] != exact {
		return string(markOn) + exact + string(markOff)
	}
	before, after := text[:start], text[end:]
	if i := len(before) - aroundBytes; i > 0 {
		if space := strings.IndexByte(before[i:], ' '); space >= 0 {
			i += space + 1
		} else {
			i = len(before)
		}
		before = "… " + before[i:]
	}
	if len(after) > aroundBytes {
		after = after[:max(strings.LastIndexByte(after[:aroundBytes], ' '), 0)] + " …"
	}
	return before + string(markOn) + exact + string(markOff) + after
}

// word is an enumeration's value without its prefix, in lower case.
func word(e fmt.Stringer, prefix string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(e.String(), prefix), "_", " "))
}

// when is a time for people, in UTC; "-" when it is not known.
func when(t *timestamppb.Timestamp) string {
	if t == nil {
		return "-"
	}
	return t.AsTime().UTC().Format("2006-01-02 15:04")
}

// parseTime reads a time flag: RFC 3339, or a date, which means its first
// instant in UTC. Empty is unset.
func parseTime(flag, value string) (*timestamppb.Timestamp, error) {
	if value == "" {
		return nil, nil //nolint:nilnil // an unset time is no error
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return timestamppb.New(t), nil
		}
	}
	return nil, fmt.Errorf("--%s: %q is neither a date like 2026-03-07 nor a time like 2026-03-07T09:30:00Z", flag, value)
}

// printer writes lines and remembers the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// block writes text folded behind an indent; the first line's indent may be
// something else of the same width.
func (p *printer) block(s style, first, rest, text string) {
	indent := utf8.RuneCountInString(rest)
	for i, line := range fold(text, indent) {
		if i == 0 {
			p.line("%s%s", first, s.finish(line))
			continue
		}
		p.line("%s%s", rest, s.finish(line))
	}
}
