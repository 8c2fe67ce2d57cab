package servicecatalog

import (
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Scope is the account and Region a portfolio or TagOption was made in, as "123456789012/eu-west-1".
type Scope string

// Tag is a tag of a portfolio, a product or a provisioned product.
type Tag struct{ Key, Value string }

// Portfolio groups products and grants them to principals.
type Portfolio struct {
	ID          string // port-…
	Scope       Scope
	Name        string
	Provider    string
	Description string `json:",omitempty"`
	Tags        []Tag  `json:",omitempty"`
	Created     time.Time
}

// Product is something that can be launched, or only catalogued where no Provisioner has its type. Products exist in the
// home scope only.
type Product struct {
	ID                 string // prod-…
	ViewID             string // prodview-…
	Name               string
	Owner              string
	Type               string // as the wire shows it
	Description        string `json:",omitempty"`
	Distributor        string `json:",omitempty"`
	SupportDescription string `json:",omitempty"`
	SupportEmail       string `json:",omitempty"`
	SupportURL         string `json:",omitempty"`
	Tags               []Tag  `json:",omitempty"`
	Created            time.Time
}

// Artifact is a version of a product, which AWS calls a provisioning artifact.
type Artifact struct {
	ID          string // pa-…
	ProductID   string
	Name        string
	Description string `json:",omitempty"`
	Type        string
	Active      bool
	Deprecated  bool `json:",omitempty"`
	Created     time.Time

	Source     Source      `json:",omitzero"`
	Read       bool        `json:",omitempty"` // the template is known, and so its parameters are
	Parameters []Parameter `json:",omitempty"`
}

// Association puts a product into a portfolio.
type Association struct{ PortfolioID, ProductID string }

// Principal grants a portfolio's products.
type Principal struct {
	PortfolioID string
	Type        types.PrincipalType
	ARN         string // for IAM_PATTERN without account, perhaps with wildcards
}

// ProvisionedProduct is a launched product. Its row goes when it is terminated.
type ProvisionedProduct struct {
	ID            string // pp-…
	Name          string
	Type          string
	ProductID     string
	ArtifactID    string
	PathID        string
	Status        types.ProvisionedProductStatus
	StatusMessage string `json:",omitempty"`
	Created       time.Time
	Token         string // of the launch

	LastRecord       string `json:",omitempty"`
	LastProvisioning string `json:",omitempty"`
	LastSuccessful   string `json:",omitempty"` // "" before the first success

	Planned    bool    `json:",omitempty"` // made by a plan that was never executed
	LaunchRole string  `json:",omitempty"` // ARN of the role it is worked on with; "" for whoever asks
	PhysicalID string  `json:",omitempty"`
	Parameters []Value `json:",omitempty"` // of the last success, before it those of the launch
	Tags       []Tag   `json:",omitempty"` // as given at the launch, or since
	Owner      Owner
}

// Owner is who launched a provisioned product or made a request.
type Owner struct {
	ARN     string // the user, or the role behind a session
	Session string // as GetCallerIdentity shows it; the same for a user
}

// Value is a parameter's value.
type Value struct{ Key, Value string }

// Record is one request on a provisioned product, and how it went. It outlives the product.
type Record struct {
	ID            string // rec-…
	Action        Action
	Status        types.RecordStatus
	ProvisionedID string
	Name          string
	Type          string
	ProductID     string
	ArtifactID    string
	PathID        string
	LaunchRole    string `json:",omitempty"` // ARN
	Created       time.Time
	Updated       time.Time
	Errors        []RecordError `json:",omitempty"`
	Outputs       []Output      `json:",omitempty"`
	Tags          []Tag         `json:",omitempty"`
	Owner         Owner

	Work *Work `json:",omitempty"` // until the record is final
}

// Work is what an unfinished record still needs.
type Work struct {
	Parameters       []Value
	NotificationARNs []string `json:",omitempty"`
	Retain           bool     `json:",omitempty"`
	IgnoreErrors     bool     `json:",omitempty"`
	Retag            bool     `json:",omitempty"` // Tags become the product's
	Tags             []Tag    `json:",omitempty"`
	Caller           Caller
}

// Caller is the part of a wire.Caller that can be kept.
type Caller struct{ AccountID, ARN, UserID, AccessKeyID string }

// TagOption is a key and value an administrator offers as a tag.
type TagOption struct {
	ID     string // tag-…
	Scope  Scope
	Key    string
	Value  string
	Active bool
}

// TagOptionUse associates a TagOption with a portfolio or a product.
type TagOptionUse struct{ ResourceID, TagOptionID string }

// Plan is a provisioned product plan.
type Plan struct {
	ID            string // plan-…
	Name          string
	Status        types.ProvisionedProductPlanStatus
	Message       string `json:",omitempty"`
	ProvisionedID string
	Provisioned   string // the provisioned product's name
	ProductID     string
	ArtifactID    string
	PathID        string
	Parameters    []PlanValue `json:",omitempty"`
	Notification  []string    `json:",omitempty"`
	Tags          []Tag       `json:",omitempty"`
	New           bool        // the plan made the provisioned product
	Created       time.Time
	Owner         Owner
}

// PlanValue is a parameter of a plan: a value, or the one the product has.
type PlanValue struct {
	Key      string
	Value    string `json:",omitempty"`
	Previous bool   `json:",omitempty"`
}

// Token remembers the answer to a request with an idempotency token.
type Token struct {
	Key     string // operation, scope and token
	Request string // hash of the request
	Result  string // id of what it made
	At      time.Time
}

// tables are the rows of the service and the ways to find them.
type tables struct {
	portfolios   *state.Table[Portfolio]
	byScope      *state.Index[Portfolio]
	products     *state.Table[Product]
	byView       *state.Index[Product]
	byTitle      *state.Index[Product]
	artifacts    *state.Table[Artifact]
	ofProduct    *state.Index[Artifact]
	associations *state.Table[Association]
	holding      *state.Index[Association]
	constraints  *state.Table[Constraint]
	constrained  *state.Index[Constraint] // by portfolio and product
	constraining *state.Index[Constraint] // by portfolio
	principals   *state.Table[Principal]

	provisioned *state.Table[ProvisionedProduct]
	named       *state.Index[ProvisionedProduct]
	physical    *state.Index[ProvisionedProduct]
	byRole      *state.Index[ProvisionedProduct]
	bySession   *state.Index[ProvisionedProduct]

	records       *state.Table[Record]
	recent        *state.Index[Record]
	recentOf      *state.Index[Record]
	recentRole    *state.Index[Record]
	recentSession *state.Index[Record]

	tagOptions *state.Table[TagOption]
	tagScope   *state.Index[TagOption]
	tagPair    *state.Index[TagOption]
	uses       *state.Table[TagOptionUse]
	usedBy     *state.Index[TagOptionUse]

	plans  *state.Table[Plan]
	planOf *state.Index[Plan]
	tokens *state.Table[Token]
	aging  *state.Index[Token]
}

func defineTables(st *state.Store) tables {
	var t tables
	t.portfolios = state.Define(st, "servicecatalog.portfolios", 1, func(p *Portfolio) string { return p.ID })
	t.byScope = t.portfolios.Index("scope", func(p *Portfolio) (string, bool) { return string(p.Scope), true })
	t.products = state.Define(st, "servicecatalog.products", 1, func(p *Product) string { return p.ID })
	t.byView = t.products.Unique("view", func(p *Product) (string, bool) { return p.ViewID, true })
	t.byTitle = t.products.Index("name", func(p *Product) (string, bool) { return p.Name, true })
	t.artifacts = state.Define(st, "servicecatalog.artifacts", 1, func(a *Artifact) string { return a.ID })
	t.ofProduct = t.artifacts.Index("product", func(a *Artifact) (string, bool) { return a.ProductID, true })
	t.associations = state.Define(st, "servicecatalog.associations", 1, func(a *Association) string { return a.PortfolioID + "/" + a.ProductID })
	t.holding = t.associations.Index("product", func(a *Association) (string, bool) { return a.ProductID, true })
	t.constraints = state.Define(st, "servicecatalog.constraints", 1, func(c *Constraint) string { return c.ID })
	t.constrained = t.constraints.Index("pair", func(c *Constraint) (string, bool) { return c.pair(), true })
	t.constraining = t.constraints.Index("portfolio", func(c *Constraint) (string, bool) { return c.PortfolioID, true })
	t.principals = state.Define(st, "servicecatalog.principals", 1, (*Principal).key)
	t.defineProvisioned(st)
	t.defineTagOptions(st)
	t.plans = state.Define(st, "servicecatalog.plans", 1, func(p *Plan) string { return p.ID })
	t.planOf = t.plans.Index("provisioned", func(p *Plan) (string, bool) { return p.ProvisionedID, true })
	t.tokens = state.Define(st, "servicecatalog.tokens", 1, func(t *Token) string { return t.Key })
	t.aging = t.tokens.Index("age", func(t *Token) (string, bool) { return t.age(), true })
	return t
}

func (t *tables) defineProvisioned(st *state.Store) {
	t.provisioned = state.Define(st, "servicecatalog.provisioned", 1, func(p *ProvisionedProduct) string { return p.ID })
	t.named = t.provisioned.Unique("name", func(p *ProvisionedProduct) (string, bool) { return p.Name, true })
	t.physical = t.provisioned.Index("physical", func(p *ProvisionedProduct) (string, bool) { return p.PhysicalID, p.PhysicalID != "" })
	t.byRole = t.provisioned.Index("role", func(p *ProvisionedProduct) (string, bool) { return short(p.Owner.ARN), true })
	t.bySession = t.provisioned.Index("session", func(p *ProvisionedProduct) (string, bool) { return short(p.Owner.Session), true })

	t.records = state.Define(st, "servicecatalog.records", 1, func(r *Record) string { return r.ID })
	t.recent = t.records.Index("recent", func(r *Record) (string, bool) { return newestFirst(r.Created), true })
	t.recentOf = t.records.Index("provisioned", func(r *Record) (string, bool) { return r.ProvisionedID + "/" + newestFirst(r.Created), true })
	t.recentRole = t.records.Index("role", func(r *Record) (string, bool) { return short(r.Owner.ARN) + "/" + newestFirst(r.Created), true })
	t.recentSession = t.records.Index("session", func(r *Record) (string, bool) { return short(r.Owner.Session) + "/" + newestFirst(r.Created), true })
}

func (t *tables) defineTagOptions(st *state.Store) {
	t.tagOptions = state.Define(st, "servicecatalog.tagoptions", 1, func(o *TagOption) string { return o.ID })
	t.tagScope = t.tagOptions.Index("scope", func(o *TagOption) (string, bool) { return string(o.Scope), true })
	t.tagPair = t.tagOptions.Unique("pair", func(o *TagOption) (string, bool) { return pair(o.Scope, o.Key, o.Value), true })
	t.uses = state.Define(st, "servicecatalog.tagoptionuses", 1, func(u *TagOptionUse) string { return u.ResourceID + "/" + u.TagOptionID })
	t.usedBy = t.uses.Index("tagoption", func(u *TagOptionUse) (string, bool) { return u.TagOptionID, true })
}

// key sorts a portfolio's principals together; "/" ends the id, which holds none.
func (p *Principal) key() string { return p.PortfolioID + "/" + string(p.Type) + "/" + p.ARN }

func pair(s Scope, key, value string) string {
	return fmt.Sprintf("%s/%d/%s/%s", s, len(key), key, value)
}

// short stands for an ARN in an index, a tenth of its size. Two ARNs may share one: whoever uses it compares the ARN too.
func short(principal string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(principal))
	return fmt.Sprintf("%016x", h.Sum64())
}

// newestFirst sorts later times before earlier ones.
func newestFirst(t time.Time) string { return fmt.Sprintf("%016x", math.MaxInt64-t.UnixNano()) }

// newID gives an id with the 13 letters and digits Service Catalog uses.
func newID(r arn.Random, prefix string) string { return prefix + "-" + arn.ID(r, arn.Lower, 13) }
