package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"

	"accountfactory/internal/clock"
)

// A Voucher is an AWS request that its maker signed and did not send. Whoever gets it can send it, once it is sure that it
// is the request it looks like, and learns from AWS's answer who made it and what they may do, without ever holding their
// keys. It names the server it is meant for in a signed header, so that no other server can use it.
type Voucher struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body,omitempty"`
}

// audienceHeader names the server a voucher is for; the signature covers it.
const audienceHeader = "X-Accountfactory-Server"

// voucherSeconds bounds how long an identity voucher can be used.
const voucherSeconds = "60"

// ErrVoucher is wrapped by the refusal of a voucher that is not what it should be.
var ErrVoucher = errors.New("the signed request is not acceptable")

// Signer makes vouchers in somebody's name.
type Signer struct {
	Credentials aws.CredentialsProvider
	Region      string
	Endpoint    string      // of the twin that is asked; empty for AWS's own
	Audience    string      // the server the vouchers are for
	Clock       clock.Clock // nil means clock.Wall
}

// Identity makes a voucher for GetCallerIdentity, good for a minute, as text for an Authorization header.
func (s Signer) Identity(ctx context.Context) (string, error) {
	query := url.Values{"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}, "X-Amz-Expires": {voucherSeconds}}
	base, err := stsURL(ctx, s.Endpoint, s.Region)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	req.Header.Set(audienceHeader, s.Audience)
	creds, err := s.Credentials.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("credentials: %w", err)
	}
	signed, header, err := v4.NewSigner().PresignHTTP(ctx, creds, req, hashOf(nil), "sts", s.Region, s.now())
	if err != nil {
		return "", err
	}
	return Voucher{Method: http.MethodGet, URL: signed, Header: flat(header)}.encode()
}

// LaunchPaths makes a voucher for ListLaunchPaths of one product.
func (s Signer) LaunchPaths(ctx context.Context, productID string) (string, error) {
	body, err := launchPathsBody(productID)
	if err != nil {
		return "", err
	}
	base, err := catalogURL(ctx, s.Endpoint, s.Region)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set(audienceHeader, s.Audience)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", launchPathsTarget)
	creds, err := s.Credentials.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("credentials: %w", err)
	}
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hashOf(body), "servicecatalog", s.Region, s.now()); err != nil {
		return "", err
	}
	return Voucher{Method: http.MethodPost, URL: base + "/", Header: flat(req.Header), Body: string(body)}.encode()
}

func (s Signer) now() time.Time {
	if s.Clock == nil {
		return clock.Wall{}.Now()
	}
	return s.Clock.Now()
}

const launchPathsTarget = "AWS242ServiceCatalogService.ListLaunchPaths"

func launchPathsBody(productID string) ([]byte, error) {
	return json.Marshal(map[string]string{"ProductId": productID})
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func flat(h http.Header) map[string]string {
	out := map[string]string{}
	for k := range h {
		if k != "Host" && k != "Content-Length" {
			out[k] = h.Get(k)
		}
	}
	return out
}

func (v Voucher) encode() (string, error) {
	body, err := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(body), err
}

func decodeVoucher(text string) (v Voucher, err error) {
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(body, &v)
	}
	if err != nil {
		return v, fmt.Errorf("%w: it cannot be read", ErrVoucher)
	}
	for name := range v.Header { // one that is spelt in two ways would be looked at once and sent once
		if name != http.CanonicalHeaderKey(name) {
			return v, fmt.Errorf("%w: it spells the header %q unlike HTTP", ErrVoucher, name)
		}
	}
	return v, nil
}

// Verifier sends vouchers to the AWS they are for.
type Verifier struct {
	Endpoint string // of the twin, or empty for AWS's own; a voucher for another address is refused unsent
	Region   string // home Region
	Audience string
	Client   *http.Client
}

// Caller is who made a voucher, in AWS's words.
type Caller struct{ ARN, AccountID, UserID string }

// Identify sends an identity voucher. It returns an error wrapping ErrVoucher for one that is not acceptable, and AWS's
// error, as smithy.APIError, for one that AWS refuses.
func (f Verifier) Identify(ctx context.Context, text string) (Caller, error) {
	v, err := decodeVoucher(text)
	if err != nil {
		return Caller{}, err
	}
	base, err := stsURL(ctx, f.Endpoint, f.Region)
	if err != nil {
		return Caller{}, err
	}
	u, err := url.Parse(v.URL)
	if err != nil || v.Method != http.MethodGet || v.Body != "" || v.Header["Authorization"] != "" || u.Query().Get("Action") != "GetCallerIdentity" || u.Path != "/" || !f.meant(v, u, base, u.Query().Get("X-Amz-SignedHeaders")) {
		return Caller{}, fmt.Errorf("%w: want GetCallerIdentity, signed for %s", ErrVoucher, f.Audience)
	}
	body, err := f.send(ctx, v)
	if err != nil {
		return Caller{}, err
	}
	var out struct {
		Result struct {
			Arn     string
			Account string
			UserID  string `xml:"UserId"`
		} `xml:"GetCallerIdentityResult"`
	}
	if err := xml.Unmarshal(body, &out); err != nil {
		return Caller{}, fmt.Errorf("read who the caller is: %w", err)
	}
	if out.Result.Arn == "" || out.Result.Account == "" { // some answer to some other question: nobody is somebody by it
		return Caller{}, errors.New("the AWS endpoint did not say who the caller is")
	}
	return Caller{ARN: out.Result.Arn, AccountID: out.Result.Account, UserID: out.Result.UserID}, nil
}

