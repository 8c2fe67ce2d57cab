package wire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	controltowerdoc "github.com/aws/aws-sdk-go-v2/service/controltower/document"
	controltowertypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/google/go-cmp/cmp"
)

// goldenServices answer always the same.
func goldenServices() []*Service {
	at := time.Date(2026, 11, 22, 18, 30, 0, 120e6, time.UTC)
	org := New("organizations")
	On(org, "ListAccounts", func(_ context.Context, in *organizations.ListAccountsInput, _ ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error) {
		if in.NextToken != nil {
			return &organizations.ListAccountsOutput{}, nil
		}
		return &organizations.ListAccountsOutput{NextToken: aws.String("2"), Accounts: []orgtypes.Account{{
			Id: aws.String("111122223333"), Name: aws.String("Größe <1>"), JoinedTimestamp: &at, State: orgtypes.AccountStateActive,
		}}}, nil
	}, noChecks)
	On(org, "CreateAccount", func(context.Context, *organizations.CreateAccountInput, ...func(*organizations.Options)) (*organizations.CreateAccountOutput, error) {
		return nil, &orgtypes.ConstraintViolationException{Message: aws.String("Too many."), Reason: orgtypes.ConstraintViolationExceptionReasonAccountNumberLimitExceeded}
	}, noChecks)
	ct := New("controltower")
	On(ct, "GetLandingZone", func(_ context.Context, in *controltower.GetLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.GetLandingZoneOutput, error) {
		return &controltower.GetLandingZoneOutput{LandingZone: &controltowertypes.LandingZoneDetail{
			Arn: in.LandingZoneIdentifier, Version: aws.String("3.3"), Manifest: controltowerdoc.NewLazyDocument(map[string]any{"governedRegions": []string{testRegion}}),
		}}, nil
	}, noChecks)
	On(ct, "ListTagsForResource", func(_ context.Context, in *controltower.ListTagsForResourceInput, _ ...func(*controltower.Options)) (*controltower.ListTagsForResourceOutput, error) {
		return &controltower.ListTagsForResourceOutput{Tags: map[string]string{"arn": *in.ResourceArn}}, nil
	}, noChecks)
	On(ct, "UntagResource", func(context.Context, *controltower.UntagResourceInput, ...func(*controltower.Options)) (*controltower.UntagResourceOutput, error) {
		return nil, &controltowertypes.ThrottlingException{Message: aws.String("Rate exceeded"), RetryAfterSeconds: aws.Int32(7), ServiceCode: aws.String("controltower")}
	}, noChecks)
	ac := New("account")
	On(ac, "GetContactInformation", func(context.Context, *account.GetContactInformationInput, ...func(*account.Options)) (*account.GetContactInformationOutput, error) {
		return &account.GetContactInformationOutput{ContactInformation: &accounttypes.ContactInformation{City: aws.String("Berlin"), FullName: aws.String("A. B.")}}, nil
	}, noChecks)
	oidc := New("ssooidc")
	On(oidc, "CreateToken", func(context.Context, *ssooidc.CreateTokenInput, ...func(*ssooidc.Options)) (*ssooidc.CreateTokenOutput, error) {
		return nil, &oidctypes.AuthorizationPendingException{}
	}, nil)
	im := New("iam")
	On(im, "ListUsers", func(context.Context, *iam.ListUsersInput, ...func(*iam.Options)) (*iam.ListUsersOutput, error) {
		return &iam.ListUsersOutput{Users: []iamtypes.User{{UserName: aws.String("a&b"), CreateDate: aws.Time(at)}}}, nil
	}, noChecks)
	On(im, "GetAccountSummary", func(context.Context, *iam.GetAccountSummaryInput, ...func(*iam.Options)) (*iam.GetAccountSummaryOutput, error) {
		return &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{"Users": 3, "Groups": 1}}, nil
	}, noChecks)
	On(im, "DeleteUser", func(context.Context, *iam.DeleteUserInput, ...func(*iam.Options)) (*iam.DeleteUserOutput, error) {
		return &iam.DeleteUserOutput{}, nil
	}, noChecks)
	On(im, "GetUser", func(context.Context, *iam.GetUserInput, ...func(*iam.Options)) (*iam.GetUserOutput, error) {
		return nil, &iamtypes.NoSuchEntityException{Message: aws.String("The user with name <x> cannot be found.")}
	}, noChecks)
	return []*Service{org, ct, ac, oidc, im}
}

// each request under testdata gets the response beside it. UPDATE_GOLDEN=1 writes the responses anew.
func TestGolden(t *testing.T) {
	t.Parallel()
	e, err := NewEndpoint(Config{Services: goldenServices(), Region: "us-east-1", NoAuth: true})
	if err != nil {
		t.Fatal(err)
	}
	requests, err := filepath.Glob("testdata/*/*.request")
	if err != nil || len(requests) < 12 {
		t.Fatalf("%d requests, %v", len(requests), err)
	}
	for _, path := range requests {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".request"), func(t *testing.T) {
			t.Parallel()
			got := exchange(t, e, path)
			golden := strings.TrimSuffix(path, ".request") + ".response"
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// exchange sends a request written as header lines, an empty line and a body, and writes the response so.
func exchange(t *testing.T, e http.Handler, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := bytes.Cut(raw, []byte("\n\n"))
	body = bytes.TrimSpace(body)
	text := strings.ReplaceAll(string(head), "\n", "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	res := send(e, r)
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", res.status, http.StatusText(res.status))
	for _, name := range slices.Sorted(maps.Keys(res.header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(res.header[name], ", "))
	}
	fmt.Fprintf(&b, "\n%s\n", res.body)
	id := res.header.Get("X-Amzn-Requestid")
	return bytes.ReplaceAll(b.Bytes(), []byte(id), []byte("00000000-0000-4000-8000-000000000000"))
}
