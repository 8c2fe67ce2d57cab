package iam

import "accountfactory/internal/twin/state"

// keyOwner gives the account an access key belongs to.
func (s *Service) keyOwner(id string) (account string, ok bool) {
	_ = s.state.View(func(tx *state.Tx) error {
		if k := s.keys.Get(tx, id); k != nil { // a seeded id need not hold its account
			account, ok = k.AccountID, true
		}
		return nil
	})
	if ok {
		return account, ok
	}
	return keyAccount(id)
}
