package twin_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin"
)

// none is the state of what is not there, before or after.
const none = ""

// edges are the moves that somebody who polls may see, by kind of thing. States in between may be missed, so a move is also
// allowed over what it leaves out. Sources: Service Catalog API Reference, RecordDetail and ProvisionedProductDetail; Control
// Tower API Reference, EnablementStatusSummary, LandingZoneDetail and the details of operations.
var edges = map[string]map[string]string{
	"record": {
		none:      "CREATED SUCCEEDED", // an account that is enrolled with its OU has a record that is over
		"CREATED": "IN_PROGRESS IN_PROGRESS_IN_ERROR SUCCEEDED FAILED", "IN_PROGRESS": "IN_PROGRESS_IN_ERROR SUCCEEDED FAILED", "IN_PROGRESS_IN_ERROR": "FAILED",
		"SUCCEEDED": "", "FAILED": "",
	},
	"product": {
		none: "UNDER_CHANGE PLAN_IN_PROGRESS AVAILABLE", "UNDER_CHANGE": "AVAILABLE TAINTED ERROR -", "AVAILABLE": "UNDER_CHANGE TAINTED -",
		"TAINTED": "UNDER_CHANGE AVAILABLE -", "ERROR": "UNDER_CHANGE -", "PLAN_IN_PROGRESS": "UNDER_CHANGE -",
	},
	"baseline":  {none: "UNDER_CHANGE SUCCEEDED", "UNDER_CHANGE": "SUCCEEDED FAILED -", "SUCCEEDED": "UNDER_CHANGE FAILED -", "FAILED": "UNDER_CHANGE SUCCEEDED -"},
	"control":   {none: "UNDER_CHANGE SUCCEEDED", "UNDER_CHANGE": "SUCCEEDED FAILED -", "SUCCEEDED": "UNDER_CHANGE -", "FAILED": "UNDER_CHANGE -"},
	"zone":      {none: "ACTIVE", "ACTIVE": "PROCESSING", "PROCESSING": "ACTIVE FAILED", "FAILED": "PROCESSING"},
	"operation": {none: "IN_PROGRESS", "IN_PROGRESS": "SUCCEEDED FAILED", "SUCCEEDED": "", "FAILED": ""},
}

func mayMove(kind, from, to string) bool {
	if to == none {
		to = "-"
	}
	return slices.Contains(strings.Fields(edges[kind][from]), to)
}

// poller remembers what it saw, as kind and id, and complains of a move that is not documented.
type poller struct {
	*fixture
	t     *testing.T
	seen  map[string]string
	moves map[string]int
}

// polling starts a twin whose clock stands still, so that nothing moves between two looks, and looks at it once.
func polling(t *testing.T, change ...func(*twin.Config)) *poller {
	t.Helper()
	p := &poller{t: t, seen: map[string]string{}, moves: map[string]int{}, fixture: setup(t, append(change, slow)...)}
	p.freeze(t)
	p.poll()
	return p
}

func (p *poller) poll() {
	p.t.Helper()
	now := map[string]string{}
	p.catalog(now)
	p.tower(now)
	for what, state := range now {
		p.move(what, p.seen[what], state)
	}
	for what, state := range p.seen {
		if _, there := now[what]; !there {
			p.move(what, state, none)
		}
	}
	p.seen = now
}

func (p *poller) move(what, from, to string) {
	p.t.Helper()
	if from == to {
		return
	}
	kind, _, _ := strings.Cut(what, " ")
	p.moves[kind+" "+from+" "+to]++
	if !mayMove(kind, from, to) {
		p.t.Errorf("%s went from %q to %q", what, from, to)
	}
}

