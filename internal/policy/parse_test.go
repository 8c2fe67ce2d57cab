package policy_test

import (
	"strings"
	"testing"

	"accountfactory/internal/policy"
)

func TestParse_Refuses(t *testing.T) {
	t.Parallel()
	statement := func(members string) string { return `{"Version":"2012-10-17","Statement":[{` + members + `}]}` }
	condition := func(c string) string {
		return statement(`"Effect":"Allow","Action":"*","Resource":"*","Condition":` + c)
	}
	principal := func(p string) string {
		return statement(`"Effect":"Allow","Action":"*","Resource":"*","Principal":` + p)
	}
	for _, tc := range []struct{ name, text, want string }{
		{"nothing", ``, "line 1, column 1: not JSON: the text ends too early"},
		{"cut off", `{"Version":`, "the text ends too early"},
		{"not JSON", "{\n  \"Version\": 2012-10-17\n}", "line 2, column 18: not JSON"},
		{"text behind", `{} {}`, "column 4: text after the end"},
		{"not UTF-8", "{\"\xff\":1}", "not UTF-8"},
		{"too long", strings.Repeat(" ", 131073), "shorten it to 131072"},
		{"too deep", strings.Repeat("[", 100), "nested deeper"},
		{"a list", `[]`, "policy: want a JSON object"},
		{"unknown member", `{"Statements":[]}`, `column 2: Statements: unknown member`},
		{"member in another case", `{"statement":[]}`, `statement: unknown member`},
		{"member twice", `{"Version":"2012-10-17","Version":"2012-10-17"}`, `"Version" occurs twice`},
		{"version of the future", `{"Version":"2030-01-01"}`, `Version: want "2012-10-17" or "2008-10-17"`},
		{"Id that is no string", `{"Id":1}`, "Id: want a string"},
		{"no statement", `{"Version":"2012-10-17"}`, "Statement: missing"},
		{"an empty list of statements", `{"Statement":[]}`, "Statement: want a statement or a list of them"},
		{"a statement that is none", `{"Statement":["x"]}`, "Statement[0]: want a JSON object"},
		{"unknown member of a statement", statement(`"Effect":"Allow","Actions":"*"`), "Statement[0].Actions: unknown member"},
		{"NotEffect", statement(`"NotEffect":"Allow"`), "Statement[0].NotEffect: unknown member"},
		{"Sid that is no string", statement(`"Sid":1`), "Statement[0].Sid: want a string"},
		{"no effect", statement(`"Action":"*"`), "Statement[0].Effect: missing"},
		{"no action", statement(`"Effect":"Allow"`), "Statement[0].Action: missing"},
		{"effect in another case", statement(`"Effect":"allow"`), `Statement[0].Effect: want "Allow" or "Deny"`},
		{"Action and NotAction", statement(`"Effect":"Allow","Action":"*","NotAction":"a:b"`), "NotAction: stands beside its opposite"},
		{"Resource and NotResource", statement(`"Effect":"Allow","Action":"*","NotResource":"*","Resource":"*"`), "Resource: stands beside its opposite"},
		{"action without service", statement(`"Effect":"Allow","Action":"GetObject"`), `"GetObject" is no action: write "service:Operation"`},
		{"action with a space", statement(`"Effect":"Allow","Action":"s3:Get Object"`), "is no action"},
		{"no actions", statement(`"Effect":"Allow","Action":[]`), "Action: want a string or a list"},
		{"action that is no string", statement(`"Effect":"Allow","Action":["a:b",1]`), "Action: want a string"},
		{"resource that is no ARN", statement(`"Effect":"Allow","Action":"*","Resource":"bucket"`), `"bucket" is no resource: write an ARN`},
		{"variable not closed", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username"`), "not closed"},
		{"variable without name", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${}"`), "names no condition key"},
		{"default not quoted", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${a:b,c}"`), "is not quoted"},
		{"default not ended", statement(`"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${a:b,'c}"`), "does not end"},
		{"principal as text", principal(`"` + own + `"`), `Principal: want "*" or an object`},
		{"principal of a new kind", principal(`{"Robot":"x"}`), "unknown kind of principal"},
		{"canonical user", principal(`{"CanonicalUser":"abc"}`), "Amazon S3 alone"},
		{"principal with a wildcard", principal(`{"AWS":"arn:aws:iam::111122223333:role/*"}`), "aws:PrincipalArn"},
		{"principal that is a group", principal(`{"AWS":"arn:aws:iam::111122223333:group/x"}`), "no account id, user, role or session ARN"},
		{"service by its short name", principal(`{"Service":"s3"}`), "no service principal"},
		{"unknown operator", condition(`{"StringMatches":{"a:b":"c"}}`), "Condition.StringMatches: unknown condition operator"},
		{"operator in another case", condition(`{"stringequals":{"a:b":"c"}}`), "unknown condition operator"},
		{"negated Bool", condition(`{"NotBool":{"a:b":"true"}}`), "unknown condition operator"},
		{"unknown set operator", condition(`{"ForSomeValues:StringEquals":{"a:b":"c"}}`), "unknown set operator"},
		{"Null with IfExists", condition(`{"NullIfExists":{"a:b":"true"}}`), "leave IfExists"},
		{"operator without keys", condition(`{"StringEquals":{}}`), "at least one condition key"},
		{"key without service", condition(`{"StringEquals":{"username":"c"}}`), "is no condition key"},
		{"no values", condition(`{"StringEquals":{"a:b":[]}}`), "no values"},
		{"value that is null", condition(`{"StringEquals":{"a:b":null}}`), "want a string, number or Boolean"},
		{"number that is none", condition(`{"NumericEquals":{"a:b":"1e9"}}`), "want an integer or decimal"},
		{"time that is none", condition(`{"DateEquals":{"a:b":"now"}}`), "want a time like"},
		{"Boolean that is none", condition(`{"Bool":{"a:b":"yes"}}`), `want "true" or "false"`},
		{"Null that is neither", condition(`{"Null":{"a:b":"maybe"}}`), `want "true" or "false"`},
		{"bytes that are none", condition(`{"BinaryEquals":{"a:b":"?"}}`), "illegal base64"},
		{"network that is none", condition(`{"IpAddress":{"a:b":"10.0.0/8"}}`), "want an address or a range"},
		{"variable where none may be", condition(`{"NumericEquals":{"a:b":"${a:c}"}}`), "want an integer or decimal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(tc.text)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
			if d != nil {
				t.Error("a document came with the error")
			}
		})
	}
}

func TestParse_TellsThePlace(t *testing.T) {
	t.Parallel()
	_, err := policy.Parse("{\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": [\"a:b\",\n      \"ü\"]}]}")
	if want := `line 4, column 7: Statement[0].Action: "ü" is no action: write "service:Operation", with * and ? if need be, or "*"`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestParse_Accepts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, version string
		statements          int
	}{
		{"one statement without a list", allowAll, policy.Version2012, 1},
		{"no version", `{"Id":"x","Statement":[{"Effect":"Deny","NotAction":["a:b"],"NotResource":["*"]}]}`, policy.Version2008, 1},
		{"the version behind the statements", `{"Statement":[{"Effect":"Deny","Action":"a:b","Resource":"arn:aws:s3:::${a:b}"},{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"}],"Version":"2012-10-17"}`, policy.Version2012, 2},
		{"an empty condition", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}`, policy.Version2008, 1},
		{"a tag key with a space", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Cost Center":1}}}}`, policy.Version2008, 1},
	} {
		d := parse(t, tc.text)
		if d.Version() != tc.version || d.Statements() != tc.statements {
			t.Errorf("%s: version %s with %d statements, want %s with %d", tc.name, d.Version(), d.Statements(), tc.version, tc.statements)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	const (
		plain       = `{"Version":"2012-10-17","Statement":[{"Sid":"A1","Effect":"Allow","Action":"*","Resource":"*"}]}`
		withWho     = `{"Version":"2012-10-17","Statement":[{"Sid":"a b","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
		noWhere     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}`
		old         = `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
		twice       = `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"a:b","Resource":"*"}]}`
		oddSid      = `{"Version":"2012-10-17","Statement":[{"Sid":"A b","Effect":"Allow","Action":"*","Resource":"*"}]}`
		trusting    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`
		trustAll    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*"}]}`
		trustNot    = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`
		allowNot    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}]}`
		conditioned = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::x","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`
	)
	for _, tc := range []struct {
		name, text string
		kind       policy.Kind
		want       string // "" is valid
	}{
		{"identity", plain, policy.Identity, ""},
		{"identity of 2008", old, policy.Identity, ""},
		{"identity with Principal", withWho, policy.Identity, "Statement[0]: Principal and NotPrincipal belong"},
		{"identity without Resource", noWhere, policy.Identity, "Resource is missing"},
		{"identity with a Sid twice", twice, policy.Identity, `Statement[1].Sid: "A" occurs twice`},
		{"identity with a space in Sid", oddSid, policy.Identity, "letters and digits"},
		{"identity with an Id", `{"Id":"x",` + allowAll[1:], policy.Identity, "Id: belongs to policies of resources"},
		{"SCP with an Id", `{"Id":"x",` + allowAll[1:], policy.ServiceControl, "Id: belongs to policies of resources"},
		{"resource with an Id", `{"Id":"x",` + withWho[1:], policy.Resource, ""},
		{"boundary", plain, policy.Boundary, ""},
		{"boundary with Principal", withWho, policy.Boundary, "Principal"},
		{"session", plain, policy.Session, ""},
		{"session with Principal", withWho, policy.Session, "Principal"},
		{"SCP", plain, policy.ServiceControl, ""},
		{"SCP in the full language", conditioned, policy.ServiceControl, ""},
		{"SCP without version", old, policy.ServiceControl, `must say "2012-10-17"`},
		{"SCP with Principal", withWho, policy.ServiceControl, "Principal"},
		{"SCP without Resource", noWhere, policy.ServiceControl, "Resource is missing"},
		{"resource", withWho, policy.Resource, ""},
		{"resource without Principal", plain, policy.Resource, "Principal is missing"},
		{"resource without Resource", trusting, policy.Resource, "Resource is missing"},
		{"resource that allows NotPrincipal", allowNot, policy.Resource, "lets everybody else in"},
		{"trust", trusting, policy.Trust, ""},
		{"trust without Principal", noWhere, policy.Trust, "Principal is missing"},
		{"trust with Resource", withWho, policy.Trust, "has no Resource"},
		{"trust with NotPrincipal", trustNot, policy.Trust, "cannot have NotPrincipal"},
		{"trust for more than STS", trustAll, policy.Trust, "actions of STS alone"},
		{"a kind there is not", plain, "", "no kind of policy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := parse(t, tc.text).Validate(tc.kind)
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		``:                          0,
		"{\r\n\t\"a\" : \"b\"\n}":   9,
		`{"a":"b c"}`:               11,
		`{"a":"say \" twice \\" } `: 23,
		`{"ä":"日本"}`:                10,
	} {
		if got := policy.Size(text); got != want {
			t.Errorf("%q: %d characters, want %d", text, got, want)
		}
	}
}
