package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/test/harness"
)

// readBack reads the account with another client than ours: the machine's AWS CLI where there is one, else the raw SDK.
func (d *demo) readBack(ctx context.Context) error {
	if _, err := exec.LookPath("aws"); err != nil {
		out, err := d.admin.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: aws.String(d.accountID)})
		if err != nil {
			return err
		}
		d.say("organizations DescribeAccount (Go SDK)", "%s %s %s", aws.ToString(out.Account.Id), aws.ToString(out.Account.Email), out.Account.State)
		return nil
	}
	cmd := exec.CommandContext(ctx, "aws", "--endpoint-url", d.server.AWS, "--region", d.server.Region, "--output", "json",
		"organizations", "describe-account", "--account-id", d.accountID)
	cmd.Env = append(os.Environ(), "AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(d.server.Data, "credentials"), "AWS_PROFILE=management", "AWS_PAGER=")
	body, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("aws organizations describe-account: %w", err)
	}
	var out struct {
		Account struct{ ID, Email, Status string }
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return err
	}
	if out.Account.ID != d.accountID || out.Account.Email != accountEmail || out.Account.Status != "ACTIVE" {
		return fmt.Errorf("the AWS CLI reads %+v", out.Account)
	}
	d.say("organizations DescribeAccount (AWS CLI)", "%s %s %s", out.Account.ID, out.Account.Email, out.Account.Status)
	return nil
}

// readAccess counts who has access: the owner and three groups.
func (d *demo) readAccess(ctx context.Context) error {
	instances, err := d.admin.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return err
	}
	instance := instances.Instances[0].InstanceArn
	sets, err := d.admin.SSOAdmin.ListPermissionSetsProvisionedToAccount(ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: aws.String(d.accountID)})
	if err != nil {
		return err
	}
	kinds := map[string]int{}
	for _, set := range sets.PermissionSets {
		out, err := d.admin.SSOAdmin.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, AccountId: aws.String(d.accountID), PermissionSetArn: aws.String(set)})
		if err != nil {
			return err
		}
		for _, a := range out.AccountAssignments {
			kinds[string(a.PrincipalType)]++
		}
	}
	if kinds["USER"] != 1 || kinds["GROUP"] != 3 {
		return fmt.Errorf("assignments %v, want 1 user and 3 groups", kinds)
	}
	d.say("sso-admin ListAccountAssignments", "1 user and 3 groups have access")
	return nil
}

// readMail looks for the owner's invitation in the outbox.
func (d *demo) readMail(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		files, err := filepath.Glob(filepath.Join(d.server.Data, "outbox", "*.txt"))
		if err != nil {
			return false, err
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				return false, err
			}
			if strings.HasPrefix(string(body), "To: "+ownerEmail+"\n") {
				d.say("outbox", "%s", strings.SplitN(string(body), "\n", 3)[1])
				return true, nil
			}
		}
		return false, nil
	})
}

// readEvent shows the lifecycle event that automation waits for.
func (d *demo) readEvent(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, d.binary, "lab", "events", "--data", d.server.Data).Output()
	if err != nil {
		return fmt.Errorf("accountfactory lab events: %w", err)
	}
	var events struct {
		Events []struct {
			Detail struct{ EventName string }
		}
	}
	if err := json.Unmarshal(out, &events); err != nil {
		return err
	}
	last := events.Events[len(events.Events)-1].Detail.EventName
	if last != "CreateManagedAccount" {
		return fmt.Errorf("the last event is %s, want CreateManagedAccount", last)
	}
	d.say("accountfactory lab events", "%s", last)
	return nil
}
