package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/factory"
)

// member is a person as a company's provider names them. They have no roles of AWS.
type member struct {
	Issuer   string   `json:"issuer"`
	ClientID string   `json:"clientId"`
	Subject  string   `json:"subject"` // with the issuer the only thing that is theirs for ever
	UserName string   `json:"userName"`
	Name     string   `json:"name"`
	Email    string   `json:"email,omitempty"`
	Groups   []string `json:"groups"`
	IDToken  string   `json:"idToken"` // tells the provider who signs out
}

func (m *member) user() User { return User{m.Subject, m.UserName, m.Name, m.Email} }

// id is whose requests are theirs. E-mails and names change hands, so they are no part of it: Core 1.0 section 5.7.
func (m *member) id() string { return "oidc:" + m.Issuer + "#" + m.Subject }

// shortestLabel is the e-mail's part of a source identity, which STS takes of at most 64 characters.
const (
	digestLength = 12
	labelLength  = 64 - 1 - digestLength
)

// sourceIdentity names them in AWS's logs: for people by what they are called, beyond doubt by a digest of who they are.
func (m *member) sourceIdentity() string {
	sum := sha256.Sum256([]byte(m.id()))
	label := strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_+,.@-", r)) {
			return r
		}
		return '-'
	}, m.UserName)
	return label[:min(len(label), labelLength)] + "=" + hex.EncodeToString(sum[:])[:digestLength]
}

// holds tells whether a sign-in still lets somebody in: by the same provider, in groups that are something.
func (o *OIDC) holds(m *member) bool {
	_, any := o.config.of(m.Groups)
	return any && m.Issuer == o.config.Issuer && m.ClientID == o.config.ClientID
}

// asMember makes the caller of the factory from a session without roles of AWS: the role goes by their groups. Whether
// an account may be launched at all is asked with the factory's own role, in their name.
func (c *Console) asMember(one *session) caller {
	m := one.Member
	by, _ := c.config.OIDC.config.of(m.Groups) // who is in none has no session
	who := factory.Caller{ARN: m.id(), SourceIdentity: m.sourceIdentity(), Role: "group " + by.Group, As: by.Role, Launches: by.Role == factory.RoleRequester}
	return caller{who, ownPaths{c.config.Paths, who.SourceIdentity}}
}

// Paths gives launch paths under the factory's own role, in somebody's name.
type Paths func(ctx context.Context, requester string) (factory.LaunchPaths, error)

type ownPaths struct {
	of        Paths
	requester string
}

// ListLaunchPaths makes ownPaths a factory.LaunchPaths.
func (p ownPaths) ListLaunchPaths(ctx context.Context, in *servicecatalog.ListLaunchPathsInput, opts ...func(*servicecatalog.Options)) (*servicecatalog.ListLaunchPathsOutput, error) {
	paths, err := p.of(ctx, p.requester)
	if err != nil {
		return nil, err
	}
	return paths.ListLaunchPaths(ctx, in, opts...)
}
