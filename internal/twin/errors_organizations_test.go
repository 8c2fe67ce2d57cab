package twin

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
	"accountfactory/test/harness"
)

// as gives clients of a column, and must fails the test on an error of what prepares a row.
func (w *world) as(column string) *harness.Clients { return w.keys[column].clients(w.real) }

func must[O any](out O, err error) func(t *testing.T) O {
	return func(t *testing.T) O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// until polls for a condition.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := harness.Poll(ctx, time.Millisecond, func() (bool, error) { return ok(), nil }); err != nil {
		t.Fatal(err)
	}
}

// handshake invites the outsider, and has somebody do something with the invitation.
func handshake(by string, then func(ctx context.Context, c *organizations.Client, id *string) error) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		id := must(w.as("m.user").Organizations.InviteAccountToOrganization(t.Context(), &organizations.InviteAccountToOrganizationInput{
			Target: &orgtypes.HandshakeParty{Type: orgtypes.HandshakePartyTypeAccount, Id: aws.String(w.accounts["outsider"])},
		}))(t).Handshake.Id
		if then != nil {
			if err := then(t.Context(), w.as(by).Organizations, id); err != nil {
				t.Fatal(err)
			}
		}
		return map[string]any{"HandshakeId": *id}
	}
}

func accepted(ctx context.Context, c *organizations.Client, id *string) error {
	_, err := c.AcceptHandshake(ctx, &organizations.AcceptHandshakeInput{HandshakeId: id})
	return err
}

func declined(ctx context.Context, c *organizations.Client, id *string) error {
	_, err := c.DeclineHandshake(ctx, &organizations.DeclineHandshakeInput{HandshakeId: id})
	return err
}

func canceled(ctx context.Context, c *organizations.Client, id *string) error {
	_, err := c.CancelHandshake(ctx, &organizations.CancelHandshakeInput{HandshakeId: id})
	return err
}

// ownPolicy makes a policy, and attaches it to the vended account if asked.
func ownPolicy(attach bool) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		id := w.policy(t, "own")
		if attach {
			w.attach(t, id, w.accounts["vended"])
		}
		return map[string]any{"PolicyId": id}
	}
}

func (w *world) policy(t *testing.T, name string) string {
	t.Helper()
	return *must(w.as("m.user").Organizations.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
		Name: &name, Description: aws.String(""), Content: aws.String(aDocument), Type: orgtypes.PolicyTypeServiceControlPolicy,
	}))(t).Policy.PolicySummary.Id
}

func (w *world) attach(t *testing.T, policy, target string) {
	t.Helper()
	must(w.as("m.user").Organizations.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: &policy, TargetId: &target}))(t)
}

// stuckOperations has every operation over time of this name stop at once.
func (w *world) stuckOperations(t *testing.T, service, operation string) {
	t.Helper()
	w.arm(t, state.Fault{Kind: state.FaultStuck, Service: service, Operation: operation})
}

func closing(stuck bool) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		if stuck {
			w.stuckOperations(t, "organizations", "CloseAccount")
		}
		id, c := w.accounts["vended"], w.as("m.user").Organizations
		must(c.CloseAccount(t.Context(), &organizations.CloseAccountInput{AccountId: &id}))(t)
		until(t, func() bool {
			a := must(c.DescribeAccount(t.Context(), &organizations.DescribeAccountInput{AccountId: &id}))(t).Account
			return stuck || a.State == orgtypes.AccountStateClosed
		})
		return map[string]any{}
	}
}

func creationsUnderWay(t *testing.T, w *world) map[string]any {
	t.Helper()
	w.stuckOperations(t, "organizations", "CreateAccount")
	for i := range creationsAtOnce {
		must(w.as("m.user").Organizations.CreateAccount(t.Context(), &organizations.CreateAccountInput{
			AccountName: aws.String("x"), Email: aws.String(fmt.Sprintf("x%d@example.com", i)),
		}))(t)
	}
	return map[string]any{}
}

func deepestOU(t *testing.T, w *world) map[string]any {
	t.Helper()
	parent := w.roots["root"]
	for range 5 {
		parent = *must(w.as("m.user").Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{
			ParentId: &parent, Name: aws.String("deeper"),
		}))(t).OrganizationalUnit.Id
	}
	return map[string]any{"ParentId": parent}
}

