package servicecatalog

import (
	"iter"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// ConstraintType says what a constraint is about.
type ConstraintType string

// The types of constraints (CreateConstraint, API reference). STACKSET is not among them: no stack set is launched here.
const (
	constraintLaunch       ConstraintType = "LAUNCH"          // the role a launch works with
	constraintNotification ConstraintType = "NOTIFICATION"    // topics that hear of a launch
	constraintTemplate     ConstraintType = "TEMPLATE"        // rules on the parameters
	constraintUpdate       ConstraintType = "RESOURCE_UPDATE" // whether tags may change later
	constraintStackSet     ConstraintType = "STACKSET"
)

// maxConstraints is the quota of constraints on a product in a portfolio, AWS General Reference, "Service Catalog endpoints
// and quotas".
const maxConstraints = 100

// Constraint limits or changes how a product is launched that is launched through one portfolio.
type Constraint struct {
	ID          string // cons-…
	PortfolioID string
	ProductID   string
	Type        ConstraintType
	Description string `json:",omitempty"`
	Parameters  string // JSON, as it was given
	Owner       string // account
}

func (c *Constraint) pair() string { return c.PortfolioID + "/" + c.ProductID }

func (c *Constraint) detail() *types.ConstraintDetail {
	kind := string(c.Type)
	return &types.ConstraintDetail{
		ConstraintId: &c.ID, Type: &kind, Description: filled(c.Description), Owner: &c.Owner, ProductId: &c.ProductID, PortfolioId: &c.PortfolioID,
	}
}

func (c *Constraint) summary() types.ConstraintSummary {
	kind := string(c.Type)
	return types.ConstraintSummary{Type: &kind, Description: filled(c.Description)}
}

// constraint finds one of the caller's account and Region.
func (s *Service) constraint(c *call, id string) (*Constraint, error) {
	if row := s.constraints.Get(c.Tx, id); row != nil {
		if _, err := s.portfolio(c, row.PortfolioID); err == nil {
			return row, nil
		}
	}
	return nil, notFound("Constraint %s not found.", id)
}

// constraintsOn gives the constraints of a product in a portfolio, in the order of their ids.
func (s *Service) constraintsOn(tx *state.Tx, portfolioID, productID string) iter.Seq[*Constraint] {
	return s.constrained.Of(tx, portfolioID+"/"+productID)
}

// excluded refuses a constraint that cannot stand beside those there are. At most one LAUNCH, never with a STACKSET, and of
// two that say the same the second is a duplicate (CreateConstraint, API reference). Whether tags may change is one answer.
func (s *Service) excluded(c *call, row *Constraint) error {
	have := 0
	for other := range s.constraintsOn(c.Tx, row.PortfolioID, row.ProductID) {
		have++
		single := row.Type == constraintLaunch || row.Type == constraintUpdate
		switch {
		case row.Type == constraintStackSet && other.Type == constraintLaunch:
			return invalid("Product %s in portfolio %s cannot have both a LAUNCH and a STACKSET constraint.", row.ProductID, row.PortfolioID)
		case other.Type == row.Type && (single || sameJSON(other.Parameters, row.Parameters)):
			return duplicate("Product %s in portfolio %s already has constraint %s of type %s.", row.ProductID, row.PortfolioID, other.ID, row.Type)
		}
	}
	if have >= maxConstraints {
		return overLimit("Product %s in portfolio %s already has %d constraints.", row.ProductID, row.PortfolioID, have)
	}
	return nil
}

// launchRole gives the role a LAUNCH constraint names, by ARN or by the name it has in an account; "" for none.
func (s *Service) launchRole(tx *state.Tx, accountID, parameters string) string {
	var p launchParameters
	if strict(parameters, &p) != nil {
		return ""
	}
	if p.RoleARN != "" || p.LocalRoleName == "" {
		return p.RoleARN
	}
	if role := s.roleNamed(tx, accountID, p.LocalRoleName); role != "" {
		return role
	}
	return plainRole(accountID, p.LocalRoleName) // gone since: nobody can be it, and the launch says so
}

// roleNamed gives the ARN of the role of this name in an account, "" when there is none.
func (s *Service) roleNamed(tx *state.Tx, accountID, name string) string {
	if s.cfg.RoleNamed != nil {
		return s.cfg.RoleNamed(tx, accountID, name)
	}
	return plainRole(accountID, name)
}

func plainRole(accountID, name string) string { return arn.Make("iam", "", accountID, "role/"+name) }
