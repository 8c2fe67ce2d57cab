package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// Cloud is what is known of the cloud that a server works on.
type Cloud struct {
	Config      cloud.Config
	Provisioner factory.Provisioner
	Force       bool     // the provisioner may work past a landing zone
	Quota       int      // of accounts, as the operator says it; 0: what Service Quotas says
	AllowedOUs  []string // organizational units that requesters may choose; empty: all
	Clock       clock.Clock

	probe    *cloud.Probe
	asRole   *cloud.Clients // under the factory's role; nil when it cannot be assumed
	identity cloud.Identity
	zone     string // ARN of the landing zone
}

// Look looks at the cloud, from whether it answers at all to whether an account could be launched now. Bound is the
// organization that a look at the database found, or empty.
func (c *Cloud) Look(ctx context.Context) []Finding {
	out := []Finding{c.time(ctx)}
	who := c.credentials(ctx)
	if out = append(out, who); who.Result == Broken {
		return append(out, notReached()...)
	}
	org := c.organization(ctx)
	if out = append(out, org); org.Result == Broken {
		return append(out, notReached()[1:]...)
	}
	out = append(out, c.landingZone(ctx)...)
	role := c.role(ctx)
	out = append(out, role)
	if role.Result == OK {
		out = append(out, c.product(ctx), c.permissions(ctx))
	} else {
		out = append(out, skipped(Product, "the Account Factory product", "it is seen with the role, which cannot be assumed"),
			skipped(Permissions, "what the role may do", "the role cannot be assumed"))
	}
	return append(out, c.identityCenter(ctx), c.quota(ctx), c.allowedOUs(ctx))
}

// Identity gives whom the look reached; the zero Identity when it reached nobody.
func (c *Cloud) Identity() cloud.Identity { return c.identity }

// notReached are the lines of what could not be looked at.
func notReached() []Finding {
	var out []Finding
	for _, name := range []string{Organization, Region, LandingZone, Role, Product, Permissions, IdentityCenter, Quota, AllowedOUs} {
		out = append(out, skipped(name, "the cloud", "the cloud could not be asked: see above"))
	}
	return out
}

// Bounds of what clocks may differ by. Source: IAM user guide, "Elements of an AWS API request signature": a request must
// reach AWS within five minutes of its time stamp.
const (
	skewWarns  = 30 * time.Second
	skewBreaks = 5 * time.Minute
)

func (c *Cloud) time(ctx context.Context) Finding {
	const looked = "this machine's clock beside the Date of the cloud's answer"
	theirs, took, err := c.Config.Date(ctx)
	if err != nil {
		return broken(Clock, looked, "the cloud does not answer: "+err.Error(), "let this machine reach it: endpoint, proxy, firewall, DNS")
	}
	skew := c.Clock.Now().Sub(theirs).Abs().Truncate(time.Second)
	if took > skewWarns/2 {
		return warn(Clock, looked, fmt.Sprintf("the answer took %s, too long to compare clocks by", took.Round(time.Second)), "look at the network between here and the cloud")
	}
	return skewed(Clock, looked, skew)
}

// skewed judges how far two clocks are apart.
func skewed(name, looked string, skew time.Duration) Finding {
	const remedy = "let a time service such as chrony set this machine's clock"
	seen := fmt.Sprintf("they are %s apart", skew)
	switch {
	case skew >= skewBreaks:
		return broken(name, looked, seen+": AWS refuses signatures from five minutes on", remedy)
	case skew >= skewWarns:
		return warn(name, looked, seen, remedy)
	}
	return ok(name, looked, "they agree")
}

func (c *Cloud) credentials(ctx context.Context) Finding {
	const looked = "sts:GetCallerIdentity"
	var err error
	if c.probe, err = cloud.NewProbe(ctx, c.Config); err != nil {
		return broken(Credentials, "where credentials come from", err.Error(), "give credentials of the management account: AWS's usual files or environment, --aws-profile or --role-arn")
	}
	me, err := c.probe.Clients().STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return broken(Credentials, looked, said(err), credentialsRemedy(err))
	}
	c.identity = cloud.Identity{Kind: c.Config.Kind, Region: c.Config.Region, CallerARN: aws.ToString(me.Arn), ManagementAccount: aws.ToString(me.Account)}
	if strings.HasSuffix(c.identity.CallerARN, ":root") {
		return warn(Credentials, looked, "they are the root user's, "+c.identity.CallerARN, "give an IAM user or role: the root user cannot assume the factory's role")
	}
	return ok(Credentials, looked, "they are of "+c.identity.CallerARN)
}

func credentialsRemedy(err error) string {
	switch code(err) {
	case "ExpiredToken", "ExpiredTokenException":
		return "sign in again: the session has expired"
	case "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId":
		return "give a key that AWS knows: it may have been deleted, made inactive, or belong to another partition or endpoint"
	case "AccessDenied":
		return "let --role-arn be assumed with these credentials and --external-id: see the role's trust policy"
	}
	return "give credentials of the management account, by AWS's usual files or environment, --aws-profile or --role-arn"
}

