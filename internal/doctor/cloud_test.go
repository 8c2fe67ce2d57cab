package doctor_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/twin"
)

var onlyRead = regexp.MustCompile(`^(Get|List|Describe|Search|AssumeRole$|SimulatePrincipalPolicy$|GET /$|POST /(list|get)-)`)

// TestCloud_Well: with all as it should be every line is fine, and nothing but reads is asked for.
func TestCloud_Well(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	before := len(w.asked.all)
	for _, f := range look(t, w) {
		if f.Result != doctor.OK || f.Remedy != "" {
			t.Errorf("%+v", f)
		}
	}
	for _, op := range w.asked.all[before:] {
		if !onlyRead.MatchString(op) {
			t.Errorf("doctor asked for %s", op)
		}
	}
	if len(w.asked.all) < before+10 {
		t.Errorf("asked only %v", w.asked.all[before:])
	}
}

// broken is a set-up with one thing wrong.
type brokenSetup struct {
	twin   func(*twin.Config)
	change func(*testing.T, *world)
	line   string
	result doctor.Result
	seen   string
	remedy string
}

func empty(c *twin.Config) { c.Empty = true }

// organization makes one in an empty twin.
func organization(features orgtypes.OrganizationFeatureSet) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		must[*organizations.CreateOrganizationOutput](t)(w.admin.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: features}))
		w.found(t)
	}
}

