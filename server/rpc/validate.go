package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/secondsource/secondsource/claims"
)

// validate checks every request against the constraints in the .proto files, so
// that no handler has to.
func validate(v protovalidate.Validator) grpc.UnaryServerInterceptor {
	check := checks(v)
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if m, ok := req.(proto.Message); ok {
			if err := check(m); err != nil {
				return nil, statusOf(err)
			}
		}
		return next(ctx, req)
	}
}

// checks says what is wrong with a request, in the terms of the API.
func checks(v protovalidate.Validator) func(proto.Message) error {
	return func(m proto.Message) error {
		if err := v.Validate(m); err != nil {
			return violationsOf(err, m.ProtoReflect().Descriptor())
		}
		return nil
	}
}

// violationsOf puts protovalidate's findings into the terms of the API.
func violationsOf(err error, m protoreflect.MessageDescriptor) error {
	failed, ok := errors.AsType[*protovalidate.ValidationError](err)
	if !ok {
		return err // a constraint that cannot be evaluated is the server's fault
	}
	e := &claims.Error{Code: claims.CodeInvalid, Message: "the request is not valid"}
	for _, v := range failed.Violations {
		reason, description := describe(v)
		if e.Reason == "" {
			e.Reason = reason
		}
		field := protovalidate.FieldPathString(v.Proto.GetField())
		if v.FieldDescriptor == nil && v.Proto.GetRuleId() == "required" { // of a oneof, which is no field
			description = missing(m, field)
		}
		e.Violations = append(e.Violations, claims.Violation{Field: field, Description: description})
	}
	return e
}

// describe gives the reason of one violation and a sentence with the value's
// size and the limit, which protovalidate's own sentence leaves out.
func describe(v *protovalidate.Violation) (reason, description string) {
	isText := v.FieldDescriptor != nil && v.FieldDescriptor.FullName() == "secondsource.v1.Document.text"
	size := 0
	if v.FieldDescriptor != nil && v.FieldDescriptor.Kind() == protoreflect.StringKind && v.FieldValue.IsValid() {
		if s, ok := v.FieldValue.Interface().(string); ok {
			size = len(s)
		}
	}
	switch rule := v.Proto.GetRuleId(); {
	case isText && rule == "string.min_bytes":
		return claims.ReasonEmptyText, "is empty; a document needs a text"
	case rule == "string.max_bytes" && v.RuleValue.IsValid():
		description = fmt.Sprintf("is %d bytes; the limit is %d bytes", size, v.RuleValue.Uint())
		if isText {
			return claims.ReasonTextTooLarge, description
		}
		return claims.ReasonInvalidField, description
	case rule == "string.min_bytes" && size == 0:
		return claims.ReasonInvalidField, "is empty"
	case rule == "string.pattern" && v.RuleValue.IsValid():
		return claims.ReasonInvalidField, form(v.RuleValue.String())
	}
	return claims.ReasonInvalidField, strings.TrimPrefix(v.Proto.GetMessage(), "value ")
}

// form says in words what a pattern of resource names asks for.
func form(pattern string) string {
	const documentOrClaim = "documents/{id}(/claims/{number})?"
	plain := strings.NewReplacer("^", "", "$", "", "[a-z0-9-]{1,64}", "{id}", "[1-9][0-9]{0,8}", "{number}", "[1-9][0-9]{0,17}", "{number}").Replace(pattern)
	switch plain {
	case "{id}":
		return "must be 1 to 64 characters of a-z, 0-9 and -"
	case "judgements/{number}":
		return "must have the form " + plain
	case documentOrClaim:
		return "must have the form documents/{id} or documents/{id}/claims/{number}"
	case "(sources/{id}|" + documentOrClaim + ")":
		return "must have the form sources/{id}, documents/{id} or documents/{id}/claims/{number}"
	}
	if strings.ContainsAny(plain, "[(") {
		return "must match " + pattern
	}
	return "must have the form " + plain + ", the id of 1 to 64 characters of a-z, 0-9 and -"
}

// missing says which fields could be set where one of several must be.
func missing(m protoreflect.MessageDescriptor, oneof string) string {
	choice := m.Oneofs().ByName(protoreflect.Name(oneof))
	if choice == nil {
		return "exactly one of its fields must be set"
	}
	var names []string
	for i := range choice.Fields().Len() {
		names = append(names, string(choice.Fields().Get(i).Name()))
	}
	return "is missing: set " + strings.Join(names, " or ")
}
