package harness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// Browser goes through the sign-in pages by their own links and forms, with a cookie jar. It sends what a browser sends
// of where a request comes from, and follows redirects but those that leave its host.
type Browser struct {
	Base   string // scheme and host
	Client *http.Client
	Page   *Page // the last one
}

// Page is an answer, and the page in it if it is one.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   []byte
	Root   *Node // nil for what is not HTML
}

// NewBrowser gives a browser without cookies.
func NewBrowser(base string) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // never, without options
	}
	b := &Browser{Base: base, Client: &http.Client{Jar: jar}}
	b.Client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > 10 || !strings.HasPrefix(r.URL.String(), base+"/") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b
}

// Get opens an address, which may be a path.
func (b *Browser) Get(ctx context.Context, address string) (*Page, error) {
	return b.do(ctx, http.MethodGet, b.absolute(address), nil)
}

func (b *Browser) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		return b.Base + address
	}
	return address
}

// Submit sends the form of the present page with this id, with what was typed laid over its fields. A button is sent by
// its name like a field.
func (b *Browser) Submit(ctx context.Context, id string, typed map[string]string) (*Page, error) {
	form := b.Page.Root.ID(id)
	if form == nil {
		return nil, fmt.Errorf("page %s has no form %q: %s", b.Page.URL, id, b.Page.Root.Content())
	}
	return b.SubmitForm(ctx, form, typed)
}

// SubmitForm is Submit for a form that was found otherwise.
func (b *Browser) SubmitForm(ctx context.Context, form *Node, typed map[string]string) (*Page, error) {
	fields := form.Fields()
	for name, value := range typed {
		fields.Set(name, value)
	}
	to, err := url.Parse(b.Base)
	if b.Page != nil {
		to = b.Page.URL
	}
	if err == nil {
		to, err = to.Parse(form.Attrs["action"])
	}
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(form.Attrs["method"], http.MethodPost) {
		to.RawQuery = fields.Encode()
		return b.do(ctx, http.MethodGet, to.String(), nil)
	}
	return b.do(ctx, http.MethodPost, to.String(), []byte(fields.Encode()))
}

func (b *Browser) do(ctx context.Context, method, to string, body []byte) (*Page, error) {
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "harness browser")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		r.Header.Set("Origin", b.Base)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.Client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	p := &Page{URL: resp.Request.URL, Status: resp.StatusCode, Header: resp.Header}
	if p.Body, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if p.Root, err = ParseHTML(bytes.NewReader(p.Body)); err != nil {
			return nil, err
		}
	}
	b.Page = p
	return p, nil
}

// Title gives the page's heading.
func (p *Page) Title() string {
	if p.Root == nil {
		return ""
	}
	return p.Root.Find(Element("h1", "")).Content()
}

// Alert gives what the page says is wrong.
func (p *Page) Alert() string {
	if p.Root == nil {
		return ""
	}
	return p.Root.Find(Element("p", "error")).Content()
}
