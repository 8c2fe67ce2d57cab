package signin

// Hashes is how many password hashes were computed.
func (s *Service) Hashes() int64 { return s.hasher.done.Load() }

// OwnPage and CheckPassword are rules that tables test.
var (
	OwnPage       = ownPage
	CheckPassword = checkPassword
)
