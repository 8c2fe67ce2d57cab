package controltower

import (
	"strings"
	"testing"
)

func TestParametersOf(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"AccountName": "dev", "AccountEmail": "dev@example.com", "SSOUserFirstName": "Ann", "SSOUserLastName": "Archer", "SSOUserEmail": "ann@example.com",
		"ManagedOrganizationalUnit": "Sandbox (ou-abcd-12345678)",
	}
	if _, err := parametersOf(good); err != nil {
		t.Errorf("good parameters: %v", err)
	}
	for key, value := range map[string]string{
		"AccountName": "", "AccountEmail": "dev", "SSOUserFirstName": "", "SSOUserLastName": "", "SSOUserEmail": "ann at example.com", "ManagedOrganizationalUnit": "",
	} {
		bad := map[string]string{}
		for k, v := range good {
			bad[k] = v
		}
		bad[key] = value
		if _, err := parametersOf(bad); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s=%q: %v", key, value, err)
		}
	}
	loose := map[string]string{}
	for k, v := range good {
		loose[k] = v
	}
	loose["AccountEmail"] = strings.Repeat("a", 80) + "@example.com" // Organizations refuses it later
	if _, err := parametersOf(loose); err != nil {
		t.Errorf("a long e-mail: %v", err)
	}
}

func TestOUText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Sandbox (ou-abcd-12345678)":      "ou-abcd-12345678",
		"Dev (old) (ou-abcd-12345678)":    "ou-abcd-12345678",
		"Sandbox":                         "",
		"ou-abcd-12345678":                "",
		"(ou-abcd-12345678)":              "",
		"Sandbox (ou-ABCD-12345678)":      "",
		"Sandbox (ou-abcd-12345678) then": "",
	} {
		got := ""
		if m := ouText.FindStringSubmatch(text); m != nil {
			got = m[2]
		}
		if got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for cidr, ok := range map[string]bool{
		"172.31.0.0/16": true, "10.0.0.0/16": true, "100.64.0.0/16": true, "192.168.0.0/24": true,
		"10.0.0.0/8": false, "8.8.0.0/16": false, "172.31.0.1/16": false, "172.32.0.0/16": false, "::/64": false, "": false,
	} {
		if err := (Network{CIDR: cidr, AvailabilityZones: 3, PrivateSubnets: 1}).check(); (err == nil) != ok {
			t.Errorf("%q: %v", cidr, err)
		}
	}
	for n, want := range map[subnets]bool{{1, false, false}: true, {0, true, false}: true, {0, false, false}: false, {1, true, true}: false} {
		if got := (Network{PrivateSubnets: n.private, InternetSubnet: n.internet, None: n.none}).vpc(); got != want {
			t.Errorf("%+v: %t", n, got)
		}
	}
}

type subnets struct {
	private        int
	internet, none bool
}
