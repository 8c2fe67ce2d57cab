package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// metrics are what Prometheus reads. Names are never changed; docs/operations-guide.md lists them.
type metrics struct {
	registry *prometheus.Registry
	http     *prometheus.HistogramVec
	aws      *prometheus.HistogramVec
	waited   *prometheus.CounterVec
	pruned   *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(), pruned: newPruned(),
		http: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "accountfactory_http_request_duration_seconds", Help: "Requests to the browser listener, by route and status.",
			Buckets: []float64{.005, .02, .1, .3, 1, 5},
		}, []string{"route", "status"}),
		aws: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "accountfactory_aws_call_duration_seconds", Help: "Calls of AWS operations with their repetitions, by outcome: ok, AWS's error code, unreachable.",
			Buckets: []float64{.01, .05, .2, 1, 5, 30},
		}, []string{"service", "operation", "outcome"}),
		waited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "accountfactory_aws_budget_wait_seconds_total", Help: "Time that calls of AWS waited for their place in the budget of calls.",
		}, []string{"service", "operation"}),
	}
	m.registry.MustRegister(m.http, m.aws, m.waited, m.pruned, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observeAWS(service, operation, outcome string, took time.Duration) {
	m.aws.WithLabelValues(service, operation, outcome).Observe(took.Seconds())
}

func (m *metrics) waitedAWS(service, operation string, d time.Duration) {
	m.waited.WithLabelValues(service, operation).Add(d.Seconds())
}

// measured measures requests by route: paths hold ids, and links of invitations secrets.
func (m *metrics) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := clock.Wall{}.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		m.http.WithLabelValues(r.Pattern, strconv.Itoa(rec.status)).Observe(clock.Wall{}.Now().Sub(began).Seconds())
	})
}

// recorder remembers a status. Unwrap lets http.ResponseController reach what is under it.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// census collects the factory's counts when they are asked for.
type census struct {
	take func(context.Context) (factory.Census, error)

	requests, limit, used, oldest, up *prometheus.Desc
}

func newCensus(take func(context.Context) (factory.Census, error)) *census {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("accountfactory_"+name, help, labels, nil)
	}
	return &census{
		take:     take,
		requests: desc("requests", "Requests by state.", "state"),
		limit:    desc("account_operations_limit", "Account operations at once."),
		used:     desc("account_operations_running", "Account operations that requests occupy."),
		oldest:   desc("oldest_waiting_seconds", "How long the request waits that waits longest and may begin; 0 when none waits."),
		up:       desc("database_up", "1 while the factory's database answers."),
	}
}

// Describe makes census a prometheus.Collector.
func (c *census) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, out) }

// collectWithin bounds what a scrape may wait for the database.
const collectWithin = 5 * time.Second

// Collect counts now.
func (c *census) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectWithin)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	taken, err := c.take(ctx)
	if err != nil {
		gauge(c.up, 0)
		return
	}
	gauge(c.up, 1)
	for _, state := range factory.States() {
		gauge(c.requests, float64(taken.States[state]), string(state))
	}
	gauge(c.limit, float64(taken.Queue.Limit))
	gauge(c.used, float64(taken.Queue.Used))
	waited := 0.0
	if !taken.Oldest.IsZero() {
		waited = clock.Wall{}.Now().Sub(taken.Oldest).Seconds()
	}
	gauge(c.oldest, waited)
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
