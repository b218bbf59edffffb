package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server/auth"
)

const (
	get    = "/secondsource.v1.SourceService/GetSource"
	create = "/secondsource.v1.SourceService/CreateSource"
	health = "/grpc.health.v1.Health/Check"
)

// database is keys that can be changed.
type database struct {
	keys  atomic.Pointer[[]claims.APIKey]
	fails atomic.Bool
}

func (d *database) read(context.Context) ([]claims.APIKey, error) {
	if d.fails.Load() {
		return nil, errors.New("away")
	}
	if keys := d.keys.Load(); keys != nil {
		return *keys, nil
	}
	return nil, nil
}

func (d *database) set(keys ...claims.APIKey) { d.keys.Store(&keys) }

func newKey(t *testing.T, name string, role claims.CallerRole) (claims.APIKey, string) {
	t.Helper()
	k, s, err := auth.NewAPIKey(name, role, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return k, s
}

// call asks the gate and gives who it let in.
func call(ctx context.Context, g *auth.Gate, method string, header ...string) (auth.Identity, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.MD{"authorization": header})
	who, err := g.Unary(ctx, nil, &grpc.UnaryServerInfo{FullMethod: method},
		func(ctx context.Context, _ any) (any, error) {
			who, _ := auth.Caller(ctx)
			return who, nil
		})
	if err != nil {
		return auth.Identity{}, err
	}
	return who.(auth.Identity), nil
}

func reason(err error) string {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

func TestTheGateLetsInWhoMayCome(t *testing.T) {
	token, err := auth.NewToken(secret)
	if err != nil {
		t.Fatal(err)
	}
	reader, asReader := newKey(t, "desk", claims.RoleReader)
	editor, asEditor := newKey(t, "chief", claims.RoleEditor)
	gone, asGone := newKey(t, "gone", claims.RoleAdmin)
	gone.RevokedAt = time.Now()
	for _, tt := range []struct {
		name    string
		gate    *auth.Gate
		keys    []claims.APIKey
		method  string
		header  []string
		code    codes.Code
		reason  string
		caller  string
		calling claims.CallerRole
	}{
		{"nobody is asked while there is nothing to show", &auth.Gate{}, nil, create, nil, codes.OK, "", "", ""},
		{"a secret is ignored then", &auth.Gate{}, nil, create, []string{"Bearer x"}, codes.OK, "", "", ""},
		{"unless asked for", &auth.Gate{Require: true}, nil, get, nil, codes.Unauthenticated, auth.ReasonTokenMissing, "", ""},
		{"the first key closes the server", &auth.Gate{}, []claims.APIKey{reader}, get, nil, codes.Unauthenticated, auth.ReasonTokenMissing, "", ""},
		{"revoking the last does not open it", &auth.Gate{}, []claims.APIKey{gone}, get, nil, codes.Unauthenticated, auth.ReasonTokenMissing, "", ""},
		{"the token", &auth.Gate{Token: token}, nil, create, []string{"Bearer " + secret}, codes.OK, "", auth.TokenName, claims.RoleAdmin},
		{"the token beside keys", &auth.Gate{Token: token}, []claims.APIKey{reader}, create, []string{"Bearer " + secret}, codes.OK, "", auth.TokenName, claims.RoleAdmin},
		{"the scheme in lower case", &auth.Gate{Token: token}, nil, get, []string{"bearer " + secret}, codes.OK, "", auth.TokenName, claims.RoleAdmin},
		{"no token", &auth.Gate{Token: token}, nil, get, nil, codes.Unauthenticated, auth.ReasonTokenMissing, "", ""},
		{"another token", &auth.Gate{Token: token}, nil, get, []string{"Bearer " + secret[:20] + "z"}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"a longer token", &auth.Gate{Token: token}, nil, get, []string{"Bearer " + secret + "x"}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"another scheme", &auth.Gate{Token: token}, nil, get, []string{"Basic " + secret}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"two tokens", &auth.Gate{Token: token}, nil, get, []string{"Bearer " + secret, "Bearer " + secret}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"a key", &auth.Gate{}, []claims.APIKey{reader, editor}, get, []string{"Bearer " + asReader}, codes.OK, "", "desk", claims.RoleReader},
		{"a key beside the token", &auth.Gate{Token: token}, []claims.APIKey{reader}, get, []string{"Bearer " + asReader}, codes.OK, "", "desk", claims.RoleReader},
		{"a role that is enough", &auth.Gate{}, []claims.APIKey{reader, editor}, create, []string{"Bearer " + asEditor}, codes.OK, "", "chief", claims.RoleEditor},
		{"a role that is not", &auth.Gate{}, []claims.APIKey{reader, editor}, create, []string{"Bearer " + asReader}, codes.PermissionDenied, auth.ReasonRoleTooLow, "", ""},
		{"a revoked key", &auth.Gate{}, []claims.APIKey{reader, gone}, get, []string{"Bearer " + asGone}, codes.Unauthenticated, auth.ReasonKeyRevoked, "", ""},
		{"no key of this server's", &auth.Gate{}, []claims.APIKey{reader}, get, []string{"Bearer " + asEditor}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"an empty secret", &auth.Gate{}, []claims.APIKey{reader}, get, []string{"Bearer "}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"a name for a secret", &auth.Gate{}, []claims.APIKey{reader}, get, []string{"Bearer desk"}, codes.Unauthenticated, auth.ReasonTokenWrong, "", ""},
		{"a method that no role may call", &auth.Gate{Token: token}, nil, "/secondsource.v1.New/Method", []string{"Bearer " + secret}, codes.PermissionDenied, auth.ReasonRoleTooLow, "", ""},
		{"health without a key", &auth.Gate{Require: true}, []claims.APIKey{reader}, health, nil, codes.OK, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d database
			d.set(tt.keys...)
			stop, err := tt.gate.Follow(t.Context(), d.read)
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			who, err := call(t.Context(), tt.gate, tt.method, tt.header...)
			if status.Code(err) != tt.code || reason(err) != tt.reason {
				t.Errorf("got %v (%s), want %v (%s)", err, reason(err), tt.code, tt.reason)
			}
			if who.Name != tt.caller || who.Role != tt.calling {
				t.Errorf("the caller is %+v, want %s as %s", who, tt.caller, tt.calling)
			}
			for _, s := range []string{secret, asReader, asEditor, asGone} {
				if err != nil && strings.Contains(err.Error(), s) {
					t.Errorf("the error tells a secret: %v", err)
				}
			}
		})
	}
}

