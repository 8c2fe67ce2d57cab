package identitycenter

import (
	"net/http"

	portal "github.com/aws/aws-sdk-go-v2/service/sso/types"
	oidc "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"accountfactory/internal/wire"
)

// Errors of sso. Both texts are AWS's, as users report them.

func unauthorized() error {
	return &portal.UnauthorizedException{Message: new("Session token not found or invalid")}
}

// noAccess is what AWS answers for every account and role that is not the bearer's, there or not.
func noAccess() error {
	return &wire.Error{Code: "ForbiddenException", Message: "No access", Status: http.StatusForbidden}
}

func afterInPortal(scope string, token *string) (string, error) {
	key, ok := wire.After(scope, token)
	if !ok {
		return "", &portal.InvalidRequestException{Message: new("Invalid next token")}
	}
	return key, nil
}

// Errors of sso-oidc; wire adds the OAuth code that each stands for.

func invalidRequest(m string) error     { return &oidc.InvalidRequestException{Message: &m} }
func invalidClient(m string) error      { return &oidc.InvalidClientException{Message: &m} }
func invalidGrant(m string) error       { return &oidc.InvalidGrantException{Message: &m} }
func invalidScope(m string) error       { return &oidc.InvalidScopeException{Message: &m} }
func unauthorizedClient(m string) error { return &oidc.UnauthorizedClientException{Message: &m} }
func unsupportedGrant(m string) error   { return &oidc.UnsupportedGrantTypeException{Message: &m} }
func expiredToken(m string) error       { return &oidc.ExpiredTokenException{Message: &m} }
func accessDenied(m string) error       { return &oidc.AccessDeniedException{Message: &m} }
func slowDown(m string) error           { return &oidc.SlowDownException{Message: &m} }
func invalidRedirect(m string) error    { return &oidc.InvalidRedirectUriException{Message: &m} }

func invalidClientMetadata(m string) error { return &oidc.InvalidClientMetadataException{Message: &m} }

func authorizationPending() error {
	return &oidc.AuthorizationPendingException{Message: new("The person has not decided yet.")}
}
