package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/factory"
	"accountfactory/internal/server"
)

// connection says how a command finds the server, and as whom it talks to it.
type connection struct {
	data    string
	server  string
	profile string
	as      string // ACCOUNT/ROLE
}

func (c *connection) flags(cmd *cobra.Command) {
	f := cmd.PersistentFlags()
	f.StringVar(&c.data, "data", "data", "data folder of a server on this machine; its management profile is used, on AWS the credentials of the environment")
	f.StringVar(&c.server, "server", "", "address of a server, such as http://localhost:4580; the AWS credentials of the environment are used")
	f.StringVar(&c.profile, "profile", "", "AWS profile to use instead, of the usual AWS files")
	f.StringVar(&c.as, "as", "", "ACCOUNT/ROLE, one of your roles, to use instead; sign in with login first, and see roles for what you have")
}

// client talks to a server's API.
type client struct {
	base   string
	signer cloud.Signer
	http   *http.Client
	about  console.About // what the server says of itself
}

// apiError is an error the API answered.
type apiError struct {
	status    int
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Checks    []factory.Check `json:"checks"`
	RequestID string          `json:"requestId"`
	ProductID string          `json:"productId"`
}

func (e *apiError) Error() string {
	if e.Code == "" || strings.Contains(e.Message, e.Code) || e.Code == "Refused" || e.Code == "Duplicate" || e.Code == "Conflict" {
		return e.Message
	}
	return e.Code + ": " + e.Message
}

// connect finds the server and loads credentials.
func (a *app) connect(cmd *cobra.Command, c *connection) (*client, error) {
	if err := a.fillFlags(cmd.Flags(), ""); err != nil {
		return nil, err
	}
	out := &client{base: c.server, http: &http.Client{}}
	if c.server == "" {
		ready, err := server.Find(c.data)
		if err != nil {
			return nil, err
		}
		out.base = address(ready)
	}
	about, err := out.ask(cmd.Context())
	if err != nil {
		return nil, err
	}
	creds, err := a.credentials(cmd, c, about.Region)
	if err != nil {
		return nil, err
	}
	out.about = about
	out.signer = cloud.Signer{Credentials: creds, Region: about.Region, Endpoint: about.AWS, Audience: about.Audience}
	return out, nil
}

// address is where the API of a server on this machine is.
func address(r server.Ready) string {
	if strings.HasPrefix(r.Console, "https:") {
		return r.Public // the certificate is for that name
	}
	return r.Console
}

// ask asks the server what it is. What answers otherwise is another server, or another address of this one.
func (c *client) ask(ctx context.Context) (about console.About, err error) {
	if u, err := url.Parse(c.base); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return about, usageError("--server: %q is no address: want one such as http://localhost:4580", c.base)
	}
	err = c.once(ctx, http.MethodGet, "/api/v1/about", "", nil, nil, &about)
	var (
		refused     *apiError
		unreachable *cloud.UnreachableError
	)
	if err == nil && about.Region != "" || errors.As(err, &unreachable) || errors.As(err, &refused) && refused.Code != "" {
		return about, err
	}
	return about, usageError("--server: %s answers, but not as Account Factory: want the address that serve prints as browser", c.base)
}

// call makes a call in the caller's name. When the server asks for a proof that they may launch, it is sent along.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	return c.callWith(ctx, method, path, map[string]string{}, in, out)
}

// callWith is call with headers, to which it adds.
func (c *client) callWith(ctx context.Context, method, path string, header map[string]string, in, out any) error {
	token, err := c.signer.Identity(ctx)
	if err != nil {
		return err
	}
	err = c.once(ctx, method, path, token, header, in, out)
	var refused *apiError
	if !errors.As(err, &refused) || refused.Code != "LaunchProofRequired" {
		return err
	}
	proof, err := c.signer.LaunchPaths(ctx, refused.ProductID)
	if err != nil {
		return err
	}
	header["X-Accountfactory-Launch"] = proof
	return c.once(ctx, method, path, token, header, in, out)
}

func (c *client) once(ctx context.Context, method, path, token string, header map[string]string, in, out any) error {
	resp, err := c.send(ctx, method, path, token, header, in)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return &exitError{exitUnreachable, &cloud.UnreachableError{Address: c.base, Err: err}}
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return refusal(resp, body)
	}
	return json.Unmarshal(body, out)
}

func (c *client) send(ctx context.Context, method, path, token string, header map[string]string, in any) (*http.Response, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.base, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, usageError("--server: %w", err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, &exitError{exitUnreachable, &cloud.UnreachableError{Address: c.base, Err: err}}
	}
	return resp, nil
}

func refusal(resp *http.Response, body []byte) error {
	var wrapped struct {
		Error apiError `json:"error"`
	}
	if err := json.Unmarshal(body, &wrapped); err != nil || wrapped.Error.Message == "" {
		return &apiError{status: resp.StatusCode, Message: "the server answered " + resp.Status}
	}
	wrapped.Error.status = resp.StatusCode
	return &wrapped.Error
}

// watch follows a request until it has ended, or the server has, and gives each state to see. It returns an exitError where no
// state came.
func (c *client) watch(ctx context.Context, id string, see func(factory.Detail) error) error {
	token, err := c.signer.Identity(ctx)
	if err != nil {
		return err
	}
	resp, err := c.send(ctx, http.MethodGet, "/api/v1/requests/"+id+"/watch", token, nil, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // the stream ends with the request
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(resp.Body)
		return errors.Join(refusal(resp, body), err)
	}
	lines, came := bufio.NewScanner(resp.Body), false
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		var d factory.Detail
		if err := json.Unmarshal([]byte(data), &d); err != nil {
			return err
		}
		came = true
		if err := see(d); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case ctx.Err() != nil || errors.Is(err, bufio.ErrTooLong):
		return err
	case !came:
		return &exitError{exitUnreachable, &cloud.UnreachableError{Address: c.base, Err: cmp.Or(err, io.ErrUnexpectedEOF)}}
	}
	return nil // what was seen last says whether it was the end
}
