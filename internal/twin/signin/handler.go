package signin

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

//go:embed pages
var files embed.FS

// Handler serves every page. They live under /signin/, which is also the path of their cookies; the addresses that mails
// and clients know lead there.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	s.entrances(mux)
	s.signInPages(mux)
	s.ownPages(mux)
	mux.Handle("GET /signin/style.css", s.asset("style.css", "text/css; charset=utf-8"))
	mux.Handle("GET /signin/passkey.js", s.asset("passkey.js", "text/javascript; charset=utf-8"))
	mux.Handle("/", s.open(func(*visit) error { return &refusal{http.StatusNotFound, "There is no such page."} }))
	return http.NewCrossOriginProtection().Handler(mux)
}

// entrances are the addresses that others give out.
func (s *Service) entrances(mux *http.ServeMux) {
	leadTo := func(pattern, path string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			to := url.URL{Path: path + r.PathValue("rest"), RawQuery: r.URL.RawQuery}
			w.Header().Set("Referrer-Policy", "no-referrer")
			http.Redirect(w, r, to.String(), http.StatusSeeOther)
		})
	}
	leadTo("GET /start", "/signin/")
	leadTo("GET /start/{$}", "/signin/")
	leadTo("GET /start/invitation/{rest}", "/signin/invitation/")
	leadTo("GET /start/reset/{rest}", "/signin/reset/")
	leadTo("GET /device", "/signin/device")
	leadTo("GET /authorize", "/signin/authorize")
	mux.Handle("GET /federation", s.open((*visit).federate))
	mux.Handle("POST /federation", s.open((*visit).federate))
}

// signInPages are for people who are not signed in yet.
func (s *Service) signInPages(mux *http.ServeMux) {
	mux.Handle("GET /signin/in", s.open((*visit).showSignIn))
	mux.Handle("POST /signin/in", s.open((*visit).signIn))
	mux.Handle("GET /signin/invitation/{token}", s.open((*visit).showInvitation))
	mux.Handle("POST /signin/invitation/{token}", s.open((*visit).acceptInvitation))
	mux.Handle("GET /signin/forgot", s.open((*visit).showForgot))
	mux.Handle("POST /signin/forgot", s.open((*visit).forgot))
	mux.Handle("GET /signin/reset/{token}", s.open((*visit).showReset))
	mux.Handle("POST /signin/reset/{token}", s.open((*visit).useReset))
	mux.Handle("GET /signin/factor", s.open((*visit).showFactor))
	mux.Handle("POST /signin/factor", s.open((*visit).factor))
	mux.Handle("GET /signin/new-password", s.open((*visit).showReplace))
	mux.Handle("POST /signin/new-password", s.open((*visit).replace))
}

// ownPages are for people who are signed in. Devices can also be registered on the way there.
func (s *Service) ownPages(mux *http.ServeMux) {
	mux.Handle("GET /signin/{$}", s.signed((*visit).home))
	mux.Handle("POST /signin/out", s.open((*visit).signOut))
	mux.Handle("GET /signin/password", s.signed((*visit).showChange))
	mux.Handle("POST /signin/password", s.signed((*visit).change))
	mux.Handle("POST /signin/sessions/{id}/end", s.signed((*visit).endSession))
	mux.Handle("POST /signin/browsers/forget", s.signed((*visit).distrust))
	mux.Handle("GET /signin/devices/totp", s.open((*visit).showTOTP))
	mux.Handle("GET /signin/devices/totp.png", s.open((*visit).totpImage))
	mux.Handle("POST /signin/devices/totp", s.open((*visit).addTOTP))
	mux.Handle("GET /signin/devices/passkey", s.open((*visit).showPasskey))
	mux.Handle("POST /signin/devices/passkey", s.open((*visit).addPasskey))
	mux.Handle("POST /signin/devices/{id}/remove", s.signed((*visit).removeDevice))
	mux.Handle("GET /signin/device", s.signed((*visit).showDevice))
	mux.Handle("POST /signin/device", s.signed((*visit).decideDevice))
	mux.Handle("GET /signin/authorize", s.open((*visit).showAuthorize))
	mux.Handle("POST /signin/authorize", s.signed((*visit).authorize))
	mux.Handle("GET /signin/console", s.open((*visit).showConsole))
	mux.Handle("POST /signin/console/leave", s.open((*visit).leaveConsole))
}

// page is one page for one visit. An error it returns becomes a page too.
type page func(*visit) error

// refusal is an error that its page tells the person.
type refusal struct {
	status int
	text   string
}

func (e *refusal) Error() string { return e.text }

// open serves a page to anybody.
func (s *Service) open(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Service: s, w: w, r: r}
		v.harden()
		if err := v.serve(p); err != nil {
			v.fail(err)
		}
	})
}

// signed serves a page to people who are signed in; others sign in first and come back.
func (s *Service) signed(p page) http.Handler {
	return s.open(func(v *visit) error {
		if v.user != nil {
			return p(v)
		}
		if v.r.Method != http.MethodGet {
			return &refusal{http.StatusUnauthorized, "Your session has ended. Sign in and try again."}
		}
		return v.askToSignIn()
	})
}

// serve reads who visits and what they send, then shows the page.
func (v *visit) serve(p page) error {
	if v.r.Method == http.MethodPost {
		if err := v.readForm(); err != nil {
			return err
		}
	}
	if c, err := v.r.Cookie(sessionCookie); err == nil {
		_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
			v.session, v.user = v.center.Session(tx, identitycenter.BrowserUse, c.Value)
			return nil
		})
	}
	return p(v)
}

// fail shows an error. What is not meant for people is in the log.
func (v *visit) fail(err error) {
	var known *refusal
	switch {
	case errors.As(err, &known):
	case errors.Is(err, errBusy):
		known = &refusal{http.StatusServiceUnavailable, "Too many people sign in at the moment. Try again shortly."}
	default:
		v.log.ErrorContext(v.r.Context(), "sign-in page", "method", v.r.Method, "page", v.r.Pattern, "error", err)
		known = &refusal{http.StatusInternalServerError, "The page could not be made. The server's log says why."}
	}
	v.show(known.status, "error", struct {
		frame
		Text string
	}{v.frame("That did not work"), known.text})
}

// asset serves one of the files that pages refer to.
func (s *Service) asset(name, kind string) http.Handler {
	body, err := files.ReadFile("pages/" + name)
	if err != nil {
		panic(err) // built in
	}
	return s.open(func(v *visit) error {
		v.w.Header().Set("Content-Type", kind)
		v.w.Header().Set("Cache-Control", "max-age=300")
		_, _ = v.w.Write(body) // the browser may be gone
		return nil
	})
}

// parsePages reads the templates: each page within the frame.
func parsePages() map[string]*template.Template {
	names, err := files.ReadDir("pages")
	if err != nil {
		panic(err) // built in
	}
	out := map[string]*template.Template{}
	for _, n := range names {
		name, isPage := strings.CutSuffix(n.Name(), ".html")
		if isPage && name != "frame" {
			out[name] = template.Must(template.ParseFS(files, "pages/frame.html", "pages/"+n.Name()))
		}
	}
	return out
}
