package console

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>the app</title>" + strings.Repeat(" ", 100))},
		"favicon.svg":           {Data: []byte("<svg/>")},
		"assets/app-1a2b.js":    {Data: []byte(strings.Repeat("let a = 1;", 100))},
		"assets/app-1a2b.js.br": {Data: []byte("in brotli")},
		"assets/font-3c.woff2":  {Data: []byte("a font")},
	}
}

func TestApp(t *testing.T) {
	t.Parallel()
	app, err := NewApp(built())
	if err != nil {
		t.Fatal(err)
	}
	const page = "text/html,application/xhtml+xml,*/*;q=0.8"
	for _, tc := range []struct {
		name, method, path, accept, encoding string

		status                   int
		kind, caching, coded, is string
	}{
		{"first page", "GET", "/", page, "", 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html>"},
		{"first page for a program", "GET", "/", "", "", 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html>"},
		{"deep link", "GET", "/console/1/Role/servicecatalog/products", page, "", 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html>"},
		{"wrong address for a program", "GET", "/console/1/", "*/*", "", 404, "text/plain; charset=utf-8", "no-store", "", "There is no such page."},
		{"asset", "GET", "/assets/app-1a2b.js", "*/*", "", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "", "let a = 1;"},
		{"asset in brotli", "GET", "/assets/app-1a2b.js", "*/*", "gzip, br", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "br", "in brotli"},
		{"brotli not wanted", "GET", "/assets/app-1a2b.js", "*/*", "br;q=0", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "", "let a = 1;"},
		{"font as it is", "GET", "/assets/font-3c.woff2", "*/*", "gzip, br", 200, "font/woff2", "public, max-age=31536000, immutable", "", "a font"},
		{"brotli by its own name", "GET", "/assets/app-1a2b.js.br", "*/*", "", 404, "text/plain; charset=utf-8", "no-store", "", "There is no"},
		{"asset of an earlier build", "GET", "/assets/app-0000.js", page, "", 404, "text/plain; charset=utf-8", "no-store", "", "There is no"},
		{"folder", "GET", "/assets/", page, "", 404, "text/plain; charset=utf-8", "no-store", "", "There is no"},
		{"other file", "GET", "/favicon.svg", "*/*", "", 200, "image/svg+xml", "no-cache", "", "<svg/>"},
		{"head", "HEAD", "/", page, "", 200, "text/html; charset=utf-8", "no-cache", "", ""},
		{"write", "POST", "/", page, "", 405, "text/plain; charset=utf-8", "", "", "This address"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tc.method, tc.path, nil)
			r.Header.Set("Accept", tc.accept)
			r.Header.Set("Accept-Encoding", tc.encoding)
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			h := w.Header()
			if w.Code != tc.status || h.Get("Content-Type") != tc.kind || h.Get("Cache-Control") != tc.caching || h.Get("Content-Encoding") != tc.coded || !strings.HasPrefix(w.Body.String(), tc.is) {
				t.Errorf("%d %v %q", w.Code, h, w.Body)
			}
			if tc.is == "" && w.Body.Len() > 0 {
				t.Errorf("HEAD has a body: %q", w.Body)
			}
			for name, want := range map[string]string{
				"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
		})
	}
}

// TestApp_ETag: what a browser has it is not sent again, in the form it has it in.
func TestApp_ETag(t *testing.T) {
	t.Parallel()
	app, err := NewApp(built())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, encoding := range []string{"", "gzip"} {
		first := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", encoding)
		app.ServeHTTP(first, r)
		etag := first.Header().Get("ETag")
		if etag == "" || seen[etag] || first.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %v", encoding, first.Header())
		}
		seen[etag] = true
		if encoding == "gzip" {
			z, err := gzip.NewReader(first.Body)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(z); err != nil || !strings.HasPrefix(string(body), "<!doctype html>") {
				t.Errorf("%q %v", body, err)
			}
		}
		r.Header.Set("If-None-Match", `"other", W/`+etag)
		again := httptest.NewRecorder()
		app.ServeHTTP(again, r)
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%q again: %d, %d bytes", encoding, again.Code, again.Body.Len())
		}
	}
}

func TestApp_Empty(t *testing.T) {
	t.Parallel()
	if _, err := NewApp(fstest.MapFS{"x.txt": {}}); err == nil {
		t.Error("pages without index.html are served")
	}
}
