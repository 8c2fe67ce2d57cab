package controltower

import (
	"encoding/json"
	"testing"

	"accountfactory/internal/policy"
)

// TestControls_Catalogue: the mandatory ones are 23, ids do not repeat, and every statement is one that an SCP may have.
func TestControls_Catalogue(t *testing.T) {
	t.Parallel()
	mandatory, seen := 0, map[string]bool{}
	for _, c := range controls() {
		if seen[c.name] {
			t.Errorf("%s is there twice", c.name)
		}
		seen[c.name] = true
		if c.mandatory {
			mandatory++
		}
		if c.behavior != preventive {
			continue
		}
		doc := parsed(t, c, map[string]json.RawMessage{"AllowedRegions": json.RawMessage(`["eu-west-1"]`)})
		if err := doc.Validate(policy.ServiceControl); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if mandatory != 23 {
		t.Errorf("%d mandatory controls", mandatory)
	}
}

func parsed(t *testing.T, c control, parameters map[string]json.RawMessage) *policy.Document {
	t.Helper()
	body, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []policyStatement{c.document(parameters)}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Parse(string(body))
	if err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	return doc
}

// TestControls_Deny: what a control's policy forbids to whom.
func TestControls_Deny(t *testing.T) {
	t.Parallel()
	everything, err := policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	all := policy.Named{Name: "all", Document: everything}
	role := func(name string) policy.Principal {
		return policy.Principal{Type: policy.AssumedRole, AccountID: "111122223333", RoleARN: "arn:aws:iam::111122223333:role/" + name, ARN: "arn:aws:sts::111122223333:assumed-role/" + name + "/x"}
	}
	root := policy.Principal{Type: policy.Root, AccountID: "111122223333", ARN: "arn:aws:iam::111122223333:root"}
	for _, tc := range []struct {
		control, action, resource, region string
		who                               policy.Principal
		allowed                           bool
	}{
		{"AWS-GR_IAM_ROLE_CHANGE_PROHIBITED", "iam:DeleteRole", "arn:aws:iam::111122223333:role/aws-controltower-ConfigRecorderRole", home, role("dev"), false},
		{"AWS-GR_IAM_ROLE_CHANGE_PROHIBITED", "iam:DeleteRole", "arn:aws:iam::111122223333:role/aws-controltower-ConfigRecorderRole", home, role("AWSControlTowerExecution"), true},
		{"AWS-GR_IAM_ROLE_CHANGE_PROHIBITED", "iam:DeleteRole", "arn:aws:iam::111122223333:role/mine", home, role("dev"), true},
		{"AWS-GR_CLOUDTRAIL_ENABLED", "cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/aws-controltower-BaselineCloudTrail", home, role("dev"), false},
		{"AWS-GR_RESTRICT_ROOT_USER", "s3:ListAllMyBuckets", "*", home, root, false},
		{"AWS-GR_RESTRICT_ROOT_USER", "s3:ListAllMyBuckets", "*", home, role("dev"), true},
		{"AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS", "iam:CreateAccessKey", "*", home, root, false},
		{"AWS-GR_DISALLOW_VPC_INTERNET_ACCESS", "ec2:CreateInternetGateway", "*", home, role("dev"), false},
		{"CT.MULTISERVICE.PV.1", "ec2:RunInstances", "*", "us-east-1", role("dev"), false},
		{"CT.MULTISERVICE.PV.1", "ec2:RunInstances", "*", "eu-west-1", role("dev"), true},
		{"CT.MULTISERVICE.PV.1", "iam:ListRoles", "*", "us-east-1", role("dev"), true},
		{"CT.MULTISERVICE.PV.1", "ec2:RunInstances", "*", "us-east-1", role("AWSControlTowerExecution"), true},
	} {
		doc := parsed(t, catalogued(tc.control), map[string]json.RawMessage{"AllowedRegions": json.RawMessage(`["eu-west-1"]`)})
		request := policy.Request{
			Principal: tc.who, Action: tc.action, Resource: tc.resource, ResourceAccountID: "111122223333",
			Context: policy.Global(tc.who, policy.Environment{RequestedRegion: tc.region}),
		}
		got := policy.Evaluate(request, policy.Policies{Identity: []policy.Named{all}, ServiceControl: [][]policy.Named{{all, {Name: tc.control, Document: doc}}}})
		if got.Allowed != tc.allowed {
			t.Errorf("%s: %s by %s in %s allowed: %t", tc.control, tc.action, tc.who.ARN, tc.region, got.Allowed)
		}
	}
}

func TestControlNamed(t *testing.T) {
	t.Parallel()
	s := &Service{config: Config{Region: home}}
	for identifier, want := range map[string]string{
		"arn:aws:controltower:eu-central-1::control/AWS-GR_RESTRICT_ROOT_USER":  "AWS-GR_RESTRICT_ROOT_USER",
		"arn:aws:controltower:eu-central-1::control/TKFQGXOBPOPS":               "CT.MULTISERVICE.PV.1",
		"arn:aws:controlcatalog:::control/TKFQGXOBPOPS":                         "CT.MULTISERVICE.PV.1",
		"arn:aws:controltower:us-east-1::control/AWS-GR_RESTRICT_ROOT_USER":     "",
		"arn:aws:controltower:eu-central-1::control/CT.MULTISERVICE.PV.1":       "",
		"arn:aws:controltower:eu-central-1::control/":                           "",
		"arn:aws:controltower:eu-central-1::baseline/AWS-GR_RESTRICT_ROOT_USER": "",
		"AWS-GR_RESTRICT_ROOT_USER":                                             "",
	} {
		if got, _ := s.controlNamed(identifier); got.name != want {
			t.Errorf("%s names %q, want %q", identifier, got.name, want)
		}
	}
}
