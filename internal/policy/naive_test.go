package policy_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accountfactory/internal/policy"
)

// The naive evaluator: written from the rules alone, on plain JSON maps and regular expressions, sharing nothing with the
// real one. It knows a part of the language, which the generators below stay within.

type object = map[string]any

func naiveGlob(pattern, s string) bool {
	expr := regexp.QuoteMeta(pattern)
	expr = strings.ReplaceAll(strings.ReplaceAll(expr, `\*`, `.*`), `\?`, `.`)
	return regexp.MustCompile(`(?s)^` + expr + `$`).MatchString(s)
}

func naiveList(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, item.(string))
		}
		return out
	}
	return nil
}

// naiveElement answers for Action/NotAction and Resource/NotResource.
func naiveElement(s object, name, value string, fold bool) bool {
	list, not := s[name], false
	if list == nil {
		list, not = s["Not"+name], true
	}
	hit := slices.ContainsFunc(naiveList(list), func(p string) bool {
		if fold {
			return naiveGlob(strings.ToLower(p), strings.ToLower(value))
		}
		return naiveGlob(p, value)
	})
	return hit != not
}

func naiveCondition(s object, context map[string][]string) bool {
	operators, _ := s["Condition"].(object)
	for name, keys := range operators {
		for key, value := range keys.(object) {
			want, got := naiveList(value), context[key]
			base, ifExists := strings.CutSuffix(name, "IfExists")
			set, base, isSet := strings.Cut(base, ":")
			if !isSet {
				set, base = "", set
			}
			negated := strings.Contains(base, "Not")
			test := func(g string) bool {
				hit := slices.ContainsFunc(want, func(w string) bool {
					switch base {
					case "StringLike", "StringNotLike":
						return naiveGlob(w, g)
					case "StringEqualsIgnoreCase":
						return strings.EqualFold(w, g)
					}
					return w == g
				})
				return hit != negated
			}
			var holds bool
			switch {
			case base == "Null":
				holds = slices.Contains(want, fmt.Sprint(len(got) == 0))
			case len(got) == 0 && ifExists:
				holds = true
			case set == "ForAllValues":
				holds = !slices.ContainsFunc(got, func(g string) bool { return !test(g) })
			case set == "ForAnyValue":
				holds = slices.ContainsFunc(got, test)
			case len(got) == 0:
				holds = negated
			default:
				holds = test(got[0])
			}
			if !holds {
				return false
			}
		}
	}
	return true
}

// naivePrincipal tells the ways a Principal element names the caller.
func naivePrincipal(s object, who policy.Principal) (account, role, self bool) {
	if s["Principal"] == "*" {
		return true, true, true
	}
	for _, id := range naiveList(s["Principal"].(object)["AWS"]) {
		self = self || id == who.ARN || who.Type == policy.Root && id == who.AccountID
		role = role || who.RoleARN != "" && id == who.RoleARN
		account = account || id == who.AccountID
	}
	return account, role, self
}

type naiveOpinion struct{ deny, allow, account, role, self bool }

func naiveAsk(r policy.Request, isResource bool, texts ...string) naiveOpinion {
	var o naiveOpinion
	for _, text := range texts {
		var doc struct{ Statement []object }
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			panic(err)
		}
		for _, s := range doc.Statement {
			account, role, self := false, false, !isResource
			if isResource {
				account, role, self = naivePrincipal(s, r.Principal)
			}
			if !account && !role && !self || !naiveElement(s, "Action", r.Action, true) ||
				!naiveElement(s, "Resource", r.Resource, false) || !naiveCondition(s, r.Context) {
				continue
			}
			if s["Effect"] == "Deny" {
				o.deny = true
				continue
			}
			o.allow = true
			o.account, o.role, o.self = o.account || account, o.role || role, o.self || self
		}
	}
	return o
}

type naivePolicies struct {
	identity, session []string
	boundary          *string
	resource          *string
	scp, rcp          [][]string
}

func naiveAllowed(r policy.Request, p naivePolicies) bool {
	identity, session := naiveAsk(r, false, p.identity...), naiveAsk(r, false, p.session...)
	boundary, resource := naiveOpinion{allow: true}, naiveOpinion{}
	if p.boundary != nil {
		boundary = naiveAsk(r, false, *p.boundary)
	}
	if p.resource != nil {
		resource = naiveAsk(r, true, *p.resource)
	}
	if !r.Management {
		for _, level := range p.scp {
			if o := naiveAsk(r, false, level...); o.deny || !o.allow {
				return false
			}
		}
	}
	for _, level := range p.rcp {
		if o := naiveAsk(r, true, level...); o.deny || !o.allow {
			return false
		}
	}
	if identity.deny || session.deny || boundary.deny || resource.deny {
		return false
	}
	identityAllows := identity.allow || r.Principal.Type == policy.Root
	within := boundary.allow && (len(p.session) == 0 || session.allow)
	if r.ResourceAccountID == "" || r.ResourceAccountID == r.Principal.AccountID {
		return resource.self || (resource.role || identityAllows) && within
	}
	return identityAllows && within && resource.allow
}

