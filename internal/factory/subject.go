package factory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// subject is the account that a request is about, as it is now.
type subject struct {
	account
	Parent   string // id of its OU or of the root
	OU       ou     // the zero ou at the root
	Enrolled bool   // Control Tower's baseline is enabled on it, or being changed
	Drifted  bool   // and is not what it should be, as after a move
	Product  *sctypes.ProvisionedProductAttribute
	SSOUser  string // e-mail that the last successful record names, or the account's tag
	Request  string // that made or enrolled it by itself, as the account's tag says
}

// closed reports whether AWS has closed the account, or is about to.
func (a account) closed() bool {
	return a.State != "" && a.State != string(orgtypes.AccountStateActive)
}

// findAccounts gives the accounts a person may mean: by id, e-mail or name.
func (l *landscape) findAccounts(want string) []account {
	if a, found := l.accounts[EmailKey(want)]; found {
		return []account{a}
	}
	var out []account
	for _, a := range l.accounts {
		if a.ID == want || a.Name == want {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b account) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// checkAccount resolves the account to one.
func checkAccount(l *landscape, want, management string) (account, Check) {
	found := l.findAccounts(want)
	switch {
	case want == "":
		return account{}, bad(CheckAccount, "no account is named", "give its id, e-mail or name")
	case len(found) == 0:
		return account{}, bad(CheckAccount, fmt.Sprintf("there is no account %q in the organization", want), "give its id, e-mail or name")
	case len(found) > 1:
		return account{}, bad(CheckAccount, fmt.Sprintf("%d accounts are called %q", len(found), want), "name one by its id, such as "+found[0].ID)
	case found[0].ID == management:
		return account{}, bad(CheckAccount, found[0].ID+" is the management account", "Account Factory does not handle it")
	}
	return found[0], ok(CheckAccount, fmt.Sprintf("account %s (%s, %s) is %s", found[0].ID, found[0].Name, found[0].Email, cmp.Or(found[0].State, "there")))
}

// checkActive refuses an account that is closed or being closed.
func (a account) checkActive() Check {
	if a.closed() {
		return bad(CheckActive, fmt.Sprintf("account %s is %s", a.ID, a.State), "only AWS Support can reopen it, within 90 days")
	}
	return ok(CheckActive, "account "+a.ID+" is active")
}

// subject reads everything about the account a request names. Without an account the checks say why.
func (s *Service) subject(ctx context.Context, a AWS, want string) (subject, *landscape, []Check, error) {
	l, err := s.landscape(ctx, a, false)
	if err == nil && len(l.findAccounts(want)) != 1 { // somebody may just have made it
		l, err = s.landscape(ctx, a, true)
	}
	if err != nil {
		return subject{}, nil, nil, err
	}
	acc, check := checkAccount(l, want, s.cfg.Binding.ManagementAccount)
	if check.Result == CheckFailed {
		return subject{}, l, []Check{check}, nil
	}
	sub := subject{account: acc}
	for _, read := range []func(context.Context, AWS, *landscape) error{sub.readState, sub.readPlace, sub.readEnrolled, sub.readProduct, sub.readOwner} {
		if err := read(ctx, a, l); err != nil {
			return subject{}, nil, nil, err
		}
	}
	return sub, l, []Check{check}, nil
}

// readState asks anew: the landscape may be a few seconds old.
func (s *subject) readState(ctx context.Context, a AWS, _ *landscape) error {
	now, err := describeAccount(ctx, a, s.ID)
	if err != nil {
		return err
	}
	s.State, s.Name, s.Email = stateOf(now), aws.ToString(now.Name), aws.ToString(now.Email)
	return nil
}

// describeAccount reads an account as it is now.
func describeAccount(ctx context.Context, a AWS, id string) (*orgtypes.Account, error) {
	out, err := a.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
	if err != nil {
		return nil, err
	}
	return present(out.Account, "an account")
}

// stateOf gives an account's state. Status is on its way out at AWS and State its replacement; either may be sent.
func stateOf(a *orgtypes.Account) string { return cmp.Or(string(a.State), string(a.Status)) }

func (s *subject) readPlace(ctx context.Context, a AWS, l *landscape) error {
	out, err := a.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: &s.ID})
	if err != nil {
		return err
	}
	for _, p := range out.Parents {
		s.Parent = aws.ToString(p.Id)
	}
	for _, o := range l.ous {
		if o.ID == s.Parent {
			s.OU = o
		}
	}
	return nil
}

