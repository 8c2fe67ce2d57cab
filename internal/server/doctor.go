package server

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/console"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/twin"
)

// examineWithin bounds what one part of an examination waits for.
const examineWithin = 20 * time.Second

// Examine looks at all that a server with this configuration needs, and at one that runs. It writes nothing.
func Examine(ctx context.Context, c Config) []doctor.Finding {
	settings := doctor.Finding{Name: doctor.Settings, Result: doctor.OK, Looked: "flags, environment and --config file", Seen: "each is good by itself"}
	if err := c.Validate(); err != nil {
		return []doctor.Finding{doctor.Refused(err)}
	}
	now := clock.Wall{}
	ready, running := c.alive()
	out := []doctor.Finding{settings, doctor.Folder(c.Data, running), doctor.Space(c.Data), c.examineServer(ready, running)}
	lines, who := c.examineCloud(ctx, ready, running)
	out = append(out, lines...)
	dbCtx, cancel := context.WithTimeout(ctx, examineWithin)
	defer cancel()
	in, err := factorydb.Inspect(dbCtx, c.factoryFile(), c.Database, running)
	out = append(out, doctor.DatabaseLines(in, err, who, now.Now())...)
	out = append(out, doctor.Keys(c.keyFile(), console.KeySize, c.Database != "", c.KeyFile != ""),
		doctor.Addresses(ctx, running, c.addresses()),
		doctor.Certificate(c.Public.TLSCert, c.Public.TLSKey, c.Public.url("http://"+c.Console), now.Now()),
		doctor.Public(ctx, &http.Client{Timeout: examineWithin}, strings.TrimSuffix(c.Public.URL, "/"), running))
	return append(out, c.examineMail(ctx), c.examineSignIn(ctx))
}

func (c Config) factoryFile() string { return filepath.Join(c.Data, factoryDatabase) }

// alive finds the server that works on the data folder. Its address file may be left of one that was killed, whose port another
// one has by now: the lock is not.
func (c Config) alive() (Ready, bool) {
	ready, err := Find(c.Data)
	return ready, err == nil && locked(c.Data)
}

func (c Config) examineServer(ready Ready, running bool) doctor.Finding {
	f := doctor.Finding{Name: doctor.Server, Result: doctor.OK, Looked: "server of the data folder"}
	switch {
	case running:
		f.Seen = "it runs, at " + ready.Console
	case c.Cloud.aws():
		f.Seen = "none runs"
	default:
		f.Result, f.Seen, f.Remedy = doctor.Warning, "none runs, so what is in the twin was not looked at", "accountfactory serve --data "+c.Data
	}
	return f
}

// examineCloud gives the cloud's lines, and what was reached, zero when nothing was.
func (c Config) examineCloud(ctx context.Context, ready Ready, running bool) ([]doctor.Finding, factory.Binding) {
	if !c.Cloud.aws() && !running {
		return nil, factory.Binding{}
	}
	ctx, cancel := context.WithTimeout(ctx, 3*examineWithin)
	defer cancel()
	s := Server{config: c, ready: ready, watch: &watch{metrics: newMetrics()}}
	if !c.Cloud.aws() {
		s.config.Region = ready.Region
	}
	look := doctor.Cloud{
		Config: s.cloudConfig(), Provisioner: factory.Provisioner(c.Provisioner), Force: c.ProvisionerForce, Quota: c.AccountQuota,
		AllowedOUs: console.Patterns(c.AllowedOUs), Clock: clock.Wall{},
	}
	lines := look.Look(ctx)
	who := look.Identity()
	if who.OrganizationID == "" {
		return lines, factory.Binding{}
	}
	return lines, bindingOf(who)
}

func bindingOf(who cloud.Identity) factory.Binding {
	return factory.Binding{Kind: who.Kind, OrganizationID: who.OrganizationID, ManagementAccount: who.ManagementAccount, Region: who.Region}
}

func (c Config) addresses() []doctor.Address {
	out := []doctor.Address{{Flag: "console", Value: c.Console}, {Flag: "metrics", Value: c.Metrics}}
	if !c.Cloud.aws() {
		out = append(out, doctor.Address{Flag: "aws", Value: c.AWS})
	}
	return out
}

func (c Config) examineMail(ctx context.Context) doctor.Finding {
	if c.SMTP.Host == "" {
		return doctor.MailServer("", nil)
	}
	ctx, cancel := context.WithTimeout(ctx, examineWithin)
	defer cancel()
	return doctor.MailServer(c.SMTP.Host, twin.CheckSMTP(ctx, c.SMTP.twin()))
}
