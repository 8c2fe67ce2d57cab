package sigv4

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	id     = "AKIAIOSFODNN7EXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var now = time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)

// received turns a client's request into what a server sees.
func received(r *http.Request) *http.Request {
	out := httptest.NewRequest(r.Method, r.URL.RequestURI(), r.Body)
	out.Host = r.Host
	if out.Host == "" {
		out.Host = r.URL.Host
	}
	out.Header = r.Header.Clone()
	out.ContentLength = r.ContentLength
	return out
}

// signed is a request signed in its header by the SDK's own signer.
func signed(t testing.TB, at time.Time, body string, change func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "https://example.com/tags/arn%3Aaws%3Ax%2Fy?b=2&a=x%20y&a=1%2F2", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "Service.Operation")
	r.Header.Set("X-Test", "  two   spaces  ")
	if change != nil {
		change(r)
	}
	creds := aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: "token"}
	if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, BodyHash([]byte(body)), "sts", "eu-central-1", at); err != nil {
		t.Fatal(err)
	}
	return received(r)
}

// presigned is a request signed in its query.
func presigned(t testing.TB, at time.Time, method string, change func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "https://example.com/?Action=GetCallerIdentity&Version=2011-06-15", nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	creds := aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}
	uri, header, err := v4.NewSigner().PresignHTTP(t.Context(), creds, r, BodyHash(nil), "sts", "us-east-1", at)
	if err != nil {
		t.Fatal(err)
	}
	out, err := http.NewRequest(method, uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	out.Header = header
	return received(out)
}

// check goes through all three steps.
func check(v *Verifier, r *http.Request, body string, at time.Time, secret string) (*Signature, error) {
	s, err := Parse(r, r.URL.Query())
	if err != nil {
		return nil, err
	}
	if err := s.Current(at); err != nil {
		return s, err
	}
	return s, v.Verify(s, r, []byte(body), secret)
}

func TestVerify_Header(t *testing.T) {
	t.Parallel()
	v := NewVerifier()
	for range 3 { // the second time with the key derived before
		s, err := check(v, signed(t, now, "hello", nil), "hello", now.Add(time.Minute), secret)
		if err != nil {
			t.Fatal(err)
		}
		if s.AccessKeyID != id || s.Region != "eu-central-1" || s.Service != "sts" || s.Token != "token" || s.Presigned {
			t.Errorf("got %+v", s)
		}
	}
	if _, err := check(v, signed(t, now, "", nil), "", now, secret); err != nil {
		t.Errorf("no body: %v", err)
	}
}

func TestVerify_HeaderDate(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "example.com"
	r.Header.Set("Date", now.Format(http.TimeFormat))
	r.Header.Set("Authorization", algorithm+" Credential="+id+"/20261122/us-east-1/sts/aws4_request,SignedHeaders=date;host,Signature="+strings.Repeat("0", 64))
	s, err := Parse(r, nil)
	if err != nil || !s.At.Equal(now) {
		t.Fatalf("got %+v, %v", s, err)
	}
	key := derive(scope{secret, s.date, s.Region, s.Service})
	canonical := s.canonical(nil, r, []byte(BodyHash(nil)))
	s.mac = key.sum(s.toSign(nil, canonical))
	if err := NewVerifier().Verify(s, r, nil, secret); err != nil {
		t.Error(err)
	}
}

