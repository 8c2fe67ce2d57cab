package controltower

import (
	"errors"
	"fmt"
	"slices"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// memberAccess is what the groups that Control Tower made get on every member account.
var memberAccess = []struct{ Group, PermissionSet string }{
	{"AWSControlTowerAdmins", "AWSOrganizationsFullAccess"},
	{"AWSSecurityAuditPowerUsers", "AWSPowerUserAccess"},
	{"AWSSecurityAuditors", "AWSReadOnlyAccess"},
}

// ownerPermissionSet is what the SSO user of a launch gets.
const ownerPermissionSet = "AWSAdministratorAccess"

// ssoUser reuses the directory's user with the e-mail, whatever their name, or makes one and invites them: here, not at
// the end, as a try that fails later leaves the user, and the next one finds nobody new to invite.
func (s *Service) ssoUser(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	user := s.center.UserByEmail(tx, op.Parameters.SSOUserEmail)
	if user == nil {
		p := op.Parameters
		made, err := s.center.PutUser(tx, identitycenter.NewUser{
			UserName: p.SSOUserEmail, Email: p.SSOUserEmail, Given: p.SSOUserFirstName, Family: p.SSOUserLastName,
			Display: p.SSOUserFirstName + " " + p.SSOUserLastName,
		})
		if err != nil {
			return failure(codeInvalidParameters, "AWS Control Tower could not create the SSO user %s: %s", p.SSOUserEmail, err)
		}
		user = made
		s.invite(tx, user.ID)
	}
	if user.Disabled {
		return failure(codeInvalidParameters, textF21, op.Parameters.SSOUserEmail)
	}
	op.UserID = user.ID
	run.Next(tx, stepAssign, tx.Pace(paceAssign))
	return nil
}

// assign asks Identity Center for the assignments the account lacks; assigned goes on when the last is there.
func (s *Service) assign(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	op.Refused = false
	for _, want := range s.wanted(tx, op) {
		if s.has(tx, want) {
			continue
		}
		id, err := s.center.BeginAssign(tx, want)
		var overlap *types.ConflictException
		switch {
		case errors.As(err, &overlap): // somebody else is at the same assignment: asked for again later
			op.Refused = true
			run.Next(tx, stepAssign, max(retryPause, tx.Pace(paceAssign)))
			return nil
		case err != nil:
			return failure(codeInternal, "AWS Control Tower could not give access to the account: %s", err)
		}
		op.Pending = append(op.Pending, id)
	}
	if len(op.Pending) == 0 {
		run.Next(tx, stepFinish, tx.Pace(paceFinish))
		return nil
	}
	run.Done()
	return nil
}

func (s *Service) has(tx *state.Tx, want identitycenter.Assignment) bool {
	for a := range s.center.Assigned(tx, want.AccountID) {
		if a.PermissionSetARN == want.PermissionSetARN && a.PrincipalType == want.PrincipalType && a.PrincipalID == want.PrincipalID {
			return true
		}
	}
	return false
}

// wanted are the assignments an account should have. Groups and permission sets that somebody deleted are left out.
func (s *Service) wanted(tx *state.Tx, op *Operation) []identitycenter.Assignment {
	var out []identitycenter.Assignment
	add := func(set, kind, principal string) {
		if ps := s.center.PermissionSetByName(tx, set); ps != nil {
			out = append(out, identitycenter.Assignment{AccountID: op.AccountID, PermissionSetARN: ps.ARN, PrincipalType: kind, PrincipalID: principal})
		}
	}
	add(ownerPermissionSet, identitycenter.UserPrincipal, op.UserID)
	for _, a := range memberAccess {
		if g := s.center.GroupByName(tx, a.Group); g != nil {
			add(a.PermissionSet, identitycenter.GroupPrincipal, g.ID)
		}
	}
	return out
}

// assigned takes note that an assignment request has ended.
func (s *Service) assigned(tx *state.Tx, requestID string, ok bool, reason string) {
	row := s.waitingFor(tx, requestID)
	if row == nil {
		return
	}
	op := *row
	op.Pending = slices.DeleteFunc(slices.Clone(row.Pending), func(id string) bool { return id == requestID })
	if !ok {
		s.failed(tx, &op, failure(codeInternal, "AWS Control Tower could not give access to the account: %s", reason))
		return
	}
	s.tables.operations.Put(tx, &op)
	if len(op.Pending) == 0 && len(tx.Running(kindManage, op.ID)) == 0 {
		tx.Begin(kindManage, op.ID, stepFinish, tx.Pace(paceFinish))
	}
}

// waitingFor finds the operation that asked for an assignment; there are ten at most.
func (s *Service) waitingFor(tx *state.Tx, requestID string) *Operation {
	for op := range s.tables.operations.All(tx) {
		if slices.Contains(op.Pending, requestID) {
			return op
		}
	}
	return nil
}

// invite sends the new user an invitation. The token is drawn here, as nobody waits on whom it could be drawn for earlier;
// it blocks on nothing. A user without an address cannot be, as the e-mail is how the user was asked for.
func (s *Service) invite(tx *state.Tx, userID string) {
	if err := s.center.Invite(tx, userID, identitycenter.NewToken()); err != nil {
		tx.Fail(fmt.Errorf("invite %s: %w", userID, err))
	}
}
