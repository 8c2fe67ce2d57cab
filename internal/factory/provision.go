package factory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// The writes of a launch, by AWS's names.
const (
	OpProvision = "ProvisionProduct"
	OpUpdate    = "UpdateProvisionedProduct"
	OpTerminate = "TerminateProvisionedProduct"
)

// token names one write: the same request, step and generation is the same write to AWS however often it is sent.
func token(r *Request, operation string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%s/%d", r.ID, r.Step, operation, r.Generation))
	return "af-" + hex.EncodeToString(sum[:16])
}

// provision sends the launch. Twice is safe: what will be sent, and its token, is stored before the call, so a process
// that comes after a crash, or after an answer that was lost, sends the same write again, and AWS answers it with the
// same record. Where AWS says instead that the name is taken, the product is looked up by that token.
func provision(ctx context.Context, w *work) (outcome, error) {
	again := w.r.sent()
	if !again {
		out, decided, err := w.decide(ctx)
		if err != nil || decided {
			return out, err
		}
	}
	var rec *sctypes.RecordDetail
	var err error
	switch in := w.r.Progress.Intent; in.Operation {
	case OpUpdate:
		rec, err = w.catalog().Update(ctx, &w.r)
	default:
		rec, err = w.catalog().Provision(ctx, &w.r)
	}
	if err != nil {
		return w.refusal(ctx, err)
	}
	// Looked at now, not at the end: one under way may have ended by then, and does not show when it was asked for.
	rivals, err := w.rivals(ctx, aws.ToTime(rec.CreatedTime), again)
	if err != nil {
		return outcome{}, err
	}
	return w.accepted(rec, rivals...), nil
}

// decide chooses between a new product and the one that is left of an earlier generation, and stores the intent.
// decided is true when there is something else to do than to send it.
func (w *work) decide(ctx context.Context) (out outcome, decided bool, err error) {
	p, err := productByName(ctx, w.aws.Products, w.r.Progress.Target.ProductName)
	if err != nil {
		return outcome{}, false, err
	}
	known := p == nil || w.r.knows(p)
	if p != nil && w.r.isOurs(aws.ToString(p.Id), aws.ToString(p.IdempotencyToken)) {
		if err := w.recollect(ctx, p); err != nil { // before it is asked which account it may have made
			return outcome{}, false, err
		}
	}
	if err := w.notAdopting(ctx, p != nil); err != nil {
		return outcome{}, false, err
	}
	op := OpProvision
	if p != nil {
		if out, decided, err = w.left(ctx, p, known); err != nil || decided {
			return out, decided, err
		}
		op = OpUpdate
	}
	text := fmt.Sprintf("Sends %s: product %s as %s, account %q in %s.", op, w.r.Progress.Target.ProductID, w.r.Progress.Target.ProductName, w.r.Name, w.r.Progress.Target.OU)
	return outcome{}, false, w.save(ctx, outcome{text: text, change: func(r *Request) {
		if p != nil {
			setProduct(p)(r)
		}
		w.intend(r, op)
	}})
}

// left decides what to do with a product of the request's name; decided is false when it is to be updated. known says that the
// request has seen the newest operation on it.
func (w *work) left(ctx context.Context, p *sctypes.ProvisionedProductAttribute, known bool) (out outcome, decided bool, err error) {
	switch {
	case !w.r.isOurs(aws.ToString(p.Id), aws.ToString(p.IdempotencyToken)):
		return outcome{}, false, &failure{text: fmt.Sprintf("The provisioned product name %s is taken by %s, which is not this request's: "+
			"terminate that one if it is a leftover, or ask with another account name.", w.r.Progress.Target.ProductName, aws.ToString(p.Id))}
	case p.Status == sctypes.ProvisionedProductStatusAvailable:
		return w.available(p), true, w.notAdopted(ctx, aws.ToString(p.PhysicalId))
	case p.Status == sctypes.ProvisionedProductStatusUnderChange && !known:
		out, err = w.underWay(ctx, p)
		return out, true, err
	case p.Status == sctypes.ProvisionedProductStatusUnderChange:
		return outcome{}, false, stillChanging(p)
	}
	return outcome{}, false, nil
}

// available goes on with what follows a record that succeeded, without having seen that record.
func (w *work) available(p *sctypes.ProvisionedProductAttribute) outcome {
	next := w.r.kind().after(StepFollow, &w.r)
	if w.r.AccountID == "" && !isAccountID(aws.ToString(p.PhysicalId)) {
		next = StepVerify // which waits until AWS says the account
	}
	return outcome{next: next, text: "The provisioned product is available.", change: func(r *Request) {
		setProduct(p)(r)
		r.giveOn()
		r.State, r.WaitReason = StateRunning, ""
	}}
}

func stillChanging(p *sctypes.ProvisionedProductAttribute) error {
	return &notYet{text: "The provisioned product " + aws.ToString(p.Id) + " is still under change."}
}

// intend writes down what is going to be sent.
func (s *Service) intend(r *Request, op string) {
	in := &Intent{Operation: op, Token: token(r, op), At: s.clock.Now()}
	r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = in, "", ""
	if !slices.Contains(r.Progress.Tokens, in.Token) {
		r.Progress.Tokens = append(r.Progress.Tokens, in.Token)
	}
}

// setProduct takes over what a product of ours tells.
func setProduct(p *sctypes.ProvisionedProductAttribute) func(*Request) {
	return func(r *Request) {
		r.ProductID = aws.ToString(p.Id)
		if id := aws.ToString(p.PhysicalId); isAccountID(id) {
			r.AccountID = id
		}
		if r.Progress.CloudSince.IsZero() {
			r.Progress.CloudSince = aws.ToTime(p.CreatedTime)
		}
	}
}

