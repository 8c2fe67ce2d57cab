package wire

import (
	"accountfactory/internal/wire/codec"
)

const typeXML = "text/xml"

// queryProtocol is awsQuery: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html.
type queryProtocol struct{}

func (queryProtocol) decode(c *call, p *codec.Plan, in any) error { return p.DecodeQuery(c.form, in) }

func (queryProtocol) encode(c *call, p *codec.Plan, out any) (_ answer, err error) {
	name := c.facts.Name + "Response"
	b := append(make([]byte, 0, 1024), "<"+name+` xmlns="`+c.sv.XMLNamespace+`">`...)
	if !c.facts.NoOutput {
		b = append(b, "<"+c.facts.Wrapper+">"...)
		if b, err = p.AppendXML(b, out); err != nil {
			return answer{}, err
		}
		b = append(b, "</"+c.facts.Wrapper+">"...)
	}
	b = append(b, "<ResponseMetadata><RequestId>"+c.req.ID+"</RequestId></ResponseMetadata></"+name+">"...)
	return answer{status: c.facts.Status, contentType: typeXML, body: b}, nil
}

func (queryProtocol) fail(c *call, f failure) answer {
	namespace, fault := "", "Sender"
	if c.sv != nil {
		namespace = ` xmlns="` + c.sv.XMLNamespace + `"`
	}
	if f.status >= 500 {
		fault = "Receiver"
	}
	b := []byte("<ErrorResponse" + namespace + "><Error><Type>" + fault + "</Type><Code>")
	b = codec.AppendXMLText(b, f.code)
	b = append(b, "</Code><Message>"...)
	b = codec.AppendXMLText(b, f.message)
	b = append(b, "</Message></Error><RequestId>"+c.req.ID+"</RequestId></ErrorResponse>"...)
	return answer{status: f.status, contentType: typeXML, body: b}
}
