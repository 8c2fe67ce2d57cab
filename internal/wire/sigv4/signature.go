package sigv4

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	amzLayout  = "20060102T150405Z"
	// Skew is how far the clocks of the two sides may be apart.
	Skew = 15 * time.Minute
	// longest is the longest life of a presigned URL, seven days.
	longest = 7 * 24 * time.Hour
)

// Signature is what a request claims about who signed it, when and for what. Nothing of it is proven before Verify.
type Signature struct {
	AccessKeyID string
	Region      string
	Service     string
	Token       string // X-Amz-Security-Token
	At          time.Time
	Presigned   bool

	stamp   string // At in amzLayout
	date    string // of the scope
	expires time.Duration
	headers []string // signed, as listed
	mac     []byte
}

// Present tells whether a request carries a signature, readable or not.
func Present(r *http.Request, query url.Values) bool {
	return r.Header.Get("Authorization") != "" || query.Has("X-Amz-Signature") || query.Has("X-Amz-Credential")
}

// Scope gives the Region and service of a request's credential scope, empty where it has none. It proves nothing and
// serves to find out who is meant.
func Scope(r *http.Request, query url.Values) (region, service string) {
	credential := query.Get("X-Amz-Credential")
	if auth := r.Header.Get("Authorization"); auth != "" {
		_, rest, _ := strings.Cut(auth, "Credential=")
		credential, _, _ = strings.Cut(rest, ",")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) < 5 {
		return "", ""
	}
	return parts[len(parts)-3], parts[len(parts)-2]
}

// Parse reads the signature of a request whose query is given. The error is an *Error.
func Parse(r *http.Request, query url.Values) (*Signature, error) {
	switch {
	case r.Header.Get("Authorization") != "":
		return parseHeader(r)
	case Present(r, query):
		return parseQuery(query)
	}
	return nil, refuse(Missing, "Missing Authentication Token")
}

func parseHeader(r *http.Request) (*Signature, error) {
	auth := r.Header.Get("Authorization")
	rest, ok := strings.CutPrefix(auth, algorithm)
	if !ok || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return nil, refuse(Incomplete, "Authorization header is not of the algorithm %s", algorithm)
	}
	var credential, headers, mac string
	for part := range strings.SplitSeq(rest, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "Credential":
			credential = value
		case "SignedHeaders":
			headers = value
		case "Signature":
			mac = value
		}
	}
	var missing []string
	for _, field := range [][2]string{{"Credential", credential}, {"Signature", mac}, {"SignedHeaders", headers}} {
		if field[1] == "" {
			missing = append(missing, "Authorization header requires '"+field[0]+"' parameter.")
		}
	}
	at, stamp, dated := headerTime(r.Header)
	if !dated {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if len(missing) > 0 {
		return nil, refuse(Incomplete, "%s", strings.Join(missing, " "))
	}
	s := &Signature{At: at, stamp: stamp, Token: r.Header.Get("X-Amz-Security-Token")}
	return s, s.fill(credential, headers, mac)
}

// headerTime gives when a request says it was signed, and that in amzLayout, which is what is signed.
func headerTime(h http.Header) (at time.Time, stamp string, ok bool) {
	if text := h.Get("X-Amz-Date"); text != "" {
		at, ok = amzTime(text)
		return at, text, ok
	}
	at, err := http.ParseTime(h.Get("Date"))
	return at.UTC(), at.UTC().Format(amzLayout), err == nil
}

// amzTime reads a time in amzLayout and in nothing else: time.Parse would take fractions of seconds too, and is the dearest
// part of reading a signature.
func amzTime(text string) (time.Time, bool) {
	if len(text) != len(amzLayout) || text[8] != 'T' || text[15] != 'Z' {
		return time.Time{}, false
	}
	var n [14]int
	for i, c := range []byte(text[:8] + text[9:15]) {
		if c < '0' || c > '9' {
			return time.Time{}, false
		}
		n[i] = int(c - '0')
	}
	two := func(i int) int { return 10*n[i] + n[i+1] }
	month, day, hour, minute, second := two(4), two(6), two(8), two(10), two(12)
	at := time.Date(100*two(0)+two(2), time.Month(month), day, hour, minute, second, 0, time.UTC)
	// time.Date would carry a 32nd of January over into February.
	return at, at.Month() == time.Month(month) && at.Day() == day && hour < 24 && minute < 60 && second < 60
}

