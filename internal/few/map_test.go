package few

import (
	"fmt"
	"testing"
)

func TestMap(t *testing.T) {
	t.Parallel()
	var m Map[int]
	for i := range 10 {
		*m.Of(fmt.Sprint(i), 4) = i
		if want := min(i+1, 4); m.Len() != want {
			t.Fatalf("after %d: %d are kept, want %d", i+1, m.Len(), want)
		}
	}
	if got := *m.Of("9", 4); got != 9 {
		t.Errorf("the newest is %d, want 9", got)
	}
	held := m.Of("9", 4)
	m.Drop("9")
	if got := *m.Of("9", 4); got != 0 || *held != 9 {
		t.Errorf("dropped and asked for again it is %d, and who had it has %d; want 0 and 9", got, *held)
	}
}
