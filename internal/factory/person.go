package factory

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Ask is a person's part in a request: who is to do what, how they can answer, and until when.
type Ask struct {
	For       AskFor    `json:"for"`
	Who       string    `json:"who"`
	What      string    `json:"what"`
	Options   []Option  `json:"options,omitempty"` // the choices that answer it
	Since     time.Time `json:"since"`
	RemindAt  time.Time `json:"remindAt"`
	Reminders int       `json:"reminders,omitempty"` // so far
	ExpiresAt time.Time `json:"expiresAt"`           // then the request fails, and can be retried
}

// AskFor is what is asked for. Stored: never renamed.
type AskFor string

const (
	AskDecision AskFor = "decision"   // one of the options
	AskCode     AskFor = "email-code" // the code that AWS mailed to an account's new address, or one of the options
	AskUser     AskFor = "sso-user"   // that an identity provider brings an SSO user, or one of the options
)

// Option is a choice and what it does.
type Option struct {
	Choice string `json:"choice"`
	Effect string `json:"effect"`
}

// Choices. Scripts rely on them.
const (
	ChoiceRetry  = "retry"
	ChoiceCancel = "cancel"
	ChoiceResend = "resend"
	ChoiceLook   = "look"
)

// Answer is what a person says: a choice, or a code.
type Answer struct {
	Choice string `json:"choice,omitempty"`
	Code   string `json:"code,omitempty"`
}

// PersonTimes are how long a person has.
type PersonTimes struct {
	Remind time.Duration // from asking to the reminder, and between reminders; default 24 h
	Expire time.Duration // from asking to giving up; default 7 days
}

func (p PersonTimes) withDefaults() PersonTimes {
	return PersonTimes{Remind: cmp.Or(p.Remind, 24*time.Hour), Expire: cmp.Or(p.Expire, 7*24*time.Hour)}
}

// asking stops a request until somebody answers, with a line for the timeline.
func (w *work) asking(a Ask, next, text string) outcome {
	state := StateWaitingForPerson
	if a.For == AskDecision {
		state = StateNeedsDecision
	}
	a.Since = w.clock.Now()
	a.RemindAt, a.ExpiresAt = a.Since.Add(w.cfg.Person.Remind), a.Since.Add(w.cfg.Person.Expire)
	return outcome{next: next, end: state, ask: &a, text: text, change: func(r *Request) { r.Progress.Intent = nil }}
}

// deciding asks what is to become of a request that would have to adopt an account that is not provably its own.
func (w *work) deciding(d *decision) outcome {
	out := w.asking(Ask{
		For: AskDecision, Who: w.r.who(), What: d.text,
		Options: []Option{
			{ChoiceRetry, "go on from the step " + w.r.Step + ", once that account is out of the way"},
			{ChoiceCancel, "end the request; nothing more is done"},
		},
	}, "", d.text)
	forget := out.change
	out.change = func(r *Request) { forget(r); r.Explanation = d.text }
	return out
}

// who names the requester to others.
func (r *Request) who() string { return cmp.Or(r.SourceIdentity, r.Requester) }

// codePattern is what AWS sends. Source: Account Management Reference Guide, AcceptPrimaryEmailUpdate, Otp.
var codePattern = regexp.MustCompile(`^[a-zA-Z0-9]{6}$`)

// Answer takes a person's answer. Returns ErrNotFound, RefusedError for what is no answer, and ConflictError when the
// request asks nobody, as after the same answer was given before.
func (s *Service) Answer(ctx context.Context, c Caller, id string, a Answer) (Detail, error) {
	r, err := s.get(ctx, c, actAnswer, id)
	if err != nil {
		return Detail{}, err
	}
	if !r.State.Asks() {
		return Detail{}, askedNobody(&r)
	}
	if why := r.answers(a); why != "" {
		return Detail{}, &RefusedError{Checks: []Check{bad(CheckAnswer, why, r.Ask.remedy())}}
	}
	switch a.Choice {
	case ChoiceCancel:
		return s.Cancel(ctx, c, id)
	case ChoiceRetry:
		return s.Retry(ctx, c, id)
	}
	return s.answered(ctx, c, id, a)
}

// answered moves a request on with a code, to have another one sent, or to have another look.
func (s *Service) answered(ctx context.Context, c Caller, id string, a Answer) (Detail, error) {
	r, err := s.store.Update(ctx, id, AnyGeneration, func(r *Request) ([]Event, error) {
		if r.State != StateWaitingForPerson {
			return nil, askedNobody(r)
		}
		said := "the code"
		switch a.Choice {
		case ChoiceResend:
			said, r.Step = "to send another code", StepEmailStart
		case ChoiceLook:
			said = "to look now"
		}
		r.Progress.Code = a.Code
		r.resume(s.clock.Now())
		return []Event{s.event(r.Step, "Answered by %s: %s.", c.ARN, said).by(c, AuditAnswer)}, nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, r)
}

// resume puts a request that waited for a person back into the queue, where it was in it, as the next generation.
func (r *Request) resume(now time.Time) {
	r.State, r.Ask, r.AttendAt, r.WaitReason = StateWaiting, nil, noTime, ""
	r.Generation++
	r.Progress.StepSince, r.Progress.Alarmed, r.Progress.Tries, r.Progress.Looks = now, "", 0, 0
	if len(r.Progress.Tokens) == 0 { // AWS was asked for nothing: it begins when its turn comes again, and on that day
		r.StartedAt = noTime
	}
}

func askedNobody(r *Request) error {
	return &ConflictError{RequestID: r.ID, State: r.State, Reason: "it asks nobody for anything"}
}

// answers says why something is no answer to what is asked, or nothing.
func (r *Request) answers(a Answer) string {
	choices := []string{ChoiceRetry, ChoiceCancel} // of a decision, also one that an older version asked for
	code := false
	if r.Ask != nil {
		choices, code = nil, r.Ask.For == AskCode
		for _, o := range r.Ask.Options {
			choices = append(choices, o.Choice)
		}
	}
	switch {
	case (a.Choice == "") == (a.Code == ""):
		return "give one answer: a choice or a code"
	case a.Code != "" && !code:
		return "no code is asked for"
	case a.Code != "" && !codePattern.MatchString(a.Code):
		return "the code is not six letters and digits"
	case a.Choice != "" && !slices.Contains(choices, a.Choice):
		return fmt.Sprintf("%q is none of the choices", a.Choice)
	}
	return ""
}

// remedy says how to answer.
func (a *Ask) remedy() string {
	if a == nil {
		return "choose retry or cancel"
	}
	text := "choose"
	for i, o := range a.Options {
		if i > 0 {
			text += " or"
		}
		text += " " + o.Choice
	}
	if a.For == AskCode {
		return "give the code of the newest mail, or " + text
	}
	return text
}
