package policy_test

import (
	"testing"

	"accountfactory/internal/policy"
)

func TestStatement_Action(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, members, action string
		want                  bool
	}{
		{"the very action", `"Action":"s3:GetObject"`, "s3:GetObject", true},
		{"case does not matter", `"Action":"S3:getobject"`, "s3:GetObject", true},
		{"a wildcard at the end", `"Action":"s3:Get*"`, "s3:GetObject", true},
		{"a wildcard in the middle", `"Action":"s3:*Object"`, "s3:GetObject", true},
		{"a question mark is one character", `"Action":"s3:GetObjec?"`, "s3:GetObject", true},
		{"a question mark is not none", `"Action":"s3:GetObject?"`, "s3:GetObject", false},
		{"another service", `"Action":"ec2:*"`, "s3:GetObject", false},
		{"one of a list", `"Action":["ec2:*","s3:*"]`, "s3:GetObject", true},
		{"NotAction names another", `"NotAction":["ec2:*"]`, "s3:GetObject", true},
		{"NotAction names it", `"NotAction":["ec2:*","S3:*"]`, "s3:GetObject", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, `{"Effect":"Allow",`+tc.members+`,"Resource":"*"}`, policy.Request{Action: tc.action}); got != tc.want {
				t.Errorf("applies: %v, want %v", got, tc.want)
			}
		})
	}
}

func TestStatement_Resource(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, members, resource string
		want                    bool
	}{
		{"the very resource", `"Resource":"arn:aws:s3:::bucket/key"`, thing, true},
		{"case matters", `"Resource":"arn:aws:s3:::Bucket/key"`, thing, false},
		{"a wildcard spans slashes", `"Resource":"arn:aws:s3:::bucket/*"`, "arn:aws:s3:::bucket/a/b", true},
		{"a wildcard spans colons", `"Resource":"arn:aws:s3*"`, thing, true},
		{"an incomplete ARN is completed", `"Resource":"arn:aws:sqs"`, "arn:aws:sqs:eu-west-1:111122223333:queue", true},
		{"an incomplete ARN stays with its service", `"Resource":"arn:aws:sqs"`, thing, false},
		{"an action without resource needs the star", `"Resource":"arn:aws:s3:::bucket/*"`, "*", false},
		{"an action without resource has the star", `"Resource":"*"`, "*", true},
		{"one of a list", `"Resource":["arn:aws:s3:::a","arn:aws:s3:::b*"]`, thing, true},
		{"NotResource names another", `"NotResource":"arn:aws:s3:::other/*"`, thing, true},
		{"NotResource names it", `"NotResource":["arn:aws:s3:::other/*","arn:aws:s3:::bucket/*"]`, thing, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, `{"Effect":"Allow","Action":"*",`+tc.members+`}`, policy.Request{Resource: tc.resource}); got != tc.want {
				t.Errorf("applies: %v, want %v", got, tc.want)
			}
		})
	}
}

func TestStatement_Variables(t *testing.T) {
	t.Parallel()
	context := map[string][]string{"aws:username": {"ana"}, "aws:PrincipalTag/Team Name": {"red"}, "aws:PrincipalTag/star": {"*"}, "aws:TagKeys": {"a", "b"}, "aws:PrincipalArn": {roleARN}}
	allow := func(members string) string { return `{"Effect":"Allow","Action":"*",` + members + `}` }
	deny := func(members string) string {
		return `[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*",` + members + `}]`
	}
	for _, tc := range []struct {
		name, version, statement, resource string
		want                               bool
	}{
		{"in a resource", policy.Version2012, allow(`"Resource":"arn:aws:s3:::home/${aws:username}/*"`), "arn:aws:s3:::home/ana/x", true},
		{"in a resource, another's", policy.Version2012, allow(`"Resource":"arn:aws:s3:::home/${aws:username}/*"`), "arn:aws:s3:::home/ben/x", false},
		{"names do not mind case", policy.Version2012, allow(`"Resource":"arn:aws:s3:::home/${AWS:UserName}/*"`), "arn:aws:s3:::home/ana/x", true},
		{"before 2012 it is plain text", policy.Version2008, allow(`"Resource":"arn:aws:s3:::home/${aws:username}"`), "arn:aws:s3:::home/ana", false},
		{"before 2012 the text itself matches", policy.Version2008, allow(`"Resource":"arn:aws:s3:::home/${aws:username}"`), "arn:aws:s3:::home/${aws:username}", true},
		{"before 2012 it is plain text in a condition", policy.Version2008, allow(`"Resource":"*","Condition":{"StringEquals":{"aws:username":"${aws:username}"}}`), "", false},
		{"a tag key with a space", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:PrincipalTag/team name}"`), "arn:aws:s3:::red", true},
		{"a star in a value is plain", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:PrincipalTag/star}"`), "arn:aws:s3:::red", false},
		{"a default when the key is missing", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:PrincipalTag/x, 'all of it'}/*"`), "arn:aws:s3:::all of it/x", true},
		{"no default when the key is there", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:username,'all'}"`), "arn:aws:s3:::all", false},
		{"a default with a brace", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:PrincipalTag/x, 'a}b'}"`), "arn:aws:s3:::a}b", true},
		{"${*} is a star", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${*}"`), "arn:aws:s3:::ana", false},
		{"${*} is a star itself", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${*}"`), "arn:aws:s3:::*", true},
		{"${?} and ${$}", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${?}${$}{x}"`), "arn:aws:s3:::?${x}", true},
		{"without value nothing is allowed", policy.Version2012, allow(`"Resource":"arn:aws:s3:::home/${aws:PrincipalTag/x}*"`), "arn:aws:s3:::home/", false},
		{"without value NotResource allows nothing", policy.Version2012, allow(`"NotResource":"arn:aws:s3:::${aws:PrincipalTag/x}"`), "arn:aws:s3:::home", false},
		{"without value NotResource denies", policy.Version2012, deny(`"NotResource":"arn:aws:s3:::${aws:PrincipalTag/x}"`), "arn:aws:s3:::home", false},
		{"a key with two values is no variable", policy.Version2012, allow(`"Resource":"arn:aws:s3:::${aws:TagKeys}"`), "arn:aws:s3:::a", false},
		{"in a condition", policy.Version2012, allow(`"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalArn":"${aws:PrincipalArn}"}}`), "", true},
		{"in a condition, ignoring case", policy.Version2012, allow(`"Resource":"*","Condition":{"StringEqualsIgnoreCase":{"aws:username":"A${x:y,'N'}a"}}`), "", true},
		{"a whole ARN in a condition", policy.Version2012, allow(`"Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"${aws:PrincipalArn}"}}`), "", true},
		{"in a condition without value", policy.Version2012, allow(`"Resource":"*","Condition":{"StringEquals":{"aws:username":"${x:y}"}}`), "", false},
		{"in a negated condition without value, Allow", policy.Version2012, allow(`"Resource":"*","Condition":{"StringNotEquals":{"aws:username":"${x:y}"}}`), "", false},
		{"in a negated condition without value, Deny", policy.Version2012, deny(`"Resource":"*","Condition":{"StringNotEquals":{"aws:username":"${x:y}"}}`), "", false},
		{"in a condition without value, Deny", policy.Version2012, deny(`"Resource":"*","Condition":{"StringEquals":{"aws:username":"${x:y}"}}`), "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := askVersion(t, tc.version, tc.statement, policy.Request{Resource: tc.resource, Context: context}); got != tc.want {
				t.Errorf("allowed: %v, want %v", got, tc.want)
			}
		})
	}
}
