package wire

import (
	"net/http"
	"reflect"
	"strings"
	"unicode"

	"accountfactory/internal/wire/facts"
)

// The errors of sso-oidc are OAuth's: {"error":"slow_down","error_description":"…"}, with AWS's name in a header.

// oauth tells whether a service's errors are OAuth's.
func oauth(s *facts.Service) bool {
	e := s.Shape("InvalidRequestException")
	return e != nil && e.Error != nil && e.Error.Message == "error_description"
}

// completeOAuth gives a copy of an OAuth error with the members its maker left out: the error from the type's name, the
// description from the message. Other errors come back as they are.
func completeOAuth(err reflect.Value) reflect.Value {
	name, text := err.Elem().FieldByName("Error_"), err.Elem().FieldByName("Error_description")
	if !name.IsValid() || !text.IsValid() || !name.IsNil() && !text.IsNil() {
		return err
	}
	out := reflect.New(err.Elem().Type())
	out.Elem().Set(err.Elem())
	if name.IsNil() {
		code := oauthCode(err.Elem().Type().Name())
		out.Elem().FieldByName("Error_").Set(reflect.ValueOf(&code))
	}
	if text.IsNil() {
		out.Elem().FieldByName("Error_description").Set(err.Elem().FieldByName("Message"))
	}
	return out
}

// oauthError is the OAuth code of an error that is no type: RFC 6749 has one for each kind.
func oauthError(f failure) string {
	switch {
	case f.status >= http.StatusInternalServerError:
		return "server_error"
	case f.status == http.StatusForbidden:
		return "access_denied"
	}
	return "invalid_request"
}

// oauthCode makes slow_down of SlowDownException.
func oauthCode(name string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(name, "Exception") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