func TestNothingIsOpenBeforeTheKeysWereRead(t *testing.T) {
	g := &auth.Gate{}
	if _, err := call(t.Context(), g, get); status.Code(err) != codes.Unavailable || reason(err) != "STARTING" {
		t.Errorf("got %v", err)
	}
	if _, err := call(t.Context(), g, health); err != nil {
		t.Errorf("health: %v", err)
	}
	var d database
	d.fails.Store(true)
	if _, err := g.Follow(t.Context(), d.read); err == nil {
		t.Error("keys that cannot be read were taken for none")
	}
}

func TestKeysCountWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d database
		g := &auth.Gate{}
		stop, err := g.Follow(t.Context(), d.read)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		k, s := newKey(t, "desk", claims.RoleReader)
		d.set(k)
		time.Sleep(time.Second) //nolint:forbidigo // of the test's own clock
		if who, err := call(t.Context(), g, get, "Bearer "+s); err != nil || who.Name != "desk" {
			t.Errorf("%+v, error %v", who, err)
		}
		d.fails.Store(true)         // what was read last holds
		time.Sleep(5 * time.Second) //nolint:forbidigo // of the test's own clock
		if _, err := call(t.Context(), g, get, "Bearer "+s); err != nil {
			t.Error(err)
		}
		d.fails.Store(false)
		k.RevokedAt = time.Now()
		d.set(k)
		time.Sleep(time.Second) //nolint:forbidigo // of the test's own clock
		if _, err := call(t.Context(), g, get, "Bearer "+s); reason(err) != auth.ReasonKeyRevoked {
			t.Errorf("got %v", err)
		}
	})
}

// stream is one that nothing comes over.
type stream struct {
	grpc.ServerStream

	ctx context.Context //nolint:containedctx // as grpc has it
}

func (s *stream) Context() context.Context { return s.ctx }
func (s *stream) RecvMsg(any) error        { return nil }

// TestAStreamEndsWithItsKey: one that waits and one that receives.
func TestAStreamEndsWithItsKey(t *testing.T) {
	for name, handler := range map[string]grpc.StreamHandler{
		"waiting": func(_ any, s grpc.ServerStream) error {
			<-s.Context().Done()
			return s.Context().Err()
		},
		"receiving": func(_ any, s grpc.ServerStream) error {
			for {
				if err := s.RecvMsg(nil); err != nil {
					return err
				}
				time.Sleep(time.Millisecond) //nolint:forbidigo // of the test's own clock
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d database
				k, s := newKey(t, "desk", claims.RoleContributor)
				other, asOther := newKey(t, "other", claims.RoleContributor)
				d.set(k, other)
				g := &auth.Gate{}
				stop, err := g.Follow(t.Context(), d.read)
				if err != nil {
					t.Fatal(err)
				}
				defer stop()
				ctx, cancel := context.WithCancel(t.Context())
				run := func(secret string) <-chan error {
					ended := make(chan error, 1)
					in := metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "Bearer "+secret))
					go func() {
						ended <- g.Stream(nil, &stream{ctx: in}, &grpc.StreamServerInfo{FullMethod: "/secondsource.v1.DocumentService/StreamIngest"}, func(srv any, s grpc.ServerStream) error {
							if who, ok := auth.Caller(s.Context()); !ok || who.Role != claims.RoleContributor {
								t.Errorf("the caller is %+v", who)
							}
							return handler(srv, s)
						})
					}()
					return ended
				}
				mine, theirs := run(s), run(asOther)
				time.Sleep(time.Second) //nolint:forbidigo // of the test's own clock
				k.RevokedAt = time.Now()
				d.set(k, other)
				time.Sleep(time.Second) //nolint:forbidigo // of the test's own clock
				select {
				case err := <-mine:
					if reason(err) != auth.ReasonKeyRevoked {
						t.Errorf("got %v", err)
					}
				default:
					t.Error("the stream goes on")
				}
				select {
				case err := <-theirs:
					t.Errorf("another's stream ended with %v", err)
				default:
				}
				other.RevokedAt = time.Now()
				d.set(k, other)
				<-theirs
				cancel()
			})
		})
	}
}

func TestASecretIsLongAndNotKept(t *testing.T) {
	a, s := newKey(t, "a", claims.RoleReader)
	b, r := newKey(t, "b", claims.RoleReader)
	if s == r || a.Hash == b.Hash || len(s) != len("ssk_")+43 || !strings.HasPrefix(s, "ssk_") {
		t.Errorf("secrets %q and %q", s, r)
	}
	if _, _, err := auth.NewAPIKey("Desk One", claims.RoleReader, time.Now()); claims.CodeOf(err) != claims.CodeInvalid {
		t.Errorf("got %v", err)
	}
	if _, _, err := auth.NewAPIKey(auth.TokenName, claims.RoleReader, time.Now()); err == nil {
		t.Error("a key has the token's name")
	}
}
