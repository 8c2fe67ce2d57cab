package identitycenter

import (
	"encoding/json"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Quotas of permission sets (IAM Identity Center quotas).
const (
	setLimit    = 2000 // in the instance
	policyLimit = 20   // managed policies of both kinds in a set
)

// PermissionSet is a named bundle of policies that assignments turn into roles.
type PermissionSet struct {
	ARN             string
	Name            string
	Description     string `json:",omitempty"`
	RelayState      string `json:",omitempty"`
	SessionDuration string // ISO 8601: "PT1H"
	Managed         []string
	Customer        []PolicyReference `json:",omitempty"`
	Inline          string            `json:",omitempty"`
	Boundary        *Boundary         `json:",omitempty"`
	Tags            []Tag             `json:",omitempty"`
	Created         time.Time
	Version         int // grows with every change; a role shows the version it was provisioned from
}

// PolicyReference names a customer managed policy that each account has itself.
type PolicyReference struct{ Name, Path string }

// ARN names the policy in an account.
func (r PolicyReference) ARN(accountID string) string {
	return arn.Make("iam", "", accountID, "policy"+r.Path+r.Name)
}

// Boundary is a permissions boundary: an AWS managed policy, or a customer managed one.
type Boundary struct {
	ManagedARN string           `json:",omitempty"`
	Customer   *PolicyReference `json:",omitempty"`
}

// Tag is a tag of an instance or a permission set.
type Tag struct{ Key, Value string }

// SetSpec is what another service or the first start says of a permission set.
type SetSpec struct {
	Name, Description string
	SessionDuration   string // an hour when empty
	RelayState        string
	Managed           []string // ARNs of AWS managed policies
	Inline            string   // policy document, or ""
	Tags              []Tag
}

// PutPermissionSet makes a permission set. It returns a ConflictException for a name that is taken, a
// ValidationException for a session duration or an inline policy that AWS would refuse.
func (s *Service) PutPermissionSet(tx *state.Tx, spec SetSpec) (*PermissionSet, error) {
	if spec.SessionDuration == "" {
		spec.SessionDuration = "PT1H"
	}
	in := s.Instance(tx)
	switch {
	case in == nil:
		return nil, notFound("There is no instance of IAM Identity Center.")
	case s.PermissionSetByName(tx, spec.Name) != nil:
		return nil, conflict("PermissionSet with name %s already exists.", spec.Name)
	case s.sets.Len(tx) >= setLimit:
		return nil, quota("PermissionSet", setLimit, in.ID)
	}
	if err := checkSession(spec.SessionDuration); err != nil {
		return nil, err
	}
	if spec.Inline != "" {
		if err := checkDocument(spec.Inline); err != nil {
			return nil, err
		}
	}
	p := &PermissionSet{
		ARN:  arn.Make("sso", "", "", "permissionSet/"+in.ID+"/ps-"+arn.ID(tx, arn.Hex, 16)),
		Name: spec.Name, Description: spec.Description, RelayState: spec.RelayState, SessionDuration: spec.SessionDuration,
		Managed: slices.Clone(spec.Managed), Inline: spec.Inline, Tags: slices.Clone(spec.Tags), Created: tx.Now(), Version: 1,
	}
	s.sets.Put(tx, p)
	return p, nil
}

// PermissionSet gives the permission set with this ARN, or nil.
func (s *Service) PermissionSet(tx *state.Tx, setARN string) *PermissionSet {
	return s.sets.Get(tx, setARN)
}

// PermissionSetByName gives the permission set with this name, or nil.
func (s *Service) PermissionSetByName(tx *state.Tx, name string) *PermissionSet {
	return s.setByName.First(tx, name)
}

// PermissionSets gives all permission sets in the order of their ARNs.
func (s *Service) PermissionSets(tx *state.Tx) iter.Seq[*PermissionSet] { return s.sets.All(tx) }

// set gives the permission set with this ARN, or AWS's error.
func (s *Service) set(tx *state.Tx, setARN *string) (*PermissionSet, error) {
	p := s.sets.Get(tx, deref(setARN))
	if p == nil {
		return nil, notFound("Could not find PermissionSet with id %s", lastPart(deref(setARN)))
	}
	return p, nil
}

// changeSet puts a changed copy of a set. Roles follow when the set is provisioned again.
func (s *Service) changeSet(tx *state.Tx, p *PermissionSet, f func(p *PermissionSet)) {
	s.sets.Change(tx, p.ARN, func(row *PermissionSet) {
		f(row)
		row.Version++
	})
}

// removeSet removes a permission set that no account has any more.
func (s *Service) removeSet(tx *state.Tx, p *PermissionSet) error {
	if s.accountsOf.First(tx, p.ARN) != nil || s.working.First(tx, p.ARN) != nil {
		return conflict("Could not delete because PermissionSet has ApplicationProfile associated with it")
	}
	s.sets.Delete(tx, p.ARN)
	return nil
}

// Session gives how long a session of this set lasts.
func (p *PermissionSet) Session() time.Duration {
	d, _ := parseDuration(p.SessionDuration)
	return d
}

var duration = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)

// parseDuration reads the ISO 8601 durations that a session can have; years, months and weeks are too long anyway.
func parseDuration(s string) (time.Duration, bool) {
	parts := duration.FindStringSubmatch(s)
	if parts == nil || s == "P" || s[len(s)-1] == 'T' {
		return 0, false
	}
	var d time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, err := strconv.Atoi(parts[i+1])
		if parts[i+1] != "" && (err != nil || n > 1_000_000) {
			return 0, false
		}
		d += time.Duration(n) * unit
	}
	return d, true
}

func checkSession(s string) error {
	if d, ok := parseDuration(s); !ok || d < time.Hour || d > 12*time.Hour {
		return invalid("The session duration %s must be between 1 and 12 hours.", s)
	}
	return nil
}

func checkDocument(doc string) error {
	var statement struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(doc), &statement); err != nil || statement.Statement == nil {
		return invalid("The policy document is not valid: it must be a JSON object with a Statement.")
	}
	return nil
}
