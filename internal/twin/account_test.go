package twin_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// trustAccounts lets Account Management work on members.
func (f *fixture) trustAccounts(t *testing.T) {
	t.Helper()
	_, err := f.Organizations.EnableAWSServiceAccess(t.Context(), &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("account.amazonaws.com")})
	if err != nil {
		t.Fatal(err)
	}
}

// named gives the id of a member by its name.
func (f *fixture) named(t *testing.T, name string) *string {
	t.Helper()
	pages := organizations.NewListAccountsPaginator(f.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Accounts {
			if aws.ToString(a.Name) == name {
				return a.Id
			}
		}
	}
	t.Fatalf("no account %s", name)
	return nil
}

// enter gives clients with the execution role of a member.
func (f *fixture) enter(t *testing.T, accountID *string) *harness.Clients {
	t.Helper()
	out, err := f.STS.AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + *accountID + ":role/AWSControlTowerExecution"), RoleSessionName: aws.String("test"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.as(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
}

func contactOf(name string) *types.ContactInformation {
	return &types.ContactInformation{
		FullName: &name, PhoneNumber: aws.String("+49 30 1234"), AddressLine1: aws.String("Allee 1"), City: aws.String("Berlin"), StateOrRegion: aws.String("Berlin"),
		PostalCode: aws.String("10115"), CountryCode: aws.String("DE"),
	}
}

func TestContactInformation(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.trustAccounts(t)
	ctx, audit := t.Context(), f.named(t, "Audit")
	read := func(id *string) (*types.ContactInformation, error) {
		out, err := f.Account.GetContactInformation(ctx, &sdk.GetContactInformationInput{AccountId: id})
		if err != nil {
			return nil, err
		}
		return out.ContactInformation, nil
	}
	for _, id := range []*string{nil, audit} {
		_, err := read(id)
		wantCode(t, err, "ResourceNotFoundException")
		for _, name := range []string{"Ann", "Ben"} {
			want := contactOf(name)
			if _, err := f.Account.PutContactInformation(ctx, &sdk.PutContactInformationInput{AccountId: id, ContactInformation: want}); err != nil {
				t.Fatal(err)
			}
			got, err := read(id)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.ContactInformation{})); err != nil || diff != "" {
				t.Errorf("contact: %v (-want +got)\n%s", err, diff)
			}
		}
	}
	stateless := contactOf("Ann")
	stateless.StateOrRegion = nil
	_, err := f.Account.PutContactInformation(ctx, &sdk.PutContactInformationInput{ContactInformation: stateless})
	wantCode(t, err, "ValidationException")

	// A new account has the management account's contact.
	id, _ := f.vend(t, "fresh", nil)
	if got, err := read(&id); err != nil || aws.ToString(got.FullName) != "Ben" {
		t.Errorf("a new account's contact: %v, %v", got, err)
	}
}

func TestAlternateContact(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.trustAccounts(t)
	ctx, audit := t.Context(), f.named(t, "Audit")
	read := func(id *string) (*types.AlternateContact, error) {
		out, err := f.Account.GetAlternateContact(ctx, &sdk.GetAlternateContactInput{AccountId: id, AlternateContactType: "SECURITY"})
		if err != nil {
			return nil, err
		}
		return out.AlternateContact, nil
	}
	for _, id := range []*string{nil, audit, nil} { // and again
		_, err := read(id)
		wantCode(t, err, "ResourceNotFoundException")
		for _, name := range []string{"Ann", "Ben"} {
			want := &types.AlternateContact{
				AlternateContactType: "SECURITY", Name: &name, Title: aws.String("CISO"), EmailAddress: aws.String("security@example.com"), PhoneNumber: aws.String("+1 555 0100"),
			}
			_, err := f.Account.PutAlternateContact(ctx, &sdk.PutAlternateContactInput{
				AccountId: id, AlternateContactType: want.AlternateContactType, Name: want.Name, Title: want.Title, EmailAddress: want.EmailAddress, PhoneNumber: want.PhoneNumber,
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := read(id)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.AlternateContact{})); err != nil || diff != "" {
				t.Errorf("contact: %v (-want +got)\n%s", err, diff)
			}
		}
		if _, err := f.Account.DeleteAlternateContact(ctx, &sdk.DeleteAlternateContactInput{AccountId: id, AlternateContactType: "SECURITY"}); err != nil {
			t.Fatal(err)
		}
		_, err = f.Account.DeleteAlternateContact(ctx, &sdk.DeleteAlternateContactInput{AccountId: id, AlternateContactType: "SECURITY"})
		wantCode(t, err, "ResourceNotFoundException")
		_, err = read(id)
		wantCode(t, err, "ResourceNotFoundException")
	}
}

