package peer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// call is one request for AWS, read whole.
type call struct {
	operation string
	protocol  protocol
	body      []byte
	in        *http.Request
	question  string // equal for those that ask the same in the same name
}

// protocol is how a service talks, as far as errors go.
type protocol int

const (
	asJSON protocol = iota
	asQuery
	asREST
)

// answer is what came of a call.
type answer struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
}

var reads = regexp.MustCompile(`(?i)^/?(get|list|describe|search)`)

func (c *call) isRead() bool { return reads.MatchString(c.operation) }

// readCall reads which operation is asked for: awsJson's header, awsQuery's parameter, or restJson's path for a name.
func readCall(r *http.Request) (*call, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := &call{body: body, in: r}
	target, action := r.Header.Get("X-Amz-Target"), r.URL.Query().Get("Action")
	if form, err := url.ParseQuery(string(body)); err == nil && action == "" {
		action = form.Get("Action")
	}
	switch {
	case target != "":
		c.operation, c.protocol = target[strings.LastIndex(target, ".")+1:], asJSON
	case action != "":
		c.operation, c.protocol = action, asQuery
	default:
		c.operation, c.protocol = r.URL.Path, asREST
	}
	credential, _, _ := strings.Cut(r.Header.Get("Authorization"), ",")
	c.question = c.operation + "\n" + credential + "\n" + r.URL.String() + "\n" + string(body)
	return c, nil
}

// to makes the same request for another server. A presigned one has no Authorization header, by which alone moto tells which
// service it is asked for.
func (c *call) to(server *url.URL) (*http.Request, error) {
	u := *c.in.URL
	u.Scheme, u.Host = server.Scheme, server.Host
	out, err := http.NewRequestWithContext(c.in.Context(), c.in.Method, u.String(), bytes.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	out.Header = c.in.Header.Clone()
	out.Host = c.in.Host
	if credential := u.Query().Get("X-Amz-Credential"); credential != "" {
		out.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+credential+", SignedHeaders=host, Signature=0")
	}
	return out, nil
}

// jsonAnswer is a success of awsJson or restJson.
func jsonAnswer(body string) answer {
	return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, body: []byte(body)}
}

// refusal is an error in the words of the call's protocol.
func (c *call) refusal(code, message string) answer {
	a := jsonAnswer(fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message))
	a.status = http.StatusBadRequest
	switch c.protocol {
	case asQuery:
		a.header = http.Header{"Content-Type": {"text/xml"}}
		a.body = fmt.Appendf(nil, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>peer</RequestId></ErrorResponse>`, code, message)
	case asREST:
		a.status = http.StatusTooManyRequests
		a.header.Set("X-Amzn-Errortype", code)
	case asJSON:
	}
	return a
}

// throttled is AWS's answer to too many calls: Organizations has a name of its own for it, and so have the query services.
func (c *call) throttled() answer {
	code := "ThrottlingException"
	switch {
	case c.protocol == asQuery:
		code = "Throttling"
	case strings.HasPrefix(c.in.Header.Get("X-Amz-Target"), "AWSOrganizations"):
		code = "TooManyRequestsException"
	}
	return c.refusal(code, "Rate exceeded")
}
