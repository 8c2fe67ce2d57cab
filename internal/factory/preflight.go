package factory

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// preflight looks at everything that is known to go wrong later, before anything is created: one code for the API, the
// CLI, a dry run and a request's first step. An error means that the cloud could not be asked.
func (s *Service) preflight(ctx context.Context, a AWS, in Input) (Target, []Check, error) {
	l, err := s.landscape(ctx, a, false)
	if err != nil {
		return Target{}, nil, err
	}
	if l.product == nil { // somebody may just have made it
		if l, err = s.landscape(ctx, a, true); err != nil {
			return Target{}, nil, err
		}
	}
	checks := append(in.checkMissing(), in.checkUnsupported()...)
	checks = append(checks, checkProduct(l, s.cfg.Region, in)...)
	t := Target{ProductName: productName(in.Name)}
	if l.product != nil {
		t.ProductID, t.ArtifactID, t.PathID = l.product.ID, l.product.ArtifactID, l.product.PathID
	}
	if in.OU != "" {
		unit, check, err := s.unit(ctx, a, l, in.OU, checkOU)
		if err != nil {
			return t, nil, err
		}
		checks = append(checks, check)
		t.OU, t.OUID = unit.text(), unit.ID
	}
	more, err := s.checkIdentity(ctx, a, l, in, t)
	if err != nil {
		return t, nil, err
	}
	room, err := s.checkRoom(ctx, a, l, in)
	if err != nil {
		return t, nil, err
	}
	checks = append(checks, room...)
	extras, err := s.checkExtras(ctx, a, l, in, &t)
	return t, append(append(checks, more...), extras...), err
}

// checkIdentity looks at the names and addresses: their form, and whether they are free.
func (s *Service) checkIdentity(ctx context.Context, a AWS, l *landscape, in Input, t Target) ([]Check, error) {
	var checks []Check
	if in.AccountEmail != "" {
		free, err := s.checkEmailUnused(ctx, l, in.AccountEmail)
		if err != nil {
			return nil, err
		}
		checks = append(append(checks, checkEmail(in.AccountEmail)), free...)
	}
	if in.Name != "" {
		check, err := checkProductName(ctx, a, t.ProductName)
		if err != nil {
			return nil, err
		}
		checks = append(checks, checkName(in.Name), check)
	}
	if in.SSOUserEmail != "" {
		check, err := s.checkSSOUser(ctx, a, l, in.SSOUserEmail)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
	}
	return checks, nil
}

// checkProductName looks for a provisioned product of the name: AWS refuses a second one, also beside one in ERROR.
func checkProductName(ctx context.Context, a AWS, name string) (Check, error) {
	p, err := productByName(ctx, a.Products, name)
	if err != nil {
		return Check{}, err
	}
	if p != nil {
		return bad(CheckProductName, fmt.Sprintf("the provisioned product name %s is in use by %s (%s)", name, aws.ToString(p.Id), p.Status),
			"choose another account name, retry the request it is of, or terminate the product if it is a leftover"), nil
	}
	return ok(CheckProductName, "the provisioned product name "+name+" is free"), nil
}

// productByName finds a provisioned product of exactly this name, of whichever user.
func productByName(ctx context.Context, p Products, name string) (*sctypes.ProvisionedProductAttribute, error) {
	found, err := searchProducts(ctx, p, "name:"+name)
	for i := range found {
		if aws.ToString(found[i].Name) == name {
			return &found[i], nil
		}
	}
	return nil, err
}

// searchProducts searches the whole account: the default of SearchProvisionedProducts, said aloud because the default
// elsewhere is the caller's own.
func searchProducts(ctx context.Context, p Products, query string) ([]sctypes.ProvisionedProductAttribute, error) {
	var out []sctypes.ProvisionedProductAttribute
	pages := servicecatalog.NewSearchProvisionedProductsPaginator(p, &servicecatalog.SearchProvisionedProductsInput{
		AccessLevelFilter: &sctypes.AccessLevelFilter{Key: sctypes.AccessLevelFilterKeyAccount, Value: aws.String("self")},
		Filters:           map[string][]string{string(sctypes.ProvisionedProductViewFilterBySearchQuery): {query}},
		PageSize:          100,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, page.ProvisionedProducts...)
	}
	return out, nil
}

// checkSSOUser looks at the SSO user's address, and says when AWS will reuse a user that exists.
func (s *Service) checkSSOUser(ctx context.Context, a AWS, l *landscape, email string) (Check, error) {
	if why := emailFault(email); why != "" {
		return bad(CheckSSOUser, fmt.Sprintf("%q is not an e-mail AWS takes: %s", email, why), "correct it"), nil
	}
	if l.identityStoreID == "" {
		return note(CheckSSOUser, "there is no IAM Identity Center instance in "+l.centerLooked+": AWS Control Tower will not assign a user"), nil
	}
	id, err := userID(ctx, a, l.identityStoreID, email)
	if err != nil {
		return Check{}, err
	}
	if id != "" {
		off, err := userDisabled(ctx, a, l.identityStoreID, id)
		if err != nil {
			return Check{}, err
		}
		if off { // Source: Control Tower user guide, "Guidance for IAM Identity Center": provisioning fails
			return bad(CheckSSOUser, "the SSO user "+email+" is disabled, and provisioning fails with such a one", "enable the user in IAM Identity Center, or name another"), nil
		}
		return note(CheckSSOUser, "the SSO user "+email+" exists and will be reused, with the name it has; it becomes the account's administrator"), nil
	}
	if s.cfg.ExternalIdentity {
		return checkUserComes(email), nil
	}
	return ok(CheckSSOUser, "the SSO user "+email+" will be created and invited"), nil
}

// userDisabled reports whether an SSO user may not sign in.
func userDisabled(ctx context.Context, a AWS, store, id string) (bool, error) {
	out, err := a.IdentityStore.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: &store, UserId: &id})
	if err != nil {
		return false, err
	}
	return out.UserStatus == idtypes.UserStatusDisabled, nil
}

// userID gives the id of the SSO user with an e-mail, empty when there is none.
func userID(ctx context.Context, a AWS, store, email string) (string, error) {
	out, err := a.IdentityStore.GetUserId(ctx, &identitystore.GetUserIdInput{
		IdentityStoreId: &store,
		AlternateIdentifier: &idtypes.AlternateIdentifierMemberUniqueAttribute{Value: idtypes.UniqueAttribute{
			AttributePath: aws.String("emails.value"), AttributeValue: document.NewLazyDocument(email),
		}},
	})
	var none *idtypes.ResourceNotFoundException
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(out.UserId), nil
}
