// Package policy has principals, IAM policy documents and their evaluation. It fails closed: what it does not understand
// does not allow.
//
// Parse reads a document once, with every pattern compiled; Validate says whether it may stand where it is to be attached;
// Evaluate asks all policies that bear on a request and gives a Decision, which explains itself. Evaluation goes like this:
//
//	explicit deny in any policy → denied
//	service control policies    → each level from the root to the account must allow (management account: exempt)
//	resource control policies   → the same, over the account that owns the resource
//	resource policy             → same account: may allow by itself; other account: must allow too
//	identity policies           → one must allow, unless the resource policy named the caller
//	boundary, session policies  → must allow too, unless the resource policy named the very user or session
//
// Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy element reference". Nothing here reads a clock, keeps
// state or knows a service.
package policy
