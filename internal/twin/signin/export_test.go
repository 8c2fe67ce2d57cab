package signin

// Hashes is how many password hashes were computed.
func (s *Service) Hashes() int64 { return s.hasher.done.Load() }

// OwnPage and CheckPassword are rules that tables test.
var (
	OwnPage       = ownPage
	CheckPassword = checkPassword
)

// Destination tells where a sign-in link leads.
func (s *Service) Destination(asked string) (path string, ok bool) { return s.destination(asked) }
