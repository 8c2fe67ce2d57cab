package signin

import (
	"bytes"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"accountfactory/internal/twin/identitycenter"
)

// Cookies, all of the path /signin/ alone and out of scripts' reach.
const (
	sessionCookie = "accountfactory_signin"
	attemptCookie = "accountfactory_attempt"
	browserCookie = "accountfactory_browser" // a browser in which no second factor is asked for
	consoleCookie = "accountfactory_role"    // a browser that a sign-in link has let in as a role
	cookiePath    = "/signin/"
)

// maxForm bounds what a form may send; the largest is a passkey's answer, of a few thousand bytes.
const maxForm = 64 << 10

// visit is one request for a page.
type visit struct {
	*Service
	w       http.ResponseWriter
	r       *http.Request
	session *identitycenter.PortalSession // nil for people who are not signed in
	user    *identitycenter.User
	forms   string // where forms may lead besides this server
	script  bool   // the page has the script for passkeys
}

// frame is what every page shows.
type frame struct {
	Title  string
	User   string // display name of who is signed in
	Error  string // what was wrong with the form just sent
	Script bool
}

func (v *visit) frame(title string) frame {
	f := frame{Title: title, Script: v.script}
	if v.user != nil {
		f.User = v.user.DisplayName
	}
	return f
}

// harden sets the headers that every answer has.
func (v *visit) harden() {
	h := v.w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin") // links hold secrets
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

// show answers with a page.
func (v *visit) show(status int, name string, data any) {
	csp := "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" + v.forms
	if v.script {
		csp += "; script-src 'self'"
	}
	v.w.Header().Set("Content-Security-Policy", csp)
	var body bytes.Buffer
	if err := v.pages[name].ExecuteTemplate(&body, "frame", data); err != nil {
		v.log.ErrorContext(v.r.Context(), "sign-in page", "page", name, "error", err)
		http.Error(v.w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(body.Bytes()) // the browser may be gone
}

// readForm takes a form of a decent size, and nothing else.
func (v *visit) readForm() error {
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return &refusal{http.StatusUnsupportedMediaType, "The page takes forms only."}
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	var large *http.MaxBytesError
	switch err := v.r.ParseForm(); {
	case errors.As(err, &large):
		return &refusal{http.StatusRequestEntityTooLarge, "The form is too large."}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &refusal{http.StatusRequestTimeout, "The form has taken too long to come."}
	case err != nil:
		return &refusal{http.StatusBadRequest, "The form cannot be read."}
	}
	return nil
}

// field gives a field of the form that was sent, never of the address.
func (v *visit) field(name string) string { return v.r.PostForm.Get(name) }

func (v *visit) redirect(to string) error {
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// askToSignIn leads to the sign-in page and from there back to where the visitor wanted to go.
func (v *visit) askToSignIn() error {
	return v.redirect("/signin/in?next=" + url.QueryEscape(v.r.URL.RequestURI()))
}

// ownPage takes only addresses of our own pages, so that nobody is led elsewhere by a link to us.
func ownPage(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t") || len(next) > 4096 {
		return cookiePath
	}
	if u.Path != "/signin/device" && u.Path != "/signin/authorize" {
		return cookiePath
	}
	return u.Path + "?" + u.RawQuery
}

func (v *visit) setCookie(name, value string, expires time.Time) {
	http.SetCookie(v.w, &http.Cookie{
		Name: name, Value: value, Path: cookiePath, Expires: expires, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure,
	})
}

func (v *visit) clearCookie(name string) {
	http.SetCookie(v.w, &http.Cookie{
		Name: name, Path: cookiePath, MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.secure,
	})
}

// cookie gives what is kept of a cookie's secret, "" without one.
func (v *visit) cookie(name string) string {
	c, err := v.r.Cookie(name)
	if err != nil || c.Value == "" {
		return ""
	}
	return identitycenter.HashToken(c.Value)
}

// address is where the visitor comes from.
func (v *visit) address() string {
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		return v.r.RemoteAddr
	}
	return host
}

// agent is the visitor's browser, as it calls itself.
func (v *visit) agent() string {
	const limit = 256
	a := v.r.UserAgent()
	return strings.ToValidUTF8(a[:min(len(a), limit)], "")
}
