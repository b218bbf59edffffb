package e2e_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/rpc"
	"github.com/secondsource/secondsource/server/store/postgres"
	"github.com/secondsource/secondsource/server/store/sqlite"
)

// withKeys does something to the keys of a database, as the command line would.
func withKeys(t *testing.T, database string, do func(claims.APIKeys)) {
	t.Helper()
	var keys claims.APIKeys
	var err error
	if strings.HasPrefix(database, "postgres") {
		keys, err = postgres.Open(t.Context(), database, postgres.Options{Compact: -1})
	} else {
		keys, err = sqlite.OpenKeys(t.Context(), database)
	}
	if err != nil {
		t.Fatal(err)
	}
	do(keys)
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
}

// createKey makes a key and gives its secret.
func createKey(t *testing.T, database, name string, role claims.CallerRole) string {
	t.Helper()
	key, secret, err := auth.NewAPIKey(name, role, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	withKeys(t, database, func(k claims.APIKeys) {
		if err := k.CreateAPIKey(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	})
	return secret
}

// callWith calls a method with an empty request and gives what it says of the
// caller; a stream is half closed at once.
func callWith(t *testing.T, c *client.Client, m protoreflect.MethodDescriptor) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	name := "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
	in, out := dynamicpb.NewMessage(m.Input()), dynamicpb.NewMessage(m.Output())
	if !m.IsStreamingClient() && !m.IsStreamingServer() {
		return c.Conn().Invoke(ctx, name, in, out)
	}
	s, err := c.Conn().NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, name)
	if err != nil {
		return err
	}
	if !m.IsStreamingClient() {
		_ = s.SendMsg(in) // what is wrong comes with RecvMsg
	}
	_ = s.CloseSend()
	err = s.RecvMsg(out) // none waits: an empty request names nothing to wait for
	if err == io.EOF {
		return nil
	}
	return err
}

// TestEveryMethodRefusesRolesThatMustNotCallIt asks every method of the API as
// every role: what the role may call fails, if at all, for another reason.
func TestEveryMethodRefusesRolesThatMustNotCallIt(t *testing.T) {
	place := database(t)
	secrets := map[claims.CallerRole]string{}
	for _, role := range claims.CallerRoles {
		secrets[role] = createKey(t, place, string(role), role)
	}
	h := startWith(t, server.Config{Database: place})
	clients := map[claims.CallerRole]*client.Client{}
	for role, secret := range secrets {
		clients[role] = h.dial(t, client.WithToken(secret))
	}
	methods := 0
	protoregistry.GlobalFiles.RangeFilesByPackage("secondsource.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			for j := range f.Services().Get(i).Methods().Len() {
				m := f.Services().Get(i).Methods().Get(j)
				methods++
				least, _ := auth.LeastRole("/" + string(m.Parent().FullName()) + "/" + string(m.Name()))
				if code := status.Code(callWith(t, h.Client, m)); code != codes.Unauthenticated {
					t.Errorf("%s without a key: %v", m.FullName(), code)
				}
				for _, role := range claims.CallerRoles {
					code := status.Code(callWith(t, clients[role], m))
					if denied := code == codes.PermissionDenied; denied == role.Allows(least) || code == codes.Unauthenticated {
						t.Errorf("%s as %s: %v; it asks for %s", m.FullName(), role, code, least)
					}
				}
			}
		}
		return true
	})
	if methods < 17 {
		t.Errorf("%d methods were found", methods)
	}
}

