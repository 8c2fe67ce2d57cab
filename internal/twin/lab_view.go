package twin

import (
	"encoding/json"
	"fmt"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// operationView is what is under way, as the lab shows it.
type operationView struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"` // such as "controltower.vend"
	Of    string    `json:"of"`   // the key of what it works on
	Step  string    `json:"step"` // the next one
	Begun time.Time `json:"begun"`
	Due   time.Time `json:"due"`
	Tries int       `json:"tries,omitempty"` // failed runs of that step
	Stuck bool      `json:"stuck,omitempty"` // by a fault: it is not done until it is released
}

func viewOperation(op *state.Operation) operationView {
	return operationView{ID: op.ID, Kind: op.Kind, Of: op.Ref, Step: op.Step, Begun: op.Begun, Due: op.Due, Tries: op.Tries, Stuck: op.Stuck}
}

// mailView is a mail as the lab shows it.
type mailView struct {
	ID      string    `json:"id"` // for ?after=
	At      time.Time `json:"at"`
	To      string    `json:"to"`
	Name    string    `json:"name"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Link    string    `json:"link,omitempty"`
}

func viewMail(m *state.Message) (any, error) {
	var mail identitycenter.Mail
	if err := json.Unmarshal(m.Body, &mail); err != nil {
		return nil, fmt.Errorf("read mail %s: %w", m.ID, err)
	}
	return mailView{m.ID, m.At, mail.To, mail.Name, mail.Subject, mail.Text, mail.Link}, nil
}

// viewEvent gives an event as EventBridge has it.
func viewEvent(m *state.Message) (any, error) { return m.Body, nil }
