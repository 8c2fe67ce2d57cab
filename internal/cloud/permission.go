package cloud

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Permission is one statement of a policy: what is allowed, on what, when, and what it is for.
type Permission struct {
	Sid       string
	Why       string // a sentence for people
	Deny      bool   // refuses instead, whatever else allows
	Optional  bool   // may be left out, as Why says: what needs it is then refused, and nothing else
	Actions   []string
	Resources []string
	Condition Condition // empty means always
}

// Condition is an operator's keys with their values.
type Condition map[string]map[string][]string

// Scope is what permissions are narrowed to.
type Scope struct {
	Account      string // the management account's id
	Organization string
	Region       string // home Region
}

// Ways of making accounts, by the factory's names for them.
const (
	ByServiceCatalog = "service-catalog"
	ByOrganizations  = "organizations"
)

// Ways gives all ways of making accounts that there are permissions for.
func Ways() []string { return []string{ByServiceCatalog, ByOrganizations} }

// RolePermissions gives what the factory's role needs to make accounts these ways, each statement once.
func (s Scope) RolePermissions(ways ...string) ([]Permission, error) {
	var out []Permission
	for _, way := range ways {
		var of []Permission
		switch way {
		case ByServiceCatalog:
			of = s.catalogRole()
		case ByOrganizations:
			of = s.ownRole()
		default:
			return nil, fmt.Errorf("no permissions for the provisioner %q: there are %v", way, Ways())
		}
		for _, p := range of {
			if !slices.ContainsFunc(out, func(q Permission) bool { return q.Sid == p.Sid }) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// Policy writes statements as an IAM policy document, for people too.
func Policy(permissions []Permission) (string, error) {
	type statement struct {
		Sid       string
		Effect    string
		Action    []string
		Resource  []string
		Condition Condition `json:",omitempty"`
	}
	document := struct {
		Version   string
		Statement []statement
	}{Version: policyVersion}
	for _, p := range permissions {
		effect := "Allow"
		if p.Deny {
			effect = "Deny"
		}
		document.Statement = append(document.Statement, statement{p.Sid, effect, p.Actions, p.Resources, p.Condition})
	}
	text, err := json.MarshalIndent(document, "", "  ")
	return string(text), err
}

// policyVersion is that of IAM's policy language.
const policyVersion = "2012-10-17"

// Resources by AWS's names for them. Source: Service Authorization Reference, of each service.

func (s Scope) organizations(kind string) string {
	return "arn:aws:organizations::" + s.Account + ":" + kind + "/" + s.Organization + "/*"
}

func (s Scope) members() string {
	return "arn:aws:account::" + s.Account + ":account/" + s.Organization + "/*"
}

func (s Scope) products() string {
	return "arn:aws:catalog:" + s.Region + ":" + s.Account + ":product/*"
}

func (s Scope) role(name string) string { return "arn:aws:iam::" + s.Account + ":role/" + name }

const (
	everything     = "*"
	instances      = "arn:aws:sso:::instance/*"
	permissionSets = "arn:aws:sso:::permissionSet/*/*"
	ssoAccounts    = "arn:aws:sso:::account/*"
)
