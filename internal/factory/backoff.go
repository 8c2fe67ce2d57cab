package factory

import (
	"math/rand/v2"
	"time"
)

// Backoff is a waiting time that doubles from Min to Max, with a quarter of jitter so that many do not come back at once.
type Backoff struct{ Min, Max time.Duration }

// after gives the wait before repetition n, counted from 0.
func (b Backoff) after(n int) time.Duration {
	d := b.Min
	for ; n > 0 && d < b.Max; n-- {
		d *= 2
	}
	return jitter(min(d, b.Max))
}

func jitter(d time.Duration) time.Duration {
	if d < 4 {
		return d
	}
	return d - d/4 + rand.N(d/2)
}

// Pace is how often the cloud is asked and how long is waited after it said no.
type Pace struct {
	Poll         Backoff       // of a running operation: grows with the operation's age
	Retry        Backoff       // after throttling, server errors and cut answers
	Busy         Backoff       // after AWS said that another operation is in progress
	LandscapeAge time.Duration // how long accounts, OUs and product are remembered
	CoolOff      time.Duration // how long a close can be undone where its request says nothing
	Measure      time.Duration // between two looks at what others leave of the quota
	Attend       Backoff       // looks whether a person did their part without telling: grows with their time
}

// TwinPace suits a cloud on this machine, AWSPace the real one, where an account takes a quarter of an hour and
// everybody's calls share one allowance.
func TwinPace() Pace {
	return Pace{
		Poll:         Backoff{25 * time.Millisecond, 100 * time.Millisecond},
		Retry:        Backoff{100 * time.Millisecond, 5 * time.Second},
		Busy:         Backoff{200 * time.Millisecond, 2 * time.Second},
		LandscapeAge: 2 * time.Second,
		Measure:      time.Second,
		Attend:       Backoff{time.Second, 10 * time.Second},
	}
}

// AWSPace is the pace for AWS.
func AWSPace() Pace {
	return Pace{
		Poll:         Backoff{5 * time.Second, 30 * time.Second},
		Retry:        Backoff{time.Second, time.Minute},
		Busy:         Backoff{time.Minute, 10 * time.Minute},
		LandscapeAge: 30 * time.Second,
		CoolOff:      24 * time.Hour,
		Measure:      30 * time.Second,
		Attend:       Backoff{time.Minute, 10 * time.Minute},
	}
}

// poll gives the wait before an operation of this age is asked about again: a tenth of it, within the pace's bounds.
func (p Pace) poll(age time.Duration) time.Duration { return p.Poll.within(age) }

// within gives a tenth of an age, within the bounds.
func (b Backoff) within(age time.Duration) time.Duration {
	return jitter(min(max(age/10, b.Min), b.Max))
}
