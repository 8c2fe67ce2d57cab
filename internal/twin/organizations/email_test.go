package organizations

import (
	"strings"
	"testing"
)

func TestValidEmail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		email string
		want  bool
	}{
		{"aws+team.a@example.com", true},
		{"A_b-c!#$*/=?^`{}~@Sub.Example.co", true},
		{"a@b.co", true},
		{strings.Repeat("x", 52) + "@example.com", true},
		{strings.Repeat("x", 53) + "@example.com", false},
		{"a@b.c", false},
		{"", false},
		{"@example.com", false},
		{"a@b@example.com", false},
		{"no.example.com", false},
		{".a@example.com", false},
		{"a b@example.com", false},
		{"a\tb@example.com", false},
		{"a%b@example.com", false},
		{"a&b@example.com", false},
		{"a,b@example.com", false},
		{"a(b)@example.com", false},
		{"ä@example.com", false},
		{"a@exämple.com", false},
		{"a@example", false},
		{"a@-example.com", false},
		{"a@example.com.", false},
		{"a@exam_ple.com", false},
	} {
		if got := ValidEmail(tc.email); got != tc.want {
			t.Errorf("%q: %v, want %v", tc.email, got, tc.want)
		}
	}
}

func TestCloseQuota(t *testing.T) {
	t.Parallel()
	for members, want := range map[int]int{0: 250, 1250: 250, 1300: 260, 5000: 1000, 10_000: 1000} {
		if got := closeQuota(members); got != want {
			t.Errorf("of %d members %d may be closed, want %d", members, got, want)
		}
	}
}