// delegation is a good resource policy.
const delegation = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"organizations:List*","Resource":"*"}]}`

// securityHub enables the policy type that needs the service's access.
func securityHub(t *testing.T, w *world) map[string]any {
	t.Helper()
	c := w.as("m.user").Organizations
	must(c.EnableAWSServiceAccess(t.Context(), &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("securityhub.amazonaws.com")}))(t)
	must(c.EnablePolicyType(t.Context(), &organizations.EnablePolicyTypeInput{RootId: aws.String(w.roots["root"]), PolicyType: orgtypes.PolicyTypeSecurityhubPolicy}))(t)
	return map[string]any{}
}

func fullTarget(t *testing.T, w *world) map[string]any {
	t.Helper()
	for i := range 9 {
		w.attach(t, w.policy(t, fmt.Sprint("own", i)), w.accounts["vended"])
	}
	return map[string]any{"PolicyId": w.policy(t, "own")}
}

func typeDisabled(t *testing.T, w *world) map[string]any {
	t.Helper()
	must(w.as("m.user").Organizations.DisablePolicyType(t.Context(), &organizations.DisablePolicyTypeInput{
		RootId: aws.String(w.roots["root"]), PolicyType: orgtypes.PolicyTypeServiceControlPolicy,
	}))(t)
	return map[string]any{"PolicyId": "p-FullAWSAccess"}
}

func registered(t *testing.T, w *world) map[string]any {
	t.Helper()
	c := w.as("m.user").Organizations
	must(c.EnableAWSServiceAccess(t.Context(), &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("sso.amazonaws.com")}))(t)
	must(c.RegisterDelegatedAdministrator(t.Context(), &organizations.RegisterDelegatedAdministratorInput{
		AccountId: aws.String(w.accounts["vended"]), ServicePrincipal: aws.String("sso.amazonaws.com"),
	}))(t)
	return map[string]any{}
}

func fullOrganization(t *testing.T, w *world) map[string]any {
	t.Helper()
	change := handshake("", nil)(t, w)
	w.update(t, func(tx *state.Tx) { w.twin.org.SetAccountLimit(tx, 1) })
	return change
}

func party(kind orgtypes.HandshakePartyType, column string) func(*testing.T, *world) map[string]any {
	return func(_ *testing.T, w *world) map[string]any {
		return map[string]any{"Target": &orgtypes.HandshakeParty{Type: kind, Id: aws.String(w.accounts[column])}}
	}
}

func invitedAlready(t *testing.T, w *world) map[string]any {
	t.Helper()
	handshake("", nil)(t, w)
	return party(orgtypes.HandshakePartyTypeAccount, "outsider")(t, w)
}

func atRoot(t *testing.T, w *world) map[string]any {
	t.Helper()
	return map[string]any{"ParentId": w.roots["root"], "DestinationParentId": w.roots["sandbox"]}
}

// large is a good document that is longer than any policy may be.
var large = strings.Replace(aDocument, "s3:*", "s3:Get"+strings.Repeat("x", 12_000), 1)

func manyTags[T any](n int, tag func(key string) T) (tags []T) {
	for i := range n {
		tags = append(tags, tag(fmt.Sprint("key", i)))
	}
	return tags
}

var organizationErrors = []provocation{
	{operation: "organizations.AcceptHandshake", code: "HandshakeAlreadyInStateException", as: "outsider", prepare: handshake("outsider", accepted)},
	{operation: "organizations.AcceptHandshake", code: "InvalidHandshakeTransitionException", as: "outsider", prepare: handshake("m.user", canceled)},
	{operation: "organizations.AcceptHandshake", code: "HandshakeConstraintViolationException", as: "outsider", prepare: fullOrganization},
	{operation: "organizations.CancelHandshake", code: "HandshakeAlreadyInStateException", prepare: handshake("m.user", canceled)},
	{operation: "organizations.CancelHandshake", code: "InvalidHandshakeTransitionException", prepare: handshake("outsider", declined)},
	{operation: "organizations.DeclineHandshake", code: "HandshakeAlreadyInStateException", as: "outsider", prepare: handshake("outsider", declined)},
	{operation: "organizations.DeclineHandshake", code: "InvalidHandshakeTransitionException", as: "outsider", prepare: handshake("m.user", canceled)},
	{operation: "organizations.EnableAllFeatures", code: "HandshakeConstraintViolationException"},
	{operation: "organizations.InviteAccountToOrganization", code: "DuplicateHandshakeException", prepare: invitedAlready},
	{operation: "organizations.InviteAccountToOrganization", code: "HandshakeConstraintViolationException", prepare: party(orgtypes.HandshakePartyTypeAccount, "vended")},
	{operation: "organizations.InviteAccountToOrganization", code: "InvalidInputException", prepare: party(orgtypes.HandshakePartyTypeOrganization, "vended")},
	{operation: "organizations.LeaveOrganization", code: "MasterCannotLeaveOrganizationException"},
	{operation: "organizations.LeaveOrganization", code: "ConstraintViolationException", as: "v.owner"},
	{operation: "organizations.RemoveAccountFromOrganization", code: "MasterCannotLeaveOrganizationException", change: map[string]any{"AccountId": "111122223333"}},
	{operation: "organizations.RemoveAccountFromOrganization", code: "ConstraintViolationException"},
	{operation: "organizations.CreateOrganization", code: "AlreadyInOrganizationException"},
	{operation: "organizations.DeleteOrganization", code: "OrganizationNotEmptyException"},
	{operation: "organizations.CreateAccount", code: "InvalidInputException", change: map[string]any{"Email": "!"}},
	{operation: "organizations.CreateAccount", code: "ConstraintViolationException", prepare: creationsUnderWay},
	{operation: "organizations.CloseAccount", code: "AccountAlreadyClosedException", prepare: closing(false)},
	{operation: "organizations.CloseAccount", code: "ConflictException", prepare: closing(true)},
	{operation: "organizations.CloseAccount", code: "ConstraintViolationException", change: map[string]any{"AccountId": "111122223333"}},
	{operation: "organizations.MoveAccount", code: "DuplicateAccountException", prepare: atRoot},
	{operation: "organizations.CreateOrganizationalUnit", code: "DuplicateOrganizationalUnitException", change: map[string]any{"Name": "Sandbox"}, prepare: atRoot},
	{operation: "organizations.CreateOrganizationalUnit", code: "ConstraintViolationException", prepare: deepestOU},
	{operation: "organizations.UpdateOrganizationalUnit", code: "DuplicateOrganizationalUnitException", change: map[string]any{"Name": "Security"}},
	{operation: "organizations.DeleteOrganizationalUnit", code: "OrganizationalUnitNotEmptyException"},
	{operation: "organizations.CreatePolicy", code: "DuplicatePolicyException", change: map[string]any{"Name": "FullAWSAccess"}},
	{operation: "organizations.CreatePolicy", code: "MalformedPolicyDocumentException", change: map[string]any{"Content": "{}"}},
	{operation: "organizations.CreatePolicy", code: "ConstraintViolationException", change: map[string]any{"Content": large}},
	{operation: "organizations.UpdatePolicy", code: "DuplicatePolicyException", change: map[string]any{"Name": "FullAWSAccess"}, prepare: ownPolicy(false)},
	{operation: "organizations.UpdatePolicy", code: "MalformedPolicyDocumentException", change: map[string]any{"Content": "{}"}, prepare: ownPolicy(false)},
	{operation: "organizations.UpdatePolicy", code: "ConstraintViolationException", change: map[string]any{"Content": large}, prepare: ownPolicy(false)},
	{operation: "organizations.DeletePolicy", code: "PolicyInUseException", prepare: ownPolicy(true)},
	{operation: "organizations.AttachPolicy", code: "DuplicatePolicyAttachmentException"},
	{operation: "organizations.AttachPolicy", code: "PolicyTypeNotEnabledException", prepare: typeDisabled},
	{operation: "organizations.AttachPolicy", code: "ConstraintViolationException", prepare: fullTarget},
	{operation: "organizations.DetachPolicy", code: "PolicyNotAttachedException", prepare: ownPolicy(false)},
	{operation: "organizations.DetachPolicy", code: "ConstraintViolationException"},
	{operation: "organizations.EnablePolicyType", code: "PolicyTypeAlreadyEnabledException"},
	{operation: "organizations.EnablePolicyType", code: "ConstraintViolationException", change: map[string]any{"PolicyType": "SECURITYHUB_POLICY"}},
	{operation: "organizations.DisableAWSServiceAccess", code: "ConstraintViolationException", prepare: securityHub, change: map[string]any{"ServicePrincipal": "securityhub.amazonaws.com"}},
	{operation: "organizations.PutResourcePolicy", code: "InvalidInputException", change: map[string]any{"Content": aDocument}},
	{operation: "organizations.DescribeResourcePolicy", code: "ResourcePolicyNotFoundException"},
	{operation: "organizations.DeleteResourcePolicy", code: "ResourcePolicyNotFoundException"},
	{operation: "organizations.DescribeEffectivePolicy", code: "EffectivePolicyNotFoundException"},
	{operation: "organizations.DisablePolicyType", code: "PolicyTypeNotEnabledException", change: map[string]any{"PolicyType": "TAG_POLICY"}},
	{operation: "organizations.RegisterDelegatedAdministrator", code: "AccountAlreadyRegisteredException", prepare: registered},
	{operation: "organizations.RegisterDelegatedAdministrator", code: "ConstraintViolationException", change: map[string]any{"AccountId": "111122223333"}},
	{operation: "organizations.DeregisterDelegatedAdministrator", code: "AccountNotRegisteredException"},
	{operation: "organizations.ListDelegatedServicesForAccount", code: "AccountNotRegisteredException"},
	{operation: "organizations.TagResource", code: "ConstraintViolationException", change: map[string]any{
		"Tags": manyTags(51, func(k string) orgtypes.Tag { return orgtypes.Tag{Key: &k, Value: &k} }),
	}},
}
