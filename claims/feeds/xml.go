package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/net/html/charset"
)

// XML is split by its tags alone, and each item read by itself in the feed's own
// start tag: so an item that is not well-formed spoils no other.

// element is one element of an XML text, as it is written.
type element struct {
	name       string // with its prefix
	start, end int    // offsets of "<" and of what stands behind the end tag
	err        error  // it is nested too deep, or does not end
}

// tag is one piece of markup.
type tag struct {
	name       string // "" for comments, CDATA, declarations
	start, end int
	closing    bool // </x>
	empty      bool // <x/>
}

// nextTag finds the next piece of markup from i on; ok is false at the end.
func nextTag(data []byte, i int) (t tag, ok bool) {
	at := bytes.IndexByte(data[i:], '<')
	if at < 0 {
		return tag{}, false
	}
	t.start = i + at
	rest := data[t.start:]
	for _, piece := range [...]struct{ open, close string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		if bytes.HasPrefix(rest, []byte(piece.open)) {
			n := bytes.Index(rest[len(piece.open):], []byte(piece.close))
			if n < 0 {
				t.end = len(data)
			} else {
				t.end = t.start + len(piece.open) + n + len(piece.close)
			}
			return t, true
		}
	}
	t.end = tagEnd(data, t.start)
	inner := strings.TrimSuffix(string(data[t.start+1:min(t.end, t.start+1+maxName)]), ">")
	if strings.HasPrefix(inner, "!") {
		return t, true
	}
	inner, t.closing = strings.CutPrefix(inner, "/")
	if n := strings.IndexAny(inner, " \t\r\n/>"); n >= 0 {
		inner = inner[:n]
	}
	t.name = inner
	t.empty = !t.closing && t.end-2 > t.start && data[t.end-1] == '>' && data[t.end-2] == '/'
	return t, true
}

// maxName bounds the name of an element, in bytes.
const maxName = 128

// tagEnd is the offset behind the ">" of the tag at i; quoted values may hold one.
// A "<" in a tag belongs to the next: the tag before it was never closed.
func tagEnd(data []byte, i int) int {
	var quote byte
	for k := i + 1; k < len(data); k++ {
		switch c := data[k]; {
		case quote != 0:
			switch c {
			case quote:
				quote = 0
			case '<':
				return k // XML has no "<" in a value: the quotation mark is missing
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return k + 1
		case c == '<':
			return k
		}
	}
	return len(data)
}

// local is the name of an element without its prefix.
func local(name string) string {
	if _, name, ok := strings.Cut(name, ":"); ok {
		return name
	}
	return name
}

// named yields the elements with one of the local names, the outermost of them.
// An element that is cut short by the next one of its name ends there.
func named(data []byte, names ...string) iter.Seq[element] {
	wanted := func(name string) bool {
		for _, n := range names {
			if local(name) == n {
				return true
			}
		}
		return false
	}
	return func(yield func(element) bool) {
		for i := 0; ; {
			t, ok := nextTag(data, i)
			if !ok {
				return
			}
			i = t.end
			if t.closing || t.name == "" || !wanted(t.name) {
				continue
			}
			e := element{name: t.name, start: t.start, end: t.end}
			if !t.empty {
				e.end, e.err = elementEnd(data, t)
			}
			if !yield(e) {
				return
			}
			i = e.end
		}
	}
}

// elementEnd finds where the element of a start tag ends.
func elementEnd(data []byte, open tag) (end int, err error) {
	depth, deepest := 1, 1
	for i := open.end; ; {
		t, ok := nextTag(data, i)
		if !ok {
			return len(data), errors.Join(errors.New("is cut short: it has no end tag"), tooDeep(deepest))
		}
		i = t.end
		switch {
		case t.name == "" || t.empty:
		case t.closing && t.name == open.name:
			return t.end, tooDeep(deepest)
		case t.closing:
			depth--
		case t.name == open.name:
			return t.start, errors.Join(errors.New("is cut short: the next one begins before it ends"), tooDeep(deepest))
		default:
			depth++
			deepest = max(deepest, depth)
		}
	}
}

func tooDeep(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("is nested deeper than %d", maxDepth)
	}
	return nil
}

// root is the first element's start tag.
func root(data []byte) (tag, bool) {
	for i := 0; ; {
		t, ok := nextTag(data, i)
		if !ok {
			return tag{}, false
		}
		if t.name != "" {
			return t, !t.closing
		}
		i = t.end
	}
}

// utf8XML turns XML into UTF-8 by its declaration, which is left out then.
func utf8XML(data []byte) ([]byte, error) {
	head, ok := nextTag(data, 0)
	declared := ok && bytes.HasPrefix(data[head.start:], []byte("<?xml"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return convert(data, "utf-16")
	}
	if !declared {
		return data, validUTF8(data)
	}
	label := attribute(string(data[head.start:head.end]), "encoding")
	if label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8") {
		return data, validUTF8(data)
	}
	body, err := convert(data, label)
	if err != nil {
		return nil, err
	}
	// The declaration is no longer true; spaces keep every line where it was.
	if head, ok := nextTag(body, 0); ok && bytes.HasPrefix(body[head.start:], []byte("<?xml")) {
		for i := head.start; i < head.end; i++ {
			if body[i] != '\n' {
				body[i] = ' '
			}
		}
	}
	return body, nil
}

func convert(data []byte, label string) ([]byte, error) {
	r, err := charset.NewReaderLabel(label, bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", cut(label, 40))
	}
	body, err := io.ReadAll(r)
	return trimMark(body), err
}

// attribute is the value of an attribute in a tag, "" where there is none.
func attribute(tag, name string) string {
	for _, quote := range []string{`"`, `'`} {
		if _, rest, ok := strings.Cut(tag, name+"="+quote); ok {
			if value, _, ok := strings.Cut(rest, quote); ok {
				return value
			}
		}
	}
	return ""
}
