// Package client is the Go client of Second Source. Dial connects, the methods
// mirror the API call for call, All… iterate over listings page by page,
// IngestAll stores what an iterator yields over one stream, WatchAll tells what
// changes and goes on when the connection breaks, and every error is an
// *Error that says what went wrong in words a program can branch on.
//
// It imports nothing of the server: what it knows is the API.
package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// DefaultAddress is where a server listens that was told nothing else.
const DefaultAddress = "127.0.0.1:7733"

// MaxText is the longest text of a document that a server takes, in bytes.
const MaxText = 2 << 20

// maxMessage bounds messages in both directions, in bytes; the server takes no
// larger ones either.
const maxMessage = 16 << 20

// retryPolicy is gRPC's own retry mechanism. Calls that may be sent twice are
// retried when the server cannot be reached or is overloaded; the others only
// when it is overloaded, which it says before it has done anything. Ingesting is
// idempotent, so it may be sent twice. IngestAll sees to its stream itself.
const retryPolicy = `{
  "methodConfig": [{
    "name": [{"service": "secondsource.v1.DocumentService", "method": "StreamIngest"}]
  }, {
    "name": [
      {"service": "secondsource.v1.SourceService", "method": "CreateSource"},
      {"service": "secondsource.v1.SourceService", "method": "UpdateSource"},
      {"service": "secondsource.v1.DocumentService", "method": "DeleteDocument"},
      {"service": "secondsource.v1.EditorialService"}
    ],
    "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.2s", "maxBackoff": "5s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["RESOURCE_EXHAUSTED"]}
  }, {
    "name": [
      {"service": "secondsource.v1.SourceService"},
      {"service": "secondsource.v1.DocumentService"},
      {"service": "secondsource.v1.ClaimService"},
      {"service": "secondsource.v1.CorroborationService"},
      {"service": "secondsource.v1.EditorialService", "method": "GetJudgement"},
      {"service": "secondsource.v1.EditorialService", "method": "ListJudgements"},
      {"service": "secondsource.v1.ExportService"},
      {"service": "secondsource.v1.ServerService"}
    ],
    "retryPolicy": {"maxAttempts": 5, "initialBackoff": "0.2s", "maxBackoff": "5s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]}
  }]
}`

// Client is a connection to one server. Its methods are those of the API's
// services and may be called from many goroutines at once.
type Client struct {
	secondsourcev1.SourceServiceClient
	secondsourcev1.DocumentServiceClient
	secondsourcev1.ClaimServiceClient
	secondsourcev1.CorroborationServiceClient
	secondsourcev1.EditorialServiceClient
	secondsourcev1.ExportServiceClient
	secondsourcev1.ServerServiceClient

	conn *grpc.ClientConn
}

// Option changes how Dial connects.
type Option func(*options) error

type options struct {
	tls   *tls.Config
	token string
	dial  []grpc.DialOption
}

// WithTLS encrypts the connection. Certificates are checked against the
// system's authorities, or those of the PEM file when caFile is not empty.
func WithTLS(caFile string) Option {
	return func(o *options) error {
		o.encrypt()
		if caFile == "" {
			return nil
		}
		pem, err := os.ReadFile(caFile) // #nosec G304 -- the caller names the file
		if err != nil {
			return err
		}
		o.tls.RootCAs = x509.NewCertPool()
		if !o.tls.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s holds no PEM certificate", caFile)
		}
		return nil
	}
}

// encrypt makes the configuration of TLS, once.
func (o *options) encrypt() {
	if o.tls == nil {
		o.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
}

// WithClientCert shows the server a certificate, for one that asks for it: PEM
// files with the chain and its key. It encrypts the connection.
func WithClientCert(certFile, keyFile string) Option {
	return func(o *options) error {
		pair, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return err
		}
		o.encrypt()
		o.tls.Certificates = []tls.Certificate{pair}
		return nil
	}
}

// WithToken sends the bearer token with every call. Without TLS it can be read
// on the way; that is the caller's choice on loopback.
func WithToken(token string) Option {
	return func(o *options) error {
		o.token = token
		return nil
	}
}

// WithDialOptions passes options on to grpc.NewClient.
func WithDialOptions(dial ...grpc.DialOption) Option {
	return func(o *options) error {
		o.dial = append(o.dial, dial...)
		return nil
	}
}

// bearer is the token as gRPC credentials.
type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

func (bearer) RequireTransportSecurity() bool { return false }

// Dial prepares a connection to the server at an address like
// "127.0.0.1:7733"; empty means DefaultAddress. It connects with the first call,
// so a server that is not there shows as an UNAVAILABLE error of that call.
func Dial(address string, opts ...Option) (*Client, error) {
	if address == "" {
		address = DefaultAddress
	}
	var o options
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, err
		}
	}
	transport := insecure.NewCredentials()
	if o.tls != nil {
		transport = credentials.NewTLS(o.tls)
	}
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(retryPolicy),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.WithChainUnaryInterceptor(typedErrors),
	}
	if o.token != "" {
		dial = append(dial, grpc.WithPerRPCCredentials(bearer(o.token)))
	}
	conn, err := grpc.NewClient(address, append(dial, o.dial...)...)
	if err != nil {
		return nil, err
	}
	return &Client{
		SourceServiceClient:        secondsourcev1.NewSourceServiceClient(conn),
		DocumentServiceClient:      secondsourcev1.NewDocumentServiceClient(conn),
		ClaimServiceClient:         secondsourcev1.NewClaimServiceClient(conn),
		CorroborationServiceClient: secondsourcev1.NewCorroborationServiceClient(conn),
		EditorialServiceClient:     secondsourcev1.NewEditorialServiceClient(conn),
		ExportServiceClient:        secondsourcev1.NewExportServiceClient(conn),
		ServerServiceClient:        secondsourcev1.NewServerServiceClient(conn),
		conn:                       conn,
	}, nil
}

// Conn is the connection underneath, for grpc.health.v1 and the like.
func (c *Client) Conn() *grpc.ClientConn { return c.conn }

// Close ends the connection; calls that are still running fail.
func (c *Client) Close() error { return c.conn.Close() }

// typedErrors turns every status into an *Error.
func typedErrors(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := call(ctx, method, req, reply, conn, opts...)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return errorOf(err)
}
