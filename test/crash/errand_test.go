package crash

import (
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// errand is one thing somebody asks for about their account, and how it should end.
type errand struct {
	in   func(name string) factory.Input
	ends factory.State
}

// errands of one person, one after another; before may make what they need.
type errands struct {
	name   string
	before func(w *town, name string) error
	list   []errand
}

func about(kind factory.Kind, change func(name string, in *factory.Input)) errand {
	return errand{ends: factory.StateSucceeded, in: func(name string) factory.Input {
		in := factory.Input{Kind: kind, Options: factory.Options{Account: name + "@example.com"}}
		if change != nil {
			change(name, &in)
		}
		return in
	}}
}

func launched(ends factory.State) errand {
	return errand{ends: ends, in: func(name string) factory.Input {
		return factory.Input{Parameters: factory.Parameters{
			Name: name, AccountEmail: name + "@example.com", OU: "Sandbox",
			SSOUserEmail: name + "-owner@example.com", SSOUserFirstName: "Olive", SSOUserLastName: "Owner",
		}}
	}}
}

func ninaOf(name string, in *factory.Input) {
	in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = name+"-nina@example.com", "Nina", "New"
}

var (
	toSecurity = about(factory.KindUpdate, func(_ string, in *factory.Input) { in.OU = "Security" })
	handOver   = about(factory.KindUpdate, func(name string, in *factory.Input) { ninaOf(name, in); in.RemoveOldAccess = true })
	giveAccess = about(factory.KindAccess, func(name string, in *factory.Input) {
		in.Grant = []factory.Access{{Group: "AWSAccountFactory", PermissionSet: "AWSReadOnlyAccess"}, {User: name + "-owner@example.com", PermissionSet: "AWSPowerUserAccess"}}
		in.Revoke = []factory.Access{{User: name + "-owner@example.com", PermissionSet: "AWSAdministratorAccess"}}
	})
	takenIn  = about(factory.KindEnroll, func(name string, in *factory.Input) { ninaOf(name, in); in.OU = "Sandbox" })
	givenUp  = about(factory.KindUnmanage, nil)
	closed   = about(factory.KindClose, nil)
	repaired = about(factory.KindRepair, nil)
	walks    = []errands{
		{"moved", nothing, []errand{launched(factory.StateSucceeded), toSecurity, giveAccess}},
		{"taken-in", (*town).made, []errand{takenIn, handOverBack, givenUp}},
		{"handed-over", nothing, []errand{launched(factory.StateSucceeded), handOver, toSecurity}},
		{"closed", nothing, []errand{launched(factory.StateSucceeded), closed}},
		{"repaired", (*town).unlucky, []errand{launched(factory.StateFailed), repaired, handOver, givenUp}},
	}
	handOverBack = about(factory.KindUpdate, func(name string, in *factory.Input) {
		in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName, in.RemoveOldAccess = name+"-owner@example.com", "Olive", "Owner", true
	})
)

func nothing(*town, string) error { return nil }

// try makes calls of the cloud until they are done: it may be dying, or coming up.
func (w *town) try(ask func(twin *harness.Process, c *harness.Clients) (done bool, err error)) error {
	return harness.Poll(w.ctx, 50*time.Millisecond, func() (bool, error) {
		twin, _ := w.procs()
		c, err := twin.Management(w.ctx)
		if err != nil {
			return false, nil //nolint:nilerr // asked again
		}
		done, err := ask(twin, c)
		return done && err == nil, nil
	})
}

// unlucky has the launch fail half-way. The fault has a name of its own: arming it again after a lost answer is the same.
func (w *town) unlucky(name string) error {
	f := fault{ID: "fault-" + name, Kind: "fail", Service: "controltower", Step: "baseline", Reason: "no luck", Count: 1, Email: name + "@example.com"}
	return w.try(func(twin *harness.Process, c *harness.Clients) (bool, error) {
		return true, twin.Lab(c.Config.Credentials).Do(w.ctx, http.MethodPost, "/_twin/faults", f, nil)
	})
}

// made has an account that Organizations made, once, with the role that Control Tower wants.
func (w *town) made(name string) error {
	return w.try(func(_ *harness.Process, c *harness.Clients) (bool, error) {
		pages := organizations.NewListCreateAccountStatusPaginator(c.Organizations, &organizations.ListCreateAccountStatusInput{
			States: []orgtypes.CreateAccountState{orgtypes.CreateAccountStateInProgress, orgtypes.CreateAccountStateSucceeded},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(w.ctx)
			if err != nil {
				return false, err
			}
			for _, s := range page.CreateAccountStatuses {
				if aws.ToString(s.AccountName) == name {
					return s.State == orgtypes.CreateAccountStateSucceeded, nil
				}
			}
		}
		_, err := c.Organizations.CreateAccount(w.ctx, &organizations.CreateAccountInput{
			AccountName: &name, Email: aws.String(name + "@example.com"), RoleName: aws.String("AWSControlTowerExecution"),
		}, func(o *organizations.Options) { o.Retryer = aws.NopRetryer{} })
		return false, err
	})
}
