package peer

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/test/harness"
)

const region = "us-east-1"

// Keys of the management account. moto knows no keys but those it gave out; all others are its default account's.
const keyID, keySecret = "AKIAPEERPEERPEERPEER", "peer-peer-peer-peer"

// motoStart is far beyond what moto takes to import what it plays.
const motoStart = 60 * time.Second

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// moto is a server of moto's with an organization in it, and the organizational units Sandbox and Production.
type moto struct {
	*harness.Clients
	url          string
	organization string
}

// notFound is how a version manager's link ends that leads to a program which is not there.
const notFound = 127

// startMoto starts a server, or skips the test where moto is not installed.
func startMoto(t *testing.T) *moto {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err == nil {
		err = exec.Command(program, "--help").Run()
	}
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.As(err, &exit) && exit.ExitCode() == notFound:
		harness.Missing(t, false, "moto's server")
	case err != nil:
		t.Fatalf("moto_server is on this machine and does not start: %v", err)
	}
	address := freeAddress(t)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	log := &harness.Log{}
	cmd := exec.Command(program, "-H", host, "-p", port)
	cmd.Env = harness.Env(t.TempDir(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "HOME="+os.Getenv("HOME"))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a version manager may stand before it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
		_ = cmd.Wait()                                      // killed
	})
	m := &moto{url: "http://" + address}
	m.await(t, log)
	m.Clients = harness.NewClients(aws.Config{
		Region: region, BaseEndpoint: aws.String(m.url), Credentials: credentials.NewStaticCredentialsProvider(keyID, keySecret, ""),
	})
	m.organize(t)
	return m
}

// freeAddress gives an address nobody listens on: moto does not say which port it took.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func (m *moto) await(t *testing.T, log *harness.Log) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), motoStart)
	defer cancel()
	err := harness.Poll(ctx, 50*time.Millisecond, func() (bool, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+"/moto-api/", nil)
		if err != nil {
			return false, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false, nil //nolint:nilerr // not yet
		}
		return true, resp.Body.Close()
	})
	if err != nil {
		t.Fatalf("moto's server does not answer: %v\n%s", err, log)
	}
}

// organize makes the organization that the factory is to work on.
func (m *moto) organize(t *testing.T) {
	t.Helper()
	org, err := m.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: "ALL"})
	if err != nil {
		t.Fatal(err)
	}
	m.organization = aws.ToString(org.Organization.Id)
	roots, err := m.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Sandbox", "Production"} {
		_, unitErr := m.Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{Name: aws.String(name), ParentId: roots.Roots[0].Id})
		err = errors.Join(err, unitErr)
	}
	if err != nil {
		t.Fatal(err)
	}
}