// notAdopting refuses to go on when the account e-mail belongs to an account that was there before this request:
// Control Tower would enroll it. fresh asks AWS now: an earlier try that left a product may have made the account.
func (w *work) notAdopting(ctx context.Context, fresh bool) error {
	if w.r.Kind != KindLaunch { // it is about an account that exists
		return nil
	}
	l, err := w.landscape(ctx, w.aws, fresh)
	if err != nil {
		return err
	}
	a, exists := l.accounts[w.r.EmailKey()]
	if !exists {
		return nil
	}
	why, err := w.stranger(ctx, a)
	switch {
	case err != nil || why == "":
		return err
	case !fresh: // it may have changed since that was read
		return w.notAdopting(ctx, true)
	}
	return &decision{text: fmt.Sprintf("Account %s (%s) has the e-mail %s and %s: going on would enroll it. "+
		"Enroll it on purpose, or give it another e-mail and retry; or cancel.", a.ID, a.Name, a.Email, why)}
}

func provisionInput(r *Request, token string) *servicecatalog.ProvisionProductInput {
	t := r.Progress.Target
	in := &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(t.ProductID), ProvisioningArtifactId: aws.String(t.ArtifactID), PathId: aws.String(t.PathID),
		ProvisionedProductName: aws.String(t.ProductName), ProvisionToken: aws.String(token),
	}
	for _, p := range productParameters(r) {
		in.ProvisioningParameters = append(in.ProvisioningParameters, sctypes.ProvisioningParameter{Key: aws.String(p[0]), Value: aws.String(p[1])})
	}
	return in
}

// productParameters are the product's six parameters, in its order. An update names neither name nor e-mail: the product
// has those of its launch, whatever the account has by now, and fails with others. Source: Control Tower user guide,
// "Change the email address of an account". One that has no account yet, and is only known by its name, may be of another
// launch: it is told which account is meant.
func productParameters(r *Request) [][2]string {
	name, email := r.Name, r.AccountEmail
	if (r.Kind == KindUpdate || r.Kind == KindRepair) && r.Progress.Target.Known {
		name, email = "", ""
	}
	return [][2]string{
		{"AccountName", name},
		{"AccountEmail", email},
		{"SSOUserFirstName", r.SSOUserFirstName},
		{"SSOUserLastName", r.SSOUserLastName},
		{"SSOUserEmail", cmp.Or(r.SSOUserEmail, r.Progress.Target.SSOUser)},
		{"ManagedOrganizationalUnit", r.Progress.Target.OU},
	}
}

// accepted goes on to follow the record AWS answered with.
func (w *work) accepted(rec *sctypes.RecordDetail, rivals ...string) outcome {
	return outcome{
		next: StepFollow, wait: w.cfg.poll(0), // whatever is sent is followed
		text: fmt.Sprintf("AWS took %s: record %s.", w.r.Progress.Intent.Operation, aws.ToString(rec.RecordId)),
		change: func(r *Request) {
			r.Progress.RecordID, r.Progress.RecordStatus = aws.ToString(rec.RecordId), string(rec.Status)
			if id := aws.ToString(rec.ProvisionedProductId); id != "" {
				r.ProductID = id
			}
			r.Progress.began(rec)
			r.Progress.rival(rivals)
		},
	}
}

// refusal is AWS's error to a write. It may be an earlier sending of the same write that took effect and whose answer
// was lost: then the product is ours and under way, and the request follows it.
func (w *work) refusal(ctx context.Context, err error) (outcome, error) {
	if transient(err) {
		return outcome{}, err
	}
	p, lookErr := productByName(ctx, w.aws.Products, w.r.Progress.Target.ProductName)
	if lookErr != nil {
		return outcome{}, lookErr
	}
	op := w.r.Progress.Intent.Operation
	switch {
	case p != nil && w.r.isOurs(aws.ToString(p.Id), aws.ToString(p.IdempotencyToken)) &&
		(op == OpProvision || p.Status == sctypes.ProvisionedProductStatusUnderChange):
		if err := w.recollect(ctx, p); err != nil {
			return outcome{}, err
		}
		return w.found(p), nil
	case p == nil && nameTaken(err) && w.r.Progress.Looks < maxLooks:
		return outcome{}, &notYet{text: "AWS says that the name is taken and does not show by what yet."}
	}
	code, message := words(err)
	if busy(code, message) {
		return w.waitOut(code, message, StepTurn), nil
	}
	return outcome{}, failedCall(op, err)
}

// found goes on with a product that carries our token although the answer was lost.
func (w *work) found(p *sctypes.ProvisionedProductAttribute) outcome {
	rivals := w.r.Progress.Rivals // as recollected
	return outcome{
		next: StepFollow,
		text: fmt.Sprintf("An earlier sending had taken effect: provisioned product %s, record %s.", aws.ToString(p.Id), aws.ToString(p.LastRecordId)),
		change: func(r *Request) {
			setProduct(p)(r)
			r.Progress.RecordID = aws.ToString(p.LastRecordId)
			r.Progress.rival(rivals)
		},
	}
}

// nameTaken reports AWS's words for a provisioned product name in use.
func nameTaken(err error) bool {
	code, message := words(err)
	return code == "DuplicateResourceException" || strings.Contains(message, "A stack named") && strings.Contains(message, "already exists")
}
