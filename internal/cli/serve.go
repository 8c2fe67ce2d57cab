package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"accountfactory/internal/cloud"
	"accountfactory/internal/server"
)

func newServe(a *app) *cobra.Command {
	return newServer(a, false, server.Run, &cobra.Command{
		Use:   "serve",
		Short: "Serve the twin, the factory and the console until told to stop",
		Long: `serve runs the twin of AWS, the factory and the console on a data folder, in the foreground, until it gets TERM or INT.
It goes on where it was, however it ended. Every flag is also read from ACCOUNTFACTORY_<FLAG> and from the --config file.`,
		Example: `  accountfactory serve
  accountfactory serve --data /var/lib/accountfactory --speed 1
  accountfactory serve --aws localhost:0 --console localhost:0 --ready-file ready.json --speed instant`,
	})
}

func newTwin(a *app) *cobra.Command {
	return newServer(a, true, server.Run, &cobra.Command{
		Use:     "twin",
		Short:   "Serve the twin of AWS alone",
		Long:    "twin runs the twin of AWS without the factory, for clients and tests of your own. What stands in a --config file\nfor the factory is left aside.",
		Example: `  accountfactory twin --aws localhost:0 --console localhost:0 --ready-file ready.json --auth=off`,
	})
}

// newServer gives a command with the settings of a server; run is what it does with them.
func newServer(a *app, twinOnly bool, run func(context.Context, server.Config) error, cmd *cobra.Command) *cobra.Command {
	c := server.DefaultConfig()
	c.Cloud.Kind = cloud.KindTwin
	var (
		configFile string
		logging    logging
		db         database
	)
	f := cmd.Flags()
	f.StringVar(&c.Data, "data", c.Data, "data folder, made when missing")
	f.StringVar(&c.AWS, "aws", c.AWS, "address of the AWS endpoint; port 0 takes a free one")
	f.StringVar(&c.Console, "console", c.Console, "address of the browser listener; port 0 takes a free one")
	f.StringVar(&c.Region, "region", c.Region, "home Region, kept from the first start on")
	f.StringVar(&c.AccountID, "account-id", c.AccountID, "management account, kept from the first start on")
	f.StringVar(&c.AccessKeyID, "access-key-id", "", "access key of the management user (default: made at first start)")
	f.StringVar(&c.SecretAccessKey, "secret-access-key", "", "secret that goes with --access-key-id")
	f.IntVar(&c.AccountOperations, "account-operations", c.AccountOperations, "accounts Control Tower works on at once, 1 to 50, of which AWS allows 10 (default 1, with --control-tower current 5)")
	f.StringVar(&c.Profile, "control-tower", "", "age of the Control Tower played: classic (of 2021) or current (default: classic for one account at once, else current)")
	f.StringVar(&c.EventWebhook, "event-webhook", "", "URL that lifecycle events are posted to, signed")
	f.StringVar(&c.EventSecret, "event-webhook-secret", "", "secret that signs them, 16 characters or more")
	mailFlags(f, &c.SMTP)
	f.StringVar(&c.Speed, "speed", c.Speed, `divides the duration of AWS's operations: a number, or "instant"; 1 takes AWS's minutes`)
	f.Uint64Var(&c.RandomSeed, "random-seed", 0, "makes ids and spread repeat (default: different each time)")
	f.BoolVar(&c.Empty, "empty", false, "make no organization at first start")
	f.StringVar(&c.Auth, "auth", c.Auth, "on, or off for test suites with made-up keys; off serves loopback only")
	f.BoolVar(&c.Lab, "lab", false, "serve the lab API also when the AWS endpoint is reachable from beyond this machine")
	f.StringVar(&c.ReadyFile, "ready-file", "", "write the addresses here, as JSON, once everything accepts")
	if !twinOnly {
		factoryFlags(f, &c)
		awsFlags(f, &c)
		signInFlags(f, &c.SignIn)
		db.flags(cmd)
	}
	f.StringVar(&c.KeyFile, "key-file", "", "keys that seal sign-ins to the console, a line each, the newest first; made when missing (default: console.key in the data folder)")
	f.StringVar(&c.Public.URL, "public-url", "", "where people reach the browser listener, such as https://accounts.example.com (default: its own address)")
	f.StringVar(&c.Public.TLSCert, "tls-cert", "", "PEM file of the certificate for the browser listener; read again when it changes")
	f.StringVar(&c.Public.TLSKey, "tls-key", "", "PEM file of its key")
	f.StringVar(&c.Public.TrustedProxy, "trusted-proxy", "", "addresses or networks, comma-separated, of proxies before the browser listener: their X-Forwarded-For is believed")
	f.StringVar(&c.Metrics, "metrics", "", "address to serve figures for Prometheus on, such as localhost:9464 (default: not served)")
	f.StringVar(&logging.level, "log-level", "warn", "debug, info, warn or error; info has a line per request to the browser listener")
	f.StringVar(&logging.format, "log-format", "text", "text or json")
	f.StringVar(&configFile, "config", "", "YAML file with settings named like these flags")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed(smtpPassword) {
			return server.UsageError{Setting: smtpPassword, Problem: "give it as " + envName(smtpPassword) + " or in the --config file: others on this machine see command lines"}
		}
		db.noticed(cmd)
		if err := a.fillFlags(cmd.Flags(), configFile); err != nil {
			return err
		}
		if cmd.Flags().Changed("account-operations") && c.AccountOperations == 0 {
			return server.UsageError{Setting: "account-operations", Problem: "0 is out of range: give 1 to 50"}
		}
		if c.Cloud.Kind == cloud.KindAWS {
			if !cmd.Flags().Changed("data") {
				c.Data = "data-aws"
			}
			if err := a.ignoreEndpoints(); err != nil {
				return err
			}
		}
		c.TwinOnly, c.Version, c.Out = twinOnly, version(), a.streams.Out
		var err error
		if c.Database, err = db.resolve(a); err != nil {
			return err
		}
		if c.Log, err = logging.logger(a.streams.Err); err != nil {
			return err
		}
		c.Crash = crash
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return run(ctx, c)
	}
	return cmd
}

