package organizations

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// mail is a message of kind "mail" in the outbox.
type mail struct {
	To, Name, Subject, Text string
}

// invite asks an account outside to join.
func (s *Service) invite(tx *state.Tx, org *Organization, to Party, notes string, tags []Tag) (*Handshake, error) {
	h := &Handshake{
		Action: types.ActionTypeInviteAccountToOrganization, OrgID: org.ID, Management: org.ManagementID, Party: to, Notes: notes, Tags: tags,
	}
	if err := s.resolve(tx, h); err != nil {
		return nil, err
	}
	invited := 0
	for other := range s.waiting(tx, h.Action) {
		if invited++; other.Party == to || other.AccountID != "" && other.AccountID == h.AccountID {
			return nil, &types.DuplicateHandshakeException{Message: new("A handshake with the same action and target already exists.")}
		}
	}
	for range s.waiting(tx, types.ActionTypeEnableAllFeatures) {
		return nil, handshakeRule(types.HandshakeConstraintViolationExceptionReasonInviteDisabledDuringEnableAllFeatures,
			"You can't invite accounts while the organization is enabling all features.")
	}
	if s.accounts.Len(tx)+invited >= s.AccountLimit(tx) {
		return nil, errTooManyAccounts()
	}
	s.propose(tx, h, inviteTime)
	s.mailInvitation(tx, org, h)
	return h, nil
}

// resolve finds the account that is invited. An e-mail may belong to nobody yet, and an id to no account we know.
func (s *Service) resolve(tx *state.Tx, h *Handshake) error {
	switch h.Party.Type {
	case types.HandshakePartyTypeAccount:
		if !arn.IsAccountID(h.Party.ID) {
			return errBadPattern()
		}
		h.AccountID = h.Party.ID
	case types.HandshakePartyTypeEmail:
		if !ValidEmail(h.Party.ID) {
			return errBadPattern()
		}
		if a := s.AccountByEmail(tx, h.Party.ID); a != nil {
			h.AccountID = a.ID
		} else if o := s.outsideByMail.First(tx, folded(h.Party.ID)); o != nil {
			h.AccountID = o.ID
		}
	default:
		return invalid(types.InvalidInputExceptionReasonInvalidPartyTypeTarget, "You specified the wrong type of entity (account, organization, or email) as a party.")
	}
	if s.accounts.Get(tx, h.AccountID) != nil {
		return errMember()
	}
	return nil
}

func (s *Service) mailInvitation(tx *state.Tx, org *Organization, h *Handshake) {
	to := h.Party.ID
	if o := s.outside.Get(tx, h.AccountID); o != nil {
		to = o.Email
	}
	if h.Party.Type == types.HandshakePartyTypeAccount && to == h.Party.ID {
		return // nobody has this account
	}
	from := s.accounts.Get(tx, org.ManagementID)
	tx.Post("mail", mail{
		To: to, Name: to, Subject: "Your AWS account has been invited to join an organization",
		Text: fmt.Sprintf("%s (%s, account %s) invites your account to join the organization %s.\n\n%s\n\nThe invitation is handshake %s. It expires on %s.\n",
			from.Name, from.Email, org.ManagementID, org.ID, h.Notes, h.ID, h.Expires.Format("2 January 2006")),
	})
}

// join makes the account that accepts an invitation a member.
func (s *Service) join(tx *state.Tx, h *Handshake) error {
	org, o := s.Organization(tx), s.outside.Get(tx, h.AccountID)
	switch {
	case o == nil:
		return errMember() // it accepted another invitation meanwhile, or the twin has been given one organization more
	case org == nil || org.ID != h.OrgID:
		return errHandshakeTransition()
	case s.accounts.Len(tx) >= s.AccountLimit(tx):
		return errTooManyAccounts()
	}
	s.outside.Delete(tx, o.ID)
	s.addAccount(tx, &Account{ID: o.ID, Email: o.Email, Name: o.Name, JoinedMethod: joinedInvited, Tags: h.Tags, Standalone: true, Created: o.Created})
	return nil
}

// AddStandalone makes an account outside the organization, for the lab; nil when the e-mail is taken.
func (s *Service) AddStandalone(tx *state.Tx, name, email string) *Profile {
	if s.EmailTaken(tx, email) {
		return nil
	}
	o := &formerMember{ID: s.newAccountID(tx), Name: name, Email: email, Created: tx.Now()}
	s.outside.Put(tx, o)
	for _, h := range slices.Collect(s.waiting(tx, types.ActionTypeInviteAccountToOrganization)) {
		if h.AccountID == "" && folded(h.Party.ID) == folded(email) { // its e-mail was invited before there was an account
			s.handshakes.Change(tx, h.ID, func(h *Handshake) { h.AccountID = o.ID })
		}
	}
	return s.Profile(tx, o.ID)
}
