package console

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"accountfactory/internal/cloud"
)

// The pages of signing in are made here, not by the app: they work before anybody is known, and without scripts.

//go:embed signinpage.tmpl signinpage.css
var signInFiles embed.FS

// stylePath is where the pages' style is.
const stylePath = flowPath + "/style.css"

// signInPolicy is what these pages may do: have a style.
const signInPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// signInPage is one of them.
type signInPage struct {
	Title, Text string
	Alert       bool     // Text says what went wrong
	List        []string // with a lead
	Lead        string
	Ways        []Way  // to choose from
	Code        string // to compare with what another page shows
	Link        string // where that page is
	Again       string // where to sign in, if that is offered
	Refresh     int    // seconds; 0 is never
	RefreshTo   string

	Where string // what people are about to work on; set for every page
}

func signInStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, signInFiles, "signinpage.css")
}

func (c *Console) page(w http.ResponseWriter, status int, p signInPage) {
	h := w.Header()
	harden(h)
	h.Set("Content-Security-Policy", signInPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	if p.Refresh > 0 {
		h.Set("Refresh", strconv.Itoa(p.Refresh)+"; url="+p.RefreshTo)
	}
	p.Where = "This is a rehearsal: it creates nothing in AWS."
	if about := c.config.About; about.Cloud == cloud.KindAWS {
		p.Where = "AWS, organization " + about.OrganizationID + ", management account " + about.Account
	}
	w.WriteHeader(status)
	_ = c.template.Execute(w, p) // the browser may be gone
}

// pageTemplate reads the template, which is part of the program.
func pageTemplate() *template.Template {
	return template.Must(template.ParseFS(signInFiles, "signinpage.tmpl"))
}

// choosePage offers the ways of signing in.
func (c *Console) choosePage(w http.ResponseWriter, ways []Way, to string) {
	for i := range ways {
		ways[i].URL += "?" + url.Values{"return": {to}}.Encode()
	}
	c.page(w, http.StatusOK, signInPage{Title: "Sign in", Text: "Account Factory: choose how.", Ways: ways})
}

// flowError is what went wrong on the way to a page that the person had set out for.
type flowError struct {
	to  string
	err error
}

func (e *flowError) Error() string { return e.err.Error() }
func (e *flowError) Unwrap() error { return e.err }

// leading makes an error of a sign-in under way say where that was to lead.
func (f flow) leading(err error) error {
	if err == nil {
		return nil
	}
	return &flowError{f.Return, err}
}

// again is where to sign in, to end at a page.
func again(to string) string {
	if to = localPath(to); to == "/" {
		return flowPath
	}
	return flowPath + "?" + url.Values{"return": {to}}.Encode()
}

// troublePage tells a person why they are not signed in, and lets them try again, to end where they had wanted to go. The log knows more.
func (c *Console) troublePage(w http.ResponseWriter, r *http.Request, err error) {
	var (
		stranger *strangerError
		refused  *refusedError
		away     *awayError
		unheard  *cloud.UnreachableError
		under    *flowError
	)
	back := again(r.URL.Query().Get("return"))
	if errors.As(err, &under) {
		back = again(under.to)
	}
	status, p := http.StatusInternalServerError, signInPage{Title: "Sign in", Alert: true, Again: back}
	switch {
	case errors.Is(err, errNoFlow):
		status, p.Text = http.StatusBadRequest, "This answer belongs to no sign-in of this browser, or to one that took too long."
	case errors.Is(err, errNoWay):
		status, p.Text, p.Again = http.StatusNotFound, "Nobody can sign in here this way.", ""
	case errors.Is(err, errBusy):
		status, p.Text = http.StatusTooManyRequests, "Many people begin to sign in at this moment. Try again in a minute."
	case errors.Is(err, errNoAccounts):
		status, p.Text = http.StatusForbidden, "You have no account in IAM Identity Center's access portal. Ask its administrator for an assignment."
	case errors.Is(err, cloud.ErrSignedOut):
		status, p.Text = http.StatusUnauthorized, "The sign-in was not completed, or has ended already."
	case errors.As(err, &stranger):
		c.log.WarnContext(r.Context(), "sign-in refused", "error", err)
		status, p = http.StatusForbidden, strangerPage(stranger.who, c.config.OIDC.config.GroupsClaim, back)
	case errors.As(err, &refused):
		c.log.WarnContext(r.Context(), "sign-in refused", "error", err)
		status, p.Text = http.StatusUnauthorized, "The sign-in was not completed, or its answer is not good. The server's log says why."
	case errors.As(err, &away), errors.As(err, &unheard):
		c.log.ErrorContext(r.Context(), "sign in", "path", r.URL.Path, "error", err)
		status, p.Text = http.StatusServiceUnavailable, "The place where you sign in does not answer. Try again in a minute."
	default:
		p.Text = "Signing in did not work. The server's log says why."
		c.log.ErrorContext(r.Context(), "sign in", "path", r.URL.Path, "error", err)
	}
	c.page(w, status, p)
}

// manyGroups bounds what a page lists.
const manyGroups = 50

// strangerPage tells somebody who is nothing here which groups were seen, so that they know what to ask for.
func strangerPage(who *member, claim, again string) signInPage {
	p := signInPage{
		Title: "No access", Alert: true, Again: again, List: who.Groups[:min(len(who.Groups), manyGroups)],
		Text: "You are known as " + who.UserName + " at " + hostOf(who.Issuer) + ", and none of your groups has a part here. Ask whoever runs this server.",
		Lead: "Groups that were seen:",
	}
	if len(who.Groups) == 0 {
		p.Lead = "Your provider named no groups: there is no claim “" + claim + "”, or nothing in it."
	}
	return p
}
