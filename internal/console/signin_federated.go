package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
)

// A broker of one's own turns credentials of a role into a link, and the link opens the role here, as it does at AWS. Source:
// IAM User Guide, "Enable custom identity broker access to the AWS console". The twin takes the link and leads on with a code,
// which this side redeems: nothing secret is in an address for longer than that.

// federatedPath is where the twin leads to.
const federatedPath = flowPath + "/" + wayFederated

// EntryURL is where the console at an address takes people in who come by a federation link.
func EntryURL(base string) string { return base + federatedPath }

// Entry is a role that a link has opened.
type Entry struct {
	AccountID       string    `json:"accountId"`
	Role            string    `json:"role"`
	ARN             string    `json:"arn"`
	UserID          string    `json:"userId"`
	AccessKeyID     string    `json:"accessKeyId"`
	SecretAccessKey string    `json:"secretAccessKey"`
	SessionToken    string    `json:"sessionToken"`
	Expires         time.Time `json:"expires"`
}

// Entrance redeems codes of federation links.
type Entrance interface {
	// Enter gives what a code leads to, once. Returns an error wrapping cloud.ErrSignedOut for one that leads nowhere.
	Enter(ctx context.Context, code string) (Entry, error)
	// Leave ends the session of an entry, there and in the browser. One that has ended is no error.
	Leave(ctx context.Context, accessKeyID string) error
}

// Enter asks the twin what a code leads to.
func (d TwinDirectory) Enter(ctx context.Context, code string) (e Entry, err error) {
	err = d.Lab.Do(ctx, http.MethodPost, "/_twin/admin/console-entry", map[string]string{"code": code}, &e)
	var refused *cloud.LabError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return e, errors.Join(cloud.ErrSignedOut, err)
	}
	return e, err
}

// Leave tells the twin that somebody has signed out.
func (d TwinDirectory) Leave(ctx context.Context, accessKeyID string) error {
	err := d.Lab.Do(ctx, http.MethodDelete, "/_twin/admin/console-entry/"+url.PathEscape(accessKeyID), nil, nil)
	var refused *cloud.LabError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return nil
	}
	return err
}

// openRole is the one role of a session that began with a link: nobody is signed in at the portal, so it is asked nothing.
type openRole struct {
	Account string          `json:"account"`
	Name    string          `json:"name"`
	Keys    aws.Credentials `json:"keys"`
}

// fromFederation lets a browser in that comes by a link, with the role that the link has opened.
func (c *Console) fromFederation(w http.ResponseWriter, r *http.Request) error {
	if c.config.Entrance == nil || c.sessions == nil {
		return errNoWay
	}
	e, err := c.config.Entrance.Enter(r.Context(), r.URL.Query().Get("code"))
	if err != nil {
		return flow{}.leading(err) // the page that a link names may be AWS's
	}
	if !accountPattern.MatchString(e.AccountID) || !rolePattern.MatchString(e.Role) {
		return errNoWay
	}
	name := e.ARN[strings.LastIndex(e.ARN, "/")+1:]
	one := &session{
		Way: wayFederated, User: User{ID: e.UserID, UserName: name, DisplayName: name}, Begun: c.clock.Now(), Expires: e.Expires,
		Role: &openRole{e.AccountID, e.Role, aws.Credentials{
			AccessKeyID: e.AccessKeyID, SecretAccessKey: e.SecretAccessKey, SessionToken: e.SessionToken, CanExpire: true, Expires: e.Expires,
		}},
	}
	return c.letIn(w, r, one, one.Role.page(r.URL.Query().Get("return")))
}

// pageOf gives our page for a service of AWS's console, by the first part of its addresses there; "" is the home page.
func pageOf(service string) string {
	switch service {
	case "servicecatalog":
		return "/servicecatalog/products"
	case "controltower":
		return "/controltower"
	case "organizations":
		return "/controltower/organization"
	case "singlesignon":
		return "/identitycenter/users"
	}
	return ""
}

// page gives the page that a link leads to, within the role that it opens: the service's where the link names one of AWS's.
func (o *openRole) page(destination string) string {
	home := "/console/" + o.Account + "/" + url.PathEscape(o.Name)
	to := localPath(destination)
	if to == home || strings.HasPrefix(to, home+"/") || strings.HasPrefix(to, home+"?") {
		return to
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(to, "/"), "/")
	return home + pageOf(service)
}

// Accounts makes openRole a PortalAccess: its account is the only one.
func (o *openRole) Accounts(context.Context, string) ([]cloud.PortalAccount, error) {
	return []cloud.PortalAccount{{ID: o.Account, Name: o.Account}}, nil
}

// Roles gives the one role.
func (o *openRole) Roles(_ context.Context, _, account string) ([]string, error) {
	if account != o.Account {
		return nil, o.refused()
	}
	return []string{o.Name}, nil
}

// Credentials gives those that the link opened the role with.
func (o *openRole) Credentials(_ context.Context, _, account, role string) (aws.Credentials, error) {
	if account != o.Account || role != o.Name {
		return aws.Credentials{}, o.refused()
	}
	return o.Keys, nil
}

// refused is what the portal says of roles that a person has not.
func (o *openRole) refused() error {
	return noAccess{&smithy.GenericAPIError{Code: "ForbiddenException", Message: "No access: the link opened " + o.Name + " in account " + o.Account + ", and nothing else"}}
}

// noAccess is the portal's refusal of a role, with its status.
type noAccess struct{ *smithy.GenericAPIError }

// HTTPStatusCode is the status that the portal refuses with.
func (noAccess) HTTPStatusCode() int { return http.StatusForbidden }

// access gives what knows a person's accounts and roles.
func (c *Console) access(one *session) PortalAccess {
	if one.Role != nil {
		return one.Role
	}
	return c.config.Portal
}
