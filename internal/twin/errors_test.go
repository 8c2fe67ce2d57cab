package twin

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire/facts"
)

// provocation is a call that gets a declared error: the operation's representative input with changes laid over.
type provocation struct {
	operation string // "organizations.CreateAccount"
	code      string // shape of the error
	as        string // column of the permission table; "" is the management user
	change    map[string]any
	prepare   func(t *testing.T, w *world) map[string]any // makes what the call needs, and gives more changes
}

func (p provocation) key() string { return p.operation + "." + p.code }

const (
	errorsFile = "../../docs/errors.md"
	errorsHead = `# Declared errors

Which of the errors that AWS's model declares for an operation the twin can be made to answer, through the wire, with the SDK's own client.
Written by ` + "`go test ./internal/twin -run TestErrors -update`" + `; do not edit. What an error is provoked by is the row of that name in the tests: the
subtest ` + "`TestErrors/<service>/<operation>/<error>`" + `. A blank has a number, which is the reason below.
`
	beforeRow = "errors"
)

// errorServices are the services whose declared errors are all accounted for.
var errorServices = []string{"organizations", "account", "sts", "iam"}

// TestErrors provokes each declared error of each operation served, or has a reason why not, and reproduces docs/errors.md.
func TestErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addOutsider(t)
	if err := w.twin.state.Snapshot(t.Context(), beforeRow); err != nil {
		t.Fatal(err)
	}
	rows := map[string]provocation{}
	for _, p := range slices.Concat(organizationErrors, accountErrors, stsErrors, iamErrors) {
		rows[p.key()] = p
	}
	var reasons []string
	var out strings.Builder
	out.WriteString(errorsHead)
	for _, service := range errorServices {
		fmt.Fprintf(&out, "\n## %s\n| operation | provoked | blank |\n| --- | --- | --- |\n", service)
		t.Run(service, func(t *testing.T) {
			for _, op := range w.operations(service) {
				t.Run(op.Name, func(t *testing.T) {
					provoked, blank := w.provokeAll(t, service, op, rows, &reasons)
					fmt.Fprintf(&out, "| %s | %s | %s |\n", op.Name, strings.Join(provoked, ", "), strings.Join(blank, ", "))
				})
			}
		})
	}
	out.WriteString("\n## Reasons\n")
	for i, r := range reasons {
		fmt.Fprintf(&out, "%d. %s\n", i+1, r)
	}
	for key := range rows {
		t.Errorf("%s: there is a row, but no such operation is served or the error is not declared", key)
	}
	compareErrors(t, out.String())
}

func compareErrors(t *testing.T, got string) {
	t.Helper()
	file := filepath.FromSlash(errorsFile)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("errors differ from %s (-want +got):\n%s", file, diff)
	}
}

// provokeAll goes through an operation's declared errors. Rows it used are taken out of rows.
func (w *world) provokeAll(t *testing.T, service string, op *facts.Operation, rows map[string]provocation, reasons *[]string) (provoked, blank []string) {
	t.Helper()
	for _, declared := range slices.Sorted(slices.Values(op.Errors)) {
		key := service + "." + op.Name + "." + declared
		row, found := rows[key]
		delete(rows, key)
		if reason := blankReason(service, op.Name, declared); !found && reason != "" {
			i := slices.Index(*reasons, reason)
			if i < 0 {
				*reasons, i = append(*reasons, reason), len(*reasons)
			}
			blank = append(blank, fmt.Sprintf("%s (%d)", declared, i+1))
			continue
		}
		if !found {
			row, found = w.common(service, op, declared)
		}
		if !found {
			t.Errorf("%s: no row provokes it, and no reason is given", key)
			continue
		}
		provoked = append(provoked, declared)
		t.Run(declared, func(t *testing.T) { w.provoke(t, service, op.Name, row) })
	}
	return provoked, blank
}

// provoke makes the call of a row, and puts back what it prepared.
func (w *world) provoke(t *testing.T, service, operation string, p provocation) {
	t.Helper()
	changes := map[string]any{}
	if p.prepare != nil {
		defer func() {
			if err := w.twin.state.Restore(t.Context(), beforeRow); err != nil {
				t.Fatal(err)
			}
		}()
		changes = p.prepare(t, w)
	}
	values := w.values
	w.values = maps.Clone(values)
	maps.Copy(changes, p.change)
	for member, v := range changes {
		w.values[service+"."+operation+"."+member] = v
	}
	defer func() { w.values = values }()
	if got, want := code(w.call(t, w.real, w.keys[orManagement(p.as)], service, operation)), wireCode(t, service, p.code); got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}

func orManagement(column string) string {
	if column == "" {
		return "m.user"
	}
	return column
}

// wireCode gives the code of an error shape.
func wireCode(t *testing.T, service, shape string) string {
	t.Helper()
	f, err := facts.For(service)
	if err != nil {
		t.Fatal(err)
	}
	if s := f.Shape(shape); s != nil && s.Error != nil && s.Error.Code != "" {
		return s.Error.Code
	}
	return shape
}

