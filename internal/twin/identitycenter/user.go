package identitycenter

import (
	"encoding/json"
	"iter"
	"strings"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// userLimit is the default quota of users in an identity store (IAM Identity Center quotas).
const userLimit = 100_000

// User is a person in the identity store. How they sign in (password, devices) is kept elsewhere, by ID.
type User struct {
	ID       string
	Revision string // changes with every change; opaque
	Disabled bool   `json:",omitempty"`
	Profile

	Created, Updated     time.Time
	CreatedBy, UpdatedBy string `json:",omitempty"`
}

// Profile is what people say of a user: the attributes that UpdateUser can set, named as its paths name them.
type Profile struct {
	UserName          string                     `json:"userName,omitempty"`
	Name              Name                       `json:"name,omitzero"`
	DisplayName       string                     `json:"displayName,omitempty"`
	NickName          string                     `json:"nickName,omitempty"`
	ProfileURL        string                     `json:"profileUrl,omitempty"`
	Emails            []Contact                  `json:"emails,omitempty"`
	Addresses         []Address                  `json:"addresses,omitempty"`
	PhoneNumbers      []Contact                  `json:"phoneNumbers,omitempty"`
	UserType          string                     `json:"userType,omitempty"`
	Title             string                     `json:"title,omitempty"`
	PreferredLanguage string                     `json:"preferredLanguage,omitempty"`
	Locale            string                     `json:"locale,omitempty"`
	Timezone          string                     `json:"timezone,omitempty"`
	Photos            []Photo                    `json:"photos,omitempty"`
	Website           string                     `json:"website,omitempty"`
	Birthdate         string                     `json:"birthdate,omitempty"`
	Roles             []Contact                  `json:"roles,omitempty"`
	Extensions        map[string]json.RawMessage `json:"extensions,omitempty"`
}

// Name is a person's name in its parts.
type Name struct {
	Formatted       string `json:"formatted,omitempty"`
	FamilyName      string `json:"familyName,omitempty"`
	GivenName       string `json:"givenName,omitempty"`
	MiddleName      string `json:"middleName,omitempty"`
	HonorificPrefix string `json:"honorificPrefix,omitempty"`
	HonorificSuffix string `json:"honorificSuffix,omitempty"`
}

// Contact is an e-mail, a telephone number or a role, which have the same members.
type Contact struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty"`
	Primary bool   `json:"primary,omitempty"`
}

// Address is a postal address.
type Address struct {
	StreetAddress string `json:"streetAddress,omitempty"`
	Locality      string `json:"locality,omitempty"`
	Region        string `json:"region,omitempty"`
	PostalCode    string `json:"postalCode,omitempty"`
	Country       string `json:"country,omitempty"`
	Formatted     string `json:"formatted,omitempty"`
	Type          string `json:"type,omitempty"`
	Primary       bool   `json:"primary,omitempty"`
}

// Photo is a picture or where it is.
type Photo struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty"`
	Display string `json:"display,omitempty"`
	Primary bool   `json:"primary,omitempty"`
}

// Email gives the user's primary e-mail, or the only one there is; "" when there is none.
func (u *User) Email() string {
	for _, e := range u.Emails {
		if e.Primary {
			return e.Value
		}
	}
	if len(u.Emails) > 0 {
		return u.Emails[0].Value
	}
	return ""
}

// ARN names the user.
func (u *User) ARN() string { return userARN(u.ID) }

func userARN(id string) string { return arn.Make("identitystore", "", "", "user/"+id) }

// NewUser is what another service or the first start says of a user.
type NewUser struct {
	UserName, Given, Family string
	Display                 string // given and family name when empty
	Email                   string // may be empty
	EmailType               string // "work"; empty leaves it out
	EmailPrimary            bool
	By                      string // who makes the user
}

