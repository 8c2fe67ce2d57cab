package servicecatalog

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// recordKind is the operation over time behind a record; Ref is the record's id. It has one step, after which the
// provisioner has the work until Complete.
const (
	recordKind = "servicecatalog.Record"
	stepStart  = "start"
)

// accountFactory is the type of Control Tower's product.
const accountFactory = "CONTROL_TOWER_ACCOUNT"

// step starts a record's work. It runs in one transaction with all the provisioner writes, so a crash before it is durable
// leaves the record CREATED and the step due. Record and
// product exist: nothing but Complete removes a product under change.
func (s *Service) step(tx *state.Tx, op *state.Operation) error {
	r := s.records.Get(tx, op.Ref)
	p := s.provisioned.Get(tx, r.ProvisionedID)
	if r.Work == nil {
		op.Done()
		return nil
	}
	if f := tx.TakeFault(state.FaultPoint{Service: "servicecatalog", Operation: operationOf(r.Action), Step: stepStart, Account: p.PhysicalID}); f != nil {
		if f.Kind == state.FaultStuck {
			op.Stuck = true
			return nil
		}
		op.Done()
		s.Complete(tx, r.ID, Outcome{Err: &RecordError{Code: cmp.Or(f.Code, "InternalFailure"), Description: f.Reason}})
		return nil
	}
	op.Done()
	s.records.Change(tx, r.ID, func(r *Record) { r.Status, r.Updated = types.RecordStatusInProgress, tx.Now() })
	if err := s.start(tx, r, p); err != nil {
		s.Complete(tx, r.ID, Outcome{Err: recordError(err)})
	}
	return nil
}

// start hands the work to the provisioner, unless it is refused before.
func (s *Service) start(tx *state.Tx, r *Record, p *ProvisionedProduct) error {
	provisioner := s.provisioners[r.Type]
	if r.Action == Terminate && (p.Planned || provisioner == nil) { // a plan that was never executed: there is nothing to end
		s.Complete(tx, r.ID, Outcome{})
		return nil
	}
	if provisioner == nil {
		return s.notLaunched(tx, r)
	}
	if r.Action == Provision {
		if err := s.unsupported(tx, r); err != nil {
			return err
		}
	}
	if r.Action != Terminate {
		if err := checkKeys(tx, provisioner.Parameters(tx), r.Work.Parameters); err != nil {
			return err
		}
	}
	j := job(r, p)
	if r.LaunchRole != "" {
		caller, err := s.assume(tx, r.LaunchRole)
		if err != nil {
			return err
		}
		j.Caller = caller
	}
	return provisioner.Start(tx, j)
}

// assume gives who works on a record that has a launch role, "the IAM role that Service Catalog assumes when an end user
// launches, updates, or terminates a product" (Service Catalog Administrator Guide, "Launch constraints").
func (s *Service) assume(tx *state.Tx, role string) (wire.Caller, error) {
	if s.cfg.Assume == nil {
		return wire.Caller{ARN: role}, nil
	}
	caller, err := s.cfg.Assume(tx, role)
	if err != nil {
		return caller, &RecordError{Code: "AccessDeniedException", Description: "Access denied while assuming the role " + role + ". The role must exist and trust servicecatalog.amazonaws.com."}
	}
	return caller, nil
}

func job(r *Record, p *ProvisionedProduct) Job {
	w := r.Work
	j := Job{
		Action: r.Action, RecordID: r.ID, ProductID: p.ID, Name: p.Name, PhysicalID: p.PhysicalID, Parameters: map[string]string{},
		Retain: w.Retain, FirstLaunch: p.LastSuccessful == "",
		Caller: wire.Caller{AccountID: w.Caller.AccountID, ARN: w.Caller.ARN, UserID: w.Caller.UserID, AccessKeyID: w.Caller.AccessKeyID},
	}
	for _, v := range w.Parameters {
		j.Parameters[v.Key] = v.Value
	}
	return j
}

