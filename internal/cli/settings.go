package cli

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// A setting comes from its flag, else from ACCOUNTFACTORY_<FLAG>, else from the file named by --config, else it has its
// default.

// fileSettings are the keys a configuration file may have: the flags' names. Any other is an error with its position.
type fileSettings struct {
	Data              *string `yaml:"data"`
	AWS               *string `yaml:"aws"`
	Console           *string `yaml:"console"`
	Region            *string `yaml:"region"`
	AccountID         *string `yaml:"account-id"`
	AccessKeyID       *string `yaml:"access-key-id"`
	SecretAccessKey   *string `yaml:"secret-access-key"`
	AccountOperations *int    `yaml:"account-operations"`
	Profile           *string `yaml:"control-tower"`
	EventWebhook      *string `yaml:"event-webhook"`
	EventSecret       *string `yaml:"event-webhook-secret"`
	SMTPHost          *string `yaml:"smtp-host"`
	SMTPUser          *string `yaml:"smtp-user"`
	SMTPPassword      *string `yaml:"smtp-password"`
	SMTPFrom          *string `yaml:"smtp-from"`
	SMTPSecurity      *string `yaml:"smtp-tls"`
	Speed             *string `yaml:"speed"`
	RandomSeed        *uint64 `yaml:"random-seed"`
	Empty             *bool   `yaml:"empty"`
	Auth              *string `yaml:"auth"`
	Lab               *bool   `yaml:"lab"`
	ReadyFile         *string `yaml:"ready-file"`
	Operators         *string `yaml:"operators"`
	Auditors          *string `yaml:"auditors"`
	Viewers           *string `yaml:"viewers"`
	DailyCap          *string `yaml:"daily-cap"`
	AccountQuota      *int    `yaml:"account-quota"`
	AllowedOUs        *string `yaml:"allowed-ous"`
	Hooks             *string `yaml:"hooks"`
	Reminder          *string `yaml:"reminder"`
	Patience          *string `yaml:"patience"`
	KeepRequests      *string `yaml:"keep-requests"`
	KeepEvents        *string `yaml:"keep-events"`
	Provisioner       *string `yaml:"provisioner"`
	ProvisionerForce  *bool   `yaml:"provisioner-force"`
	Cloud             *string `yaml:"cloud"`
	Organization      *string `yaml:"organization"`
	EndpointURL       *string `yaml:"endpoint-url"`
	AWSProfile        *string `yaml:"aws-profile"`
	RoleARN           *string `yaml:"role-arn"`
	ExternalID        *string `yaml:"external-id"`
	CenterRegion      *string `yaml:"identity-center-region"`
	APIBudget         *string `yaml:"api-budget"`
	IdentitySource    *string `yaml:"identity-source"`
	Database          *string `yaml:"database"`
	DatabaseFile      *string `yaml:"database-file"`
	Metrics           *string `yaml:"metrics"`
	LogLevel          *string `yaml:"log-level"`
	LogFormat         *string `yaml:"log-format"`
	PublicURL         *string `yaml:"public-url"`
	TLSCert           *string `yaml:"tls-cert"`
	TLSKey            *string `yaml:"tls-key"`
	TrustedProxy      *string `yaml:"trusted-proxy"`
	KeyFile           *string `yaml:"key-file"`
	OIDCIssuer        *string `yaml:"oidc-issuer"`
	OIDCClientID      *string `yaml:"oidc-client-id"`
	OIDCSecretFile    *string `yaml:"oidc-client-secret-file"`
	OIDCScopes        *string `yaml:"oidc-scopes"`
	OIDCGroupsClaim   *string `yaml:"oidc-groups-claim"`
	OIDCRoles         *lines  `yaml:"oidc-role"`
	IdentityCenter    *bool   `yaml:"identity-center-sign-in"`
	StartURL          *string `yaml:"identity-center-start-url"`
}

// lines is a list in the file, or a text of several lines, for a flag that may be repeated.
type lines string

// UnmarshalYAML takes either.
func (l *lines) UnmarshalYAML(unmarshal func(any) error) error {
	var list []string
	if unmarshal(&list) == nil {
		*l = lines(strings.Join(list, "\n"))
		return nil
	}
	var text string
	err := unmarshal(&text)
	*l = lines(text)
	return err
}