func check[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// catalog looks at all records and provisioned products, and at how each product goes with its records.
func (p *poller) catalog(now map[string]string) {
	p.t.Helper()
	ctx, all := p.t.Context(), &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyAccount, Value: aws.String("self")}
	records := map[string]types.RecordDetail{}
	for in := (&servicecatalog.ListRecordHistoryInput{AccessLevelFilter: all}); ; {
		out := check[*servicecatalog.ListRecordHistoryOutput](p.t)(p.Catalog.ListRecordHistory(ctx, in))
		for _, r := range out.RecordDetails {
			records[*r.RecordId] = r
			now["record "+*r.RecordId] = string(r.Status)
			failed := r.Status == types.RecordStatusFailed || r.Status == types.RecordStatusInProgressInError
			if failed != (len(r.RecordErrors) > 0) {
				p.t.Errorf("record %s is %s with %d errors", *r.RecordId, r.Status, len(r.RecordErrors))
			}
		}
		if in.PageToken = out.NextPageToken; in.PageToken == nil {
			break
		}
	}
	for in := (&servicecatalog.ScanProvisionedProductsInput{AccessLevelFilter: all}); ; {
		out := check[*servicecatalog.ScanProvisionedProductsOutput](p.t)(p.Catalog.ScanProvisionedProducts(ctx, in))
		for _, d := range out.ProvisionedProducts {
			now["product "+*d.Id] = string(d.Status)
			p.explains(d, records[aws.ToString(d.LastRecordId)])
		}
		if in.PageToken = out.NextPageToken; in.PageToken == nil {
			break
		}
	}
}

// explains holds a product to what its status means, and its message to the error of the record that caused it. Both were
// read one after the other, while nothing moved.
func (p *poller) explains(d types.ProvisionedProductDetail, last types.RecordDetail) {
	p.t.Helper()
	over := last.Status == types.RecordStatusSucceeded || last.Status == types.RecordStatusFailed
	launched, message := d.LastSuccessfulProvisioningRecordId != nil, aws.ToString(d.StatusMessage)
	fine := false
	switch d.Status {
	case types.ProvisionedProductStatusUnderChange:
		fine = !over && message == ""
	case types.ProvisionedProductStatusAvailable:
		fine = launched && message == "" && last.Status == types.RecordStatusSucceeded
	case types.ProvisionedProductStatusError, types.ProvisionedProductStatusTainted:
		fine = launched == (d.Status == types.ProvisionedProductStatusTainted) && over && message != ""
		if last.Status == types.RecordStatusFailed {
			fine = fine && message == *last.RecordErrors[0].Code+"  "+*last.RecordErrors[0].Description
		}
	case types.ProvisionedProductStatusPlanInProgress:
		fine = !launched && message == ""
	}
	if !fine {
		p.t.Errorf("product %s is %s with message %q, launched %t, last record %s %v", *d.Id, d.Status, message, launched, last.Status, last.RecordErrors)
	}
}