// unsupported is what the Account Factory cannot be launched with: TagOptions and notifications. "Do not define TagOptions,
// do not enable Notifications, or provisioning fails" (Control Tower User Guide, "Provision accounts with Service Catalog").
// AWS does not publish the failure's text. Tags of the request itself are accepted: published Terraform modules pass them
// (appvia/terraform-aws-landing-zones, modules/controltower_account).
func (s *Service) unsupported(tx *state.Tx, r *Record) error {
	if r.Type != accountFactory {
		return nil
	}
	if options := s.offeredTags(tx, r.ProductID, portfolioOf(r.PathID)); len(options) > 0 {
		return &RecordError{Code: "InvalidParametersException", Description: fmt.Sprintf(
			"Account Factory cannot provision this product with TagOptions (%s). Remove them from the product and its portfolio, then terminate this provisioned product and launch again.", *options[0].Key)}
	}
	if len(r.Work.NotificationARNs) > 0 {
		return &RecordError{Code: "InvalidParametersException", Description: "Account Factory cannot provision this product with notifications enabled. Terminate this provisioned product and launch again without notification topics."}
	}
	return nil
}

// checkKeys tells what CloudFormation says of the product's placeholder template when parameters are missing or unknown. It
// says so in the record, not at the call: AWS's own sample shows a launch accepted and then in ERROR with this message (AWS
// CLI reference, scan-provisioned-products). Values are not judged here.
func checkKeys(tx *state.Tx, declared []Parameter, given []Value) error {
	var missing, unknown []string
	for _, d := range declared {
		if d.Default == nil && !slices.ContainsFunc(given, func(v Value) bool { return v.Key == d.Key }) {
			missing = append(missing, d.Key)
		}
	}
	for _, v := range given {
		if !slices.ContainsFunc(declared, func(d Parameter) bool { return d.Key == v.Key }) {
			unknown = append(unknown, v.Key)
		}
	}
	switch {
	case len(unknown) > 0:
		return templateError(tx, "Parameters: ["+strings.Join(unknown, ", ")+"] do not exist in the template")
	case len(missing) > 0:
		return templateError(tx, "Parameters: ["+strings.Join(missing, ", ")+"] must have values")
	}
	return nil
}

// notLaunched is how the launch of a product ends that is only catalogued: with what is wrong with its parameters, as far as
// its template is known, and else with the plain word that nothing launches it.
func (s *Service) notLaunched(tx *state.Tx, r *Record) error {
	if a := s.artifacts.Get(tx, r.ArtifactID); a != nil && a.Read {
		if err := checkKeys(tx, a.Parameters, r.Work.Parameters); err != nil {
			return err
		}
		if err := checkValues(tx, a.Parameters, r.Work.Parameters); err != nil {
			return err
		}
	}
	return &RecordError{Code: (&types.OperationNotSupportedException{}).ErrorCode(), Description: fmt.Sprintf(
		"Products of type %s can be catalogued here and not launched: this is a rehearsal of AWS that creates accounts only. Terminate the provisioned product to free its name.", r.Type)}
}

// checkValues tells what CloudFormation says of values that a template does not allow.
func checkValues(tx *state.Tx, declared []Parameter, given []Value) error {
	for _, v := range given {
		d := declared[slices.IndexFunc(declared, func(d Parameter) bool { return d.Key == v.Key })] // checkKeys found it
		if len(d.Allowed) > 0 && !slices.Contains(d.Allowed, v.Value) {
			return templateError(tx, "Parameter '"+d.Key+"' must be one of AllowedValues")
		}
		if d.Pattern != "" && !regexp.MustCompile(`^(?:`+d.Pattern+`)$`).MatchString(v.Value) { // readTemplate compiled it
			return templateError(tx, "Parameter '"+d.Key+"' must match pattern "+d.Pattern)
		}
	}
	return nil
}

func templateError(tx *state.Tx, text string) error {
	return &RecordError{Code: "AmazonCloudFormationException", Description: fmt.Sprintf(
		"%s (Service: AmazonCloudFormation; Status Code: 400; Error Code: ValidationError; Request ID: %s)", text, arn.UUID(tx))}
}

func recordError(err error) *RecordError {
	var known *RecordError
	if errors.As(err, &known) {
		return known
	}
	return &RecordError{Code: "InternalFailure", Description: err.Error()}
}

func operationOf(a Action) string {
	switch a {
	case Update:
		return "UpdateProvisionedProduct"
	case Terminate:
		return "TerminateProvisionedProduct"
	case Provision:
	}
	return "ProvisionProduct"
}
