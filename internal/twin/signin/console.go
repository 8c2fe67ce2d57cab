package signin

import (
	"net/http"
	"strings"
	"time"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

// console is a browser that a sign-in link has let in as a role or federated user. Only the SHA-256 of its cookie is kept.
type console struct {
	Hash    string
	Session string // access key id of the session made for it
	Issuer  string `json:",omitempty"` // where the broker says people sign in
	Begun   time.Time
	Expires time.Time
}

type consolePage struct {
	frame
	Account, UserID, ARN string // as GetCallerIdentity answers
	Role                 string
	Expires, Issuer, To  string
}

const textConsoleOver = "This console session has ended. Open it again where you got its link."

// showConsole shows who the browser is, as GetCallerIdentity would answer for it.
func (v *visit) showConsole() error {
	row, n := v.console()
	if n == nil {
		return &refusal{http.StatusUnauthorized, textConsoleOver}
	}
	page := consolePage{
		frame: v.frame("You are in account " + n.AccountID), Account: n.AccountID, UserID: n.UserID, ARN: n.ARN, Expires: shown(n.Expires), Issuer: row.Issuer,
	}
	if !n.Federated() {
		page.Role = n.Name
	}
	if to, ok := v.destination(v.r.URL.Query().Get("destination")); ok && strings.Trim(to, "/") != "" {
		page.To = to
	}
	v.show(http.StatusOK, "console", page)
	return nil
}

// console gives the browser's console session and the role session behind it, nil when either has ended.
func (v *visit) console() (row *console, n *iam.Session) {
	if v.cfg.Sessions == nil {
		return nil, nil
	}
	_ = v.state.View(func(tx *state.Tx) error { // View passes on what the function returns
		if row = v.consoles.Get(tx, v.cookie(consoleCookie)); row != nil {
			n = v.cfg.Sessions.LiveSession(tx, row.Session)
		}
		return nil
	})
	return row, n
}

// leaveConsole ends the browser's console session, and the credentials behind it.
func (v *visit) leaveConsole() error {
	if row, _ := v.console(); row != nil {
		if err := v.state.Update(v.r.Context(), func(tx *state.Tx) error {
			v.leave(tx, row)
			return nil
		}); err != nil {
			return err
		}
	}
	v.clearCookie(consoleCookie)
	return v.redirect(cookiePath)
}
