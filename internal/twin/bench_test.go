package twin_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin"
)

// BenchmarkDescribeAccount is the whole way of a signed call through the twin, without the network.
func BenchmarkDescribeAccount(b *testing.B) {
	tw, err := twin.Open(b.Context(), twin.Config{Dir: b.TempDir(), Region: region, ManagementAccountID: account, AccessKeyID: keyID, SecretAccessKey: secret, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = tw.Close() })
	body := []byte(`{"AccountId":"` + account + `"}`)
	r := httptest.NewRequest(http.MethodPost, "http://localhost/", nil)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSOrganizationsV20161128.DescribeAccount")
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(b.Context(), aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}, r, hex.EncodeToString(sum[:]), "organizations", region, clock.Wall{}.Now()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Body = http.NoBody
		r := r.WithContext(b.Context())
		r.Body = readCloser{bytes.NewReader(body)}
		r.ContentLength = int64(len(body))
		w := httptest.NewRecorder()
		tw.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
