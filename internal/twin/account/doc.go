// Package account plays AWS Account Management: an account's name, its contacts, its Regions and its primary e-mail, for
// the account itself and, from the management account or a delegated administrator, for members of the organization.
//
// What takes time:
//
//	EnableRegion  ─▶ ENABLING  ─▶ ENABLED
//	DisableRegion ─▶ DISABLING ─▶ DISABLED
//	StartPrimaryEmailUpdate ─▶ PENDING, a code is mailed to the new address
//	AcceptPrimaryEmailUpdate ─▶ ACCEPTED ─▶ COMPLETED: the account has the new e-mail
//	                                     └▶ FAILED: somebody took it meanwhile
//
// Names, e-mails and who is a member are the organization's; this service asks and tells it.
//
// Source: AWS Account Management Reference Guide.
package account
