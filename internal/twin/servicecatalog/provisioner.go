package servicecatalog

import (
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Provisioner does what provisioning a product of its type means. Service Catalog keeps product and record; the
// provisioner works over time and says how it ended with Service.Complete, in the transaction of its last step.
type Provisioner interface {
	// Parameters are the product's parameters as they stand now; allowed values may change with the organization.
	Parameters(tx *state.Tx) []Parameter
	// Start begins a job. An error fails the record at once: its RecordError when it is one.
	Start(tx *state.Tx, job Job) error
}

// Availability is what a Provisioner adds whose products cannot be launched at times. While it is not available nobody has
// a launch path to them.
type Availability interface {
	Available(tx *state.Tx) bool
}

// Action is what a record does.
type Action string

// The actions of records, by their wire names (RecordType).
const (
	Provision Action = "PROVISION_PRODUCT"
	Update    Action = "UPDATE_PROVISIONED_PRODUCT"
	Terminate Action = "TERMINATE_PROVISIONED_PRODUCT"
)

// Job is one piece of work for a Provisioner.
type Job struct {
	Action      Action
	RecordID    string // rec-…; what Complete is told
	ProductID   string // the provisioned product, pp-…
	Name        string // the provisioned product's name
	PhysicalID  string // as an earlier job set it; "" before the first success
	Parameters  map[string]string
	Retain      bool // Terminate: RetainPhysicalResources
	Caller      wire.Caller
	FirstLaunch bool // no job of this provisioned product has ever succeeded
}

// Parameter is a parameter of a product.
type Parameter struct {
	Key         string
	Type        string // "String"
	Description string
	Pattern     string   `json:",omitempty"` // AllowedPattern, "" for any
	Allowed     []string `json:",omitempty"` // AllowedValues, nil for any
	Default     *string  `json:",omitempty"` // nil: it must be given
	NoEcho      bool     `json:",omitempty"`
}

// Outcome is how a job ended. Err nil means it succeeded. PhysicalID and Outputs are kept also from a failed job, when set.
type Outcome struct {
	Err        *RecordError
	PhysicalID string
	Outputs    []Output
}

// RecordError is an entry of a record's RecordErrors.
type RecordError struct{ Code, Description string }

func (e *RecordError) Error() string { return e.Code + ": " + e.Description }

// Output is an output of a provisioned product.
type Output struct{ Key, Value, Description string }