// TestAccountTarget holds who may name which account.
func TestAccountTarget(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx, audit, log := t.Context(), f.named(t, "Audit"), f.named(t, "Log archive")
	member := f.enter(t, audit)
	ask := func(c *harness.Clients, id *string) error {
		_, err := c.Account.ListRegions(ctx, &sdk.ListRegionsInput{AccountId: id})
		return err
	}
	denied := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), " is not authorized to perform: account:ListRegions") {
			t.Errorf("%s: %v, want a denial", what, err)
		}
	}
	denied("before the service is trusted", ask(f.Clients, audit))
	f.trustAccounts(t)
	denied("the management account by its id", ask(f.Clients, aws.String(account)))
	denied("an account outside", ask(f.Clients, aws.String("999999999999")))
	denied("a member by its own id", ask(member, audit))
	denied("another member", ask(member, log))
	for what, err := range map[string]error{"itself": ask(f.Clients, nil), "a member": ask(f.Clients, audit), "a member itself": ask(member, nil)} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := f.Organizations.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{
		AccountId: audit, ServicePrincipal: aws.String("account.amazonaws.com"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(member, log); err != nil {
		t.Errorf("the delegated administrator: %v", err)
	}
	denied("the management account by a delegated administrator", ask(member, aws.String(account)))
}

func TestAccountName(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.trustAccounts(t)
	ctx, audit := t.Context(), f.named(t, "Audit")
	for _, id := range []*string{nil, audit} {
		if _, err := f.Account.PutAccountName(ctx, &sdk.PutAccountNameInput{AccountId: id, AccountName: aws.String("Renamed")}); err != nil {
			t.Fatal(err)
		}
		out, err := f.Account.GetAccountInformation(ctx, &sdk.GetAccountInformationInput{AccountId: id})
		if err != nil || aws.ToString(out.AccountName) != "Renamed" || out.AccountState != types.AccountStateActive || out.AccountCreatedDate == nil {
			t.Errorf("renamed: %+v, %v", out, err)
		}
		shown, err := f.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: out.AccountId})
		if err != nil || aws.ToString(shown.Account.Name) != "Renamed" {
			t.Errorf("in Organizations: %+v, %v", shown, err)
		}
	}
}

func TestAccountRegions(t *testing.T) {
	t.Parallel()
	f := setup(t, slowly)
	f.trustAccounts(t)
	ctx, audit := t.Context(), f.named(t, "Audit")
	f.freeze(t)
	status := func() types.RegionOptStatus {
		t.Helper()
		out, err := f.Account.GetRegionOptStatus(ctx, &sdk.GetRegionOptStatusInput{AccountId: audit, RegionName: aws.String("af-south-1")})
		if err != nil {
			t.Fatal(err)
		}
		return out.RegionOptStatus
	}
	enable := func(name string) error {
		_, err := f.Account.EnableRegion(ctx, &sdk.EnableRegionInput{AccountId: audit, RegionName: &name})
		return err
	}
	disable := func(name string) error {
		_, err := f.Account.DisableRegion(ctx, &sdk.DisableRegionInput{AccountId: audit, RegionName: &name})
		return err
	}
	for range 2 {
		if got := status(); got != types.RegionOptStatusDisabled {
			t.Fatalf("at first %s", got)
		}
		for range 2 { // asked again it is the same
			if err := enable("af-south-1"); err != nil {
				t.Fatal(err)
			}
		}
		if got := status(); got != types.RegionOptStatusEnabling {
			t.Fatalf("asked for it is %s", got)
		}
		wantCode(t, disable("af-south-1"), "ConflictException")
		f.advance(t, 10*time.Minute)
		await(t, func() bool { return status() == types.RegionOptStatusEnabled })
		if err := disable("af-south-1"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, enable("af-south-1"), "ConflictException")
		f.advance(t, 10*time.Minute)
		await(t, func() bool { return status() == types.RegionOptStatusDisabled })
	}
	for _, name := range []string{"us-east-1", "xx-nowhere-1"} {
		wantCode(t, enable(name), "ValidationException")
		wantCode(t, disable(name), "ValidationException")
	}
	for _, name := range []string{"ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"} {
		if err := enable(name); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, enable("ca-west-1"), "TooManyRequestsException")
	f.listRegions(t, audit)
}

