package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/cloud"
	"accountfactory/internal/twin"
	"accountfactory/internal/twin/controltower"
)

func TestParse_ReadyMade(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../docs/scenarios/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		s, err := read(file)
		if err != nil || s.Description == "" {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, step := range s.Steps {
			if f := step.What.Fault; f != nil && f.Name != "" {
				if _, ok := controltower.FailureNamed(f.Name); !ok {
					t.Errorf("%s: no failure %s", file, f.Name)
				}
			}
		}
	}
}

func TestParse_Refused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ body, want string }{
		"nothing":         {"description: x\n", "at least one thing"},
		"unknown field":   {"steps:\n  - what: {fault: {title: F1}}\n", "title"},
		"two whats":       {"steps:\n  - what: {release: true, disarm: true}\n", "have 2"},
		"no what":         {"steps:\n  - when: {after: 1s}\n", "have 0"},
		"bad duration":    {"steps:\n  - when: {after: soon}\n    what: {release: true}\n", "soon"},
		"state, no event": {"steps:\n  - when: {state: FAILED}\n    what: {release: true}\n", "goes with event"},
	} {
		if _, err := Parse([]byte(tc.body)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlay_Restore: after a restore, which takes events back, and when the twin keeps old events no longer, an event that comes
// then is seen, and none that came before.
func TestPlay_Restore(t *testing.T) {
	t.Parallel()
	told := func(ids ...string) string {
		var out []string
		for _, id := range ids {
			out = append(out, `{"id":"`+id+`","detail":{"eventName":"CreateManagedAccount","serviceEventDetails":{"x":{"state":"SUCCEEDED"}}}}`)
		}
		return `{"events":[` + strings.Join(out, ",") + `]}`
	}
	events, looks := []string{"1", "2", "3"}, 0
	p := &Player{Every: time.Millisecond, Lab: func(_ context.Context, _, path string, _, out any) error {
		switch path {
		case "/_twin/events":
			if looks++; looks == 6 { // once, as for the first time nothing had come yet
				events = append(events, "4")
			}
			if looks == 9 {
				events = []string{"5"} // the others are kept no longer
			}
			return json.Unmarshal([]byte(told(events...)), out)
		case "/_twin/restore":
			events = []string{"1"}
		case "/_twin/clock":
			return json.Unmarshal([]byte(`{"now":"2026-01-01T00:00:00Z"}`), out)
		}
		return nil
	}}
	var done []int
	p.Done = func(step int, _ time.Time) { done = append(done, looks) }
	s, err := Parse([]byte("steps:\n  - what: {restore: early}\n" + strings.Repeat("  - when: {event: CreateManagedAccount}\n    what: {snapshot: x}\n", 2)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := p.Play(ctx, s); err != nil || len(done) != 3 || done[1] != 6 || done[2] != 9 {
		t.Errorf("%v: steps were done at looks %v", err, done)
	}
}

// TestPlay plays the ready-made bad day on a twin while three accounts are launched, one after the other.
func TestPlay(t *testing.T) {
	t.Parallel()
	tw, err := twin.Open(t.Context(), twin.Config{
		Dir: t.TempDir(), Region: "us-east-1", ManagementAccountID: "111122223333", AccessKeyID: "AKIATESTTESTTESTTEST", SecretAccessKey: "secretsecretsecretsecret", PortalURL: "http://p", Seed: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(tw)
	t.Cleanup(func() { srv.Close(); _ = tw.Close() })
	keys := credentials.NewStaticCredentialsProvider("AKIATESTTESTTESTTEST", "secretsecretsecretsecret", "")
	lab := &cloud.Lab{Endpoint: srv.URL, Region: "us-east-1", Credentials: keys}
	s, err := read("../../docs/scenarios/bad-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	steps := make(chan int, len(s.Steps))
	go func() {
		p := &Player{Lab: lab.Do, Done: func(i int, _ time.Time) { steps <- i }, Every: time.Millisecond}
		ended <- p.Play(ctx, s)
	}()
	catalog := servicecatalog.NewFromConfig(aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), Credentials: keys})
	<-steps // the first fault is armed
	want := []string{"already exists. To continue, delete the existing IAM role", "Config recorder", "within one hour"}
	for i, text := range want {
		out := launchFails(t, catalog, []string{"one", "two", "three"}[i])
		if !strings.Contains(out, text) {
			t.Errorf("launch %d failed with %q, want %q", i+1, out, text)
		}
		switch i {
		case 0:
			<-steps // the condition is set
		case 1:
			<-steps // it is cleared
			<-steps // and the third will hang
		}
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if last := <-steps; last != len(s.Steps)-1 {
		t.Errorf("the last step told of is %d", last)
	}
}

func read(path string) (*Scenario, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

// launchFails launches an account and gives why it failed.
func launchFails(t *testing.T, c *servicecatalog.Client, name string) string {
	t.Helper()
	found, err := c.SearchProducts(t.Context(), &servicecatalog.SearchProductsInput{})
	if err != nil {
		t.Fatal(err)
	}
	id := found.ProductViewSummaries[0].ProductId
	p, err := c.DescribeProduct(t.Context(), &servicecatalog.DescribeProductInput{Id: id})
	if err != nil {
		t.Fatal(err)
	}
	declared, err := c.DescribeProvisioningParameters(t.Context(), &servicecatalog.DescribeProvisioningParametersInput{ProductId: id, ProvisioningArtifactId: p.ProvisioningArtifacts[0].Id})
	if err != nil {
		t.Fatal(err)
	}
	var in []types.ProvisioningParameter
	for _, d := range declared.ProvisioningArtifactParameters {
		value := name + "@example.com"
		if len(d.ParameterConstraints.AllowedValues) > 0 {
			value = d.ParameterConstraints.AllowedValues[0]
		}
		in = append(in, types.ProvisioningParameter{Key: d.ParameterKey, Value: aws.String(value)})
	}
	out, err := c.ProvisionProduct(t.Context(), &servicecatalog.ProvisionProductInput{ProductId: id, ProvisioningArtifactId: p.ProvisioningArtifacts[0].Id, ProvisionedProductName: aws.String(name), ProvisioningParameters: in})
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := c.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: out.RecordDetail.RecordId})
		if err != nil {
			t.Fatal(err)
		}
		switch rec.RecordDetail.Status {
		case types.RecordStatusFailed:
			return aws.ToString(rec.RecordDetail.RecordErrors[0].Description)
		case types.RecordStatusSucceeded:
			t.Fatal(errors.New("the launch worked"))
		default:
		}
	}
}
