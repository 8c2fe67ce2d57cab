package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// API calls the factory's HTTP API as a stranger's client would, with vouchers in the name of some credentials.
type API struct {
	base   string
	signer cloud.Signer
	key    string // idempotency key of what is submitted; none when empty
}

// Keyed gives the same client, whose submissions carry an idempotency key.
func (a API) Keyed(key string) API {
	a.key = key
	return a
}

// API gives a client of the factory's API.
func (r Ready) API(c aws.CredentialsProvider) API {
	return API{base: r.Console, signer: cloud.Signer{Credentials: c, Region: r.Region, Endpoint: r.AWS, Audience: r.Console}}
}

// Refusal is an error the API answered.
type Refusal struct {
	Status    int
	Code      string
	Message   string
	Checks    []factory.Check
	RequestID string
	ProductID string
}

func (e *Refusal) Error() string { return e.Code + ": " + e.Message }

// Do makes a call. What the API refuses is a *Refusal. When it wants a proof that the caller may launch, it gets one.
func (a API) Do(ctx context.Context, method, path string, in, out any) error {
	refused, err := a.once(ctx, method, path, "", in, out)
	if err != nil {
		return err
	}
	if refused != nil && refused.Code == "LaunchProofRequired" {
		proof, err := a.signer.LaunchPaths(ctx, refused.ProductID)
		if err != nil {
			return err
		}
		if refused, err = a.once(ctx, method, path, proof, in, out); err != nil {
			return err
		}
	}
	if refused != nil {
		return refused
	}
	return nil
}

func (a API) once(ctx context.Context, method, path, proof string, in, out any) (*Refusal, error) {
	token, err := a.signer.Identity(ctx)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if a.key != "" {
		req.Header.Set("Idempotency-Key", a.key)
	}
	if proof != "" {
		req.Header.Set("X-Accountfactory-Launch", proof)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	if body, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		var wrapped struct{ Error Refusal }
		err := json.Unmarshal(body, &wrapped)
		wrapped.Error.Status = resp.StatusCode
		return &wrapped.Error, err
	}
	return nil, json.Unmarshal(body, out)
}

// Requests asks for all requests that the caller may see.
func (a API) Requests(ctx context.Context) ([]factory.Detail, error) {
	var out struct{ Requests []factory.Detail }
	err := a.Do(ctx, http.MethodGet, "/api/v1/requests", nil, &out)
	return out.Requests, err
}

// Lab gives a client of the twin's lab.
func (r Ready) Lab(c aws.CredentialsProvider) *cloud.Lab {
	return &cloud.Lab{Endpoint: r.AWS, Region: r.Region, Credentials: c}
}
