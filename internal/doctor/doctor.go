// Package doctor looks at what a server needs, one thing after another, and says for each what it saw and what helps. It
// reads and never writes: neither at AWS nor in a database nor in a folder. What it says holds no secrets.
package doctor

// Result is what a look came to.
type Result string

const (
	OK      Result = "ok"
	Warning Result = "warning" // it works, and somebody should know
	Broken  Result = "broken"
	Skipped Result = "skipped" // it could not be looked at, for a reason that another line names
)

// Finding is one thing looked at. Names are never changed: scripts go by them.
type Finding struct {
	Name   string `json:"name"`
	Result Result `json:"result"`
	Looked string `json:"looked"` // at what
	Seen   string `json:"seen"`
	Remedy string `json:"remedy,omitempty"`
}

// Names of the findings.
const (
	Settings       = "settings"
	Credentials    = "credentials"
	Clock          = "clock"
	Organization   = "organization"
	Region         = "region"
	LandingZone    = "landing-zone"
	Role           = "role"
	Product        = "product"
	Permissions    = "permissions"
	IdentityCenter = "identity-center"
	Quota          = "account-quota"
	AllowedOUs     = "allowed-ous"
	DataFolder     = "data-folder"
	DiskSpace      = "disk-space"
	KeyFile        = "key-file"
	Server         = "server"
	Ports          = "ports"
	Database       = "database"
	Migrations     = "database-migrations"
	Binding        = "database-binding"
	DatabaseClock  = "database-clock"
	WriteAhead     = "database-log"
	Mail           = "mail"
	SignIn         = "oidc"
	TLS            = "tls"
	PublicURL      = "public-url"
)

func ok(name, looked, seen string) Finding {
	return Finding{Name: name, Result: OK, Looked: looked, Seen: seen}
}

func warn(name, looked, seen, remedy string) Finding {
	return Finding{Name: name, Result: Warning, Looked: looked, Seen: seen, Remedy: remedy}
}

func broken(name, looked, seen, remedy string) Finding {
	return Finding{Name: name, Result: Broken, Looked: looked, Seen: seen, Remedy: remedy}
}

func skipped(name, looked, why string) Finding {
	return Finding{Name: name, Result: Skipped, Looked: looked, Seen: why}
}

// Refused gives the finding of settings that a server would not start with.
func Refused(err error) Finding {
	return broken(Settings, "flags, environment and --config file", err.Error(), "correct the setting; accountfactory serve --help says what it takes")
}
