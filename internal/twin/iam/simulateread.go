package iam

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
)

// simulationInput is what both simulating operations take.
type simulationInput struct {
	actions, resources, policies, boundary  []string
	caller, owner, resourcePolicy, handling *string
	context                                 []types.ContextEntry
}

// readSimulation reads what is to be simulated. Whatever cannot be is InvalidInput.
func readSimulation(accountID string, in simulationInput) (*simulation, error) {
	m := &simulation{actions: in.actions, resources: in.resources, who: policy.Principal{Type: policy.User, AccountID: accountID}}
	if len(m.resources) == 0 {
		m.resources = []string{"*"}
	}
	var err error
	for _, step := range []func() error{
		m.checkActions,
		m.checkResources,
		func() error { return m.checkHandling(fromPointer(in.handling)) },
		func() error { return m.readCaller(in.caller) },
		func() error { return m.readOwner(in.owner) },
		func() error { m.context, err = readContext(in.context); return err },
		func() error {
			m.policies.Identity, err = readPolicies("PolicyInputList", in.policies, policy.Identity)
			return err
		},
		func() error { return m.readBoundary(in.boundary) },
		func() error { return m.readResourcePolicy(in.resourcePolicy, in.caller) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

var actionName = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9]+$`)

func (m *simulation) checkActions() error {
	for _, a := range m.actions {
		if !actionName.MatchString(a) {
			return invalidInput("ActionNames are not valid: %s. Name each action with its service, without wildcards.", a)
		}
	}
	return nil
}

func (m *simulation) checkResources() error {
	for _, r := range m.resources {
		if _, err := arn.Parse(r); err != nil && (r != "*" || len(m.resources) > 1) {
			return invalidInput("ResourceNames are not in a valid ARN format: %s.", r)
		}
	}
	return nil
}

// handlings are the scenarios of Amazon EC2 with the resources each needs.
// Source: IAM API Reference, SimulateCustomPolicy, ResourceHandlingOption.
var handlings = map[string][]string{
	"EC2-VPC-InstanceStore":        {"instance", "image", "security-group", "network-interface"},
	"EC2-VPC-InstanceStore-Subnet": {"instance", "image", "security-group", "network-interface", "subnet"},
	"EC2-VPC-EBS":                  {"instance", "image", "security-group", "network-interface", "volume"},
	"EC2-VPC-EBS-Subnet":           {"instance", "image", "security-group", "network-interface", "subnet", "volume"},
}

func (m *simulation) checkHandling(option string) error {
	needs, known := handlings[option]
	if option != "" && !known {
		return invalidInput("Invalid ResourceHandlingOption: %s", option)
	}
	for _, kind := range needs {
		if !slices.ContainsFunc(m.resources, func(r string) bool {
			a, err := arn.Parse(r)
			return err == nil && a.Service == "ec2" && strings.HasPrefix(a.Resource, kind+"/")
		}) {
			return invalidInput("ResourceHandlingOption %s needs a resource of the type %s.", option, kind)
		}
	}
	return nil
}

// readCaller makes who asks of an ARN. A role asks in a session that has no name.
func (m *simulation) readCaller(callerARN *string) error {
	if callerARN == nil {
		return nil
	}
	for _, kind := range []string{"user", "role", "group"} {
		account, _, _, ok := splitARN(*callerARN, kind)
		if !ok || !arn.IsAccountID(account) {
			continue
		}
		m.who = policy.Principal{Type: policy.User, AccountID: account, ARN: *callerARN}
		if kind == "role" {
			m.who = policy.Principal{Type: policy.AssumedRole, AccountID: account, RoleARN: *callerARN}
		}
		return nil
	}
	return invalidInput("Invalid caller - Caller must be an IAM user, role or group in this context.")
}

func (m *simulation) readOwner(owner *string) error {
	m.owner = m.who.AccountID
	if owner == nil {
		return nil
	}
	a, err := arn.Parse(*owner)
	if err != nil || a.Service != "iam" || a.Resource != "root" || !arn.IsAccountID(a.AccountID) {
		return invalidInput("'%s' is not a valid as a Resource Owner.", *owner)
	}
	m.owner = a.AccountID
	return nil
}

// readPolicies reads policies given as text. They are named by the list and their place in it.
func readPolicies(list string, documents []string, kind policy.Kind) ([]policy.Named, error) {
	var out []policy.Named
	for i, d := range documents {
		name := fmt.Sprintf("%s.%d", list, i+1)
		if sentence := malformed(d, kind); sentence != "" {
			return nil, invalidInput("%s: %s", name, sentence)
		}
		doc, err := policy.Parse(d)
		if err != nil {
			return nil, err
		}
		out = append(out, policy.Named{Name: name, Document: doc})
	}
	return out, nil
}

func (m *simulation) readBoundary(documents []string) error {
	given, err := readPolicies("PermissionsBoundaryPolicyInputList", documents, policy.Boundary)
	if err != nil {
		return err
	}
	if len(given) > 1 {
		return invalidInput("PermissionsBoundaryPolicyInputList can hold one policy at most.")
	}
	if len(given) == 1 {
		m.policies.Boundary = &given[0]
	}
	return nil
}

func (m *simulation) readResourcePolicy(document, callerARN *string) error {
	if document == nil {
		return nil
	}
	if callerARN == nil {
		return invalidInput("Invalid caller - Caller cannot be null or empty.")
	}
	kind := policy.Resource
	if !slices.ContainsFunc(m.resources, func(r string) bool { return !isRole(r) }) {
		kind = policy.Trust
	}
	given, err := readPolicies("ResourcePolicy", []string{*document}, kind)
	if err != nil {
		return err
	}
	for _, r := range m.resources {
		if !given[0].Document.Concerns(r) {
			return invalidInput("ResourcePolicy is not applicable to the resource %s.", r)
		}
	}
	m.policies.Resource = &policy.Named{Name: "ResourcePolicy", Document: given[0].Document}
	return nil
}

// addLevels adds SCPs given as text, from the root to the account.
func (m *simulation) addLevels(levels []types.OrderedOrganizationPolicyType) error {
	m.organized = len(levels) > 0
	for i, l := range levels {
		given, err := readPolicies(fmt.Sprintf("OrderedOrganizationPolicyInputList.%d", i+1), l.ServiceControlPolicyInputList, policy.ServiceControl)
		if err != nil {
			return err
		}
		m.policies.ServiceControl = append(m.policies.ServiceControl, given)
	}
	return nil
}

// readers are the condition operators that read values of each type of context key.
var readers = map[string]string{
	"string": "StringEquals", "numeric": "NumericEquals", "boolean": "Bool", "ip": "IpAddress", "binary": "BinaryEquals", "date": "DateEquals",
}

func readContext(entries []types.ContextEntry) (map[string][]string, error) {
	out := map[string][]string{}
	for _, e := range entries {
		name := fromPointer(e.ContextKeyName)
		if !strings.Contains(name, ":") || len(e.ContextKeyValues) == 0 || e.ContextKeyType == "" {
			return nil, invalidInput("Invalid context entry: a context key needs a name with its service, a type and at least one value: %s", name)
		}
		if _, twice := foldedKey(out, name); twice {
			return nil, invalidInput("Duplicate context key: %s", name)
		}
		single, list := strings.CutSuffix(string(e.ContextKeyType), "List")
		if !list && len(e.ContextKeyValues) > 1 {
			return nil, invalidInput("Context key %s of type %s can have one value at most.", name, e.ContextKeyType)
		}
		for _, v := range e.ContextKeyValues {
			if !policy.ReadsAs(readers[single], v) {
				return nil, invalidInput("Invalid value %s for context key %s of type %s.", v, name, e.ContextKeyType)
			}
		}
		out[name] = e.ContextKeyValues
	}
	return out, nil
}

func foldedKey(keys map[string][]string, name string) (string, bool) {
	for k := range keys {
		if strings.EqualFold(k, name) {
			return k, true
		}
	}
	return "", false
}
