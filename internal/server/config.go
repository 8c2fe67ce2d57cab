package server

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/factory"
	"accountfactory/internal/twin"
)

// Config is how a server is set up. DefaultConfig gives the defaults named here.
type Config struct {
	Data    string // data folder; made when missing. Default "data"
	AWS     string // address of the AWS endpoint. Default localhost:4566; port 0 takes a free one
	Console string // address of the browser listener. Default localhost:4580

	Public   Public // how people beyond this machine reach it. Default: not at all
	Metrics  string // address that figures for Prometheus are served on. Default: none
	Cloud    Cloud  // default: the twin in this process
	SignIn   SignIn // how people sign in besides the twin's access portal. Default: not at all
	Database string // URL of a PostgreSQL database. Default: SQLite in the data folder

	Region            string        // home Region, kept from the first start on. Default us-east-1
	AccountID         string        // the management account, kept from the first start on. Default 123456789012
	AccessKeyID       string        // of the management user. Default: the data folder's, made at first start
	SecretAccessKey   string        // goes with AccessKeyID
	AccountOperations int           // accounts Control Tower works on at once, 1 to 50; AWS allows up to 10. Default 1, with --control-tower current 5
	Profile           string        // of Control Tower: "classic" or "current". Default: classic for one account at once, else current
	EventWebhook      string        // URL that lifecycle events are posted to. Default: none
	EventSecret       string        // signs what is posted there; goes with EventWebhook
	SMTP              SMTP          // mail server for the twin's mails. Default: none
	Speed             string        // divides the duration of AWS's operations: a number or "instant". Default 60
	RandomSeed        uint64        // makes ids and spread repeat. Default 0: different each time
	Empty             bool          // make no organization at first start
	Auth              string        // "on", or "off" for test suites with made-up keys. Default on
	Lab               bool          // serve the lab API also beyond loopback
	ReadyFile         string        // where to say that everything accepts. Default: nowhere
	Operators         string        // comma-separated ARN patterns of who handles everybody's requests. Default: on the twin AWSAdministratorAccess of the management account
	Auditors          string        // the same, of who sees everything and changes nothing. Default: nobody
	Viewers           string        // the same, of who sees everybody's requests and changes nothing. Default: nobody
	KeyFile           string        // with the keys that seal sign-ins to the console, newest first; made when missing. Default: console.key in the data folder
	DailyCap          string        // new accounts begun in a day, kept from the first start on: a number or "off". Default 10 on AWS, off on the twin
	AllowedOUs        string        // comma-separated paths, names or ids of the OUs that requesters may choose. Default: all
	AccountQuota      int           // how many accounts the organization may have. Default 0: what Service Quotas says
	Hooks             string        // YAML file of what is told or run when a request ends or waits for a person. Default: nothing
	Reminder          time.Duration // after which a person who is waited for is reminded, and again. Default 24 h
	Patience          time.Duration // for which a person is waited for. Default 7 days
	Provisioner       string        // how the factory makes accounts: "service-catalog" or "organizations". Default service-catalog
	ProvisionerForce  bool          // lets "organizations" make accounts past a landing zone that is there
	IdentitySource    string        // where SSO users come from: "identity-center", which makes them, or "external". Default identity-center
	Keep              Retention     // how long what has ended is kept. Default: for good
	TwinOnly          bool          // the twin alone, no factory
	Crash             func()        // what the lab's kill faults do; nil ignores them
	Version           string        // shown and reported
	Out               io.Writer     // where the banner goes
	Log               *slog.Logger
}

// DefaultConfig gives the defaults.
func DefaultConfig() Config {
	return Config{
		Data: "data", AWS: "localhost:4566", Console: "localhost:4580", Region: "us-east-1", AccountID: "123456789012",
		Speed: "60", Auth: "on", Provisioner: string(factory.ByServiceCatalog), SMTP: SMTP{Security: twin.SMTPStartTLS}, Out: io.Discard, Log: slog.New(slog.DiscardHandler),
	}
}

// UsageError names the setting that is wrong and what would be right.
type UsageError struct{ Setting, Problem string }

func (e UsageError) Error() string { return "--" + e.Setting + ": " + e.Problem }

