package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/claims/feeds"
	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// ownFormat is the word for the API's own documents as JSON.
const ownFormat = "documents"

// formatWords are what --format takes.
func formatWords() []string {
	words := []string{ownFormat}
	for _, f := range feeds.Formats() {
		words = append(words, string(f))
	}
	return words
}

func knownFormat(format string) error {
	if format == "" || slices.Contains(formatWords(), format) {
		return nil
	}
	return fmt.Errorf("--format: %q is none of %s", format, strings.Join(formatWords(), ", "))
}

// source is one file to read.
type source struct {
	path     string
	inFolder bool // found in a folder: it may be something else altogether
}

// fromFolders are the endings of files that are taken from folders: a folder
// holds pictures and the like beside them.
var fromFolders = []string{".xml", ".rss", ".atom", ".json", ".jsonl", ".ndjson", ".js", ".html", ".htm", ".xhtml", ".txt", ".md"}

// sources lists the files that the paths name, those in folders by name.
func sources(paths []string) ([]source, error) {
	var files []source
	for _, path := range paths {
		info, err := os.Stat(path)
		if path == "-" || err != nil || !info.IsDir() {
			files = append(files, source{path: path}) // what is not there is reported where it is read
			continue
		}
		before := len(files)
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case p != path && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return filepath.SkipDir
				}
			case d.Type().IsRegular() && slices.Contains(fromFolders, strings.ToLower(filepath.Ext(p))):
				files = append(files, source{path: p, inFolder: true})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: holds no file to ingest: none ends in %s", path, strings.Join(fromFolders, ", "))
		}
	}
	return files, nil
}

// reading says how files are read.
type reading struct {
	*app

	format feeds.Format // "": as each file looks
	meta   *metadata
}

// peeked is how much of a file is looked at to see what it is, in bytes.
const peeked = 64 << 10

// items reads a file item by item: a feed in its format, the API's own documents,
// or a text.
func (r *reading) items(file source) iter.Seq[item] {
	return func(yield func(item) bool) {
		f, err := r.open(file.path)
		if err != nil {
			yield(item{where: file.path, err: withoutPath(err)})
			return
		}
		defer func() { _ = f.Close() }() // only read from
		b := bufio.NewReaderSize(f, peeked)
		head, err := b.Peek(peeked)
		if err != nil && !errors.Is(err, io.EOF) {
			yield(item{where: file.path, err: withoutPath(err)})
			return
		}
		format := r.format
		if format == "" {
			format = r.detect(file, head)
		}
		switch format {
		case ownFormat:
			ownItems(file.path, head, b, yield)
		case feeds.Unknown:
			it := item{where: file.path, err: errors.New("is in no format that is known; name one with --format")}
			if file.inFolder {
				it.err, it.skipped = nil, "is in no format that is known"
			}
			yield(it)
		default:
			r.feedItems(file, format, b, yield)
		}
	}
}

// detect sees what a file is from its name and its beginning.
func (r *reading) detect(file source, head []byte) feeds.Format {
	ext := strings.ToLower(filepath.Ext(file.path))
	if ext == ".txt" || ext == ".md" || len(head) == 0 {
		return feeds.Text
	}
	f := feeds.Detect(head)
	json := ext == ".json" || ext == ".jsonl" || ext == ".ndjson"
	switch {
	case f == feeds.Unknown && (json || file.path == "-" && looksLikeJSON(head)):
		return ownFormat
	case f == feeds.Text && json:
		return ownFormat // its first line may be broken
	case f == feeds.Text && ext == ".js":
		return feeds.Unknown
	}
	return f
}

