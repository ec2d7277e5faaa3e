package scanner

import (
	"slices"
)

// bottomSize is how many hashes a BottomK keeps: the standard error of what
// follows from them is at most 1/(2√2048), 1.1 points.
const bottomSize = 2048

// A BottomK keeps the 2,048 smallest of the distinct hashes it has seen, each
// with the number of rows that had it. From these follow the number of
// distinct values, the share of rows whose value occurs once, and the overlap
// of two data sets. It is KHyperLogLog (Chia et al., IEEE S&P 2019) with rows
// as ids: every row is seen once, so the little HyperLogLog of each value is a
// count.
//
// A hash among the smallest at the end was among them at every moment since
// its first row, so its count is exact, in any order of adding. The zero value
// is ready. It is not safe for concurrent use.
type BottomK struct {
	Rows   int64 // added in all
	counts map[uint64]int64
	bound  uint64 // hashes at or above it are not among the smallest; 0: no bound yet
}

// Bound returns the hash from which on Add only counts a row, 0 for none: so
// that a caller with many rows need not call it for each.
func (b *BottomK) Bound() uint64 { return b.bound }

// Add counts rows that have a value of this hash.
func (b *BottomK) Add(hash uint64, rows int64) {
	b.Rows += rows
	if b.bound != 0 && hash >= b.bound {
		return
	}
	if b.counts == nil {
		b.counts = make(map[uint64]int64)
	}
	b.counts[hash] += rows
	if len(b.counts) >= 2*bottomSize {
		b.cut()
	}
}

// cut forgets all but the smallest hashes.
func (b *BottomK) cut() {
	if len(b.counts) <= bottomSize {
		return
	}
	all := b.sorted()
	b.bound = all[bottomSize]
	for _, h := range all[bottomSize:] {
		delete(b.counts, h)
	}
}

// Merge adds what o has counted.
func (b *BottomK) Merge(o *BottomK) {
	rows := b.Rows + o.Rows
	if o.bound != 0 && (b.bound == 0 || o.bound < b.bound) {
		b.bound = o.bound
		for h := range b.counts {
			if h >= b.bound {
				delete(b.counts, h)
			}
		}
	}
	for h, n := range o.counts {
		b.Add(h, n)
	}
	b.Rows = rows
}

// settle leaves the smallest alone, once there were too many: what is read from
// a BottomK does not depend on the order of adding.
func (b *BottomK) settle() {
	if b.bound != 0 {
		b.cut()
	}
}

// Hashes returns the hashes kept, in order.
func (b *BottomK) Hashes() []uint64 {
	b.settle()
	return b.sorted()
}

func (b *BottomK) sorted() []uint64 {
	all := make([]uint64, 0, len(b.counts))
	for h := range b.counts {
		all = append(all, h)
	}
	slices.Sort(all)
	return all
}

// Len returns how many hashes are kept: all distinct ones if Exact.
func (b *BottomK) Len() int {
	b.settle()
	return len(b.counts)
}

// Exact reports whether every distinct hash is kept, so that the figures are
// counts and not estimates.
func (b *BottomK) Exact() bool { return b.bound == 0 }

// Distinct returns the number of distinct values; its standard error is
// 1/√2048 of it unless Exact.
func (b *BottomK) Distinct() float64 {
	if b.Exact() {
		return float64(len(b.counts))
	}
	all := b.Hashes()
	return float64(len(all)-1) / (float64(all[len(all)-1]) / (1 << 64))
}

// UniqueShare returns the share of rows that are alone with their value.
func (b *BottomK) UniqueShare() float64 {
	b.settle()
	var alone, rows int64
	for _, n := range b.counts {
		if n == 1 {
			alone++
		}
		rows += n
	}
	if rows == 0 {
		return 0
	}
	return float64(alone) / float64(rows)
}

// Min returns the rows of the smallest class kept, 0 when there is none.
func (b *BottomK) Min() int64 {
	b.settle()
	var least int64
	for _, n := range b.counts {
		if least == 0 || n < least {
			least = n
		}
	}
	return least
}