func (s *subject) readEnrolled(ctx context.Context, a AWS, l *landscape) error {
	if l.baseline == "" {
		return nil
	}
	return enabledBaselines(ctx, a, &controltower.ListEnabledBaselinesInput{
		IncludeChildren: true, Filter: &cttypes.EnabledBaselineFilter{BaselineIdentifiers: []string{l.baseline}, TargetIdentifiers: []string{s.ARN}},
	}, func(b cttypes.EnabledBaselineSummary) {
		if aws.ToString(b.TargetIdentifier) == s.ARN {
			s.Enrolled, s.Drifted = true, drifted(b)
		}
	})
}

// readProduct finds the account's provisioned product: the one that says so, else one that never got as far as to say
// an account and has the name Account Factory gives.
func (s *subject) readProduct(ctx context.Context, a AWS, _ *landscape) error {
	found, err := searchProducts(ctx, a.Products, "physicalId:"+s.ID)
	if err != nil {
		return err
	}
	for i := range found {
		if aws.ToString(found[i].Type) == productType && aws.ToString(found[i].PhysicalId) == s.ID {
			s.Product = &found[i]
			return nil
		}
	}
	p, err := productByName(ctx, a.Products, productName(s.Name))
	if p != nil && aws.ToString(p.Type) == productType && aws.ToString(p.PhysicalId) == "" {
		s.Product = p
	}
	return err
}

// readOwner reads the SSO user from the outputs of the last record that succeeded.
func (s *subject) readOwner(ctx context.Context, a AWS, _ *landscape) error {
	if s.Product == nil || aws.ToString(s.Product.LastSuccessfulProvisioningRecordId) == "" {
		return nil
	}
	out, err := a.Products.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: s.Product.LastSuccessfulProvisioningRecordId})
	if isCode(err, "ResourceNotFoundException") {
		return nil
	}
	if err != nil {
		return err
	}
	for _, o := range out.RecordOutputs {
		if aws.ToString(o.OutputKey) == "SSOUserEmail" {
			s.SSOUser = aws.ToString(o.OutputValue)
		}
	}
	return nil
}

// target is the account as pre-flight hands it to the steps.
func (s subject) target(l *landscape) Target {
	t := Target{AccountID: s.ID, AccountARN: s.ARN, AccountName: s.Name, AccountEmail: s.Email, OU: s.OU.text(), OUID: s.OU.ID, SSOUser: s.SSOUser, Enrolled: s.Enrolled, Drifted: s.Drifted}
	if s.OU.ID == "" {
		t.OU = ""
	}
	t.setProduct(l)
	if s.Product != nil {
		t.ProvisionedID, t.ProductName = aws.ToString(s.Product.Id), aws.ToString(s.Product.Name)
		t.Known = aws.ToString(s.Product.PhysicalId) == s.ID
	}
	return t
}

// setProduct names the Account Factory product that will be sent.
func (t *Target) setProduct(l *landscape) {
	if l.product != nil {
		t.ProductID, t.ArtifactID, t.PathID = l.product.ID, l.product.ArtifactID, l.product.PathID
	}
}

// checkManaged looks for a provisioned product that an operation can be sent to.
func (s subject) checkManaged() Check {
	switch {
	case s.Product == nil && s.Enrolled:
		return bad(CheckManaged, "account "+s.ID+" is enrolled without a provisioned product", "it is one of the landing zone's own, or its organizational unit was registered: re-register that")
	case s.Product == nil:
		return bad(CheckManaged, "account "+s.ID+" is not enrolled: it has no provisioned product", "enroll it first: accountfactory enroll "+s.ID)
	}
	return s.checkSettled(ok(CheckManaged, fmt.Sprintf("provisioned product %s is %s", aws.ToString(s.Product.Name), s.Product.Status)))
}

// checkSettled refuses a product that something is being done to.
func (s subject) checkSettled(fine Check) Check {
	switch s.Product.Status {
	case sctypes.ProvisionedProductStatusUnderChange:
		return bad(CheckManaged, fmt.Sprintf("provisioned product %s is under change by %s", aws.ToString(s.Product.Name), aws.ToString(s.Product.UserArnSession)), "wait for that operation to end")
	case sctypes.ProvisionedProductStatusPlanInProgress:
		return bad(CheckManaged, "provisioned product "+aws.ToString(s.Product.Name)+" has a plan in progress, which never ends for an account", "delete the plan")
	case sctypes.ProvisionedProductStatusAvailable, sctypes.ProvisionedProductStatusTainted, sctypes.ProvisionedProductStatusError:
	}
	return fine
}
