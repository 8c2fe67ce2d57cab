package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// PortalAccess is what a person's access token is good for.
type PortalAccess interface {
	Accounts(ctx context.Context, access string) ([]cloud.PortalAccount, error)
	Roles(ctx context.Context, access, account string) ([]string, error)
	Credentials(ctx context.Context, access, account, role string) (aws.Credentials, error)
}

// withRoles gives the session of somebody who has roles of AWS.
func (c *Console) withRoles(r *http.Request) (*session, error) {
	one, err := c.sessions.of(r, false)
	if err != nil {
		return nil, err
	}
	if !one.hasRoles() {
		return nil, &apiError{
			status: http.StatusForbidden, Code: "NoAWSRoles",
			Message: "you signed in at " + hostOf(one.Member.Issuer) + ", which gives you no roles in AWS: accounts are asked for and followed here, and what is in them opens in AWS's own console",
		}
	}
	return one, nil
}

// person serves a handler to people who are signed in and have roles of AWS.
func (c *Console) person(h func(*http.Request, *session) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		one, err := c.withRoles(r)
		var out answer
		if err == nil {
			out, err = h(r, one)
			err = c.sessions.after(r.Context(), one, err)
		}
		c.write(w, r, out, err)
	})
}

// after drops the session of somebody whose token turned out to be good for nothing any more.
func (s *sessions) after(ctx context.Context, one *session, err error) error {
	if one != nil && errors.Is(err, cloud.ErrSignedOut) {
		return s.ended(ctx, one.hash, err)
	}
	return err
}

// whoAmI tells the page who is signed in, and to what.
func (c *Console) whoAmI(r *http.Request) (answer, error) {
	one, err := c.sessions.of(r, true)
	if err != nil {
		return answer{}, err
	}
	about := c.aboutNow()
	var role factory.Role
	if !one.hasRoles() {
		role = c.asMember(one).Standing()
	}
	return ok(struct {
		User              User         `json:"user"`
		ExpiresAt         time.Time    `json:"expiresAt"`
		SignIn            string       `json:"signIn"`
		AWSRoles          bool         `json:"awsRoles"`
		FactoryRole       factory.Role `json:"factoryRole,omitempty"`
		Cloud             string       `json:"cloud"`
		Region            string       `json:"region"`
		ManagementAccount string       `json:"managementAccount"`
		OrganizationID    string       `json:"organizationId"`
		IdentitySource    string       `json:"identitySource"`
		Version           string       `json:"version"`
		ConsoleURL        string       `json:"consoleUrl,omitempty"`
		PortalURL         string       `json:"portalUrl,omitempty"`
	}{
		one.User, one.Expires, one.Way, one.hasRoles(), role, about.Cloud, about.Region, about.Account, about.OrganizationID, about.IdentitySource,
		about.Version, about.ConsoleURL, about.PortalURL,
	}), nil
}

type portalAccount struct {
	ID         string `json:"accountId"`
	Name       string `json:"name"`
	Email      string `json:"email"`
	Management bool   `json:"management"`
}

func (c *Console) portalAccounts(r *http.Request, one *session) (answer, error) {
	found, err := c.access(one).Accounts(r.Context(), one.Tokens.Access)
	if err != nil {
		return answer{}, inAWSsWords(err)
	}
	out := make([]portalAccount, len(found))
	for i, a := range found {
		out[i] = portalAccount{a.ID, a.Name, a.Email, a.ID == c.config.About.Account}
	}
	return ok(map[string]any{"accounts": out}), nil
}

func (c *Console) portalRoles(r *http.Request, one *session) (answer, error) {
	found, err := c.access(one).Roles(r.Context(), one.Tokens.Access, r.PathValue("account"))
	if err != nil {
		return answer{}, inAWSsWords(err)
	}
	type role struct {
		Name string `json:"name"`
	}
	out := make([]role, len(found))
	for i, name := range found {
		out[i] = role{name}
	}
	return ok(map[string]any{"roles": out}), nil
}

// portalKeys gives a person keys they asked for, made for that: they last as long as AWS lets them. They are in no log
// and in no store of ours.
func (c *Console) portalKeys(r *http.Request, one *session) (answer, error) {
	keys, err := c.access(one).Credentials(r.Context(), one.Tokens.Access, r.PathValue("account"), r.PathValue("role"))
	if err != nil {
		return answer{}, inAWSsWords(err)
	}
	return ok(struct {
		AccessKeyID     string    `json:"accessKeyId"`
		SecretAccessKey string    `json:"secretAccessKey"`
		SessionToken    string    `json:"sessionToken"`
		Expiration      time.Time `json:"expiration"`
		Region          string    `json:"region"`
	}{keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken, keys.Expires, c.config.About.Region}), nil
}

// inAWSsWords gives AWS's refusals with their status, code and message. What is not AWS's stays as it is, and so does the
// end of a sign-in.
func inAWSsWords(err error) error {
	var refused smithy.APIError
	var params smithy.InvalidParamsError // what the SDK itself finds missing
	switch {
	case err == nil || errors.Is(err, cloud.ErrSignedOut):
		return err
	case errors.As(err, &refused):
		return &apiError{status: statusOf(err), Code: refused.ErrorCode(), Message: refused.ErrorMessage()}
	case errors.As(err, &params):
		return &apiError{status: http.StatusBadRequest, Code: "ValidationException", Message: params.Error()}
	}
	return &factory.UnavailableError{Reason: "AWS did not answer", Err: err}
}

// statusOf gives the status AWS answered with.
func statusOf(err error) int {
	var answered interface{ HTTPStatusCode() int }
	if errors.As(err, &answered) && answered.HTTPStatusCode() >= http.StatusBadRequest {
		return answered.HTTPStatusCode()
	}
	return http.StatusBadGateway
}