// factoryFlags are the settings of the factory, which a twin alone has not got.
func factoryFlags(f *pflag.FlagSet, c *server.Config) {
	f.StringVar(&c.Provisioner, "provisioner", c.Provisioner, "how the factory makes accounts: service-catalog (Account Factory's product) or organizations (by itself, without Control Tower)")
	f.BoolVar(&c.ProvisionerForce, "provisioner-force", false, "let --provisioner organizations make accounts past a landing zone that is there")
	f.StringVar(&c.IdentitySource, "identity-source", "identity-center", "where SSO users come from: identity-center (they are made where missing) or external (an identity provider or Active Directory: they are waited for)")
	f.StringVar(&c.Operators, "operators", "", "ARNs, comma-separated, * allowed: who handles everybody's requests besides the management user (default: on the twin AWSAdministratorAccess of the management account)")
	f.StringVar(&c.Auditors, "auditors", "", "ARNs like those of --operators: who sees everything, the audit log too, and changes nothing")
	f.StringVar(&c.Viewers, "viewers", "", "ARNs like those of --operators: who sees everybody's requests and changes nothing")
	f.StringVar(&c.DailyCap, "daily-cap", "", "new accounts begun in a day (UTC), a number or off, kept from the first start on (default: 10 with --cloud aws, else off)")
	f.IntVar(&c.AccountQuota, "account-quota", 0, "accounts the organization may have, closed ones counted: launches beyond are refused (default: what Service Quotas says)")
	f.StringVar(&c.AllowedOUs, "allowed-ous", "", "organizational units, comma-separated, by path, name or id, that requesters may choose; operators may choose any (default: all)")
	f.StringVar(&c.Hooks, "hooks", "", "YAML file of webhooks and commands for when a request ends or waits for a person")
	f.DurationVar(&c.Reminder, "reminder", 24*time.Hour, "after which a person whom a request waits for is reminded, and again")
	f.DurationVar(&c.Keep.Requests, "keep-requests", 0, "how long requests that ended are kept, such as 9600h; those that say whose an account is, and the audit log, always (default: all)")
	f.DurationVar(&c.Keep.Events, "keep-events", 0, "how long the timelines of requests that ended are kept, but for their last line, such as 2160h (default: all)")
	f.DurationVar(&c.Patience, "patience", 7*24*time.Hour, "for which a request waits for a person before it fails")
}

