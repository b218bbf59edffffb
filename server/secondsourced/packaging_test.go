package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

const packaging = "../../packaging/"

func packaged(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(packaging + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// keyPair writes a certificate and its key.
func keyPair(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))),
		file(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

// sound runs --check-config in an environment as a package sets it, and checks that
// each of our variables is one of a setting.
func sound(t *testing.T, env map[string]string) string {
	t.Helper()
	var c config
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	c.flags(flags)
	known := map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) { known[environmentName(f.Name)] = true })
	for name := range env {
		if strings.HasPrefix(name, "SECONDSOURCE_") && !known[name] {
			t.Errorf("%s is no setting", name)
		}
	}
	out, err := execute(t, env, "--check-config")
	if err != nil {
		t.Errorf("the server refuses it: %v", err)
	}
	return out
}

// documents reads all documents of a YAML file.
func documents(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for d := yaml.NewDecoder(strings.NewReader(text)); ; {
		var doc map[string]any
		if err := d.Decode(&doc); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, doc)
	}
}

func decode(t *testing.T, from any, into any) {
	t.Helper()
	b, err := yaml.Marshal(from)
	if err == nil {
		err = yaml.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// image is the environment that the image sets.
func image(t *testing.T) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, m := range regexp.MustCompile(`(SECONDSOURCE_[A-Z_]+)=(\S+)(?: \\)?\n`).FindAllStringSubmatch(packaged(t, "Dockerfile"), -1) {
		if !strings.Contains(m[0], "secondsource\n") { // that of the example
			env[m[1]] = m[2]
		}
	}
	if len(env) < 4 {
		t.Fatalf("the image sets %v", env)
	}
	return env
}

func TestTheImageRunsWithoutRoot(t *testing.T) {
	text := packaged(t, "Dockerfile")
	last := text[strings.LastIndex(text, "\nFROM "):]
	if !strings.Contains(last, "\nUSER 65532:65532\n") || strings.Contains(last, "\nRUN ") {
		t.Error("the image runs as root, or something in it as it is built")
	}
	for _, m := range regexp.MustCompile(`\./(?:server|client|packaging)/[a-z]+`).FindAllString(text, -1) {
		if _, err := os.Stat(filepath.Join("../..", m)); err != nil {
			t.Error(err)
		}
	}
	env := image(t)
	env["SECONDSOURCE_REQUIRE_KEY"], env["SECONDSOURCE_INSECURE_PUBLIC"] = "true", "true"
	sound(t, env)
	if _, err := execute(t, image(t), "--check-config"); err == nil || !strings.Contains(err.Error(), "--require-key") {
		t.Errorf("an image that is run without a word about protection: %v", err)
	}
}

func TestTheComposeFileIsSound(t *testing.T) {
	var c struct {
		Services map[string]struct {
			Environment map[string]string
			Ports       []string
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
		}
	}
	decode(t, documents(t, packaged(t, "compose.yaml"))[0], &c)
	s := c.Services["secondsource"]
	env := image(t)
	maps.Copy(env, s.Environment)
	if out := sound(t, env); !strings.Contains(out, "require-key: true") {
		t.Errorf("no key is asked for:\n%s", out)
	}
	for _, p := range s.Ports {
		if !strings.HasPrefix(p, "127.0.0.1:") {
			t.Errorf("%s is published beyond this machine without TLS", p)
		}
	}
	if !s.ReadOnly || len(s.CapDrop) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestTheManifestsAreSound(t *testing.T) {
	certFile, keyFile := keyPair(t)
	var d struct {
		Spec struct {
			Template struct {
				Spec struct {
					Grace      int `yaml:"terminationGracePeriodSeconds"`
					Containers []struct {
						Env []struct {
							Name, Value string
							ValueFrom   any `yaml:"valueFrom"`
						}
						Ports []struct {
							Name string
							Port int `yaml:"containerPort"`
						}
						Probes map[string]any `yaml:",inline"`
					}
				}
			}
		}
	}
	kinds := map[string]int{}
	for _, doc := range documents(t, packaged(t, "kubernetes/secondsource.yaml")) {
		kind, _ := doc["kind"].(string)
		kinds[kind]++
		if doc["apiVersion"] == nil || doc["metadata"] == nil {
			t.Errorf("%s is no object", kind)
		}
		if kind == "Deployment" {
			decode(t, doc, &d)
		}
	}
	if kinds["Deployment"] != 1 || kinds["Service"] != 1 || kinds["NetworkPolicy"] != 1 {
		t.Errorf("kinds %v", kinds)
	}
	pod := d.Spec.Template.Spec
	c := pod.Containers[0]
	env := image(t)
	for _, v := range c.Env {
		env[v.Name] = v.Value
	}
	env["SECONDSOURCE_DATABASE"] = "postgres://secondsource@db.example:5432/secondsource" // of the Secret
	env["SECONDSOURCE_TLS_CERT"], env["SECONDSOURCE_TLS_KEY"] = certFile, keyFile
	out := sound(t, env)
	for _, want := range []string{"require-key: true", "insecure-public: false", "drain-timeout: 30s", `listen: "0.0.0.0:7733"`, `metrics-listen: "0.0.0.0:9464"`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not what would be used:\n%s", want, out)
		}
	}
	if pod.Grace <= 30 {
		t.Errorf("a pod is killed after %d s while calls may still run", pod.Grace)
	}
	for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
		if c.Probes[probe] == nil {
			t.Errorf("there is no %s", probe)
		}
	}
	for _, p := range c.Ports {
		if p.Port != 7733 && p.Port != 9464 {
			t.Errorf("nothing listens on port %d", p.Port)
		}
	}
}

func TestTheUnitIsSound(t *testing.T) {
	certFile, keyFile := keyPair(t)
	settings := strings.NewReplacer("/etc/secondsource/tls.crt", certFile, "/etc/secondsource/tls.key", keyFile,
		"/var/lib/secondsource/", t.TempDir()+"/").Replace(packaged(t, "systemd/secondsourced.yaml"))
	if out, err := execute(t, nil, "--config", file(t, settings), "--check-config"); err != nil || !strings.Contains(out, "require-key: true") {
		t.Errorf("%v\n%s", err, out)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("no systemd-analyze: the unit itself is not looked at")
		return
	}
	unit := filepath.Join(t.TempDir(), "secondsourced.service")
	text := strings.ReplaceAll(packaged(t, "systemd/secondsourced.service"), "/usr/bin/secondsourced", "/bin/true")
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", "--man=no"}, {"security", "--offline=yes", "--threshold=20"}} {
		var said bytes.Buffer
		cmd := exec.CommandContext(t.Context(), analyze, append(args, unit)...) // #nosec G204 -- as above
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Run(); err != nil || strings.Contains(said.String(), "Unknown") {
			t.Errorf("systemd-analyze %v: %v\n%s", args, err, &said)
		}
	}
}
