package server_test

import (
	"errors"
	"testing"
	"time"

	"accountfactory/internal/server"
)

// mailing gives a change that sets a mail server up, and changes what is said.
func mailing(change func(*server.SMTP)) func(*server.Config) {
	return func(c *server.Config) {
		c.SMTP.Host, c.SMTP.From = "smtp.example.com:587", "Account Factory <factory@example.com>"
		change(&c.SMTP)
	}
}

// onAWS gives a change of a configuration for AWS.
func onAWS(change func(*server.Config)) func(*server.Config) {
	return func(c *server.Config) {
		c.Cloud = server.Cloud{Kind: "aws", Organization: "o-abcdefghij"}
		change(c)
	}
}

// TestValidate: each wrong setting is named, by the flag it comes from.
func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		change  func(*server.Config)
		setting string // the one named; "" for a good configuration
	}{
		{"defaults", func(*server.Config) {}, ""},
		{"no folder", func(c *server.Config) { c.Data = "" }, "data"},
		{"no Region", func(c *server.Config) { c.Region = "" }, "region"},
		{"Region that is none", func(c *server.Config) { c.Region = "us_east_1" }, "region"},
		{"Region by its name", func(c *server.Config) { c.Region = "Frankfurt" }, "region"},
		{"Region of another partition", func(c *server.Config) { c.Region = "us-gov-west-1" }, ""},
		{"short account", func(c *server.Config) { c.AccountID = "12345" }, "account-id"},
		{"account of letters", func(c *server.Config) { c.AccountID = "12345678901x" }, "account-id"},
		{"key without secret", func(c *server.Config) { c.AccessKeyID = "AKIA" }, "access-key-id"},
		{"secret without key", func(c *server.Config) { c.SecretAccessKey = "s" }, "access-key-id"},
		{"fewer than no account operations", func(c *server.Config) { c.AccountOperations = -1 }, "account-operations"},
		{"fifty-one account operations", func(c *server.Config) { c.AccountOperations = 51 }, "account-operations"},
		{"fifty account operations", func(c *server.Config) { c.AccountOperations = 50 }, ""},
		{"mail", mailing(func(*server.SMTP) {}), ""},
		{"mail without a server", func(c *server.Config) { c.SMTP.From = "x@example.com" }, "smtp-host"},
		{"mail server without a port", mailing(func(m *server.SMTP) { m.Host = "smtp.example.com" }), "smtp-host"},
		{"mail server without a host", mailing(func(m *server.SMTP) { m.Host = ":587" }), "smtp-host"},
		{"mail server at no port", mailing(func(m *server.SMTP) { m.Host = "smtp.example.com:smtp" }), "smtp-host"},
		{"mail without a sender", mailing(func(m *server.SMTP) { m.From = "" }), "smtp-from"},
		{"mail from two headers", mailing(func(m *server.SMTP) { m.From = "x@example.com\r\nBcc: y@example.com" }), "smtp-from"},
		{"mail user without a password", mailing(func(m *server.SMTP) { m.User = "x" }), "smtp-user"},
		{"mail password without a user", mailing(func(m *server.SMTP) { m.Password = "x" }), "smtp-user"},
		{"mail by SSL", mailing(func(m *server.SMTP) { m.Security = "ssl" }), "smtp-tls"},
		{"mail in clear", mailing(func(m *server.SMTP) { m.Security = "off" }), ""},
		{"mail password in clear", mailing(func(m *server.SMTP) { m.Security, m.User, m.Password = "off", "x", "y" }), "smtp-tls"},
		{"mail password in clear on this machine", mailing(func(m *server.SMTP) { m.Host, m.Security, m.User, m.Password = "localhost:25", "off", "x", "y" }), ""},
		{"requests kept for a day", func(c *server.Config) { c.Keep.Requests = 24 * time.Hour }, "keep-requests"},
		{"timelines kept for less than nothing", func(c *server.Config) { c.Keep.Events = -time.Hour }, "keep-events"},
		{"all kept for a year", func(c *server.Config) {
			c.Keep = server.Retention{Requests: 8760 * time.Hour, Events: 8760 * time.Hour}
		}, ""},
		{"speed instant", func(c *server.Config) { c.Speed = "instant" }, ""},
		{"speed of a fraction", func(c *server.Config) { c.Speed = "0.5" }, ""},
		{"speed 0", func(c *server.Config) { c.Speed = "0" }, "speed"},
		{"speed below 0", func(c *server.Config) { c.Speed = "-1" }, "speed"},
		{"speed NaN", func(c *server.Config) { c.Speed = "NaN" }, "speed"},
		{"speed infinite", func(c *server.Config) { c.Speed = "Inf" }, "speed"},
		{"auth", func(c *server.Config) { c.Auth = "maybe" }, "auth"},
		{"AWS without port", func(c *server.Config) { c.AWS = "localhost" }, "aws"},
		{"console without port", func(c *server.Config) { c.Console = "localhost" }, "console"},
		{"AWS on all addresses", func(c *server.Config) { c.AWS = "0.0.0.0:4566" }, ""},
		{"AWS on all addresses without a host", func(c *server.Config) { c.AWS = ":4566" }, ""},
		{"AWS beyond loopback without auth", func(c *server.Config) { c.AWS, c.Auth = ":4566", "off" }, "aws"},
		{"auth off on loopback", func(c *server.Config) { c.AWS, c.Console, c.Auth = "[::1]:0", "127.0.0.2:0", "off" }, ""},
		{"console beyond loopback with a certificate", func(c *server.Config) {
			c.Console, c.Public = "accounts.example.com:4580", server.Public{TLSCert: "c", TLSKey: "k"}
		}, ""},
		{"console on all addresses with a certificate", func(c *server.Config) {
			c.Console, c.Public = ":4580", server.Public{URL: "https://a.example.com", TLSCert: "c", TLSKey: "k"}
		}, ""},
		{"console on all addresses with a certificate, for nobody knows whom", func(c *server.Config) {
			c.Console, c.Public = "0.0.0.0:4580", server.Public{TLSCert: "c", TLSKey: "k"}
		}, "public-url"},
		{"operators by ARN", func(c *server.Config) {
			c.Operators = "arn:aws:iam::*:user/ann, arn:aws:sts::111122223333:assumed-role/A/*"
		}, ""},
		{"operators by name", func(c *server.Config) { c.Operators = "ann" }, "operators"},
		{"auditors by no pattern", func(c *server.Config) { c.Auditors = "arn:aws:iam::111122223333:user/[" }, "auditors"},
		{"AWS with viewers of any account", onAWS(func(c *server.Config) {
			c.Viewers = "arn:aws:iam::111122223333:user/ann,arn:aws:sts::*:assumed-role/A/*"
		}), "viewers"},
		{"AWS with operators of an account", onAWS(func(c *server.Config) {
			c.Operators = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admins_*/*"
		}), ""},
		{"AWS in China", onAWS(func(c *server.Config) { c.Region = "cn-north-1" }), "region"},
		{"AWS GovCloud", onAWS(func(c *server.Config) { c.Region = "us-gov-west-1" }), "region"},
		{"AWS in Frankfurt", onAWS(func(c *server.Config) { c.Region = "eu-central-1" }), ""},
		{"no new accounts", func(c *server.Config) { c.DailyCap = "0" }, "daily-cap"},
		{"no cap", func(c *server.Config) { c.DailyCap = "off" }, ""},
		{"a secret for no webhook", func(c *server.Config) { c.EventSecret = "sixteen characters" }, "event-webhook-secret"},
		{"AWS without signatures", onAWS(func(c *server.Config) { c.Auth = "off" }), "auth"},
		{"AWS with mail", onAWS(mailing(func(*server.SMTP) {})), "smtp-host"},
		{"AWS with lifecycle events", onAWS(func(c *server.Config) { c.EventWebhook, c.EventSecret = "https://a.example.com", "sixteen characters" }), "event-webhook"},
		{"AWS with a key of the twin's", onAWS(func(c *server.Config) { c.AccessKeyID, c.SecretAccessKey = "AKIA", "s" }), "access-key-id"},
		{"AWS of an age", onAWS(func(c *server.Config) { c.Profile = "current" }), "control-tower"},
		{"AWS made empty", onAWS(func(c *server.Config) { c.Empty = true }), "empty"},
		{"AWS with a lab", onAWS(func(c *server.Config) { c.Lab = true }), "lab"},
		{"AWS that repeats", onAWS(func(c *server.Config) { c.RandomSeed = 1 }), "random-seed"},
		{"console beyond loopback behind a proxy", func(c *server.Config) {
			c.Console, c.Public = ":4580", server.Public{URL: "https://a.example.com", TrustedProxy: "10.0.0.0/8"}
		}, ""},
		{"a proxy without HTTPS", func(c *server.Config) { c.Console, c.Public.TrustedProxy = ":4580", "10.0.0.0/8" }, "console"},
		{"a public URL without HTTPS", func(c *server.Config) { c.Public.URL = "http://a.example.com" }, "public-url"},
		{"a public URL with a path", func(c *server.Config) { c.Public.URL = "https://a.example.com/x" }, "public-url"},
		{"a certificate without a key", func(c *server.Config) { c.Public.TLSCert = "c" }, "tls-cert"},
		{"a proxy by name", func(c *server.Config) { c.Public.TrustedProxy = "proxy.example.com" }, "trusted-proxy"},
		{"neither cloud", func(c *server.Config) { c.Cloud.Kind = "gcp" }, "cloud"},
		{"AWS without an organization", func(c *server.Config) { c.Cloud.Kind = "aws" }, "organization"},
		{"AWS", func(c *server.Config) { c.Cloud = server.Cloud{Kind: "aws", Organization: "o-abcdefghij"} }, ""},
		{"the twin with an organization", func(c *server.Config) { c.Cloud.Organization = "o-abcdefghij" }, "organization"},
		{"a budget beyond what AWS allows", func(c *server.Config) {
			c.Cloud = server.Cloud{Kind: "aws", Organization: "o-abcdefghij", Budget: "1.5"}
		}, "api-budget"},
		{"users from nowhere", func(c *server.Config) { c.IdentitySource = "ldap" }, "identity-source"},
		{"a budget of nothing", func(c *server.Config) {
			c.Cloud = server.Cloud{Kind: "aws", Organization: "o-abcdefghij", Budget: "0"}
		}, "api-budget"},
		{"a budget of the twin", func(c *server.Config) { c.Cloud.Budget = "0.5" }, "api-budget"},
		{"a Region of the twin's Identity Center", func(c *server.Config) { c.Cloud.CenterRegion = "eu-west-1" }, "identity-center-region"},
		{"an external id without a role", func(c *server.Config) {
			c.Cloud = server.Cloud{Kind: "aws", Organization: "o-abcdefghij", ExternalID: "x"}
		}, "external-id"},
		{"another database", func(c *server.Config) { c.Database = "mysql://h/d" }, "database"},
		{"console beyond loopback", func(c *server.Config) { c.Console = "0.0.0.0:4580" }, "console"},
		{"console on all addresses without a host", func(c *server.Config) { c.Console = ":4580" }, "console"},
		{"console by a name", func(c *server.Config) { c.Console = "example.com:4580" }, "console"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := server.DefaultConfig()
			tc.change(&c)
			err := c.Validate()
			var usage server.UsageError
			switch {
			case tc.setting == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tc.setting != "" && (!errors.As(err, &usage) || usage.Setting != tc.setting):
				t.Errorf("got %v, want --%s named", err, tc.setting)
			}
		})
	}
}
