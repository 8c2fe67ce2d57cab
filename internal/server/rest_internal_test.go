package server

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRest(t *testing.T) {
	t.Parallel()
	const mega = 1 << 20
	for _, tt := range []struct {
		name  string
		looks []uint64 // allocated at each, in MiB
		due   []bool
	}{
		{name: "an idle server is left alone", looks: []uint64{1, 2, 3}, due: []bool{false, false, false}},
		{name: "after a busy start, once", looks: []uint64{300, 301, 302}, due: []bool{false, true, false}},
		{name: "not while it works", looks: []uint64{50, 100, 150, 151}, due: []bool{false, false, false, true}},
		{name: "again after more work", looks: []uint64{50, 51, 60, 61, 100, 101}, due: []bool{false, true, false, false, false, true}},
		{name: "when little has come together", looks: []uint64{31, 32, 33, 34, 65, 66}, due: []bool{false, true, false, false, false, true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r rest
			var due []bool
			for _, n := range tt.looks {
				due = append(due, r.due(n*mega))
			}
			if diff := cmp.Diff(tt.due, due); diff != "" {
				t.Error(diff)
			}
		})
	}
	if a := allocated(); a == 0 {
		t.Error("nothing allocated so far")
	}
}
