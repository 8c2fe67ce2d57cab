package servicecatalog

import (
	"context"
	"maps"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
)

// UpdateProvisionedProductProperties changes who owns a launched product, and the role it is worked on with. It is done at
// once; its record shows in the history, and is no provisioning record.
func (s *Service) UpdateProvisionedProductProperties(ctx context.Context, in *sdk.UpdateProvisionedProductPropertiesInput, _ ...func(*sdk.Options)) (*sdk.UpdateProvisionedProductPropertiesOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	out := &sdk.UpdateProvisionedProductPropertiesOutput{ProvisionedProductId: in.ProvisionedProductId, ProvisionedProductProperties: maps.Clone(in.ProvisionedProductProperties)}
	err := s.update(ctx, func(c *call) error {
		r, err := s.changeProperties(c, in, request)
		if err != nil {
			return err
		}
		out.RecordId, out.Status = &r.ID, r.Status
		return nil
	})
	return out, err
}

func (s *Service) changeProperties(c *call, in *sdk.UpdateProvisionedProductPropertiesInput, request string) (*Record, error) {
	p, err := s.provisionedProduct(c, in.ProvisionedProductId, nil)
	if err != nil {
		return nil, err
	}
	id, same := s.seen(c, "UpdateProvisionedProductProperties", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if r := s.records.Get(c.Tx, id); r != nil {
		return r, nil
	}
	if settled(p) != nil {
		return nil, badState("Provisioned product %s is %s. Its properties can be changed when it is stable.", p.ID, p.Status)
	}
	row := *p
	if err := s.setProperties(c, &row, in.ProvisionedProductProperties); err != nil {
		return nil, err
	}
	r := &Record{
		ID: newID(c.Tx, "rec"), Action: Update, Status: types.RecordStatusSucceeded, ProvisionedID: p.ID, Name: p.Name, Type: p.Type, ProductID: p.ProductID,
		ArtifactID: p.ArtifactID, PathID: p.PathID, LaunchRole: row.LaunchRole, Created: c.Now(), Updated: c.Now(), Owner: c.owner, Tags: p.Tags,
	}
	row.LastRecord = r.ID
	s.provisioned.Put(c.Tx, &row)
	s.records.Put(c.Tx, r)
	s.remember(c, "UpdateProvisionedProductProperties", *in.IdempotencyToken, request, r.ID)
	return r, nil
}

func (s *Service) setProperties(c *call, p *ProvisionedProduct, properties map[string]string) error {
	if role, given := properties[string(types.PropertyKeyLaunchRole)]; given {
		if err := s.checkRole(c, role); err != nil {
			return err
		}
		p.LaunchRole = role
	}
	if who, given := properties[string(types.PropertyKeyOwner)]; given {
		owner, err := s.newOwner(c, who)
		if err != nil {
			return err
		}
		p.Owner = owner
	}
	return nil
}

// newOwner reads the ARN of a user, a role or a role's session of the caller's account. What a role owns all its sessions
// do.
func (s *Service) newOwner(c *call, who string) (Owner, error) {
	a, err := arn.Parse(who)
	kind, _, found := strings.Cut(a.Resource, "/")
	switch {
	case err != nil || a.AccountID != c.account || !found:
	case a.Service == "iam" && (kind == "user" || kind == "role"):
		if s.cfg.PrincipalExists == nil || s.cfg.PrincipalExists(c.Tx, who) {
			return Owner{ARN: who, Session: who}, nil
		}
	case a.Service == "sts" && kind == "assumed-role":
		name := strings.Split(a.Resource, "/")
		if role := s.roleNamed(c.Tx, a.AccountID, name[1]); len(name) == 3 && role != "" {
			return Owner{ARN: role, Session: who}, nil
		}
	}
	return Owner{}, invalid("Invalid owner %s: must be the ARN of an IAM user, an IAM role or an assumed role of account %s.", who, c.account)
}
