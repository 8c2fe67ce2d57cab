//go:build pins

// Package accountfactory holds no code. This file, never built, keeps the modules that were proven together pinned in
// go.mod also while the part that will use them is not there yet.
package accountfactory

import (
	_ "github.com/coreos/go-oidc/v3/oidc"
	_ "github.com/go-webauthn/webauthn/webauthn"
	_ "github.com/jackc/pgx/v5"
	_ "github.com/pquerna/otp/totp"
	_ "github.com/prometheus/client_golang/prometheus"
	_ "github.com/riverqueue/river/riverdriver/riverpgxv5"
	_ "github.com/wneessen/go-mail"
	_ "golang.org/x/crypto/argon2"
	_ "golang.org/x/oauth2"
)
