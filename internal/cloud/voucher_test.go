package cloud_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"accountfactory/internal/cloud"
)

// fakeAWS answers both requests a voucher may hold, and counts what reaches it.
func fakeAWS(t *testing.T) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>AIDA1</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`))
			return
		}
		_, _ = w.Write([]byte(`{"LaunchPathSummaries":[{"Id":"lpv2-1"}]}`))
	}))
	t.Cleanup(srv.Close)
	return srv.URL, asked
}

const audience = "http://factory.test"

func TestVoucher(t *testing.T) {
	t.Parallel()
	aws, _ := fakeAWS(t)
	signer := cloud.Signer{Credentials: credentials.NewStaticCredentialsProvider("AKIAX", "secret", ""), Region: "eu-west-1", Endpoint: aws, Audience: audience}
	verifier := cloud.Verifier{Endpoint: aws, Audience: audience, Client: http.DefaultClient}
	ctx := t.Context()
	identity, err := signer.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(decode(t, identity)), "secret") {
		t.Error("the voucher holds the secret key")
	}
	who, err := verifier.Identify(ctx, identity)
	if err != nil || who.ARN != "arn:aws:iam::123456789012:user/ann" || who.AccountID != "123456789012" || who.UserID != "AIDA1" {
		t.Errorf("identify: %+v, %v", who, err)
	}
	proof, err := signer.LaunchPaths(ctx, "prod-1")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := verifier.LaunchPaths(ctx, proof, identity, "prod-1"); err != nil || n != 1 {
		t.Errorf("launch paths: %d, %v", n, err)
	}
}

// TestVoucher_OtherAnswer: a server that takes the request for another, and answers that with success, has named nobody.
func TestVoucher_OtherAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"another operation": `<ListAllMyBucketsResult><Owner><ID>webfile</ID></Owner></ListAllMyBucketsResult>`,
		"no account":        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
		"nothing in it":     `<GetCallerIdentityResponse/>`,
		"no XML":            `ok`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
			defer srv.Close()
			signer := cloud.Signer{Credentials: credentials.NewStaticCredentialsProvider("AKIAX", "secret", ""), Region: "eu-west-1", Endpoint: srv.URL, Audience: audience}
			text, err := signer.Identity(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			who, err := cloud.Verifier{Endpoint: srv.URL, Audience: audience, Client: http.DefaultClient}.Identify(t.Context(), text)
			if err == nil || who != (cloud.Caller{}) {
				t.Errorf("it is %+v, %v", who, err)
			}
		})
	}
}

// TestVoucher_Refused: what is not exactly the request it should be is refused, and never sent.
func TestVoucher_Refused(t *testing.T) {
	t.Parallel()
	aws, asked := fakeAWS(t)
	signer := cloud.Signer{Credentials: credentials.NewStaticCredentialsProvider("AKIAX", "secret", ""), Region: "eu-west-1", Endpoint: aws, Audience: audience}
	verifier := cloud.Verifier{Endpoint: aws, Audience: audience, Client: http.DefaultClient}
	ctx := t.Context()
	good, err := signer.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := signer.LaunchPaths(ctx, "prod-1")
	if err != nil {
		t.Fatal(err)
	}
	other := signer
	other.Audience = "http://elsewhere.test"
	foreign, err := other.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, voucher string }{
		{"empty", ""},
		{"no base64", "?"},
		{"no JSON", base64.RawURLEncoding.EncodeToString([]byte("x"))},
		{"for another server", foreign},
		{"for another server, with ours in another spelling", edit(t, foreign, func(v *cloud.Voucher) {
			v.Header["x-accountfactory-server"] = v.Header["X-Accountfactory-Server"]
			v.Header["X-Accountfactory-Server"] = audience
		})},
		{"signed twice", edit(t, good, func(v *cloud.Voucher) { v.Header["Authorization"] = "AWS4-HMAC-SHA256 Credential=AKIAY/x" })},
		{"another action", edit(t, good, func(v *cloud.Voucher) { v.URL = strings.Replace(v.URL, "GetCallerIdentity", "AssumeRole", 1) })},
		{"another host", edit(t, good, func(v *cloud.Voucher) { v.URL = strings.Replace(v.URL, "127.0.0.1", "localhost", 1) })},
		{"a user in the URL", edit(t, good, func(v *cloud.Voucher) { v.URL = strings.Replace(v.URL, "http://", "http://x@", 1) })},
		{"another path", edit(t, good, func(v *cloud.Voucher) { v.URL = strings.Replace(v.URL, "/?", "/_twin/reset?", 1) })},
		{"another method", edit(t, good, func(v *cloud.Voucher) { v.Method = http.MethodPost })},
		{"a body", edit(t, good, func(v *cloud.Voucher) { v.Body = "x" })},
		{"server not under the signature", edit(t, good, func(v *cloud.Voucher) { v.URL = strings.Replace(v.URL, "x-accountfactory-server", "host", 1) })},
		{"a launch proof", proof},
	} {
		if _, err := verifier.Identify(ctx, tc.voucher); !errors.Is(err, cloud.ErrVoucher) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if _, err := verifier.LaunchPaths(context.WithoutCancel(ctx), proof, good, "prod-2"); !errors.Is(err, cloud.ErrVoucher) {
		t.Errorf("a proof for another product: %v", err)
	}
	colleague := signer
	colleague.Credentials = credentials.NewStaticCredentialsProvider("AKIAY", "other", "")
	another, err := colleague.LaunchPaths(ctx, "prod-1")
	if err != nil {
		t.Fatal(err)
	}
	for name, proof := range map[string]string{
		"a colleague's proof":                        another,
		"a proof by nobody":                          edit(t, proof, func(v *cloud.Voucher) { delete(v.Header, "Authorization") }),
		"a colleague's proof with our key beside it": edit(t, another, func(v *cloud.Voucher) { v.URL += "?X-Amz-Credential=AKIAX/x" }),
	} {
		if _, err := verifier.LaunchPaths(ctx, proof, good, "prod-1"); !errors.Is(err, cloud.ErrVoucher) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if *asked != 0 {
		t.Errorf("%d refused vouchers were sent", *asked)
	}
}

func decode(t *testing.T, voucher string) []byte {
	t.Helper()
	body, err := base64.RawURLEncoding.DecodeString(voucher)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func edit(t *testing.T, voucher string, f func(*cloud.Voucher)) string {
	t.Helper()
	var v cloud.Voucher
	if err := json.Unmarshal(decode(t, voucher), &v); err != nil {
		t.Fatal(err)
	}
	f(&v)
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(body)
}
