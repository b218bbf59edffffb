// Package observe is how others see what a server does: OpenTelemetry traces and
// metrics of its calls, gauges of what is stored, a Prometheus endpoint, probes
// over HTTP, and profiles. Nothing of it leaves the machine unless it is
// configured, and nothing of it holds what documents or queries say.
package observe

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/secondsource/secondsource/claims"
)

// Config says what is observed. The zero value is nothing but what Handler serves.
type Config struct {
	// OTLP sends traces and metrics to a collector over gRPC: to Endpoint, or
	// where the standard OTEL_EXPORTER_OTLP_… variables say.
	OTLP bool
	// Endpoint is the collector's URL: http://host:4317 is not encrypted, https://
	// is. "" leaves it to the environment.
	Endpoint string
	Version  string // of this build
	// Known tells which methods of gRPC are counted. Callers choose the names of
	// those that are not there, and each would be a row of its own.
	Known func(fullMethod string) bool
}

// Telemetry is what one server tells. The nil Telemetry tells nothing.
type Telemetry struct {
	registry *prometheus.Registry
	metrics  *sdkmetric.MeterProvider
	traces   *sdktrace.TracerProvider // nil: no spans are made
	known    func(string) bool
	ready    atomic.Bool
}

// CheckEndpoint refuses what is no URL of a collector.
func CheckEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("write http://host:4317, or https:// for an encrypted connection")
	}
	return nil
}

// New begins to observe. A collector that cannot be reached is no error: what is
// told is lost until it can.
func New(ctx context.Context, c Config) (*Telemetry, error) {
	who, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "secondsourced"), attribute.String("service.version", c.Version)),
		resource.WithFromEnv(), resource.WithTelemetrySDK())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	t := &Telemetry{registry: prometheus.NewRegistry(), known: c.Known}
	t.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	scraped, err := otelprometheus.New(otelprometheus.WithRegisterer(t.registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, err
	}
	options := []sdkmetric.Option{sdkmetric.WithResource(who), sdkmetric.WithReader(scraped)}
	if c.OTLP {
		sent, err := t.export(ctx, c.Endpoint, who)
		if err != nil {
			return nil, fmt.Errorf("OTLP: %w", err)
		}
		options = append(options, sdkmetric.WithReader(sent))
	}
	t.metrics = sdkmetric.NewMeterProvider(options...)
	return t, nil
}

// export makes the spans, and sends them and the metrics to a collector.
func (t *Telemetry) export(ctx context.Context, endpoint string, who *resource.Resource) (sdkmetric.Reader, error) {
	var forSpans []otlptracegrpc.Option
	var forMetrics []otlpmetricgrpc.Option
	if endpoint != "" {
		forSpans = append(forSpans, otlptracegrpc.WithEndpointURL(endpoint))
		forMetrics = append(forMetrics, otlpmetricgrpc.WithEndpointURL(endpoint))
	}
	spans, err := otlptracegrpc.New(ctx, forSpans...)
	if err != nil {
		return nil, err
	}
	t.traces = sdktrace.NewTracerProvider(sdktrace.WithResource(who), sdktrace.WithBatcher(spans)) // OTEL_TRACES_SAMPLER decides which
	metrics, err := otlpmetricgrpc.New(ctx, forMetrics...)
	if err != nil {
		return nil, err
	}
	return sdkmetric.NewPeriodicReader(metrics), nil
}

// ServerOption observes the calls of a gRPC server.
func (t *Telemetry) ServerOption() grpc.ServerOption {
	options := []otelgrpc.Option{otelgrpc.WithMeterProvider(t.metrics), otelgrpc.WithPropagators(propagation.TraceContext{}),
		otelgrpc.WithFilter(func(info *stats.RPCTagInfo) bool { return t.known == nil || t.known(info.FullMethodName) })}
	if t.traces != nil {
		options = append(options, otelgrpc.WithTracerProvider(t.traces))
	}
	return grpc.StatsHandler(otelgrpc.NewServerHandler(options...))
}

// countFor bounds how long a scrape waits for the store to count.
const countFor = 5 * time.Second

// Stored gives the numbers of what is stored and of what can be found, asked with
// each scrape. A store that does not answer leaves its gauges out.
func (t *Telemetry) Stored(count func(context.Context) (claims.Stats, error), indexed func() int) error {
	if t == nil {
		return nil
	}
	meter := t.metrics.Meter("github.com/secondsource/secondsource/server/observe")
	var failed error
	gauge := func(name, says string) metric.Int64ObservableGauge {
		g, err := meter.Int64ObservableGauge(name, metric.WithDescription(says))
		failed = errors.Join(failed, err)
		return g
	}
	documents := gauge("secondsource.store.documents", "Documents stored, each version one.")
	told := gauge("secondsource.store.claims", "Claims stored.")
	sources := gauge("secondsource.store.sources", "Sources, registered and derived from documents.")
	index := gauge("secondsource.index.claims", "Claims that searches can find.")
	up := gauge("secondsource.store.up", "1 when the store answers, 0 when it does not.")
	if failed != nil {
		return failed
	}
	_, err := meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		ctx, cancel := context.WithTimeout(ctx, countFor)
		defer cancel()
		o.ObserveInt64(index, int64(indexed()))
		st, err := count(ctx)
		if err != nil {
			o.ObserveInt64(up, 0)
			return nil // the gauge says it, and the others are still told
		}
		o.ObserveInt64(up, 1)
		o.ObserveInt64(documents, st.Documents)
		o.ObserveInt64(told, st.Claims)
		o.ObserveInt64(sources, st.RegisteredSources, metric.WithAttributes(attribute.Bool("registered", true)))
		o.ObserveInt64(sources, st.DerivedSources, metric.WithAttributes(attribute.Bool("registered", false)))
		return nil
	}, documents, told, sources, index, up)
	return err
}

// SetReady says whether calls are answered, for the probe.
func (t *Telemetry) SetReady(ready bool) {
	if t != nil {
		t.ready.Store(ready)
	}
}

// Close sends what is left to the collector, until the context ends.
func (t *Telemetry) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	err := t.metrics.Shutdown(ctx)
	if t.traces != nil {
		err = errors.Join(err, t.traces.Shutdown(ctx))
	}
	return err
}
