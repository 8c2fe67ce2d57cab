package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	smithy "github.com/aws/smithy-go/logging"
	"github.com/spf13/cobra"

	"accountfactory/internal/arn"
	"accountfactory/internal/server"
)

// credentials are the caller's: of the role or profile that was named; else for a local data folder of its management profile; else
// of AWS's usual chain. That there are some is seen at once.
func (a *app) credentials(cmd *cobra.Command, c *connection, region string) (aws.CredentialsProvider, error) {
	if c.as != "" {
		return a.roleCredentials(cmd, c)
	}
	load := []func(*config.LoadOptions) error{config.WithRegion(region), config.WithLogger(smithy.Nop{})} // its warnings are in the error too
	remedy := "give --as ACCOUNT/ROLE after accountfactory login, --profile NAME, or on the server's own machine --data"
	switch {
	case c.profile != "":
		load = append(load, config.WithSharedConfigProfile(c.profile))
		remedy = "see --profile " + c.profile
	case c.server == "":
		_, path, err := findTwin(c.data)
		if errors.Is(err, errNoTwin) { // on AWS the folder has no keys
			break
		}
		if err != nil {
			return nil, err
		}
		load = append(load, config.WithSharedCredentialsFiles([]string{path}), config.WithSharedConfigFiles([]string{}), config.WithSharedConfigProfile(server.ManagementProfile))
		remedy = "see " + path
	}
	found, err := loaded(cmd.Context(), load)
	if err != nil {
		return nil, fmt.Errorf("no AWS credentials to ask with: %s (%w)", remedy, err)
	}
	return found, nil
}

func loaded(ctx context.Context, load []func(*config.LoadOptions) error) (aws.CredentialsProvider, error) {
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, err
	}
	_, err = cfg.Credentials.Retrieve(ctx)
	return cfg.Credentials, err
}

// roleCredentials are of a role that the access portal gives to who signed in with login.
func (a *app) roleCredentials(cmd *cobra.Command, c *connection) (aws.CredentialsProvider, error) {
	account, role, found := strings.Cut(c.as, "/")
	switch {
	case c.profile != "":
		return nil, usageError("--as: give either this or --profile")
	case !found || !arn.IsAccountID(account) || role == "":
		return nil, usageError("--as: %q is not ACCOUNT/ROLE, such as 111122223333/AWSServiceCatalogEndUserAccess: `accountfactory roles` lists yours", c.as)
	}
	p := &portal{data: c.data, server: c.server}
	if err := a.find(cmd, p); err != nil {
		return nil, err
	}
	k, err := p.credentials(cmd.Context(), account, role)
	if err != nil {
		return nil, err
	}
	return credentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken), nil
}

// again is how the same server is found again in the same name, for a command that somebody copies.
func (c *connection) again() string {
	return again(flagText{"data", c.data, "data"}, flagText{"server", c.server, ""}, flagText{"profile", c.profile, ""}, flagText{"as", c.as, ""})
}

func (p *portal) again() string {
	return again(flagText{"data", p.data, "data"}, flagText{"server", p.server, ""})
}

// flagText is a flag with its value, and with the one that it has when it is not given.
type flagText struct{ name, value, without string }

func again(flags ...flagText) string {
	var b strings.Builder
	for _, f := range flags {
		if f.value != f.without {
			b.WriteString(" --" + f.name + " " + word(f.value))
		}
	}
	return b.String()
}

// word is a text as a shell takes it, in quotes where it needs them.
func word(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@+=,", r)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return quote(s)
}
