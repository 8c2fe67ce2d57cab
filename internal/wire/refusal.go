package wire

import (
	"net/http"

	"accountfactory/internal/wire/sigv4"
)

// The codes of refused signatures. The JSON services say "…Exception", with 400 in awsJson1.1 and 403 in restJson1; the
// Query ones have the names and statuses of "Common Errors" in the IAM and STS API references.

var unprovenJSON = map[sigv4.Reason]string{
	sigv4.Missing:    "MissingAuthenticationTokenException",
	sigv4.Incomplete: "IncompleteSignatureException",
	sigv4.Mismatch:   "InvalidSignatureException",
	sigv4.Expired:    "RequestExpired",
}

var unprovenQuery = map[sigv4.Reason]string{
	sigv4.Missing:    "MissingAuthenticationToken",
	sigv4.Incomplete: "IncompleteSignature",
	sigv4.Mismatch:   "SignatureDoesNotMatch",
	sigv4.Expired:    "RequestExpired",
}

func (c *call) unproven(e *sigv4.Error) failure {
	f := failure{code: unprovenJSON[e.Reason], message: e.Message, status: c.refusedStatus()}
	if _, query := c.protocol.(queryProtocol); query {
		f.code = unprovenQuery[e.Reason]
		if e.Reason == sigv4.Missing {
			f.message = "Request is missing Authentication Token"
		}
	}
	if e.Reason == sigv4.Expired {
		f.status = http.StatusBadRequest
	}
	return f
}

func (c *call) refused(r *refusal) failure {
	_, query := c.protocol.(queryProtocol)
	f := failure{message: r.Error(), status: c.refusedStatus()}
	switch {
	case r.why == expiredToken && query:
		f.code = "ExpiredToken"
	case r.why == expiredToken:
		f.code = "ExpiredTokenException"
	case query:
		f.code = "InvalidClientTokenId"
	default:
		f.code = "UnrecognizedClientException"
	}
	return f
}

func (c *call) refusedStatus() int {
	if _, json := c.protocol.(jsonProtocol); json {
		return http.StatusBadRequest
	}
	return http.StatusForbidden
}
