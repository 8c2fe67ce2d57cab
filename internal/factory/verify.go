package factory

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// adminSet is the permission set a new account's SSO user gets. Source: Control Tower user guide, IAM Identity Center.
const adminSet = "AWSAdministratorAccess"

// verify sees with its own eyes what AWS says it did: the product available, the account active in its organizational
// unit, the SSO user its administrator. What is not there yet is looked at again for a while, for AWS shows some of it
// late. Twice is safe: it only reads.
func verify(ctx context.Context, w *work) (outcome, error) {
	p, err := productByName(ctx, w.aws.Products, w.r.Progress.Target.ProductName)
	if err != nil {
		return outcome{}, err
	}
	if p == nil || p.Status != sctypes.ProvisionedProductStatusAvailable {
		return outcome{}, &notYet{text: "The provisioned product " + w.r.Progress.Target.ProductName + " is not available: it is " + statusOf(p) + "."}
	}
	id := w.r.AccountID
	if id == "" {
		id = aws.ToString(p.PhysicalId)
	}
	if err := w.verifyAccount(ctx, id); err != nil {
		return outcome{}, err
	}
	access, err := w.verifyAccess(ctx, id)
	if err != nil {
		return outcome{}, err
	}
	return outcome{
		end:    StateSucceeded,
		text:   strings.TrimSpace(fmt.Sprintf("Seen at AWS: account %s is active in %s, the product is available, %s. %s", id, w.r.Progress.Target.OU, access, w.r.toDo())),
		change: func(r *Request) { setProduct(p)(r); r.AccountID = id },
	}, nil
}

// toDo says what is left to a person, and holds nothing up: the first password of a user who was invited.
func (r *Request) toDo() string {
	if r.Progress.Target.Invites == "" {
		return ""
	}
	return r.Progress.Target.Invites + " was invited by mail and sets a first password before they can sign in; the request does not wait for that."
}

func statusOf(p *sctypes.ProvisionedProductAttribute) string {
	if p == nil {
		return "gone"
	}
	return string(p.Status)
}

func (w *work) verifyAccount(ctx context.Context, id string) error {
	if !isAccountID(id) {
		return accountUnsaid()
	}
	now, err := describeAccount(ctx, w.aws, id)
	if isCode(err, "AccountNotFoundException") {
		return notShown(id)
	}
	if err != nil {
		return err
	}
	a := accountOf(now)
	// AWS finds the account by its e-mail only where it makes or enrolls one. What an e-mail was changed to Organizations may
	// show four hours late: Account Management is asked for that. Source: Account Management Reference Guide, "Update the root
	// user email".
	if (w.r.Kind == KindLaunch || w.r.Kind == KindEnroll) && EmailKey(a.Email) != w.r.EmailKey() {
		return &failure{text: fmt.Sprintf("Account %s has the e-mail %s, not the one asked for.", id, a.Email)}
	}
	if w.r.Kind == KindLaunch {
		why, err := w.stranger(ctx, a)
		if err != nil {
			return err
		}
		if why != "" {
			return adopted(id, why)
		}
	}
	if a.State != string(orgtypes.AccountStateActive) {
		return &notYet{text: fmt.Sprintf("Account %s is %s.", id, a.State)}
	}
	return w.verifyPlace(ctx, id)
}

func (w *work) verifyPlace(ctx context.Context, id string) error {
	out, err := w.aws.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: &id})
	if err != nil {
		return err
	}
	if len(out.Parents) != 1 || aws.ToString(out.Parents[0].Id) != w.r.Progress.Target.OUID {
		return &notYet{text: fmt.Sprintf("Account %s is not in %s.", id, w.r.Progress.Target.OU)}
	}
	return nil
}

// verifyAccess looks for the SSO user's assignment and says in words what it saw.
func (w *work) verifyAccess(ctx context.Context, id string) (string, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return "", err
	}
	if l.identityStoreID == "" {
		return "and there is no IAM Identity Center instance to look for a user in", nil
	}
	email := cmp.Or(w.r.SSOUserEmail, w.r.Progress.Target.SSOUser)
	if email == "" {
		return "and AWS does not say who administers it", nil
	}
	user, err := userID(ctx, w.aws, l.identityStoreID, email)
	if err != nil {
		return "", err
	}
	if user == "" {
		return "", &notYet{text: "There is no SSO user " + email + "."}
	}
	set, err := w.admins.find(ctx, w.aws, l.ssoInstance)
	if err != nil {
		return "", err
	}
	assigned, err := hasAssignment(ctx, w.aws, l.ssoInstance, set, id, ssotypes.PrincipalTypeUser, user)
	if err != nil {
		w.admins.forget()
		return "", err
	}
	if !assigned {
		w.admins.forget()
		return "", &notYet{text: fmt.Sprintf("%s has no %s on account %s.", email, adminSet, id)}
	}
	return email + " has " + adminSet, nil
}

func hasAssignment(ctx context.Context, a AWS, instance, set, id string, kind ssotypes.PrincipalType, principal string) (bool, error) {
	pages := ssoadmin.NewListAccountAssignmentsPaginator(a.SSO, &ssoadmin.ListAccountAssignmentsInput{
		InstanceArn: &instance, AccountId: &id, PermissionSetArn: &set,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, as := range page.AccountAssignments {
			if as.PrincipalType == kind && aws.ToString(as.PrincipalId) == principal {
				return true, nil
			}
		}
	}
	return false, nil
}

// adminSets remembers the ARN of AWSAdministratorAccess: finding it takes a call per permission set.
type adminSets struct {
	mu            sync.Mutex
	instance, arn string
	whole         string // ARN of one that is known to be complete
}

func (s *adminSets) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instance, s.arn, s.whole = "", "", ""
}

func (s *adminSets) find(ctx context.Context, a AWS, instance string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.instance == instance && s.arn != "" {
		return s.arn, nil
	}
	pages := ssoadmin.NewListPermissionSetsPaginator(a.SSO, &ssoadmin.ListPermissionSetsInput{InstanceArn: &instance})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, arn := range page.PermissionSets {
			out, err := a.SSO.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &instance, PermissionSetArn: &arn})
			if err != nil {
				return "", err
			}
			if out.PermissionSet != nil && aws.ToString(out.PermissionSet.Name) == adminSet {
				s.instance, s.arn = instance, arn
				return arn, nil
			}
		}
	}
	return "", &notYet{text: "There is no permission set " + adminSet + "."}
}
