package iam

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// subject has the members by which inputs of IAM say what they are about.
type subject struct {
	UserName, NewUserName, GroupName, NewGroupName, RoleName, PolicyName string
	Path, NewPath, PathPrefix                                            string
	PolicyArn, PermissionsBoundary, AccessKeyId, PolicySourceArn         string
	AWSServiceName, CustomSuffix, DeletionTaskId                         string
	Tags                                                                 []types.Tag
	TagKeys                                                              []string
}

// subjectOf reads those members of an input which it has.
func subjectOf(in any) subject {
	var out subject
	from, to := reflect.ValueOf(in).Elem(), reflect.ValueOf(&out).Elem()
	for i := range to.NumField() {
		f := from.FieldByName(to.Type().Field(i).Name)
		if f.Kind() == reflect.Pointer && !f.IsNil() {
			f = f.Elem()
		}
		if f.IsValid() && f.Type() == to.Field(i).Type() {
			to.Field(i).Set(f)
		}
	}
	return out
}

// question is what an operation of IAM asks the caller's policies.
type question struct {
	subject
	service   *Service
	tx        *state.Tx
	caller    wire.Caller
	action    string
	resources []string
	keys      map[string][]string
}

// about says what an operation is about: it adds resources and condition keys to a question.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access Management".
type about func(*question)

// on adds an operation with the check that its subject asks for.
func on[I, O any](s *Service, t *wire.Service, name string, h func(context.Context, *I, ...func(*iam.Options)) (*O, error), what about) {
	wire.On(t, name, h, func(ctx context.Context, in *I) (checks []wire.Check, err error) {
		return checks, s.state.View(func(tx *state.Tx) error {
			caller := wire.RequestFrom(ctx).Caller
			if n := s.sessions.Get(tx, caller.AccessKeyID); n != nil && n.Type != policy.AssumedRole {
				return badToken() // IAM API Reference: no sessions of GetFederationToken, nor of GetSessionToken without MFA
			}
			q := &question{subject: subjectOf(in), service: s, tx: tx, caller: caller, action: name, keys: map[string][]string{}}
			what(q)
			checks = q.checks()
			return nil
		})
	})
}

func (q *question) checks() []wire.Check {
	tags, err := readTags(q.Tags)
	if err == nil { // the handler refuses what cannot be read
		addRequestTags(q.keys, tags)
	}
	if len(q.TagKeys) > 0 {
		q.keys["aws:TagKeys"] = q.TagKeys
	}
	var checks []wire.Check
	for _, r := range q.resources {
		checks = append(checks, wire.Check{Action: "iam:" + q.action, Resource: r, Context: q.keys})
		// Who creates with tags tags.
		if kind, creates := strings.CutPrefix(q.action, "Create"); creates && len(tags) > 0 {
			checks = append(checks, wire.Check{Action: "iam:Tag" + kind, Resource: r, Context: q.keys})
		}
	}
	return checks
}

func (q *question) add(resource string) { q.resources = append(q.resources, resource) }

func (q *question) account() string { return q.caller.AccountID }

// entity adds a user, group or role that there may or may not be, with the keys about it. A boundary in the request counts
// before the one the entity has.
func (q *question) entity(kind, name, path string, e *Entity) {
	if path == "" {
		path = "/"
	}
	boundary := q.PermissionsBoundary
	if e != nil {
		path = e.Path
		addResourceTags(q.keys, e.Tags)
		if boundary == "" {
			boundary = e.Boundary
		}
	}
	if boundary != "" {
		q.keys["iam:PermissionsBoundary"] = []string{boundary}
	}
	q.add(arn.Make("iam", "", q.account(), kind+path+name))
}

// user is about the user named, or the one who asks.
func user(q *question) {
	name := q.UserName
	if q.AccessKeyId != "" && name == "" && q.action == "GetAccessKeyLastUsed" {
		if k := q.service.keys.Get(q.tx, q.AccessKeyId); k != nil && k.AccountID == q.account() {
			name = k.User
		}
	}
	if name == "" {
		q.add(q.caller.ARN)
		return
	}
	var e *Entity
	if u, err := q.service.users.get(q.tx, q.account(), name); err == nil {
		e = &u.Entity
	}
	q.entity("user", name, q.Path, e)
	q.renamed("user", name, q.NewUserName, e)
}

func group(q *question) {
	var e *Entity
	if g, err := q.service.groups.get(q.tx, q.account(), q.GroupName); err == nil {
		e = &g.Entity
	}
	q.entity("group", q.GroupName, q.Path, e)
	q.renamed("group", q.GroupName, q.NewGroupName, e)
}

// renamed adds what an entity would be called: who renames needs leave for both names (IAM API Reference, UpdateUser).
func (q *question) renamed(kind, name, newName string, e *Entity) {
	if newName == "" && q.NewPath == "" {
		return
	}
	path := q.NewPath
	if path == "" && e != nil {
		path = e.Path
	}
	if path == "" {
		path = "/"
	}
	if newName == "" {
		newName = name
	}
	q.add(arn.Make("iam", "", q.account(), kind+path+newName))
}

func role(q *question) {
	var e *Entity
	if r := q.service.Role(q.tx, q.account(), q.RoleName); r != nil {
		e = &r.Entity
	}
	q.entity("role", q.RoleName, q.Path, e)
}

// linkedRole is about a service-linked role to be made.
func linkedRole(q *question) {
	q.keys["iam:AWSServiceName"] = []string{q.AWSServiceName}
	name := "*"
	if l := findLinkedService(q.AWSServiceName); l != nil {
		name = l.named(optional(q.CustomSuffix))
	}
	q.add(arn.Make("iam", "", q.account(), "role"+linkedPath+q.AWSServiceName+"/"+name))
}

// deletion is about the service-linked role that a task deletes.
func deletion(q *question) {
	principal, name, ok := deletionTask(q.DeletionTaskId)
	if !ok { // the handler refuses it
		principal, name = "*", "*"
	}
	q.add(arn.Make("iam", "", q.account(), "role"+linkedPath+principal+"/"+name))
}

// attaching adds which policy is to be attached or detached.
func attaching(to about) about {
	return func(q *question) {
		q.keys["iam:PolicyARN"] = []string{q.PolicyArn}
		to(q)
	}
}

// managedPolicyNamed is about a managed policy by ARN, newPolicy about one to be made.
func managedPolicyNamed(q *question) {
	if p := q.service.policyByARN(q.tx, q.PolicyArn); p != nil {
		addResourceTags(q.keys, p.Tags)
	}
	q.add(q.PolicyArn)
}

func newPolicy(q *question) {
	path := q.Path
	if path == "" {
		path = "/"
	}
	q.add(arn.Make("iam", "", q.account(), "policy"+path+q.PolicyName))
}

// underPath is about all of a kind under a path.
func underPath(kind string) about {
	return func(q *question) {
		path := q.PathPrefix
		if path == "" {
			path = "/"
		}
		q.add(arn.Make("iam", "", q.account(), kind+path))
	}
}

// policySource is about the user, group or role whose policies are looked at.
func policySource(q *question) { q.add(q.PolicySourceArn) }

// anything is about no resource in particular.
func anything(q *question) { q.add("*") }
