package codec

import (
	"math"
	"net/http"
	"reflect"
	"strconv"
	"time"
)

// The timestamp formats of the models.
const (
	formatUnix = "unixTimestamp" // seconds, with milliseconds as a fraction
	formatISO  = "iso8601"
	formatHTTP = "rfc822"
)

const isoMillis = "2006-01-02T15:04:05.999Z"

// appendTime appends a timestamp without quotes, to the millisecond.
func appendTime(b []byte, t time.Time, format string) []byte {
	t = t.UTC()
	switch format {
	case formatISO:
		return t.Truncate(time.Millisecond).AppendFormat(b, isoMillis)
	case formatHTTP:
		return t.AppendFormat(b, http.TimeFormat)
	}
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		return strconv.AppendInt(b, ms/1000, 10)
	}
	return strconv.AppendFloat(b, float64(ms)/1000, 'f', 3, 64)
}

// parseTime reads a timestamp in any of the formats: AWS takes what is clear.
func parseTime(s string) (time.Time, bool) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return unixTime(f)
	}
	for _, layout := range []string{time.RFC3339Nano, http.TimeFormat, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// lastSecond is 9999-12-31T23:59:59Z: no AWS format goes further.
const lastSecond = 253402300799

func unixTime(f float64) (time.Time, bool) {
	if math.IsNaN(f) || f < -lastSecond || f > lastSecond {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Round(f * 1000))).UTC(), true
}

// asTime gives the time in v without copying it twice.
func asTime(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}