// Validate checks every setting by itself. It returns a UsageError.
func (c Config) Validate() error {
	_, speedErr := c.speed()
	for _, check := range []struct {
		setting string
		bad     bool
		problem string
	}{
		{"data", c.Data == "", "name a folder"},
		{"region", !regionForm.MatchString(c.Region), fmt.Sprintf("%q is not a Region: name the home Region, such as eu-west-1", c.Region)},
		{"account-id", !arn.IsAccountID(c.AccountID), fmt.Sprintf("%q is not an account id: want twelve digits", c.AccountID)},
		{"access-key-id", (c.AccessKeyID == "") != (c.SecretAccessKey == ""), "give --access-key-id and --secret-access-key together"},
		{"account-operations", c.AccountOperations < 0 || c.AccountOperations > 50, fmt.Sprintf("%d is out of range: want 1 to 50, of which AWS allows 10", c.AccountOperations)},
		{"control-tower", c.Profile != "" && c.Profile != "classic" && c.Profile != "current", fmt.Sprintf("%q is neither classic nor current", c.Profile)},
		{"control-tower", c.Profile == "classic" && c.AccountOperations > 1, "the classic Control Tower works on one account at once: leave --account-operations out, or say current"},
		{"event-webhook", !webhookURL(c.EventWebhook), fmt.Sprintf("%q is not an http or https URL", c.EventWebhook)},
		{"event-webhook-secret", c.EventWebhook != "" && len(c.EventSecret) < minSecret, fmt.Sprintf("give a secret of %d characters or more, which the receiver checks signatures by", minSecret)},
		{"event-webhook-secret", c.EventWebhook == "" && c.EventSecret != "", "goes with --event-webhook"},
		{"daily-cap", c.dailyCap() < 0, fmt.Sprintf("%q is neither a number from 1 to 10000 nor off; queue pause lets none begin", c.DailyCap)},
		{"account-quota", c.AccountQuota < 0, "give the organization's quota of accounts, or 0"},
		{"reminder", c.Reminder < 0, "give a time such as 24h"},
		{"patience", c.Patience < 0, "give a time such as 168h"},
		{"speed", speedErr != nil, fmt.Sprintf("%q is neither a positive number nor \"instant\"", c.Speed)},
		{"provisioner", !slices.Contains(factory.Provisioners(), factory.Provisioner(c.Provisioner)), fmt.Sprintf("%q is none of %v", c.Provisioner, factory.Provisioners())},
		{"provisioner-force", c.ProvisionerForce && c.Provisioner != string(factory.ByOrganizations), "goes with --provisioner organizations"},
		{"identity-source", c.IdentitySource != "" && c.IdentitySource != identityCenter && c.IdentitySource != externalIdentity, fmt.Sprintf("%q is neither %s nor %s", c.IdentitySource, identityCenter, externalIdentity)},
		{"database", c.Database != "" && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://"), "want postgres://user@host/database"},
		{"auth", c.Auth != "on" && c.Auth != "off", fmt.Sprintf("%q is neither on nor off", c.Auth)},
	} {
		if check.bad {
			return UsageError{check.setting, check.problem}
		}
	}
	if _, _, err := net.SplitHostPort(c.Metrics); c.Metrics != "" && err != nil {
		return UsageError{"metrics", fmt.Sprintf("%q is not an address: want host:port, such as localhost:9464", c.Metrics)}
	}
	if _, err := readHooks(c.Hooks); err != nil {
		return err
	}
	return errors.Join(c.Cloud.validate(), c.twinsAlone(), c.checkPartition(), c.validatePeople(), c.SignIn.validate(c.Cloud.aws()), c.validateAddress("aws", c.AWS), c.validateAddress("console", c.Console), c.Public.validate(c.Console), c.SMTP.validate(), c.Keep.validate())
}

// regionForm is what the SDK takes for part of a host's name. A Region stays in the data folder from the first start on.
var regionForm = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)

func (c Config) validateAddress(setting, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return UsageError{setting, fmt.Sprintf("%q is not an address: want host:port, such as localhost:0", address)}
	}
	if loopback(host) {
		return nil
	}
	if c.Auth == "off" {
		return UsageError{setting, "with --auth=off only loopback addresses are served, as anybody could do anything"}
	}
	return nil
}

// Sources of SSO users.
const (
	identityCenter   = "identity-center"
	externalIdentity = "external"
)

// minSecret is the least length of the secret that signs events.
const minSecret = 16

func webhookURL(s string) bool {
	u, err := url.Parse(s)
	return s == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// operations gives how many accounts Control Tower works on at once: the profile's default when nobody says.
func (c Config) operations() int {
	switch {
	case c.AccountOperations > 0:
		return c.AccountOperations
	case c.Profile == "current":
		return 5
	}
	return 1
}

// awsDailyCap keeps a mistake from becoming a hundred real accounts.
const awsDailyCap = 10

// dailyCap gives how many new accounts may be begun in a day, 0 for no cap and -1 for what is none.
func (c Config) dailyCap() int {
	switch {
	case c.DailyCap == "off", c.DailyCap == "" && !c.Cloud.aws():
		return 0
	case c.DailyCap == "":
		return awsDailyCap
	}
	n, err := strconv.Atoi(c.DailyCap)
	if err != nil || n < 1 || n > 10_000 { // 0 would be off, and is not what who says it means
		return -1
	}
	return n
}

// loopback reports whether a host reaches only this machine.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// speed gives the twin's divisor; 0 is instant.
func (c Config) speed() (float64, error) {
	if c.Speed == "instant" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(c.Speed, 64)
	if err != nil || !(v > 0) || v > 1e9 {
		return 0, UsageError{"speed", "not a positive number"}
	}
	return v, nil
}
