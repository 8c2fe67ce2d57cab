package wire

import (
	"encoding/json"
	"log/slog"
	"strings"

	"accountfactory/internal/wire/codec"
	"accountfactory/internal/wire/facts"
)

const typeJSON = "application/x-amz-json-1.1"

// jsonProtocol is awsJson1.1: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html.
type jsonProtocol struct{}

func (jsonProtocol) decode(c *call, p *codec.Plan, in any) error { return p.DecodeJSON(c.body, in) }

// encode answers an operation without output with an empty body, as AWS does.
func (jsonProtocol) encode(c *call, p *codec.Plan, out any) (answer, error) {
	a := answer{status: c.facts.Status, contentType: typeJSON}
	var err error
	if !c.facts.NoOutput {
		a.body, err = p.AppendJSON(make([]byte, 0, c.op.room()), out)
		c.op.last.Store(int64(len(a.body)))
	}
	return a, err
}

func (jsonProtocol) fail(c *call, f failure) answer {
	b, ok := c.errorJSON(append([]byte(`{"__type":`), quote(f.code)...), f)
	if !ok {
		return c.unspeakable(f)
	}
	return answer{status: f.status, contentType: typeJSON, body: b}
}

// errorJSON appends the members of an error to an object just begun, and ends it.
func (c *call) errorJSON(b []byte, f failure) ([]byte, bool) {
	begun := b[len(b)-1] != '{'
	member := func(name string, value []byte) {
		if begun {
			b = append(b, ',')
		}
		begun = true
		b = append(append(append(b, quote(name)...), ':'), value...)
	}
	if f.plan != nil {
		rest, err := f.plan.AppendJSON(nil, f.value)
		if err != nil {
			return nil, false
		}
		if len(rest) > len("{}") && begun {
			b = append(b, ',')
		}
		return append(b, rest[1:]...), true
	}
	if c.sv != nil && oauth(c.sv.Service) {
		member("error", quote(oauthError(f)))
		member("error_description", quote(f.message))
	} else {
		member(c.messageName(f.code), quote(f.message))
	}
	for _, x := range f.extra {
		value, err := json.Marshal(x.value)
		if err != nil {
			return nil, false
		}
		member(x.name, value)
	}
	return append(b, '}'), true
}

// messageName is what the service calls the text of an error: "Message" or "message".
func (c *call) messageName(code string) string {
	if e := c.errorFacts(code); e != nil && e.Message != "" {
		return e.Message
	}
	if c.sv != nil && c.sv.Protocol == facts.JSON {
		return "Message" // all four say so
	}
	return "message"
}

// quote gives s as a JSON string.
func quote(s string) []byte {
	b, err := json.Marshal(strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		return []byte(`""`) // a string always marshals
	}
	return b
}

// unspeakable is the answer when not even the error could be written.
func (c *call) unspeakable(f failure) answer {
	c.e.cfg.Log.LogAttrs(c.r.Context(), slog.LevelError, "no way to write an error", append(c.attrs(f.status), slog.String("code", f.code))...)
	return answer{status: 500, contentType: "application/json", body: []byte(`{"__type":"InternalFailure"}`)}
}
