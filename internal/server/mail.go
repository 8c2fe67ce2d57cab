package server

import (
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strconv"

	"accountfactory/internal/twin"
)

// SMTP says where mails go besides the outbox folder.
type SMTP struct {
	Host     string // host:port of the mail server. Default: none, mails stay in the folder
	User     string // whom to sign in as there. Default: nobody
	Password string // goes with User
	From     string // the sender's address, perhaps with a name; must be set with Host
	Security string // "starttls", "implicit" or "off". Default starttls
}

// validate checks the settings of mail. It returns a UsageError.
func (m SMTP) validate() error {
	host, port, err := net.SplitHostPort(m.Host)
	number, portErr := strconv.ParseUint(port, 10, 16)
	_, fromErr := mail.ParseAddress(m.From)
	given := m.Host != ""
	for _, check := range []struct {
		setting string
		bad     bool
		problem string
	}{
		{"smtp-host", !given && (m.User != "" || m.Password != "" || m.From != ""), "name the mail server that the other settings of mail are about"},
		{"smtp-host", given && (err != nil || host == "" || portErr != nil || number == 0), fmt.Sprintf("%q is not a mail server: want host:port, such as smtp.example.com:587", m.Host)},
		{"smtp-from", given && fromErr != nil, fmt.Sprintf("%q is not an address: want the sender of the mails", m.From)},
		{"smtp-tls", !slices.Contains([]string{twin.SMTPStartTLS, twin.SMTPImplicit, twin.SMTPOff}, m.Security), fmt.Sprintf("%q is none of starttls, implicit and off", m.Security)},
		{"smtp-user", (m.User == "") != (m.Password == ""), "give --smtp-user and --smtp-password together"},
		{"smtp-tls", m.User != "" && m.Security == twin.SMTPOff && !loopback(host), "off would send the password in clear over the network"},
	} {
		if check.bad {
			return UsageError{check.setting, check.problem}
		}
	}
	return nil
}

// twin gives the settings as the twin takes them.
func (m SMTP) twin() twin.SMTP {
	host, port, _ := net.SplitHostPort(m.Host) // checked before
	number, _ := strconv.Atoi(port)
	return twin.SMTP{Host: host, Port: number, User: m.User, Password: m.Password, From: m.From, Security: m.Security}
}
