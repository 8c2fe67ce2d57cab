package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cloud"
)

// Directory tells who has signed in: the portal's API for clients does not.
type Directory interface {
	// Who gives whose an access token is, and when their sign-in ends. Returns an error wrapping cloud.ErrSignedOut.
	Who(ctx context.Context, access string) (User, time.Time, error)
}

// TwinDirectory asks the twin's administration.
type TwinDirectory struct{ Lab *cloud.Lab }

// Who asks whose the token is.
func (d TwinDirectory) Who(ctx context.Context, access string) (User, time.Time, error) {
	var out struct {
		User    User      `json:"user"`
		Expires time.Time `json:"expires"`
	}
	err := d.Lab.Do(ctx, http.MethodPost, "/_twin/admin/whoami", map[string]string{"accessToken": access}, &out)
	return out.User, out.Expires, err
}

// RoleDirectory asks AWS: the session of any role that a person opens is named after them. Source: IAM Identity Center user
// guide, "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and AWS KMS key policies".
type RoleDirectory struct {
	Portal PortalAccess
	Cloud  *cloud.Cloud
	Region string
}

// Who opens the first role there is. When the sign-in ends AWS does not say.
func (d RoleDirectory) Who(ctx context.Context, access string) (User, time.Time, error) {
	accounts, err := d.Portal.Accounts(ctx, access)
	if err != nil {
		return User{}, time.Time{}, err
	}
	for _, a := range accounts {
		roles, err := d.Portal.Roles(ctx, access, a.ID)
		if err != nil {
			return User{}, time.Time{}, err
		}
		if len(roles) > 0 {
			name, err := d.name(ctx, access, a.ID, roles[0])
			return User{ID: name, UserName: name, DisplayName: name}, time.Time{}, err
		}
	}
	return User{}, time.Time{}, errNoAccounts
}

func (d RoleDirectory) name(ctx context.Context, access, account, role string) (string, error) {
	keys, err := d.Portal.Credentials(ctx, access, account, role)
	if err != nil {
		return "", err
	}
	provider := credentials.StaticCredentialsProvider{Value: keys}
	who, err := d.Cloud.AsIn(provider, d.Region).STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", err
	}
	name := aws.ToString(who.Arn)
	return name[strings.LastIndex(name, "/")+1:], nil
}
