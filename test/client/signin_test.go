package client

import (
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // AWS's clients name their files by it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/test/harness"
)

// helperVariable makes of this test program one with the SDK for Go, see TestHelper.
const helperVariable = "ACCOUNTFACTORY_TEST_HELPER"

// signer is a client that signs in by itself, and uses the profile afterwards.
type signer struct {
	name    string
	set     func(t *testing.T, s *seat) (dir string) // up, in a seat; the test is skipped where the client is missing
	login   []string                                 // the start URL follows
	caller  []string
	again   func(t *testing.T, s *seat) // instead of login
	refused string                      // part of what it says when its token is good for nothing any more
	keeps   string                      // folder in which it keeps role credentials
}

var signers = []signer{
	{
		name: "SDK for Go", set: anywhere, refused: "UnauthorizedException: Session token not found or invalid",
		login: []string{os.Args[0], "-test.run=^TestHelper$", "login"}, caller: []string{os.Args[0], "-test.run=^TestHelper$", "caller"},
	},
	{
		name: "test client with PKCE", set: anywhere, refused: "UnauthorizedException: Session token not found or invalid",
		again: loginWithCode, caller: []string{os.Args[0], "-test.run=^TestHelper$", "caller"},
	},
	{
		name: "boto3", set: func(t *testing.T, _ *seat) string { harness.NeedBoto3(t, harness.Boto3Endpoints); return "" }, refused: "UnauthorizedSSOTokenError",
		login: []string{"python3", "python/signin.py", "login"}, caller: []string{"python3", "python/signin.py", "caller"},
	},
	{
		name: "javascript", set: func(t *testing.T, _ *seat) string { return needNode(t) }, refused: "Session token not found or invalid",
		login: []string{"node", "signin.mjs", "login"}, caller: []string{"node", "signin.mjs", "caller"},
	},
	{
		name: "aws cli of Debian", set: setDebian, refused: "has expired or is otherwise invalid", again: loginWithDebian, keeps: ".aws/cli/cache",
		caller: []string{harness.DebianCLI, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"},
	},
}

func anywhere(*testing.T, *seat) string { return "" }

// TestSignIn has each client sign in, use the profile, and be refused once its session has been taken away, by whatever way.
func TestSignIn(t *testing.T) {
	t.Parallel()
	for _, c := range signers {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := takeSeat(t)
			dir := c.set(t, s)
			for _, end := range []struct {
				name  string
				do    func(t *testing.T, s *seat)
				after func(t *testing.T, s *seat)
			}{
				{"its session is ended on the page", func(t *testing.T, s *seat) { s.endClients(t) }, func(*testing.T, *seat) {}},
				{"the user is signed out", func(t *testing.T, s *seat) { s.admin(t, "sign-out") }, func(t *testing.T, s *seat) { s.signIn(t) }},
				{"the user is disabled", func(t *testing.T, s *seat) { s.admin(t, "disable") }, func(t *testing.T, s *seat) { s.admin(t, "enable"); s.signIn(t) }},
			} {
				c.signIn(t, s, dir)
				c.wantCaller(t, s, dir, "session")
				end.do(t, s)
				if c.keeps != "" {
					c.wantCaller(t, s, dir, "session") // by role credentials of before, as with AWS, until they expire
					if err := os.RemoveAll(filepath.Join(s.home, c.keeps)); err != nil {
						t.Fatal(err)
					}
				}
				r := say(t, s.command(t, dir, "session", c.callerArgs(s)))
				if r.code == 0 || !strings.Contains(r.out+r.err, c.refused) {
					t.Errorf("%s, and the client says (exit code %d): %s%s", end.name, r.code, r.out, r.err)
				}
				end.after(t, s)
			}
		})
	}
}

func (c signer) signIn(t *testing.T, s *seat, dir string) {
	t.Helper()
	if c.again != nil {
		c.again(t, s)
		return
	}
	s.approve(t, s.command(t, dir, "", append(append([]string{}, c.login...), s.Console+"/start")))
}

func (c signer) callerArgs(s *seat) []string {
	if c.caller[0] == harness.DebianCLI {
		return append(append([]string{}, c.caller...), "--endpoint-url", s.AWS)
	}
	return c.caller
}

func (c signer) wantCaller(t *testing.T, s *seat, dir, profile string) {
	t.Helper()
	r := say(t, s.command(t, dir, profile, c.callerArgs(s)))
	if r.code != 0 || !strings.Contains(r.out, ":assumed-role/AWSReservedSSO_"+seatRole+"_") || !strings.Contains(r.out, "/requester") {
		t.Fatalf("the profile %s: exit code %d, %s%s", profile, r.code, r.out, r.err)
	}
}

