package policy

import (
	"strconv"
	"strings"
	"time"
)

// Environment is what is known of a request beside its principal. A key whose field is unset is absent, and conditions
// treat it as AWS does.
type Environment struct {
	At              time.Time
	OrgID           string   // of the principal's account: "o-…"
	OrgPaths        []string // of the principal's account: "o-…/r-…/ou-…/"
	OrgManagement   string   // the management account of the principal's organization
	SourceIP        string
	UserAgent       string
	RequestedRegion string
	SecureTransport bool
	ResourceAccount string
	ResourceOrgID   string
	ResourceOrgPath string    // of the resource's account, as OrgPaths
	TokenIssued     time.Time // of temporary credentials
	SourceIdentity  string
	MFA             *bool // nil when unknown, as with long-term keys
}

// Global gives the global condition keys of a request. A caller may add the service's own to the map. aws:CalledVia is
// absent, as no service here calls another in a caller's name.
// Source: IAM User Guide, "AWS global condition context keys".
func Global(p Principal, env Environment) map[string][]string {
	keys := make(map[string][]string, 24+len(p.Tags))
	set := func(key, value string) {
		if value != "" {
			keys[key] = []string{value}
		}
	}
	p.global(set)
	for key, value := range p.Tags {
		keys["aws:PrincipalTag/"+key] = []string{value} // may be empty
	}
	set("aws:PrincipalOrgID", env.OrgID)
	if len(env.OrgPaths) > 0 {
		keys["aws:PrincipalOrgPaths"] = env.OrgPaths
	}
	set("aws:PrincipalOrgMasterAccountId", env.OrgManagement)
	if !env.At.IsZero() {
		set("aws:CurrentTime", env.At.UTC().Format(time.RFC3339))
		set("aws:EpochTime", strconv.FormatInt(env.At.Unix(), 10))
	}
	if !env.TokenIssued.IsZero() {
		set("aws:TokenIssueTime", env.TokenIssued.UTC().Format(time.RFC3339))
	}
	set("aws:SourceIp", env.SourceIP)
	set("aws:UserAgent", env.UserAgent)
	set("aws:RequestedRegion", env.RequestedRegion)
	set("aws:SecureTransport", strconv.FormatBool(env.SecureTransport))
	set("aws:ViaAWSService", "false")
	set("aws:ResourceAccount", env.ResourceAccount)
	set("aws:ResourceOrgID", env.ResourceOrgID)
	set("aws:ResourceOrgPaths", env.ResourceOrgPath)
	set("aws:SourceIdentity", env.SourceIdentity)
	if env.MFA != nil {
		set("aws:MultiFactorAuthPresent", strconv.FormatBool(*env.MFA))
	}
	return keys
}

// global sets the keys about the principal. For a role session aws:PrincipalArn is the role's ARN, not the session's; only
// IAM users have aws:username.
func (p Principal) global(set func(key, value string)) {
	if p.Type != Service {
		set("aws:PrincipalType", string(p.Type))
	}
	set("aws:PrincipalIsAWSService", strconv.FormatBool(p.Type == Service))
	set("aws:PrincipalServiceName", p.Service)
	if !p.hasAccount() {
		return
	}
	set("aws:PrincipalAccount", p.AccountID)
	set("aws:userid", p.UserID)
	set("aws:PrincipalArn", p.ARN)
	switch p.Type {
	case AssumedRole:
		set("aws:PrincipalArn", p.RoleARN)
	case User:
		set("aws:username", p.ARN[strings.LastIndexByte(p.ARN, '/')+1:])
	case Root, FederatedUser, Service, Anonymous:
	}
}
