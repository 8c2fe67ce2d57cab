package wire_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"

	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// A service is a table of rows; its handlers have the methods' signatures of the SDK's client, which can call them.
func ExampleNewEndpoint() {
	describe := func(ctx context.Context, in *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
		if *in.AccountId != "111122223333" {
			return nil, &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
		}
		return &organizations.DescribeAccountOutput{Account: &types.Account{Name: aws.String("Audit")}}, nil
	}
	checks := func(_ context.Context, in *organizations.DescribeAccountInput) ([]wire.Check, error) {
		return []wire.Check{{Action: "organizations:DescribeAccount", Resource: "*"}}, nil
	}
	s := wire.New("organizations")
	wire.On(s, "DescribeAccount", describe, checks)

	endpoint, err := wire.NewEndpoint(wire.Config{Services: []*wire.Service{s}, Region: "us-east-1", NoAuth: true})
	if err != nil {
		panic(err)
	}
	srv := httptest.NewServer(endpoint)
	defer srv.Close()

	client := organizations.New(organizations.Options{
		Region: "us-east-1", BaseEndpoint: &srv.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "thing"}, nil
		}),
	})
	out, err := client.DescribeAccount(context.Background(), &organizations.DescribeAccountInput{AccountId: aws.String("111122223333")})
	if err != nil {
		panic(err)
	}
	fmt.Println(*out.Account.Name)
	_, err = client.DescribeAccount(context.Background(), &organizations.DescribeAccountInput{AccountId: aws.String("444455556666")})
	var gone *types.AccountNotFoundException
	fmt.Println(errors.As(err, &gone), gone.ErrorMessage())
	// Output:
	// Audit
	// true You specified an account that doesn't exist.
}