// TestTheServerSaysWhatItIs, and whom it takes the caller for.
func TestTheServerSaysWhatItIs(t *testing.T) {
	place := database(t)
	h := startWith(t, server.Config{Database: place, RPC: rpc.Config{Version: "v1.2.3"}})
	info, err := h.GetServerInfo(t.Context(), &secondsourcev1.GetServerInfoRequest{})
	if err != nil || info.GetVersion() != "v1.2.3" || info.GetCaller()+info.GetRole() != "" || !info.GetStoreWritable() || info.GetStoreProblem() != "" {
		t.Errorf("%v, error %v", info, err)
	}
	if off := time.Since(info.GetTime().AsTime()); off < -time.Second || off > time.Minute {
		t.Errorf("its clock is %v off", off)
	}
	keyed := h.dial(t, client.WithToken(createKey(t, place, "desk", claims.RoleReader)))
	until(t, "the key counts", func() bool {
		info, err = keyed.GetServerInfo(t.Context(), &secondsourcev1.GetServerInfoRequest{})
		return err == nil && info.GetCaller() == "desk" && info.GetRole() == "reader"
	})
}

// TestKeysCountOnARunningServer: the first key closes it, another opens it to one
// caller, and revoking that ends his streams too.
func TestKeysCountOnARunningServer(t *testing.T) {
	place := database(t)
	h := startWith(t, server.Config{Database: place})
	list := func(c *client.Client) error {
		_, err := c.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
		return err
	}
	if err := list(h.Client); err != nil {
		t.Errorf("without any key: %v", err)
	}
	first := time.Now()
	keyed := h.dial(t, client.WithToken(createKey(t, place, "desk", claims.RoleContributor)))
	until(t, "the key is asked for", func() bool { return list(h.Client) != nil })
	if took := time.Since(first); took > 10*time.Second { // a second, on a machine that has time
		t.Errorf("it took %v", took)
	}
	refused(t, list(h.Client), codes.Unauthenticated, auth.ReasonTokenMissing, "API key")
	if err := list(keyed); err != nil {
		t.Error(err)
	}
	_, err := keyed.CreateSource(t.Context(), &secondsourcev1.CreateSourceRequest{})
	refused(t, err, codes.PermissionDenied, auth.ReasonRoleTooLow, "asks for the role editor")
	s, err := keyed.StreamIngest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Header(); err != nil {
		t.Fatal(err)
	}
	withKeys(t, place, func(k claims.APIKeys) {
		if _, err := k.RevokeAPIKey(t.Context(), "desk", time.Now()); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := s.Recv(); status.Code(err) != codes.Unauthenticated {
		t.Errorf("the stream of a revoked key: %v", err)
	}
	refused(t, list(keyed), codes.Unauthenticated, auth.ReasonKeyRevoked, "revoked")
	refused(t, list(h.Client), codes.Unauthenticated, auth.ReasonTokenMissing, "")
}

// until asks again and again, for half a minute at most.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// TestNoSecretIsLogged: the log has the caller's name and never a secret, whatever
// was wrong with it, at the level that says most.
func TestNoSecretIsLogged(t *testing.T) {
	place := database(t)
	secret := createKey(t, place, "desk-7", claims.RoleReader)
	var log bytes.Buffer
	h := startLogged(t, server.Config{Database: place}, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	const wrong = "ssk_wrong-horse-battery-staple"
	for _, c := range []*client.Client{h.dial(t, client.WithToken(secret)), h.dial(t, client.WithToken(wrong)), h.dial(t, client.WithToken(secret+"x")), h.Client} {
		_, _ = c.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
		_, _ = c.CreateSource(t.Context(), &secondsourcev1.CreateSourceRequest{})
	}
	withKeys(t, place, func(k claims.APIKeys) {
		if _, err := k.RevokeAPIKey(t.Context(), "desk-7", time.Now()); err != nil {
			t.Fatal(err)
		}
	})
	h.stop()
	said := log.String()
	for _, s := range []string{secret, secret[4:20], wrong, "horse"} {
		if strings.Contains(said, s) {
			t.Errorf("the log tells %q:\n%s", s, said)
		}
	}
	if n := strings.Count(said, `"caller":"desk-7"`); n != 2 {
		t.Errorf("%d lines name the caller:\n%s", n, said)
	}
}
