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
			return violationsOf(err)
		}
		return nil
	}
}

// violationsOf puts protovalidate's findings into the terms of the API.
func violationsOf(err error) error {
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
		e.Violations = append(e.Violations, claims.Violation{Field: protovalidate.FieldPathString(v.Proto.GetField()), Description: description})
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
	const id = "[a-z0-9-]{1,64}"
	plain := strings.NewReplacer("^", "", "$", "", id, "{id}").Replace(pattern)
	switch {
	case plain == "{id}":
		return "must be 1 to 64 characters of a-z, 0-9 and -"
	case strings.Contains(plain, "/{id}") && !strings.ContainsAny(plain, "[("):
		return "must have the form " + plain + ", the id of 1 to 64 characters of a-z, 0-9 and -"
	}
	return "must match " + pattern
}
