package peer

import (
	"errors"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/clock"
)

// errLost stands for an answer: the front gives a gateway's error for it.
var errLost = errors.New("the answer is lost")

// blind loses the first answer of CreateAccount, and has the lists of accounts and of creations show nothing of a creation for some time after it.
func blind(rules map[string]rule, length time.Duration) map[string]rule {
	var mu sync.Mutex
	var made time.Time
	before := map[string]answer{"ListAccounts": {}, "ListCreateAccountStatus": jsonAnswer(`{"CreateAccountStatuses":[]}`)}
	create := rules["CreateAccount"]
	rules["CreateAccount"] = func(c *call, moto func(*call) (answer, error)) (answer, error) {
		a, err := create(c, moto)
		mu.Lock()
		defer mu.Unlock()
		if made.IsZero() {
			made = clock.Wall{}.Now()
			return answer{}, errors.Join(errLost, err)
		}
		return a, err
	}
	for _, list := range []string{"ListAccounts", "ListCreateAccountStatus"} {
		rules[list] = func(c *call, moto func(*call) (answer, error)) (answer, error) {
			mu.Lock()
			defer mu.Unlock()
			if !made.IsZero() && (clock.Wall{}).Now().Sub(made) < length {
				return before[list], nil
			}
			a, err := moto(c)
			if made.IsZero() && list == "ListAccounts" {
				before[list] = a
			}
			return a, err
		}
	}
	return rules
}

// TestVend_ShownLate: the answer of CreateAccount is lost, and nothing shows the account for some time. Sent once more, AWS says
// that the e-mail is taken: by the account the request made itself, which is found once AWS shows it.
func TestVend_ShownLate(t *testing.T) {
	t.Parallel()
	w := setup(t, trouble{}, blind(uniqueEmails(uniform()), 5*time.Second))
	id := w.submit(launches(1)[0])
	w.open(1)
	w.sees(w.succeeded(id))
}
