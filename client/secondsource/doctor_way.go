package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// lookAtWay looks at the address and at TLS; ok is false when no call can come
// through.
func (a *app) lookAtWay(ctx context.Context, address string) (found []finding, ok bool) {
	_, encrypted, err := a.tlsOptions()
	if err != nil {
		return []finding{{bad, "settings", err.Error(), ""}}, false
	}
	reached := reach(ctx, address)
	if reached.Status == bad {
		return []finding{reached}, false
	}
	encryption, ok := a.lookAtTLS(ctx, address, encrypted)
	return []finding{reached, encryption}, ok
}

// reach says whether somebody listens at the address.
func reach(ctx context.Context, address string) finding {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return finding{bad, "address", fmt.Sprintf("%q is no host:port", address), "--addr 127.0.0.1:7733"}
	}
	conn, err := dialWay(ctx, address)
	if err == nil {
		_ = conn.Close()
		return finding{good, "address", "somebody listens at " + address, ""}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return finding{bad, "address", fmt.Sprintf("there is no host %q", host), "--addr or SECONDSOURCE_ADDR names another"}
	}
	if network, ok := errors.AsType[net.Error](err); ok && network.Timeout() {
		return finding{bad, "address", address + " does not answer", "is a firewall in between?"}
	}
	return finding{bad, "address", fmt.Sprintf("nobody listens at %s (%v)", address, plainCause(err)), "start secondsourced, or name another server with --addr or SECONDSOURCE_ADDR"}
}

func dialWay(ctx context.Context, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: doctorPatience}).DialContext(ctx, "tcp", address)
}

// plainCause is the innermost error: what the system says.
func plainCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// lookAtTLS compares what the server speaks with what this program is told to.
func (a *app) lookAtTLS(ctx context.Context, address string, encrypted bool) (finding, bool) {
	// Only to learn whether it is spoken; nothing is sent to whoever answers.
	_, err := handshake(ctx, address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}) // #nosec G402
	speaks := err == nil || isAlert(err)
	switch {
	case !encrypted && !speaks:
		return finding{good, "TLS", "neither side encrypts", ""}, true
	case !encrypted:
		return finding{bad, "TLS", "the server encrypts, and this program is not told to", "--tls-ca FILE, or --tls when its authority is one of the system's"}, false
	case !speaks:
		return finding{bad, "TLS", "the server does not encrypt, or is no server of this kind", "leave out --tls, --tls-ca and --tls-cert, and SECONDSOURCE_TLS_…; or give the server --tls-cert and --tls-key"}, false
	}
	config, err := a.ownTLS()
	if err != nil {
		return finding{bad, "TLS", err.Error(), ""}, false
	}
	state, err := handshake(ctx, address, config)
	if err != nil {
		return distrust(err), false
	}
	until := state.PeerCertificates[0].NotAfter
	if left := time.Until(until); left < certificateEnd {
		return finding{fair, "TLS", fmt.Sprintf("the server's certificate ends on %s", until.UTC().Format(time.RFC3339)), "renew it and start the server again"}, true
	}
	return finding{good, "TLS", "encrypted, and the server's certificate is trusted", ""}, true
}

// ownTLS is the configuration that the client uses.
func (a *app) ownTLS() (*tls.Config, error) {
	config := &tls.Config{NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12}
	if ca := a.setting(a.tlsCA, "SECONDSOURCE_TLS_CA"); ca != "" {
		pem, err := os.ReadFile(ca) // #nosec G304 -- the user names the file
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no PEM certificate", ca)
		}
	}
	if cert := a.setting(a.tlsCert, "SECONDSOURCE_TLS_CERT"); cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, a.setting(a.tlsKey, "SECONDSOURCE_TLS_KEY"))
		if err != nil {
			return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// handshake connects with TLS, and waits for the server's first words: in TLS 1.3
// it is only with these that it refuses a client without a certificate.
func handshake(ctx context.Context, address string, config *tls.Config) (tls.ConnectionState, error) {
	raw, err := dialWay(ctx, address)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer func() { _ = raw.Close() }()
	config.ServerName, _, _ = net.SplitHostPort(address) // it was split before
	conn := tls.Client(raw, config)
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return tls.ConnectionState{}, err
	}
	if err := conn.SetReadDeadline(time.Now().Add(doctorPatience)); err != nil {
		return tls.ConnectionState{}, err
	}
	if _, err := conn.Read(make([]byte, 1)); isAlert(err) {
		return tls.ConnectionState{}, err
	}
	return conn.ConnectionState(), nil
}

// isAlert tells whether the other side answered in TLS that it does not like
// something.
func isAlert(err error) bool {
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return true
	}
	return err != nil && strings.Contains(err.Error(), "remote error: tls:")
}

// distrust says why the sides do not come together.
func distrust(err error) finding {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return finding{bad, "TLS", "the server's certificate is of an authority that is not trusted here", "--tls-ca FILE with the authority that signed it"}
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return finding{bad, "TLS", fmt.Sprintf("the server's certificate is for %v", strings.Join(e.Certificate.DNSNames, ", ")), "name the server as its certificate does, with --addr"}
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return finding{bad, "TLS", fmt.Sprintf("the server's certificate holds from %s to %s", e.Cert.NotBefore.UTC().Format(time.RFC3339), e.Cert.NotAfter.UTC().Format(time.RFC3339)),
			"renew it, or set this machine's clock"}
	}
	if isAlert(err) {
		return finding{bad, "TLS", "the server asks for another certificate of this program: " + plainCause(err).Error(), "--tls-cert FILE --tls-key FILE, of the authority in the server's --tls-client-ca"}
	}
	return finding{bad, "TLS", err.Error(), ""}
}
