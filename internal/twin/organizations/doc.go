// Package organizations plays AWS Organizations: one organization with its root, organizational units, member accounts,
// policies of all types, trusted services, delegated administrators and the organization's own resource policy.
//
// An account is made and closed over time, each arrow an operation's step:
//
//	CreateAccount ─▶ IN_PROGRESS ─▶ SUCCEEDED: the account is ACTIVE in the root, and IAM knows it
//	                             └▶ FAILED, with one of AWS's reasons
//	CloseAccount  ─▶ PENDING_CLOSURE ─▶ CLOSED (Status SUSPENDED) ─▶ gone after 90 days; its e-mail stays taken
//
// Other services of the twin call the noun functions, which take the caller's transaction, and hear of what happens
// through OnCreated, OnMoved, OnClosed and OnGone, in the transaction in which it happens.
//
// Source: AWS Organizations API Reference and User Guide.
package organizations
