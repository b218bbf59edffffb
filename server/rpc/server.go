// Package rpc is the gRPC surface: it turns requests into calls of the engine
// and the engine's answers into messages. It decides nothing.
//
// A request passes, from the outside in: the codec (malformed bytes), the
// logging, recovery, and deadline interceptors, the caller's own (identity),
// readiness, validation, and a handler that converts, calls the desk once and
// converts back. errors.go holds the one map from errors to statuses.
package rpc

import (
	"context"
	"log/slog"
	"net"
	"runtime"
	"sync/atomic"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"github.com/secondsource/secondsource/claims"
	"github.com/secondsource/secondsource/claims/desk"
	"github.com/secondsource/secondsource/claims/export"
	secondsourcev1 "github.com/secondsource/secondsource/proto/secondsource/v1"
)

// MaxReceive is the largest message the server accepts, in bytes. It leaves room
// above the limit of a text, so that a text that is too long is answered with
// the name of the field instead of a transport error.
const MaxReceive = 16 << 20

// Who connects has to say so in connectTimeout, handshakes included, and in no more
// than maxHeaders bytes of headers a call.
const (
	connectTimeout = 20 * time.Second
	maxHeaders     = 16 << 10
)

// streamWorkers is how many goroutines for each processor wait for calls.
const streamWorkers = 16

// Desk is what the handlers need of the engine. *desk.Desk implements it; its
// methods say what they do and which errors they return.
type Desk interface {
	CreateSource(ctx context.Context, s claims.Source) (claims.Source, error)
	GetSource(ctx context.Context, id string) (claims.Source, error)
	ListSources(ctx context.Context, f claims.SourceFilter, p claims.Page) ([]claims.Source, error)
	UpdateSource(ctx context.Context, s claims.Source, fields []string) (claims.Source, error)
	ResolveSource(ctx context.Context, name string, at time.Time) (claims.Resolution, error)

	Ingest(ctx context.Context, r desk.IngestRequest) (desk.IngestResult, error)
	Correct(ctx context.Context, r desk.CorrectRequest) (desk.IngestResult, error)
	Retract(ctx context.Context, r desk.RetractRequest) (desk.IngestResult, error)
	GetDocument(ctx context.Context, id string) (claims.Document, error)
	ListVersions(ctx context.Context, id string, p claims.Page) ([]claims.Document, error)
	ListDocuments(ctx context.Context, f claims.DocumentFilter, p claims.Page) ([]claims.Document, error)
	DeleteDocument(ctx context.Context, r desk.DeleteRequest) (desk.Deletion, error)

	Extract(ctx context.Context, doc claims.Document) (desk.Extraction, error)
	GetClaim(ctx context.Context, document string, index int) (claims.Claim, error)
	ListClaims(ctx context.Context, q desk.ClaimQuery, p claims.Page) ([]claims.Claim, error)

	Corroborate(ctx context.Context, q claims.Query) (claims.Corroboration, error)
	CorroborateAll(ctx context.Context, qs []claims.Query) ([]desk.Answered, error)
	Export(ctx context.Context, q desk.ClaimQuery, verdicts bool, fn func(*export.Item) error) error
	Watch(ctx context.Context, r desk.WatchRequest, tell func(desk.WatchEvent) error) error
	CheckDraft(ctx context.Context, r desk.CheckRequest) (desk.Check, error)

	CheckWritable(ctx context.Context) error
	Editorial
}

// Editorial is what the handlers of EditorialService need of the engine.
type Editorial interface {
	MergeSources(ctx context.Context, source, into string, by desk.Decision) (claims.Judgement, error)
	SplitSources(ctx context.Context, source, from string, by desk.Decision) (claims.Judgement, error)
	SetController(ctx context.Context, source, controller string, valid claims.Interval, by desk.Decision) (claims.Judgement, error)
	SetReliability(ctx context.Context, source string, grade claims.Grade, by desk.Decision) (claims.Judgement, error)
	JoinOrigins(ctx context.Context, assertion, with string, by desk.Decision) (claims.Judgement, error)
	PartOrigins(ctx context.Context, assertion, from string, by desk.Decision) (claims.Judgement, error)
	SetRelation(ctx context.Context, claim, to string, kind claims.RelationKind, contradiction claims.ContradictionKind, by desk.Decision) (claims.Judgement, error)
	SetAttribution(ctx context.Context, claim, asserter string, by desk.Decision) (claims.Judgement, error)
	SetStance(ctx context.Context, claim, toward, text string, stance claims.Stance, by desk.Decision) (claims.Judgement, error)
	UndoJudgement(ctx context.Context, seq int64, by desk.Decision) (claims.Judgement, error)
	GetJudgement(ctx context.Context, seq int64) (claims.Judgement, error)
	ListJudgements(ctx context.Context, f claims.JudgementFilter, p claims.Page) ([]claims.Judgement, error)
}

var _ Desk = (*desk.Desk)(nil)

// Config is how a Server behaves. The zero value works.
type Config struct {
	Log     *slog.Logger // nil: discard
	Version string       // of this build, for who asks for it
	// Timeout is the deadline of a call whose caller set none, or a later one;
	// 0: one minute.
	Timeout time.Duration
	// MaxConcurrent bounds the calls that one connection may have open; 0: 256.
	MaxConcurrent uint32
	// MaxWatches bounds the watches that are open at once, and MaxWatchesPerCaller
	// those of one caller; 0: 1000 and 50.
	MaxWatches, MaxWatchesPerCaller int
	// Caller names who calls, for MaxWatchesPerCaller; "" and nil: the address
	// that the call comes from.
	Caller func(context.Context) string
	// Unary and Stream run before a request is validated: identity goes here.
	Unary  []grpc.UnaryServerInterceptor
	Stream []grpc.StreamServerInterceptor
	// Options are added to the server's own: transport credentials. Local does
	// without those.
	Options []grpc.ServerOption
}