func (c *Cloud) organization(ctx context.Context) Finding {
	const looked = "organizations:DescribeOrganization"
	out, err := c.probe.Clients().Organizations.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		if code(err) == "AWSOrganizationsNotInUseException" {
			return broken(Organization, looked, "account "+c.identity.ManagementAccount+" is in no organization", "create the organization with all features, or use its management account's credentials")
		}
		return broken(Organization, looked, said(err), "allow organizations:DescribeOrganization")
	}
	o, mine := out.Organization, c.identity.ManagementAccount
	id, master := aws.ToString(o.Id), aws.ToString(o.MasterAccountId)
	c.identity.OrganizationID = id
	switch {
	case c.Config.Organization != "" && id != c.Config.Organization:
		return broken(Organization, looked, "the credentials reach "+id+", and --organization names "+c.Config.Organization, "name the other with --organization, or use that one's credentials")
	case master != mine:
		return broken(Organization, looked, fmt.Sprintf("the credentials are of account %s, and the management account of %s is %s", mine, id, master),
			"use credentials of the management account, or --role-arn of a role in it")
	case o.FeatureSet != orgtypes.OrganizationFeatureSetAll:
		return broken(Organization, looked, id+" has consolidated billing only", "enable all features: Control Tower and permissions for accounts need them")
	}
	return ok(Organization, looked, id+" has all features, and this is its management account "+mine)
}

// landingZone gives the lines for the Region and for the landing zone in it.
func (c *Cloud) landingZone(ctx context.Context) []Finding {
	const looked = "controltower:ListLandingZones in the home Region"
	own := c.Provisioner == factory.ByOrganizations
	ct := c.probe.Clients().ControlTower
	list, err := ct.ListLandingZones(ctx, &controltower.ListLandingZonesInput{})
	if err != nil {
		f := broken(LandingZone, looked, said(err), "allow controltower:ListLandingZones and GetLandingZone")
		return []Finding{skipped(Region, looked, "there is no answer: see landing-zone"), f}
	}
	if len(list.LandingZones) == 0 {
		if own {
			return []Finding{ok(Region, "the home Region", c.Config.Region), ok(LandingZone, looked, "there is none, and --provisioner organizations needs none")}
		}
		return []Finding{
			broken(Region, looked, "there is no landing zone in "+c.Config.Region, "give Control Tower's home Region with --region"),
			broken(LandingZone, looked, "there is none", "set up the landing zone, or give --provisioner organizations to make accounts without Control Tower"),
		}
	}
	c.zone = aws.ToString(list.LandingZones[0].Arn)
	return []Finding{c.region(c.zone), c.zoneStatus(ctx, ct, own)}
}

func (c *Cloud) region(zone string) Finding {
	const looked = "the landing zone's Region"
	if parts := strings.Split(zone, ":"); len(parts) > 3 && parts[3] != c.Config.Region {
		return broken(Region, looked, "the landing zone is in "+parts[3]+", and the home Region given is "+c.Config.Region, "give --region "+parts[3])
	}
	return ok(Region, looked, "the home Region is "+c.Config.Region)
}

func (c *Cloud) zoneStatus(ctx context.Context, ct *controltower.Client, own bool) Finding {
	const looked = "controltower:GetLandingZone"
	out, err := ct.GetLandingZone(ctx, &controltower.GetLandingZoneInput{LandingZoneIdentifier: &c.zone})
	if err != nil {
		return broken(LandingZone, looked, said(err), "allow controltower:GetLandingZone")
	}
	z := out.LandingZone
	version := "version " + aws.ToString(z.Version)
	switch {
	case own && !c.Force:
		return broken(LandingZone, looked, "there is one ("+version+"), and --provisioner organizations works past it", "use --provisioner service-catalog, or give --provisioner-force")
	case z.Status == cttypes.LandingZoneStatusFailed:
		return broken(LandingZone, looked, version+": its last operation failed", "repair the landing zone in Control Tower")
	case z.Status == cttypes.LandingZoneStatusProcessing:
		return warn(LandingZone, looked, version+" is being changed", "wait until that is done: requests wait too")
	case z.DriftStatus != nil && z.DriftStatus.Status == cttypes.LandingZoneDriftStatusDrifted:
		return warn(LandingZone, looked, version+" has drifted", "reset the landing zone")
	}
	return ok(LandingZone, looked, version+" is active and in sync")
}

func (c *Cloud) identityCenter(ctx context.Context) Finding {
	const looked = "sso:ListInstances, in the home Region and where it is not there in all"
	clients, where, err := c.probe.Center(ctx, c.identity.ManagementAccount)
	var out *ssoadmin.ListInstancesOutput
	if err == nil {
		out, err = clients.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	}
	switch {
	case err != nil:
		return broken(IdentityCenter, looked, said(err), "allow sso:ListInstances")
	case len(out.Instances) == 0:
		return warn(IdentityCenter, looked, "there is no instance in "+where+": nobody gets access to new accounts", "enable IAM Identity Center for the organization")
	}
	return ok(IdentityCenter, looked, "instance "+aws.ToString(out.Instances[0].InstanceArn))
}

// code gives AWS's error code, empty where there is none.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// said gives AWS's words of an error, without the SDK's story around them.
func said(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}
