package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
)

// manyRoles bounds what one session keeps open; beyond it any other is forgotten and opened anew when it is used.
const manyRoles = 64

// opened is a role in an account that a person has opened. Its lock lets one at a time ask for credentials.
type opened struct {
	mu      sync.Mutex
	keys    aws.Credentials
	seen    time.Time                 // when the portal last said that the person has the role
	clients map[string]*cloud.Clients // by Region
	caller  *sts.GetCallerIdentityOutput
}

// manyRegions bounds the clients kept of one role.
const manyRegions = 8

// early is how long before their end credentials are replaced.
const early = 5 * time.Minute

// place is a role in an account and a Region.
type place struct{ account, role, region string }

// inside does work in a role that a person has. Where AWS takes its credentials no more, as when a twin went back to a state of
// before them, it is done again with others: what was refused has not been done.
func (c *Console) inside(ctx context.Context, one *session, at place, work func(*cloud.Clients, *opened) error) error {
	for again := false; ; again = true {
		clients, o, err := c.as(ctx, one, at)
		if err != nil {
			return err
		}
		err = work(clients, o)
		if !stale(err) {
			return err
		}
		o.forget()
		if again {
			return err
		}
	}
}

// stale tells whether AWS no longer takes credentials that should be good.
func stale(err error) bool {
	switch codeOf(err) {
	case "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException":
		return true
	}
	return false
}

func codeOf(err error) string {
	var (
		shown  *apiError
		lab    *cloud.LabError
		theirs smithy.APIError
	)
	switch {
	case errors.As(err, &shown):
		return shown.Code
	case errors.As(err, &lab):
		return lab.Code
	case errors.As(err, &theirs):
		return theirs.ErrorCode()
	}
	return ""
}

// as gives clients with the credentials of a role that a person has. Returns AWS's refusal when they have it not, or no more.
func (c *Console) as(ctx context.Context, one *session, at place) (*cloud.Clients, *opened, error) {
	o := one.live.roles.Of(at.account+"/"+at.role, manyRoles)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := c.confirm(ctx, one, o, at); err != nil {
		return nil, nil, inAWSsWords(err)
	}
	clients, found := o.clients[at.region]
	if !found {
		if len(o.clients) >= manyRegions || o.clients == nil {
			o.clients = map[string]*cloud.Clients{}
		}
		clients = c.config.Cloud.AsIn(aws.CredentialsProviderFunc(o.retrieve), at.region)
		o.clients[at.region] = clients
	}
	return clients, o, nil
}

// confirm sees that the person still has the role, and gets credentials where there are none, or not for long. Whoever holds o's
// lock may ask.
func (c *Console) confirm(ctx context.Context, one *session, o *opened, at place) error {
	now := c.clock.Now()
	good := o.keys.AccessKeyID != "" && !now.Add(early).After(o.keys.Expires)
	if good && now.Sub(o.seen) <= c.sessions.aliveFor {
		return nil
	}
	if good {
		names, err := c.access(one).Roles(ctx, one.Tokens.Access, at.account)
		if err != nil {
			return err
		}
		good = slices.Contains(names, at.role)
	}
	if !good {
		keys, err := c.access(one).Credentials(ctx, one.Tokens.Access, at.account, at.role)
		if err != nil {
			return err
		}
		o.keys = keys
	}
	o.seen, o.caller = now, nil // whose they are is asked anew: the role itself may be gone
	return nil
}

func (o *opened) retrieve(context.Context) (aws.Credentials, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.keys, nil
}

// forget drops credentials that AWS no longer takes, so that the next call gets others.
func (o *opened) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keys = aws.Credentials{}
}

// whose asks AWS who the role's credentials are, once for each time that the role is seen to be theirs.
func (o *opened) whose(ctx context.Context, clients *cloud.Clients) (*sts.GetCallerIdentityOutput, error) {
	o.mu.Lock()
	known, key := o.caller, o.keys.AccessKeyID
	o.mu.Unlock()
	if known != nil {
		return known, nil
	}
	who, err := clients.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, inAWSsWords(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.keys.AccessKeyID == key {
		o.caller = who
	}
	return who, nil
}

// roleHeader names the opened role in which a person calls the factory: account/role.
const roleHeader = "X-Accountfactory-Role"

// openedRole reads account/role.
func (c *Console) openedRole(name string) (place, error) {
	account, role, found := strings.Cut(name, "/")
	if !found || !accountPattern.MatchString(account) || !rolePattern.MatchString(role) {
		return place{}, &apiError{status: http.StatusBadRequest, Code: "RoleRequired", Message: "say in the header " + roleHeader + " as whom you call: account/role"}
	}
	return place{account, role, c.config.About.Region}, nil
}

// inRole makes the caller of the factory from a session and a role that its person has: the same as a voucher made with
// the role's credentials would.
func (c *Console) inRole(ctx context.Context, one *session, name string) (caller, error) {
	at, err := c.openedRole(name)
	if err != nil {
		return caller{}, err
	}
	var who *sts.GetCallerIdentityOutput
	err = c.inside(ctx, one, at, func(clients *cloud.Clients, o *opened) error {
		who, err = o.whose(ctx, clients)
		return err
	})
	if err != nil {
		return caller{}, err
	}
	return caller{c.callerOf(aws.ToString(who.Arn), aws.ToString(who.Account)), rolePaths{c, one, at}}, nil
}

// rolePaths asks for launch paths in an opened role.
type rolePaths struct {
	c   *Console
	one *session
	at  place
}

// ListLaunchPaths makes rolePaths a factory.LaunchPaths.
func (p rolePaths) ListLaunchPaths(ctx context.Context, in *servicecatalog.ListLaunchPathsInput, opts ...func(*servicecatalog.Options)) (out *servicecatalog.ListLaunchPathsOutput, err error) {
	err = p.c.inside(ctx, p.one, p.at, func(clients *cloud.Clients, _ *opened) error {
		out, err = clients.ServiceCatalog.ListLaunchPaths(ctx, in, opts...)
		return err
	})
	return out, err
}
