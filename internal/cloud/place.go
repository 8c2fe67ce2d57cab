package cloud

import (
	"context"
	"fmt"
	"slices"
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
// use another for it. It is asked under the factory's role, which may; the Region is known afterwards. Source: IAM Identity
// Center user guide, "Customizing the AWS access portal URL".
func (s *Sessions) StartURL(ctx context.Context) (string, error) {
	clients, err := s.For(ctx, "accountfactory")
	if err != nil {
		return "", err
	}
	out, err := clients.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(out.Instances, s.cloud.usable); i >= 0 {
		return "https://" + aws.ToString(out.Instances[i].IdentityStoreId) + ".awsapps.com/start", nil
	}
	return "", fmt.Errorf("there is no IAM Identity Center in %s", s.cloud.CenterLooked())
}
