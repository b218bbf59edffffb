package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// maxFile bounds what is read of one file that is not JSON lines, in bytes: a
// text over the API's limit is refused here, a JSON file may hold many.
const maxFile = 1 << 30

// item is one document or source of a file.
type item struct {
	where string // file, and line where there is one
	size  int64  // bytes of the file it stands for
	raw   json.RawMessage
	text  string // of a plain text file; raw is nil then
	err   error

	document *secondsourcev1.Document // of a feed; raw is nil then
	skipped  string                   // why it is no text, and no mistake either
}

// bare is the item without what it holds, for a report.
func (it item) bare() item {
	it.raw, it.text, it.document = nil, "", nil
	return it
}

// open returns the file, or standard input for "-".
func (a *app) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(path) // #nosec G304 -- the user names the file
}

// withoutPath leaves out the file, which stands before every report of an item.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// items reads a file item by item: one per line of .jsonl, one per element of a
// .json array or of the list that an object holds under key, one for any other
// file. A fault becomes an item of its own, and reading goes on where it can.
func (a *app) items(path, key string) iter.Seq[item] {
	return func(yield func(item) bool) {
		f, err := a.open(path)
		if err != nil {
			yield(item{where: path, err: withoutPath(err)})
			return
		}
		defer func() { _ = f.Close() }() // only read from
		switch strings.ToLower(filepath.Ext(path)) {
		case ".jsonl", ".ndjson":
			readLines(path, f, yield)
		case ".json":
			readJSON(path, key, f, yield)
		default:
			readText(path, f, yield)
		}
	}
}

// byteOrderMark is what some editors put before UTF-8; JSON knows none. A plain
// text keeps it: texts are stored as they are.
var byteOrderMark = []byte("\ufeff")

// maxLine bounds one line of a .jsonl file, in bytes: a text at the API's limit
// with every character escaped fits.
const maxLine = 32 << 20

func readLines(path string, f io.Reader, yield func(item) bool) {
	r := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		line, size, err := readLine(r)
		if number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		it := item{where: fmt.Sprintf("%s:%d", path, number), size: size, raw: bytes.TrimSpace(line)}
		if it.err = checkUTF8(line); size > maxLine {
			it.err = fmt.Errorf("is %d bytes long; the limit of a line is %d bytes", size, maxLine)
		}
		if len(it.raw) > 0 && !yield(it) {
			return
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				yield(item{where: it.where, err: err})
			}
			return
		}
	}
}

// readLine returns a line of at most maxLine bytes, and its whole size.
func readLine(r *bufio.Reader) (line []byte, size int64, err error) {
	for {
		part, err := r.ReadSlice('\n')
		size += int64(len(part))
		if room := maxLine - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, size, err
		}
	}
}

func readJSON(path, key string, f io.Reader, yield func(item) bool) {
	body, err := readAll(f, maxFile)
	body = bytes.TrimPrefix(body, byteOrderMark)
	if err == nil {
		err = checkUTF8(body)
	}
	var parts []json.RawMessage
	if err == nil {
		parts, err = elements(body, key)
	}
	if err != nil {
		yield(item{where: path, size: int64(len(body)), err: err})
		return
	}
	at := 0 // where the next element is looked for: elements may be alike
	for _, part := range parts {
		it := item{where: path, size: int64(len(part)), raw: part}
		if len(parts) > 1 {
			at += max(bytes.Index(body[at:], part), 0)
			it.where = fmt.Sprintf("%s:%d", path, bytes.Count(body[:at], []byte("\n"))+1)
			at += len(part)
		}
		if !yield(it) {
			return
		}
	}
}

// elements splits a JSON text: an array into its elements, an object that holds
// a list under key into that list, any other object into itself.
func elements(body []byte, key string) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		err := json.Unmarshal(body, &list)
		return list, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, err
	}
	if inner, ok := object[key]; ok {
		err := json.Unmarshal(inner, &list)
		return list, err
	}
	return []json.RawMessage{body}, nil
}

func readText(path string, f io.Reader, yield func(item) bool) {
	body, err := readAll(f, client.MaxText)
	if err == nil {
		err = checkUTF8(body)
	}
	yield(item{where: path, size: int64(len(body)), text: string(body), err: err})
}

