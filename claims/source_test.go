package claims_test

import (
	"testing"
	"time"

	"github.com/secondsource/secondsource/claims"
)

func TestInterval(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	always, march, since, until := claims.Interval{}, claims.Interval{From: day(5), To: day(9)}, claims.Interval{From: day(5)}, claims.Interval{To: day(9)}
	for _, tt := range []struct {
		name string
		in   claims.Interval
		at   time.Time
		want bool
	}{
		{"no bounds hold everything", always, day(1), true},
		{"the first instant is in", march, day(5), true},
		{"the last is not", march, day(9), false},
		{"before", march, day(4), false},
		{"within", march, day(8), true},
		{"open at the end", since, day(30), true},
		{"open at the end, before", since, day(4), false},
		{"open at the start", until, day(1), true},
		{"the same instant elsewhere on earth", march, day(5).In(time.FixedZone("", 3600)), true},
		{"an unknown time lies where the end is open", since, time.Time{}, true},
		{"an unknown time lies in no past interval", until, time.Time{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.in.Has(tt.at); got != tt.want {
				t.Errorf("%v has %v: %v", tt.in, tt.at, got)
			}
		})
	}
}
