package client

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// unread are read operations that are not compared, each with its reason.
var unread = map[string]string{
	"sts GetSessionToken":      "its answer is new at each call",
	"sts GetFederationToken":   "its answer is new at each call",
	"iam GetAccessKeyLastUsed": "each call is a use, so the next answer differs",
	"sso ListAccounts":         "asked with a person's token; the tests of sign-in do",
	"sso ListAccountRoles":     "asked with a person's token; the tests of sign-in do",
	"sso GetRoleCredentials":   "asked with a person's token, and new at each call",
}

// Members that came to AWS after a client's version, and that it therefore does not show, as service and member.
var (
	notInJS    = []string{"identitystore Revision", "identitystore UserArn", "identitystore GroupArn", "identitystore MembershipArn"}
	notInBoto3 = append([]string{
		"ssoadmin IdentityStoreArn", "ssoadmin PermissionSetsEnabled", "ssoadmin PrimaryRegion", "ssoadmin Regions",
	}, notInJS...)
	notInDebian = append([]string{
		"controltower Arn", "controltower ControlIdentifier", "controltower DriftStatusSummary", "controltower EnabledControlIdentifier",
		"controltower OperationIdentifier", "controltower StatusSummary", "controltower TargetIdentifier",
		"servicequotas Description", "servicequotas QuotaAppliedAtLevel",
		"identitystore CreatedAt", "identitystore CreatedBy", "identitystore Photos", "identitystore Roles", "identitystore UpdatedAt",
		"identitystore UpdatedBy", "identitystore UserStatus", "organizations Path", "organizations Paths", "organizations State",
		"servicecatalog ProvisioningArtifactParameters", "ssoadmin CreatedDate", "ssoadmin OwnerAccountId", "ssoadmin Status",
	}, notInBoto3...)
)

func TestSameAnswers(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	l.complete(t)
	want := make([]any, len(l.reads))
	for i, r := range l.reads {
		want[i] = l.call(r.service, r.operation, r.input)
	}
	for _, c := range []struct {
		name  string
		start func(*testing.T, *harness.Process) driver
		lacks []string // services and operations that this client's version does not have
		new   []string // members it does not show
	}{
		{"aws cli of Debian", debianInterpreter, []string{
			"controltower", "ssoadmin DescribeInstance", "ssoadmin ListAccountAssignmentsForPrincipal",
			"account GetAccountInformation", "account GetPrimaryEmail", "account GetPrimaryEmailUpdateStatus", "account GetRegionOptStatus", "account ListRegions",
			"identitystore DescribeIdentityStore", "identitystore ListIdentityStores",
		}, notInDebian},
		{"boto3", recentBoto3Driver, []string{"account GetPrimaryEmailUpdateStatus", "identitystore DescribeIdentityStore", "identitystore ListIdentityStores"}, notInBoto3},
		{"javascript", jsDriver, []string{"controltower", "account", "servicequotas", "identitystore DescribeIdentityStore", "identitystore ListIdentityStores"}, notInJS},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := c.start(t, l.server)
			for i, r := range l.reads {
				a, err := d.do(t.Context(), call{Do: "call", Service: r.service, Operation: r.operation, Input: r.input, Keys: l.management})
				if err != nil {
					t.Fatal(err)
				}
				if a.Unknown {
					if !slices.Contains(c.lacks, r.service) && !slices.Contains(c.lacks, r.service+" "+r.operation) {
						t.Errorf("%s: the client has no such operation", r.line())
					}
					continue
				}
				if a.Error != nil {
					t.Errorf("%s: %v", r.line(), a.Error)
					continue
				}
				n := normal{service: r.service, new: c.new}
				w, g := n.pair("", want[i], a.Output)
				if diff := cmp.Diff(w, g); diff != "" {
					t.Errorf("%s (-go +%s):\n%s", r.line(), c.name, diff)
				}
			}
		})
	}
}

// recentBoto3Driver needs a boto3 that knows every operation compared.
func recentBoto3Driver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	harness.NeedBoto3(t, 43)
	return boto3Driver(t, p)
}

func debianInterpreter(t *testing.T, p *harness.Process) driver {
	t.Helper()
	needDebianCLI(t)
	return startCLI(t, p, "/usr/bin/python3")
}

// complete sees to it that every served read operation is among the reads, or has a reason not to be.
func (l *library) complete(t *testing.T) {
	t.Helper()
	have := map[string]bool{}
	for _, r := range l.reads {
		have[r.service+" "+r.operation] = true
	}
	for _, s := range twin.Tables() {
		for _, op := range s.Operations() {
			name := s.Name() + " " + op.Name
			if isRead(op.Name) && !have[name] && unread[name] == "" {
				t.Errorf("%s is not compared", name)
			}
		}
	}
	t.Logf("%d reads of %d operations", len(l.reads), len(have))
}

func isRead(operation string) bool {
	for _, prefix := range []string{"List", "Describe", "Get", "Search", "Scan", "IsMember"} {
		if strings.HasPrefix(operation, prefix) {
			return true
		}
	}
	return false
}

// normal brings answers of different clients to one form.
type normal struct {
	service string
	new     []string // members that this client does not show
}

// pair gives both sides: member names as in Go, times to the millisecond, policy documents as JSON, absent scalars of Go's
// as the other side has them.
func (n normal) pair(member string, goSide, other any) (any, any) {
	switch g := goSide.(type) {
	case zero:
		if other == nil {
			return nil, nil
		}
		return n.pair(member, g.value, other)
	case map[string]any:
		o, ok := other.(map[string]any)
		if !ok {
			return g, other
		}
		return n.members(g, o)
	case []any:
		o, ok := other.([]any)
		if !ok || len(o) != len(g) {
			return goSide, other
		}
		gs, os := make([]any, len(g)), make([]any, len(g))
		for i := range g {
			gs[i], os[i] = n.pair(member, g[i], o[i])
		}
		return gs, os
	case string:
		return scalar(member, g), scalar(member, other)
	}
	return goSide, other
}

func (n normal) members(g, o map[string]any) (any, any) {
	left, right := m{}, m{}
	seen := map[string]bool{}
	upper := m{}
	for name, v := range o {
		upper[first(name)] = v
	}
	for name, v := range g {
		key := first(name)
		seen[key] = true
		theirs, there := upper[key]
		if !there && slices.Contains(n.new, n.service+" "+key) {
			continue
		}
		a, b := n.pair(key, v, theirs)
		if a != nil {
			left[key] = a
		}
		if b != nil {
			right[key] = b
		}
	}
	for key, v := range upper {
		if !seen[key] && v != nil {
			right[key] = v
		}
	}
	return left, right
}

func first(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// scalar gives a text's form: times are of one zone and precision, IAM's documents are decoded, as Python's clients do.
func scalar(member string, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
	}
	if strings.HasSuffix(member, "Document") {
		var out any
		if text, err := url.PathUnescape(s); err == nil && json.Unmarshal([]byte(text), &out) == nil {
			return out
		}
	}
	return s
}
