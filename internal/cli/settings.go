package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// A setting comes from its flag, else from ACCOUNTFACTORY_<FLAG>, else from the file named by --config, else it has its
// default.

// fileSettings are the keys a configuration file may have: the flags' names. Any other is an error with its position.
type fileSettings struct {
	Data              any `yaml:"data"`
	AWS               any `yaml:"aws"`
	Console           any `yaml:"console"`
	Region            any `yaml:"region"`
	AccountID         any `yaml:"account-id"`
	AccessKeyID       any `yaml:"access-key-id"`
	SecretAccessKey   any `yaml:"secret-access-key"`
	AccountOperations any `yaml:"account-operations"`
	Profile           any `yaml:"control-tower"`
	EventWebhook      any `yaml:"event-webhook"`
	EventSecret       any `yaml:"event-webhook-secret"`
	Speed             any `yaml:"speed"`
	RandomSeed        any `yaml:"random-seed"`
	Empty             any `yaml:"empty"`
	Auth              any `yaml:"auth"`
	Lab               any `yaml:"lab"`
	ReadyFile         any `yaml:"ready-file"`
}

func (f fileSettings) values() map[string]any {
	return map[string]any{
		"data": f.Data, "aws": f.AWS, "console": f.Console, "region": f.Region, "account-id": f.AccountID, "access-key-id": f.AccessKeyID,
		"secret-access-key": f.SecretAccessKey, "account-operations": f.AccountOperations, "control-tower": f.Profile,
		"event-webhook": f.EventWebhook, "event-webhook-secret": f.EventSecret, "speed": f.Speed, "random-seed": f.RandomSeed,
		"empty": f.Empty, "auth": f.Auth, "lab": f.Lab, "ready-file": f.ReadyFile,
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
			return usageError("--config %s: %w", configFile, err)
		}
		fromFile = f.values()
	}
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil {
			return
		}
		if v, ok := a.env(envName(f.Name)); ok {
			failed = set(flags, f.Name, v, envName(f.Name))
		} else if v := fromFile[f.Name]; v != nil {
			failed = set(flags, f.Name, fmt.Sprint(v), configFile)
		}
	})
	return failed
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
