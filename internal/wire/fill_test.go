package wire

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"accountfactory/internal/wire/facts"

	controltowerdoc "github.com/aws/aws-sdk-go-v2/service/controltower/document"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	identitystoredoc "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	identitystoretypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	ssoadmindoc "github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	ssoadmintypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"pgregory.net/rapid"
)

// filler fills SDK structs with random values that satisfy their models. It finds members in the facts by itself, so that
// it does not repeat a mistake of the codec.
type filler struct {
	t     testing.TB
	facts *facts.Service
	rnd   *rand.Rand
}

func newFiller(t testing.TB, service string, seed uint64) *filler {
	t.Helper()
	f, err := facts.For(service)
	if err != nil {
		t.Fatal(err)
	}
	return &filler{t: t, facts: f, rnd: rand.New(rand.NewPCG(seed, 1))}
}

// anyOf lists, for the test, what implements an interface type.
var anyOf = map[reflect.Type][]any{
	reflect.TypeFor[types.PolicyIdentifier](): {
		&types.PolicyIdentifierMemberInlinePolicyIdentifier{}, &types.PolicyIdentifierMemberPolicyArn{},
		&types.PolicyIdentifierMemberPolicyType{},
	},
	reflect.TypeFor[identitystoretypes.AlternateIdentifier](): {
		&identitystoretypes.AlternateIdentifierMemberExternalId{}, &identitystoretypes.AlternateIdentifierMemberUniqueAttribute{},
	},
	reflect.TypeFor[identitystoretypes.MemberId]():        {&identitystoretypes.MemberIdMemberUserId{}},
	reflect.TypeFor[ssoadmintypes.AuthenticationMethod](): {&ssoadmintypes.AuthenticationMethodMemberIam{}},
	reflect.TypeFor[ssoadmintypes.Grant](): {
		&ssoadmintypes.GrantMemberAuthorizationCode{}, &ssoadmintypes.GrantMemberJwtBearer{},
		&ssoadmintypes.GrantMemberRefreshToken{}, &ssoadmintypes.GrantMemberTokenExchange{},
	},
	reflect.TypeFor[ssoadmintypes.TrustedTokenIssuerConfiguration](): {
		&ssoadmintypes.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{},
	},
	reflect.TypeFor[ssoadmintypes.TrustedTokenIssuerUpdateConfiguration](): {
		&ssoadmintypes.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration{},
	},
}

// fill fills v, a settable value whose shape has the given name.
func (f *filler) fill(v reflect.Value, shape string, depth int) {
	s := f.facts.Shape(shape)
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), shape, depth)
	case reflect.String:
		v.SetString(f.text(s))
	case reflect.Bool:
		v.SetBool(f.rnd.IntN(2) == 1)
	case reflect.Int32, reflect.Int64:
		low, high := bounds(s, 1, 1_000_000)
		v.SetInt(low + f.rnd.Int64N(high-low+1))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(f.rnd.Float64())
	case reflect.Slice:
		f.slice(v, s, depth)
	case reflect.Map:
		f.table(v, s, depth)
	case reflect.Interface:
		f.open(v, s, depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			// An eighth of a second is exact in a float: some clients cut instead of rounding.
			v.Set(reflect.ValueOf(time.UnixMilli(f.rnd.Int64N(4e12/125) * 125).UTC()))
			return
		}
		f.structure(v, s, depth)
	default:
		f.t.Fatalf("cannot fill a %s", v.Type())
	}
}

func (f *filler) structure(v reflect.Value, s *facts.Shape, depth int) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" || field.Name == "ErrorCodeOverride" {
			continue
		}
		if depth > 4 && !slices.Contains([]reflect.Kind{reflect.String, reflect.Bool, reflect.Int32}, field.Type.Kind()) {
			continue // HandshakeResource contains itself
		}
		f.fill(v.Field(i), memberShape(s, strings.TrimSuffix(field.Name, "_")), depth+1)
	}
}

func memberShape(s *facts.Shape, goName string) string {
	if s == nil {
		return ""
	}
	for name, m := range s.Members {
		if strings.EqualFold(name[:1], goName[:1]) && name[1:] == goName[1:] {
			return m.Shape
		}
	}
	return ""
}

