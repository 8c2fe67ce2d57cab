package twin

import (
	"net/http"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// accountOwner is the IAM user of an account that was made outside the organization.
const accountOwner = "owner"

// newAccount is what is to be made, and madeAccount what was. The key is not shown again.
type newAccount struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type madeAccount struct {
	AccountID       string `json:"accountId"`
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
}

// adminMakeAccount makes an account outside the organization, as somebody who signs up at AWS does, with an administrator's
// key: such accounts can be invited.
func (t *Twin) adminMakeAccount(r *http.Request) (any, error) {
	in, err := readBody[newAccount](r)
	switch {
	case err != nil:
		return nil, err
	case in.Name == "" || !organizations.ValidEmail(in.Email):
		return nil, badRequest("name and email: an account needs a name and a valid e-mail")
	}
	out := madeAccount{SecretAccessKey: iam.NewSecret().Key}
	err = t.state.Update(r.Context(), func(tx *state.Tx) error {
		p := t.org.AddStandalone(tx, in.Name, in.Email)
		if p == nil {
			return &labError{http.StatusConflict, "Conflict", "an account has or had the e-mail " + in.Email}
		}
		out.AccountID = p.ID
		t.iam.PutAccount(tx, p.ID)
		t.iam.PutUser(tx, p.ID, accountOwner, []string{"arn:aws:iam::aws:policy/AdministratorAccess"})
		out.AccessKeyID = t.iam.NewAccessKey(tx, p.ID, accountOwner, out.SecretAccessKey)
		return nil
	})
	return out, err
}
