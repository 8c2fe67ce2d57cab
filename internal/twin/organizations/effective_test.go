package organizations_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

const effectiveTags = types.EffectivePolicyTypeTagPolicy

func (w *twin) effective(account string, kind types.PolicyType) (content string, err error) {
	_ = w.store.View(func(tx *state.Tx) error {
		content, _, err = w.Effective(tx, account, kind)
		return nil
	})
	return content, err
}

// TestEffective_Rules has a row for each rule that AWS documents, most of them in its examples of inheritance.
func TestEffective_Rules(t *testing.T) {
	t.Parallel()
	tag := func(members string) string { return `{"tags":{"team":{` + members + `}}}` }
	for _, tc := range []struct {
		name            string
		root, ou, under []string // policies in the order in which they are attached; the account is in ou
		want            string
	}{
		{
			name: "an assigned value replaces the inherited one",
			root: []string{tag(`"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["blue","green"]}`)},
			ou:   []string{tag(`"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["red"]},"enforced_for":{"@@assign":["s3:*"]}`)},
			want: tag(`"enforced_for":["s3:*"],"tag_key":"Team","tag_value":["red"]`),
		},
		{
			name: "values are appended",
			root: []string{tag(`"tag_value":{"@@assign":["blue","green"]}`)},
			ou:   []string{tag(`"tag_value":{"@@append":["red","blue"]},"enforced_for":{"@@append":["s3:*"]}`)},
			want: tag(`"enforced_for":["s3:*"],"tag_value":["blue","green","red"]`),
		},
		{
			name:  "values are removed, those that are not there too",
			root:  []string{tag(`"tag_value":{"@@assign":["blue","green"]},"enforced_for":{"@@assign":["s3:*"]}`)},
			ou:    []string{tag(`"tag_value":{"@@append":["red"]}`)},
			under: []string{tag(`"tag_value":{"@@remove":["blue","red","grey"]},"enforced_for":{"@@remove":["s3:*"]}`)},
			want:  tag(`"tag_value":["green"]`),
		},
		{
			name: "what a parent forbids is left out",
			root: []string{tag(`"tag_key":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"Team"},"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["blue"]}`)},
			ou:   []string{tag(`"tag_key":{"@@assign":"TEAM"},"tag_value":{"@@append":["red"]}`)},
			want: tag(`"tag_key":"Team","tag_value":["blue","red"]`),
		},
		{
			name: "only appending is allowed",
			root: []string{tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["blue"]}`)},
			ou:   []string{tag(`"tag_value":{"@@assign":["red"]}`)}, under: []string{tag(`"tag_value":{"@@remove":["blue"]}`)},
			want: tag(`"tag_value":["blue"]`),
		},
		{
			name: "controls of one level are intersected",
			root: []string{
				tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["blue"]}`),
				tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@append","@@remove"]}`),
			},
			ou: []string{tag(`"tag_value":{"@@append":["red"]}`)}, under: []string{tag(`"tag_value":{"@@remove":["blue"]}`)},
			want: tag(`"tag_value":["blue","red"]`),
		},
		{
			name: "a child cannot allow again",
			root: []string{tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":["blue"]}`)},
			ou:   []string{tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@all"]}`)}, under: []string{tag(`"tag_value":{"@@assign":["red"]}`)},
			want: tag(`"tag_value":["blue"]`),
		},
		{
			name: "on one level the first attached assigns",
			root: []string{tag(`"tag_key":{"@@assign":"TEAM"},"tag_value":{"@@append":["blue"]}`), tag(`"tag_key":{"@@assign":"team"}`)},
			want: tag(`"tag_key":"TEAM","tag_value":["blue"]`),
		},
		{
			name: "the other way round",
			root: []string{tag(`"tag_key":{"@@assign":"team"}`), tag(`"tag_key":{"@@assign":"TEAM"},"tag_value":{"@@append":["blue"]}`)},
			want: tag(`"tag_key":"team","tag_value":["blue"]`),
		},
		{
			name: "a control does not bind its own level",
			root: []string{tag(`"tag_value":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":["blue"]}`), tag(`"tag_value":{"@@append":["red"]}`)},
			want: tag(`"tag_value":["blue","red"]`),
		},
		{
			name: "a container that is closed gets no new members, and those it has may change",
			root: []string{`{"tags":{"@@operators_allowed_for_child_policies":["@@none"],"team":{"tag_key":{"@@assign":"Team"}}}}`},
			ou:   []string{`{"tags":{"team":{"tag_key":{"@@assign":"TEAM"},"tag_value":{"@@assign":["blue"]}},"cost":{"tag_key":{"@@assign":"Cost"}}}}`},
			want: tag(`"tag_key":"TEAM","tag_value":["blue"]`),
		},
		{
			name: "a member that only has a control is closed all the same",
			root: []string{`{"tags":{"cost":{"@@operators_allowed_for_child_policies":["@@none"]}}}`},
			ou:   []string{`{"tags":{"cost":{"tag_key":{"@@assign":"Cost"}},"team":{"tag_key":{"@@assign":"Team"}}}}`},
			want: tag(`"tag_key":"Team"`),
		},
		{name: "nothing is left", root: []string{tag(`"tag_value":{"@@assign":["blue"]}`)}, under: []string{tag(`"tag_value":{"@@remove":["blue"]}`)}, want: `{"tags":{}}`},
		{name: "an empty list that is assigned stays", root: []string{tag(`"tag_value":{"@@assign":[]}`)}, want: tag(`"tag_value":[]`)},
		{name: "appending nothing sets nothing", root: []string{tag(`"tag_key":{"@@assign":"Team"},"tag_value":{"@@append":[]}`)}, want: tag(`"tag_key":"Team"`)},
		{name: "characters stay as they are", root: []string{tag(`"tag_key":{"@@assign":"<Tëam & co>"}`)}, want: tag(`"tag_key":"<Tëam & co>"`)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, organizations.Quotas{}, 0)
			must(t, w.enable(tagType))
			ou, id := w.ou(w.root, "A"), w.account("x")
			w.update(func(tx *state.Tx) { must(t, w.Move(tx, id, w.root, ou)) })
			for target, policies := range map[string][]string{w.root: tc.root, ou: tc.ou, id: tc.under} {
				for i, content := range policies {
					p, err := w.make(tagType, fmt.Sprint(target, i), content)
					must(t, err)
					must(t, w.attach(p, target))
				}
			}
			got, err := w.effective(id, tagType)
			must(t, err)
			if got != tc.want {
				t.Errorf("effective\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestEffective_OrderFollowsAttachment detaches the first of two policies and attaches it again: then it is the second.
func TestEffective_OrderFollowsAttachment(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	must(t, w.enable(tagType))
	var ids []string
	for _, key := range []string{"One", "Two"} {
		id, err := w.make(tagType, key, `{"tags":{"k":{"tag_key":{"@@assign":"`+key+`"}}}}`)
		must(t, err)
		must(t, w.attach(id, w.root))
		ids = append(ids, id)
	}
	for _, want := range []string{"One", "Two"} {
		got, err := w.effective(management, tagType)
		must(t, err)
		if got != `{"tags":{"k":{"tag_key":"`+want+`"}}}` {
			t.Errorf("effective %s, want the tag key %s", got, want)
		}
		must(t, w.detach(ids[0], w.root))
		must(t, w.attach(ids[0], w.root))
	}
}

func TestDescribeEffectivePolicy(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id, other, ou := w.account("x"), w.account("y"), w.ou(w.root, "A")
	describe := func(caller string, target *string, kind types.EffectivePolicyType) (*types.EffectivePolicy, error) {
		out, err := w.DescribeEffectivePolicy(as(caller), &sdk.DescribeEffectivePolicyInput{PolicyType: kind, TargetId: target})
		if err != nil {
			return nil, err
		}
		return out.EffectivePolicy, nil
	}
	_, err := describe(management, &id, effectiveTags)
	wantError(t, err, "EffectivePolicyNotFoundException")
	must(t, w.enable(tagType))
	policy, err := w.make(tagType, "p", `{"tags":{"k":{"tag_key":{"@@assign":"K"}}}}`)
	must(t, err)
	_, err = describe(id, nil, effectiveTags)
	wantError(t, err, "EffectivePolicyNotFoundException")
	must(t, w.attach(policy, id))
	var now time.Time
	w.view(func(tx *state.Tx) { now = tx.Now() })
	for _, target := range []*string{nil, &id} {
		got, err := describe(id, target, effectiveTags)
		must(t, err)
		if got.LastUpdatedTimestamp.After(now) || got.LastUpdatedTimestamp.IsZero() {
			t.Errorf("last updated %v, and now it is %v", got.LastUpdatedTimestamp, now)
		}
		want := &types.EffectivePolicy{PolicyContent: new(`{"tags":{"k":{"tag_key":"K"}}}`), TargetId: &id, PolicyType: effectiveTags, LastUpdatedTimestamp: got.LastUpdatedTimestamp}
		if diff := cmp.Diff(want, got, structs); diff != "" {
			t.Errorf("a member for itself (-want +got):\n%s", diff)
		}
	}
	_, err = describe(management, &id, effectiveTags)
	must(t, err)
	_, err = describe(management, nil, effectiveTags) // policies are attached to the member alone
	wantError(t, err, "EffectivePolicyNotFoundException")
	_, err = describe(id, &other, effectiveTags)
	wantError(t, err, "AccessDeniedException")
	_, err = describe(management, &id, types.EffectivePolicyTypeBackupPolicy)
	wantError(t, err, "EffectivePolicyNotFoundException")
	_, err = describe("000000000000", nil, effectiveTags)
	wantError(t, err, "AWSOrganizationsNotInUseException")
	_, err = describe(management, new("000000000000"), effectiveTags)
	wantError(t, err, "TargetNotFoundException")
	for _, parent := range []string{w.root, ou} {
		_, err = describe(management, &parent, effectiveTags)
		wantError(t, err, "InvalidInputException", "TARGET_NOT_SUPPORTED")
	}
	must(t, w.disable(tagType))
	_, err = describe(management, &id, effectiveTags)
	wantError(t, err, "EffectivePolicyNotFoundException")
}

// The naive computation: written from the rules alone, on flat maps from path to value, sharing nothing with the real one.

type naiveOp struct {
	path string // "/tags/a/tag_value"
	op   string
	list []string
}

type naiveDocument struct {
	ops      []naiveOp
	controls map[string][]string // by path
}

func (d naiveDocument) json() string {
	top := map[string]any{"tags": map[string]any{}}
	at := func(path string) map[string]any {
		m := top
		for _, name := range strings.Split(path, "/")[1:] {
			next, _ := m[name].(map[string]any)
			if next == nil {
				next = map[string]any{}
				m[name] = next
			}
			m = next
		}
		return m
	}
	for _, o := range d.ops {
		at(o.path)[o.op] = o.list
	}
	for path, allowed := range d.controls {
		at(path)["@@operators_allowed_for_child_policies"] = allowed
	}
	text, err := json.Marshal(top)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func naiveParents(path string) []string {
	var out []string
	for path != "" {
		out = append(out, path)
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return out // longest first
}

func naiveEffective(levels [][]naiveDocument) map[string][]string {
	values, allowed, known := map[string][]string{}, map[string][]string{}, map[string]bool{}
	all := []string{"@@assign", "@@append", "@@remove"}
	for _, level := range levels {
		done := map[string]bool{}
		for _, d := range level {
			before := maps.Clone(known)
			for _, o := range d.ops {
				may := all
				for _, p := range naiveParents(o.path) {
					if before[p] {
						if a, limited := allowed[p]; limited {
							may = a
						}
						break
					}
				}
				if !slices.Contains(may, o.op) || o.op == "@@assign" && done[o.path] || o.op == "@@append" && len(o.list) == 0 {
					continue
				}
				old, had := values[o.path]
				switch o.op {
				case "@@assign":
					values[o.path], done[o.path] = o.list, true
				case "@@append":
					for _, v := range o.list {
						if !slices.Contains(old, v) {
							old = append(slices.Clone(old), v)
						}
					}
					values[o.path], done[o.path] = old, true
				case "@@remove":
					if !had {
						continue
					}
					kept := slices.DeleteFunc(slices.Clone(old), func(v string) bool { return slices.Contains(o.list, v) })
					if values[o.path] = kept; len(kept) == 0 {
						delete(values, o.path)
					}
				}
				for _, p := range naiveParents(o.path) {
					known[p] = true
				}
			}
		}
		for _, d := range level {
			for path, ops := range d.controls {
				old, limited := allowed[path]
				if !limited {
					old = all
				}
				allowed[path] = slices.DeleteFunc(slices.Clone(old), func(op string) bool { return !slices.Contains(ops, op) && !slices.Contains(ops, "@@all") })
				for _, p := range naiveParents(path) {
					known[p] = true
				}
			}
		}
	}
	return values
}

// flat gives the values of an effective policy by path.
func flat(t *rapid.T, text string) map[string][]string {
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, c := range v {
				walk(path+"/"+name, c)
			}
		case []any:
			out[path] = []string{}
			for _, item := range v {
				out[path] = append(out[path], item.(string))
			}
		}
	}
	walk("", doc)
	return out
}

func genNaive(t *rapid.T) naiveDocument {
	d := naiveDocument{controls: map[string][]string{}}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1", "2", "3"}), 0, 3, rapid.ID[string])
	for _, tag := range []string{"a", "b"} {
		for _, member := range []string{"tag_value", "enforced_for"} {
			path := "/tags/" + tag + "/" + member
			for _, op := range []string{"@@assign", "@@append", "@@remove"} {
				if rapid.IntRange(0, 3).Draw(t, path+op) == 0 {
					d.ops = append(d.ops, naiveOp{path, op, some.Draw(t, "values")})
				}
			}
		}
	}
	controls := rapid.SampledFrom([][]string{{"@@all"}, {"@@none"}, {"@@assign"}, {"@@append"}, {"@@append", "@@remove"}, {"@@remove"}})
	for _, path := range []string{"/tags", "/tags/a", "/tags/b", "/tags/a/tag_value", "/tags/b/enforced_for"} {
		if rapid.IntRange(0, 4).Draw(t, "control "+path) == 0 {
			d.controls[path] = controls.Draw(t, "allowed")
		}
	}
	return d
}

func TestEffective_AgreesWithNaive(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	must(t, w.enable(tagType))
	ou, id := w.ou(w.root, "A"), w.account("x")
	w.update(func(tx *state.Tx) { must(t, w.Move(tx, id, w.root, ou)) })
	n, filled := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		levels, found := make([][]naiveDocument, 3), false
		for i, target := range []string{w.root, ou, id} {
			for _, old := range w.attachedIDs(target) {
				must(t, w.detach(old, target))
				_, err := w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &old})
				must(t, err)
			}
			for range rapid.IntRange(0, 2).Draw(rt, "policies") {
				d := genNaive(rt)
				n++
				p, err := w.make(tagType, fmt.Sprint("p", n), d.json())
				must(t, err)
				must(t, w.attach(p, target))
				levels[i], found = append(levels[i], d), true
			}
		}
		got, err := w.effective(id, tagType)
		if !found {
			wantError(t, err, "EffectivePolicyNotFoundException")
			return
		}
		must(t, err)
		want := naiveEffective(levels)
		if diff := cmp.Diff(want, flat(rt, got)); diff != "" {
			rt.Fatalf("(-naive +got):\n%s\n%+v", diff, levels)
		}
		if len(want) > 0 {
			filled++
		}
	})
	if filled == 0 {
		t.Error("every effective policy was empty: the generator has become one-sided")
	}
}

func (w *twin) attachedIDs(target string) (ids []string) {
	w.t.Helper()
	out, err := w.ListPoliciesForTarget(w.ctx, &sdk.ListPoliciesForTargetInput{TargetId: &target, Filter: tagType})
	must(w.t, err)
	for _, p := range out.Policies {
		ids = append(ids, *p.Id)
	}
	return ids
}
