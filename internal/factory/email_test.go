package factory

import (
	"strings"
	"testing"
)

func TestEmailFault(t *testing.T) {
	t.Parallel()
	for email, fault := range map[string]string{
		"a@b.co": "", "first.last+tag_1@mail.example-x.com": "", "o'neill@example.com": "does not allow",
		"nobody": "exactly one @", "a@b@c.com": "exactly one @", "@example.com": "before the @", ".a@example.com": "before the @",
		"a b@example.com": "does not allow", "a@-example.com": "starts or ends", "a@example.com.": "starts or ends", "a@exa_mple.com": "in the domain",
		"a@example": "needs a dot", "a@example.c0m": "ending of letters", "ä@example.com": "not ASCII",
	} {
		if got := emailFault(email); (fault == "") != (got == "") || !strings.Contains(got, fault) {
			t.Errorf("emailFault(%q) = %q, want %q", email, got, fault)
		}
	}
}

func TestProductName(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]string{
		"Team 1": "Team-1", "a.b_c-d": "a.b_c-d", "(x)": "x-", "--": "account", "A & B": "A---B",
	} {
		if got := productName(account); got != want {
			t.Errorf("productName(%q) = %q, want %q", account, got, want)
		}
	}
}

func TestSessionName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		c    Caller
		want string
	}{
		{Caller{ARN: "arn:aws:sts::1:assumed-role/R/ada@example.com"}, "ada@example.com"},
		{Caller{ARN: "arn:aws:iam::1:user/team/x"}, "by-x"},
		{Caller{ARN: "arn:aws:iam::1:root"}, "arn-aws-iam--1-root"},
		{Caller{ARN: "arn:aws:iam::1:user/m", SourceIdentity: strings.Repeat("é", 70)}, strings.Repeat("-", 64)},
	} {
		if got := sessionName(tt.c); got != tt.want {
			t.Errorf("sessionName(%v) = %q, want %q", tt.c, got, tt.want)
		}
	}
}