// one thing wrong at a time.
func TestVerify_Defects(t *testing.T) {
	t.Parallel()
	auth := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*http.Request)
		body   string
		at     time.Time
		secret string
		reason Reason
		says   string
	}{
		{name: "other secret", secret: "other", reason: Mismatch, says: "we calculated does not match"},
		{name: "other body", body: "hullo", reason: Mismatch, says: "we calculated"},
		{name: "no body", body: "-", reason: Mismatch, says: "we calculated"},
		{name: "other method", change: func(r *http.Request) { r.Method = http.MethodPut }, reason: Mismatch, says: "we calculated"},
		{name: "other path", change: func(r *http.Request) { r.RequestURI = "/tags/other?b=2&a=x%20y&a=1%2F2" }, reason: Mismatch, says: "we calculated"},
		{name: "other query", change: func(r *http.Request) { r.URL.RawQuery += "&c=3" }, reason: Mismatch, says: "we calculated"},
		{name: "other host", change: func(r *http.Request) { r.Host = "evil.example" }, reason: Mismatch, says: "we calculated"},
		{name: "other signed header", change: func(r *http.Request) { r.Header.Set("X-Amz-Target", "Service.Other") }, reason: Mismatch, says: "we calculated"},
		{name: "other token", change: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") }, reason: Mismatch, says: "we calculated"},
		{name: "other date", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261122T183001Z") }, reason: Mismatch, says: "we calculated"},
		{name: "other region", change: auth("eu-central-1", "us-east-1"), reason: Mismatch, says: "we calculated"},
		{name: "other service", change: auth("/sts/", "/iam/"), reason: Mismatch, says: "we calculated"},
		{name: "other key id", change: auth(id, "AKIAOTHER"), secret: "the other key's", reason: Mismatch, says: "we calculated"},
		{name: "another day", change: auth("/20261122/", "/20261121/"), reason: Mismatch, says: "Date in Credential scope does not match"},
		{name: "other terminator", change: auth("aws4_request", "aws5_request"), reason: Mismatch, says: "valid terminator"},
		{name: "host not signed", change: auth("host;", ""), reason: Mismatch, says: "'Host' or ':authority' must be"},
		{name: "too old", at: now.Add(16 * time.Minute), reason: Mismatch, says: "Signature expired: 20261122T183000Z is now earlier than 20261122T183100Z (20261122T184600Z - 15 min.)"},
		{name: "too new", at: now.Add(-16 * time.Minute), reason: Mismatch, says: "Signature not yet current"},
		{name: "no signature", change: func(r *http.Request) { r.Header.Del("Authorization") }, reason: Missing, says: "Missing Authentication Token"},
		{name: "other algorithm", change: auth("HMAC-SHA256", "HMAC-SHA512"), reason: Incomplete, says: "algorithm"},
		{name: "basic", change: func(r *http.Request) { r.SetBasicAuth("a", "b") }, reason: Incomplete, says: "algorithm"},
		{name: "no credential", change: auth("Credential=", "Credentials="), reason: Incomplete, says: "requires 'Credential' parameter."},
		{name: "no signature parameter", change: auth("Signature=", "X="), reason: Incomplete, says: "requires 'Signature' parameter."},
		{name: "no signed headers", change: auth("SignedHeaders=", "X="), reason: Incomplete, says: "requires 'SignedHeaders' parameter."},
		{name: "no date", change: func(r *http.Request) { r.Header.Del("X-Amz-Date") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "a day that is none", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260230T183000Z") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "an hour that is none", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261122T243000Z") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "a date with letters", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "2026112aT183000Z") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "a date with a fraction", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261122T183000.5Z") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "a date without a zone", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261122T1830000") }, reason: Incomplete, says: "'X-Amz-Date' or a 'Date' header"},
		{name: "short credential", change: auth("/aws4_request", ""), reason: Incomplete, says: "5 slash-delimited elements"},
		{name: "short signature", change: func(r *http.Request) {
			a := r.Header.Get("Authorization")
			r.Header.Set("Authorization", a[:len(a)-2])
		}, reason: Mismatch, says: "we calculated"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := signed(t, now, "hello", nil)
			if tt.change != nil {
				tt.change(r)
			}
			body, at, key := "hello", now, secret
			if tt.body != "" {
				body = strings.TrimPrefix(tt.body, "-")
			}
			if !tt.at.IsZero() {
				at = tt.at
			}
			if tt.secret != "" {
				key = tt.secret
			}
			v := NewVerifier()
			_, err := check(v, r, body, at, key)
			var e *Error
			if !errors.As(err, &e) || e.Reason != tt.reason || !strings.Contains(e.Message, tt.says) {
				t.Errorf("got %v, want reason %d with %q", err, tt.reason, tt.says)
			}
			if len(v.keys) != 0 {
				t.Error("an unproven signature left a key in the cache")
			}
		})
	}
}

