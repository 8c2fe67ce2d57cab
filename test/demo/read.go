package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// readBack reads the result with another client than ours: the machine's AWS CLI where there is one, else the raw SDK.
func (d *demo) readBack(ctx context.Context) error {
	client, read := "AWS CLI", d.outputsByCLI
	if _, err := exec.LookPath("aws"); err != nil {
		client, read = "Go SDK", d.outputsBySDK
	}
	outputs, err := read(ctx)
	if err != nil {
		return err
	}
	if outputs["AccountEmail"] != accountEmail || outputs["AccountId"] != d.accountID {
		return fmt.Errorf("the %s reads %v", client, outputs)
	}
	d.say("P12", "servicecatalog DescribeRecord ("+client+")", "%s %s", outputs["AccountId"], outputs["AccountEmail"])
	return nil
}

func (d *demo) outputsBySDK(ctx context.Context) (map[string]string, error) {
	r, err := d.clients(d.requester).Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: aws.String(d.product.record)})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range r.RecordOutputs {
		out[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return out, nil
}

func (d *demo) outputsByCLI(ctx context.Context) (map[string]string, error) {
	keys := d.requester.keys.Value
	cmd := exec.CommandContext(ctx, "aws", "--endpoint-url", d.server.AWS, "--region", d.server.Region, "--output", "json",
		"servicecatalog", "describe-record", "--id", d.product.record)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+keys.SecretAccessKey, "AWS_SESSION_TOKEN="+keys.SessionToken, "AWS_PAGER=")
	body, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return nil, fmt.Errorf("aws servicecatalog describe-record: %w", err)
	}
	var r struct {
		RecordOutputs []struct{ OutputKey, OutputValue string }
	}
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range r.RecordOutputs {
		out[o.OutputKey] = o.OutputValue
	}
	return out, nil
}

// ownerSignsIn: the SSO user named in the launch has an invitation, and finds the account with administrative access.
func (d *demo) ownerSignsIn(ctx context.Context) (err error) {
	if d.owner, err = d.signIn(ctx, "done", ownerEmail); err != nil {
		return err
	}
	all, err := d.accounts(ctx, d.owner)
	if err != nil {
		return err
	}
	if len(all) != 1 || aws.ToString(all[0].AccountId) != d.accountID {
		return fmt.Errorf("the owner's portal shows %v, want account %s alone", all, d.accountID)
	}
	if err := d.open(ctx, d.owner, d.accountID, ownerRole); err != nil {
		return err
	}
	d.say("done", "sso ListAccounts, GetRoleCredentials", "%s with %s", d.accountID, ownerRole)
	return nil
}

// ownerWorks: with the owner's credentials alone, a write succeeds in the account, and nothing in another.
func (d *demo) ownerWorks(ctx context.Context) error {
	c := d.clients(d.owner)
	who, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return err
	}
	if aws.ToString(who.Account) != d.accountID || !strings.Contains(aws.ToString(who.Arn), "AWSReservedSSO_"+ownerRole) {
		return fmt.Errorf("the owner is %s", aws.ToString(who.Arn))
	}
	d.say("done", "sts GetCallerIdentity", "%s", aws.ToString(who.Arn))
	user, err := c.IAM.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("deployer")})
	if err != nil {
		return err
	}
	d.say("done", "iam CreateUser", "%s", aws.ToString(user.User.Arn))
	_, err = c.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + d.server.Account + ":role/AccountFactoryExecution"), RoleSessionName: aws.String("elsewhere"),
	})
	var denied smithy.APIError
	if !errors.As(err, &denied) || denied.ErrorCode() != "AccessDenied" {
		return fmt.Errorf("the owner in another account: %w", err)
	}
	d.say("done", "sts AssumeRole in the management account", "%s", denied.ErrorCode())
	return nil
}
