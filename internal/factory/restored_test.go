package factory_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/factory"
)

// backup keeps the database as it is; what it gives puts it back, under another process.
func (b *bundle) backup() (restore func()) {
	b.t.Helper()
	must := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	must(b.db.Close())
	kept, err := os.ReadFile(b.path)
	must(err)
	b.open()
	return func() {
		b.t.Helper()
		must(b.db.Close())
		for _, more := range []string{"-wal", "-shm"} {
			_ = os.Remove(b.path + more) // there may be none
		}
		must(os.WriteFile(b.path, kept, 0o600))
		b.open()
		_, err := b.db.Sweep(b.t.Context(), true)
		must(err)
		b.clock.advance(time.Minute)
	}
}

// failing lets the first try of a launch end with an error, made or not.
func failing(op string, _ int) (code, message string) {
	if op == factory.OpProvision {
		return "InternalServerException", "no luck"
	}
	return "", ""
}

// TestRestored: a launch that is restored from a backup takes up the account it made itself afterwards, at whichever step it
// was, and takes up no other, also where AWS enrolled that under the launch's own product.
func TestRestored(t *testing.T) {
	t.Parallel()
	for _, at := range []string{factory.StepCheck, factory.StepTurn, factory.StepProvision, factory.StepFollow} {
		for _, tc := range []struct {
			name      string
			meanwhile func(*bundle, string) // after the backup, with the request's id
			says      string                // why it is not taken up; empty: it is
		}{
			{"its own", func(b *bundle, id string) { b.drive(id, nil) }, ""},
			{"its own, of a second try", func(b *bundle, id string) {
				b.cloud.fail = failing
				b.again(id)
				b.drive(id, nil)
			}, ""},
			{"its own, after a try that made it", func(b *bundle, id string) {
				b.cloud.fail = func(op string, try int) (string, string) {
					code, message := failing(op, try)
					if code != "" {
						b.cloud.vend(b.cloud.products[0])
					}
					return code, message
				}
				b.again(id)
				b.drive(id, nil)
			}, ""},
			{"one that was asked for before", func(b *bundle, id string) {
				b.stages(stage{factory.OpProvision, asks, false}, stage{"DescribeRecord", made, false})
				if d := b.drive(id, nil); d.State != factory.StateNeedsDecision {
					b.t.Fatalf("%s\n%s", d.State, story(d))
				}
			}, "that was under way"},
			{"one that was made between two tries", func(b *bundle, id string) {
				b.cloud.fail = failing
				b.drive(id, nil)
				b.clock.advance(time.Minute)
				theirs("Team 1")(b)
				b.clock.advance(time.Minute)
				p := b.cloud.products[0] // and somebody tries again by hand
				b.cloud.fail = nil
				b.cloud.begin(factory.OpUpdate, "by-hand", p)
				b.cloud.finish(b.cloud.tokens["by-hand"])
			}, "at nothing of this request's"},
			{"another request's", func(b *bundle, id string) {
				b.drive(id, nil)
				for _, p := range b.cloud.products {
					p.IdempotencyToken = aws.String("af-of-another-request")
				}
			}, "e-mail"},
		} {
			if at == factory.StepFollow && tc.says != "" {
				continue // what is followed is known by its record
			}
			t.Run(tc.name+" at "+at, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				b.cloud.users["lead1@example.com"] = "user-0"
				id := b.submit(ada, furnished()).ID
				b.drive(id, atStep(at))
				restore := b.backup()
				tc.meanwhile(b, id)
				effects := b.cloud.effect(factory.OpProvision) + b.cloud.effect(factory.OpUpdate)
				tags := len(b.cloud.tags)
				b.cloud.fault, b.cloud.fail = nil, nil
				restore()
				d := b.drive(id, nil)
				if d.State == factory.StateFailed && tc.says == "" && strings.Contains(story(d), "no luck") { // it follows the try that failed
					b.again(id)
					d = b.drive(id, nil)
				}
				if n := b.cloud.effect(factory.OpProvision) + b.cloud.effect(factory.OpUpdate); n != effects || b.cloud.accountsOf("team1@example.com") != 1 {
					t.Errorf("%d operations after %d\n%s", n, effects, story(d))
				}
				if tc.says == "" {
					b.checkFurnished(t, d)
					return
				}
				if d.State == factory.StateSucceeded || !strings.Contains(d.Explanation, tc.says) || len(b.cloud.tags) != tags {
					t.Errorf("%s\n%s", d.State, story(d))
				}
			})
		}
	}
}

// TestRestored_UnderWay: AWS is still at what a restored launch sent: that is followed, for as long as it takes.
func TestRestored_UnderWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.polls = 40
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(2)}); err != nil { // AWS has room beside it
		t.Fatal(err)
	}
	id := b.submit(ada, input(1)).ID
	b.drive(id, atStep(factory.StepTurn))
	restore := b.backup()
	b.drive(id, atStep(factory.StepFollow))
	restore()
	d := b.drive(id, nil)
	if d.State != factory.StateSucceeded || b.cloud.effect(factory.OpProvision) != 1 || d.Progress.Intent != nil {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestRestored_Clear: a restored launch that was about to clear a product away leaves the one it made afterwards alone,
// also where the account has another e-mail by now.
func TestRestored_Clear(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fail = func(op string, try int) (string, string) {
		if op == factory.OpProvision && try == 1 {
			return "ResourceInUseException", busyTexts[0]
		}
		return "", ""
	}
	id := b.submit(ada, input(1)).ID
	b.drive(id, atStep(factory.StepClear))
	restore := b.backup()
	b.drive(id, nil)
	b.cloud.accounts[len(b.cloud.accounts)-1].Email = aws.String("renamed@example.com")
	terminated := b.cloud.effect(factory.OpTerminate)
	restore()
	d := b.drive(id, nil)
	if n := b.cloud.effect(factory.OpTerminate); n != terminated || b.cloud.products[1].gone || b.cloud.products[1].Status != sctypes.ProvisionedProductStatusAvailable {
		t.Errorf("%d terminated after %d\n%s", n, terminated, story(d))
	}
}
