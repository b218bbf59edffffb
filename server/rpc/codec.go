package rpc

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // registers the codec that this one wraps
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/secondsource/secondsource/claims"
)

// codec is grpc-go's own, but for one thing: grpc-go answers a request that it
// cannot decode with INTERNAL, whatever error the codec returns. This codec
// never fails. It leaves the message empty and puts the undecodable bytes into
// its unknown fields behind a marker, where the wellFormed interceptors find
// them and answer INVALID_ARGUMENT with the field at fault (docs/adr/0003).
type codec struct{}

// markField is the largest field number, which no message of the API has.
const markField = protowire.Number(1<<29 - 1)

func (codec) Name() string { return "proto" }

func (codec) Marshal(v any) (mem.BufferSlice, error) {
	return encoding.GetCodecV2("proto").Marshal(v)
}

func (codec) Unmarshal(data mem.BufferSlice, v any) error {
	err := encoding.GetCodecV2("proto").Unmarshal(data, v)
	m, ok := v.(proto.Message)
	if err == nil || !ok {
		return err
	}
	proto.Reset(m)
	mark := protowire.AppendTag(nil, markField, protowire.BytesType)
	m.ProtoReflect().SetUnknown(protowire.AppendBytes(mark, data.Materialize()))
	return nil
}

// undecoded returns the bytes that could not be decoded into m. A caller that
// sends the marker itself only gets its own request refused.
func undecoded(m proto.Message) ([]byte, bool) {
	unknown := m.ProtoReflect().GetUnknown()
	for len(unknown) > 0 {
		number, kind, n := protowire.ConsumeTag(unknown)
		if n < 0 {
			return nil, false
		}
		size := protowire.ConsumeFieldValue(number, kind, unknown[n:])
		if size < 0 {
			return nil, false
		}
		if number == markField && kind == protowire.BytesType {
			raw, _ := protowire.ConsumeBytes(unknown[n:])
			return raw, true
		}
		unknown = unknown[n+size:]
	}
	return nil, false
}

// wellFormed says what is wrong with the bytes that m came in as, if anything.
func wellFormed(v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return nil
	}
	raw, bad := undecoded(m)
	if !bad {
		return nil
	}
	field, at, found := invalidUTF8(m.ProtoReflect().Descriptor(), raw, "", 0)
	if !found {
		return &claims.Error{Code: claims.CodeInvalid, Reason: reasonMalformed, Message: "the bytes sent are not a message of this call"}
	}
	return &claims.Error{Code: claims.CodeInvalid, Reason: claims.ReasonInvalidUTF8, Message: "the request holds text that is not UTF-8",
		Violations: []claims.Violation{{Field: field, Description: fmt.Sprintf("is not valid UTF-8 at byte %d", at)}},
		Metadata:   map[string]string{"byte": strconv.Itoa(at)}}
}

// maxDepth bounds the walk as protobuf bounds decoding.
const maxDepth = 100

// invalidUTF8 walks a message on the wire and returns the path of the first
// string that is not UTF-8, with the offset of the byte in it.
func invalidUTF8(d protoreflect.MessageDescriptor, raw []byte, prefix string, depth int) (path string, at int, found bool) {
	seen := map[protowire.Number]int{}
	for len(raw) > 0 && depth < maxDepth {
		number, kind, n := protowire.ConsumeTag(raw)
		if n < 0 {
			return "", 0, false
		}
		raw = raw[n:]
		size := protowire.ConsumeFieldValue(number, kind, raw)
		if size < 0 {
			return "", 0, false
		}
		value := raw[:size]
		raw = raw[size:]
		field := d.Fields().ByNumber(number)
		if field == nil || kind != protowire.BytesType {
			continue
		}
		content, _ := protowire.ConsumeBytes(value)
		name := prefix + string(field.Name())
		if field.IsList() {
			name += "[" + strconv.Itoa(seen[number]) + "]"
			seen[number]++
		}
		if field.Kind() == protoreflect.StringKind {
			if at := firstInvalid(content); at >= 0 {
				return name, at, true
			}
		}
		if inner := field.Message(); inner != nil {
			if path, at, found := invalidUTF8(inner, content, name+".", depth+1); found {
				return path, at, true
			}
		}
	}
	return "", 0, false
}

// firstInvalid is the offset of the first byte that is not UTF-8, -1 for none.
func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func wellFormedUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := wellFormed(req); err != nil {
		return nil, statusOf(err)
	}
	return next(ctx, req)
}

// wellFormedStream checks each message of a stream, and ends streams that wait
// for something to happen (health's Watch) when the server stops: they would
// hold it until its patience ends.
func wellFormedStream(stopping context.Context) grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		ctx, cancel := context.WithCancelCause(stream.Context())
		defer cancel(nil)
		defer context.AfterFunc(stopping, func() { cancel(errStopping) })()
		return next(srv, &checkedStream{ServerStream: stream, ctx: ctx})
	}
}

// errStopping is why the context of a stream ends when the server stops.
var errStopping = errors.New("the server stops")

type checkedStream struct {
	grpc.ServerStream

	ctx context.Context //nolint:containedctx // grpc hands a stream's context out through the stream
}

func (s *checkedStream) Context() context.Context { return s.ctx }

func (s *checkedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	if err := wellFormed(m); err != nil {
		return statusOf(err)
	}
	return nil
}
