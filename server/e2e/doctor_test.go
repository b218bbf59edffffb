package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
)

// TestTheDoctorSaysWhatIsWrong runs the command line against servers that it is told
// wrongly how to reach.
func TestTheDoctorSaysWhatIsWrong(t *testing.T) {
	if testing.Short() {
		t.Skip("it is built first")
	}
	program := filepath.Join(t.TempDir(), "secondsource")
	if out, err := command(t, os.Environ(), "go", "build", "-o", program, "./client/secondsource").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	secured, place := exposedOn(t, server.Config{Gate: &auth.Gate{Require: true}}, nil)
	desk, deskKey := certificate(t, "desk")
	mutual, _ := exposedOn(t, server.Config{}, func(s *security) { s.clientCA, s.clientKey = desk, deskKey })
	open, _ := exposedOn(t, server.Config{}, func(s *security) { s.plain = true })
	stranger, _ := certificate(t, "localhost")
	revoked := secretFile(t, createKey(t, place, "gone", claims.RoleReader))
	withKeys(t, place, func(k claims.APIKeys) {
		all, err := k.APIKeys(t.Context())
		if err == nil {
			_, err = k.RevokeAPIKey(t.Context(), "gone", all[0].CreatedAt)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	for _, tt := range []struct {
		name  string
		env   []string
		args  []string
		fails bool
		says  []string
	}{
		{"nothing", secured, nil, false, []string{"ok    TLS", `the caller is "example", with the role contributor`, "ok    store        takes writes", "ok    clock"}},
		{"nothing without protection", open, []string{"--token-file", ""}, false, []string{"neither side encrypts", "everybody who reaches it may do everything"}},
		{"nothing with a certificate of one's own", mutual, []string{"--tls-cert", desk, "--tls-key", deskKey}, false, []string{"ok    TLS"}},
		{"nobody listens", secured, []string{"--addr", "127.0.0.1:1"}, true, []string{"FAIL  address      nobody listens at 127.0.0.1:1 (connection refused)", "start secondsourced"}},
		{"no address", secured, []string{"--addr", "localhost"}, true, []string{"is no host:port"}},
		{"not told to encrypt", without(secured, "SECONDSOURCE_TLS_CA"), nil, true, []string{"FAIL  TLS          the server encrypts, and this program is not told to", "--tls-ca FILE"}},
		{"told to encrypt", open, []string{"--tls"}, true, []string{"FAIL  TLS          the server does not encrypt"}},
		{"another authority", secured, []string{"--tls-ca", stranger}, true, []string{"FAIL  TLS          the server's certificate is of an authority that is not trusted here"}},
		{"no certificate of one's own", mutual, nil, true, []string{"FAIL  TLS          the server asks for another certificate of this program", "--tls-cert FILE"}},
		{"no key", without(secured, "SECONDSOURCE_TOKEN_FILE"), nil, true, []string{"FAIL  key          the server asks for an API key", "secondsourced keys create"}},
		{"another's key", secured, []string{"--token-file", secretFile(t, "ssk_another-servers-key")}, true, []string{"FAIL  key          the key or token is none of this server's"}},
		{"a key that is no longer", secured, []string{"--token-file", revoked}, true, []string{"FAIL  key          the key was revoked"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out []byte
			var err error
			until(t, "the keys count", func() bool { // those made above, within a second
				out, err = command(t, tt.env, program, append([]string{"doctor"}, tt.args...)...).CombinedOutput()
				return tt.name != "a key that is no longer" || strings.Contains(string(out), "revoked")
			})
			if (err != nil) != tt.fails {
				t.Errorf("%v", err)
			}
			for _, s := range tt.says {
				if !strings.Contains(string(out), s) {
					t.Errorf("%q is not said in\n%s", s, out)
				}
			}
			if strings.Contains(string(out), "\x1b[") || strings.Contains(string(out), "ssk_") {
				t.Errorf("it prints escapes or secrets:\n%s", out)
			}
		})
	}
}

// without is an environment less one variable.
func without(environment []string, name string) []string {
	var left []string
	for _, v := range environment {
		if !strings.HasPrefix(v, name+"=") {
			left = append(left, v)
		}
	}
	return left
}
