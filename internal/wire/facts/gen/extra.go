package main

import (
	"slices"

	"accountfactory/internal/wire/facts"
)

// identityStoreErrors are those that the SDK's other operations of the service list.
var identityStoreErrors = []string{"ResourceNotFoundException", "ThrottlingException", "AccessDeniedException", "InternalServerException", "ValidationException"}

// identityStoreInput names the store by id or ARN (Identity Store API Reference, UpdateIdentityStore).
var identityStoreInput = &facts.Member{Shape: "IdentityStoreIdOrArn"}

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
	"iam": {"AcquireRole": {}, "GetAccountProperties": {}, "GetRoleTemplateVersion": {}, "PutAccountProperties": {}},
	"identitystore": {
		"DescribeIdentityStore": {Input: "DescribeIdentityStoreRequest", Errors: identityStoreErrors},
		"ListIdentityStores":    {Input: "ListIdentityStoresRequest", Errors: identityStoreErrors},
		"UpdateIdentityStore":   {Input: "UpdateIdentityStoreRequest", Errors: identityStoreErrors},
	},
}

// extraShapes go with them.
var extraShapes = map[string]map[string]*facts.Shape{
	"account": {
		"GetPrimaryEmailUpdateStatusRequest":  {Members: map[string]*facts.Member{"AccountId": {Shape: "AccountId", Name: "AccountId"}}},
		"GetPrimaryEmailUpdateStatusResponse": {Members: map[string]*facts.Member{"Status": {Name: "Status"}, "UpdatedAt": {Name: "UpdatedAt"}}},
	},
	// Source: Identity Store API Reference, UpdateIdentityStore, ListIdentityStores, NetworkConfiguration.
	"identitystore": {
		"DescribeIdentityStoreRequest": {Members: map[string]*facts.Member{"IdentityStoreId": identityStoreInput}, Required: []string{"IdentityStoreId"}},
		"ListIdentityStoresRequest":    {Members: map[string]*facts.Member{"MaxResults": {Shape: "MaxResults"}, "NextToken": {Shape: "NextToken"}}},
		"UpdateIdentityStoreRequest": {
			Members:  map[string]*facts.Member{"IdentityStoreId": identityStoreInput, "NetworkConfiguration": {Shape: "NetworkConfiguration"}},
			Required: []string{"IdentityStoreId"},
		},
		"NetworkConfiguration": {
			Members: map[string]*facts.Member{
				"ApiAllowSourceIps": {Shape: "SourceIps"}, "ApiRestrictSourceVpcs": {Shape: "VpcIds"}, "ScimAllowSourceIps": {Shape: "SourceIps"},
			},
			Required: []string{"VpceAccessRequired"},
		},
		"IdentityStoreIdOrArn": {Min: at(1), Max: at(93), Pattern: identityStorePattern},
		"SourceIps":            {Elem: "SourceIp", Min: at(1), Max: at(50)},
		"SourceIp":             {Min: at(2), Max: at(43)},
		"VpcIds":               {Min: at(1)},
	},
}

// identityStorePattern is that of AWS's documentation.
const identityStorePattern = `(arn:aws[a-z-]*:identitystore::\d{12}:identitystore/)?(d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`

func at(n int64) *int64 { return &n }

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
