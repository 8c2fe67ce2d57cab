package servicecatalog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

// tokenLife is how long a token stands for its request. AWS documents no time for these operations; the ClientRequestTokens of
// CloudFormation, which does their work there, are good for a day at least. The lives of a plan, a product or a portfolio are
// longer: whoever repeats a request later than that makes another.
const tokenLife = 24 * time.Hour

// prunedAtOnce bounds the work that remembering one token does for those that have expired. As it is more than one, they go
// faster than they come.
const prunedAtOnce = 8

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
	if row == nil || row.expired(c.Now()) {
		return "", true
	}
	return row.Result, row.Request == request
}

func (s *Service) remember(c *call, operation, token, request, result string) {
	var gone []string
	for t := range s.aging.From(c.Tx, "") {
		if len(gone) == prunedAtOnce || !t.expired(c.Now()) {
			break
		}
		gone = append(gone, t.Key)
	}
	for _, key := range gone {
		s.tokens.Delete(c.Tx, key)
	}
	s.tokens.Put(c.Tx, &Token{Key: tokenKey(c, operation, token), Request: request, Result: result, At: c.Now()})
}

func (t *Token) expired(now time.Time) bool { return now.Sub(t.At) >= tokenLife }

// age sorts tokens from the oldest. Those of before tokens had a time come first.
func (t *Token) age() string { return t.At.UTC().Format("20060102T150405.000000000") }

func tokenKey(c *call, operation, token string) string {
	return operation + "/" + string(c.scope) + "/" + token
}