// tower looks at the landing zone, at what is enabled, and at the operations.
func (p *poller) tower(now map[string]string) {
	p.t.Helper()
	ctx := p.t.Context()
	now["zone"] = string(p.zone(p.t).LandingZone.Status)
	for in := (&controltower.ListEnabledBaselinesInput{IncludeChildren: true}); ; {
		out := check[*controltower.ListEnabledBaselinesOutput](p.t)(p.ControlTower.ListEnabledBaselines(ctx, in))
		for _, b := range out.EnabledBaselines {
			now["baseline "+*b.Arn] = string(b.StatusSummary.Status)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	controls := check[*controltower.ListEnabledControlsOutput](p.t)(p.ControlTower.ListEnabledControls(ctx, &controltower.ListEnabledControlsInput{}))
	for _, c := range controls.EnabledControls {
		now["control "+*c.Arn] = string(c.StatusSummary.Status)
	}
	for in := (&controltower.ListControlOperationsInput{}); ; {
		out := check[*controltower.ListControlOperationsOutput](p.t)(p.ControlTower.ListControlOperations(ctx, in))
		for _, o := range out.ControlOperations {
			p.operation(now, *o.OperationIdentifier, string(o.Status), o.StatusMessage, o.EndTime)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	zones := check[*controltower.ListLandingZoneOperationsOutput](p.t)(p.ControlTower.ListLandingZoneOperations(ctx, &controltower.ListLandingZoneOperationsInput{}))
	for _, o := range zones.LandingZoneOperations {
		d := check[*controltower.GetLandingZoneOperationOutput](p.t)(p.ControlTower.GetLandingZoneOperation(ctx, &controltower.GetLandingZoneOperationInput{OperationIdentifier: o.OperationIdentifier})).OperationDetails
		p.operation(now, *d.OperationIdentifier, string(d.Status), d.StatusMessage, d.EndTime)
	}
}

// operation holds an operation to saying why it failed, and when it ended.
func (p *poller) operation(now map[string]string, id, status string, message *string, end *time.Time) {
	p.t.Helper()
	now["operation "+id] = status
	if (end == nil) != (status == "IN_PROGRESS") || (aws.ToString(message) != "") != (status == "FAILED") {
		p.t.Errorf("operation %s is %s, message %q, ended %v", id, status, aws.ToString(message), end)
	}
}

// advance brings the twin to when the next thing is due, and reports whether there was one.
func (p *poller) advance() bool {
	p.t.Helper()
	var clock struct{ Now time.Time }
	var under struct {
		Operations []struct {
			Kind  string
			Due   time.Time
			Stuck bool
		}
	}
	for path, into := range map[string]any{"/_twin/operations": &under, "/_twin/clock": &clock} {
		if err := p.lab.Do(p.t.Context(), "GET", path, nil, into); err != nil {
			p.t.Fatal(err)
		}
	}
	next := time.Time{}
	for _, op := range under.Operations {
		if !op.Stuck && op.Kind != "controltower.Deadline" && (next.IsZero() || op.Due.Before(next)) {
			next = op.Due
		}
	}
	if next.IsZero() {
		return false
	}
	if d := next.Sub(clock.Now); d > 0 {
		p.later(p.t, (d + time.Millisecond).String())
	}
	p.settle(p.t)
	return true
}

// act does something at random. What is refused at once is no business of a poller.
func (p *poller) act(r *rand.Rand, i int) {
	ctx := p.t.Context()
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	if r.IntN(3) == 0 {
		p.arm(p.t, map[string]any{"kind": "fail", "service": "controltower", "count": 1, "reason": "no luck", "step": pick(
			"create-account", "move-account", "baseline", "sso-user", "assign", "finish", "deregister", "precheck", "organizational-unit", "account", "control", "deploy")})
	}
	products := check[*servicecatalog.SearchProvisionedProductsOutput](p.t)(p.Catalog.SearchProvisionedProducts(ctx, &servicecatalog.SearchProvisionedProductsInput{})).ProvisionedProducts
	one := types.ProvisionedProductAttribute{}
	if len(products) > 0 {
		one = products[r.IntN(len(products))]
	}
	name, token := fmt.Sprintf("a%d", i), aws.String(fmt.Sprintf("t%d", i))
	switch r.IntN(9) {
	case 0, 1, 2:
		_, _ = p.launch(p.t, name, map[string]string{"ManagedOrganizationalUnit": pick(p.ou(p.t, "Sandbox"), p.ou(p.t, "Team"), "Nowhere")})
	case 3, 4:
		_, _ = p.Catalog.UpdateProvisionedProduct(ctx, &servicecatalog.UpdateProvisionedProductInput{
			ProvisionedProductId: one.Id, UpdateToken: token, ProvisioningParameters: updates(p.parameters(p.t, aws.ToString(one.Name), map[string]string{"ManagedOrganizationalUnit": p.ou(p.t, pick("Sandbox", "Team"))})),
		})
	case 5:
		_, _ = p.Catalog.TerminateProvisionedProduct(ctx, &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: one.Id, TerminateToken: token})
	case 6:
		p.onOU(pick("Sandbox", "Team"))
	case 7:
		target := p.findOU(p.t, pick("Sandbox", "Team")).Arn
		if _, err := p.ControlTower.EnableControl(ctx, &controltower.EnableControlInput{ControlIdentifier: controlARN("AWS-GR_RESTRICT_ROOT_USER"), TargetIdentifier: target}); err != nil {
			_, _ = p.ControlTower.DisableControl(ctx, &controltower.DisableControlInput{ControlIdentifier: controlARN("AWS-GR_RESTRICT_ROOT_USER"), TargetIdentifier: target})
		}
	case 8:
		_, _ = p.ControlTower.ResetLandingZone(ctx, &controltower.ResetLandingZoneInput{LandingZoneIdentifier: p.zone(p.t).LandingZone.Arn})
	}
}

// onOU registers an OU, or again, or takes it out.
func (p *poller) onOU(name string) {
	ctx, target := p.t.Context(), aws.ToString(p.findOU(p.t, name).Arn)
	on := check[*controltower.ListEnabledBaselinesOutput](p.t)(p.ControlTower.ListEnabledBaselines(ctx, &controltower.ListEnabledBaselinesInput{Filter: &cttypes.EnabledBaselineFilter{TargetIdentifiers: []string{target}}}))
	switch {
	case len(on.EnabledBaselines) == 0:
		_, _ = p.beginRegister(p.t, name)
	case name == "Sandbox":
		_, _ = p.ControlTower.ResetEnabledBaseline(ctx, &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: on.EnabledBaselines[0].Arn})
	default:
		_, _ = p.ControlTower.DisableBaseline(ctx, &controltower.DisableBaselineInput{EnabledBaselineIdentifier: on.EnabledBaselines[0].Arn})
	}
}

// ofSeed gives a twin its seed, and every other one today's profile.
func ofSeed(seed uint64) func(*twin.Config) {
	return func(c *twin.Config) {
		c.Profile, c.Seed = []string{"classic", "current"}[seed%2], seed+1
	}
}

// TestStates: whatever happens, pollers see documented moves only, every wait ends, and every failure says why.
func TestStates(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			p := polling(t, ofSeed(seed))
			p.makeOU(t, "Team")
			r := rand.New(rand.NewPCG(seed, 1))
			for i := range 60 {
				p.act(r, i)
				p.poll()
				for range r.IntN(8) {
					p.advance()
					p.poll()
				}
			}
			for p.advance() {
				p.poll()
			}
			for what, state := range p.seen {
				if slices.Contains([]string{"CREATED", "IN_PROGRESS", "IN_PROGRESS_IN_ERROR", "UNDER_CHANGE", "PROCESSING"}, state) {
					t.Errorf("%s stays %s", what, state)
				}
			}
			t.Logf("moves %v", p.moves)
		})
	}
}

