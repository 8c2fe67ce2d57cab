package controltower

import (
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// outcome gives the state and message of an event: why it failed, or AWS's sentence for what worked.
func outcome(why, done string) (string, string) {
	if why != "" {
		return statusFailed, why
	}
	return statusSucceeded, "AWS Control Tower successfully " + done
}

func (s *Service) eventOU(tx *state.Tx, ouID string) map[string]any {
	name := ""
	if ou := s.org.OU(tx, ouID); ou != nil {
		name = ou.Name
	}
	return map[string]any{"organizationalUnitName": name, "organizationalUnitId": ouID}
}

func (s *Service) eventAccount(tx *state.Tx, id string) map[string]any {
	name := ""
	if a := s.org.Account(tx, id); a != nil {
		name = a.Name
	}
	return map[string]any{"accountName": name, "accountId": id}
}

// postZone reports that the landing zone was set up or updated, or why not.
func (s *Service) postZone(tx *state.Tx, name string, requested time.Time, why string) {
	key, done := "setupLandingZoneStatus", "set up a new landing zone."
	if name == "UpdateLandingZone" {
		key, done = "updateLandingZoneStatus", "updated a landing zone."
	}
	zone := s.theZone(tx)
	m := reads[manifest](zone.Manifest)
	ous, accounts := []any{}, []any{}
	for ou := range s.org.OUs(tx, s.org.RootID(tx)) {
		if s.governed(tx, ou.ID) != nil {
			ous = append(ous, s.eventOU(tx, ou.ID))
		}
	}
	for _, id := range m.accounts(zone.Version) {
		accounts = append(accounts, s.eventAccount(tx, id))
	}
	state, message := outcome(why, done)
	s.post(tx, name, key, map[string]any{
		"state": state, "message": message, "rootOrganizationalId": s.org.RootID(tx), "organizationalUnits": ous, "accounts": accounts,
		"requestedTimestamp": requested.UTC().Format(eventTime), "completedTimestamp": tx.Now().UTC().Format(eventTime),
	})
}

// postOU reports that an OU was registered or unregistered, or why not.
func (s *Service) postOU(tx *state.Tx, w *Work, why string) {
	name, key, done := "RegisterOrganizationalUnit", "registerOrganizationalUnitStatus", "registered an organizational unit."
	if w.Name == opDisableBaseline {
		name, key, done = "DeregisterOrganizationalUnit", "deregisterOrganizationalUnitStatus", "deregistered an organizational unit."
	}
	state, message := outcome(why, done)
	s.post(tx, name, key, map[string]any{
		"state": state, "message": message, "organizationalUnit": s.eventOU(tx, w.OU),
		"requestedTimestamp": w.Start.UTC().Format(eventTime), "completedTimestamp": tx.Now().UTC().Format(eventTime),
	})
}

// postPrecheck reports what keeps an OU from being registered.
func (s *Service) postPrecheck(tx *state.Tx, w *Work, ou, order []string, failed map[string][]string) {
	unit := s.eventOU(tx, w.OU)
	unit["failedPrechecks"] = append([]string{}, ou...)
	accounts := []any{}
	for _, id := range order {
		a := s.eventAccount(tx, id)
		a["failedPrechecks"] = failed[id]
		accounts = append(accounts, a)
	}
	s.post(tx, "PrecheckOrganizationalUnit", "precheckOrganizationalUnitStatus", map[string]any{
		"organizationalUnit": unit, "accounts": accounts, "state": statusFailed, "message": "AWS Control Tower failed to register an organizational unit due to pre-check failures.",
		"requestedTimestamp": w.Start.UTC().Format(eventTime), "completedTimestamp": tx.Now().UTC().Format(eventTime),
	})
}

// postControl reports that a control was enabled or disabled, or why not. Updates and resets have no event.
func (s *Service) postControl(tx *state.Tx, w *Work, row *EnabledControl, why string) {
	name, key, done := "EnableGuardrail", "enableGuardrailStatus", "enabled a guardrail on an organizational unit."
	switch w.Name {
	case opEnableControl:
	case opDisableControl:
		name, key, done = "DisableGuardrail", "disableGuardrailStatus", "disabled a guardrail on an organizational unit."
	default:
		return
	}
	state, message := outcome(why, done)
	s.post(tx, name, key, map[string]any{
		"organizationalUnits": []any{s.eventOU(tx, w.OU)},
		"guardrails":          []any{map[string]any{"guardrailId": row.Control, "guardrailBehavior": catalogued(row.Control).behavior}},
		"state":               state, "message": message,
		"requestTimestamp": w.Start.UTC().Format(eventTime), "completedTimestamp": tx.Now().UTC().Format(eventTime),
	})
}

// postDrift reports a drift. Until landing zone 4.0 the message went to a topic of the audit account; here both forms go
// out as the event that EventBridge has for it today.
func (s *Service) postDrift(tx *state.Tx, d *Drift, message, step string) {
	detail := map[string]any{
		"Message": message, "ManagementAccountId": s.config.ManagementAccountID, "OrganizationId": s.org.Organization(tx).ID, "DriftType": d.Type, "RemediationStep": step,
	}
	add := func(key, value string) {
		if value != "" {
			detail[key] = value
		}
	}
	add("AccountId", d.Account)
	add("SourceId", d.Source)
	add("DestinationId", d.Destination)
	add("OrganizationalUnitId", d.OU)
	add("PolicyId", d.Policy)
	if c := s.tables.controls.Get(tx, d.Control); c != nil {
		add("ControlId", c.Control)
		add("ControlName", c.Control)
		add("ApiControlIdentifier", c.Identifier)
		add("EnabledControlIdentifier", c.ARN)
		add("TargetIdentifier", c.Target)
		add("Region", s.config.Region)
	}
	tx.Post("event", driftEvent{
		Version: "0", ID: arn.UUID(tx), DetailType: "Drift Detected", Source: "aws.controltower", Account: s.config.ManagementAccountID,
		Time: tx.Now().UTC().Format(time.RFC3339), Region: s.config.Region, Resources: []string{}, Detail: detail,
	})
}

// driftEvent is the envelope of a drift. Source: EventBridge reference, "AWS Control Tower events".
type driftEvent struct {
	Version    string         `json:"version"`
	ID         string         `json:"id"`
	DetailType string         `json:"detail-type"`
	Source     string         `json:"source"`
	Account    string         `json:"account"`
	Time       string         `json:"time"`
	Region     string         `json:"region"`
	Resources  []string       `json:"resources"`
	Detail     map[string]any `json:"detail"`
}
