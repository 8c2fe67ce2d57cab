package servicecatalog

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// What the parameters of each type of constraint look like (CreateConstraint, API reference).

type launchParameters struct {
	RoleARN       string `json:"RoleArn"`
	LocalRoleName string
}

type notificationParameters struct {
	NotificationARNs []string `json:"NotificationArns"`
}

type updateParameters struct {
	Version    string
	Properties struct{ TagUpdateOnProvisionedProduct string }
}

type templateParameters struct {
	Rules map[string]rule
}

// rule is a template constraint rule: what must hold of the parameters, and when.
type rule struct {
	RuleCondition json.RawMessage `json:",omitempty"`
	Assertions    []struct {
		Assert            json.RawMessage
		AssertDescription string `json:",omitempty"`
	}
}

// maxTopics is how many topics a launch can notify (ProvisionProduct, API reference).
const maxTopics = 5

var (
	roleShape  = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):role/[^*?\x00]+$`)
	nameShape  = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	topicShape = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$`)
)

// checkParameters refuses parameters that do not have the form of the constraint's type.
func (s *Service) checkParameters(c *call, kind ConstraintType, text string) error {
	switch kind {
	case constraintLaunch:
		return s.checkLaunch(c, text)
	case constraintNotification:
		return checkNotification(text)
	case constraintTemplate:
		return checkRules(text)
	case constraintUpdate:
		var p updateParameters
		if err := strict(text, &p); err != nil {
			return badParameters(kind, err)
		}
		if p.Version != "2.0" || p.tags() != tagsAllowed && p.tags() != tagsNotAllowed {
			return invalid(`Constraint parameters of type %s must be of version "2.0" with TagUpdateOnProvisionedProduct ALLOWED or NOT_ALLOWED.`, kind)
		}
		return nil
	case constraintStackSet:
		return invalid("Constraints of type STACKSET are not supported here: no stack sets are launched.")
	}
	return invalid("Invalid constraint type %s: must be LAUNCH, NOTIFICATION, RESOURCE_UPDATE, STACKSET or TEMPLATE.", kind)
}

// What a RESOURCE_UPDATE constraint says of tags.
const (
	tagsAllowed    = "ALLOWED"
	tagsNotAllowed = "NOT_ALLOWED"
)

func (p updateParameters) tags() string { return p.Properties.TagUpdateOnProvisionedProduct }

// checkLaunch wants one way of naming the role. A role named without an account must be there; one named by its ARN is
// looked for when it is needed.
func (s *Service) checkLaunch(c *call, text string) error {
	var p launchParameters
	if err := strict(text, &p); err != nil {
		return badParameters(constraintLaunch, err)
	}
	switch {
	case (p.RoleARN == "") == (p.LocalRoleName == ""):
		return invalid("Constraint parameters of type LAUNCH must have either RoleArn or LocalRoleName, and not both.")
	case p.LocalRoleName != "" && !nameShape.MatchString(p.LocalRoleName):
		return invalid("Invalid LocalRoleName %s.", p.LocalRoleName)
	case p.LocalRoleName != "" && s.roleNamed(c.Tx, c.account, p.LocalRoleName) == "":
		return invalid("Role %s does not exist in account %s.", p.LocalRoleName, c.account)
	case p.RoleARN != "":
		return s.checkRole(c, p.RoleARN)
	}
	return nil
}

// checkRole wants the ARN of a role of the caller's account: no other account's can be passed on.
func (s *Service) checkRole(c *call, role string) error {
	if m := roleShape.FindStringSubmatch(role); m == nil || m[1] != c.account {
		return invalid("Invalid role ARN %s: must be that of an IAM role of account %s.", role, c.account)
	}
	return nil
}

func checkNotification(text string) error {
	var p notificationParameters
	if err := strict(text, &p); err != nil {
		return badParameters(constraintNotification, err)
	}
	if n := len(p.NotificationARNs); n == 0 || n > maxTopics {
		return invalid("Constraint parameters of type NOTIFICATION must have 1 to %d NotificationArns.", maxTopics)
	}
	if i := slices.IndexFunc(p.NotificationARNs, func(a string) bool { return !topicShape.MatchString(a) }); i >= 0 {
		return invalid("Invalid notification ARN %s: must be that of an Amazon SNS topic.", p.NotificationARNs[i])
	}
	return nil
}

func checkRules(text string) error {
	var p templateParameters
	if err := strict(text, &p); err != nil {
		return badParameters(constraintTemplate, err)
	}
	if len(p.Rules) == 0 {
		return invalid("Constraint parameters of type TEMPLATE must have Rules.")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Rules)) {
		r := p.Rules[name]
		if len(r.Assertions) == 0 {
			return invalid("Rule %s must have Assertions.", name)
		}
		for _, a := range r.Assertions {
			if len(a.Assert) == 0 {
				return invalid("Each assertion of rule %s must have an Assert.", name)
			}
		}
	}
	return nil
}

func badParameters(kind ConstraintType, err error) error {
	return invalid("Constraint parameters are not valid for type %s: %s.", kind, err)
}

// strict reads one JSON value that has the members of into and no others.
func strict(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}

// sameJSON tells whether two texts, both JSON, say the same.
func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}
