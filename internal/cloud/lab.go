package cloud

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"accountfactory/internal/clock"
)

// Lab talks to the twin's lab, the one thing AWS has not got. There is none on AWS.
type Lab struct {
	Endpoint    string // the twin's AWS endpoint
	Region      string
	Credentials aws.CredentialsProvider
	Client      *http.Client // nil means http.DefaultClient
	Clock       clock.Clock  // nil means clock.Wall
}

// LabError is the lab's refusal, or AWS's of the signature.
type LabError struct {
	Status  int
	Code    string
	Message string

	signature bool
}

func (e *LabError) Error() string {
	if e.signature {
		return e.Code + ": " + e.Message
	}
	return e.Message
}

// UnreachableError says that nobody answers at an address.
type UnreachableError struct {
	Address string
	Err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("cannot reach %s: %v", e.Address, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// Do makes one call: in, unless nil, goes as JSON, and the answer is decoded into out, unless nil. It returns a LabError or
// an UnreachableError.
func (l *Lab) Do(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	resp, err := l.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	return readLab(resp, out)
}

// LabAnswer is what the lab answered, as it is.
type LabAnswer struct {
	Status int
	Body   []byte
}

// labAnswer bounds what is passed on of an answer. The longest are lists of mails.
const labAnswer = 16 << 20

// Send makes a call with a body as it is, and gives the answer as it is, the lab's refusals too. It returns a LabError for
// a signature that is refused, and an UnreachableError.
func (l *Lab) Send(ctx context.Context, method, path string, body []byte) (LabAnswer, error) {
	resp, err := l.send(ctx, method, path, body)
	if err != nil {
		return LabAnswer{}, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below, or refused
	got, err := io.ReadAll(io.LimitReader(resp.Body, labAnswer+1))
	if err == nil && len(got) > labAnswer {
		err = fmt.Errorf("its answer is longer than %d bytes", labAnswer)
	}
	if err != nil {
		return LabAnswer{}, &UnreachableError{Address: l.Endpoint, Err: err}
	}
	if refused, err := labRefusal(resp, got); resp.StatusCode != http.StatusOK && err == nil && refused.signature {
		return LabAnswer{}, refused
	}
	return LabAnswer{resp.StatusCode, got}, nil
}

func (l *Lab) send(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, l.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if err := l.sign(ctx, req, body); err != nil {
		return nil, err
	}
	client := l.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, &UnreachableError{Address: l.Endpoint, Err: err}
	}
	return resp, nil
}

func (l *Lab) sign(ctx context.Context, req *http.Request, body []byte) error {
	c, err := l.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("credentials for the lab: %w", err)
	}
	now := l.Clock
	if now == nil {
		now = clock.Wall{}
	}
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(ctx, c, req, hex.EncodeToString(sum[:]), "twin", l.Region, now.Now())
}

func readLab(resp *http.Response, out any) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return &UnreachableError{Address: resp.Request.URL.Host, Err: err}
	}
	if resp.StatusCode == http.StatusOK {
		if out == nil {
			return nil
		}
		return json.Unmarshal(body, out)
	}
	refused, err := labRefusal(resp, body)
	if err != nil {
		return errors.Join(&LabError{Status: resp.StatusCode, Message: fmt.Sprintf("the server answered %s", resp.Status)}, err)
	}
	return refused
}

// labRefusal reads a refusal. That of a signature has AWS's shape: its code is in a header, or a member.
func labRefusal(resp *http.Response, body []byte) (*LabError, error) {
	var in struct {
		Error   *LabError `json:"error"`
		Message string    `json:"message"`
		Type    string    `json:"__type"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	if in.Error == nil {
		code, _, _ := strings.Cut(cmp.Or(resp.Header.Get("X-Amzn-ErrorType"), in.Type), ":")
		in.Error = &LabError{Code: code, Message: in.Message, signature: true}
	}
	in.Error.Status = resp.StatusCode
	return in.Error, nil
}
