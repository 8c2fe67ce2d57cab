package servicecatalog

import (
	"encoding/json"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// effect is what the constraints of a launch path make of a launch.
type effect struct {
	role      string   // ARN; "" for the caller's own permissions
	topics    []string // that are to be notified
	retag     bool     // tags may change later
	rules     map[string]json.RawMessage
	summaries []types.ConstraintSummary
}

// effectOf reads the constraints on a product in a portfolio. Their parameters were checked when they came in.
func (s *Service) effectOf(c *call, portfolioID, productID string) effect {
	e := effect{rules: map[string]json.RawMessage{}, summaries: []types.ConstraintSummary{}}
	for row := range s.constraintsOn(c.Tx, portfolioID, productID) {
		e.summaries = append(e.summaries, row.summary())
		switch row.Type {
		case constraintLaunch:
			e.role = s.launchRole(c.Tx, c.account, row.Parameters)
		case constraintNotification:
			e.topics = append(e.topics, parsed[notificationParameters](row).NotificationARNs...)
		case constraintUpdate:
			e.retag = parsed[updateParameters](row).tags() == tagsAllowed
		case constraintTemplate:
			maps.Copy(e.rules, parsed[struct{ Rules map[string]json.RawMessage }](row).Rules)
		case constraintStackSet:
		}
	}
	return e
}

func parsed[T any](row *Constraint) (v T) {
	_ = json.Unmarshal([]byte(row.Parameters), &v) // checked when it came in
	return v
}

// instructions tell an end user what the constraints make of a launch. Types and values are those of the AWS CLI reference,
// describe-provisioning-parameters.
func (e effect) instructions() []types.UsageInstruction {
	rules, _ := json.Marshal(e.rules) // raw JSON always encodes
	out := []types.UsageInstruction{instruction("rules", string(rules)), instruction("version", "2010-09-09")}
	if e.role != "" {
		out = append(out, instruction("launchAsRole", e.role))
	}
	tags := tagsNotAllowed
	if e.retag {
		tags = tagsAllowed
	}
	return append(out, instruction("tagUpdateOnProvisionedProduct", tags))
}

func instruction(kind, value string) types.UsageInstruction {
	return types.UsageInstruction{Type: &kind, Value: &value}
}
