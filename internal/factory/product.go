package factory

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/smithy-go"
)

// Names AWS gives the Account Factory product. Source: Control Tower user guide, "How AWS Control Tower works".
const (
	accountFactory = "AWS Control Tower Account Factory"
	portfolioName  = accountFactory + " Portfolio"
)

// product is the Account Factory product as the factory's own role sees it.
type product struct {
	ID           string
	ArtifactID   string // the active version, empty when none is
	ArtifactName string
	PathID       string
	TagOptions   []string // keys AWS would put on the product: it fails with them
	Notified     bool     // a constraint has AWS notify topics of a launch: it fails with that too
}

// Target is what pre-flight resolved a request to: what exactly is going to be launched, and where to.
type Target struct {
	ProductID   string `json:"productId"`
	ArtifactID  string `json:"artifactId"`
	PathID      string `json:"pathId"`
	ProductName string `json:"productName"` // of the provisioned product
	OU          string `json:"ou"`          // "Name (id)"
	OUID        string `json:"ouId"`

	// Of requests about an account that exists: what it was when it was checked.
	AccountID     string   `json:"accountId,omitempty"`
	AccountARN    string   `json:"accountArn,omitempty"`
	AccountName   string   `json:"accountName,omitempty"`
	AccountEmail  string   `json:"accountEmail,omitempty"`
	ProvisionedID string   `json:"provisionedId,omitempty"` // of its provisioned product
	SSOUser       string   `json:"ssoUser,omitempty"`       // e-mail of its administrator, as the last record names it
	Enrolled      bool     `json:"enrolled,omitempty"`
	Drifted       bool     `json:"drifted,omitempty"`
	Known         bool     `json:"known,omitempty"`      // the provisioned product says itself that it is the account's
	Changes       []Change `json:"changes,omitempty"`    // of access, resolved
	Invites       string   `json:"invites,omitempty"`    // e-mail of an SSO user who was not there yet
	AwaitsUser    bool     `json:"awaitsUser,omitempty"` // who comes from an identity provider, and is not there yet
}

func (l *landscape) readProduct(ctx context.Context, a AWS) error {
	p, err := findProduct(ctx, a.Catalog)
	if err != nil || p == nil {
		return err
	}
	if err := p.readArtifact(ctx, a.Catalog); err != nil {
		return err
	}
	if err := p.readPath(ctx, a.Catalog); err != nil {
		return err
	}
	l.product = p
	return p.readObstacles(ctx, a.Catalog)
}

// findProduct searches as clients do: full text on the name, then the exact name.
func findProduct(ctx context.Context, c Catalog) (*product, error) {
	pages := servicecatalog.NewSearchProductsPaginator(c, &servicecatalog.SearchProductsInput{
		Filters: map[string][]string{string(sctypes.ProductViewFilterByFullTextSearch): {accountFactory}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, v := range page.ProductViewSummaries {
			if aws.ToString(v.Name) == accountFactory {
				return &product{ID: aws.ToString(v.ProductId)}, nil
			}
		}
	}
	return nil, nil
}

// readArtifact takes the newest version that is offered: DescribeProduct shows an end user only active ones.
func (p *product) readArtifact(ctx context.Context, c Catalog) error {
	out, err := c.DescribeProduct(ctx, &servicecatalog.DescribeProductInput{Id: &p.ID})
	if err != nil {
		return err
	}
	var newest *sctypes.ProvisioningArtifact
	for i, pa := range out.ProvisioningArtifacts {
		if pa.Guidance != sctypes.ProvisioningArtifactGuidanceDeprecated &&
			(newest == nil || aws.ToTime(pa.CreatedTime).After(aws.ToTime(newest.CreatedTime))) {
			newest = &out.ProvisioningArtifacts[i]
		}
	}
	if newest != nil {
		p.ArtifactID, p.ArtifactName = aws.ToString(newest.Id), aws.ToString(newest.Name)
	}
	return nil
}

// readPath takes the launch path through Account Factory's portfolio, or the only one.
func (p *product) readPath(ctx context.Context, c Catalog) error {
	out, err := c.ListLaunchPaths(ctx, &servicecatalog.ListLaunchPathsInput{ProductId: &p.ID})
	if isCode(err, "ResourceNotFoundException") {
		return nil // the check says so
	}
	if err != nil {
		return err
	}
	for _, path := range out.LaunchPathSummaries {
		if p.PathID == "" || aws.ToString(path.Name) == portfolioName {
			p.PathID = aws.ToString(path.Id)
		}
	}
	return nil
}

// constraintNotification is the type of a constraint that names topics. Source: Service Catalog API reference,
// CreateConstraint, Type; a launch path's constraints are shown with its parameters.
const constraintNotification = "NOTIFICATION"

// readObstacles reads what the product or its portfolio would add to a launch, and Account Factory fails with.
func (p *product) readObstacles(ctx context.Context, c Catalog) error {
	if p.ArtifactID == "" || p.PathID == "" {
		return nil
	}
	out, err := c.DescribeProvisioningParameters(ctx, &servicecatalog.DescribeProvisioningParametersInput{
		ProductId: &p.ID, ProvisioningArtifactId: &p.ArtifactID, PathId: &p.PathID,
	})
	if err != nil {
		return err
	}
	for _, t := range out.TagOptions {
		p.TagOptions = append(p.TagOptions, aws.ToString(t.Key))
	}
	for _, c := range out.ConstraintSummaries {
		p.Notified = p.Notified || aws.ToString(c.Type) == constraintNotification
	}
	return nil
}

// checkProduct looks whether the product can be launched at all.
func checkProduct(l *landscape, region string, in Input) []Check {
	if in.Region != "" && in.Region != region {
		return []Check{bad(CheckRegion, "the request is for Region "+in.Region+", and Control Tower's home Region is "+region,
			"switch to "+region+": the product exists only there")}
	}
	p := l.product
	if p == nil {
		return []Check{bad(CheckRegion, "there is no product "+accountFactory+" in Region "+region,
			"this must be Control Tower's home Region, with a landing zone that is set up")}
	}
	checks := []Check{ok(CheckRegion, "the product is in Region "+region)}
	if p.PathID == "" {
		checks = append(checks, bad(CheckLaunchPath, "the factory's own role has no launch path to the product",
			"start the factory again, or associate its role with "+portfolioName))
	}
	if p.ArtifactID == "" {
		checks = append(checks, bad(CheckArtifact, "the product has no active version", "repair or update the landing zone"))
	} else {
		checks = append(checks, ok(CheckArtifact, p.ArtifactName+" ("+p.ArtifactID+") is active"))
	}
	for _, key := range p.TagOptions {
		checks = append(checks, bad(CheckTagOptions, "the product or its portfolio carries the TagOption "+key+", and provisioning fails with TagOptions",
			"disassociate it from the product and its portfolio"))
	}
	if p.Notified {
		checks = append(checks, bad(CheckNotifications, "the product has a NOTIFICATION constraint, and provisioning fails with notifications",
			"delete that constraint from the product in "+portfolioName+"; hooks tell of a request's end instead"))
	}
	return checks
}

// isCode reports whether an error is AWS's with this code.
func isCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, c := range codes {
		if api.ErrorCode() == c {
			return true
		}
	}
	return false
}