// a declared hash must be the body's, and none may be declared away.
func TestVerify_DeclaredHash(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{
		BodyHash([]byte("hello")): true, BodyHash([]byte("other")): false, "UNSIGNED-PAYLOAD": false,
		"STREAMING-AWS4-HMAC-SHA256-PAYLOAD": false,
	} {
		r, err := http.NewRequest(http.MethodPost, "https://example.com/", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Content-Sha256", value)
		creds := aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}
		if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, value, "sts", "us-east-1", now); err != nil {
			t.Fatal(err)
		}
		if _, err := check(NewVerifier(), received(r), "hello", now, secret); (err == nil) != ok {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestVerify_Presigned(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if s, err := check(NewVerifier(), presigned(t, now, method, nil), "", now.Add(14*time.Minute), secret); err != nil || !s.Presigned {
			t.Errorf("%s: %v", method, err)
		}
	}
	withHeader := presigned(t, now, http.MethodGet, func(r *http.Request) { r.Header.Set("X-Cluster", "a") })
	if _, err := check(NewVerifier(), withHeader, "", now, secret); err != nil {
		t.Errorf("with a signed header: %v", err)
	}
	withHeader.Header.Set("X-Cluster", "b")
	if _, err := check(NewVerifier(), withHeader, "", now, secret); err == nil {
		t.Error("the signed header may be another")
	}
	if _, err := check(NewVerifier(), presigned(t, now, http.MethodGet, nil), "", now.Add(16*time.Minute), secret); !is(err, Expired) {
		t.Errorf("after its time: %v", err)
	}
}

func TestVerify_PresignedExpires(t *testing.T) {
	t.Parallel()
	with := func(n string) func(*http.Request) {
		return func(r *http.Request) {
			q := r.URL.Query()
			q.Set("X-Amz-Expires", n)
			r.URL.RawQuery = q.Encode()
		}
	}
	for _, tt := range []struct {
		expires string
		after   time.Duration
		reason  Reason
		ok      bool
	}{
		{expires: "60", after: time.Minute, ok: true},
		{expires: "60", after: 61 * time.Second, reason: Expired},
		{expires: "604800", after: 6 * 24 * time.Hour, ok: true},
		{expires: "604801", reason: Incomplete},
		{expires: "0", reason: Incomplete},
		{expires: "x", reason: Incomplete},
		{expires: "60", after: -16 * time.Minute, reason: Mismatch},
	} {
		_, err := check(NewVerifier(), presigned(t, now, http.MethodGet, with(tt.expires)), "", now.Add(tt.after), secret)
		if tt.ok != (err == nil) || !tt.ok && !is(err, tt.reason) {
			t.Errorf("%s after %v: %v", tt.expires, tt.after, err)
		}
	}
}

func TestParse_PresignedMissing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders"} {
		r := presigned(t, now, http.MethodGet, nil)
		q := r.URL.Query()
		q.Del(name)
		if _, err := Parse(r, q); !is(err, Incomplete) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func is(err error, reason Reason) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == reason
}

// the cache is bounded and keeps what was used last.
func TestVerifier_CacheIsBounded(t *testing.T) {
	t.Parallel()
	v := NewVerifier()
	for i := range cached + 10 {
		v.keep(derive(scope{secret: fmt.Sprint(i), date: "d", region: "r", service: "s"}))
		v.find(scope{secret: "0", date: "d", region: "r", service: "s"})
	}
	if len(v.keys) != cached || v.order.Len() != cached {
		t.Errorf("%d keys, %d in order, want %d", len(v.keys), v.order.Len(), cached)
	}
	if _, ok := v.find(scope{secret: "0", date: "d", region: "r", service: "s"}); !ok {
		t.Error("the key in use was dropped")
	}
	if _, ok := v.find(scope{secret: "1", date: "d", region: "r", service: "s"}); ok {
		t.Error("the oldest key was kept")
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	r := signed(t, now, "", nil)
	if region, service := Scope(r, nil); region != "eu-central-1" || service != "sts" {
		t.Errorf("header: %q %q", region, service)
	}
	p := presigned(t, now, http.MethodGet, nil)
	if region, service := Scope(p, p.URL.Query()); region != "us-east-1" || service != "sts" {
		t.Errorf("query: %q %q", region, service)
	}
	if region, service := Scope(httptest.NewRequest(http.MethodGet, "/", nil), nil); region+service != "" {
		t.Errorf("none: %q %q", region, service)
	}
}

// whatever a stranger sends as a signature, it is refused and nothing panics.
func FuzzSignature(f *testing.F) {
	good := signed(f, now, "hello", nil)
	f.Add(good.Header.Get("Authorization"), "20261122T183000Z", "")
	f.Add("AWS4-HMAC-SHA256 Credential=a/20261122/r/s/aws4_request, SignedHeaders=host, Signature=00", "", "x=%zz&%")
	f.Add("", "", presigned(f, now, http.MethodGet, nil).URL.RawQuery)
	f.Fuzz(func(t *testing.T, auth, date, query string) {
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(nil))
		r.URL.RawQuery = query
		r.Header = http.Header{"Authorization": {auth}, "X-Amz-Date": {date}}
		values, _ := url.ParseQuery(query)
		Scope(r, values)
		if _, err := check(NewVerifier(), r, "", now, "a secret nobody knows"); err == nil {
			t.Errorf("accepted %q %q %q", auth, date, query)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	r := signed(b, now, `{"AccountId":"111122223333"}`, nil)
	v, body := NewVerifier(), []byte(`{"AccountId":"111122223333"}`)
	b.ReportAllocs()
	for b.Loop() {
		s, err := Parse(r, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := v.Verify(s, r, body, secret); err != nil {
			b.Fatal(err)
		}
	}
}
