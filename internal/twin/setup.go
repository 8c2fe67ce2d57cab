package twin

import (
	"context"
	"fmt"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// setup is the row that says what this twin is; a later start must mean the same.
type setup struct {
	Name                string
	Region              string
	ManagementAccountID string
}

const setupName = "twin"

// MismatchError says that a data folder belongs to a twin with another setting.
type MismatchError struct{ Setting, Has, Want string }

func (e MismatchError) Error() string {
	return fmt.Sprintf("this data folder's twin has %s %s, not %s: use another folder, or that value", e.Setting, e.Has, e.Want)
}

// managementUser is the IAM user scripts start from.
const managementUser = "management"

// The management account's e-mail and name.
const (
	managementEmail = "management@example.com"
	managementName  = "Management"
)

// firstStart makes the organization once, and keeps that state as the one a reset restores. Dying between the two leaves
// the second to the next start.
func (t *Twin) firstStart(ctx context.Context) error {
	tokens := []identitycenter.Token{identitycenter.NewToken(), identitycenter.NewToken()}
	err := t.state.Update(ctx, func(tx *state.Tx) error {
		if old := t.setups.Get(tx, setupName); old != nil {
			return t.sameAs(old)
		}
		t.setups.Put(tx, &setup{Name: setupName, Region: t.config.Region, ManagementAccountID: t.config.ManagementAccountID})
		t.iam.PutAccount(tx, t.config.ManagementAccountID)
		t.iam.PutUser(tx, t.config.ManagementAccountID, managementUser, []string{"arn:aws:iam::aws:policy/AdministratorAccess"})
		t.iam.PutAccessKey(tx, t.config.ManagementAccountID, managementUser, t.config.AccessKeyID, t.config.SecretAccessKey)
		if t.config.Empty {
			return nil
		}
		return t.seed(tx, tokens)
	})
	if err != nil {
		return err
	}
	if t.state.HasSnapshot(ctx, state.StartSnapshot) {
		return nil
	}
	return t.state.Snapshot(ctx, state.StartSnapshot)
}

func (t *Twin) sameAs(old *setup) error {
	if old.Region != t.config.Region {
		return MismatchError{"Region", old.Region, t.config.Region}
	}
	if old.ManagementAccountID != t.config.ManagementAccountID {
		return MismatchError{"management account", old.ManagementAccountID, t.config.ManagementAccountID}
	}
	return nil
}

// putManagementKey makes the configured key the management user's, at each start and after a reset, so that nobody locks
// themselves out.
func (t *Twin) putManagementKey(ctx context.Context) error {
	return t.state.Update(ctx, func(tx *state.Tx) error {
		t.iam.PutAccessKey(tx, t.config.ManagementAccountID, managementUser, t.config.AccessKeyID, t.config.SecretAccessKey)
		return nil
	})
}

// managementCaller is who everybody is under --auth=off.
func (t *Twin) managementCaller() wire.Caller {
	return wire.Caller{
		AccountID: t.config.ManagementAccountID, ARN: arn.Make("iam", "", t.config.ManagementAccountID, "user/"+managementUser),
		UserID: managementUser, AccessKeyID: t.config.AccessKeyID,
	}
}
