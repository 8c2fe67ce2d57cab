package controltower

import (
	"encoding/json"
	"strings"
	"testing"
)

const home = "eu-central-1"

const good33 = `{"governedRegions":["eu-central-1"],"organizationStructure":{"security":{"name":"Security"},"sandbox":{"name":"Sandbox"}},
"centralizedLogging":{"accountId":"111111111111","enabled":true,"configurations":{"loggingBucket":{"retentionDays":365}}},
"securityRoles":{"accountId":"222222222222"},"accessManagement":{"enabled":true}}`

const good40 = `{"accessManagement":{"enabled":true},"backup":{"enabled":false},"centralizedLogging":{"accountId":"111111111111","enabled":true},
"config":{"accountId":"222222222222","enabled":true},"securityRoles":{"accountId":"222222222222","enabled":true}}`

// with gives a manifest with some members replaced; null removes one.
func with(t *testing.T, base, change string) json.RawMessage {
	t.Helper()
	var m, c map[string]json.RawMessage
	if err := json.Unmarshal([]byte(base), &m); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(change), &c); err != nil {
		t.Fatal(err)
	}
	for k, v := range c {
		if m[k] = v; string(v) == "null" {
			delete(m, k)
		}
	}
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseManifest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, version, base, change, want string }{
		{"3.3", zone33, good33, `{}`, ""},
		{"3.3 without a sandbox", zone33, good33, `{"organizationStructure":{"security":{"name":"Core"}}}`, ""},
		{"3.3 without access management", zone33, good33, `{"accessManagement":{"enabled":false}}`, ""},
		{"no Regions", zone33, good33, `{"governedRegions":null}`, "governedRegions"},
		{"not the home Region", zone33, good33, `{"governedRegions":["us-east-1"]}`, "home Region eu-central-1"},
		{"no Security OU", zone33, good33, `{"organizationStructure":{}}`, "organizationStructure.security.name"},
		{"a sandbox without a name", zone33, good33, `{"organizationStructure":{"security":{"name":"S"},"sandbox":{}}}`, "sandbox"},
		{"no log archive", zone33, good33, `{"centralizedLogging":{"accountId":"1"}}`, "centralizedLogging.accountId"},
		{"no audit account", zone33, good33, `{"securityRoles":{}}`, "securityRoles.accountId"},
		{"one account for both", zone33, good33, `{"securityRoles":{"accountId":"111111111111"}}`, "must not be the same"},
		{"access management unsaid", zone33, good33, `{"accessManagement":{}}`, "accessManagement.enabled is required"},
		{"config in 3.3", zone33, good33, `{"config":{"enabled":true}}`, "config is not allowed"},
		{"an unknown member", zone33, good33, `{"surprise":1}`, "surprise"},
		{"a wrong type", zone33, good33, `{"governedRegions":"eu-central-1"}`, "schema"},
		{"4.0", zone40, good40, `{}`, ""},
		{"4.0 with nothing", zone40, `{}`, `{}`, ""},
		{"organizationStructure in 4.0", zone40, good40, `{"organizationStructure":{"security":{"name":"S"}}}`, "organizationStructure is not allowed"},
		{"enabled unsaid", zone40, good40, `{"backup":{}}`, "backup.enabled is required"},
		{"on without an account", zone40, good40, `{"centralizedLogging":{"enabled":true}}`, "centralizedLogging.accountId"},
		{"config off", zone40, good40, `{"config":{"enabled":false}}`, "while config is not"},
		{"everything off", zone40, `{}`, `{"config":{"enabled":false},"securityRoles":{"enabled":false},"accessManagement":{"enabled":false},"backup":{"enabled":false}}`, ""},
	} {
		_, err := parseManifest(with(t, tc.base, tc.change), tc.version, home)
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	if _, err := parseManifest(nil, zone33, home); err == nil {
		t.Error("3.3 without a manifest")
	}
	if _, err := parseManifest(nil, zone40, home); err != nil {
		t.Errorf("4.0 without a manifest: %v", err)
	}
}