// PutUser makes a user. It returns a ConflictException for a user name or e-mail that is taken, a ValidationException
// for what AWS refuses.
func (s *Service) PutUser(tx *state.Tx, n NewUser) (*User, error) {
	p := Profile{UserName: n.UserName, DisplayName: n.Display, Name: Name{GivenName: n.Given, FamilyName: n.Family}}
	if p.DisplayName == "" {
		p.DisplayName = strings.TrimSpace(n.Given + " " + n.Family)
	}
	if n.Email != "" {
		p.Emails = []Contact{{Value: n.Email, Type: n.EmailType, Primary: n.EmailPrimary}}
	}
	return s.addUser(tx, p, n.By)
}

func (s *Service) addUser(tx *state.Tx, p Profile, by string) (*User, error) {
	if s.users.Len(tx) >= userLimit {
		return nil, storeQuota("users", userLimit)
	}
	u := &User{ID: arn.UUID(tx), Profile: p, Created: tx.Now(), CreatedBy: by}
	if err := s.saveUser(tx, u, by); err != nil {
		return nil, err
	}
	return u, nil
}

// saveUser puts a user whose profile is new or changed, once it is one AWS would take.
func (s *Service) saveUser(tx *state.Tx, u *User, by string) error {
	if err := u.check(); err != nil {
		return err
	}
	if other := s.byName.First(tx, strings.ToLower(u.UserName)); other != nil && other.ID != u.ID {
		return duplicate("Duplicate UserName")
	}
	if e := u.Email(); e != "" {
		if other := s.byEmail.First(tx, strings.ToLower(e)); other != nil && other.ID != u.ID {
			return duplicate("Duplicate Email")
		}
	}
	u.Revision, u.Updated, u.UpdatedBy = arn.ID(tx, arn.Hex, 32), tx.Now(), by
	s.users.Put(tx, u)
	return nil
}

// User gives the user with this id, or nil.
func (s *Service) User(tx *state.Tx, id string) *User { return s.users.Get(tx, id) }

// Users gives all users in the order of their ids.
func (s *Service) Users(tx *state.Tx) iter.Seq[*User] { return s.users.All(tx) }

// UsersAfter gives the users whose ids come after one; with "" all.
func (s *Service) UsersAfter(tx *state.Tx, id string) iter.Seq[*User] { return s.users.After(tx, id) }

// UserByName gives the user with this user name, in any case, or nil.
func (s *Service) UserByName(tx *state.Tx, name string) *User {
	return s.byName.First(tx, strings.ToLower(name))
}

// UserByEmail gives the user whose primary e-mail, or else whose user name, this is, in any case; nil for none.
func (s *Service) UserByEmail(tx *state.Tx, email string) *User {
	if u := s.byEmail.First(tx, strings.ToLower(email)); u != nil {
		return u
	}
	return s.UserByName(tx, email)
}

// SetDisabled lets a user no longer sign in, or again; being disabled ends their sessions, while the role sessions taken
// with them go on until they expire. AWS has no API for it, only its console and SCIM.
func (s *Service) SetDisabled(tx *state.Tx, id string, disabled bool) bool {
	if disabled {
		s.EndSessions(tx, id, "")
	}
	return s.users.Change(tx, id, func(u *User) {
		u.Disabled, u.Updated, u.Revision = disabled, tx.Now(), arn.ID(tx, arn.Hex, 32)
	})
}

// OnUserRemoved declares, before the store opens, who forgets what it knows of a user that goes.
func (s *Service) OnUserRemoved(f func(tx *state.Tx, userID string)) {
	s.removed = append(s.removed, f)
}

// RemoveUser removes a user with their memberships, invitations and sessions. Account assignments stay behind without a
// principal, as in AWS, until somebody deletes them.
func (s *Service) RemoveUser(tx *state.Tx, id string) bool {
	for _, m := range collect(s.groupsOf.Of(tx, id)) {
		s.memberships.Delete(tx, m.ID)
	}
	for _, i := range collect(s.invitedUser.Of(tx, id)) {
		s.invitations.Delete(tx, i.Hash)
	}
	s.EndSessions(tx, id, "")
	for _, forget := range s.removed {
		forget(tx, id)
	}
	return s.users.Delete(tx, id)
}

// collect gives the rows as a slice, for loops that change the table.
func collect[R any](rows iter.Seq[R]) (out []R) {
	for row := range rows {
		out = append(out, row)
	}
	return out
}
