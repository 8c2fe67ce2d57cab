package cloud_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"

	"accountfactory/internal/cloud"
)

// listInstances answers as AWS does: the instance in the Region asked, or of all of them.
func (e *endpoint) listInstances(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // empty without
	here := e.regions[len(e.regions)-1] == e.center || strings.Contains(string(body), "ALL_REGIONS")
	instances := []any{}
	if e.center != "" && here {
		instances = append(instances,
			map[string]any{"InstanceArn": "arn:aws:sso:::instance/ssoins-theirs", "IdentityStoreId": "d-theirs", "OwnerAccountId": "999999999999", "PrimaryRegion": "sa-east-1"},
			map[string]any{"InstanceArn": "arn:aws:sso:::instance/ssoins-ours", "IdentityStoreId": "d-ours", "OwnerAccountId": account, "PrimaryRegion": e.center})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"Instances": instances}) // the client may be gone
}

// TestCenterRegion finds Identity Center at home, elsewhere, where it is said to be, or nowhere; asked twice it looks once.
func TestCenterRegion(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		center, said, want, looked string
		asks                       int
	}{
		"at home":       {center: "eu-west-1", want: "eu-west-1", asks: 1, looked: "any Region"},
		"elsewhere":     {center: "us-east-1", want: "us-east-1", asks: 2, looked: "any Region"},
		"said":          {center: "us-east-1", said: "eu-north-1", want: "eu-north-1", asks: 0, looked: "eu-north-1, which is what --identity-center-region says"},
		"there is none": {want: "eu-west-1", asks: 2, looked: "any Region"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.role, e.center = true, tt.center
			c, err := cloud.Connect(t.Context(), cloud.Config{
				Kind: cloud.KindAWS, Endpoint: e.URL, Region: "eu-west-1", CenterRegion: tt.said, CredentialsFile: credentialsFile(t), Organization: "o-abcdefghij",
			})
			if err != nil {
				t.Fatal(err)
			}
			sessions := cloud.NewSessions(c)
			for _, who := range []string{"ada", "bob", "ada"} {
				clients, err := sessions.For(t.Context(), who)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = clients.IdentityStore.ListUsers(t.Context(), &identitystore.ListUsersInput{IdentityStoreId: new("d-1")}) // not served
				if got := e.regions[len(e.regions)-1]; got != tt.want {
					t.Errorf("users are looked for in %s, want %s", got, tt.want)
				}
			}
			if got := e.count("ListInstances"); got != tt.asks || c.CenterRegion() != tt.want || !strings.HasSuffix(c.CenterLooked(), tt.looked) {
				t.Errorf("asked %d times for %s in %s, want %d, %s, %s", got, c.CenterRegion(), c.CenterLooked(), tt.asks, tt.want, tt.looked)
			}
			if slices.Contains(e.regions, "sa-east-1") {
				t.Error("somebody else's instance was used")
			}
		})
	}
}