func denied(action string) *string {
	return aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"` + action + `","Resource":"*"}]}`)
}

func brokenSetups() map[string]brokenSetup {
	return map[string]brokenSetup{
		"nobody answers": {
			change: func(_ *testing.T, w *world) { w.Config.Endpoint = "http://127.0.0.1:1" },
			line:   doctor.Clock, seen: "does not answer", remedy: "let this machine reach it",
		},
		"a key that AWS does not know": {
			change: func(t *testing.T, w *world) {
				w.Config.CredentialsFile = credentialsFile(t, "AKIANOBODY0000000000", "secret")
			},
			line: doctor.Credentials, seen: "InvalidClientTokenId", remedy: "give a key that AWS knows",
		},
		"no credentials": {
			change: func(t *testing.T, w *world) { w.Config.Profile = "nobody" },
			line:   doctor.Credentials, seen: "nobody", remedy: "--aws-profile",
		},
		"clocks apart": {
			change: func(t *testing.T, w *world) { w.Config.Endpoint = late(t, w.Config.Endpoint, 10*time.Minute) },
			line:   doctor.Clock, seen: "five minutes", remedy: "chrony",
		},
		"clocks a little apart": {
			change: func(t *testing.T, w *world) { w.Config.Endpoint = late(t, w.Config.Endpoint, time.Minute) },
			line:   doctor.Clock, result: doctor.Warning, seen: "apart", remedy: "chrony",
		},
		"another organization": {
			change: func(t *testing.T, w *world) { w.Config.Organization = "o-somethingelse" },
			line:   doctor.Organization, seen: "--organization names o-somethingelse", remedy: "--organization",
		},
		"no organization": {
			twin: empty, line: doctor.Organization, seen: "is in no organization", remedy: "create the organization",
		},
		"consolidated billing": {
			twin: empty, change: organization(orgtypes.OrganizationFeatureSetConsolidatedBilling),
			line: doctor.Organization, seen: "consolidated billing", remedy: "enable all features",
		},
		"a member account": {
			change: func(t *testing.T, w *world) {
				w.Config.RoleARN = "arn:aws:iam::" + memberOf(t, w) + ":role/AWSControlTowerExecution"
			},
			line: doctor.Organization, seen: "and the management account of", remedy: "--role-arn",
		},
		"another Region": {
			change: func(t *testing.T, w *world) { w.Config.Region = "us-west-2" },
			line:   doctor.Region, seen: "us-west-2", remedy: "--region",
		},
		"no landing zone": {
			twin: empty, change: organization(orgtypes.OrganizationFeatureSetAll),
			line: doctor.LandingZone, seen: "there is none", remedy: "--provisioner organizations",
		},
		"past a landing zone": {
			change: func(_ *testing.T, w *world) { w.Provisioner = factory.ByOrganizations },
			line:   doctor.LandingZone, seen: "works past it", remedy: "--provisioner-force",
		},
		"no role": {
			twin: empty, change: organization(orgtypes.OrganizationFeatureSetAll),
			line: doctor.Role, seen: "has no role " + cloud.RoleName, remedy: "accountfactory setup-role",
		},
		"a role that does not let itself be assumed": {
			change: func(t *testing.T, w *world) {
				must[*iam.UpdateAssumeRolePolicyOutput](t)(w.iam.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
					RoleName:       aws.String(cloud.RoleName),
					PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
				}))
			},
			line: doctor.Role, seen: "AccessDenied", remedy: "sts:SetSourceIdentity",
		},
		"a role outside of the portfolio": {
			change: func(t *testing.T, w *world) {
				list := must[*servicecatalog.ListPortfoliosOutput](t)(w.admin.ServiceCatalog.ListPortfolios(t.Context(), &servicecatalog.ListPortfoliosInput{}))
				must[*servicecatalog.DisassociatePrincipalFromPortfolioOutput](t)(w.admin.ServiceCatalog.DisassociatePrincipalFromPortfolio(t.Context(),
					&servicecatalog.DisassociatePrincipalFromPortfolioInput{PortfolioId: list.PortfolioDetails[0].Id, PrincipalARN: aws.String("arn:aws:iam::" + management + ":role/" + cloud.RoleName)}))
			},
			line: doctor.Product, seen: "no product", remedy: "landing zone",
		},
		"a role that may not close accounts": {
			change: func(t *testing.T, w *world) {
				must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("organizations:CloseAccount"),
				}))
			},
			line: doctor.Permissions, result: doctor.Warning, seen: "may not organizations:CloseAccount: what needs that is refused", remedy: "setup-role",
		},
		"a role that may neither close accounts nor see them": {
			change: func(t *testing.T, w *world) {
				must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("organizations:*Account"),
				}))
			},
			line: doctor.Permissions, seen: "may not organizations:CloseAccount, organizations:DescribeAccount", remedy: "setup-role",
		},
		"a role that may not look for Identity Center": {
			change: lookForCenterDenied,
			line:   doctor.Permissions, seen: "may not sso:ListInstances", remedy: "setup-role",
		},
		"the same role can be assumed": {
			change: lookForCenterDenied,
			line:   doctor.Role, result: doctor.OK, seen: "it can be assumed",
		},
		"no simulation": {
			change: noSimulation,
			line:   doctor.Permissions, result: doctor.Warning, seen: "writes were not looked at", remedy: "iam:SimulatePrincipalPolicy",
		},
		"no simulation, and no reads": {
			change: func(t *testing.T, w *world) {
				noSimulation(t, w)
				must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("organizations:ListRoots"),
				}))
			},
			line: doctor.Permissions, seen: "may not organizations:ListRoots", remedy: "allow it that",
		},
		"a quota that is used up": {
			change: func(_ *testing.T, w *world) { w.Quota = 3 },
			line:   doctor.Quota, seen: "no more can be made", remedy: "raise the quota",
		},
		"a quota that is nearly used up": {
			change: func(_ *testing.T, w *world) { w.Quota = 5 },
			line:   doctor.Quota, result: doctor.Warning, seen: "2 are left", remedy: "raise the quota",
		},
		"a quota that Service Quotas says": {
			change: allowing("50"),
			line:   doctor.Quota, result: doctor.OK, seen: "3 accounts, closed ones counted, of a quota of 50, by Service Quotas",
		},
		"a quota that Service Quotas says is used up": {
			change: allowing("3"),
			line:   doctor.Quota, seen: "no more can be made", remedy: "ask AWS for more",
		},
		"a quota nobody says": {
			change: func(t *testing.T, w *world) {
				w.Quota = 0
				must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("servicequotas:GetServiceQuota"),
				}))
			},
			line: doctor.Quota, result: doctor.Warning, seen: "does not say of how many: AccessDenied", remedy: "servicequotas:GetServiceQuota",
		},
		"a quota that nobody can ask for": {
			twin: empty, change: func(t *testing.T, w *world) {
				w.Quota = 0
				organization(orgtypes.OrganizationFeatureSetAll)(t, w)
			},
			line: doctor.Quota, result: doctor.Skipped, seen: "the role, which cannot be assumed",
		},
		"a quota above what Service Quotas says": {
			change: func(t *testing.T, w *world) { allowing("50")(t, w); w.Quota = 51 },
			line:   doctor.Quota, result: doctor.Warning, seen: "of a quota of 51, by --account-quota; Service Quotas says 50", remedy: "leave --account-quota out",
		},
		"a quota that Service Quotas says too": {
			change: func(t *testing.T, w *world) { allowing("50")(t, w); w.Quota = 50 },
			line:   doctor.Quota, result: doctor.OK, seen: "of a quota of 50, by --account-quota",
		},
		"a quota above it, all used up": {
			change: func(t *testing.T, w *world) { allowing("2")(t, w); w.Quota = 3 },
			line:   doctor.Quota, seen: "no more can be made", remedy: "raise the quota",
		},
		"units that requesters may choose": {
			change: func(_ *testing.T, w *world) { w.AllowedOUs = []string{"Sandbox", "Root"} },
			line:   doctor.AllowedOUs, result: doctor.OK, seen: "requesters may choose: Root, Sandbox",
		},
		"a unit that is not there": {
			change: func(_ *testing.T, w *world) { w.AllowedOUs = []string{"Sandbox", "Workloads/Dev", "Sandbx"} },
			line:   doctor.AllowedOUs, result: doctor.Warning, seen: "no organizational unit Workloads/Dev, Sandbx; requesters may choose: Sandbox", remedy: "correct --allowed-ous",
		},
		"none of the units": {
			change: func(_ *testing.T, w *world) { w.AllowedOUs = []string{"Sandbx"} },
			line:   doctor.AllowedOUs, seen: "no organizational unit Sandbx; requesters may choose: none of those that are there", remedy: "correct --allowed-ous",
		},
		"units that the role may not see": {
			change: func(t *testing.T, w *world) {
				w.AllowedOUs = []string{"Sandbox"}
				must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("organizations:ListRoots"),
				}))
			},
			line: doctor.AllowedOUs, seen: "AccessDenied", remedy: "organizations:ListRoots",
		},
		"units without the role": {
			twin: empty, change: func(t *testing.T, w *world) {
				w.AllowedOUs = []string{"Sandbox"}
				organization(orgtypes.OrganizationFeatureSetAll)(t, w)
			},
			line: doctor.AllowedOUs, result: doctor.Skipped, seen: "the role, which cannot be assumed",
		},
		"units of a cloud that is not reached": {
			change: func(_ *testing.T, w *world) {
				w.AllowedOUs, w.Config.Organization = []string{"Sandbox"}, "o-somethingelse"
			},
			line: doctor.AllowedOUs, result: doctor.Skipped, seen: "could not be asked",
		},
		"no Identity Center": {
			twin: empty, change: organization(orgtypes.OrganizationFeatureSetAll),
			line: doctor.IdentityCenter, result: doctor.Warning, seen: "there is no instance", remedy: "enable IAM Identity Center",
		},
	}
}

// TestCloud_Broken: each thing that is wrong has its own line, with what helps.
func TestCloud_Broken(t *testing.T) {
	t.Parallel()
	for name, tc := range brokenSetups() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, tc.twin)
			if tc.change != nil {
				tc.change(t, w)
			}
			if tc.result == "" {
				tc.result = doctor.Broken
			}
			expect(t, line(t, look(t, w), tc.line), tc.result, tc.seen, tc.remedy)
		})
	}
}

func memberOf(t *testing.T, w *world) string {
	t.Helper()
	out := must[*organizations.ListAccountsOutput](t)(w.admin.Organizations.ListAccounts(t.Context(), &organizations.ListAccountsInput{}))
	for _, a := range out.Accounts {
		if aws.ToString(a.Id) != management {
			return aws.ToString(a.Id)
		}
	}
	t.Fatal("there is no member account")
	return ""
}

// allowing has AWS say a quota of accounts, and nobody else.
func allowing(accounts string) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		w.Quota = 0
		lab := cloud.Lab{Endpoint: w.Config.Endpoint, Region: home, Credentials: credentials.NewStaticCredentialsProvider("AKIAMANAGEMENT000000", "secret", "")}
		if err := lab.Do(t.Context(), http.MethodPost, "/_twin/conditions", map[string]string{"name": "account-limit", "value": accounts}, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func lookForCenterDenied(t *testing.T, w *world) {
	t.Helper()
	must[*iam.PutRolePolicyOutput](t)(w.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(cloud.RoleName), PolicyName: aws.String("no"), PolicyDocument: denied("sso:ListInstances"),
	}))
}

// noSimulation makes doctor's own principal one that may not ask IAM what others may.
func noSimulation(t *testing.T, w *world) {
	t.Helper()
	user := aws.String("watcher")
	must[*iam.CreateUserOutput](t)(w.iam.CreateUser(t.Context(), &iam.CreateUserInput{UserName: user}))
	must[*iam.AttachUserPolicyOutput](t)(w.iam.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: user, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}))
	must[*iam.PutUserPolicyOutput](t)(w.iam.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: user, PolicyName: aws.String("no"), PolicyDocument: denied("iam:SimulatePrincipalPolicy")}))
	key := must[*iam.CreateAccessKeyOutput](t)(w.iam.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: user})).AccessKey
	w.Config.CredentialsFile = credentialsFile(t, aws.ToString(key.AccessKeyId), aws.ToString(key.SecretAccessKey))
}

// late gives an endpoint whose clock is behind.
func late(t *testing.T, endpoint string, by time.Duration) string {
	t.Helper()
	to := must[*url.URL](t)(url.Parse(endpoint))
	front := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host },
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("Date", clock.Wall{}.Now().Add(-by).UTC().Format(http.TimeFormat))
			return nil
		},
	})
	t.Cleanup(front.Close)
	return front.URL
}