// TestHelper is no test: run by TestSignIn it is a program with the SDK for Go, configured by nothing but its environment.
func TestHelper(t *testing.T) { //nolint:paralleltest // a program of its own
	if os.Getenv(helperVariable) == "" {
		t.Skip("run by another test")
	}
	args := os.Args[len(os.Args)-1:]
	if args[0] != "caller" {
		loginWithDevice(t, args[0])
		return
	}
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(*out.Arn)
}

// loginWithDevice signs in as the AWS CLI does, with the SDK for Go.
func loginWithDevice(t *testing.T, startURL string) {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	oidc := ssooidc.NewFromConfig(cfg)
	c, err := oidc.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: aws.String("go"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"}})
	if err != nil {
		t.Fatal(err)
	}
	started, err := oidc.StartDeviceAuthorization(t.Context(), &ssooidc.StartDeviceAuthorizationInput{ClientId: c.ClientId, ClientSecret: c.ClientSecret, StartUrl: &startURL})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(*started.VerificationUriComplete)
	var token *ssooidc.CreateTokenOutput
	if err := harness.Poll(t.Context(), time.Duration(started.Interval)*time.Second, func() (bool, error) {
		var err error
		token, err = oidc.CreateToken(t.Context(), &ssooidc.CreateTokenInput{
			ClientId: c.ClientId, ClientSecret: c.ClientSecret, DeviceCode: started.DeviceCode, GrantType: aws.String("urn:ietf:params:oauth:grant-type:device_code"),
		})
		if err != nil && (strings.Contains(err.Error(), "AuthorizationPending") || strings.Contains(err.Error(), "SlowDown")) {
			return false, nil
		}
		return true, err
	}); err != nil {
		t.Fatal(err)
	}
	keepToken(t, os.Getenv("HOME"), startURL, cfg.Region, c, token)
}

// keepToken writes a token where profiles of the session "accountfactory" look for it.
func keepToken(t *testing.T, home, startURL, region string, c *ssooidc.RegisterClientOutput, token *ssooidc.CreateTokenOutput) {
	t.Helper()
	sum := sha1.Sum([]byte("accountfactory")) //nolint:gosec // as above
	body, err := json.Marshal(map[string]string{
		"startUrl": startURL, "region": region, "accessToken": *token.AccessToken, "refreshToken": aws.ToString(token.RefreshToken),
		"expiresAt": time.Now().Add(time.Duration(token.ExpiresIn) * time.Second).UTC().Format(time.RFC3339), "clientId": *c.ClientId, "clientSecret": *c.ClientSecret,
		"registrationExpiresAt": time.Unix(c.ClientSecretExpiresAt, 0).UTC().Format(time.RFC3339),
	})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(home, ".aws", "sso", "cache")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, hex.EncodeToString(sum[:])+".json"), body, 0o600); err != nil {
		t.Fatal(err)
	}
}

// loginWithCode signs in as the newest AWS CLI does: with an authorization code and PKCE, by a redirect to this machine.
func loginWithCode(t *testing.T, s *seat) {
	t.Helper()
	oidc := ssooidc.New(ssooidc.Options{Region: s.Region, BaseEndpoint: &s.AWS})
	start := s.Console + "/start"
	c, err := oidc.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{
		ClientName: aws.String("pkce"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"}, GrantTypes: []string{"authorization_code", "refresh_token"},
		RedirectUris: []string{"http://127.0.0.1/oauth/callback"}, IssuerUrl: &start,
	})
	if err != nil {
		t.Fatal(err)
	}
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	callback := "http://127.0.0.1:49321/oauth/callback" // nobody listens: the browser is told, and does not go
	q := url.Values{
		"response_type": {"code"}, "client_id": {*c.ClientId}, "redirect_uri": {callback}, "state": {"a-state"}, "code_challenge_method": {"S256"},
		"scopes": {"sso:account:access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	s.open(t, s.AWS+"/authorize?"+q.Encode())
	s.open(t, s.Console+"/authorize?"+q.Encode())
	back, err := url.Parse(s.submit(t, "approve", map[string]string{"decision": "allow"}).Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := oidc.CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, GrantType: aws.String("authorization_code"), Code: aws.String(back.Query().Get("code")),
		RedirectUri: &callback, CodeVerifier: &verifier,
	})
	if err != nil {
		t.Fatal(err)
	}
	keepToken(t, s.home, start, s.Region, c, token)
}