// Server answers the API, grpc.health.v1 and server reflection. It may serve
// before its desk is ready: until then health says NOT_SERVING and every call
// UNAVAILABLE.
type Server struct {
	grpc   *grpc.Server
	local  *local // the same, for callers in this process
	health *health.Server
	desk   *current
	stop   context.CancelFunc // ends the streams
}

// current is the desk once there is one; the handlers share it.
type current struct {
	p atomic.Pointer[Desk]
}

// get is only called behind the readiness interceptor, which lets nothing pass
// while there is no desk.
func (c *current) get() Desk { return *c.p.Load() }

// NewServer builds a server. It fails only when the API's own constraints do not
// compile.
func NewServer(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.MaxConcurrent == 0 {
		c.MaxConcurrent = 256
	}
	validator, err := protovalidate.New()
	if err != nil {
		return nil, err
	}
	stopping, stop := context.WithCancel(context.Background())
	s := &Server{health: health.NewServer(), desk: &current{}, stop: stop}
	unary := []grpc.UnaryServerInterceptor{logUnary(c.Log), recoverUnary(c.Log), deadline(c.Timeout)}
	unary = append(unary, c.Unary...)
	unary = append(unary, s.desk.ready, wellFormedUnary, validate(validator))
	stream := []grpc.StreamServerInterceptor{logStream(c.Log), recoverStream(c.Log)}
	stream = append(stream, c.Stream...)
	stream = append(stream, s.desk.readyStream, wellFormedStream(stopping))
	documents := &documentService{desk: s.desk, log: c.Log, timeout: c.Timeout, validate: checks(validator), working: make(chan struct{}, ingestWorkers())}
	exports := &exportService{desk: s.desk, validate: checks(validator), running: make(chan struct{}, maxExports)}
	corroborations := &corroborationService{desk: s.desk, validate: checks(validator), watches: newWatchLimit(&c)}
	options := []grpc.ServerOption{
		grpc.ForceServerCodecV2(codec{}),
		grpc.MaxRecvMsgSize(MaxReceive),
		grpc.MaxConcurrentStreams(c.MaxConcurrent),
		// Their stacks have grown to what a call needs; a new goroutine for each call
		// would grow its own. A call that finds all of them busy gets a new one.
		grpc.NumStreamWorkers(uint32(streamWorkers * runtime.GOMAXPROCS(0))),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 2 * time.Minute, Timeout: 20 * time.Second}),
		grpc.ConnectionTimeout(connectTimeout),
		grpc.MaxHeaderListSize(maxHeaders),
		grpc.ChainUnaryInterceptor(unary...),
		grpc.ChainStreamInterceptor(stream...),
	}
	options = append(options, c.Options...)
	s.grpc, s.local = grpc.NewServer(options...), newLocal(options)
	for _, g := range []*grpc.Server{s.grpc, s.local.grpc} {
		secondsourcev1.RegisterSourceServiceServer(g, &sourceService{desk: s.desk})
		secondsourcev1.RegisterDocumentServiceServer(g, documents)
		secondsourcev1.RegisterClaimServiceServer(g, &claimService{desk: s.desk})
		secondsourcev1.RegisterCorroborationServiceServer(g, corroborations)
		secondsourcev1.RegisterExportServiceServer(g, exports)
		secondsourcev1.RegisterServerServiceServer(g, &serverService{desk: s.desk, version: c.Version})
		secondsourcev1.RegisterEditorialServiceServer(g, &editorialService{desk: s.desk})
		healthpb.RegisterHealthServer(g, s.health)
		reflection.Register(g)
	}
	s.setHealth(healthpb.HealthCheckResponse_NOT_SERVING)
	return s, nil
}

// Ready gives the server its desk: from now on it answers.
func (s *Server) Ready(d Desk) {
	s.desk.p.Store(&d)
	s.setHealth(healthpb.HealthCheckResponse_SERVING)
}

// setHealth sets the server as a whole ("") and each service of the API.
func (s *Server) setHealth(status healthpb.HealthCheckResponse_ServingStatus) {
	s.health.SetServingStatus("", status)
	for _, name := range []string{
		secondsourcev1.SourceService_ServiceDesc.ServiceName,
		secondsourcev1.DocumentService_ServiceDesc.ServiceName,
		secondsourcev1.ClaimService_ServiceDesc.ServiceName,
		secondsourcev1.CorroborationService_ServiceDesc.ServiceName,
		secondsourcev1.EditorialService_ServiceDesc.ServiceName,
		secondsourcev1.ExportService_ServiceDesc.ServiceName,
		secondsourcev1.ServerService_ServiceDesc.ServiceName,
	} {
		s.health.SetServingStatus(name, status)
	}
}

// Serve answers on the listener until Shutdown; it closes the listener.
func (s *Server) Serve(l net.Listener) error { return s.grpc.Serve(l) }

// Shutdown takes no new calls and waits for the running ones; when the context
// ends first, it breaks them off and returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.health.Shutdown()
	s.stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.grpc.GracefulStop()
		s.local.grpc.GracefulStop()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.grpc.Stop()
		s.local.grpc.Stop()
		<-done
		return ctx.Err()
	}
}
