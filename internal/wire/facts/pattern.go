package facts

import (
	"regexp"
	"sync"
)

// matcher compiles a shape's pattern once.
type matcher struct {
	once sync.Once
	all  []*regexp.Regexp
	err  error
}

// Matches tells whether s satisfies the pattern as a whole: AWS matches patterns from end to end, also those written
// without anchors (AssumeRole refuses the session name "a b" by the pattern [\w+=,.@-]*).
func (s *Shape) Matches(text string) bool {
	if s.Compile() != nil {
		return true // a test compiles every pattern; nothing is refused for a mistake of ours
	}
	for _, re := range s.match.all {
		if !re.MatchString(text) {
			return false
		}
	}
	return true
}

// Compile compiles the pattern, if there is one, and gives the error Go has with it.
func (s *Shape) Compile() error {
	s.match.once.Do(func() {
		patterns := s.RE2
		if len(patterns) == 0 && s.Pattern != "" {
			patterns = []string{s.Pattern}
		}
		for _, p := range patterns {
			re, err := regexp.Compile(`\A(?:` + p + `)\z`)
			if err != nil {
				s.match.all, s.match.err = nil, err
				return
			}
			s.match.all = append(s.match.all, re)
		}
	})
	return s.match.err
}
