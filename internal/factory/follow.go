package factory

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// follow asks about the record of what was sent until it has ended. Twice is safe: it only reads, and what it reads of
// an ended record never changes. The slot is kept until then, however long that takes.
func follow(ctx context.Context, w *work) (outcome, error) {
	out, err := w.catalog().Record(ctx, w.r.Progress.RecordID)
	if isCode(err, "ResourceNotFoundException") {
		// Shown late, maybe. AWS keeps records: one that never shows is of another cloud, or of one that was reset.
		return outcome{}, &notYet{text: "AWS does not show record " + w.r.Progress.RecordID + ".", then: failedCall("DescribeRecord of "+w.r.Progress.RecordID, err)}
	}
	if err != nil {
		return outcome{}, err
	}
	switch rec := out.RecordDetail; rec.Status {
	case sctypes.RecordStatusSucceeded:
		return w.recordSucceeded(ctx, rec, out.RecordOutputs)
	case sctypes.RecordStatusFailed:
		if err := w.save(ctx, outcome{change: func(r *Request) { r.Progress.began(rec) }}); err != nil {
			return outcome{}, err
		}
		return w.recordFailed(ctx, rec)
	default:
		return w.operationRuns(string(rec.Status)), nil
	}
}

// operationRuns waits on; a status not seen before, and an hour passed, get a line.
func (w *work) operationRuns(status string) outcome {
	age := w.clock.Now().Sub(w.r.Progress.Intent.At)
	out := outcome{wait: w.cfg.poll(age)}
	if status != w.r.Progress.RecordStatus {
		out.text = "AWS: " + status + "."
		out.change = func(r *Request) { r.Progress.RecordStatus = status }
	}
	if age > slowAfter && !w.r.Progress.SlowNoted {
		out.text = "This takes longer than an hour."
		if w.r.ProductID != "" {
			out.text += " AWS advises to terminate the provisioned product then; the request follows whatever happens."
		}
		out.change = func(r *Request) { r.Progress.RecordStatus, r.Progress.SlowNoted = status, true }
	}
	return out
}

func (w *work) recordSucceeded(ctx context.Context, rec *sctypes.RecordDetail, outputs []sctypes.RecordOutput) (outcome, error) {
	switch {
	case w.r.Progress.Intent.Operation == OpTerminate && w.r.kind().has(StepClear):
		return w.cleared(), nil
	case w.r.Progress.Intent.Operation == OpTerminate:
		return w.terminated("AWS: SUCCEEDED, the provisioned product is gone."), nil
	}
	id, err := w.accountSaid(ctx, outputs)
	if err != nil {
		return outcome{}, err
	}
	w.r.Progress.began(rec)
	if err := w.notAdopted(ctx, id); err != nil {
		return outcome{}, err
	}
	text := "AWS: SUCCEEDED."
	if id != "" {
		text = "AWS: SUCCEEDED, account " + id + "."
	}
	if w.r.CancelRequested {
		text += " The cancelling came too late: what was asked for is done."
		if w.r.Kind == KindLaunch {
			text += " Close the account on its own if it is not wanted."
		}
	}
	return outcome{done: true, text: text, change: func(r *Request) {
		r.giveOn()
		if id != "" {
			r.AccountID = id
		}
		r.Progress.began(rec)
		r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", string(rec.Status)
	}}, nil
}

// accountSaid gives the account that AWS says an operation was about: the steps that follow give it tags, contacts and access.
// A record's outputs may show later than its end; the product says it too.
func (w *work) accountSaid(ctx context.Context, outputs []sctypes.RecordOutput) (string, error) {
	for _, o := range outputs {
		if aws.ToString(o.OutputKey) == "AccountId" {
			return aws.ToString(o.OutputValue), nil
		}
	}
	if w.r.AccountID != "" {
		return "", nil
	}
	p, err := productByID(ctx, w.aws.Products, w.r.ProductID)
	if err != nil {
		return "", err
	}
	if p != nil && isAccountID(aws.ToString(p.PhysicalId)) {
		return *p.PhysicalId, nil
	}
	return "", accountUnsaid()
}

