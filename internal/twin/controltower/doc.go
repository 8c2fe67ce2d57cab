// Package controltower plays AWS Control Tower: the landing zone, baselines, controls, and Account Factory behind the
// Service Catalog product. An account goes through these steps, each a transaction when it is due; what fails one of them
// fails the record, and leaves what exists so far to be adopted by the next try:
//
//	Start ─▶ create-account ─▶ (Organizations) ─▶ move-account ─▶ baseline ─▶ sso-user ─▶ assign ─▶ (Identity Center) ─▶ finish
//	             └──────── the account exists already: adopted ──────┘
//
// A failure from move-account on is remedied first, its record IN_PROGRESS_IN_ERROR meanwhile:
//
//	… ─▶ remediate
//
// While one is under way the account's enabled baseline is UNDER_CHANGE, as in AWS. What the API itself begins is a Work row:
//
//	landing zone   prepare ─▶ deploy
//	OU             precheck ─▶ organizational-unit ─▶ account ─▶ account ─▶ …
//	control        control
//
// What may run side by side is in lane.go, what can go wrong in failure.go and condition.go, what others change behind
// Control Tower's back in drift.go.
package controltower
