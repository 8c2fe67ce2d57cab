package wire

import (
	"net/http"

	"accountfactory/internal/wire/codec"
)

const typeREST = "application/json"

// restProtocol is restJson1: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html. It is also how the endpoint
// speaks to requests of no protocol at all.
type restProtocol struct{}

func (restProtocol) decode(c *call, p *codec.Plan, in any) error {
	if err := p.DecodeJSON(c.body, in); err != nil {
		return err
	}
	return p.DecodeBindings(c.labels, c.query, c.r.Header, in)
}

func (restProtocol) encode(c *call, p *codec.Plan, out any) (answer, error) {
	a := answer{status: c.facts.Status}
	h := http.Header{}
	p.Headers(h, out)
	if len(h) > 0 {
		a.header = h
	}
	if c.facts.NoOutput {
		return a, nil
	}
	a.contentType = typeREST
	var err error
	a.body, err = p.AppendJSON(make([]byte, 0, 512), out)
	return a, err
}

func (restProtocol) fail(c *call, f failure) answer {
	b, ok := c.errorJSON([]byte{'{'}, f)
	if !ok {
		return c.unspeakable(f)
	}
	h := http.Header{}
	if f.plan != nil {
		f.plan.Headers(h, f.value)
	}
	h.Set("X-Amzn-Errortype", f.code)
	return answer{status: f.status, contentType: typeREST, header: h, body: b}
}
