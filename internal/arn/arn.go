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
func Make(service, region, accountID, resource string) string {
	return ARN{Partition: "aws", Service: service, Region: region, AccountID: accountID, Resource: resource}.String()
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
