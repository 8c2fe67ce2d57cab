// Package signin serves the pages where people sign in to the twin's Identity Center: invitation, password, second factor,
// their own sessions and devices, and the pages that let a waiting client in.
//
// Nobody is signed in before every step that the policy asks for is done. Between the steps an attempt stands for them,
// with a cookie of its own that is good for nothing else:
//
//	user name, password ──▶ attempt: second factor ──▶ attempt: new password ──▶ session, new cookie ──▶ next page
//	invitation, new password ──▶ attempt: second factor ────────────────────────┘
//
// A page is a form and needs no script, passkeys excepted, for which browsers have nothing else. Everything here follows
// the wall clock. Everything that is secret is kept as a hash, but for TOTP secrets, which cannot be.
package signin
