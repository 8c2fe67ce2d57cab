package console

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cloud"
)

// manyRoles bounds what one session keeps open; beyond it any other is forgotten and opened anew when it is used.
const manyRoles = 64

// opened is a role in an account that a person has opened. Its lock lets one at a time ask for credentials.
type opened struct {
	mu      sync.Mutex
	keys    aws.Credentials
	clients map[string]*cloud.Clients // by Region
	caller  *sts.GetCallerIdentityOutput
}

// manyRegions bounds the clients kept of one role.
const manyRegions = 8

// early is how long before their end credentials are replaced.
const early = 5 * time.Minute

// as gives clients with the credentials of a role that a person has. Returns AWS's refusal when they have it not.
func (c *Console) as(ctx context.Context, one *session, account, role, region string) (*cloud.Clients, *opened, error) {
	o := one.live.roles.Of(account+"/"+role, manyRoles)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.keys.AccessKeyID == "" || c.clock.Now().Add(early).After(o.keys.Expires) {
		keys, err := c.access(one).Credentials(ctx, one.Tokens.Access, account, role)
		if err != nil {
			return nil, nil, inAWSsWords(err)
		}
		o.keys, o.caller = keys, nil
	}
	clients, found := o.clients[region]
	if !found {
		if len(o.clients) >= manyRegions || o.clients == nil {
			o.clients = map[string]*cloud.Clients{}
		}
		clients = c.config.Cloud.AsIn(aws.CredentialsProviderFunc(o.retrieve), region)
		o.clients[region] = clients
	}
	return clients, o, nil
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

// whose asks AWS who the role's credentials are, once for each of them.
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
func openedRole(name string) (account, role string, err error) {
	account, role, found := strings.Cut(name, "/")
	if !found || !accountPattern.MatchString(account) || !rolePattern.MatchString(role) {
		return "", "", &apiError{status: http.StatusBadRequest, Code: "RoleRequired", Message: "say in the header " + roleHeader + " as whom you call: account/role"}
	}
	return account, role, nil
}

// inRole makes the caller of the factory from a session and a role that its person has: the same as a voucher made with
// the role's credentials would.
func (c *Console) inRole(ctx context.Context, one *session, name string) (caller, error) {
	account, role, err := openedRole(name)
	if err != nil {
		return caller{}, err
	}
	clients, o, err := c.as(ctx, one, account, role, c.config.About.Region)
	if err != nil {
		return caller{}, err
	}
	who, err := o.whose(ctx, clients)
	if err != nil {
		return caller{}, err
	}
	return caller{c.callerOf(aws.ToString(who.Arn), aws.ToString(who.Account)), clients.ServiceCatalog}, nil
}
