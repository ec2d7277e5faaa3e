package scanner

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBottomKIsTheSameInAnyOrder counts skewed values in one piece and in parts
// merged in another order.
func TestBottomKIsTheSameInAnyOrder(t *testing.T) {
	for _, distinct := range []uint64{0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 50_000} {
		rng := rand.New(rand.NewPCG(distinct, 7))
		key := runKey{rng.Uint64() | 1, rng.Uint64() | 1, rng.Uint64() | 1, rng.Uint64() | 1} // the same each time: an estimate may be off
		value := func(i uint64) uint64 { return key.mix(i, i) }
		var rows []uint64
		exact := make(map[uint64]int64)
		for i := range distinct {
			for range 1 + rng.IntN(2)*rng.IntN(3) {
				rows = append(rows, value(i))
				exact[value(i)]++
			}
		}
		var whole BottomK
		for _, h := range rows {
			whole.Add(h, 1)
		}
		var parts [5]BottomK
		for _, i := range rng.Perm(len(rows)) {
			parts[i%5].Add(rows[i], 1)
		}
		var merged BottomK
		for _, i := range rng.Perm(5) {
			merged.Merge(&parts[i])
		}
		if whole.Rows != int64(len(rows)) || merged.Rows != whole.Rows {
			t.Errorf("%d distinct: rows %d and %d, want %d", distinct, whole.Rows, merged.Rows, len(rows))
		}
		a, b := whole.Hashes(), merged.Hashes()
		if len(a) != len(b) {
			t.Fatalf("%d distinct: %d and %d hashes kept", distinct, len(a), len(b))
		}
		for i := range a {
			if a[i] != b[i] || whole.kept[i].rows != exact[a[i]] || merged.kept[i].rows != exact[a[i]] {
				t.Fatalf("%d distinct: hash %d differs, or its count is not exact", distinct, i)
			}
		}
		if d := whole.Distinct(); math.Abs(d-float64(distinct)) > 0.1*float64(distinct) {
			t.Errorf("distinct = %.0f, want %d", d, distinct)
		}
		if whole.Exact() && whole.Distinct() != float64(distinct) {
			t.Errorf("exact, but distinct = %.0f, want %d", whole.Distinct(), distinct)
		}
		alone := int64(0)
		for _, n := range exact {
			if n == 1 {
				alone++
			}
		}
		if want := float64(alone) / float64(max(len(rows), 1)); math.Abs(whole.UniqueShare()-want) > 0.05 {
			t.Errorf("%d distinct: unique share %.3f, want %.3f", distinct, whole.UniqueShare(), want)
		}
	}
}
