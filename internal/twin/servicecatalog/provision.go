package servicecatalog

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/wire"
)

// ProvisionProduct launches a product. It refuses at once what Service Catalog itself sees: unknown ids, no launch path, a
// name in use, a token used for something else. What the parameters say is judged later, in the record.
func (s *Service) ProvisionProduct(ctx context.Context, in *sdk.ProvisionProductInput, _ ...func(*sdk.Options)) (*sdk.ProvisionProductOutput, error) {
	asked := *in
	asked.ProvisionToken = nil
	request := fingerprint(asked)
	out := &sdk.ProvisionProductOutput{}
	err := s.update(ctx, func(c *call) error {
		r, err := s.provision(c, in, request)
		if err != nil {
			return err
		}
		out.RecordDetail = recordDetail(r)
		return nil
	})
	return out, err
}

func (s *Service) provision(c *call, in *sdk.ProvisionProductInput, request string) (*Record, error) {
	l, err := s.launch(c, launchAsk{
		product: in.ProductId, productName: in.ProductName, artifact: in.ProvisioningArtifactId, artifactName: in.ProvisioningArtifactName,
		path: in.PathId, pathName: in.PathName,
	})
	if err != nil {
		return nil, err
	}
	id, same := s.seen(c, "ProvisionProduct", *in.ProvisionToken, request)
	if !same {
		// The reference lists DuplicateResourceException for this operation, and a used name is answered otherwise.
		return nil, duplicate("Provision token %s was used for another request.", *in.ProvisionToken)
	}
	if r := s.records.Get(c.Tx, id); r != nil {
		return r, nil
	}
	if l.artifact.Deprecated { // what was launched of it before may still be updated (UpdateProvisioningArtifact, API reference)
		return nil, invalid("Provisioning artifact %s is deprecated and cannot be launched.", l.artifact.ID)
	}
	tags, err := takeTags(in.Tags)
	if err == nil {
		tags, err = s.launchTags(c, l, tags)
	}
	if err != nil {
		return nil, err
	}
	values, err := takeValues(in.ProvisioningParameters)
	if err != nil {
		return nil, err
	}
	p, err := s.addProvisioned(c, l, *in.ProvisionedProductName, *in.ProvisionToken)
	if err != nil {
		return nil, err
	}
	p.Tags, p.Parameters, p.LaunchRole = tags, values, l.effect.role
	r := s.begin(c, p, l, Provision, &Work{Parameters: values, NotificationARNs: append(l.effect.topics, in.NotificationArns...)})
	s.remember(c, "ProvisionProduct", *in.ProvisionToken, request, r.ID)
	return r, nil
}

// launchAsk is how a request names what it launches.
type launchAsk struct{ product, productName, artifact, artifactName, path, pathName *string }

// launch is what is launched: a version of a product, along a path.
type launch struct {
	product  *Product
	artifact *Artifact
	path     string
	effect   effect // of the path's constraints
}

func (s *Service) launch(c *call, ask launchAsk) (launch, error) {
	product, paths, err := s.launchable(c, ask.product, ask.productName)
	if err != nil {
		return launch{}, err
	}
	a, err := version(s.active(c.Tx, product.ID), product.ID, ask.artifact, ask.artifactName)
	if err != nil {
		return launch{}, err
	}
	path, err := choosePath(product.ID, paths, ask.path, ask.pathName)
	if err != nil {
		return launch{}, err
	}
	return launch{product: product, artifact: a, path: pathID(path), effect: s.effectOf(c, path.ID, product.ID)}, nil
}

// addProvisioned makes a provisioned product; the caller fills it in and puts it.
func (s *Service) addProvisioned(c *call, l launch, name, token string) (*ProvisionedProduct, error) {
	// A name stays in use while there is a row, so also while a failed launch is not terminated. The wording is AWS's
	// (Control Tower User Guide, "Troubleshooting").
	if s.named.First(c.Tx, name) != nil {
		return nil, invalid("A stack named %s already exists.", name)
	}
	return &ProvisionedProduct{
		ID: newID(c.Tx, "pp"), Name: name, Type: provisionedType(l.product.Type), ProductID: l.product.ID, ArtifactID: l.artifact.ID, PathID: l.path,
		Created: c.Now(), Token: token, Owner: c.owner,
	}, nil
}

// begin puts the product under change with a record of its own, and starts the record's work a moment later.
func (s *Service) begin(c *call, p *ProvisionedProduct, l launch, action Action, work *Work) *Record {
	work.Caller = keep(c.caller)
	r := &Record{
		ID: newID(c.Tx, "rec"), Action: action, Status: types.RecordStatusCreated, ProvisionedID: p.ID, Name: p.Name, Type: p.Type,
		ProductID: l.product.ID, ArtifactID: l.artifact.ID, PathID: l.path, LaunchRole: p.LaunchRole, Created: c.Now(), Updated: c.Now(), Owner: c.owner, Tags: p.Tags, Work: work,
	}
	if r.LaunchRole == "" {
		r.LaunchRole = l.effect.role
	}
	if work.Retag {
		r.Tags = work.Tags
	}
	if action == Terminate {
		r.Tags = nil
	}
	row := *p
	row.Status, row.StatusMessage = types.ProvisionedProductStatusUnderChange, ""
	row.LastRecord, row.LastProvisioning = r.ID, r.ID
	s.provisioned.Put(c.Tx, &row)
	s.records.Put(c.Tx, r)
	c.Begin(recordKind, r.ID, stepStart, c.Pace(5*time.Second))
	return r
}

// takeValues reads the parameters of a launch. A key may come only once.
func takeValues(in []types.ProvisioningParameter) ([]Value, error) {
	seen := map[string]bool{}
	var out []Value
	for _, p := range in {
		if p.Key == nil || p.Value == nil {
			return nil, invalid("Each provisioning parameter must have a key and a value.")
		}
		if seen[*p.Key] {
			return nil, invalid("Provisioning parameter %s is specified more than once.", *p.Key)
		}
		seen[*p.Key] = true
		out = append(out, Value{Key: *p.Key, Value: *p.Value})
	}
	return out, nil
}

func keep(c wire.Caller) Caller {
	return Caller{AccountID: c.AccountID, ARN: c.ARN, UserID: c.UserID, AccessKeyID: c.AccessKeyID}
}
