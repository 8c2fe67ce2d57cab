package main

import "accountfactory/internal/wire/facts"

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
	return s
}
