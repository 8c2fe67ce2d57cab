package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// policy is what the app's pages may do: load what this server has, and nothing else. Styles need no exception: scripts
// set them through the CSSOM, which the policy does not concern.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// App serves the console's pages as they were built: assets by their name, which has a hash in it, and for every other
// address a page may have index.html, where the app finds out what to show.
type App struct{ files map[string]*file }

// file is one built file in every form it is sent in.
type file struct {
	kind  string
	plain form
	brotl *form // built beside it
	gzip  func() *form
}

type form struct {
	body []byte
	etag string
}

// NewApp reads the built pages.
func NewApp(built fs.FS) (*App, error) {
	a := &App{files: map[string]*file{}}
	err := fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
			return nil // another form of the file beside it
		}
		f := &file{kind: kindOf(name), plain: formOf(body), gzip: func() *form { return nil }}
		if packed, err := fs.ReadFile(built, name+".br"); err == nil {
			br := formOf(packed)
			f.brotl = &br
		}
		if compressible(f.kind) {
			f.gzip = sync.OnceValue(func() *form { return zipped(body) })
		}
		a.files[name] = f
		return nil
	})
	if err == nil && a.files["index.html"] == nil {
		err = fmt.Errorf("the built pages have no index.html: %w", fs.ErrNotExist)
	}
	return a, err
}

func formOf(body []byte) form {
	sum := sha256.Sum256(body)
	return form{body, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// zipped compresses what has no better form, when it is first asked for.
func zipped(body []byte) *form {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil || w.Close() != nil || b.Len() >= len(body) {
		return nil
	}
	f := formOf(b.Bytes())
	return &f
}

// kindOf gives the media type of a file. Those that matter are named here: a machine's own table may say otherwise.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".json":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || kind == "image/svg+xml" || kind == "application/json"
}

func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", policy)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "This address takes GET and HEAD only.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	f, found := a.files[name]
	switch {
	case found && name != "index.html":
		h.Set("Cache-Control", caching(name))
	case strings.HasPrefix(name, "assets/") || !wantsPage(r):
		h.Set("Cache-Control", "no-store")
		http.Error(w, "There is no such page.", http.StatusNotFound)
		return
	default:
		f = a.files["index.html"]
		h.Set("Cache-Control", "no-cache")
	}
	f.serve(w, r)
}

// caching: assets have a hash in their name and never change.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// wantsPage tells a person's browser on its way to a page from programs that follow a wrong address.
func wantsPage(r *http.Request) bool {
	return r.URL.Path == "/" || strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h, out := w.Header(), f.plain
	h.Set("Content-Type", f.kind)
	if f.brotl != nil || compressible(f.kind) {
		h.Add("Vary", "Accept-Encoding")
	}
	if f.brotl != nil && accepts(r, "br") {
		out = *f.brotl
		h.Set("Content-Encoding", "br")
	} else if accepts(r, "gzip") {
		if z := f.gzip(); z != nil {
			out = *z
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", out.etag)
	if matches(r.Header.Get("If-None-Match"), out.etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(out.body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(out.body) // the browser may be gone
	}
}

// accepts reads Accept-Encoding (RFC 9110 section 12.5.3): named, and not with weight zero.
func accepts(r *http.Request, coding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

func matches(ifNoneMatch, etag string) bool {
	for one := range strings.SplitSeq(ifNoneMatch, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == etag {
			return true
		}
	}
	return false
}
