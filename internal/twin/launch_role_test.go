package twin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// launchConstraint makes every launch from the portfolio work as a role.
func (f *fixture) launchConstraint(t *testing.T, parameters string) {
	t.Helper()
	productID, _ := product(t, f.Clients)
	portfolios, err := f.Catalog.ListPortfolios(t.Context(), &servicecatalog.ListPortfoliosInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Catalog.CreateConstraint(t.Context(), &servicecatalog.CreateConstraintInput{
		PortfolioId: portfolios.PortfolioDetails[0].Id, ProductId: aws.String(productID), Type: aws.String("LAUNCH"), Parameters: aws.String(parameters),
	}); err != nil {
		t.Fatal(err)
	}
}

// role makes an administrator's role that a service may assume.
func (f *fixture) role(t *testing.T, name, service string) {
	t.Helper()
	_, err := f.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/launch/"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.IAM.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String(name), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}); err != nil {
		t.Fatal(err)
	}
}

// TestLaunchRole: with a LAUNCH constraint the role's permissions count and not those of who launches, if the role lets
// Service Catalog in.
func TestLaunchRole(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::" + account + ":role/launch/Launch"
	for _, tc := range []struct{ name, trusts, constraint, code, text string }{
		{"none", "", "", "AccessDeniedException", "controltower:CreateManagedAccount"},
		{"by ARN", "servicecatalog.amazonaws.com", `{"RoleArn":"` + role + `"}`, "", ""},
		{"by name", "servicecatalog.amazonaws.com", `{"LocalRoleName":"Launch"}`, "", ""},
		{"for another service", "lambda.amazonaws.com", `{"RoleArn":"` + role + `"}`, "AccessDeniedException", "Access denied while assuming the role " + role},
		{"that is not there", "", `{"RoleArn":"` + role + `"}`, "AccessDeniedException", "Access denied while assuming the role " + role},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			vendor := f.user(t, "vendor")
			if _, err := f.IAM.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{
				UserName: aws.String("vendor"), PolicyName: aws.String("vend"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"servicecatalog:*","Resource":"*"}]}`),
			}); err != nil {
				t.Fatal(err)
			}
			if tc.trusts != "" {
				f.role(t, "Launch", tc.trusts)
			}
			if tc.constraint != "" {
				f.launchConstraint(t, tc.constraint)
			}
			productID, artifactID := product(t, vendor)
			out, err := vendor.Catalog.ProvisionProduct(t.Context(), &servicecatalog.ProvisionProductInput{
				ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String("one"),
				ProvisioningParameters: f.parameters(t, "one", nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			rec := f.ended(t, out.RecordDetail.RecordId).RecordDetail
			if want := map[bool]string{true: role}[tc.constraint != ""]; aws.ToString(rec.LaunchRoleArn) != want {
				t.Errorf("launched as %q, want %q", aws.ToString(rec.LaunchRoleArn), want)
			}
			if tc.code == "" {
				if rec.Status != types.RecordStatusSucceeded {
					t.Errorf("record %s: %s", rec.Status, aws.ToString(rec.RecordErrors[0].Description))
				}
				return
			}
			if rec.Status != types.RecordStatusFailed {
				t.Fatalf("record %s", rec.Status)
			}
			if e := rec.RecordErrors[0]; aws.ToString(e.Code) != tc.code || !strings.Contains(aws.ToString(e.Description), tc.text) {
				t.Errorf("failed with %s: %s", aws.ToString(e.Code), aws.ToString(e.Description))
			}
		})
	}
}
