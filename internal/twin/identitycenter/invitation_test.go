package identitycenter_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user := b.user(t, "jane", "jane@example.com")
	old, token := identitycenter.NewToken(), identitycenter.NewToken()
	if len(token.Secret) < 43 || token.Secret == old.Secret || identitycenter.HashToken(token.Secret) != token.Hash {
		t.Errorf("tokens %+v %+v", old, token)
	}
	b.update(t, func(tx *state.Tx) error { return b.Invite(tx, user, old) })
	b.update(t, func(tx *state.Tx) error { return b.Invite(tx, user, token) })

	var mails []identitycenter.Mail
	b.view(t, func(tx *state.Tx) {
		for m := range tx.Messages("mail", "") {
			var mail identitycenter.Mail
			must(t, json.Unmarshal(m.Body, &mail))
			mails = append(mails, mail)
		}
	})
	if len(mails) != 2 {
		t.Fatalf("%d mails, want one per invitation and none for CreateUser", len(mails))
	}
	last := mails[1]
	if last.To != "jane@example.com" || last.Link != "http://localhost:4580/start/invitation/"+token.Secret || !strings.Contains(last.Text, last.Link) || last.Link != b.InvitationLink(token) {
		t.Errorf("mail %+v", last)
	}
	look := func(hash string) (err error) {
		b.view(t, func(tx *state.Tx) { _, err = b.Invitation(tx, hash) })
		return err
	}
	if err := look(old.Hash); !errors.Is(err, identitycenter.ErrNoInvitation) {
		t.Errorf("the earlier link: %v", err)
	}
	must(t, look(token.Hash))

	b.update(t, func(tx *state.Tx) error {
		u, err := b.Accept(tx, token.Hash)
		if err == nil && u.ID != user {
			t.Errorf("accepted as %s", u.ID)
		}
		return err
	})
	if err := b.st.Update(t.Context(), func(tx *state.Tx) error { _, err := b.Accept(tx, token.Hash); return err }); !errors.Is(err, identitycenter.ErrInvitationUsed) {
		t.Errorf("accepted twice: %v", err)
	}
}

// An invitation ages with the wall, not with the twin's clock.
func TestInvite_Expires(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	user := b.user(t, "jane", "jane@example.com")
	token := identitycenter.NewToken()
	b.update(t, func(tx *state.Tx) error { return b.Invite(tx, user, token) })
	b.advance(t, 90*24*time.Hour)
	look := func() (err error) {
		b.view(t, func(tx *state.Tx) { _, err = b.Invitation(tx, token.Hash) })
		return err
	}
	must(t, look())
	b.wall.now = b.wall.now.Add(7 * 24 * time.Hour)
	if err := look(); !errors.Is(err, identitycenter.ErrInvitationExpired) {
		t.Errorf("after seven days: %v", err)
	}
}

func TestInvite_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user := b.user(t, "jane", "")
	err := b.st.Update(t.Context(), func(tx *state.Tx) error { return b.Invite(tx, user, identitycenter.NewToken()) })
	if !errors.Is(err, identitycenter.ErrNoAddress) {
		t.Errorf("without an address: %v", err)
	}
	err = b.st.Update(t.Context(), func(tx *state.Tx) error { return b.Invite(tx, "nobody", identitycenter.NewToken()) })
	wantError(t, err, "ResourceNotFoundException", "")

	invited, token := b.user(t, "joe", "joe@example.com"), identitycenter.NewToken()
	b.update(t, func(tx *state.Tx) error {
		if err := b.Invite(tx, invited, token); err != nil {
			return err
		}
		b.RemoveUser(tx, invited)
		if _, err := b.Accept(tx, token.Hash); !errors.Is(err, identitycenter.ErrNoInvitation) {
			t.Errorf("the invitation of a user who is gone: %v", err)
		}
		return nil
	})
}
