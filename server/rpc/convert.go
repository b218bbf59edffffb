package rpc

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/secondsource/secondsource/claims"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// The enumerations of the API are the domain's words behind the prefix that
// protobuf asks for: claims.SourcePerson "PERSON" is SOURCE_KIND_PERSON. A test
// holds the two sides together.

// protoEnum is a generated enumeration type.
type protoEnum interface {
	~int32
	protoreflect.Enum
}

// enumTo finds the value of an enumeration for a word of the domain; an empty or
// unknown word is UNSPECIFIED.
func enumTo[E protoEnum, S ~string](word S) E {
	var zero E
	values := zero.Descriptor().Values()
	if word == "" {
		return zero
	}
	if v := values.ByName(protoreflect.Name(prefixOf(values) + string(word))); v != nil {
		return E(v.Number())
	}
	return zero
}

// enumFrom is the domain's word for a value; UNSPECIFIED is "".
func enumFrom[S ~string, E protoEnum](value E) S {
	if value == 0 {
		return ""
	}
	values := value.Descriptor().Values()
	v := values.ByNumber(value.Number())
	if v == nil {
		return ""
	}
	return S(strings.TrimPrefix(string(v.Name()), prefixOf(values)))
}

// prefixOf is what stands before every value's word, read off the zero value:
// buf's lint rules make it end in UNSPECIFIED.
func prefixOf(values protoreflect.EnumValueDescriptors) string {
	return strings.TrimSuffix(string(values.Get(0).Name()), "UNSPECIFIED")
}

func timestamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// instant is the domain's time: UTC, microseconds, zero for unset.
func instant(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime().Truncate(time.Microsecond)
}

func interval(r *secondsourcev1.TimeRange) claims.Interval {
	return claims.Interval{From: instant(r.GetFrom()), To: instant(r.GetTo())}
}

func timeRange(i claims.Interval) *secondsourcev1.TimeRange {
	if i.From.IsZero() && i.To.IsZero() {
		return nil
	}
	return &secondsourcev1.TimeRange{From: timestamp(i.From), To: timestamp(i.To)}
}

// span leaves an empty span out: it says that the words stand nowhere.
func span(s claims.Span) *secondsourcev1.Span {
	if s.Empty() {
		return nil
	}
	return &secondsourcev1.Span{Start: count(s.Start), End: count(s.End)}
}

func excerpt(s claims.Span, text string) *secondsourcev1.Excerpt {
	if s.Empty() {
		return nil
	}
	return &secondsourcev1.Excerpt{Span: span(s), Text: s.Of(text)}
}

// count narrows a number that is bounded by the size of a text or a listing.
func count(n int) int32 {
	return int32(min(max(n, 0), math.MaxInt32)) // #nosec G115 -- bounded on this line
}

// Resource names. The constraints in the .proto files have checked their form
// before a handler sees them.

func sourceName(id string) string { return resource("sources/", id) }

func documentName(id string) string { return resource("documents/", id) }

func claimName(document string, index int) string {
	if document == "" {
		return ""
	}
	return fmt.Sprintf("documents/%s/claims/%d", document, index)
}

func judgementName(seq int64) string { return "judgements/" + strconv.FormatInt(seq, 10) }

func resource(collection, id string) string {
	if id == "" {
		return ""
	}
	return collection + id
}

func sourceID(name string) string { return strings.TrimPrefix(name, "sources/") }

func documentID(name string) string { return strings.TrimPrefix(name, "documents/") }

func claimID(name string) (document string, index int, err error) {
	document, number, _ := strings.Cut(documentID(name), "/claims/")
	index, err = strconv.Atoi(number)
	if err != nil {
		return "", 0, claims.Invalid("name", "must be documents/{id}/claims/{index}")
	}
	return document, index, nil
}
