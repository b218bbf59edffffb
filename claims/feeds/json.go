package feeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// JSON is split by its brackets and quotation marks alone, and each part decoded
// by itself: so a bad item spoils no other, and a file that was cut off loses only
// its end.

// part is one value of a JSON text, as it is written.
type part struct {
	offset int // of its first byte in the input
	key    string
	raw    []byte
}

// skipSpace is the offset of the next byte that is no white space and none of
// the given separators.
func skipSpace(data []byte, i int, separators string) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t' || strings.IndexByte(separators, data[i]) >= 0) {
		i++
	}
	return i
}

// skipString is the offset behind the string that begins at i.
func skipString(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// skipValue is the offset behind the value that begins at i: a string, a
// bracketed value with all it holds, or what stands before the next separator.
func skipValue(data []byte, i int) int {
	depth := 0
	for i < len(data) {
		switch data[i] {
		case '"':
			i = skipString(data, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return len(data)
}

// elements yields the values of the array that begins at i.
func elements(data []byte, i int) iter.Seq[part] {
	return func(yield func(part) bool) {
		for i = skipSpace(data, i+1, ","); i < len(data) && data[i] != ']'; i = skipSpace(data, i, ",") {
			end := skipValue(data, i)
			if end == i {
				end++ // a stray bracket or colon is a value of its own, and a bad one
			}
			if !yield(part{offset: i, raw: data[i:end]}) {
				return
			}
			i = end
		}
	}
}

// members yields the members of the object that begins at i.
func members(data []byte, i int) iter.Seq[part] {
	return func(yield func(part) bool) {
		for i = skipSpace(data, i+1, ","); i < len(data) && data[i] == '"'; i = skipSpace(data, i, ",") {
			end := skipString(data, i)
			var key string
			if json.Unmarshal(data[i:end], &key) != nil {
				return
			}
			i = skipSpace(data, end, ":")
			end = skipValue(data, i)
			if end == i || !yield(part{offset: i, key: key, raw: data[i:end]}) {
				return
			}
			i = end
		}
	}
}

// values yields the values of a text that holds one after the other (JSON lines),
// the elements of an array being values of their own. Where one does not end, the
// lines from there on are taken for a value each, so that the others are read.
func values(data []byte) iter.Seq[part] {
	return func(yield func(part) bool) {
		byLine, line := false, -1
		for i := skipSpace(data, 0, ","); i < len(data); i = skipSpace(data, i, ",") {
			if i > line {
				line = lineEnd(data, i)
			}
			if !byLine && line < len(data) && data[i] == '{' {
				end := skipValue(data, i)
				byLine = end == len(data) && data[skipSpace(data, line, "")%len(data)] == '{' && !json.Valid(data[i:])
			}
			if byLine {
				if !yield(part{offset: i, raw: bytes.TrimRight(data[i:line], " \t\r,")}) {
					return
				}
				i = line
				continue
			}
			if data[i] == '[' {
				end := skipValue(data, i)
				for p := range elements(data[:end], i) {
					if !yield(p) {
						return
					}
				}
				i = end
				continue
			}
			end := skipValue(data, i)
			if end == i {
				end++
			}
			if !yield(part{offset: i, raw: data[i:end]}) {
				return
			}
			i = end
		}
	}
}

func lineEnd(data []byte, i int) int {
	if n := bytes.IndexByte(data[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(data)
}

// isObject tells whether a value is an object.
func isObject(raw []byte) bool { return len(raw) > 0 && raw[0] == '{' }

// decode reads one value into v, a pointer.
func decode(raw []byte, v any) error {
	if len(raw) > maxItem {
		return fmt.Errorf("is %d bytes long; the limit of an item is %d bytes", len(raw), maxItem)
	}
	if err := validUTF8(raw); err != nil {
		return err
	}
	if err := shallow(raw); err != nil {
		return err
	}
	err := json.Unmarshal(raw, v)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is of the wrong type: %s", first(wrong.Field, "it"), wrong.Value)
	}
	if err != nil {
		return fmt.Errorf("is not JSON: %w", err)
	}
	return nil
}

// shallow refuses values that are nested too deep.
func shallow(raw []byte) error {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = skipString(raw, i) - 1
		case '{', '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("is nested deeper than %d", maxDepth)
			}
		case '}', ']':
			depth--
		}
	}
	return nil
}

// text is a JSON string, number or null as a string: ids are written as either.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] == 'n' {
		return nil
	}
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(t))
	}
	if raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		*t = text(raw)
		return nil
	}
	return fmt.Errorf("%q is neither a text nor a number", cut(string(raw), 40))
}
