package server

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// Cloud is which cloud a server works on and how it is reached. The zero Cloud is the twin in this process.
type Cloud struct {
	Kind         string // cloud.KindTwin (default) or cloud.KindAWS
	Endpoint     string // with aws: the URL of a server that stands in for all of AWS. Default: AWS's own endpoints
	Organization string // with aws: the organization that is worked on, o-…; any other is refused
	Profile      string // with aws: profile of the usual AWS files. Default: the SDK's usual chain
	RoleARN      string // with aws: role of the management account to work from. Default: the credentials themselves
	ExternalID   string // goes with RoleARN
	CenterRegion string // with aws: Region of IAM Identity Center. Default: it is looked for
	Budget       string // with aws: share of AWS's call rates to keep to, above 0 to 1, or "off". Default 0.5 on AWS itself
}

func (c Cloud) aws() bool { return c.Kind == cloud.KindAWS }

var organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)

func (c Cloud) validate() error {
	if !c.aws() {
		for _, given := range []struct{ setting, value string }{
			{"endpoint-url", c.Endpoint},
			{"organization", c.Organization},
			{"aws-profile", c.Profile},
			{"role-arn", c.RoleARN},
			{"external-id", c.ExternalID},
			{"identity-center-region", c.CenterRegion},
			{"api-budget", c.Budget},
		} {
			if given.value != "" {
				return UsageError{given.setting, "goes with --cloud aws"}
			}
		}
	}
	for _, check := range []struct {
		setting string
		bad     bool
		problem string
	}{
		{"cloud", c.Kind != "" && c.Kind != cloud.KindTwin && !c.aws(), fmt.Sprintf("%q is neither twin nor aws", c.Kind)},
		{"organization", c.aws() && !organizationID.MatchString(c.Organization), fmt.Sprintf("%q is not an organization's id: name the one to work on, o-…, so that no other is ever touched", c.Organization)},
		{"endpoint-url", !webhookURL(c.Endpoint), fmt.Sprintf("%q is not an http or https URL", c.Endpoint)},
		{"external-id", c.ExternalID != "" && c.RoleARN == "", "goes with --role-arn"},
		{"api-budget", c.budget() < 0, fmt.Sprintf("%q is neither off nor a share of AWS's call rates: above 0, and 1 at most", c.Budget)},
		{"role-arn", c.RoleARN != "" && !strings.Contains(c.RoleARN, ":role/"), fmt.Sprintf("%q is not a role's ARN", c.RoleARN)},
	} {
		if check.bad {
			return UsageError{check.setting, check.problem}
		}
	}
	return nil
}

// otherPartitions are how the names begin of Regions whose ARNs begin with something else than arn:aws. Source: IAM user guide,
// "Identify AWS resources with ARNs", and AWS European Sovereign Cloud user guide.
var otherPartitions = regexp.MustCompile(`^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-`)

// checkPartition refuses a Region where no role of ours could be named.
func (c Config) checkPartition() error {
	if c.Cloud.aws() && otherPartitions.MatchString(c.Region) {
		return UsageError{"region", fmt.Sprintf("%q is in another partition of AWS than arn:aws, the only one that accounts are made in here", c.Region)}
	}
	return nil
}

// twinsAlone names a setting that only the twin follows: on AWS it would look as if it did something.
func (c Config) twinsAlone() error {
	for _, one := range []struct {
		setting string
		given   bool
	}{
		{"auth", c.Auth == "off"},
		{"access-key-id", c.AccessKeyID != ""},
		{"control-tower", c.Profile != ""},
		{"event-webhook", c.EventWebhook != ""},
		{"smtp-host", c.SMTP.Host != ""},
		{"random-seed", c.RandomSeed != 0},
		{"empty", c.Empty},
		{"lab", c.Lab},
	} {
		if one.given && c.Cloud.aws() {
			return UsageError{one.setting, "is the twin's: leave it out with --cloud aws"}
		}
	}
	return nil
}

// pace is AWS's on AWS itself: a server that stands in for it is asked as often as the twin.
func (c Cloud) pace() factory.Pace {
	if c.aws() && c.Endpoint == "" {
		return factory.AWSPace()
	}
	return factory.TwinPace()
}

// awsBudget leaves as much of AWS's call rates to everybody else.
const awsBudget = .5

// budget gives the share of AWS's call rates to keep to, 0 for no bound and -1 for what is none. A server that stands in for
// AWS has rates of its own.
func (c Cloud) budget() float64 {
	switch {
	case c.Budget == "off", c.Budget == "" && (!c.aws() || c.Endpoint != ""):
		return 0
	case c.Budget == "":
		return awsBudget
	}
	share, err := strconv.ParseFloat(c.Budget, 64)
	if err != nil || !(share > 0 && share <= 1) {
		return -1
	}
	return share
}

// cloudConfig says how the factory reaches its cloud: the twin over loopback, like any other client.
func (s *Server) cloudConfig() cloud.Config {
	if c := s.config.Cloud; c.aws() {
		return cloud.Config{
			Kind: cloud.KindAWS, Endpoint: c.Endpoint, Region: s.config.Region, Organization: c.Organization,
			Profile: c.Profile, RoleARN: c.RoleARN, ExternalID: c.ExternalID, CenterRegion: c.CenterRegion, Observe: s.watch.metrics.observeAWS,
			Budget: c.budget(), Waited: s.watch.metrics.waitedAWS,
		}
	}
	return cloud.Config{
		Kind: cloud.KindTwin, Endpoint: s.ready.AWS, Region: s.config.Region, CredentialsFile: CredentialsFile(s.config.Data), Profile: ManagementProfile,
		Observe: s.watch.metrics.observeAWS,
	}
}

// bannerAWS is what people read at the start of a server that can make real accounts.
func (s *Server) bannerAWS(p func(format string, args ...any)) {
	c := s.config.Cloud
	p("Account Factory %s: works on AWS, organization %s", s.config.Version, c.Organization)
	if c.Endpoint != "" {
		p("  AWS endpoint   %s (stands in for AWS)", c.Endpoint)
	}
	p("  Region         %s", s.config.Region)
	p("  browser        %s", s.public())
	if !s.offersSignIn() {
		p("                 for the command line alone: --oidc-issuer or --identity-center-sign-in let people in")
	}
	p("  an account costs what is used in it; closing one takes 90 days, and its e-mail address is never free again")
}