// operations gives what is known of the operations served of a service.
func (w *world) operations(service string) []*facts.Operation {
	var out []*facts.Operation
	f, _ := facts.For(service)
	for _, s := range w.twin.Services() {
		if s.Name() != service {
			continue
		}
		for _, op := range s.Operations() {
			out = append(out, f.Operations[op.Name])
		}
	}
	slices.SortFunc(out, func(a, b *facts.Operation) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// addOutsider makes an account outside the organization, whose owner is the column "outsider".
func (w *world) addOutsider(t *testing.T) {
	t.Helper()
	w.update(t, func(tx *state.Tx) {
		k := key{account: w.twin.org.AddStandalone(tx, "outsider", "outsider@example.com").ID, secret: iam.NewSecret().Key}
		w.twin.iam.PutAccount(tx, k.account)
		w.twin.iam.PutUser(tx, k.account, accountOwner, []string{"arn:aws:iam::aws:policy/AdministratorAccess"})
		k.id = w.twin.iam.NewAccessKey(tx, k.account, accountOwner, k.secret)
		w.keys["outsider"], w.accounts["outsider"] = k, k.account
	})
}

// common gives the row for an error that is provoked the same way wherever it is declared.
func (w *world) common(service string, op *facts.Operation, declared string) (provocation, bool) {
	switch declared {
	case "AccessDeniedException":
		return provocation{code: declared, as: "nobody"}, true
	case "AWSOrganizationsNotInUseException":
		return provocation{code: declared, as: "outsider"}, true
	case "ServiceException", "InternalServerException", "ServiceFailureException":
		return provocation{code: declared, prepare: armed(service, op.Name, state.FaultError)}, true
	case "TooManyRequestsException":
		return provocation{code: declared, prepare: armed(service, op.Name, state.FaultThrottle)}, true
	case "ValidationException":
		return provocation{code: declared, change: map[string]any{"AccountId": "x"}}, true
	case "InvalidInputException":
		return invalidInput(service, op)
	}
	return missing(service, op, declared)
}

// armed arms a fault that strikes the next call of an operation.
func armed(service, operation string, kind state.FaultKind) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		w.arm(t, state.Fault{Kind: kind, Service: service, Operation: operation, Count: 1})
		return map[string]any{}
	}
}

func (w *world) arm(t *testing.T, f state.Fault) {
	t.Helper()
	w.update(t, func(tx *state.Tx) { tx.ArmFault(f) })
}

// invalidInput breaks the pattern or enumeration of a member, a required one first.
func invalidInput(service string, op *facts.Operation) (provocation, bool) {
	f, _ := facts.For(service)
	in := f.Shape(op.Input)
	if in == nil || service == "iam" {
		return provocation{}, false
	}
	for _, member := range append(slices.Clone(in.Required), slices.Sorted(maps.Keys(in.Members))...) {
		if m := in.Members[member]; m != nil && member != "NextToken" {
			if s := f.Shape(m.Shape); s != nil && (s.Pattern != "" && s.Pattern != `[\s\S]*` || len(s.Enum) > 0) {
				return provocation{code: "InvalidInputException", change: map[string]any{member: "!"}}, true
			}
		}
	}
	if in.Members["NextToken"] != nil {
		return provocation{code: "InvalidInputException", change: map[string]any{"NextToken": "bogus"}}, true
	}
	return provocation{}, false
}

// absent are values of members that name what is not there, by the error that says so; the first member an input has is
// changed.
var absent = map[string][]struct{ member, value string }{
	"AccountNotFoundException":             {{"AccountId", "999999999999"}},
	"PolicyNotFoundException":              {{"PolicyId", "p-00000000"}},
	"TargetNotFoundException":              {{"TargetId", "999999999999"}, {"ResourceId", "999999999999"}},
	"HandshakeNotFoundException":           {{"HandshakeId", "h-00000000"}},
	"ParentNotFoundException":              {{"ParentId", "r-0000"}},
	"OrganizationalUnitNotFoundException":  {{"OrganizationalUnitId", "ou-0000-00000000"}},
	"RootNotFoundException":                {{"RootId", "r-0000"}},
	"CreateAccountStatusNotFoundException": {{"CreateAccountRequestId", "car-00000000000000000000000000000000"}},
	"ChildNotFoundException":               {{"ChildId", "999999999999"}},
	"SourceParentNotFoundException":        {{"SourceParentId", "r-0000"}},
	"DestinationParentNotFoundException":   {{"DestinationParentId", "r-0000"}},
	"NoSuchEntityException": {
		{"UserName", "missing"},
		{"RoleName", "missing"},
		{"GroupName", "missing"},
		{"PolicyArn", "arn:aws:iam::111122223333:policy/missing"},
		{"AccountAlias", "missing-alias"},
		{"AccessKeyId", "AKIAMISSINGMISSING00"},
	},
}

func missing(service string, op *facts.Operation, declared string) (provocation, bool) {
	f, _ := facts.For(service)
	in := f.Shape(op.Input)
	for _, m := range absent[declared] {
		if in != nil && in.Members[m.member] != nil {
			return provocation{code: declared, change: map[string]any{m.member: m.value}}, true
		}
	}
	return provocation{}, false
}
