package console

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAWSTable_Described: docs/console.md names each operation, and no other.
func TestAWSTable_Described(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "console.md"))
	if err != nil {
		t.Fatal(err)
	}
	var services []string
	for service := range Operations() {
		services = append(services, service)
	}
	slices.Sort(services)
	var want strings.Builder
	want.WriteString("| service | operations |\n|---|---|\n")
	for _, service := range services {
		names := Operations()[service]
		slices.Sort(names)
		want.WriteString("| " + service + " | " + strings.Join(names, ", ") + " |\n")
	}
	if !strings.Contains(string(text), want.String()) {
		t.Errorf("docs/console.md should have this table:\n%s", want.String())
	}
}
