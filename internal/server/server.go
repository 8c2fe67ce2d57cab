package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"accountfactory/internal/console"
	"accountfactory/internal/factory"
	"accountfactory/internal/twin"
)

// stopWithin is how long a stop may take; what is not finished goes on at the next start.
const stopWithin = 4 * time.Second

// answerWithin is how much of it a listener has to end its answers, so that the other parts have time to stop too.
const answerWithin = time.Second

// Server is the parts while they run.
type Server struct {
	config  Config
	key     keyPair
	aws     net.Listener
	console net.Listener
	ready   Ready
	twin    *twin.Twin
	api     *lateHandler // the console's; nil for a twin alone
	watch   *watch
	closers []func(context.Context) error // in the order of starting
}

// Run serves until ctx ends. It returns a UsageError for a bad setting, and nil after an orderly stop.
func Run(ctx context.Context, c Config) error {
	if err := c.Validate(); err != nil {
		return err
	}
	s := &Server{config: c, watch: &watch{metrics: newMetrics()}}
	err := s.start(ctx)
	if err == nil {
		err = s.wait(ctx)
	}
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return errors.Join(err, s.stop(stopCtx))
}

// start brings the parts up, each after what it needs.
func (s *Server) start(ctx context.Context) error {
	onTwin := !s.config.Cloud.aws()
	for _, part := range []struct {
		name   string
		needed bool
		start  func(context.Context) error
	}{
		{"data folder", true, s.openData},
		{"AWS endpoint", onTwin, s.listenAWS},
		{"browser listener", true, s.listenConsole},
		{"metrics listener", s.config.Metrics != "", s.serveMetrics},
		{"twin", onTwin, s.startTwin},
		{"AWS endpoint", onTwin, s.serveAWS},
		{"factory", !s.config.TwinOnly, s.startFactory},
		{"browser listener", true, s.serveConsole},
		{"memory", true, s.restAtTimes},
		{"control socket", true, s.serveControl},
		{"ready file", true, s.sayReady},
	} {
		if !part.needed {
			continue
		}
		if err := part.start(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// public is where people reach the browser listener.
func (s *Server) public() string { return s.config.Public.url(s.ready.Console) }

func (s *Server) onStop(f func(context.Context) error) { s.closers = append(s.closers, f) }

// stop takes the parts down in the opposite order.
func (s *Server) stop(ctx context.Context) error {
	s.watch.ending.Store(true)
	return s.close(ctx)
}

func (s *Server) close(ctx context.Context) error {
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i](ctx))
	}
	return errors.Join(errs...)
}

func (s *Server) wait(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func (s *Server) openData(ctx context.Context) error {
	if err := os.MkdirAll(s.config.Data, 0o700); err != nil {
		return err
	}
	release, err := lock(s.config.Data)
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) error { return release() })
	if err := whole(s.config.Data); err != nil {
		return err
	}
	if err := ownDatabases(s.config.Data, s.config.databases()...); err != nil {
		return err
	}
	// One that a killed process left would send scripts to nobody.
	if err := s.removeReady(); err != nil {
		return err
	}
	s.ready = Ready{Region: s.config.Region, Account: s.config.AccountID, PID: os.Getpid()}
	if s.config.Cloud.aws() {
		s.ready.AWS, s.ready.Account = s.config.Cloud.Endpoint, ""
		return nil
	}
	s.key, err = managementKey(ctx, s.config)
	return err
}

func (s *Server) listenAWS(ctx context.Context) (err error) {
	s.aws, err = s.listen(ctx, "aws", s.config.AWS)
	if err == nil {
		s.ready.AWS = "http://" + shown(s.aws, s.config.AWS)
	}
	return err
}

func (s *Server) listenConsole(ctx context.Context) (err error) {
	s.console, err = s.listen(ctx, "console", s.config.Console)
	if err == nil {
		s.ready.Console = "http://" + shown(s.console, s.config.Console)
		if s.config.Public.TLSCert != "" {
			s.ready.Console = "https://" + shown(s.console, s.config.Console)
		}
		s.ready.Public = s.public()
	}
	return err
}