// listRegions walks the list in small pages.
func (f *fixture) listRegions(t *testing.T, id *string) {
	t.Helper()
	var all, opting []string
	for _, l := range []struct {
		into *[]string
		only []types.RegionOptStatus
	}{{&all, nil}, {&opting, []types.RegionOptStatus{types.RegionOptStatusEnabling}}} {
		pages := sdk.NewListRegionsPaginator(f.Account, &sdk.ListRegionsInput{AccountId: id, MaxResults: aws.Int32(5), RegionOptStatusContains: l.only})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Regions {
				*l.into = append(*l.into, *r.RegionName)
			}
		}
	}
	if len(all) != 34 || len(opting) != 6 {
		t.Errorf("%d Regions, %d on their way: %v", len(all), len(opting), opting)
	}
	_, err := f.Account.ListRegions(t.Context(), &sdk.ListRegionsInput{NextToken: aws.String("bogus")})
	wantCode(t, err, "ValidationException")
	first, err := f.Account.ListRegions(t.Context(), &sdk.ListRegionsInput{AccountId: id, MaxResults: aws.Int32(5)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Account.ListRegions(t.Context(), &sdk.ListRegionsInput{AccountId: id, NextToken: first.NextToken, RegionOptStatusContains: []types.RegionOptStatus{types.RegionOptStatusEnabling}})
	wantCode(t, err, "ValidationException")
}

func TestPrimaryEmail(t *testing.T) {
	t.Parallel()
	f := setup(t, slowly)
	f.trustAccounts(t)
	ctx, audit := t.Context(), f.named(t, "Audit")
	f.freeze(t)
	status := func() types.PrimaryEmailUpdateStatus {
		t.Helper()
		out, err := f.Account.GetPrimaryEmailUpdateStatus(ctx, &sdk.GetPrimaryEmailUpdateStatusInput{AccountId: audit})
		if err != nil || out.UpdatedAt == nil {
			t.Fatal(out, err)
		}
		return out.Status
	}
	start := func(email string) error {
		_, err := f.Account.StartPrimaryEmailUpdate(ctx, &sdk.StartPrimaryEmailUpdateInput{AccountId: audit, PrimaryEmail: &email})
		return err
	}
	accept := func(email, code string) error {
		_, err := f.Account.AcceptPrimaryEmailUpdate(ctx, &sdk.AcceptPrimaryEmailUpdateInput{AccountId: audit, PrimaryEmail: &email, Otp: &code})
		return err
	}
	_, err := f.Account.GetPrimaryEmailUpdateStatus(ctx, &sdk.GetPrimaryEmailUpdateStatusInput{AccountId: audit})
	wantCode(t, err, "ResourceNotFoundException")
	_, err = f.Account.GetPrimaryEmailUpdateStatus(ctx, &sdk.GetPrimaryEmailUpdateStatusInput{})
	wantCode(t, err, "AccessDeniedException")
	wantCode(t, accept("new@example.com", "AAAAAA"), "ResourceNotFoundException")
	wantCode(t, start("log-archive@example.com"), "ConflictException")
	wantCode(t, start("not an address"), "ValidationException")
	if err := start("new@example.com"); err != nil {
		t.Fatal(err)
	}
	code := f.mailedCode(t, "new@example.com")
	wantCode(t, accept("other@example.com", code), "ValidationException")
	wantCode(t, accept("new@example.com", "000000"), "ValidationException")
	if got := status(); got != types.PrimaryEmailUpdateStatusPending {
		t.Errorf("before the code it is %s", got)
	}
	if err := accept("new@example.com", code); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != types.PrimaryEmailUpdateStatusAccepted {
		t.Errorf("after the code it is %s", got)
	}
	f.advance(t, time.Hour)
	await(t, func() bool { return status() == types.PrimaryEmailUpdateStatusCompleted })
	out, err := f.Account.GetPrimaryEmail(ctx, &sdk.GetPrimaryEmailInput{AccountId: audit})
	if err != nil || aws.ToString(out.PrimaryEmail) != "new@example.com" {
		t.Errorf("the new e-mail: %v, %v", out, err)
	}

	// A code is good for a day.
	if err := start("newer@example.com"); err != nil {
		t.Fatal(err)
	}
	f.advance(t, 25*time.Hour)
	wantCode(t, accept("newer@example.com", f.mailedCode(t, "newer@example.com")), "ResourceNotFoundException")
}

// slowly runs operations at AWS's pace, so that a frozen clock holds them.
func slowly(c *twin.Config) { c.Speed = 1 }

func (f *fixture) ask(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if err := f.lab.Do(t.Context(), method, path, in, out); err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) freeze(t *testing.T) {
	t.Helper()
	f.ask(t, http.MethodPost, "/_twin/clock", map[string]any{"freeze": true}, nil)
}

func (f *fixture) advance(t *testing.T, d time.Duration) {
	t.Helper()
	f.ask(t, http.MethodPost, "/_twin/clock", map[string]any{"advance": d.String()}, nil)
}

// await polls until ok holds.
func await(t *testing.T, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := harness.Poll(ctx, 5*time.Millisecond, func() (bool, error) { return ok(), nil }); err != nil {
		t.Fatal(err)
	}
}

// mailedCode gives the code in the last mail to an address.
func (f *fixture) mailedCode(t *testing.T, to string) string {
	t.Helper()
	var box struct{ Mails []struct{ To, Text string } }
	f.ask(t, http.MethodGet, "/_twin/outbox", nil, &box)
	code := ""
	for _, m := range box.Mails {
		if found := regexp.MustCompile(`code: (\w{6})`).FindStringSubmatch(m.Text); m.To == to && found != nil {
			code = found[1]
		}
	}
	if code == "" {
		t.Fatalf("no code was mailed to %s: %v", to, box)
	}
	return code
}
