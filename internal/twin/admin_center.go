package twin

import (
	"net/http"

	"accountfactory/internal/twin/state"
)

// adminEnableCenter enables the organization's instance of IAM Identity Center, which AWS lets people do in the console alone:
// CreateInstance makes instances of single accounts. One that is there is given.
// Source: IAM Identity Center user guide, "Enable IAM Identity Center".
func (t *Twin) adminEnableCenter(r *http.Request) (any, error) {
	out := struct {
		InstanceARN     string `json:"instanceArn"`
		IdentityStoreID string `json:"identityStoreId"`
	}{}
	err := t.state.Update(r.Context(), func(tx *state.Tx) error {
		if t.org.Organization(tx) == nil {
			return &labError{http.StatusConflict, "Conflict", "there is no organization to enable IAM Identity Center for: make one with CreateOrganization"}
		}
		i := t.center.Found(tx)
		out.InstanceARN, out.IdentityStoreID = i.ARN(), i.StoreID
		return nil
	})
	return out, err
}
