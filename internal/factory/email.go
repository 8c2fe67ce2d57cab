package factory

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// Lengths that Organizations accepts for an account's e-mail, which the product's own pattern does not check.
const (
	minEmail = 6
	maxEmail = 64
)

// checkEmail looks at the form of an account's e-mail as CreateAccount will. Source: Organizations API reference,
// CreateAccount, Email; Control Tower user guide, the pre-check's pattern.
func checkEmail(email string) Check {
	if email == "" {
		return bad(CheckEmail, "there is no account e-mail", "give one")
	}
	if n := len(email); n < minEmail || n > maxEmail {
		return bad(CheckEmail, fmt.Sprintf("%s has %d characters", email, n),
			fmt.Sprintf("AWS takes %d to %d; a shorter alias helps", minEmail, maxEmail))
	}
	if why := emailFault(email); why != "" {
		return bad(CheckEmail, fmt.Sprintf("%q is not an e-mail AWS takes: %s", email, why), "correct it")
	}
	if strings.ToLower(email) != email {
		return note(CheckEmail, email+" has capital letters: AWS keeps them, compares without them, and enrolling has tripped over them; "+
			strings.ToLower(email)+" is safer")
	}
	return ok(CheckEmail, email+" has a form AWS takes")
}

// emailFault says what AWS would not take about an e-mail, or nothing.
func emailFault(email string) string {
	local, domain, found := strings.Cut(email, "@")
	switch {
	case strings.ContainsFunc(email, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' }):
		return "a character that is not ASCII"
	case !found || strings.Contains(domain, "@"):
		return "it needs exactly one @"
	case local == "" || strings.HasPrefix(local, "."):
		return "the part before the @ is empty or starts with a dot"
	case strings.ContainsAny(local, " \t\"'()<>[]:;,\\|%&"):
		return "a character before the @ that AWS does not allow"
	}
	return domainFault(domain)
}

func domainFault(domain string) string {
	if strings.Trim(domain, ".-") != domain {
		return "the domain starts or ends with a dot or a dash"
	}
	if strings.ContainsFunc(domain, func(r rune) bool { return !isAlnum(r) && r != '.' && r != '-' }) {
		return "a character in the domain that AWS does not allow"
	}
	dot := strings.LastIndex(domain, ".")
	if dot < 1 || strings.ContainsFunc(domain[dot+1:], func(r rune) bool { return r >= '0' && r <= '9' || r == '-' }) {
		return "the domain needs a dot and an ending of letters"
	}
	return ""
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// checkEmailUnused looks whether an account can get an e-mail.
func (s *Service) checkEmailUnused(ctx context.Context, l *landscape, email string) ([]Check, error) {
	grave, err := s.checkTombstone(ctx, l, email)
	if err != nil || grave.Result == CheckFailed {
		return []Check{grave}, err
	}
	return []Check{checkEmailFree(l, email), grave}, nil
}

// checkEmailFree looks whether an AWS account of the organization has the e-mail. Accounts elsewhere, and closed ones
// that left, cannot be seen: AWS answers for those, later.
func checkEmailFree(l *landscape, email string) Check {
	if a, taken := l.accounts[EmailKey(email)]; taken {
		return bad(CheckEmailFree, fmt.Sprintf("%s is the e-mail of account %s (%s)", a.Email, a.ID, a.Name),
			"use an e-mail that no AWS account has; to bring an existing account under governance, enroll it instead")
	}
	return ok(CheckEmailFree, "no account of the organization has "+email)
}
