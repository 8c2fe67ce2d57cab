package iam

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// checkTrusted refuses a trust policy that names a user or role who does not exist, as AWS does. What lies in accounts the
// twin does not know is taken as given.
func (s *Service) checkTrusted(tx *state.Tx, document string) error {
	for _, name := range trusted(document) {
		if !s.canBeTrusted(tx, name) {
			return &types.MalformedPolicyDocumentException{Message: text("Invalid principal in policy: \"AWS\":\"%s\"", name)}
		}
	}
	return nil
}

// canBeTrusted tells whether a principal exists. Sessions come and go, so only their ARN's form counts, which the parser
// has judged.
func (s *Service) canBeTrusted(tx *state.Tx, name string) bool {
	a, err := arn.Parse(name)
	if err != nil || a.Service != "iam" || a.Resource == "root" || s.accounts.Get(tx, a.AccountID) == nil {
		return true
	}
	if account, path, user, ok := splitARN(name, "user"); ok {
		u, err := s.users.get(tx, account, user)
		return err == nil && u.Path == path
	}
	account, path, role, ok := splitARN(name, "role")
	r := s.Role(tx, account, role)
	return ok && r != nil && r.Path == path
}

// trusted gives the AWS principals a trust policy names, which policy.Parse has accepted.
func trusted(document string) []string {
	var doc struct {
		Statement list[struct {
			Principal json.RawMessage
		}]
	}
	if json.Unmarshal([]byte(document), &doc) != nil {
		return nil
	}
	var out []string
	for _, st := range doc.Statement {
		var principal struct{ AWS list[string] }
		if json.Unmarshal(st.Principal, &principal) == nil { // "*" is no object
			out = append(out, principal.AWS...)
		}
	}
	return out
}

// list is what policies write as one value or as a list of them.
type list[T any] []T

// UnmarshalJSON takes either form.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '[' {
		return json.Unmarshal(raw, (*[]T)(l))
	}
	*l = make([]T, 1)
	return json.Unmarshal(raw, &(*l)[0])
}
