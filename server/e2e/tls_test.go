package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"github.com/secondsource/secondsource/client"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
	"github.com/secondsource/secondsource/server"
	"github.com/secondsource/secondsource/server/auth"
	"github.com/secondsource/secondsource/server/rpc"
)

// certificate writes a self-signed certificate for a name, and its key.
func certificate(t *testing.T, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(30 * 24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	certFile, keyFile = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestTheWayIsEncrypted(t *testing.T) {
	certFile, keyFile := certificate(t, "memory") // what the harness dials
	config, err := auth.ServerTLS(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := server.Config{Database: filepath.Join(t.TempDir(), "e2e.db"), HTTP: server.HTTP{Listener: listener, TLS: config.Clone()},
		RPC: rpc.Config{Options: []grpc.ServerOption{grpc.Creds(credentials.NewTLS(config))}}}
	h := startWith(t, c, client.WithTLS(certFile))
	if _, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Error(err)
	}
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(certFile)
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatal(err)
	}
	web := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "memory", MinVersion: tls.VersionTLS12}}}
	defer web.CloseIdleConnections()
	res, err := web.Get("https://" + listener.Addr().String() + "/v1/sources")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 2 {
		t.Errorf("over HTTP: %s %s", res.Proto, res.Status)
	}
	other, _ := certificate(t, "memory")
	stranger := h.dial(t, client.WithTLS(other))
	_, err = stranger.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
	refused(t, err, codes.Unavailable, "", "certificate")
}

// TestOnlyClientsWithACertificateConnect: with --tls-client-ca even health is for
// those alone whose certificate is of the authority.
func TestOnlyClientsWithACertificateConnect(t *testing.T) {
	certFile, keyFile := certificate(t, "memory")
	config, err := auth.ServerTLS(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	desk, deskKey := certificate(t, "desk")
	if err := auth.RequireClientCert(config, desk); err != nil {
		t.Fatal(err)
	}
	c := server.Config{Database: filepath.Join(t.TempDir(), "e2e.db"),
		RPC: rpc.Config{Options: []grpc.ServerOption{grpc.Creds(credentials.NewTLS(config))}}}
	h := startWith(t, c, client.WithTLS(certFile), client.WithClientCert(desk, deskKey))
	if _, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Error(err)
	}
	other, otherKey := certificate(t, "desk")
	for name, opts := range map[string][]client.Option{
		"no certificate":      {client.WithTLS(certFile)},
		"another's authority": {client.WithTLS(certFile), client.WithClientCert(other, otherKey)},
	} {
		_, err := h.dial(t, append(opts, client.WithDialOptions(grpc.WithDisableRetry()))...).ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
		if err == nil {
			t.Errorf("%s: the call was answered", name)
			continue
		}
		refused(t, err, codes.Unavailable, "", "")
	}
	if err := auth.RequireClientCert(config, keyFile); err == nil {
		t.Error("a file without a certificate was taken")
	}
}

// TestACallerBeyondItsRateIsToldWhenToAskAgain: through the whole house, and the
// client waits as long as it is told.
func TestACallerBeyondItsRateIsToldWhenToAskAgain(t *testing.T) {
	l := auth.NewLimiter(auth.Limits{Calls: 0.5, Burst: 4, MaxMessage: rpc.MaxReceive})
	c := server.Config{Database: filepath.Join(t.TempDir(), "e2e.db"),
		RPC: rpc.Config{Unary: []grpc.UnaryServerInterceptor{l.Unary}, Stream: []grpc.StreamServerInterceptor{l.Stream}}}
	h := startWith(t, c, client.WithDialOptions(grpc.WithDisableRetry()))
	for range 2 {
		if _, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{})
	refused(t, err, codes.ResourceExhausted, auth.ReasonRate, "ask again in")
	var e *client.Error
	if !errors.As(err, &e) || e.RetryAfter <= 0 || e.RetryAfter > 3*time.Second {
		t.Errorf("%+v", e)
	}
	patient := h.dial(t) // it asks again by itself
	if _, err := patient.ListSources(t.Context(), &secondsourcev1.ListSourcesRequest{}); err != nil {
		t.Error(err)
	}
}