func looksLikeJSON(head []byte) bool {
	s := strings.TrimLeft(strings.TrimPrefix(string(head[:min(len(head), 64)]), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[")
}

// ownItems reads the API's own documents: one on each line, or a JSON text.
func ownItems(path string, head []byte, f io.Reader, yield func(item) bool) {
	ext := strings.ToLower(filepath.Ext(path))
	if ext == ".jsonl" || ext == ".ndjson" || ext != ".json" && jsonLines(head) {
		readLines(path, f, yield)
		return
	}
	readJSON(path, "documents", f, yield)
}

// jsonLines tells whether a line ends where an object does and the next begins
// with another.
func jsonLines(head []byte) bool {
	first, rest, found := strings.Cut(strings.TrimSpace(string(head)), "\n")
	return strings.HasSuffix(strings.TrimSpace(first), "}") && (!found || strings.HasPrefix(strings.TrimSpace(rest), "{"))
}

func (r *reading) feedItems(file source, format feeds.Format, f io.Reader, yield func(item) bool) {
	body, err := readAll(f, maxFile)
	if err != nil {
		yield(item{where: file.path, size: int64(len(body)), err: err})
		return
	}
	if format == feeds.Text { // as it is, with a byte order mark
		yield(item{where: file.path, size: int64(len(body)), text: string(body), err: checkText(body)})
		return
	}
	last := int64(0)
	for x := range feeds.Read(format, body, r.options(file, format)) {
		it := item{where: file.path, size: int64(x.Position.Offset) - last, skipped: x.Skipped, err: x.Err}
		last = int64(x.Position.Offset)
		if x.Position.Path != "" {
			it.where = file.path + ":" + x.Position.String()
		}
		if x.Err == nil && x.Skipped == "" {
			it.document = documentOf(&x)
		}
		if !yield(it) {
			return
		}
	}
}

func checkText(body []byte) error {
	if n := len(body); n > client.MaxText {
		return fmt.Errorf("is over the limit of %d bytes", client.MaxText)
	}
	return checkUTF8(body)
}

// options are what the flags and the neighbourhood say of a file.
func (r *reading) options(file source, format feeds.Format) feeds.Options {
	o := feeds.Options{Publisher: r.meta.publisher, URL: r.meta.url, Channel: r.meta.url}
	if t, err := parseTime("retrieved-at", r.meta.retrievedAt); err == nil && t != nil {
		o.RetrievedAt = t.AsTime()
	}
	if format == feeds.XArchive && o.Publisher == "" && file.path != "-" {
		// An archive says whose it is in a file of its own.
		if data, err := os.ReadFile(filepath.Join(filepath.Dir(file.path), "account.js")); err == nil { // #nosec G304 -- beside a file the user names
			o.Publisher = feeds.XAccount(data)
		}
	}
	return o
}

// documentOf is what was read as the API takes it.
func documentOf(x *feeds.Item) *secondsourcev1.Document {
	d := &x.Document
	return &secondsourcev1.Document{
		Kind:           secondsourcev1.DocumentKind(secondsourcev1.DocumentKind_value["DOCUMENT_KIND_"+string(d.Kind)]),
		Status:         secondsourcev1.DocumentStatus(secondsourcev1.DocumentStatus_value["DOCUMENT_STATUS_"+string(d.Status)]),
		Publisher:      d.Publisher,
		Title:          d.Title,
		Byline:         d.Byline,
		Dateline:       d.Dateline,
		CreditLine:     d.CreditLine,
		Url:            d.URL,
		ExternalId:     d.ExternalID,
		ForwardedFrom:  d.ForwardedFrom,
		InReplyTo:      d.InReplyTo,
		Language:       d.Language,
		PublishedAt:    stamp(d.PublishedAt),
		RetrievedAt:    stamp(d.RetrievedAt),
		EmbargoedUntil: stamp(d.EmbargoedUntil),
		Text:           d.Text,
	}
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// request is what to send for an item, nil when there is nothing.
func (r *reading) request(it item) (*secondsourcev1.StreamIngestRequest, error) {
	if it.skipped != "" {
		return nil, nil
	}
	if it.document != nil {
		return &secondsourcev1.StreamIngestRequest{Document: it.document}, r.meta.fillItem(it.document)
	}
	req, err := it.request()
	if err != nil {
		return nil, err
	}
	d := req.GetDocument()
	if err := r.meta.fill(d); err != nil {
		return nil, err
	}
	if n := len(d.GetText()); n > client.MaxText {
		return nil, fmt.Errorf("text is %d bytes; the limit is %d bytes", n, client.MaxText)
	}
	return &secondsourcev1.StreamIngestRequest{RequestId: req.GetRequestId(), Document: d}, nil
}
