package servicecatalog

import (
	"context"
	"strings"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Config is what a Service needs to know of the rest of the twin. Region and Account must be set.
type Config struct {
	Region string // home Region
	// Account gives the management account, whose home Region has the products.
	Account func(tx *state.Tx) string
	// RoleARN gives the ARN of the role behind an assumed-role session, with its path, which the session's own ARN lacks;
	// "" when there is none. nil takes the role to have no path.
	RoleARN func(tx *state.Tx, c wire.Caller) string
	// Groups gives the ARNs of the IAM groups a user is in. nil means none.
	Groups func(tx *state.Tx, c wire.Caller) []string
	// PrincipalExists tells whether there is an IAM user, group or role with this ARN. nil means all exist.
	PrincipalExists func(tx *state.Tx, principalARN string) bool
	// RoleNamed gives the ARN of the role of this name in an account, "" when there is none. nil means all exist, without a path.
	RoleNamed func(tx *state.Tx, accountID, name string) string
	// Assume gives who Service Catalog is in a role, if the role lets it in. nil takes any role to do so.
	Assume func(tx *state.Tx, roleARN string) (wire.Caller, error)
}

// Service is Service Catalog. Register its provisioners before the store opens.
type Service struct {
	state        *state.Store
	cfg          Config
	provisioners map[string]Provisioner
	tables
}

// New declares the service's rows and operations on st, which must not be open yet.
func New(st *state.Store, cfg Config) *Service {
	s := &Service{state: st, cfg: cfg, provisioners: map[string]Provisioner{}, tables: defineTables(st)}
	st.Handle(recordKind, s.step)
	return s
}

// Register says who does the work for products of a type. Call it before the store opens.
func (s *Service) Register(productType string, p Provisioner) { s.provisioners[productType] = p }

// call is one API call inside its transaction: who asks, from where.
type call struct {
	*state.Tx
	caller  wire.Caller
	account string
	region  string
	scope   Scope
	home    bool     // the scope that has the products
	owner   Owner    // the caller as the owner of what they launch
	grants  []string // ARNs whose portfolio associations count for the caller
}

func (s *Service) view(ctx context.Context, f func(c *call) error) error {
	return s.state.View(func(tx *state.Tx) error { return f(s.call(ctx, tx)) })
}

func (s *Service) update(ctx context.Context, f func(c *call) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error { return f(s.call(ctx, tx)) })
}

func (s *Service) call(ctx context.Context, tx *state.Tx) *call {
	r := wire.RequestFrom(ctx)
	return s.callBy(tx, r.Caller, r.Region)
}

func (s *Service) callBy(tx *state.Tx, caller wire.Caller, region string) *call {
	c := &call{Tx: tx, caller: caller, account: caller.AccountID, region: region, scope: scopeOf(caller.AccountID, region)}
	c.home = c.scope == s.homeScope(tx)
	c.owner = Owner{ARN: s.principalARN(tx, caller), Session: caller.ARN}
	if c.owner.ARN == "" {
		c.owner.ARN = caller.ARN
	}
	// The root user never has access to a product ("No launch paths found" in Control Tower's troubleshooting page).
	if !strings.HasSuffix(caller.ARN, ":root") {
		c.grants = append(c.grants, c.owner.ARN)
		if s.cfg.Groups != nil {
			c.grants = append(c.grants, s.cfg.Groups(tx, caller)...)
		}
	}
	return c
}

// OwnerOf gives a caller as the owner of what they launch.
func (s *Service) OwnerOf(tx *state.Tx, caller wire.Caller) Owner {
	return s.callBy(tx, caller, s.cfg.Region).owner
}

// principalARN gives the IAM user or role behind a caller: portfolios are granted to those, not to sessions.
func (s *Service) principalARN(tx *state.Tx, c wire.Caller) string {
	_, rest, session := strings.Cut(c.ARN, ":assumed-role/")
	if !session {
		return c.ARN
	}
	if s.cfg.RoleARN != nil {
		return s.cfg.RoleARN(tx, c)
	}
	role, _, _ := strings.Cut(rest, "/")
	return "arn:aws:iam::" + c.AccountID + ":role/" + role
}

func scopeOf(account, region string) Scope { return Scope(account + "/" + region) }

func (s *Service) homeScope(tx *state.Tx) Scope { return scopeOf(s.cfg.Account(tx), s.cfg.Region) }
