package contract

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"accountfactory/test/harness"
)

const goodPassword = "Correct-horse-1"

// person is somebody in a browser, signed in to the console.
type person struct {
	*harness.Browser
	f *fixture
	t *testing.T
}

// invitation gives the link of a user's newest invitation.
func (f *fixture) invitation(user string) string {
	f.t.Helper()
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/admin/users/"+user+"/invite", nil, nil))
	return f.mailed(user + "@example.com")
}

// mailed gives the link in the newest mail to an address.
func (f *fixture) mailed(to string) (link string) {
	f.t.Helper()
	var out struct{ Mails []struct{ To, Link string } }
	f.must(f.Lab(f.Config.Credentials).Do(f.ctx, http.MethodGet, "/_twin/outbox", nil, &out))
	for _, m := range out.Mails {
		if strings.EqualFold(m.To, to) && m.Link != "" {
			link = m.Link
		}
	}
	if link == "" {
		f.t.Fatalf("no mail with a link to %s", to)
	}
	return link
}

// arrive chooses a password for an invited user and opens the console.
func (f *fixture) arrive(user string) *person {
	f.t.Helper()
	p := &person{harness.NewBrowser(f.Console), f, f.t}
	p.get(f.invitation(user))
	p.submit("choose", "password", goodPassword, "again", goodPassword)
	p.get("/sign-in/portal?return=/")
	if p.Page.URL.Path != "/" || p.Page.Status != http.StatusOK {
		f.t.Fatalf("%s is at %s: %d %s", user, p.Page.URL, p.Page.Status, p.Page.Alert())
	}
	return p
}

func (p *person) get(path string) *harness.Page {
	p.t.Helper()
	page, err := p.Get(p.f.ctx, path)
	p.f.must(err)
	return page
}

func (p *person) submit(form string, typed ...string) *harness.Page {
	p.t.Helper()
	fields := map[string]string{}
	for i := 0; i < len(typed); i += 2 {
		fields[typed[i]] = typed[i+1]
	}
	page, err := p.Submit(p.f.ctx, form, fields)
	p.f.must(err)
	return page
}

// said is an answer of the console's API.
type answered struct {
	*harness.Refusal // nil when it went well
	status           int
	header           http.Header
	body             []byte
}

// do calls the API as the page's script would; role is that of the header, and may be empty.
func (p *person) do(method, path, role string, in, out any) answered {
	p.t.Helper()
	return p.fetch(method, path, role, nil, in, out)
}

func (p *person) fetch(method, path, role string, header map[string]string, in, out any) answered {
	p.t.Helper()
	var body []byte
	if in != nil {
		var err error
		body, err = json.Marshal(in)
		p.f.must(err)
	}
	r, err := http.NewRequestWithContext(p.f.ctx, method, p.Base+path, bytes.NewReader(body))
	p.f.must(err)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", p.Base)
	r.Header.Set("Content-Type", "application/json")
	if role != "" {
		r.Header.Set("X-Accountfactory-Role", role)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := p.Client.Do(r)
	p.f.must(err)
	defer func() { _ = resp.Body.Close() }() // read to its end
	a := answered{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(resp.Body)
	p.f.must(err)
	if a.status >= http.StatusBadRequest {
		var wrapped struct{ Error harness.Refusal }
		_ = json.Unmarshal(a.body, &wrapped) // what is not JSON is in the body
		wrapped.Error.Status = a.status
		a.Refusal = &wrapped.Error
		return a
	}
	if out != nil {
		p.f.must(json.Unmarshal(a.body, out))
	}
	return a
}

// must does what has to go well.
func (p *person) must(method, path, role string, in, out any) {
	p.t.Helper()
	if a := p.do(method, path, role, in, out); a.Refusal != nil {
		p.t.Fatalf("%s %s as %s: %d %s", method, path, role, a.status, a.body)
	}
}
