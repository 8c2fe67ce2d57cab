package controltower

import (
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// Event is a lifecycle event in EventBridge's shape. Source: Control Tower user guide, "Lifecycle events".
type Event struct {
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	DetailType string   `json:"detail-type"`
	Source     string   `json:"source"`
	Account    string   `json:"account"`
	Time       string   `json:"time"`
	Region     string   `json:"region"`
	Resources  []string `json:"resources"`
	Detail     Detail   `json:"detail"`
}

// Detail is the event as CloudTrail records it.
type Detail struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        UserIdentity   `json:"userIdentity"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent"`
	EventID             string         `json:"eventID"`
	ReadOnly            bool           `json:"readOnly"`
	EventType           string         `json:"eventType"`
	ServiceEventDetails map[string]any `json:"serviceEventDetails"`
}

// UserIdentity says who caused an event: for these always AWS itself.
type UserIdentity struct {
	AccountID string `json:"accountId"`
	InvokedBy string `json:"invokedBy"`
}

// eventTime is how the details write times: no colon in the offset.
const eventTime = "2006-01-02T15:04:05-0700"

// notAvailable stands for the id of an account that did not come to be. Consumers rely on it being there.
const notAvailable = "Not Available"

func (s *Service) post(tx *state.Tx, name, key string, body map[string]any) {
	const internal = "AWS Internal"
	at := tx.Now().UTC()
	tx.Post("event", Event{
		Version: "0", ID: arn.UUID(tx), DetailType: "AWS Service Event via CloudTrail", Source: "aws.controltower",
		Account: s.config.ManagementAccountID, Time: at.Format(time.RFC3339), Region: s.config.Region, Resources: []string{},
		Detail: Detail{
			EventVersion: "1.05", UserIdentity: UserIdentity{AccountID: s.config.ManagementAccountID, InvokedBy: internal},
			EventTime: at.Format(time.RFC3339), EventSource: "controltower.amazonaws.com", EventName: name, AWSRegion: s.config.Region,
			SourceIPAddress: internal, UserAgent: internal, EventID: arn.UUID(tx), EventType: "AwsServiceEvent",
			ServiceEventDetails: map[string]any{key: body},
		},
	})
}

// postManaged reports that an account was created or updated, or why not. An account that was there before counts as
// updated, also when a second try finishes what a first had begun.
func (s *Service) postManaged(tx *state.Tx, op *Operation, why *servicecatalog.RecordError) {
	name, key, message := "CreateManagedAccount", "createManagedAccountStatus", "AWS Control Tower successfully created a managed account."
	if op.Adopted {
		name, key, message = "UpdateManagedAccount", "updateManagedAccountStatus", "AWS Control Tower successfully updated a managed account."
	}
	result := statusSucceeded
	if why != nil {
		result, message = statusFailed, why.Description
	}
	accountID := op.AccountID
	if accountID == "" {
		accountID = notAvailable
	}
	ouName := ""
	if ou := s.org.OU(tx, op.OU); ou != nil {
		ouName = ou.Name
	}
	s.post(tx, name, key, map[string]any{
		"organizationalUnit": map[string]any{"organizationalUnitName": ouName, "organizationalUnitId": op.OU},
		"account":            map[string]any{"accountName": op.Parameters.AccountName, "accountId": accountID},
		"state":              result, "message": message,
		"requestedTimestamp": op.Requested.UTC().Format(eventTime), "completedTimestamp": tx.Now().UTC().Format(eventTime),
	})
}
