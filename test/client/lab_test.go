package client

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/cloud"
	"accountfactory/test/harness"
)

// post makes an unsigned call of the lab.
func post(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close() // the status is all
	return resp.StatusCode
}

func TestLab_Reset(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "twin")
	c, err := p.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	accounts := func() int {
		out, err := c.Organizations.ListAccounts(t.Context(), &organizations.ListAccountsInput{})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.Accounts)
	}
	start := accounts()
	if _, err := c.Organizations.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("x@example.com")}); err != nil {
		t.Fatal(err)
	}
	must[any](t, "lab", "clock", "advance", "1h", "--data", p.Data)
	if status := post(t, p.AWS+"/_twin/reset"); status != http.StatusForbidden {
		t.Errorf("an unsigned reset answers %d, want 403", status)
	}
	lab := &cloud.Lab{Endpoint: p.AWS, Region: p.Region, Credentials: c.Config.Credentials}
	begin := time.Now()
	if err := lab.Do(t.Context(), http.MethodPost, "/_twin/reset", nil, nil); err != nil {
		t.Fatal(err)
	}
	t.Logf("a signed reset takes %v", time.Since(begin))
	if took := time.Since(begin); took > time.Second {
		t.Errorf("a reset takes %v, want milliseconds", took)
	}
	if n := accounts(); n != start {
		t.Errorf("%d accounts after the reset, want the %d of the start; the key goes on working", n, start)
	}
}

func TestLab_AuthOff(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "twin", "--auth", "off")
	begin := time.Now()
	if status := post(t, p.AWS+"/_twin/reset"); status != http.StatusOK {
		t.Errorf("an unsigned reset answers %d, want 200", status)
	}
	t.Logf("an unsigned reset takes %v", time.Since(begin))
}

// A vend leaves the lifecycle event that automation waits for, and a mail for the account's owner.
func TestLab_EventsAndOutbox(t *testing.T) {
	t.Parallel()
	j := speedJourney(t, "instant")
	j.launch()
	j.await()
	events := list(must[any](t, "lab", "events", "--data", j.server.Data), "events")
	i := slices.IndexFunc(events, func(e any) bool { return text(e, "detail", "eventName") == "CreateManagedAccount" })
	if i < 0 {
		t.Fatalf("no CreateManagedAccount among %d events", len(events))
	}
	event := events[i]
	if text(event, "source") != "aws.controltower" || text(event, "detail", "serviceEventDetails", "createManagedAccountStatus", "account", "accountId") != j.account {
		t.Errorf("the event is %v", event)
	}
	var mail string
	err := harness.Poll(t.Context(), 20*time.Millisecond, func() (bool, error) {
		mails, err := harness.Mails(j.server.Data, ownerEmail)
		if len(mails) > 0 {
			mail = mails[len(mails)-1]
		}
		return mail != "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(mail, "\n\n")
	for i, name := range []string{"To", "Subject", "Date", "Link"} {
		lines := strings.Split(head, "\n")
		if len(lines) != 4 || !strings.HasPrefix(lines[i], name+": ") || len(lines[i]) == len(name)+2 {
			t.Fatalf("the mail begins %q, want To, Subject, Date and Link", head)
		}
	}
	if strings.TrimSpace(body) == "" {
		t.Error("the mail has no text")
	}
}