func accountUnsaid() error { return &notYet{text: "AWS does not say which account it made."} }

// notAdopted returns a decision where the account that AWS says a launch made is not the launch's: AWS enrolled one that
// somebody else made. Nothing is done to it beyond that: tags, contacts and access come after this look.
func (w *work) notAdopted(ctx context.Context, id string) error {
	if w.r.Kind != KindLaunch || !isAccountID(id) {
		return nil
	}
	a, err := describeAccount(ctx, w.aws, id)
	if isCode(err, "AccountNotFoundException") {
		return notShown(id)
	}
	if err != nil {
		return err
	}
	why, err := w.stranger(ctx, accountOf(a))
	if err != nil || why == "" {
		return err
	}
	return adopted(id, why)
}

func notShown(id string) error {
	return &notYet{text: "Organizations does not show account " + id + "."}
}

func adopted(id, why string) *decision {
	return &decision{text: fmt.Sprintf("Account %s %s, and AWS enrolled it under this one. "+
		"Nothing more is done to it: move or unmanage it if that was not wanted, and cancel this request.", id, why)}
}

// giveOn lets the next request begin: the account operation has ended at AWS, and what is left needs none.
func (r *Request) giveOn() { r.Light = true }

// light reports whether the request needs no account operation from its beginning on.
func (r *Request) light() bool {
	return r.kind().isLight(Input{Kind: r.Kind, Parameters: r.Parameters, Options: r.Options})
}

// recordFailed reads why. Being busy is waited out; anything else ends the request with AWS's words and ours.
func (w *work) recordFailed(ctx context.Context, rec *sctypes.RecordDetail) (outcome, error) {
	code, message, err := w.recordWords(ctx, rec)
	if err != nil {
		return outcome{}, err
	}
	if busy(code, message) && !w.r.CancelRequested {
		next := StepTurn
		if w.r.kind().has(StepClear) {
			next = StepClear
		}
		return w.waitOut(code, message, next), nil
	}
	f := &failure{code: code, message: message, text: fmt.Sprintf("%s failed at AWS.", w.r.Progress.Intent.Operation)}
	f.text += remedy(code + " " + message)
	return outcome{}, f
}

// recordWords gives the record's error, or, where the record says nothing, the product's status message: the exception's
// name, then its message.
func (w *work) recordWords(ctx context.Context, rec *sctypes.RecordDetail) (code, message string, err error) {
	for _, e := range rec.RecordErrors {
		if d := aws.ToString(e.Description); d != "" || aws.ToString(e.Code) != "" {
			return aws.ToString(e.Code), d, nil
		}
	}
	p, err := productByName(ctx, w.aws.Products, w.r.Progress.Target.ProductName)
	if err != nil || p == nil {
		return "", "", err
	}
	code, message, _ = strings.Cut(aws.ToString(p.StatusMessage), " ")
	return code, strings.TrimSpace(message), nil
}

// waitOut goes on with the next generation, and so a new token, after a pause: AWS said that another operation is in
// progress. The slot is kept, so that nobody overtakes; cancelling ends the wait at once.
func (w *work) waitOut(code, message, next string) outcome {
	wait := w.cfg.Busy.after(w.r.Progress.Busy)
	return outcome{
		next: next, wait: wait, renew: true, code: code, words: message,
		text: fmt.Sprintf("AWS is busy with another operation (time %d): tried again in about %s.", w.r.Progress.Busy+1, rounded(wait)),
		change: func(r *Request) {
			r.Progress.Busy++
			r.Progress.Intent, r.Progress.RecordID, r.Progress.RecordStatus = nil, "", ""
			r.WaitReason = "AWS to end another operation"
		},
	}
}

func rounded(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(time.Second)
	}
	return d.Round(10 * time.Millisecond)
}
