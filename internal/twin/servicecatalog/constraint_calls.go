package servicecatalog

import (
	"context"
	"iter"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// CreateConstraint puts a constraint on a product in a portfolio. It answers CREATING, as AWS does (AWS CLI reference,
// create-constraint), and holds at once.
func (s *Service) CreateConstraint(ctx context.Context, in *sdk.CreateConstraintInput, _ ...func(*sdk.Options)) (*sdk.CreateConstraintOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	out := &sdk.CreateConstraintOutput{Status: types.StatusCreating}
	err := s.update(ctx, func(c *call) error {
		row, err := s.createConstraint(c, in, request)
		if err != nil {
			return err
		}
		out.ConstraintDetail, out.ConstraintParameters = row.detail(), &row.Parameters
		return nil
	})
	return out, err
}

func (s *Service) createConstraint(c *call, in *sdk.CreateConstraintInput, request string) (*Constraint, error) {
	id, same := s.seen(c, "CreateConstraint", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if row := s.constraints.Get(c.Tx, id); row != nil {
		return row, nil
	}
	product, portfolio, err := s.productAndPortfolio(c, in.ProductId, *in.PortfolioId)
	if err != nil {
		return nil, err
	}
	if s.associations.Get(c.Tx, portfolio.ID+"/"+product.ID) == nil {
		return nil, notFound("Product %s is not associated with portfolio %s.", product.ID, portfolio.ID)
	}
	row := &Constraint{
		ID: newID(c.Tx, "cons"), PortfolioID: portfolio.ID, ProductID: product.ID, Type: ConstraintType(*in.Type), Parameters: *in.Parameters, Owner: c.account,
	}
	replace(&row.Description, in.Description)
	if err := s.excluded(c, row); err != nil {
		return nil, err
	}
	if err := s.checkParameters(c, row.Type, row.Parameters); err != nil {
		return nil, err
	}
	s.constraints.Put(c.Tx, row)
	s.remember(c, "CreateConstraint", *in.IdempotencyToken, request, row.ID)
	return row, nil
}

// DescribeConstraint shows a constraint.
func (s *Service) DescribeConstraint(ctx context.Context, in *sdk.DescribeConstraintInput, _ ...func(*sdk.Options)) (*sdk.DescribeConstraintOutput, error) {
	out := &sdk.DescribeConstraintOutput{Status: types.StatusAvailable}
	err := s.view(ctx, func(c *call) error {
		row, err := s.constraint(c, *in.Id)
		if err != nil {
			return err
		}
		out.ConstraintDetail, out.ConstraintParameters = row.detail(), &row.Parameters
		return nil
	})
	return out, err
}

// UpdateConstraint changes a constraint's description or parameters; its type stays. What is launched already keeps the role
// it was launched with.
func (s *Service) UpdateConstraint(ctx context.Context, in *sdk.UpdateConstraintInput, _ ...func(*sdk.Options)) (*sdk.UpdateConstraintOutput, error) {
	out := &sdk.UpdateConstraintOutput{Status: types.StatusCreating}
	err := s.update(ctx, func(c *call) error {
		old, err := s.constraint(c, *in.Id)
		if err != nil {
			return err
		}
		row := *old
		replace(&row.Description, in.Description)
		if in.Parameters != nil {
			row.Parameters = *in.Parameters
			if err := s.checkParameters(c, row.Type, row.Parameters); err != nil {
				return err
			}
		}
		s.constraints.Put(c.Tx, &row)
		out.ConstraintDetail, out.ConstraintParameters = row.detail(), &row.Parameters
		return nil
	})
	return out, err
}

// DeleteConstraint takes a constraint away.
func (s *Service) DeleteConstraint(ctx context.Context, in *sdk.DeleteConstraintInput, _ ...func(*sdk.Options)) (*sdk.DeleteConstraintOutput, error) {
	err := s.update(ctx, func(c *call) error {
		row, err := s.constraint(c, *in.Id)
		if err != nil {
			return err
		}
		s.constraints.Delete(c.Tx, row.ID)
		return nil
	})
	return &sdk.DeleteConstraintOutput{}, err
}

// ListConstraintsForPortfolio lists a portfolio's constraints, all or those on one product.
func (s *Service) ListConstraintsForPortfolio(ctx context.Context, in *sdk.ListConstraintsForPortfolioInput, _ ...func(*sdk.Options)) (*sdk.ListConstraintsForPortfolioOutput, error) {
	out := &sdk.ListConstraintsForPortfolioOutput{}
	err := s.view(ctx, func(c *call) error {
		portfolio, err := s.portfolio(c, *in.PortfolioId)
		if err != nil {
			return err
		}
		from := func(after string) iter.Seq[*Constraint] { return s.constraining.OfAfter(c.Tx, portfolio.ID, after) }
		list := "ListConstraintsForPortfolio/" + portfolio.ID
		if in.ProductId != nil {
			if _, err := s.administered(c, in.ProductId, nil); err != nil {
				return err
			}
			pair := portfolio.ID + "/" + *in.ProductId
			from = func(after string) iter.Seq[*Constraint] { return s.constrained.OfAfter(c.Tx, pair, after) }
			list += "/" + *in.ProductId
		}
		page, next, err := paginate(list, in.PageToken, in.PageSize, from, func(row *Constraint) string { return row.ID })
		out.NextPageToken = next
		out.ConstraintDetails = convert(page, func(row *Constraint) types.ConstraintDetail { return *row.detail() })
		return err
	})
	return out, err
}
