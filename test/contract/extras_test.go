package contract

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// TestExtras launches with tags, a contact, further access and fields, by flags and by a file; the twin's own APIs show
// them.
func TestExtras(t *testing.T) {
	t.Parallel()
	f := setup(t)
	contact := "security;Sue Safe;CISO;sec@example.com;+1 555 0100"
	f.refuses("enable-aws-service-access", append(flags(good("one")), "--contact", contact)...)
	f.refuses("begins with aws:", append(flags(good("one")), "--tag", "aws:x=y")...)
	f.trustAccountManagement()
	f.done(append(flags(good("one")), "--tag", "team=red", "--contact", contact, "--grant", "group:AWSAccountFactory=AWSReadOnlyAccess", "--field", "ticket=ABC-1", "--wait")...)
	path := filepath.Join(t.TempDir(), "accounts.yaml")
	f.must(os.WriteFile(path, []byte(`
- {name: two, email: two@example.com, ou: Sandbox, sso-email: two-owner@example.com, sso-first: Olive, sso-last: Owner,
   tags: {team: red}, contacts: [{type: security, name: Sue Safe, title: CISO, email: sec@example.com, phone: +1 555 0100}],
   grant: ["group:AWSAccountFactory=AWSReadOnlyAccess"], fields: {ticket: ABC-1}}
`), 0o600))
	f.done("launch", "-f", path, "--wait")
	for _, email := range []string{"one@example.com", "two@example.com"} {
		id, _, _ := f.accountOf(email)
		tags, err := f.Organizations.ListTagsForResource(f.ctx, &organizations.ListTagsForResourceInput{ResourceId: &id})
		f.must(err)
		if len(tags.Tags) != 1 || *tags.Tags[0].Value != "red" {
			t.Errorf("%s has the tags %+v", email, tags.Tags)
		}
		sue, err := account.NewFromConfig(f.Config).GetAlternateContact(f.ctx, &account.GetAlternateContactInput{AccountId: &id, AlternateContactType: types.AlternateContactTypeSecurity})
		f.must(err)
		if aws.ToString(sue.AlternateContact.PhoneNumber) != "+1 555 0100" {
			t.Errorf("%s has the contact %+v", email, sue.AlternateContact)
		}
		if has := f.access(id); !slices.Contains(has, "AWSReadOnlyAccess AWSAccountFactory") {
			t.Errorf("%s: access %q", email, has)
		}
	}
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	for _, r := range requests {
		if r.Fields["ticket"] != "ABC-1" {
			t.Errorf("%s has the fields %v", r.Name, r.Fields)
		}
	}
}
