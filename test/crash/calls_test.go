package crash

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accountfactory/internal/factory"
)

// call is one API call of a vend, and the how manieth of its operation it is.
type call struct {
	Service, Operation string
	N                  int
}

func (c call) String() string { return fmt.Sprintf("%s.%s.%d", c.Service, c.Operation, c.N) }

// write tells whether the call changes something. AssumeRole does: it makes a session.
func (c call) write() bool {
	for _, read := range []string{"Get", "List", "Describe", "Search"} {
		if strings.HasPrefix(c.Operation, read) {
			return false
		}
	}
	return true
}

// watching is a fault that does nothing but say in the log which call it met.
var watching = fault{Kind: "delay", Delay: 1}

var struckCall = regexp.MustCompile(`msg="fault strikes" fault=(\S+) kind=delay service=(\S+) operation=(\S+)`)

// met gives the calls that a watching fault met, in order.
func (l *life) met(id string) []call {
	var out []call
	seen := map[call]int{}
	for _, m := range struckCall.FindAllStringSubmatch(l.log.String(), -1) {
		if m[1] != id {
			continue
		}
		c := call{Service: m[2], Operation: m[3]}
		seen[c]++
		c.N = seen[c]
		out = append(out, c)
	}
	return out
}

// journey is a way a vend can go. Each has its calls, and each of its calls is a point to die at.
type journey struct {
	name   string
	events []string
	wants  []string // operations it must make, or it is not the journey it says
	// prepare brings a served life to where the faults are armed; ask is what a person then does.
	// What prepare returns is handed to ask: the request it made, if any.
	prepare func(l *life) (id string)
	ask     func(l *life, id string)
	// cold arms the faults in a twin without a factory, so that they strike while the factory starts.
	cold bool
	args []string                  // of the server
	left func(name string) outcome // what it leaves where that is not what Control Tower vends
}

// outcome is what the journey should leave.
func (j journey) outcome() outcome {
	if j.left != nil {
		return j.left(account)
	}
	return vended(account, j.events...)
}

const account = "vend"

var journeys = []journey{
	{
		name: "start", cold: true, events: []string{created},
		wants: []string{"CreateRole", "PutRolePolicy", "AssociatePrincipalWithPortfolio"},
		ask:   func(*life, string) {},
	},
	{
		name: "launch", events: []string{created},
		wants: []string{"AssumeRole", "ProvisionProduct", "DescribeRecord", "DescribeAccount"},
		ask:   func(l *life, _ string) { l.launch(account) },
	},
	{
		// Account Factory turns the launch away as busy: its product is terminated and the launch sent again.
		name: "turned-away", events: []string{createFailed, created},
		wants:   []string{"ProvisionProduct", "TerminateProvisionedProduct"},
		prepare: func(l *life) string { l.arm(busyOnce); return "" },
		ask:     func(l *life, _ string) { l.launch(account) },
	},
	{
		// The launch fails half-way; a person retries it, and the account that is there is updated.
		name: "retry", events: []string{createFailed, updated},
		wants: []string{"UpdateProvisionedProduct"},
		prepare: func(l *life) string {
			l.arm(fault{Kind: "fail", Service: "controltower", Step: "baseline", Reason: "no luck", Count: 1})
			l.launch(account)
			return l.await(account).ID
		},
		ask: (*life).retry,
	},
	{
		// The factory makes the account by itself, past the landing zone that is there.
		name: "own", args: []string{"--provisioner", "organizations", "--provisioner-force"}, left: ownVended,
		wants: []string{"CreateAccount", "DescribeCreateAccountStatus", "MoveAccount", "CreateUser", "CreateAccountAssignment"},
		ask:   func(l *life, _ string) { l.launch(account) },
	},
}

// busyOnce is Account Factory saying that it is at another account.
var busyOnce = fault{
	Kind: "fail", Service: "controltower", Step: "create-account", Count: 1,
	Reason: "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later.",
}

// retry retries the failed request until the server has taken note: the command may die with it.
func (l *life) retry(id string) {
	l.t.Helper()
	for range 2 {
		if out := l.cli("request", "retry", id); out.Code == 0 {
			return
		}
		if l.find(account).State != factory.StateFailed {
			return // it was taken, and the answer lost
		}
	}
	l.t.Error("the retry was refused twice")
}

// travel takes a journey with a fault armed, and gives the fault's id.
func (j journey) travel(t *testing.T, f fault) (*life, string) {
	t.Helper()
	l := begin(t, j.args...)
	if j.cold {
		id := l.armCold(f)
		l.serve()
		return l, id
	}
	l.serve()
	request := ""
	if j.prepare != nil {
		request = j.prepare(l)
	}
	id := l.arm(f)
	j.ask(l, request)
	return l, id
}

// armCold arms a fault while only the twin runs.
func (l *life) armCold(f fault) string {
	l.t.Helper()
	l.serveTwin()
	id := l.arm(f)
	l.must(l.server.Stop())
	l.server = nil
	return id
}

// points gives where to die on a journey that was watched: every write before and after, and every read before, some of
// those that repeat.
func points(calls []call) []fault {
	const repeats = 2
	var out []fault
	for _, c := range calls {
		if !c.write() && c.N > repeats {
			continue
		}
		f := fault{Kind: "kill-before", Service: c.Service, Operation: c.Operation, Skip: c.N - 1, Count: 1}
		out = append(out, f)
		if c.write() {
			f.Kind = "kill-after"
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b fault) int { return cmp.Compare(a.name(), b.name()) })
	return out
}

func (f fault) name() string {
	return fmt.Sprintf("%s.%s.%d.%s", f.Service, f.Operation, f.Skip+1, f.Kind)
}

// TestCalls kills the process at each API call of each journey.
func TestCalls(t *testing.T) {
	t.Parallel()
	for _, j := range journeys {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			l, id := j.travel(t, watching)
			l.await(account)
			l.lab("DELETE", "/_twin/faults/"+id, nil, nil) // what looks at the result is no point to die at
			l.whole(account, j.outcome())
			calls := l.met(id)
			for _, op := range j.wants {
				if !slices.ContainsFunc(calls, func(c call) bool { return c.Operation == op }) {
					t.Fatalf("the journey makes no %s: %v", op, calls)
				}
			}
			l.kill() // or it runs on beside all the others
			for _, f := range points(calls) {
				t.Run(f.name(), func(t *testing.T) {
					t.Parallel()
					l, id := j.travel(t, f)
					l.whole(account, j.outcome())
					if l.armed(id) == nil && l.deaths == 0 {
						t.Error("the fault struck and nobody died")
					}
					if l.deaths == 0 {
						t.Log("not struck: this run made the call less often")
					}
				})
			}
		})
	}
}