// values gives the settings by their flags' names, each nil or a pointer to what the file says.
func (f fileSettings) values() map[string]any {
	return map[string]any{
		"data": f.Data, "aws": f.AWS, "console": f.Console, "region": f.Region, "account-id": f.AccountID, "access-key-id": f.AccessKeyID,
		"secret-access-key": f.SecretAccessKey, "account-operations": f.AccountOperations, "control-tower": f.Profile,
		"event-webhook": f.EventWebhook, "event-webhook-secret": f.EventSecret, "smtp-host": f.SMTPHost, "smtp-user": f.SMTPUser,
		"smtp-password": f.SMTPPassword, "smtp-from": f.SMTPFrom, "smtp-tls": f.SMTPSecurity, "speed": f.Speed, "random-seed": f.RandomSeed,
		"empty": f.Empty, "auth": f.Auth, "lab": f.Lab, "ready-file": f.ReadyFile,
		"operators": f.Operators, "auditors": f.Auditors, "viewers": f.Viewers,
		"hooks": f.Hooks, "account-quota": f.AccountQuota, "allowed-ous": f.AllowedOUs, "daily-cap": f.DailyCap, "reminder": f.Reminder, "patience": f.Patience,
		"keep-requests": f.KeepRequests, "keep-events": f.KeepEvents,
		"provisioner": f.Provisioner, "provisioner-force": f.ProvisionerForce,
		"cloud": f.Cloud, "organization": f.Organization, "endpoint-url": f.EndpointURL, "aws-profile": f.AWSProfile,
		"role-arn": f.RoleARN, "external-id": f.ExternalID, "database": f.Database, "database-file": f.DatabaseFile,
		"metrics": f.Metrics, "log-level": f.LogLevel, "log-format": f.LogFormat, "public-url": f.PublicURL, "tls-cert": f.TLSCert, "tls-key": f.TLSKey, "trusted-proxy": f.TrustedProxy,
		"key-file": f.KeyFile, "identity-center-region": f.CenterRegion, "api-budget": f.APIBudget,
		"oidc-issuer": f.OIDCIssuer, "oidc-client-id": f.OIDCClientID, "oidc-client-secret-file": f.OIDCSecretFile, "oidc-scopes": f.OIDCScopes,
		"oidc-groups-claim": f.OIDCGroupsClaim, "oidc-role": f.OIDCRoles,
		"identity-center-sign-in": f.IdentityCenter, "identity-center-start-url": f.StartURL,
		"identity-source": f.IdentitySource,
	}
}

// fillFlags gives every flag not set on the command line its value from the environment or the configuration file.
func (a *app) fillFlags(flags *pflag.FlagSet, configFile string) error {
	fromFile := map[string]any{}
	if configFile == "" {
		configFile, _ = a.env(envName("config"))
	}
	if configFile != "" {
		body, err := os.ReadFile(configFile)
		if err != nil {
			return usageError("--config: %w", err)
		}
		var f fileSettings
		if err := yaml.UnmarshalWithOptions(body, &f, yaml.Strict()); err != nil {
			return usageError("--config %s: %s", configFile, yaml.FormatError(err, false, false)) // not its lines, which may hold secrets
		}
		fromFile = f.values()
	}
	var failed error
	typed := map[string]bool{}
	flags.Visit(func(f *pflag.Flag) { typed[f.Name] = true })
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || typed[rival(f.Name)] {
			return
		}
		if v, ok := a.env(envName(f.Name)); ok {
			failed = set(flags, f.Name, v, envName(f.Name))
		} else if v := reflect.ValueOf(fromFile[f.Name]); v.IsValid() && !v.IsNil() {
			failed = set(flags, f.Name, fmt.Sprint(v.Elem()), configFile)
		}
	})
	return failed
}

// rival is the flag that says the same otherwise: who has typed it means it, whatever the environment says of this one.
func rival(flag string) string {
	return map[string]string{"server": "data", "as": "profile", "profile": "as"}[flag]
}

func set(flags *pflag.FlagSet, name, value, source string) error {
	if err := flags.Set(name, value); err != nil {
		return usageError("%s: %w", source, err)
	}
	return nil
}

// envName gives the variable of a flag: ACCOUNTFACTORY_ACCOUNT_ID for --account-id.
func envName(flag string) string {
	return "ACCOUNTFACTORY_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
