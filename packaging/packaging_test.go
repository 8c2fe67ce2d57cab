// Package packaging holds how the program is shipped: the systemd unit, the container image and an example of its use, and in
// release what builds archives. Its tests stand in for a container engine, which machines that run them need not have.
package packaging

import (
	"bufio"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

// instruction is one of a Dockerfile.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) (out []instruction) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	joined := strings.ReplaceAll(string(text), "\\\n", " ")
	for line := range strings.Lines(joined) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		out = append(out, instruction{name, strings.Join(strings.Fields(rest), " ")})
	}
	return out
}

func texts(all []instruction, name string) (out []string) {
	for _, i := range all {
		if i.name == name {
			out = append(out, i.rest)
		}
	}
	return out
}

// TestDockerfile_Go: the image is built by the Go that go.mod asks for, pinned to a patch, and is from nothing.
func TestDockerfile_Go(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	from := texts(dockerfile(t), "FROM")
	if len(from) != 2 || from[1] != "scratch" {
		t.Fatalf("stages %q", from)
	}
	got := regexp.MustCompile(`^golang:(\d+\.\d+)\.\d+-bookworm AS build$`).FindStringSubmatch(from[0])
	if got == nil || got[1] != string(want[1]) {
		t.Errorf("it is built from %q, and go.mod asks for %s", from[0], want[1])
	}
}

