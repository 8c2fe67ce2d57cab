package console

import (
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/cloud"
)

// twin passes a call on to the twin's lab and directory administration, signed with the credentials of an opened role.
// Whether that role may is the twin's decision: administrators of the management account may. On AWS there is no such
// thing.
func (c *Console) twin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	out, err := c.passOn(r)
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body) // the browser may be gone
}

func (c *Console) passOn(r *http.Request) (cloud.LabAnswer, error) {
	one, err := c.withRoles(r)
	if err != nil {
		return cloud.LabAnswer{}, err
	}
	rest := "/_twin/" + r.PathValue("rest")
	if c.config.About.Cloud != cloud.KindTwin || path.Clean(rest) != strings.TrimSuffix(rest, "/") {
		return cloud.LabAnswer{}, &apiError{status: http.StatusNotFound, Code: "NotFound", Message: "there is no such address of a twin here"}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return cloud.LabAnswer{}, tooLarge(err)
	}
	at, err := c.placeOf(r)
	if err != nil {
		return cloud.LabAnswer{}, err
	}
	to := url.URL{Path: rest, RawQuery: r.URL.RawQuery}
	var out cloud.LabAnswer
	err = c.inside(r.Context(), one, at, func(_ *cloud.Clients, o *opened) error {
		out, err = c.config.Cloud.LabAs(aws.CredentialsProviderFunc(o.retrieve)).Send(r.Context(), r.Method, to.String(), body)
		return err
	})
	return out, c.sessions.after(r.Context(), one, inLabsWords(err))
}