func genDocument(t *rapid.T, isResource bool, label string) string {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label+what) }
	list := func(what string, from ...string) []any {
		var out []any
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(from), 1, 3).Draw(t, label+what) {
			out = append(out, s)
		}
		return out
	}
	var statements []any
	for range rapid.IntRange(1, 3).Draw(t, label+"statements") {
		s := object{"Effect": pick("effect", "Allow", "Allow", "Allow", "Deny")}
		s[pick("not", "Action", "Action", "Action", "NotAction")] = list("action", "*", "s3:*", "S3:get*", "s3:?etObject", "ec2:*", "s3:Put*")
		s[pick("not", "Resource", "Resource", "Resource", "NotResource")] = list("resource", "*", "arn:aws:s3:::bucket/*", "arn:aws:s3:::b*t/k?y", "arn:aws:s3:::Bucket/*")
		if isResource {
			if rapid.IntRange(0, 4).Draw(t, label+"everyone") == 0 {
				s["Principal"] = "*"
			} else {
				s["Principal"] = object{"AWS": list("principal", own, userARN, roleARN, session, other, federated)}
			}
		}
		if rapid.Bool().Draw(t, label+"conditional") {
			op := pick("operator", "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
			values := list("values", "a", "b", "A", "a*", "?")
			if rapid.IntRange(0, 5).Draw(t, label+"null") == 0 {
				op, values = "Null", list("null", "true", "false")
			} else {
				op = pick("set", "", "", "ForAllValues:", "ForAnyValue:") + op + pick("exists", "", "", "IfExists")
			}
			key := "x:one"
			if strings.HasPrefix(op, "For") {
				key = "x:many"
			}
			s["Condition"] = object{op: object{key: values}}
		}
		statements = append(statements, s)
	}
	text, err := json.Marshal(object{"Version": policy.Version2012, "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func genRequest(t *rapid.T) policy.Request {
	r := policy.Request{
		Principal:         rapid.SampledFrom([]policy.Principal{ana, builder, fed, root}).Draw(t, "who"),
		Action:            rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "ec2:RunInstances"}).Draw(t, "action"),
		Resource:          rapid.SampledFrom([]string{thing, "arn:aws:s3:::other", "*"}).Draw(t, "resource"),
		ResourceAccountID: rapid.SampledFrom([]string{"", own, other}).Draw(t, "owner"),
		Management:        rapid.IntRange(0, 4).Draw(t, "management") == 0,
		Context:           map[string][]string{},
	}
	value := rapid.SampledFrom([]string{"a", "b", "A", "ab", ""})
	if rapid.Bool().Draw(t, "has one") {
		r.Context["x:one"] = []string{value.Draw(t, "one")}
	}
	if rapid.Bool().Draw(t, "has many") {
		r.Context["x:many"] = rapid.SliceOfN(value, 0, 3).Draw(t, "many")
	}
	return r
}

func TestEvaluate_AgreesWithNaive(t *testing.T) {
	t.Parallel()
	allowed, denied := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		texts := func(most int, label string) []string {
			var out []string
			for range rapid.IntRange(0, most).Draw(t, label) {
				out = append(out, genDocument(t, false, label))
			}
			return out
		}
		r, n := genRequest(t), naivePolicies{identity: texts(2, "identity"), session: texts(1, "session")}
		p := policy.Policies{Identity: parseAll(t, n.identity), Session: parseAll(t, n.session)}
		if rapid.IntRange(0, 2).Draw(t, "bounded") == 0 {
			text := genDocument(t, false, "boundary")
			n.boundary, p.Boundary = &text, &parseAll(t, []string{text})[0]
		}
		if rapid.Bool().Draw(t, "has resource policy") {
			text := genDocument(t, true, "resource")
			n.resource, p.Resource = &text, &parseAll(t, []string{text})[0]
		}
		for range rapid.IntRange(0, 2).Draw(t, "levels") {
			level := append(texts(1, "scp"), allowAllList)
			n.scp, p.ServiceControl = append(n.scp, level), append(p.ServiceControl, parseAll(t, level))
		}
		for range rapid.IntRange(0, 2).Draw(t, "resource levels") {
			level := []string{allowEverybody}
			if rapid.Bool().Draw(t, "has RCP") {
				level = append(level, genDocument(t, true, "rcp"))
			}
			n.rcp, p.ResourceControl = append(n.rcp, level), append(p.ResourceControl, parseAll(t, level))
		}
		got, want := policy.Evaluate(r, p), naiveAllowed(r, n)
		if got.Allowed != want {
			t.Fatalf("%s\nthe naive evaluator says allowed: %v", got.Explain(), want)
		}
		if again := policy.Evaluate(r, p); again != got {
			t.Fatalf("asked again: %+v, first %+v", again, got)
		}
		if got.Allowed {
			allowed++
		} else {
			denied++
		}
		if got.Allowed != (got.Message(r) == "") {
			t.Fatalf("message %q with %+v", got.Message(r), got)
		}
	})
	if allowed == 0 || denied == 0 {
		t.Errorf("%d allowed and %d denied: the generators have become one-sided", allowed, denied)
	}
}

const allowEverybody = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`

const allowAllList = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func parseAll(t *rapid.T, texts []string) []policy.Named {
	var out []policy.Named
	for _, text := range texts {
		d, err := policy.Parse(text)
		if err != nil {
			t.Fatalf("parse %s: %v", text, err)
		}
		out = append(out, policy.Named{Name: "p", Document: d})
	}
	return out
}

// Adding a policy that denies never opens anything, whatever else there is.
func TestEvaluate_DenyNeverOpens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := genRequest(t)
		p := policy.Policies{Identity: parseAll(t, []string{genDocument(t, false, "identity")})}
		more := p
		more.Identity = append(slices.Clone(p.Identity), parseAll(t, []string{strings.ReplaceAll(genDocument(t, false, "more"), `"Allow"`, `"Deny"`)})...)
		if before, after := policy.Evaluate(r, p), policy.Evaluate(r, more); after.Allowed && !before.Allowed {
			t.Fatalf("before: %s\nafter: %s", before.Explain(), after.Explain())
		}
	})
}
