package console

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"accountfactory/internal/scenario"
)

// TestReadyMades: each scenario that comes with the program says what it is about and what it does.
func TestReadyMades(t *testing.T) {
	t.Parallel()
	all, err := readyMades()
	if err != nil || len(all) < 4 {
		t.Fatalf("%d, %v", len(all), err)
	}
	for _, s := range all {
		if s.Name == "" || s.Description == "" || len(s.Steps) == 0 || s.Steps[0].Title == "" || s.Text == "" {
			t.Errorf("%+v", s)
		}
	}
}

// TestAsked: a name is looked up, a text is read, and neither leads out of the folder.
func TestAsked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		name, text string
		status     int // 0 for taken
	}{
		"by name":      {name: "drift"},
		"text":         {text: "steps:\n  - what: {disarm: true}\n"},
		"unknown":      {name: "nothing", status: http.StatusNotFound},
		"elsewhere":    {name: "../openapi", status: http.StatusNotFound},
		"no scenario":  {text: "steps: []\n", status: http.StatusUnprocessableEntity},
		"unknown word": {text: "steps:\n  - what: {explode: true}\n", status: http.StatusUnprocessableEntity},
	} {
		_, _, err := asked(tc.name, tc.text)
		var refused *apiError
		if tc.status == 0 && err != nil || tc.status != 0 && (!errors.As(err, &refused) || refused.status != tc.status) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheatre: one play at a time, followed step by step, stopped between two steps, and begun anew after its end.
func TestTheatre(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := scenario.Parse([]byte("steps:\n  - what: {disarm: true}\n  - when: {after: 1h}\n    what: {clock: {freeze: true}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		lab := func(_ context.Context, _, path string, _, out any) error {
			if clock, isClock := out.(*struct{ Now time.Time }); isClock && path == "/_twin/clock" {
				clock.Now = time.Now()
			}
			return nil
		}
		var th theatre
		if _, err := th.begin(t.Context(), time.Now, "one", s, lab); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if p := th.last(); p.State != playGoes || !p.Steps[0].At.Equal(start) || !p.Steps[1].At.IsZero() {
			t.Errorf("after the first step: %+v", p)
		}
		var conflict *apiError
		if _, err := th.begin(t.Context(), time.Now, "two", s, lab); !errors.As(err, &conflict) || conflict.status != http.StatusConflict {
			t.Errorf("a second play: %v", err)
		}
		th.end()
		synctest.Wait()
		if p := th.last(); p.State != playStopped || p.Ended.IsZero() {
			t.Errorf("stopped: %+v", p)
		}
		failing := func(context.Context, string, string, any, any) error { return errors.New("the lab is away") }
		if _, err := th.begin(t.Context(), time.Now, "three", s, failing); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if p := th.last(); p.Name != "three" || p.State != playFailed || p.Error != "the lab is away" {
			t.Errorf("failed: %+v", p)
		}
	})
}
