package main

import (
	"slices"

	"accountfactory/internal/wire/facts"
)

// extras are the operations of the pinned Go SDK that botocore 1.43.11 does not know. Their members follow the name rule of
// their protocol; for restJson the URI and the names come from the SDK's own package schemas.
var extras = map[string]map[string]*facts.Operation{
	"account": {"GetPrimaryEmailUpdateStatus": {
		Method: "POST", URI: "/getPrimaryEmailUpdateStatus",
		Input: "GetPrimaryEmailUpdateStatusRequest", Output: "GetPrimaryEmailUpdateStatusResponse",
		Errors: []string{
			"AccessDeniedException", "InternalServerException", "ResourceNotFoundException", "TooManyRequestsException",
			"ValidationException",
		},
	}},
	"iam":           {"AcquireRole": {}, "GetAccountProperties": {}, "GetRoleTemplateVersion": {}, "PutAccountProperties": {}},
	"identitystore": {"DescribeIdentityStore": {}, "ListIdentityStores": {}, "UpdateIdentityStore": {}},
}

// extraShapes go with them.
var extraShapes = map[string]map[string]*facts.Shape{
	"account": {
		"GetPrimaryEmailUpdateStatusRequest":  {Members: map[string]*facts.Member{"AccountId": {Shape: "AccountId", Name: "AccountId"}}},
		"GetPrimaryEmailUpdateStatusResponse": {Members: map[string]*facts.Member{"Status": {Name: "Status"}, "UpdatedAt": {Name: "UpdatedAt"}}},
	},
}

// extraEnums are values that only the SDK knows.
var extraEnums = map[string]map[string][]string{
	"organizations": {"EffectivePolicyType": {"GUARDDUTY_POLICY"}, "PolicyType": {"GUARDDUTY_POLICY"}},
}

func extend(service string, s *facts.Service) *facts.Service {
	for name, op := range extras[service] {
		if s.Protocol == facts.Query {
			op.Wrapper = name + "Result"
		}
		s.Operations[name] = op
	}
	for name, sh := range extraShapes[service] {
		s.Shapes[name] = sh
	}
	for name, values := range extraEnums[service] {
		for _, v := range values {
			if sh := s.Shapes[name]; !slices.Contains(sh.Enum, v) { // a newer release has it by itself
				sh.Enum = append(sh.Enum, v)
			}
		}
	}
	return s
}
