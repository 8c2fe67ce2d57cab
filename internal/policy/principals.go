package policy

import (
	"slices"
	"strings"

	"accountfactory/internal/arn"
)

// grant says how a resource policy names the caller; more direct is greater. It decides which other policies limit the
// permission (IAM User Guide, "Policy evaluation for requests within a single account").
type grant uint8

const (
	notNamed     grant = iota
	namedAccount       // through its account: the account's own policies decide
	namedRole          // through its role: boundary and session policies still limit
	namedSelf          // the very user, session, service or root user, or everyone
)

// principals is a Principal or NotPrincipal element.
type principals struct {
	not       bool
	everyone  bool
	aws       []string // account ids, ARNs of users, roles and sessions, unique ids
	services  []string
	federated []string
}

func (p *parser) principals(n node, path string) (*principals, error) {
	out := &principals{}
	if n.kind == '"' && n.text == "*" {
		out.everyone = true
		return out, nil
	}
	if n.kind != '{' || len(n.members) == 0 {
		return nil, p.fail(n, path, `want "*" or an object with AWS, Service or Federated`)
	}
	for _, m := range n.members {
		where := path + "." + m.name
		items, err := p.strings(m.node, where)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if remedy := out.add(m.name, item.text); remedy != "" {
				return nil, p.fail(item, where, "%q: %s", item.text, remedy)
			}
		}
	}
	return out, nil
}

// add takes in one principal. It gives the remedy when there is no such principal.
func (l *principals) add(kind, id string) (remedy string) {
	wild := strings.ContainsAny(id, "*?")
	switch kind {
	case "AWS":
		switch account, isRoot := rootAccount(id); {
		case id == "*":
			l.everyone = true
		case wild:
			return "wildcards cannot match part of a principal, name it in full or put it in a Condition on aws:PrincipalArn"
		case isRoot:
			l.aws = append(l.aws, account)
		case arn.IsAccountID(id) || isUniqueID(id) || isIdentityARN(id):
			l.aws = append(l.aws, id)
		default:
			return "no account id, user, role or session ARN"
		}
	case "Service":
		if wild || !strings.Contains(id, ".") {
			return "no service principal, want one like controltower.amazonaws.com"
		}
		l.services = append(l.services, id)
	case "Federated":
		if wild || id == "" {
			return "no identity provider, want its ARN or host name"
		}
		l.federated = append(l.federated, id)
	default:
		return "unknown kind of principal: use AWS, Service or Federated (CanonicalUser is understood by Amazon S3 alone)"
	}
	return ""
}

// rootAccount gives the account of a …:root ARN, which means the same as the account id.
func rootAccount(id string) (string, bool) {
	a, err := arn.Parse(id)
	return a.AccountID, err == nil && a.Service == "iam" && a.Resource == "root" && arn.IsAccountID(a.AccountID)
}

func isIdentityARN(id string) bool {
	a, err := arn.Parse(id)
	kind, name, _ := strings.Cut(a.Resource, "/")
	if err != nil || name == "" || !arn.IsAccountID(a.AccountID) {
		return false
	}
	switch a.Service {
	case "iam":
		return kind == "user" || kind == "role"
	case "sts":
		return kind == "assumed-role" || kind == "federated-user"
	}
	return false
}

// isUniqueID knows AIDA… and AROA… ids, which AWS shows in the place of a deleted user or role.
func isUniqueID(id string) bool {
	return len(id) >= 16 && (strings.HasPrefix(id, "AIDA") || strings.HasPrefix(id, "AROA")) && strings.Trim(id, arn.Upper) == ""
}

// match tells how the element names the caller. For NotPrincipal that is namedSelf or notNamed.
func (l *principals) match(who Principal, deny bool) grant {
	if !l.not {
		return l.find(who)
	}
	if l.exempts(who, deny) {
		return notNamed
	}
	return namedSelf
}

// find gives the most direct way in which the list names the caller.
func (l *principals) find(who Principal) grant {
	if l.everyone {
		return namedSelf
	}
	if !who.hasAccount() {
		if who.Type == Service && has(l.services, who.Service) || who.Type == Anonymous && has(l.federated, who.Provider) {
			return namedSelf
		}
		return notNamed
	}
	roleID, _, _ := strings.Cut(who.UserID, ":")
	session := who.Type == AssumedRole || who.Type == FederatedUser
	switch {
	case has(l.aws, who.ARN):
		return namedSelf
	case who.Type == Root && has(l.aws, who.AccountID):
		return namedSelf
	case who.Type == User && has(l.aws, who.UserID):
		return namedSelf
	case session && has(l.aws, who.RoleARN):
		return namedRole
	case who.Type == AssumedRole && has(l.aws, roleID):
		return namedRole
	case has(l.aws, who.AccountID):
		return namedAccount
	}
	return notNamed
}

// exempts tells whether NotPrincipal leaves the caller out. For a Deny the account, the role and the session must all be
// listed, as AWS may check each in turn (IAM User Guide, "NotPrincipal"); for an Allow one of them is enough.
func (l *principals) exempts(who Principal, deny bool) bool {
	if !deny || l.everyone || !who.hasAccount() {
		return l.find(who) != notNamed
	}
	if !has(l.aws, who.AccountID) {
		return false
	}
	switch who.Type {
	case User:
		return has(l.aws, who.ARN)
	case AssumedRole, FederatedUser:
		return has(l.aws, who.ARN) && has(l.aws, who.RoleARN)
	case Root, Service, Anonymous:
	}
	return true
}

func has(list []string, s string) bool {
	return s != "" && slices.Contains(list, s)
}
