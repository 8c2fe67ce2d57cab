package controltower

import (
	"encoding/json"
	"slices"
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Guards are the service control policies that Control Tower keeps on an OU: one with the mandatory controls, one with the
// optional ones that are enabled. Policy evaluation finds them where every other policy is.

// Kinds of guards.
const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

	guardMandatory = "mandatory"
	guardOptional  = "optional"
)

// policyStatement is a statement of a policy document.
type policyStatement struct {
	Sid       string
	Effect    string
	Action    []string                       `json:",omitempty"`
	NotAction []string                       `json:",omitempty"`
	Resource  []string                       `json:",omitempty"`
	Condition map[string]map[string][]string `json:",omitempty"`
}

// ownRoles are those that Control Tower and its stack sets work with in an account.
var ownRoles = []string{"arn:aws:iam::*:role/AWSControlTowerExecution", "arn:aws:iam::*:role/stacksets-exec-*"}

// document gives a control's statement.
func (c control) document(parameters map[string]json.RawMessage) policyStatement {
	out := policyStatement{Sid: c.sid, Effect: "Deny", Action: c.statement.deny, Resource: c.statement.resource, Condition: c.statement.when}
	if c.statement.exempt {
		out.Condition = map[string]map[string][]string{"ArnNotLike": {"aws:PrincipalArn": ownRoles}}
	}
	if c.name == "CT.MULTISERVICE.PV.1" {
		list := func(name string) []string { return reads[[]string](parameters[name]) }
		out.Action, out.Resource = nil, []string{"*"}
		out.NotAction = append(slices.Clone(regionFree), list("ExemptedActions")...)
		out.Condition = map[string]map[string][]string{
			"StringNotEquals": {"aws:RequestedRegion": list("AllowedRegions")},
			"ArnNotLike":      {"aws:PrincipalArn": append(slices.Clone(ownRoles), list("ExemptedPrincipalArns")...)},
		}
	}
	return out
}

// wantedGuard gives the content of an OU's guard, "" when there is nothing to guard. Controls that share a statement give
// it once.
func (s *Service) wantedGuard(tx *state.Tx, ouID, kind string) string {
	var statements []policyStatement
	add := func(c control, parameters map[string]json.RawMessage) {
		same := func(p policyStatement) bool { return p.Sid == c.sid }
		if c.behavior == preventive && !slices.ContainsFunc(statements, same) {
			statements = append(statements, c.document(parameters))
		}
	}
	if kind == guardMandatory {
		for _, c := range s.mandatory(tx, ouID) {
			add(c, nil)
		}
	} else {
		for e := range s.tables.controlsOn.Of(tx, ouID) {
			if c := catalogued(e.Control); !c.mandatory {
				add(c, e.Parameters)
			}
		}
	}
	if len(statements) == 0 {
		return ""
	}
	slices.SortFunc(statements, func(a, b policyStatement) int { return strings.Compare(a.Sid, b.Sid) })
	body, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements}) // texts and lists always encode
	return string(body)
}

// guardSlots gives how many more policies the OU needs.
func (s *Service) guardSlots(tx *state.Tx, ouID string) (n int) {
	for _, kind := range []string{guardMandatory, guardOptional} {
		g := s.tables.guards.Get(tx, ouID+"/"+kind)
		if s.wantedGuard(tx, ouID, kind) != "" && (g == nil || !s.org.IsAttached(tx, g.PolicyID, ouID)) {
			n++
		}
	}
	return n
}

// mandatory gives the controls that an OU has whether anybody wants them or not.
func (s *Service) mandatory(tx *state.Tx, ouID string) []control {
	security := ouID == s.securityOU(tx, s.theZone(tx))
	return slices.DeleteFunc(controls(), func(c control) bool { return !c.mandatory || c.security && !security })
}

// putMandatory shows the mandatory controls of an OU as enabled, as AWS does (AWS CLI reference, get-enabled-control).
func (s *Service) putMandatory(tx *state.Tx, ouID string) {
	for _, c := range s.mandatory(tx, ouID) {
		if s.enabledControl(tx, c, ouID) == nil {
			s.tables.controls.Put(tx, &EnabledControl{
				ARN: s.arn("enabledcontrol/" + arn.ID(tx, arn.Upper, 16)), Control: c.name, Identifier: arn.Make("controltower", s.config.Region, "", "control/"+c.name),
				OU: ouID, Target: s.org.OUARN(tx, ouID), Status: statusSucceeded,
			})
		}
	}
}

// putGuards makes an OU's policies what they should be.
func (s *Service) putGuards(tx *state.Tx, ouID string) {
	s.putMandatory(tx, ouID)
	for _, kind := range []string{guardMandatory, guardOptional} {
		if err := s.putGuard(tx, ouID, kind); err != nil {
			s.report(tx, Drift{Type: driftSCPDetached, OU: ouID}) // no room for it; seen until there is
		}
	}
}

func (s *Service) putGuard(tx *state.Tx, ouID, kind string) error {
	g, content := s.tables.guards.Get(tx, ouID+"/"+kind), s.wantedGuard(tx, ouID, kind)
	if content == "" {
		return s.dropGuard(tx, g)
	}
	if !s.org.Organization(tx).SCPs || s.org.OU(tx, ouID) == nil {
		return nil
	}
	if g == nil || s.org.Policy(tx, g.PolicyID) == nil {
		p, err := s.org.AddPolicy(tx, "aws-guardrails-"+arn.ID(tx, letters, 6), "Guardrails applied on an organizational unit.", content, nil)
		if err != nil {
			return err
		}
		g = &guard{OU: ouID, Kind: kind, PolicyID: p.ID}
	}
	next := *g
	next.Content, next.Name = content, s.org.OU(tx, ouID).Name
	s.tables.guards.Put(tx, &next) // before the policy, so that its change is seen to be ours
	if s.org.Policy(tx, g.PolicyID).Content != content {
		if _, err := s.org.EditPolicy(tx, g.PolicyID, nil, nil, &content); err != nil {
			return err
		}
	}
	for _, target := range s.org.AttachedTo(tx, g.PolicyID) {
		if target != ouID {
			if err := s.org.Detach(tx, g.PolicyID, target); err != nil {
				return err
			}
		}
	}
	if !s.org.IsAttached(tx, g.PolicyID, ouID) {
		return s.org.Attach(tx, g.PolicyID, ouID)
	}
	return nil
}

// dropGuard takes a policy away; nil is fine. One that is the last of some target cannot be detached and stays behind.
func (s *Service) dropGuard(tx *state.Tx, g *guard) error {
	if g == nil {
		return nil
	}
	s.tables.guards.Delete(tx, g.OU+"/"+g.Kind)
	if s.org.Policy(tx, g.PolicyID) == nil {
		return nil
	}
	for _, target := range s.org.AttachedTo(tx, g.PolicyID) {
		if err := s.org.Detach(tx, g.PolicyID, target); err != nil {
			return err
		}
	}
	return s.org.RemovePolicy(tx, g.PolicyID)
}

func (s *Service) dropGuards(tx *state.Tx, ouID string) {
	for _, kind := range []string{guardMandatory, guardOptional} {
		_ = s.dropGuard(tx, s.tables.guards.Get(tx, ouID+"/"+kind)) // what cannot go is no longer ours
	}
}
