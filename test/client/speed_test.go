package client

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

func speedJourney(t *testing.T, speed string) *journey {
	t.Helper()
	w := newWorld(t, "--speed", speed)
	j := &journey{t: t, world: w, driver: goDriver(t, w.server), as: w.management}
	j.findProduct()
	return j
}

func (j *journey) status() string {
	return text(j.call("servicecatalog", "DescribeRecord", m{"Id": j.record}), "RecordDetail", "Status")
}

// At 300 a poller sees every status a vend has in AWS.
func TestSpeed_300(t *testing.T) {
	t.Parallel()
	j := speedJourney(t, "300")
	var seen []string
	see := func(status string) {
		if !slices.Contains(seen, status) {
			seen = append(seen, status)
		}
	}
	out := j.call("servicecatalog", "ProvisionProduct", j.launchInput(accountName))
	j.record = text(out, "RecordDetail", "RecordId")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		see(j.status())
		changing, err := j.admin.ControlTower.ListEnabledBaselines(ctx, &controltower.ListEnabledBaselinesInput{
			IncludeChildren: true, Filter: &types.EnabledBaselineFilter{Statuses: []types.EnablementStatus{types.EnablementStatusUnderChange}},
		})
		if err == nil && len(changing.EnabledBaselines) > 0 {
			see("UNDER_CHANGE")
		}
		return slices.Contains(seen, "SUCCEEDED") || slices.Contains(seen, "FAILED"), err
	})
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"CREATED", "IN_PROGRESS", "UNDER_CHANGE", "SUCCEEDED"}, seen); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestSpeed_Instant(t *testing.T) {
	t.Parallel()
	j := speedJourney(t, "instant")
	begin := time.Now()
	j.launch()
	j.await()
	t.Logf("a vend at instant takes %v, polled every 200 ms", time.Since(begin))
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("a vend at instant takes %v", took)
	}
}

// At 1 a vend takes AWS's minutes; the lab's clock shortens the test, not the vend.
func TestSpeed_1(t *testing.T) {
	t.Parallel()
	j := speedJourney(t, "1")
	j.launch()
	start := must[map[string]any](t, "lab", "clock", "show", "--data", j.server.Data)["now"]
	var minutes int
	for minutes = 0; j.status() != "SUCCEEDED" && minutes < 60; minutes++ {
		must[any](t, "lab", "clock", "advance", "1m", "--data", j.server.Data)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		// What is due by now is done by the runner, beside us: wait until nothing is.
		err := harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) { return !j.due(), nil })
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
	if minutes < 15 || minutes > 31 {
		t.Errorf("a vend takes %d minutes since %v, want 15 to 30", minutes, start)
	}
}

// due reports whether an operation's next step should have run already.
func (j *journey) due() bool {
	now := must[struct{ Now time.Time }](j.t, "lab", "clock", "show", "--data", j.server.Data).Now
	ops := must[struct {
		Operations []struct{ Due time.Time }
	}](j.t, "lab", "operations", "--data", j.server.Data).Operations
	return slices.ContainsFunc(ops, func(o struct{ Due time.Time }) bool { return !o.Due.After(now) })
}
