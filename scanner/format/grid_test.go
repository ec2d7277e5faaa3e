package format

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Cells that are written in a way of their own are what package strconv and time
// would write.
func TestGridWrites(t *testing.T) {
	for n := int64(-3_000_000); n < 3_000_000; n += 37 {
		v := float64(n) / 100
		var g grid
		if g.number(v); string(g.text) != strconv.FormatFloat(v, 'f', -1, 64) {
			t.Fatalf("%v is %q", v, g.text)
		}
		if v = math.Nextafter(v, math.Inf(1)); math.Abs(v) > 1 {
			g = grid{}
			if g.number(v); string(g.text) != strconv.FormatFloat(v, 'f', -1, 64) {
				t.Fatalf("%v is %q", v, g.text)
			}
		}
	}
	epoch := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := -800_000; day < 4_000_000; day += 61 {
		var g grid
		want := epoch.AddDate(0, 0, day)
		if g.date(epoch, float64(day)+0.5); string(g.text) != want.Format(time.DateOnly) {
			t.Fatalf("day %d is %q", day, g.text)
		}
		g = grid{}
		if g.moment(epoch, float64(day)*86400+3661); day < 3_000_000 && string(g.text) != want.Add(3661*time.Second).Format(time.DateTime) {
			t.Fatalf("day %d is %q", day, g.text)
		}
	}
}

func TestNoDelimiters(t *testing.T) {
	for n := range 40 {
		for at := range n {
			for _, c := range []byte{0x1D, 0x1E, 0x1F, 0x20, 0x9E, 0x9F, 0, 0xFF} {
				v := []byte(strings.Repeat("\x1d", n))
				v[at] = c
				want := strings.NewReplacer("\x1e", " ", "\x1f", " ").Replace(string(v))
				if noDelimiters(v); string(v) != want {
					t.Fatalf("%x at %d of %d: %q", c, at, n, v)
				}
			}
		}
	}
}
