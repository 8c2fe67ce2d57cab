package servicecatalog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// fingerprint stands for a request without its token. Compute it before the transaction.
func fingerprint(request any) string {
	body, _ := json.Marshal(request) // SDK inputs hold nothing that cannot be encoded
	sum := sha256.Sum256(body)
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// seen looks for an earlier request with this token. It gives what that request made, "" when there was none, and same is
// false when it asked for something else.
func (s *Service) seen(c *call, operation, token, request string) (result string, same bool) {
	row := s.tokens.Get(c.Tx, tokenKey(c, operation, token))
	if row == nil {
		return "", true
	}
	return row.Result, row.Request == request
}

func (s *Service) remember(c *call, operation, token, request, result string) {
	s.tokens.Put(c.Tx, &Token{Key: tokenKey(c, operation, token), Request: request, Result: result})
}

func tokenKey(c *call, operation, token string) string {
	return operation + "/" + string(c.scope) + "/" + token
}
