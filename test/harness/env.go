package harness

import (
	"slices"
	"strings"
)

// Env is an environment for AWS clients: the test's own with a home folder of its own, nothing of AWS or the program
// inherited, no look-ups at an instance metadata service, and what is given.
func Env(home string, extra ...string) []string {
	out := slices.DeleteFunc(cleanEnv(), func(kv string) bool { return strings.HasPrefix(kv, "HOME=") })
	out = append(out, "HOME="+home, "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
	return append(out, extra...)
}