func parseQuery(query url.Values) (*Signature, error) {
	if query.Get("X-Amz-Algorithm") != algorithm {
		return nil, refuse(Incomplete, "AWS query-string parameters must include 'X-Amz-Algorithm' with the value %s.", algorithm)
	}
	for _, name := range []string{"X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"} {
		if query.Get(name) == "" {
			return nil, refuse(Incomplete, "AWS query-string parameters must include '%s'. Re-examine the query-string parameters.", name)
		}
	}
	stamp := query.Get("X-Amz-Date")
	at, ok := amzTime(stamp)
	if !ok {
		return nil, refuse(Incomplete, "'X-Amz-Date' must be in the ISO8601 basic format yyyyMMdd'T'HHmmss'Z'.")
	}
	s := &Signature{At: at, stamp: stamp, Token: query.Get("X-Amz-Security-Token"), Presigned: true, expires: Skew}
	if text := query.Get("X-Amz-Expires"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > int(longest/time.Second) {
			return nil, refuse(Incomplete, "'X-Amz-Expires' must be between 1 and %d seconds.", int(longest/time.Second))
		}
		s.expires = time.Duration(n) * time.Second
	}
	return s, s.fill(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"))
}

// fill reads the three parts both forms have.
func (s *Signature) fill(credential, headers, mac string) error {
	end, ok := s.scoped(credential)
	if !ok {
		return refuse(Incomplete, "Credential must have exactly 5 slash-delimited elements, "+
			"e.g. keyid/date/region/service/term, got '%s'", credential)
	}
	if end != terminator {
		return refuse(Mismatch, "Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, end)
	}
	if day := s.stamp[:8]; s.date != day {
		return refuse(Mismatch, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "+
			"'%s' != '%s', from '%s'.", s.date, day, s.stamp)
	}
	s.headers = strings.Split(headers, ";")
	if !slices.Contains(s.headers, "host") {
		return refuse(Mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	var err error
	if s.mac, err = hex.DecodeString(mac); err != nil || len(s.mac) != 32 {
		return mismatch()
	}
	return nil
}

// scoped reads a credential's first four elements, and gives the fifth; none may be empty, and there is no sixth.
func (s *Signature) scoped(credential string) (end string, ok bool) {
	end, ok = credential, true
	for _, part := range [...]*string{&s.AccessKeyID, &s.date, &s.Region, &s.Service} {
		if ok {
			*part, end, ok = strings.Cut(end, "/")
			ok = ok && *part != ""
		}
	}
	return end, ok && end != "" && !strings.Contains(end, "/")
}

// Current tells whether the signature may be used at now: within Skew of it, and a presigned URL until it expires.
func (s *Signature) Current(now time.Time) error {
	stamp := func(t time.Time) string { return t.UTC().Format(amzLayout) }
	if s.At.After(now.Add(Skew)) {
		return refuse(Mismatch, "Signature not yet current: %s is still later than %s (%s + 15 min.)",
			stamp(s.At), stamp(now.Add(Skew)), stamp(now))
	}
	if s.Presigned {
		if end := s.At.Add(s.expires); end.Before(now) {
			return refuse(Expired, "Request has expired: it was valid until %s, it is now %s", stamp(end), stamp(now))
		}
		return nil
	}
	if s.At.Before(now.Add(-Skew)) {
		return refuse(Mismatch, "Signature expired: %s is now earlier than %s (%s - 15 min.)",
			stamp(s.At), stamp(now.Add(-Skew)), stamp(now))
	}
	return nil
}