func readAll(f io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	err = withoutPath(err)
	if err == nil && int64(len(body)) > limit {
		return body, fmt.Errorf("is over the limit of %d bytes", limit)
	}
	return body, err
}

// checkUTF8 names the first byte that is not UTF-8: the server would refuse the
// document without knowing the file.
func checkUTF8(b []byte) error {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return fmt.Errorf("is not valid UTF-8: byte 0x%02x at offset %d", b[i], i)
		}
		i += n
	}
	return nil
}

// request reads an item as a document to ingest: the API's JSON, with the short
// words of the enumerations ("ARTICLE") and an "id" for the publisher's own id
// allowed. An object that holds a document under "document" is a request.
func (it item) request() (*secondsourcev1.IngestDocumentRequest, error) {
	if it.err != nil {
		return nil, it.err
	}
	if it.raw == nil {
		return &secondsourcev1.IngestDocumentRequest{Document: &secondsourcev1.Document{Text: it.text}}, nil
	}
	fields, err := objectOf(it.raw)
	if err != nil {
		return nil, err
	}
	id := ""
	if inner, ok := fields["document"]; ok {
		if raw, ok := fields["request_id"]; ok {
			if err := json.Unmarshal(raw, &id); err != nil {
				return nil, fmt.Errorf("request_id: %w", err)
			}
		}
		if fields, err = objectOf(inner); err != nil {
			return nil, err
		}
	}
	fields.longWord("kind", "DOCUMENT_KIND_")
	fields.longWord("status", "DOCUMENT_STATUS_")
	fields.rename("id", "external_id")
	for _, name := range []string{"published_at", "publishedAt", "retrieved_at", "retrievedAt", "embargoed_until", "embargoedUntil"} {
		if err := fields.date(name); err != nil {
			return nil, err
		}
	}
	d := &secondsourcev1.Document{}
	return &secondsourcev1.IngestDocumentRequest{RequestId: id, Document: d}, fields.into(d)
}

// object is a JSON object on its way to a message. Its values stay as they were
// written: decoding them here would quietly replace what is no valid text.
type object map[string]json.RawMessage

// objectOf leaves fields out that are null or an empty string: both stand for
// "none", also where a time is expected.
func objectOf(raw []byte) (object, error) {
	var fields object
	if err := json.Unmarshal(raw, &fields); err != nil {
		if _, other := errors.AsType[*json.UnmarshalTypeError](err); other {
			return nil, errors.New("is not a JSON object")
		}
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	for name, value := range fields {
		if v := string(value); v == "null" || v == `""` {
			delete(fields, name)
		}
	}
	return fields, nil
}

// longWord puts an enumeration's prefix before a short word.
func (o object) longWord(name, prefix string) {
	var short string
	if json.Unmarshal(o[name], &short) == nil && short != "" && !strings.HasPrefix(short, prefix) {
		if long, err := json.Marshal(prefix + strings.ToUpper(short)); err == nil {
			o[name] = long
		}
	}
}

// date makes the time of a date, as the flags do, and refuses what is neither.
func (o object) date(name string) error {
	// What is not there, or no string, is for the message to judge.
	if !bytes.HasPrefix(o[name], []byte(`"`)) {
		return nil
	}
	var value string
	if err := json.Unmarshal(o[name], &value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t, err := instant(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	o[name], err = json.Marshal(t)
	return err
}

// rename moves a field to the API's name for it, unless that is there too.
func (o object) rename(from, to string) {
	if value, ok := o[from]; ok {
		if _, taken := o[to]; !taken {
			o[to] = value
		}
		delete(o, from)
	}
}

// into fills a message. Unknown fields are errors, so that a slip is not
// silently left out.
func (o object) into(m proto.Message) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := protojson.Unmarshal(body, m); err != nil {
		// The position is one in the rewritten object, of no use to anybody.
		return errors.New(position.ReplaceAllString(err.Error(), ""))
	}
	return nil
}

var position = regexp.MustCompile(`^proto:[\s\x{a0}]*(syntax error )?(\(line \d+:\d+\): )?`)
