package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// caller makes signed awsJson1.1 calls with as little work of its own as that takes.
type caller struct {
	url, region string
	creds       aws.CredentialsProvider
	signer      *v4.Signer
	http        *http.Client
}

func newCaller(cfg aws.Config, clients int) *caller {
	return &caller{
		url: *cfg.BaseEndpoint, region: cfg.Region, creds: cfg.Credentials, signer: v4.NewSigner(),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
	}
}

// request is a call that can be repeated: signed once, sent any number of times while the signature is fresh.
type request struct {
	url    string
	header http.Header
	body   []byte
}

func (c *caller) sign(ctx context.Context, service, target, body string) (request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/", bytes.NewReader([]byte(body)))
	if err != nil {
		return request{}, err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", target)
	creds, err := c.creds.Retrieve(ctx)
	if err != nil {
		return request{}, err
	}
	sum := sha256.Sum256([]byte(body))
	err = c.signer.SignHTTP(ctx, creds, r, hex.EncodeToString(sum[:]), service, c.region, wall())
	return request{url: r.URL.String(), header: r.Header, body: []byte(body)}, err
}

// send sends a request and gives the answer's body; an error carries it, too.
func (c *caller) send(ctx context.Context, q request) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, q.url, bytes.NewReader(q.body))
	if err != nil {
		return nil, err
	}
	r.Header = q.header
	res, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = &answerError{res.StatusCode, body}
	}
	return body, err
}

type answerError struct {
	status int
	body   []byte
}

func (e *answerError) Error() string { return fmt.Sprintf("%d: %s", e.status, e.body) }

// call signs, sends and reads.
func (c *caller) call(ctx context.Context, service, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	q, err := c.sign(ctx, service, target, string(body))
	if err != nil {
		return err
	}
	answer, err := c.send(ctx, q)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// all does f for 0 to n-1, clients at a time, and gives the first error.
func all(n, clients int, f func(i int) error) error {
	var next atomic.Int64
	var once sync.Once
	var first error
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := f(int(i)); err != nil {
					once.Do(func() { first = err })
					return
				}
			}
		})
	}
	running.Wait()
	return first
}
