package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// source is an attached policy as the policy simulator names it: a managed one by its name, an inline one by the kind and
// name of its entity and its own name, joined by underscores.
type source struct {
	policy.Named
	managed               string // ARN; "" for an inline policy
	kind, entity, writing string // of an inline policy: where it hangs and its name
}

// sourcesOf gives the policies of an entity.
func (s *Service) sourcesOf(tx *state.Tx, to []source, kind string, e *Entity) []source {
	for _, a := range e.Managed {
		for _, n := range s.managedNamed(tx, nil, a) {
			n.Name = policyName(a)
			to = append(to, source{Named: n, managed: a})
		}
	}
	for _, name := range sortedKeys(e.Inline) {
		n := s.documents.named(kind+"_"+e.Name+"_"+name, e.Inline[name])
		to = append(to, source{Named: n, kind: kind, entity: e.Name, writing: name})
	}
	return to
}

// userSources gives the policies of a user and of the groups the user is in.
func (s *Service) userSources(tx *state.Tx, u *User) []source {
	out := s.sourcesOf(tx, nil, "user", &u.Entity)
	for m := range s.groupsOf.Of(tx, u.key()) {
		if g := s.groups.rows.Get(tx, key(m.AccountID, m.Group)); g != nil {
			out = s.sourcesOf(tx, out, "group", &g.Entity)
		}
	}
	return out
}

func policyName(policyARN string) string { return policyARN[strings.LastIndexByte(policyARN, '/')+1:] }

// exclusion leaves policies out of a simulation. The zero exclusion leaves out none.
type exclusion struct {
	kinds  map[types.PolicyIdentifierPolicyType]bool
	arns   []*policy.Glob
	inline []inlineExclusion
}

type inlineExclusion struct {
	kind, name string
	entity     *policy.Glob
}

// readExclusions reads which policies are to be left out; a wildcard may stand in names alone, and a * once.
// Source: IAM API Reference, PolicyIdentifier.
func readExclusions(list []types.PolicyIdentifier) (exclusion, error) {
	out := exclusion{kinds: map[types.PolicyIdentifierPolicyType]bool{}}
	for _, id := range list {
		switch v := id.(type) {
		case *types.PolicyIdentifierMemberPolicyType:
			out.kinds[v.Value] = true
		case *types.PolicyIdentifierMemberPolicyArn:
			_, path, name, ok := splitARN(v.Value, "policy")
			if !ok || strings.ContainsAny(strings.TrimSuffix(v.Value, name), "*?") || strings.Count(name, "*") > 1 {
				return out, invalidInput("Invalid policy identifier: %s%s is not the ARN of a managed policy.", path, name)
			}
			out.arns = append(out.arns, policy.NewGlob(v.Value))
		case *types.PolicyIdentifierMemberInlinePolicyIdentifier:
			at := v.Value
			if at.AttachmentName == nil || at.PolicyName == nil || strings.ContainsAny(*at.PolicyName, "*?") || strings.Count(*at.AttachmentName, "*") > 1 {
				return out, invalidInput("Invalid policy identifier: an inline policy needs the name of its entity and its own, without wildcards.")
			}
			out.inline = append(out.inline, inlineExclusion{strings.ToLower(string(at.AttachmentType)), *at.PolicyName, policy.NewGlob(*at.AttachmentName)})
		}
	}
	return out, nil
}

func (x *exclusion) excludes(s source) bool {
	if s.managed == "" {
		for _, i := range x.inline {
			if i.kind == s.kind && i.name == s.writing && i.entity.Match(s.entity) {
				return true
			}
		}
		return x.kinds[types.PolicyIdentifierPolicyTypeInline]
	}
	for _, a := range x.arns {
		if a.Match(s.managed) {
			return true
		}
	}
	if strings.HasPrefix(s.managed, awsPolicies) {
		return x.kinds[types.PolicyIdentifierPolicyTypeAwsManaged]
	}
	return x.kinds[types.PolicyIdentifierPolicyTypeUserManaged]
}

// awsPolicies begins the ARN of every AWS managed policy.
const awsPolicies = "arn:aws:iam::aws:policy/"
