package auth_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/server/auth"
)

const secret = "correct-horse-battery"

func TestOnlyTheTokenOpensTheAPI(t *testing.T) {
	token, err := auth.NewToken(secret)
	if err != nil {
		t.Fatal(err)
	}
	const api, health = "/secondsource.v1.SourceService/GetSource", "/grpc.health.v1.Health/Check"
	for _, test := range []struct {
		name, method string
		header       []string
		code         codes.Code
	}{
		{"the token", api, []string{"Bearer " + secret}, codes.OK},
		{"the scheme in lower case", api, []string{"bearer " + secret}, codes.OK},
		{"no token", api, nil, codes.Unauthenticated},
		{"another token", api, []string{"Bearer correct-horse-batterz"}, codes.Unauthenticated},
		{"a longer token", api, []string{"Bearer " + secret + "x"}, codes.Unauthenticated},
		{"another scheme", api, []string{"Basic " + secret}, codes.Unauthenticated},
		{"two tokens", api, []string{"Bearer " + secret, "Bearer " + secret}, codes.Unauthenticated},
		{"health without a token", health, nil, codes.OK},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := metadata.NewIncomingContext(t.Context(), metadata.MD{"authorization": test.header})
			_, err := token.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: test.method},
				func(context.Context, any) (any, error) { return nil, nil })
			if got := status.Code(err); got != test.code {
				t.Errorf("got %v, want %v", got, test.code)
			}
		})
	}
}

func TestTokensThatCanBeGuessedAreRefused(t *testing.T) {
	for _, bad := range []string{"", "short", "long enough but spaced"} {
		if _, err := auth.NewToken(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.ReadToken(path); err != nil {
		t.Errorf("a newline at the end of the file is no part of the token: %v", err)
	}
}
