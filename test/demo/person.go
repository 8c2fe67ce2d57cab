package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/test/harness"
)

// person is somebody with a browser and an AWS client.
type person struct {
	email   string
	browser *harness.Browser
	token   string                                // of the access portal
	keys    credentials.StaticCredentialsProvider // of the role that was opened
}

// clients gives AWS clients with the role the person has opened.
func (d *demo) clients(p *person) *harness.Clients { return d.server.With(p.keys) }

func (d *demo) config() aws.Config {
	return aws.Config{Region: d.server.Region, BaseEndpoint: aws.String(d.server.AWS)}
}

// signIn takes the invitation from the outbox, chooses a password on the page, and signs a client in by device code.
func (d *demo) signIn(ctx context.Context, step, email string) (*person, error) {
	link, err := d.server.Mailed(ctx, email)
	if err != nil {
		return nil, err
	}
	p := &person{email: email, browser: harness.NewBrowser(d.server.Console)}
	if _, err := p.browser.Get(ctx, link); err != nil {
		return nil, err
	}
	const password = "Correct-Horse-7"
	page, err := p.browser.Submit(ctx, "choose", map[string]string{"password": password, "again": password})
	if err != nil {
		return nil, err
	}
	if page.Status != http.StatusOK || page.Alert() != "" {
		return nil, fmt.Errorf("choose a password: %d %s", page.Status, page.Alert())
	}
	d.say(step, "outbox, then the page of the invitation", "%s chose a password and is signed in", email)
	return p, d.deviceCode(ctx, step, p)
}

// deviceCode signs a client in as AWS's clients do: it shows a code, the person approves it in the browser.
func (d *demo) deviceCode(ctx context.Context, step string, p *person) error {
	oidc := ssooidc.NewFromConfig(d.config())
	client, err := oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{ClientName: aws.String("demo"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"}})
	if err != nil {
		return err
	}
	device, err := oidc.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: client.ClientId, ClientSecret: client.ClientSecret, StartUrl: aws.String(d.server.Console + "/start"),
	})
	if err != nil {
		return err
	}
	if _, err := p.browser.Get(ctx, aws.ToString(device.VerificationUriComplete)); err != nil {
		return err
	}
	if _, err := p.browser.Submit(ctx, "approve", map[string]string{"decision": "allow"}); err != nil {
		return err
	}
	token, err := oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
		ClientId: client.ClientId, ClientSecret: client.ClientSecret, DeviceCode: device.DeviceCode,
		GrantType: aws.String("urn:ietf:params:oauth:grant-type:device_code"),
	})
	if err != nil {
		return err
	}
	p.token = aws.ToString(token.AccessToken)
	d.say(step, "sso-oidc StartDeviceAuthorization, CreateToken", "code %s approved in the browser", aws.ToString(device.UserCode))
	return nil
}

func (d *demo) accounts(ctx context.Context, p *person) ([]types.AccountInfo, error) {
	out, err := sso.NewFromConfig(d.config()).ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: aws.String(p.token)})
	if err != nil {
		return nil, err
	}
	return out.AccountList, nil
}

// open takes credentials of a role in an account.
func (d *demo) open(ctx context.Context, p *person, accountID, role string) error {
	portal := sso.NewFromConfig(d.config())
	roles, err := portal.ListAccountRoles(ctx, &sso.ListAccountRolesInput{AccessToken: aws.String(p.token), AccountId: aws.String(accountID)})
	if err != nil {
		return err
	}
	out, err := portal.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: aws.String(p.token), AccountId: aws.String(accountID), RoleName: aws.String(role)})
	if err != nil {
		return fmt.Errorf("%d roles, %s not among them: %w", len(roles.RoleList), role, err)
	}
	c := out.RoleCredentials
	p.keys = credentials.NewStaticCredentialsProvider(aws.ToString(c.AccessKeyId), aws.ToString(c.SecretAccessKey), aws.ToString(c.SessionToken))
	return nil
}
