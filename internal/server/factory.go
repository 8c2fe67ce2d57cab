package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// startFactory starts requests and their workers on the data folder, as a client of the AWS endpoint like any other, and
// the console's API upon them.
func (s *Server) startFactory(ctx context.Context) error {
	if s.config.TwinOnly {
		return nil
	}
	if s.config.Empty {
		return errors.New("the factory needs an organization, and --empty makes none: use `accountfactory twin --empty`")
	}
	reached, err := cloud.Connect(ctx, cloud.Config{
		Kind: cloud.KindTwin, Endpoint: s.ready.AWS, Region: s.config.Region, CredentialsFile: CredentialsFile(s.config.Data), Profile: ManagementProfile,
	})
	if err != nil {
		return err
	}
	if err := reached.EnsureRole(ctx); err != nil {
		return err
	}
	db, err := factorydb.Open(ctx, factorydb.Config{Path: filepath.Join(s.config.Data, "factory.db"), Limit: s.config.operations(), Log: s.config.Log})
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) error { return db.Close() })
	who := reached.Identity()
	service := factory.New(factory.Config{
		Store: db, Sessions: factory.CloudSessions{Cloud: cloud.NewSessions(reached)}, Log: s.config.Log,
		Binding: factory.Binding{Kind: who.Kind, OrganizationID: who.OrganizationID, ManagementAccount: who.ManagementAccount, Region: who.Region},
	})
	if err := service.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	s.onStop(service.Stop)
	s.api = console.New(s.consoleConfig(service, who)).Handler()
	return nil
}

func (s *Server) consoleConfig(service *factory.Service, who cloud.Identity) console.Config {
	return console.Config{
		Factory: service, Operator: who.CallerARN, Log: s.config.Log,
		Roles: console.Roles{
			Operators: console.Patterns(s.config.Operators), Auditors: console.Patterns(s.config.Auditors), Viewers: console.Patterns(s.config.Viewers),
		},
		Verifier: cloud.Verifier{Endpoint: s.ready.AWS, Audience: s.ready.Console, Client: &http.Client{Timeout: 30 * time.Second}},
		About: console.About{
			Version: s.config.Version, Cloud: who.Kind, AWS: s.ready.AWS, Region: who.Region, Account: who.ManagementAccount,
			OrganizationID: who.OrganizationID, Audience: s.ready.Console,
		},
	}
}
