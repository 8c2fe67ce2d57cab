package factory

import (
	"context"
	"fmt"
	"strings"
)

// StepAccess adds and removes assignments, one by one. Stored: never renamed.
const StepAccess = "access"

// accessKind gives groups and users permission sets on an account, and takes them away. It is Identity Center's work
// alone: it needs no account operation of Control Tower's, and works for accounts that are not enrolled too.
func accessKind() kind {
	return kind{
		name: KindAccess, light: true,
		steps: []stage{
			{name: StepCheck, do: checkAgain},
			{name: StepAccess, do: changeAccess},
			{name: StepVerify, do: verifyChanges, retry: StepAccess},
		},
		check:  checkAccess,
		writes: accessWrites,
		checked: func(_ Request, t Target) string {
			return fmt.Sprintf("%d changes of access can be made", len(t.Changes))
		},
		asked: func(r Request) string {
			var out []string
			for _, a := range r.Grant {
				out = append(out, "add "+a.String())
			}
			for _, a := range r.Revoke {
				out = append(out, "remove "+a.String())
			}
			return fmt.Sprintf("on account %s (%s) %s", r.AccountID, r.Name, strings.Join(out, ", "))
		},
	}
}

// Change is one assignment to be made or removed, with AWS's ids.
type Change struct {
	Access
	PrincipalID      string `json:"principalId"`
	PermissionSetARN string `json:"permissionSetArn"`
	Remove           bool   `json:"remove,omitempty"`
}

func (c Change) String() string {
	if c.Remove {
		return "remove " + c.Access.String()
	}
	return "add " + c.Access.String()
}

// checkAccess is pre-flight of a change of access: each name must mean something.
func checkAccess(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	checks = append(checks, sub.checkActive())
	t := sub.target(l)
	if len(in.Grant)+len(in.Revoke) == 0 {
		return t, append(checks, bad(CheckChange, "no access is named", "give --grant or --revoke")), nil
	}
	more, err := t.resolve(ctx, a, l, in)
	return t, append(checks, more...), err
}

// resolve finds what the access to be changed means at AWS.
func (t *Target) resolve(ctx context.Context, a AWS, l *landscape, in Input) ([]Check, error) {
	if l.identityStoreID == "" {
		return []Check{bad(CheckAccess, "there is no IAM Identity Center instance in "+l.centerLooked, "enable it")}, nil
	}
	sets, err := permissionSets(ctx, a, l.ssoInstance)
	if err != nil {
		return nil, err
	}
	var checks []Check
	for i, want := range append(append([]Access{}, in.Grant...), in.Revoke...) {
		c, check, err := resolveAccess(ctx, a, l, sets, want)
		if err != nil {
			return nil, err
		}
		c.Remove = i >= len(in.Grant)
		checks = append(checks, check)
		t.Changes = append(t.Changes, c)
	}
	return append(checks, checkContradiction(t.Changes)...), nil
}

// checkContradiction refuses the same access to be added and removed.
func checkContradiction(changes []Change) (out []Check) {
	added := map[[2]string]bool{}
	for _, c := range changes {
		key := [2]string{c.PrincipalID, c.PermissionSetARN}
		if c.Remove && added[key] && c.PrincipalID != "" {
			out = append(out, bad(CheckAccess, c.Access.String()+" is to be added and removed", "decide for one"))
		}
		added[key] = added[key] || !c.Remove
	}
	return out
}

func resolveAccess(ctx context.Context, a AWS, l *landscape, sets map[string]string, want Access) (Change, Check, error) {
	c := Change{Access: want, PermissionSetARN: sets[want.PermissionSet]}
	if c.PermissionSetARN == "" {
		return c, bad(CheckAccess, fmt.Sprintf("there is no permission set %q", want.PermissionSet), "there are: "+strings.Join(sortedKeys(sets), ", ")), nil
	}
	if (want.Group == "") == (want.User == "") {
		return c, bad(CheckAccess, "access is for one group or one user", "give group:NAME=SET or user:EMAIL=SET"), nil
	}
	var err error
	if want.Group != "" {
		c.PrincipalID, err = groupID(ctx, a, l.identityStoreID, want.Group)
	} else {
		c.PrincipalID, err = userID(ctx, a, l.identityStoreID, want.User)
	}
	switch {
	case err != nil:
		return c, Check{}, err
	case c.PrincipalID == "" && want.Group != "":
		return c, bad(CheckAccess, fmt.Sprintf("there is no group %q in Identity Center", want.Group), "check its display name"), nil
	case c.PrincipalID == "":
		return c, bad(CheckAccess, fmt.Sprintf("there is no SSO user with the e-mail %q", want.User), "create the user first"), nil
	}
	return c, ok(CheckAccess, want.String()+" is known to Identity Center"), nil
}

func accessWrites(r Request, t Target) (out []Write) {
	for _, c := range t.Changes {
		op := OpAssign
		if c.Remove {
			op = OpUnassign
		}
		out = append(out, Write{
			Service: "sso-admin", Operation: op, As: r.as(),
			Parameters: map[string]string{
				"TargetId": t.accountText(), "TargetType": "AWS_ACCOUNT", "PermissionSetArn": c.PermissionSetARN,
				"PrincipalId": c.PrincipalID, "PrincipalType": string(c.principalType()),
			},
			Effect: "On account " + t.accountText() + ": " + c.String() + ".",
		})
	}
	return out
}