// TestStates_InError: what fails on the way is seen to be remedied, while nothing else may touch the account.
func TestStates_InError(t *testing.T) {
	t.Parallel()
	p := polling(t)
	f := p.fixture
	f.arm(t, map[string]any{"kind": "fail", "service": "controltower", "step": "baseline", "code": "StackSetFailState", "reason": "no luck", "count": 1})
	out, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	for p.poll(); p.seen["record "+*out.RecordDetail.RecordId] != "IN_PROGRESS_IN_ERROR"; p.poll() {
		if !p.advance() {
			t.Fatalf("ended as %v", p.seen)
		}
	}
	if got := p.seen["product "+*out.RecordDetail.ProvisionedProductId]; got != "UNDER_CHANGE" {
		t.Errorf("product %s", got)
	}
	rec := check[*servicecatalog.DescribeRecordOutput](t)(f.Catalog.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: out.RecordDetail.RecordId}))
	if e := rec.RecordDetail.RecordErrors[0]; *e.Code != "StackSetFailState" || *e.Description != "no luck" {
		t.Errorf("record's error %s: %s", *e.Code, *e.Description)
	}
	f.awaitUnderChange(t)
	_, err = f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: out.RecordDetail.ProvisionedProductId})
	wantAPI(t, err, "InvalidParametersException", "UNDER_CHANGE")
	f = f.restart(t) // the rest is done by whoever comes after
	p.fixture = f
	p.poll()
	if got := p.seen["record "+*out.RecordDetail.RecordId]; got != "IN_PROGRESS_IN_ERROR" {
		t.Errorf("started again the record is %s", got)
	}
	p.advance()
	p.poll()
	if got := p.seen["record "+*out.RecordDetail.RecordId]; got != "FAILED" {
		t.Errorf("record %s", got)
	}
	if d := f.provisioned(t, *out.RecordDetail.ProvisionedProductId); d.Status != types.ProvisionedProductStatusError || aws.ToString(d.StatusMessage) != "StackSetFailState  no luck" {
		t.Errorf("product %s: %s", d.Status, aws.ToString(d.StatusMessage))
	}
	f.wantEvent(t, "CreateManagedAccount FAILED "+f.shared("one"))
}

