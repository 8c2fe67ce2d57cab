package controltower

import (
	"regexp"
	"strings"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// Parameters are the six of the Account Factory product.
type Parameters struct {
	AccountName, AccountEmail                       string
	SSOUserFirstName, SSOUserLastName, SSOUserEmail string
	ManagedOrganizationalUnit                       string
}

const emailPattern = `[^\s@]+@[^\s@]+\.[^\s@]+`

// registrableEmail is the form that Control Tower wants of accounts it registers (user guide, "Common causes of failure").
var registrableEmail = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.]+[A-Za-z]+$`)

var emailForm = regexp.MustCompile(`^` + emailPattern + `$`)

// Parameters gives the product's parameters in the order of its template; the OUs are those registered now.
func (s *Service) Parameters(tx *state.Tx) []servicecatalog.Parameter {
	text := func(key, pattern, description string) servicecatalog.Parameter {
		return servicecatalog.Parameter{Key: key, Type: "String", Pattern: pattern, Description: description}
	}
	ou := text("ManagedOrganizationalUnit", "", "The registered organizational unit the account goes to.")
	for row := range s.org.AllOUs(tx) {
		if s.provisions(tx, row.ID) {
			ou.Allowed = append(ou.Allowed, OUText(row))
		}
	}
	return []servicecatalog.Parameter{
		text("AccountName", ".+", "The name of the new account."),
		text("AccountEmail", emailPattern, "The email address of the account's root user. It must not belong to an AWS account."),
		text("SSOUserFirstName", ".+", "The first name of the SSO user."),
		text("SSOUserLastName", ".+", "The last name of the SSO user."),
		text("SSOUserEmail", emailPattern, "The email address of the SSO user who gets administrative access. A user that exists is reused."),
		ou,
	}
}

// OUText is how the product names an OU: "Sandbox (ou-abcd-12345678)".
func OUText(ou *organizations.OU) string { return ou.Name + " (" + ou.ID + ")" }

func parametersOf(m map[string]string) (Parameters, error) {
	p := Parameters{
		AccountName: m["AccountName"], AccountEmail: m["AccountEmail"],
		SSOUserFirstName: m["SSOUserFirstName"], SSOUserLastName: m["SSOUserLastName"], SSOUserEmail: m["SSOUserEmail"],
		ManagedOrganizationalUnit: m["ManagedOrganizationalUnit"],
	}
	for _, f := range []struct{ key, value string }{
		{"AccountName", p.AccountName},
		{"AccountEmail", p.AccountEmail},
		{"SSOUserFirstName", p.SSOUserFirstName},
		{"SSOUserLastName", p.SSOUserLastName},
		{"SSOUserEmail", p.SSOUserEmail},
		{"ManagedOrganizationalUnit", p.ManagedOrganizationalUnit},
	} {
		if f.value == "" {
			return p, errMissing(f.key)
		}
		if strings.HasSuffix(f.key, "Email") && !emailForm.MatchString(f.value) {
			return p, failure(codeInvalidParameters, "The parameter %s must match the pattern %s.", f.key, emailPattern)
		}
	}
	return p, nil
}

var ouText = regexp.MustCompile(`^(.+) \((ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})\)$`)

// resolveOU finds the registered OU a text names: "Name (ou-id)", or as of old the bare name. A bare id is taken by
// Service Catalog and refused here, as in AWS.
func (s *Service) resolveOU(tx *state.Tx, text string) (*organizations.OU, error) {
	if m := ouText.FindStringSubmatch(text); m != nil {
		if ou := s.org.OU(tx, m[2]); ou != nil && ou.Name == m[1] && s.provisions(tx, ou.ID) {
			return ou, nil
		}
		return nil, errNotEnrolledOU(text)
	}
	for ou := range s.org.AllOUs(tx) {
		if ou.Name == text && s.provisions(tx, ou.ID) {
			return ou, nil
		}
	}
	return nil, errNotEnrolledOU(text)
}
