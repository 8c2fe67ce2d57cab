package factory

import "fmt"

// ownLaunchWrites is what a launch will write, for a dry run.
func ownLaunchWrites(r Request, t Target) []Write {
	t.AccountID = "the new account"
	create := Write{
		Service: "organizations", Operation: OpCreate, As: r.as(),
		Parameters: map[string]string{
			"AccountName": r.Name, "Email": r.AccountEmail, "RoleName": executionRole, "Tags." + TagRequest: "(the request's id)", "Tags." + TagOwner: r.SSOUserEmail,
		},
		Effect: fmt.Sprintf("AWS Organizations creates the account %q at the root.", r.Name),
	}
	return append([]Write{create}, ownEnrollWrites(r, t)...)
}

// ownEnrollWrites is what an account gets when it comes into the factory's care.
func ownEnrollWrites(r Request, t Target) []Write {
	return append(append(ownSettleWrites(r, t), tagWrites(r, t)...), contactWrites(r, t)...)
}

// ownSettleWrites is what brings an account to where it should be; what is there already is not written.
func ownSettleWrites(r Request, t Target) []Write {
	out := []Write{{
		Service: "organizations", Operation: OpMove, As: r.as(), Parameters: map[string]string{"AccountId": t.AccountID, "DestinationParentId": t.OUID},
		Effect: fmt.Sprintf("AWS Organizations moves %s to %s, unless it is there.", t.AccountID, t.OU),
	}}
	if r.Kind == KindEnroll {
		out = append(out, Write{
			Service: "iam", Operation: OpCreateRole, As: accessRole + " in the account", Parameters: map[string]string{"RoleName": executionRole},
			Effect: "IAM makes the role by which the management account administers the account, unless it is there.",
		})
	}
	if r.SSOUserEmail != "" && !t.AwaitsUser {
		out = append(out, Write{
			Service: "identitystore", Operation: OpCreateUser, As: r.as(), Parameters: map[string]string{"UserName": r.SSOUserEmail},
			Effect: "Identity Center makes the user " + r.SSOUserEmail + ", unless it exists.",
		})
	}
	if r.SSOUserEmail != "" {
		out = append(out, Write{
			Service: "sso-admin", Operation: OpAssign, As: r.as(), Parameters: map[string]string{"TargetId": t.AccountID, "PermissionSet": adminSet, "Principal": r.SSOUserEmail},
			Effect: fmt.Sprintf("%s gets %s on %s; the permission set is made where there is none.", r.SSOUserEmail, adminSet, t.AccountID),
		}, Write{
			Service: "organizations", Operation: OpTag, As: r.as(), Parameters: map[string]string{"ResourceId": t.AccountID, "Tags." + TagOwner: r.SSOUserEmail},
			Effect: "The account's tags say whose it is.",
		})
	}
	return append(out, accessWrites(r, t)...)
}

func ownReleaseWrites(r Request, t Target) []Write {
	return []Write{{
		Service: "organizations", Operation: OpMove, As: r.as(), Parameters: map[string]string{"AccountId": t.AccountID, "DestinationParentId": "(the root)"},
		Effect: fmt.Sprintf("AWS Organizations moves account %s to the root; it stays open and its users keep their access.", t.AccountID),
	}, {
		Service: "organizations", Operation: OpUntag, As: r.as(), Parameters: map[string]string{"ResourceId": t.AccountID, "TagKeys": TagRequest + ", " + TagOwner},
		Effect: "The account is not the factory's any more.",
	}}
}
