package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// format is JSON as everywhere in this project: the fields under the names of the
// .proto files, those that are 0 or empty too, so that a program finds every field
// every time. A body may also use lowerCamelCase names. A field that the call does
// not have is an error, so that a slip does not silently ask something else.
type format struct {
	runtime.JSONPb

	read protojson.UnmarshalOptions
}

func newFormat() *format {
	f := &format{read: protojson.UnmarshalOptions{RecursionLimit: maxDepth}}
	f.MarshalOptions = protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true}
	f.UnmarshalOptions = f.read
	return f
}

// Marshal writes JSON that is the same for the same message: protojson varies its
// white space from build to build.
func (f *format) Marshal(v any) ([]byte, error) {
	b, err := f.JSONPb.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(len(b))
	if err := json.Compact(&out, b); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// NewDecoder reads one message that takes up the whole body: the library's own
// decoder would leave what stands behind the first value unread.
func (f *format) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(body)) == 0 {
			return io.EOF // an empty message; whether the call takes it, validation says
		}
		m, ok := v.(proto.Message)
		if !ok {
			return fmt.Errorf("%T is no message", v)
		}
		return f.read.Unmarshal(body, m)
	})
}

// StreamContentType is what a stream is: one JSON value a line, or a file.
func (f *format) StreamContentType(v any) string {
	if file, ok := v.(*httpbody.HttpBody); ok {
		return file.GetContentType()
	}
	return "application/x-ndjson"
}

// fileOf turns the pieces of a file into the body of the answer. A piece is whole
// lines; the library ends each with a line feed of its own.
func fileOf(_ context.Context, m proto.Message) (any, error) {
	piece, ok := m.(*secondsourcev1.ExportClaimsResponse)
	if !ok {
		return m, nil
	}
	return &httpbody.HttpBody{ContentType: piece.GetContentType(), Data: bytes.TrimSuffix(piece.GetChunk(), []byte("\n"))}, nil
}

// query reads the query string into a request. A parameter that is no field of
// the request is an error, as in a body.
type query struct{}

// Parse implements runtime.QueryParameterParser.
func (query) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !isField(m.ProtoReflect().Descriptor(), name) {
			return fmt.Errorf("%q is no parameter of this call", name)
		}
	}
	return (&runtime.DefaultQueryParser{}).Parse(m, values, filter)
}

// isField tells whether a path like "published.from" leads to a field.
func isField(d protoreflect.MessageDescriptor, path string) bool {
	for part := range strings.SplitSeq(path, ".") {
		if d == nil {
			return false
		}
		field := d.Fields().ByName(protoreflect.Name(part))
		if field == nil {
			field = d.Fields().ByJSONName(part)
		}
		if field == nil {
			return false
		}
		d = field.Message()
	}
	return true
}
