package wire

import "accountfactory/internal/wire/codec"

// protocol is how requests are read and answers written.
type protocol interface {
	decode(c *call, p *codec.Plan, in any) error
	encode(c *call, p *codec.Plan, out any) (answer, error)
	fail(c *call, f failure) answer
}
