package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// ExecutionRole is the role by which Control Tower works inside an account. It trusts the management account.
// Source: Control Tower user guide, "How AWS Control Tower works with roles to create and manage accounts".
const ExecutionRole = "AWSControlTowerExecution"

// STS's bounds of a session under a role nobody gave another maximum.
const (
	shortest = 15 * time.Minute
	longest  = time.Hour
)

// Environment gives the variables by which AWS's tools work inside a member account, under Control Tower's role, for a
// while of at most an hour. The session is begun by the management credentials: one under the factory's role has a source
// identity, which stays with the sessions that follow, and Control Tower's role does not allow any. Source: IAM user guide,
// "Monitor and control actions taken with assumed roles".
func (c *Cloud) Environment(ctx context.Context, accountID, session string, lasting time.Duration) ([]string, error) {
	out, err := c.management.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + accountID + ":role/" + ExecutionRole), RoleSessionName: &session,
		DurationSeconds: aws.Int32(int32(min(max(lasting, shortest), longest).Seconds())),
	})
	if err != nil {
		return nil, fmt.Errorf("assume %s in %s: %w", ExecutionRole, accountID, err)
	}
	env := []string{
		"AWS_ACCESS_KEY_ID=" + aws.ToString(out.Credentials.AccessKeyId), "AWS_SECRET_ACCESS_KEY=" + aws.ToString(out.Credentials.SecretAccessKey),
		"AWS_SESSION_TOKEN=" + aws.ToString(out.Credentials.SessionToken), "AWS_REGION=" + c.cfg.Region, "AWS_DEFAULT_REGION=" + c.cfg.Region,
	}
	if c.cfg.Endpoint != "" {
		env = append(env, "AWS_ENDPOINT_URL="+c.cfg.Endpoint)
	}
	return env, nil
}
