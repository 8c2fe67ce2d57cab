package policy

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func mustCompile(t testing.TB, text string) pattern {
	t.Helper()
	p, err := compile(text, true, false)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// regex is the same pattern as a regular expression, whose engine never backtracks.
func regex(pattern string) *regexp.Regexp {
	expr := regexp.QuoteMeta(pattern)
	expr = strings.ReplaceAll(strings.ReplaceAll(expr, `\*`, `.*`), `\?`, `.`)
	return regexp.MustCompile(`(?s)\A` + expr + `\z`)
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"**", "abc", true},
		{"?", "", false},
		{"?", "é", true},
		{"??", "é", false},
		{"a*", "a", true},
		{"*a", "ba", true},
		{"*a", "ab", false},
		{"*ab*ab", "abab", true},
		{"*ab*ab", "ab", false},
		{"a*b?c", "abxxc", false},
		{"a*b?c", "abxbbc", true},
		{"*?*?*", "ab", true},
		{"*?*?*", "a", false},
		{"*aab", "aaaab", true},
	} {
		if got := mustCompile(t, tc.pattern).match(tc.text); got != tc.want {
			t.Errorf("%q on %q: %v, want %v", tc.pattern, tc.text, got, tc.want)
		}
	}
}

func TestPattern_AgreesWithRegexp(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("ab:é*?"))
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom([]rune("ab:é")), 0, 12).Draw(t, "text"))
		p := string(rapid.SliceOfN(letters, 0, 8).Draw(t, "pattern"))
		c, err := compile(p, true, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.match(text), regex(p).MatchString(text); got != want {
			t.Fatalf("%q on %q: %v, want %v", p, text, got, want)
		}
	})
}

// A pattern of many stars on a text that nearly fits is what makes a careless matcher take for ever: 50 stars on 64 KiB
// would outlive the machine. That this test ends is what it shows; BenchmarkPattern_Stars has the figures.
func TestPattern_NoExplosion(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 1<<16)
	for _, p := range []string{strings.Repeat("a*", 50) + "b", strings.Repeat("*a?", 50) + "b", strings.Repeat("?*", 50) + "b"} {
		if mustCompile(t, p).match(text) {
			t.Errorf("%.10s… matches", p)
		}
	}
}

func TestPattern_Split(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"*": 1, "a": 1, "arn:*": 2, "arn:aws:iam::1:role/x": 6, "arn:aws:iam::1:a:b:*": 6} {
		if got := len(mustCompile(t, text).split(6)); got != want {
			t.Errorf("%q has %d fields, want %d", text, got, want)
		}
	}
	last := mustCompile(t, "arn:aws:iam::1:a:b?c:*").split(6)[5]
	if !last.match("a:bxc:d:e") || last.match("a:bxcd") {
		t.Errorf("the last field is %+v, want the rest", last)
	}
}

func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{{"a*a*a*b", "aaaaaaaaaaaa"}, {"*?x", "éx"}, {"", ""}, {"**", "\xff"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, p, text string) {
		if len(p) > 64 || len(text) > 256 || !utf8.ValidString(p) || !utf8.ValidString(text) {
			t.Skip("longer than the expression is quick on, or no text")
		}
		if got, want := mustCompile(t, p).match(text), regex(p).MatchString(text); got != want {
			t.Errorf("%q on %q: %v, want %v", p, text, got, want)
		}
	})
}

func BenchmarkPattern_Stars(b *testing.B) {
	for _, n := range []int{1 << 10, 1 << 14, 1 << 18} { // time per byte must stay the same
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			p, text := mustCompile(b, strings.Repeat("a*", 16)+"b"), strings.Repeat("a", n)
			b.SetBytes(int64(n))
			for b.Loop() {
				if p.match(text) {
					b.Fatal("matched")
				}
			}
		})
	}
}
