package sigv4

import (
	"container/list"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"net/http"
	"sync"
)

// cached is how many derived signing keys a Verifier keeps: one per access key, day, Region and service in use.
const cached = 1024

// Verifier proves signatures. It is safe for concurrent use.
type Verifier struct {
	mu    sync.Mutex
	keys  map[scope]*list.Element // of *signingKey
	order list.List               // most recently used first
}

// scope is all a signing key is derived from. The secret is part of it: a key id whose secret changed finds nothing.
type scope struct{ secret, date, region, service string }

// signingKey is a derived key, with hashes already keyed.
type signingKey struct {
	scope scope
	macs  sync.Pool
}

// NewVerifier gives a Verifier with no keys derived yet.
func NewVerifier() *Verifier { return &Verifier{keys: map[scope]*list.Element{}} }

// buffers are reused for canonical requests.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 2048); return &b }}

// Verify proves that whoever made the signature has the secret and meant this request with this body. Only a proven
// signature leaves its derived key in the cache. The error is an *Error.
func (v *Verifier) Verify(s *Signature, r *http.Request, body []byte, secret string) error {
	bodyHash := hashed(body)
	if !declared(r, s.headers, bodyHash[:]) {
		return mismatch()
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	canonical := s.canonical((*buffer)[:0], r, bodyHash[:])
	text := s.toSign(canonical, canonical)[len(canonical):]
	*buffer = canonical[:0]

	sc := scope{secret, s.date, s.Region, s.Service}
	key, known := v.find(sc)
	if !known {
		key = derive(sc)
	}
	if !hmac.Equal(key.sum(text), s.mac) {
		return mismatch()
	}
	if !known {
		v.keep(key)
	}
	return nil
}

func (v *Verifier) find(sc scope) (*signingKey, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.keys[sc]
	if !ok {
		return nil, false
	}
	v.order.MoveToFront(e)
	return e.Value.(*signingKey), true
}

func (v *Verifier) keep(key *signingKey) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.keys[key.scope]; ok {
		return
	}
	v.keys[key.scope] = v.order.PushFront(key)
	if v.order.Len() > cached {
		last := v.order.Back()
		delete(v.keys, v.order.Remove(last).(*signingKey).scope)
	}
}

// derive makes the signing key of a scope.
func derive(sc scope) *signingKey {
	key := []byte("AWS4" + sc.secret)
	for _, part := range []string{sc.date, sc.region, sc.service, terminator} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return &signingKey{scope: sc, macs: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (k *signingKey) sum(text []byte) []byte {
	mac := k.macs.Get().(hash.Hash)
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write(text)
	return mac.Sum(make([]byte, 0, sha256.Size))
}
