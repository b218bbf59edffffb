package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"

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
}

// open returns the file, or standard input for "-".
func (a *app) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(path) // #nosec G304 -- the user names the file
}

// items reads a file item by item: one per line of .jsonl, one per element of a
// .json array or of the list that an object holds under key, one for any other
// file. A fault becomes an item of its own, and reading goes on where it can.
func (a *app) items(path, key string) iter.Seq[item] {
	return func(yield func(item) bool) {
		f, err := a.open(path)
		if err != nil {
			yield(item{where: path, err: err})
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

func readLines(path string, f io.Reader, yield func(item) bool) {
	r := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		line, err := r.ReadBytes('\n')
		it := item{where: fmt.Sprintf("%s:%d", path, number), size: int64(len(line)), raw: bytes.TrimSpace(line)}
		it.err = checkUTF8(line)
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

func readJSON(path, key string, f io.Reader, yield func(item) bool) {
	body, err := readAll(f, maxFile)
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
	for _, part := range parts {
		it := item{where: path, size: int64(len(part)), raw: part}
		if len(parts) > 1 {
			it.where = fmt.Sprintf("%s:%d", path, lineOf(body, part))
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

// lineOf is the line, from 1, on which an element of the body begins.
func lineOf(body, part []byte) int {
	at := bytes.Index(body, part)
	return bytes.Count(body[:max(at, 0)], []byte("\n")) + 1
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

// document reads an item as a document: the API's JSON, with the short words of
// the enumerations ("ARTICLE") and an "id" for the publisher's own id allowed.
func (it item) document() (*secondsourcev1.Document, error) {
	if it.err != nil {
		return nil, it.err
	}
	if it.raw == nil {
		return &secondsourcev1.Document{Text: it.text}, nil
	}
	var fields map[string]any
	if err := json.Unmarshal(it.raw, &fields); err != nil {
		return nil, err
	}
	longWord(fields, "kind", "DOCUMENT_KIND_")
	longWord(fields, "status", "DOCUMENT_STATUS_")
	if id, ok := fields["id"]; ok {
		if _, taken := fields["external_id"]; !taken {
			fields["external_id"] = id
		}
		delete(fields, "id")
	}
	for name, value := range fields { // an empty string stands for "none", also where a time is expected
		if value == "" {
			delete(fields, name)
		}
	}
	normal, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	d := &secondsourcev1.Document{}
	return d, protojson.Unmarshal(normal, d)
}

// longWord puts an enumeration's prefix before a short word.
func longWord(fields map[string]any, name, prefix string) {
	if word, ok := fields[name].(string); ok && word != "" && !strings.HasPrefix(word, prefix) {
		fields[name] = prefix + strings.ToUpper(word)
	}
}