// awsFlags say which cloud the factory works on.
func awsFlags(f *pflag.FlagSet, c *server.Config) {
	f.StringVar(&c.Cloud.Kind, "cloud", c.Cloud.Kind, "twin: rehearse on the twin; aws: work on AWS, with real accounts")
	f.StringVar(&c.Cloud.Organization, "organization", "", "with --cloud aws: the organization to work on, o-…; any other is refused")
	f.StringVar(&c.Cloud.Endpoint, "endpoint-url", "", "with --cloud aws: a server that stands in for AWS; AWS_ENDPOINT_URL is not followed")
	f.StringVar(&c.Cloud.Profile, "aws-profile", "", "with --cloud aws: profile of the usual AWS files (default: AWS's usual chain)")
	f.StringVar(&c.Cloud.RoleARN, "role-arn", "", "with --cloud aws: role of the management account to work from, for a server outside of it")
	f.StringVar(&c.Cloud.ExternalID, "external-id", "", "external id to assume --role-arn with")
	f.StringVar(&c.Cloud.CenterRegion, "identity-center-region", "", "with --cloud aws: Region of IAM Identity Center (default: it is looked for)")
	f.StringVar(&c.Cloud.Budget, "api-budget", "", "with --cloud aws: share of AWS's call rates to keep to, above 0 to 1, or off (default: 0.5, off with --endpoint-url)")
}

// ignoreEndpoints keeps an address for AWS that was meant for something else from being used: by --cloud aws only
// --endpoint-url counts. The SDK's own variable does that for the credentials chain too.
func (a *app) ignoreEndpoints() error {
	for _, kv := range os.Environ() {
		if name, value, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "AWS_ENDPOINT_URL") && value != "" {
			if _, err := fmt.Fprintf(a.streams.Err, "%s=%s is not followed: give --endpoint-url to work on a server that stands in for AWS\n", name, value); err != nil {
				return err
			}
		}
	}
	return os.Setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
}

const smtpPassword = "smtp-password"

// mailFlags are the settings of mail. The password has a flag only for its variable and its line in the file.
func mailFlags(f *pflag.FlagSet, m *server.SMTP) {
	f.StringVar(&m.Host, "smtp-host", "", "mail server, host:port, for the mails that also go to the outbox folder (default: the folder alone)")
	f.StringVar(&m.User, "smtp-user", "", "whom to sign in as there; the password comes from "+envName(smtpPassword)+" or the --config file")
	f.StringVar(&m.Password, smtpPassword, "", "")
	_ = f.MarkHidden(smtpPassword) // the flag is there
	f.StringVar(&m.From, "smtp-from", "", "sender of the mails: an address, perhaps with a name")
	f.StringVar(&m.Security, "smtp-tls", m.Security, "starttls, implicit, or off for a mail server on this machine")
}

// crash ends the process as kill -9 does: nothing is flushed, nothing deferred runs.
func crash() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// signInFlags are the ways in for people besides the twin's access portal.
func signInFlags(f *pflag.FlagSet, s *server.SignIn) {
	f.StringVar(&s.Issuer, "oidc-issuer", "", "URL of a company's OpenID Connect provider that people sign in with")
	f.StringVar(&s.ClientID, "oidc-client-id", "", "id that the provider has for this console; its redirect URI is <public-url>/sign-in/oidc/callback")
	f.StringVar(&s.SecretFile, "oidc-client-secret-file", "", "file with the client's secret (default: a public client)")
	f.StringVar(&s.Scopes, "oidc-scopes", "", "scopes to ask for besides openid, comma-separated (default: email,profile)")
	f.StringVar(&s.GroupsClaim, "oidc-groups-claim", "", "claim that names a person's groups (default: groups)")
	f.StringArrayVar(&s.Roles, "oidc-role", nil, "GROUP=viewer, requester, operator or auditor; repeated, or several lines of it: the first that a person is in counts")
	f.BoolVar(&s.IdentityCenter, "identity-center-sign-in", false, "with --cloud aws: let people sign in with IAM Identity Center's device flow")
	f.StringVar(&s.StartURL, "identity-center-start-url", "", "its access portal, such as https://d-1234567890.awsapps.com/start (default: asked of AWS)")
}
