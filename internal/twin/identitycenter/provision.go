package identitycenter

import (
	"encoding/json"
	"errors"
	"iter"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

const (
	// accountSetLimit is the quota of permission sets in one account.
	accountSetLimit = 50
	// maxSession is what AWS gives the roles it makes, whatever the set's session duration.
	maxSession = 12 * time.Hour
	// inlineName is the name of the inline policy in a role.
	inlineName = "AwsSSOInlinePolicy"
	// ssoService owns the roles: nobody else may change them.
	ssoService = "sso.amazonaws.com"
)

// Provision says that an account has the role of a permission set.
type Provision struct {
	AccountID, PermissionSetARN string
	Role                        string // AWSReservedSSO_<set>_<hash>
	Version                     int    // of the permission set the role was made from
	Created                     time.Time
}

func (p *Provision) key() string { return provisionKey(p.AccountID, p.PermissionSetARN) }

func provisionKey(accountID, setARN string) string { return accountID + "/" + lastPart(setARN) }

// federation is an account's SAML provider, which the roles there trust.
type federation struct{ AccountID, Provider string }

// Provision gives the role of a permission set in an account, or nil when the set is not provisioned there.
func (s *Service) Provision(tx *state.Tx, accountID, setARN string) *Provision {
	return s.provisions.Get(tx, provisionKey(accountID, setARN))
}

// provisioned gives the permission sets an account has whose keys come after key.
func (s *Service) provisioned(tx *state.Tx, accountID, key string) iter.Seq[*Provision] {
	return under(tx, s.provisions, accountID+"/", key, (*Provision).key)
}

// provision makes the role of a set in an account, or makes it anew from what the set says now.
func (s *Service) provision(tx *state.Tx, accountID string, p *PermissionSet) error {
	row := Provision{AccountID: accountID, PermissionSetARN: p.ARN, Created: tx.Now()}
	if old := s.Provision(tx, accountID, p.ARN); old != nil {
		row = *old
	} else {
		if n := len(collect(s.provisioned(tx, accountID, ""))); n >= accountSetLimit {
			return quota("PermissionSet", accountSetLimit, accountID)
		}
		row.Role = "AWSReservedSSO_" + p.Name + "_" + arn.ID(tx, arn.Hex, 16)
	}
	spec := s.roleOf(tx, accountID, p)
	spec.Name = row.Role
	for _, policy := range p.wanted(accountID) {
		if !s.roles.HasPolicy(tx, accountID, policy) {
			return failure("Received a 404 status error: Not supported policy " + policy + ".")
		}
	}
	s.roles.PutRole(tx, accountID, spec)
	row.Version = p.Version
	s.provisions.Put(tx, &row)
	return nil
}

// deprovision removes the role.
func (s *Service) deprovision(tx *state.Tx, accountID, setARN string) {
	if p := s.Provision(tx, accountID, setARN); p != nil {
		s.roles.DeleteRole(tx, accountID, p.Role)
		s.provisions.Delete(tx, p.key())
	}
}

// wanted gives the customer managed policies a set needs in an account.
func (p *PermissionSet) wanted(accountID string) (arns []string) {
	for _, ref := range p.Customer {
		arns = append(arns, ref.ARN(accountID))
	}
	if p.Boundary != nil && p.Boundary.Customer != nil {
		arns = append(arns, p.Boundary.Customer.ARN(accountID))
	}
	return arns
}

// roleOf says what role a set means in an account, but for its name.
func (s *Service) roleOf(tx *state.Tx, accountID string, p *PermissionSet) iam.RoleSpec {
	spec := iam.RoleSpec{
		Path: s.RolePath(), Description: p.Description, Trust: trust(accountID, s.provider(tx, accountID)), MaxSession: maxSession, Service: ssoService,
	}
	spec.Managed = append(spec.Managed, p.Managed...)
	for _, ref := range p.Customer {
		spec.Managed = append(spec.Managed, ref.ARN(accountID))
	}
	if p.Inline != "" {
		spec.Inline = map[string]string{inlineName: p.Inline}
	}
	if b := p.Boundary; b != nil && b.Customer != nil {
		spec.Boundary = b.Customer.ARN(accountID)
	} else if b != nil {
		spec.Boundary = b.ManagedARN
	}
	return spec
}

// RolePath is the path of the roles that permission sets make. It carries the home Region, except when that is us-east-1
// ("Referencing permission sets in resource policies").
func (s *Service) RolePath() string {
	path := "/aws-reserved/" + ssoService + "/"
	if s.cfg.Region != "us-east-1" {
		path += s.cfg.Region + "/"
	}
	return path
}

// provider gives the name of an account's SAML provider, chosen when its first role is made.
func (s *Service) provider(tx *state.Tx, accountID string) string {
	if f := s.federations.Get(tx, accountID); f != nil {
		return f.Provider
	}
	f := &federation{AccountID: accountID, Provider: "AWSSSO_" + arn.ID(tx, arn.Hex, 16) + "_DO_NOT_DELETE"}
	s.federations.Put(tx, f)
	return f.Provider
}

// trust is the trust policy of every role of a permission set.
func trust(accountID, provider string) string {
	doc, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]string{"Federated": arn.Make("iam", "", accountID, "saml-provider/"+provider)},
			"Action":    []string{"sts:AssumeRoleWithSAML", "sts:TagSession"},
			"Condition": map[string]any{"StringEquals": map[string]string{"SAML:aud": "https://signin.aws.amazon.com/saml"}},
		}},
	})
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return string(doc)
}

// failure is why something could not be provisioned, in AWS's words.
type failure string

func (f failure) Error() string { return string(f) }

// reasonOf gives an error's sentence for a request's FailureReason.
func reasonOf(err error) string {
	var api interface{ ErrorMessage() string }
	if errors.As(err, &api) {
		return api.ErrorMessage()
	}
	return err.Error()
}