// LaunchPaths sends a voucher for the launch paths of a product and gives their number. It must be signed by the key that
// signed identity, the caller's identity voucher: else one could show what another may. Errors are those of Identify.
func (f Verifier) LaunchPaths(ctx context.Context, text, identity, productID string) (int, error) {
	v, err := decodeVoucher(text)
	if err != nil {
		return 0, err
	}
	who, err := decodeVoucher(identity)
	if err != nil {
		return 0, err
	}
	if v.key() == "" || v.key() != who.key() {
		return 0, fmt.Errorf("%w: want ListLaunchPaths signed by the key that says who calls", ErrVoucher)
	}
	want, err := launchPathsBody(productID)
	if err != nil {
		return 0, err
	}
	base, err := catalogURL(ctx, f.Endpoint, f.Region)
	if err != nil {
		return 0, err
	}
	u, err := url.Parse(v.URL)
	if err != nil || v.Method != http.MethodPost || v.Body != string(want) || v.Header["X-Amz-Target"] != launchPathsTarget || u.Path != "/" || u.RawQuery != "" || !f.meant(v, u, base, v.Header["Authorization"]) {
		return 0, fmt.Errorf("%w: want ListLaunchPaths of %s, signed for %s", ErrVoucher, productID, f.Audience)
	}
	body, err := f.send(ctx, v)
	if err != nil {
		return 0, err
	}
	var out struct{ LaunchPathSummaries []json.RawMessage }
	err = json.Unmarshal(body, &out)
	return len(out.LaunchPathSummaries), err
}

// key gives the access key that a voucher says it is signed by, which AWS holds against the signature. Source: IAM user guide,
// "Elements of an AWS API request signature".
func (v Voucher) key() string {
	if u, err := url.Parse(v.URL); err == nil && u.Query().Has("X-Amz-Credential") {
		key, _, _ := strings.Cut(u.Query().Get("X-Amz-Credential"), "/")
		return key
	}
	_, credential, _ := strings.Cut(v.Header["Authorization"], "Credential=")
	key, _, _ := strings.Cut(credential, "/")
	return key
}

// meant tells whether a voucher goes to our AWS and names us under its signature.
func (f Verifier) meant(v Voucher, u *url.URL, base, signed string) bool {
	ours, err := url.Parse(base)
	return err == nil && u.Scheme == ours.Scheme && u.Host == ours.Host && u.User == nil && v.Header[audienceHeader] == f.Audience &&
		strings.Contains(signed, strings.ToLower(audienceHeader))
}

func (f Verifier) send(ctx context.Context, v Voucher) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, v.Method, v.URL, strings.NewReader(v.Body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVoucher, err)
	}
	for k, value := range v.Header {
		req.Header.Set(k, value)
	}
	resp, err := f.Client.Do(req)
	if err != nil {
		return nil, &UnreachableError{Address: req.URL.Host, Err: err}
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, &UnreachableError{Address: req.URL.Host, Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refusalOf(resp, body)
	}
	return body, nil
}

// refusalOf reads AWS's error from an answer of either protocol.
func refusalOf(resp *http.Response, body []byte) error {
	var fromXML struct {
		Error struct{ Code, Message string }
	}
	var fromJSON struct {
		Type         string `json:"__type"`
		Message      string `json:"message"`
		MessageUpper string `json:"Message"`
	}
	switch {
	case xml.Unmarshal(body, &fromXML) == nil && fromXML.Error.Code != "":
		return &smithy.GenericAPIError{Code: fromXML.Error.Code, Message: fromXML.Error.Message}
	case json.Unmarshal(body, &fromJSON) == nil && fromJSON.Type != "":
		_, code, found := strings.Cut(fromJSON.Type, "#")
		if !found {
			code = fromJSON.Type
		}
		return &smithy.GenericAPIError{Code: code, Message: fromJSON.Message + fromJSON.MessageUpper}
	}
	return fmt.Errorf("the AWS endpoint answered %s", resp.Status)
}