func bounds(s *facts.Shape, low, high int64) (int64, int64) {
	if s != nil && s.Min != nil {
		low = *s.Min
	}
	if s != nil && s.Max != nil {
		high = *s.Max
	}
	return max(low, 1), max(high, low, 1)
}

func (f *filler) slice(v reflect.Value, s *facts.Shape, depth int) {
	low, high := bounds(s, 1, 3)
	n := int(min(low+f.rnd.Int64N(3), high))
	if v.Type().Elem().Kind() == reflect.Uint8 {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(f.rnd.Uint32())
		}
		v.SetBytes(b)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		f.fill(v.Index(i), elemOf(s), depth+1)
	}
}

func elemOf(s *facts.Shape) string {
	if s == nil {
		return ""
	}
	return s.Elem
}

func (f *filler) table(v reflect.Value, s *facts.Shape, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	keyShape := ""
	if s != nil {
		keyShape = s.Key
	}
	for range 2 {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, keyShape, depth+1)
		f.fill(value, elemOf(s), depth+1)
		v.SetMapIndex(key, value)
	}
}

func (f *filler) open(v reflect.Value, s *facts.Shape, depth int) {
	doc := map[string]any{"name": f.word(), "n": 17, "x": 1.5, "list": []any{"a", true}, "deep": map[string]any{"k": "v"}}
	switch v.Type() {
	case reflect.TypeFor[controltowerdoc.Interface]():
		v.Set(reflect.ValueOf(controltowerdoc.NewLazyDocument(doc)))
		return
	case reflect.TypeFor[identitystoredoc.Interface]():
		v.Set(reflect.ValueOf(identitystoredoc.NewLazyDocument(doc)))
		return
	case reflect.TypeFor[ssoadmindoc.Interface]():
		v.Set(reflect.ValueOf(ssoadmindoc.NewLazyDocument(doc)))
		return
	}
	all := anyOf[v.Type()]
	if len(all) == 0 {
		f.t.Fatalf("no implementation of %s", v.Type())
	}
	p := reflect.New(reflect.TypeOf(all[f.rnd.IntN(len(all))]).Elem())
	member := strings.TrimPrefix(p.Elem().Type().Name(), v.Type().Name()+"Member")
	f.fill(p.Elem().Field(0), memberShape(s, member), depth+1)
	v.Set(p)
}

// text makes a string that satisfies a shape.
func (f *filler) text(s *facts.Shape) string {
	low, high := bounds(s, 1, 24)
	switch {
	case s != nil && len(s.Enum) > 0:
		return s.Enum[f.rnd.IntN(len(s.Enum))]
	case s != nil && s.Pattern != "":
		low, high = bounds(s, 1, 4096)
		return f.matching(s, int(low), int(high))
	}
	out := f.word()
	if s == nil {
		return out + " <&>\"' é😀" // strings nobody constrains carry what protocols must escape
	}
	for int64(len(out)) < low {
		out += f.word()
	}
	return out[:min(int64(len(out)), high)]
}

func (f *filler) word() string { return fmt.Sprintf("w%x", f.rnd.Uint32()) }

// byHand are strings for patterns that random ones hardly ever satisfy.
var byHand = []string{
	"someone@example.com", "P3D", "company-alias", "a", "123456789012", "arn:aws:iam::123456789012:role/x", "aws:identitystore:enterprise",
	"d-1234567890", "1234567890-12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012",
	"https://example.com/abcdefg", "arn:aws:sso:::instance/ssoins-1234567890123456", "eu-central-1",
}

func (f *filler) matching(s *facts.Shape, low, high int) string {
	expr := s.Pattern
	if len(s.RE2) > 0 {
		expr = s.RE2[0]
	}
	fits := func(out string) bool {
		n := utf8.RuneCountInString(out)
		return n >= low && n <= high && s.Matches(out) && !strings.ContainsFunc(out, unicode.IsControl)
	}
	for _, out := range byHand {
		if padded := out + strings.Repeat("a", max(0, low-len(out))); fits(out) {
			return out
		} else if fits(padded) {
			return padded
		}
	}
	gen := rapid.StringMatching(`\A(?:` + expr + `)\z`)
	for range 300 {
		if out := gen.Example(int(f.rnd.Uint32())); fits(out) {
			return out
		}
	}
	f.t.Fatalf("nothing matches %s with a length of %d to %d", expr, low, high)
	return ""
}