// TestDockerfile_Runs: what runs is the program, not as root, told what it needs, and asked after its health by itself.
func TestDockerfile_Runs(t *testing.T) {
	t.Parallel()
	all := dockerfile(t)
	for name, want := range map[string]string{
		"USER": "65532:65532", "ENTRYPOINT": `["/accountfactory"]`, "CMD": `["serve"]`, "ENV": "ACCOUNTFACTORY_DATA=/data", "VOLUME": "/data",
	} {
		if diff := cmp.Diff([]string{want}, texts(all, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	health := strings.Join(texts(all, "HEALTHCHECK"), "")
	if !strings.HasSuffix(health, `CMD ["/accountfactory", "health"]`) {
		t.Errorf("health check %q", health)
	}
	for _, command := range []string{"serve", "health"} {
		if got, err := harness.Command(t.Context(), harness.Binary(t), command, "--help"); err != nil || got.Code != 0 {
			t.Errorf("%s --help: %+v, %v", command, got, err)
		}
	}
}

// copied are the paths that the image's build takes from the source.
func copied(t *testing.T) (out []string) {
	t.Helper()
	for _, text := range texts(dockerfile(t), "COPY") {
		if !strings.HasPrefix(text, "--") {
			fields := strings.Fields(text)
			out = append(out, fields[:len(fields)-1]...)
		}
	}
	return out
}

// TestDockerfile_Builds does in an empty folder what the build stage does: it copies what is copied there, less what is
// ignored, and runs the same commands.
func TestDockerfile_Builds(t *testing.T) {
	t.Parallel()
	src, image := filepath.Join(t.TempDir(), "src"), t.TempDir()
	for _, from := range copied(t) {
		to := filepath.Join(src, from)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", "-r", filepath.Join("..", from), to).CombinedOutput(); err != nil {
			t.Fatalf("COPY %s: %v: %s", from, err, out)
		}
	}
	shell(t, src, "find . -name testdata -prune -exec rm -r {} + ; find . -name '*_test.go' -delete")
	for _, run := range texts(dockerfile(t), "RUN") {
		if run == "go mod download" { // there already, and tests take no network
			continue
		}
		run = strings.NewReplacer(" /out", " "+image+"/out", `"/out`, `"`+image+"/out", " /image", " "+image+"/image").Replace(run)
		shell(t, src, run)
	}
	got, err := harness.Command(t.Context(), filepath.Join(image, "image", "root", "accountfactory"), "version")
	if err != nil || got.Out != "accountfactory v0.0.1\n" {
		t.Errorf("%+v, %v", got, err)
	}
	var files []string
	for _, pattern := range []string{"image/*", "image/root/*", "image/root/licenses/*"} {
		found, err := filepath.Glob(filepath.Join(image, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			files = append(files, strings.TrimPrefix(f, image+"/image"))
		}
	}
	want := []string{
		"/data", "/root", "/root/accountfactory", "/root/licenses",
		"/root/licenses/LICENSE", "/root/licenses/NOTICE", "/root/licenses/THIRD-PARTY-LICENSES",
	}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("in the image (-want +got):\n%s", diff)
	}
}

func shell(t *testing.T, dir, script string) {
	t.Helper()
	cmd := exec.Command("sh", "-eu", "-c", script)
	cmd.Dir = dir
	goos, goarch := goEnv(t, "GOOS"), goEnv(t, "GOARCH")
	cmd.Env = append(os.Environ(), "VERSION=v0.0.1", "TARGETOS="+goos, "TARGETARCH="+goarch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestDockerignore: what is let through is what the image is built from, and nothing else.
func TestDockerignore(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if !slices.Contains(lines, "*") {
		t.Error("it does not begin with nothing")
	}
	var through []string
	for _, line := range lines {
		if kept, found := strings.CutPrefix(line, "!"); found {
			through = append(through, path.Clean(kept))
		}
	}
	want := copied(t)
	slices.Sort(want)
	slices.Sort(through)
	if diff := cmp.Diff(want, through); diff != "" {
		t.Errorf("let through (-copied +let through):\n%s", diff)
	}
}

// TestCompose: the example is YAML, each variable is a flag, each secret that is used is declared, and replicas can run on it.
func TestCompose(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	type service struct {
		Image       string
		Environment map[string]string
		Secrets     []string
	}
	var file struct {
		Services map[string]service
		Secrets  map[string]struct{ File string }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	help, err := harness.Command(t.Context(), harness.Binary(t), "serve", "--help")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range file.Services {
		for _, secret := range s.Secrets {
			if file.Secrets[secret].File == "" {
				t.Errorf("%s: secret %s has no file", name, secret)
			}
		}
		for variable, value := range s.Environment {
			if flag, ours := strings.CutPrefix(variable, "ACCOUNTFACTORY_"); ours && !strings.Contains(help.Out, "--"+strings.ReplaceAll(strings.ToLower(flag), "_", "-")+" ") {
				t.Errorf("%s: serve has no flag for %s", name, variable)
			}
			if secret, mounted := strings.CutPrefix(value, "/run/secrets/"); mounted && !slices.Contains(s.Secrets, secret) {
				t.Errorf("%s: %s is not given to it", name, value)
			}
		}
	}
	if ours := file.Services["accountfactory"].Environment; ours["ACCOUNTFACTORY_DATABASE"] == "" || ours["ACCOUNTFACTORY_KEY_FILE"] == "" {
		t.Errorf("replicas need a database and a key in common: %v", ours)
	}
	if image := file.Services["database"].Image; !regexp.MustCompile(`^postgres:\d+\.\d+-`).MatchString(image) {
		t.Errorf("the database's image %q is not pinned", image)
	}
}

// TestUnit: systemd takes the unit, finds little that it leaves open, and its commands are the program's.
func TestUnit(t *testing.T) {
	t.Parallel()
	unit := unitWithOurBinary(t)
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		harness.Missing(t, false, "systemd-analyze")
	}
	out, err := exec.Command(analyze, "verify", unit).CombinedOutput()
	if err != nil || strings.Contains(string(out), filepath.Base(unit)) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	out, err = exec.Command(analyze, "security", "--offline=true", "--threshold=20", "--no-pager", unit).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
	t.Log(lastLine(string(out)))
}

// unitWithOurBinary is the unit with the program where the tests built it, for it is not installed.
func unitWithOurBinary(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("accountfactory.service")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "accountfactory.service")
	if err := os.WriteFile(out, []byte(strings.ReplaceAll(string(text), "/usr/bin/accountfactory", harness.Binary(t))), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

func lastLine(text string) (last string) {
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		if strings.TrimSpace(s.Text()) != "" {
			last = s.Text()
		}
	}
	return last
}

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
