package cloud

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
)

// ConsoleURL gives AWS's own console in a Region. Source: AWS Management Console user guide, and those of the partitions.
func ConsoleURL(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "https://" + region + ".console.amazonaws.cn/"
	case strings.HasPrefix(region, "us-gov-"):
		return "https://" + region + ".console.amazonaws-us-gov.com/"
	}
	return "https://" + region + ".console.aws.amazon.com/"
}

// StartURL gives the address of Identity Center's access portal: the one that every instance has, whether or not people
// use another for it. Source: IAM Identity Center user guide, "Customizing the AWS access portal URL".
func (c *Cloud) StartURL(ctx context.Context) (string, error) {
	out, err := c.management.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return "", err
	}
	for _, i := range out.Instances {
		if id := aws.ToString(i.IdentityStoreId); id != "" && (aws.ToString(i.OwnerAccountId) == c.account || len(out.Instances) == 1) {
			return "https://" + id + ".awsapps.com/start", nil
		}
	}
	return "", errors.New("there is no instance of IAM Identity Center in the home Region")
}