// drain goes on until nothing is due any more.
func (p *poller) drain() {
	p.t.Helper()
	for p.poll(); p.advance(); p.poll() {
		continue
	}
}

// occurred are the states that things of a kind were in.
func (p *poller) occurred(kind string) (out []string) {
	for move := range p.moves {
		if rest, found := strings.CutPrefix(move, kind+" "); found {
			if _, to, _ := strings.Cut(rest, " "); to != none && !slices.Contains(out, to) {
				out = append(out, to)
			}
		}
	}
	slices.Sort(out)
	return out
}

func values[T ~string](in []T) []string {
	out := make([]string, 0, len(in))
	for _, v := range in {
		out = append(out, string(v))
	}
	slices.Sort(out)
	return out
}

// TestStates_Occur: every status that AWS's model knows occurs, or docs/aws-divergences.md says that it does not.
func TestStates_Occur(t *testing.T) {
	t.Parallel()
	p := polling(t, current)
	f := p.fixture
	fail := func(step string) {
		f.arm(t, map[string]any{"kind": "fail", "service": "controltower", "step": step, "count": 1})
	}
	update := func(id *string, token string) {
		check[*servicecatalog.UpdateProvisionedProductOutput](t)(f.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
			ProvisionedProductId: id, UpdateToken: aws.String(token), ProvisioningParameters: updates(f.parameters(t, "one", nil)),
		}))
		p.drain()
	}
	p.poll()
	fail("baseline")
	made, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	p.drain()
	update(made.RecordDetail.ProvisionedProductId, "repair")
	fail("assign")
	update(made.RecordDetail.ProvisionedProductId, "taint")
	productID, artifactID := product(t, f.Clients)
	check[*servicecatalog.CreateProvisionedProductPlanOutput](t)(f.Catalog.CreateProvisionedProductPlan(t.Context(), &servicecatalog.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan"), PlanType: types.ProvisionedProductPlanTypeCloudformation, ProductId: &productID, ProvisioningArtifactId: &artifactID, ProvisionedProductName: aws.String("two"),
	}))
	p.poll()
	fail("control")
	enabled := f.enableControl(t, "AWS-GR_RESTRICT_ROOT_USER", "Sandbox", nil)
	p.drain()
	check[*controltower.DisableControlOutput](t)(f.ControlTower.DisableControl(t.Context(), &controltower.DisableControlInput{EnabledControlIdentifier: enabled.Arn}))
	p.drain()
	manifest := f.zone(t).LandingZone.Manifest
	for _, step := range []string{"deploy", ""} {
		if step != "" {
			fail(step)
		}
		check[*controltower.UpdateLandingZoneOutput](t)(f.ControlTower.UpdateLandingZone(t.Context(), &controltower.UpdateLandingZoneInput{
			LandingZoneIdentifier: f.zone(t).LandingZone.Arn, Version: aws.String("3.3"), Manifest: manifest,
		}))
		p.drain()
	}
	for kind, want := range map[string][]string{
		"record": values(types.RecordStatus("").Values()), "product": values(types.ProvisionedProductStatus("").Values()),
		"baseline": values(cttypes.EnablementStatus("").Values()), "control": values(cttypes.EnablementStatus("").Values()),
		"zone": values(cttypes.LandingZoneStatus("").Values()), "operation": values(cttypes.ControlOperationStatus("").Values()),
	} {
		if diff := cmp.Diff(want, p.occurred(kind)); diff != "" {
			t.Errorf("%s (-model +seen):\n%s", kind, diff)
		}
	}
}
