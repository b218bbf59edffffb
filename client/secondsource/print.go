package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// jsonFormat writes the API's messages under the API's field names, and fields
// that are 0 or empty too, so that a script finds every field every time.
var jsonFormat = protojson.MarshalOptions{Multiline: true, Indent: "  ", UseProtoNames: true, EmitDefaultValues: true}

// printJSON writes one message. protojson varies its white space from build to
// build; indenting it again makes it the same for everybody.
func (a *app) printJSON(m proto.Message) error {
	b, err := jsonFormat.Marshal(m)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(a.stdout)
	return err
}

// forTerminal blanks the control characters in all texts of a message that is
// about to be printed for people: a document must not steer its reader's
// terminal. Each is replaced by as many spaces as it has bytes, so that spans
// stay right.
func forTerminal(m proto.Message) { blankMessage(m.ProtoReflect()) }

func blankMessage(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		text, nested := f.Kind() == protoreflect.StringKind, f.Message() != nil
		switch {
		case f.IsMap():
			blankMap(v.Map())
		case f.IsList():
			for list, i := v.List(), 0; i < list.Len() && (text || nested); i++ {
				if nested {
					blankMessage(list.Get(i).Message())
				} else {
					list.Set(i, protoreflect.ValueOfString(blank(list.Get(i).String())))
				}
			}
		case text:
			m.Set(f, protoreflect.ValueOfString(blank(v.String())))
		case nested:
			blankMessage(v.Message())
		}
		return true
	})
}

// blankMap does the same for a map from text to text; the API has no others.
func blankMap(m protoreflect.Map) {
	type entry struct {
		key  protoreflect.MapKey
		text string
	}
	var all []entry
	m.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		if text, ok := v.Interface().(string); ok {
			all = append(all, entry{k, text})
		}
		return true
	})
	for _, e := range all {
		m.Clear(e.key)
		m.Set(protoreflect.ValueOfString(blank(e.key.String())).MapKey(), protoreflect.ValueOfString(blank(e.text)))
	}
}

func blank(text string) string {
	steers := func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
	}
	if !strings.ContainsFunc(text, steers) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if steers(r) {
			b.WriteString(strings.Repeat(" ", utf8.RuneLen(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
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

func (s style) red(text string) string    { return s.wrap("1;31", text) }
func (s style) green(text string) string  { return s.wrap("1;32", text) }
func (s style) yellow(text string) string { return s.wrap("1;33", text) }

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
	for word := range strings.FieldsSeq(text) {
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
	if ends := sentenceEnd.FindAllStringIndex(before, -1); len(ends) > 0 {
		before = before[ends[len(ends)-1][1]:]
	}
	// An end inside the marked words is no end; one right behind them is.
	if e := sentenceEnd.FindStringIndex(exact[max(len(exact)-3, 0):] + after); e != nil {
		after = after[:max(min(e[1]-min(len(exact), 3), len(after)), 0)]
	}
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

// sentenceEnd is good enough to shorten a passage: where it takes an
// abbreviation for an end, a few words less are shown.
var sentenceEnd = regexp.MustCompile(`[.!?][”"’)]*\s+`)

// word is an enumeration's value without its prefix, in lower case; "-" when it
// is not set.
func word(e fmt.Stringer, prefix string) string {
	if e.String() == prefix+"UNSPECIFIED" {
		return "-"
	}
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(e.String(), prefix), "_", " "))
}

// when is a time for people, in UTC; "undated" when it is not known.
func when(t *timestamppb.Timestamp) string {
	if t == nil {
		return "undated"
	}
	return t.AsTime().UTC().Format("2006-01-02 15:04")
}

// parseTime reads a time flag: RFC 3339, or a date, which means its first
// instant in UTC. Empty is unset.
func parseTime(flag, value string) (*timestamppb.Timestamp, error) {
	if value == "" {
		return nil, nil //nolint:nilnil // an unset time is no error
	}
	t, err := instant(value)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return timestamppb.New(t), nil
}

// instant reads a time as people may write it here; a date means its start, UTC.
func instant(value string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a date like 2026-03-07 nor a time like 2026-03-07T09:30:00Z", value)
}

// parseUntil is parseTime for a bound that belongs to the range: a date means
// its last instant, so that "as of the 7th" has what was published on the 7th.
func parseUntil(flag, value string) (*timestamppb.Timestamp, error) {
	t, err := parseTime(flag, value)
	if day, isDay := time.Parse(time.DateOnly, value); err == nil && isDay == nil {
		return timestamppb.New(day.AddDate(0, 0, 1).Add(-time.Microsecond)), nil
	}
	return t, err
}

// printer writes lines and remembers the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) linef(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// block writes text folded behind an indent; the first line's indent may be
// something else of the same width.
func (p *printer) block(s style, first, rest, text string) {
	indent := utf8.RuneCountInString(rest)
	for i, line := range s.lines(text, indent) {
		if i == 0 {
			p.linef("%s%s", first, line)
			continue
		}
		p.linef("%s%s", rest, line)
	}
}

// columns writes two texts side by side. The left one keeps its indent.
func (p *printer) columns(s style, left, right string) {
	const gap = " │ "
	indent := len(left) - len(strings.TrimLeft(left, " "))
	width := (lineWidth - utf8.RuneCountInString(gap)) / 2
	lefts, rights := s.lines(left, lineWidth-width+indent), s.lines(right, lineWidth-width)
	for i := range max(len(lefts), len(rights)) {
		l, r := "", ""
		if i < len(lefts) {
			l = strings.Repeat(" ", indent) + lefts[i]
		}
		if i < len(rights) {
			r = rights[i]
		}
		pad := max(width-utf8.RuneCountInString(escape.ReplaceAllString(l, "")), 0)
		p.linef("%s", strings.TrimRight(l+strings.Repeat(" ", pad)+gap+r, " "))
	}
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// lines folds text and marks it. On a terminal a mark ends with its line and goes
// on with the next, so that what stands between them is not marked.
func (s style) lines(text string, indent int) []string {
	lines := fold(text, indent)
	open := false
	for i, line := range lines {
		if s.escapes && open {
			line = string(markOn) + line
		}
		open = strings.LastIndexByte(line, markOn) > strings.LastIndexByte(line, markOff)
		if s.escapes && open {
			line += string(markOff)
		}
		lines[i] = s.finish(line)
	}
	return lines
}
