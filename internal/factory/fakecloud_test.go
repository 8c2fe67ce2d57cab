package factory_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	actypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/smithy-go"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

const (
	region     = "eu-west-1"
	management = "111122223333"
	sandbox    = "ou-ab12-sandbox1"
	security   = "ou-ab12-security"
	dev        = "ou-ab12-workdev1"
	otherDev   = "ou-ab12-labsdev1"
	wild       = "ou-ab12-wildwest"
	baseline   = "arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2"
	adminARN   = "arn:aws:sso:::permissionSet/ssoins-1/ps-admin"
)

// fakeCloud is as much of AWS as a launch touches, in memory. Fault is asked before and after each call takes effect.
type fakeCloud struct {
	mu         sync.Mutex
	clock      factory.Config // only for its Clock
	calls      []string
	effects    map[string]int // writes that took effect
	fault      func(op string, n int) (before, after error)
	polls      int // how often DescribeRecord says IN_PROGRESS before a record ends
	limit      int // account operations at once; 0 means no limit
	fail       func(op string, try int) (code, message string)
	noPath     bool
	noActive   bool // version of the product
	noneHere   bool // no product in this Region
	noAdmins   bool // permission set of administrators
	blank      int  // answers to ProvisionProduct and DescribeRecord that have nothing in them
	unseen     int  // looks for a product by its id that find nothing
	unsaid     int  // looks after which a record's outputs and its product say the account
	noUser     int  // looks after which the user is seen
	accounts   []orgtypes.Account
	parent     map[string]string
	ous        []fakeOU
	products   []*fakeProduct
	records    map[string]*fakeRecord
	tokens     map[string]*fakeRecord
	users      map[string]string
	granted    map[string]bool   // "account set principal"
	groups     map[string]string // ids by name
	asked      map[string]func() // assignment requests that have not ended
	enrolled   map[string]bool   // accounts
	closing    int               // looks until a closure has ended
	closeErr   []error           // what CloseAccount answers first
	changing   []string          // ARNs whose baseline is under change
	tagKeys    []string
	quotas     fakeQuotas
	staleEmail map[string]string // what Organizations shows of an account still
	hangs      string            // an operation that never answers
	fakeAccounts
}

type fakeOU struct {
	id, name, parent string
	registered       bool
}

type fakeProduct struct {
	sctypes.ProvisionedProductAttribute
	params map[string]string
	gone   bool
}

type fakeRecord struct {
	sctypes.RecordDetail
	product *fakeProduct
	left    int // polls until it ends
	done    bool
}

func newFakeCloud() *fakeCloud {
	f := &fakeCloud{
		effects: map[string]int{}, parent: map[string]string{}, records: map[string]*fakeRecord{}, tokens: map[string]*fakeRecord{},
		users: map[string]string{}, granted: map[string]bool{}, groups: map[string]string{"Developers": "group-dev"},
		asked: map[string]func(){}, enrolled: map[string]bool{}, polls: 1, closing: 1,
		fakeAccounts: fakeAccounts{updates: map[string]*fakeUpdate{}, tags: map[string]map[string]string{}, contacts: map[string]actypes.AlternateContact{}},
		ous: []fakeOU{
			{sandbox, "Sandbox", "r-ab12", true},
			{security, "Security", "r-ab12", true},
			{wild, "Wild", "r-ab12", false},
			{"ou-ab12-workload", "Workloads", "r-ab12", true},
			{dev, "Dev", "ou-ab12-workload", true},
			{"ou-ab12-thelabs1", "Labs", "r-ab12", true},
			{otherDev, "Dev", "ou-ab12-thelabs1", true},
		},
	}
	f.addAccount("Management", "root@example.com", "r-ab12")
	return f
}

func (f *fakeCloud) addAccount(name, email, parent string) string {
	id := fmt.Sprintf("1111%08d", len(f.accounts)+1)
	if len(f.accounts) == 0 {
		id = management
	}
	f.accounts = append(f.accounts, orgtypes.Account{
		Id: &id, Arn: aws.String(accountARN(id)), Name: &name, Email: &email, Status: orgtypes.AccountStatusActive, State: orgtypes.AccountStateActive, JoinedTimestamp: aws.Time(f.now()),
	})
	f.parent[id] = parent
	return id
}

func (f *fakeCloud) now() time.Time {
	if f.clock.Clock == nil {
		return clock.Wall{}.Now()
	}
	return f.clock.Clock.Now()
}

// apiError is an error as the SDK gives it.
func apiError(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient}
}

// call runs a handler the way a network does: faults may strike before and after it took effect.
func call[O any](f *fakeCloud, ctx context.Context, op string, handle func() (*O, error)) (*O, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.calls = append(f.calls, op)
	n := len(f.calls)
	fault := f.fault
	f.mu.Unlock()
	var before, after error
	if fault != nil {
		before, after = fault(op, n)
	}
	if before != nil {
		return nil, before
	}
	if op == f.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	f.mu.Lock()
	out, err := handle()
	f.mu.Unlock()
	if after != nil {
		return nil, after
	}
	return out, err
}

// aws gives the fake as the factory's clients.
func (f *fakeCloud) aws() factory.AWS {
	return factory.AWS{Catalog: f, Products: f, Organizations: f, ControlTower: f, IdentityStore: f, SSO: f, Account: f, Own: factory.Own{Creations: f}, Quotas: f}
}

// For and Forget make the fake its own Sessions.
func (f *fakeCloud) For(context.Context, string) (factory.AWS, error) { return f.aws(), nil }
func (f *fakeCloud) Forget(string)                                    {}

func (f *fakeCloud) effect(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.effects[op]
}

// accountsOf counts the accounts with an e-mail.
func (f *fakeCloud) accountsOf(email string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.accounts {
		if strings.EqualFold(aws.ToString(a.Email), email) {
			n++
		}
	}
	return n
}

func ouARN(id string) string {
	return "arn:aws:organizations::" + management + ":ou/o-abcdefghij/" + id
}

func accountARN(id string) string {
	return "arn:aws:organizations::" + management + ":account/o-abcdefghij/" + id
}