// listen opens a listener; a busy port is an error that names the flag. It is closed at the stop, also of a start that
// did not come to serving on it.
func (s *Server) listen(ctx context.Context, flag, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (%w): give another address with --%s", address, err, flag)
	}
	s.onStop(func(context.Context) error {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return l, nil
}

// shown gives host:port for URLs, with the host as it was asked for: passkeys need the name localhost.
func shown(l net.Listener, asked string) string {
	host, _, err := net.SplitHostPort(asked)
	_, port, portErr := net.SplitHostPort(l.Addr().String())
	if err != nil || portErr != nil || host == "" {
		return l.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// consoleCallback is where the console takes the portal's answers; a twin alone has none.
func (s *Server) consoleCallback() string {
	if s.config.TwinOnly {
		return ""
	}
	return console.CallbackURL(s.public())
}

// consoleEntry is where the console takes people in who come by a federation link.
func (s *Server) consoleEntry() string {
	if s.config.TwinOnly {
		return ""
	}
	return console.EntryURL(s.public())
}

func (s *Server) startTwin(ctx context.Context) error {
	speed, err := s.config.speed()
	if err != nil {
		return err
	}
	c := s.config
	s.twin, err = twin.Open(ctx, twin.Config{
		Dir: c.Data, Region: c.Region, ManagementAccountID: c.AccountID, AccessKeyID: s.key.id, SecretAccessKey: s.key.secret,
		PortalURL: s.public() + "/start", ConsoleCallback: s.consoleCallback(), ConsoleEntry: s.consoleEntry(), AccountOperations: c.operations(), Profile: c.Profile, EventWebhook: c.EventWebhook, EventSecret: c.EventSecret, SMTP: c.SMTP.twin(), Speed: speed, Seed: c.RandomSeed,
		Empty: c.Empty, NoAuth: c.Auth == "off", NoLab: !c.labServed(), Kill: c.Crash, Log: c.Log,
	})
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) error { return s.twin.Close() })
	return nil
}

// labServed: beyond loopback the lab must be asked for.
func (c Config) labServed() bool {
	host, _, err := net.SplitHostPort(c.AWS)
	return c.Lab || err == nil && loopback(host)
}

func (s *Server) serveAWS(context.Context) error { return s.serve(s.aws, s.twin) }

// serve answers on a listener until stop.
func (s *Server) serve(l net.Listener, h http.Handler) error {
	streams, endStreams := context.WithCancel(context.Background())
	srv := &http.Server{
		Handler: readWithin(h, bodyWithin), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return streams },
	}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.config.Log.Error("listener ended", "error", err)
		}
	}()
	s.onStop(func(ctx context.Context) error {
		endStreams() // or those who watch a request would hold up the stop
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			return srv.Close()
		}
		return nil
	})
	return nil
}

// sayReady writes where the server is, once everything accepts.
func (s *Server) sayReady(ctx context.Context) error {
	if err := writeReady(addressFile(s.config.Data), s.ready); err != nil {
		return err
	}
	s.onStop(func(context.Context) error { return os.Remove(addressFile(s.config.Data)) })
	if s.config.ReadyFile != "" {
		if err := writeReady(s.config.ReadyFile, s.ready); err != nil {
			return err
		}
		s.onStop(func(context.Context) error { return s.removeReady() })
	}
	s.banner()
	s.sayHeld(ctx)
	return nil
}

// sayHeld says why nothing begins, where an operator, a restore or the first start on AWS has held the queue. A database that
// does not say so now says so to whoever asks later.
func (s *Server) sayHeld(ctx context.Context) {
	db := s.watch.db.Load()
	if db == nil {
		return
	}
	if q, err := db.Queue(ctx); err == nil && q.Mode != factory.ModeOpen {
		_, _ = fmt.Fprintf(s.config.Out, "  queue          %s: no request begins until accountfactory queue resume\n", q.Mode) // as the banner
	}
}

func (s *Server) removeReady() error {
	if s.config.ReadyFile == "" {
		return nil
	}
	if err := os.Remove(s.config.ReadyFile); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

func (s *Server) banner() {
	out := s.config.Out
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	if s.config.Cloud.aws() {
		s.bannerAWS(p)
		return
	}
	p("Account Factory %s: a rehearsal, it creates nothing in AWS", s.config.Version)
	p("  AWS endpoint   %s   Region %s, management account %s", s.ready.AWS, s.ready.Region, s.ready.Account)
	p("  browser        %s", s.public())
	p("  credentials    %s, profile %s", CredentialsFile(s.config.Data), ManagementProfile)
	if s.config.Auth == "off" {
		p("  WARNING        --auth=off: signatures and permissions are not checked")
	}
	for _, l := range s.twin.Links() {
		p("  sign-in link   %s: %s (once)", l.UserName, l.URL)
	}
}
