package servicequotas

import "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

func errNoSuchService() error {
	return &types.NoSuchResourceException{Message: new("The specified service does not exist.")}
}

func errNoSuchQuota() error {
	return &types.NoSuchResourceException{Message: new("The specified quota does not exist.")}
}

func errBadToken() error {
	return &types.InvalidPaginationTokenException{Message: new("Invalid NextToken.")}
}
