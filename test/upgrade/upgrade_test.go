package upgrade

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/jackc/pgx/v5"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// The two kinds of database, and the files of a fixture.
const (
	sqlite, postgres = "sqlite", "postgres"

	twinFile     = "twin.db.gz"
	factoryFile  = "factory.db.gz"
	dumpFile     = "factory.sql.gz"
	requestsFile = "requests.json"
	writesFile   = "writes.sql.gz"
)

// within is far beyond what it takes to end what is open.
const within = 2 * time.Minute

// left is a request as the earlier version last told of it.
type left struct {
	ID    string        `json:"id"`
	Kind  factory.Kind  `json:"kind"`
	Name  string        `json:"name"`
	State factory.State `json:"state"`
	Step  string        `json:"step"`
}

// The key of the management account in the fixtures: one of the twin's, good for nothing else.
const fixtureKey, fixtureSecret = "AKIAUPGRADEUPGRADE00", "upgrade-upgrade-upgrade-upgrade"

// server is the PostgreSQL of all tests here, started when the first one wants it.
var server harness.SharedPostgres

// database makes an empty PostgreSQL database.
func database(t *testing.T) string {
	t.Helper()
	_, url := server.Database(t)
	return url
}

func TestMain(m *testing.M) {
	code := harness.Main(m)
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// unpacked reads a compressed file of a fixture.
func unpacked(t *testing.T, engine, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", engine, name))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body, err = io.ReadAll(zipped); err != nil {
		t.Fatal(err)
	}
	return body
}

// restore lays out what the earlier version left and gives the settings to go on with.
func restore(t *testing.T, engine string) (data string, args []string) {
	t.Helper()
	data = t.TempDir()
	lay := func(name string, body []byte) {
		if err := os.WriteFile(filepath.Join(data, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lay("twin.db", unpacked(t, engine, twinFile))
	lay("credentials", fmt.Appendf(nil, "[management]\naws_access_key_id = %s\naws_secret_access_key = %s\n", fixtureKey, fixtureSecret))
	args = []string{"--speed", "instant", "--account-operations", "5"}
	if engine == sqlite {
		lay("factory.db", unpacked(t, engine, factoryFile))
		return data, args
	}
	url := database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.PgConn().Exec(t.Context(), string(unpacked(t, engine, dumpFile))).ReadAll()
	if err := errors.Join(err, conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return data, append(args, "--database", url)
}

// TestGoesOn: what an earlier version left open, in every stage from waiting to following what AWS does, this version ends, and
// doubles none of it.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{sqlite, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			want := told(t, engine)
			stages := map[string]int{}
			for _, r := range want {
				if !r.State.Ended() {
					stages[fmt.Sprintf("%s %s at %s", r.Kind, r.State, r.Step)]++
				}
			}
			data, args := restore(t, engine)
			p := harness.RunOn(t, data, "serve", args...)
			all := ended(t, p, len(want))
			t.Logf("ended, of %s: %v", engine, stages)
			for _, r := range want {
				i := slices.IndexFunc(all, func(d factory.Detail) bool { return d.ID == r.ID })
				if i < 0 || all[i].State != factory.StateSucceeded || all[i].Kind != r.Kind || all[i].Name != r.Name {
					t.Errorf("%+v became %+v", r, all[max(i, 0)])
				}
			}
			once(t, p, all)
		})
	}
}

// told gives the requests as the earlier version last told of them.
func told(t *testing.T, engine string) (out []left) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", engine, requestsFile))
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ended waits until all requests have.
func ended(t *testing.T, p *harness.Process, n int) (all []factory.Detail) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	c, err := p.Management(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Lab(c.Config.Credentials).Do(ctx, http.MethodPost, "/_twin/clock", map[string]string{"advance": "3h"}, nil); err != nil { // what was begun took AWS's time
		t.Fatal(err)
	}
	api := p.API(c.Config.Credentials)
	err = harness.Poll(ctx, 100*time.Millisecond, func() (bool, error) {
		var err error
		all, err = api.Requests(ctx)
		return len(all) == n && !slices.ContainsFunc(all, func(d factory.Detail) bool { return !d.State.Ended() }), err
	})
	if err != nil {
		for _, d := range all {
			t.Logf("%s %s %s: %s at %s, %s %s", d.ID, d.Kind, d.Name, d.State, d.Step, d.WaitReason, d.ErrorMessage)
		}
		t.Fatal(err)
	}
	return all
}

// once sees that each launch has one account and one product.
func once(t *testing.T, p *harness.Process, all []factory.Detail) {
	t.Helper()
	c, err := p.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	emails, launched := map[string]int{}, 0
	pages := organizations.NewListAccountsPaginator(c.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Accounts {
			emails[aws.ToString(a.Email)]++
		}
	}
	gone := 0
	for _, d := range all {
		switch d.Kind {
		case factory.KindLaunch:
			launched++
			if emails[d.AccountEmail] != 1 {
				t.Errorf("%s has %d accounts", d.AccountEmail, emails[d.AccountEmail])
			}
		case factory.KindUnmanage, factory.KindClose:
			gone++
		default: // changes what is there
		}
	}
	const ofItself = 3 // the management account, Log archive and Audit
	if len(emails) != launched+ofItself {
		t.Errorf("%d launches and %d accounts: %v", launched, len(emails), emails)
	}
	products, err := c.Catalog.SearchProvisionedProducts(t.Context(), &servicecatalog.SearchProvisionedProductsInput{PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(products.ProvisionedProducts); got != launched-gone {
		t.Errorf("%d provisioned products, want %d", got, launched-gone)
	}
}
