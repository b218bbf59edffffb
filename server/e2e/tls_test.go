package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
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
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
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
