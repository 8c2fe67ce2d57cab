// Package arn knows the shapes of AWS's names for things: ARNs, account ids and the ids of each service. It imports
// nothing of ours.
package arn

import (
	"errors"
	"strings"
)

// ARN is an Amazon Resource Name, arn:partition:service:region:account-id:resource.
// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
type ARN struct {
	Partition string
	Service   string
	Region    string
	AccountID string
	Resource  string
}

// ErrNotARN is returned by Parse for text that is not an ARN.
var ErrNotARN = errors.New("not an ARN: want arn:partition:service:region:account-id:resource")

// Parse reads an ARN. The resource keeps any colons it holds. It returns ErrNotARN for anything else.
func Parse(s string) (ARN, error) {
	var a ARN
	rest, ok := strings.CutPrefix(s, "arn:")
	for _, field := range [...]*string{&a.Partition, &a.Service, &a.Region, &a.AccountID} {
		if ok {
			*field, rest, ok = strings.Cut(rest, ":")
		}
	}
	if !ok || a.Partition == "" || a.Service == "" || rest == "" {
		return ARN{}, ErrNotARN
	}
	a.Resource = rest
	return a, nil
}

// String gives the ARN's text.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.AccountID + ":" + a.Resource
}

// Make gives the text of an ARN in the partition "aws"; region and account may be empty, as they are for global services.
// The resource may be given in parts. ARNs are made several times in every call, hence all at once here.
func Make(service, region, accountID string, resource ...string) string {
	n := len("arn:aws::::") + len(service) + len(region) + len(accountID)
	for _, part := range resource {
		n += len(part)
	}
	var b strings.Builder
	b.Grow(n)
	for _, part := range [...]string{"arn:aws:", service, ":", region, ":", accountID, ":"} {
		b.WriteString(part)
	}
	for _, part := range resource {
		b.WriteString(part)
	}
	return b.String()
}

// IsAccountID reports whether s is an AWS account id: twelve decimal digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
