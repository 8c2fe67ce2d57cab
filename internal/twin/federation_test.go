package twin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/test/harness"
)

// A broker works on the AWS endpoint alone, from which the link leads a browser to its page.
func TestSignIn_Federation(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	in := p.arrive(t, p.link(t, "requester"))
	token := p.deviceToken(t, in, p.register(t, &ssooidc.RegisterClientInput{}))
	clients, err := p.credentials(t.Context(), token.AccessToken, account, "AWSServiceCatalogEndUserAccess")
	if err != nil {
		t.Fatal(err)
	}
	c, err := clients.Config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := json.Marshal(map[string]string{"sessionId": c.AccessKeyID, "sessionKey": c.SecretAccessKey, "sessionToken": c.SessionToken})
	if err != nil {
		t.Fatal(err)
	}
	who, err := sts.NewFromConfig(clients.Config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"Action": {"getSigninToken"}, "SessionDuration": {"3600"}, "Session": {string(session)}}
	for _, send := range []func() (*http.Response, error){
		func() (*http.Response, error) { return http.Get(p.url + "/federation?" + q.Encode()) },
		func() (*http.Response, error) { return http.PostForm(p.url+"/federation", q) },
	} {
		given := signinToken(t, send)
		login := url.Values{"Action": {"login"}, "Issuer": {"Example.org"}, "Destination": {"https://console.aws.amazon.com/"}, "SigninToken": {given}}
		b := harness.NewBrowser(p.pages)
		b.Client.CheckRedirect = nil // from the one listener to the other
		page, err := b.Get(t.Context(), p.url+"/federation?"+login.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if got := page.Root.ID("arn").Content(); got != *who.Arn || !strings.HasPrefix(page.URL.String(), p.pages+"/signin/console?") {
			t.Errorf("the link leads to %s, which says %q: %s", page.URL, got, page.Alert())
		}
		at, _ := url.Parse(p.url + "/")
		if cookies := b.Client.Jar.Cookies(at); len(cookies) > 0 {
			t.Errorf("the AWS endpoint has the cookies %v", cookies)
		}
	}
}

func signinToken(t *testing.T, send func() (*http.Response, error)) string {
	t.Helper()
	resp, err := send()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	var out struct{ SigninToken string }
	if err != nil || json.Unmarshal(body, &out) != nil || out.SigninToken == "" {
		t.Fatalf("%d: %s, %v", resp.StatusCode, body, err)
	}
	return out.SigninToken
}
