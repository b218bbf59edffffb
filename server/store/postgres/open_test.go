package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/secondsource/secondsource/claims"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	fresh := database(t)
	base, err := url.Parse(os.Getenv("SECONDSOURCE_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	const secret = "hunter2"
	changed := func(change func(u *url.URL)) string {
		u := *base
		u.User = url.UserPassword(base.User.Username(), secret)
		change(&u)
		return u.String()
	}
	tests := map[string]struct {
		url  string
		code claims.Code
		says string
	}{
		"no URL":           {"postgres://user:" + secret + "@[::1/x", claims.CodeInvalid, "URL"},
		"a bad parameter":  {changed(func(u *url.URL) { u.RawQuery = "sslmode=" + secret }), claims.CodeInvalid, "URL"},
		"nobody listens":   {changed(func(u *url.URL) { u.Host = "127.0.0.1:1" }), claims.CodeUnavailable, "127.0.0.1:1"},
		"no such database": {changed(func(u *url.URL) { u.Path = "/nowhere" }), claims.CodeUnavailable, "nowhere"},
		"no such user":     {changed(func(u *url.URL) { u.User = url.UserPassword("nobody-of-this-name", secret) }), claims.CodeUnavailable, "let the user in"},
		"no such schema": {changed(func(u *url.URL) {
			q := u.Query()
			q.Set("search_path", "nowhere")
			u.RawQuery = q.Encode()
		}), claims.CodeUnavailable, "schema"},
		"another's tables": {func() string {
			u := database(t)
			exec(t, u, "CREATE TABLE documents (mine integer)")
			return u
		}(), claims.CodeUnsupported, "another program"},
		"newer": {func() string {
			if err := openAt(t, fresh, Options{}).Close(); err != nil {
				t.Fatal(err)
			}
			exec(t, fresh, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
			return fresh
		}(), claims.CodeUnsupported, "newer build"},
		"a standby": {func() string {
			u, err := url.Parse(database(t))
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("default_transaction_read_only", "on")
			u.RawQuery = q.Encode()
			return u.String()
		}(), claims.CodeReadOnly, "cannot be written"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := Open(t.Context(), tt.url, Options{})
			if err == nil {
				_ = s.Close()
			}
			if claims.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v (%s), want %s and %q", err, claims.CodeOf(err), tt.code, tt.says)
			}
			for _, word := range []string{secret, "SELECT", "CREATE", "INSERT"} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("the message tells %q: %v", word, err)
				}
			}
		})
	}
}

// TestServersStartTogether: many servers find an empty database at the same
// moment, and all of them serve.
func TestServersStartTogether(t *testing.T) {
	u := database(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			s, err := Open(t.Context(), u, Options{Readers: 1})
			if err != nil {
				t.Errorf("server %d: %v", i, err)
				return
			}
			if err := errors.Join(putNew(t, s, fmt.Sprintf("d%d", i), 10), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s := openAt(t, u, Options{})
	defer func() { _ = s.Close() }()
	checkReplay(t, s, 6)
	var writers int
	if err := s.reads.QueryRow(t.Context(), "SELECT count(*) FROM writers").Scan(&writers); err != nil || writers != 0 {
		t.Errorf("%d writers are still known, error %v", writers, err)
	}
}

func TestOpenIsCancelled(t *testing.T) {
	u := database(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, u, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestTranslate(t *testing.T) {
	for state, want := range map[string]claims.Code{
		"53100": claims.CodeReadOnly,
		"25006": claims.CodeReadOnly,
		"42501": claims.CodeReadOnly,
		"53300": claims.CodeUnavailable,
		"53200": claims.CodeUnavailable,
		"57P01": claims.CodeUnavailable,
		"57P03": claims.CodeUnavailable,
		"57014": claims.CodeUnavailable,
		"08006": claims.CodeUnavailable,
		"28P01": claims.CodeUnavailable,
		"3D000": claims.CodeUnavailable,
		"58030": claims.CodeUnavailable,
		"40001": claims.CodeOverloaded,
		"40P01": claims.CodeOverloaded,
		"55P03": claims.CodeOverloaded,
		"54000": claims.CodeTooLarge,
		"XX001": claims.CodeCorrupt,
		"XX002": claims.CodeCorrupt,
		"42601": "",
		"":      "",
	} {
		err := &pgconn.PgError{Code: state, Severity: "ERROR", Message: "in SELECT secret", Detail: "Key (id)=(secret)", Where: "secret"}
		got := translate(fmt.Errorf("while reading: %w", err), "host:1/the-db")
		if claims.CodeOf(got) != want || !strings.Contains(got.Error(), "host:1/the-db") || strings.Contains(got.Error(), "secret") {
			t.Errorf("%s: %v (%s), want %s", state, got, claims.CodeOf(got), want)
		}
	}
	if translate(nil, "") != nil {
		t.Error("no error became one")
	}
	if own := errors.Join(claims.Invalid("x", "y")); translate(own, "") != own {
		t.Error("an error of the domain was changed")
	}
}
