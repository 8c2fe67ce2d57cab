package factory

import (
	"context"
	"fmt"
	"slices"
)

// Where SSO users come from: IAM Identity Center's own directory, where they can be made, or an identity provider or Active
// Directory outside, whose users it is told. AWS has no operation that says which, and lets users be made by hand beside an
// identity provider's, so somebody has to say it. Source: IAM Identity Center user guide, "Manage your identity source".

// StepUserThere waits for an SSO user whom only the identity provider can bring. Stored: never renamed.
const StepUserThere = "user-there"

// CheckIdentitySource looks whether the SSO user is there yet, where users come from outside.
const CheckIdentitySource = "identity-source"

// userThere is the step of requests that wait for their SSO user. It comes before anything is written.
func userThere() stage {
	return stage{name: StepUserThere, do: awaitUser, look: lookUser, needed: func(r *Request) bool { return r.Progress.Target.AwaitsUser }}
}

// checkUserComes is what is said of an SSO user who is not there and cannot be made.
func checkUserComes(email string) Check {
	return note(CheckIdentitySource, "the SSO user "+email+" is not in IAM Identity Center, and users come from the identity provider: "+
		"the request waits, before anything is done, until the user is there")
}

// awaitsUser reports whether checks found that a request has to wait for its SSO user.
func awaitsUser(checks []Check) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Name == CheckIdentitySource })
}

// awaitUser goes on once the SSO user is there, and asks for them until then. Twice is safe: it only reads.
func awaitUser(ctx context.Context, w *work) (outcome, error) {
	there, text, err := lookUser(ctx, w)
	if err != nil {
		return outcome{}, err
	}
	if there {
		return outcome{done: true, text: text}, nil
	}
	return w.askUser(), nil
}

func lookUser(ctx context.Context, w *work) (bool, string, error) {
	l, err := w.landscape(ctx, w.aws, false)
	if err != nil {
		return false, "", err
	}
	id, err := userID(ctx, w.aws, l.identityStoreID, w.administrator())
	return id != "", "Seen at AWS: the SSO user " + w.administrator() + " is there.", err
}

// askUser waits for whoever keeps the identity provider's users. It is also what is left where a user was there and is gone.
func (w *work) askUser() outcome {
	email := w.administrator()
	return w.asking(Ask{
		For: AskUser, Who: "whoever keeps the identity provider's users",
		What: fmt.Sprintf("give %s IAM Identity Center there, so that the user is synced to it with that e-mail; the request then goes on by itself.", email),
		Options: []Option{
			{ChoiceLook, "look for the user now"},
			{ChoiceCancel, "end the request; nothing more is done"},
		},
	}, StepUserThere, "The SSO user "+email+" is not in IAM Identity Center. The request waits until the identity provider has brought them, and holds no account operation meanwhile.")
}
