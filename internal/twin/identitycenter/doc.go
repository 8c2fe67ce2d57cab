// Package identitycenter plays AWS IAM Identity Center as its administrators see it: the organization's one instance with
// its identity store (users, groups, memberships), permission sets and account assignments. It serves the APIs ssoadmin
// and identitystore. For the people in the store it keeps who is signed in, and serves sso and ssooidc; the pages where they
// sign in are elsewhere.
//
// An assignment joins a user or group, a permission set and an account. The first one of a set in an account makes the
// role AWSReservedSSO_<set>_<hash> there, the last one to go takes the role with it; between them the role shows the
// permission set as it was when last provisioned:
//
//	CreateAccountAssignment ──▶ request IN_PROGRESS ──▶ role (if not there yet), assignment ──▶ SUCCEEDED
//	ProvisionPermissionSet  ──▶ request IN_PROGRESS ──▶ role made anew from the set         ──▶ SUCCEEDED
//	DeleteAccountAssignment ──▶ request IN_PROGRESS ──▶ assignment gone; role gone with the last ──▶ SUCCEEDED
//
// A client gets a bearer token when a person has said yes on a page:
//
//	RegisterClient ──▶ StartDeviceAuthorization ──▶ Decide by the person    ──▶ CreateToken device_code
//	               └─▶ /authorize with PKCE     ──▶ Authorize by the person ──▶ CreateToken authorization_code
//	                                                                            └─▶ session: access and refresh token
//
// All of that follows the wall clock. The instance lives in the home Region and belongs to the management account; elsewhere there is none.
package identitycenter
