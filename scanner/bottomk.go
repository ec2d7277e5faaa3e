package scanner

import (
	"cmp"
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
// is ready. It is not safe for concurrent use, not even for reading.
type BottomK struct {
	Rows  int64    // added in all
	kept  []hashed // in order, each hash once
	fresh []hashed // not in order yet
	bound uint64   // hashes at or above it are not among the smallest; 0: no bound yet
}

type hashed struct {
	hash uint64
	rows int64
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
	if b.fresh = append(b.fresh, hashed{hash, rows}); len(b.fresh) >= bottomSize {
		b.settle()
	}
}

// settle puts the fresh hashes in order and forgets all but the smallest.
func (b *BottomK) settle() {
	if len(b.fresh) == 0 {
		return
	}
	slices.SortFunc(b.fresh, func(x, y hashed) int { return cmp.Compare(x.hash, y.hash) })
	all := make([]hashed, 0, len(b.kept)+len(b.fresh))
	for x, y := b.kept, b.fresh; len(x)+len(y) > 0; {
		from := &x
		if len(x) == 0 || len(y) > 0 && y[0].hash < x[0].hash {
			from = &y
		}
		if n := len(all); n > 0 && all[n-1].hash == (*from)[0].hash {
			all[n-1].rows += (*from)[0].rows
		} else {
			all = append(all, (*from)[0])
		}
		*from = (*from)[1:]
	}
	if len(all) > bottomSize {
		b.bound = all[bottomSize].hash
		all = all[:bottomSize]
	}
	b.kept, b.fresh = all, b.fresh[:0]
}

// Merge adds what o has counted.
func (b *BottomK) Merge(o *BottomK) {
	o.settle()
	rows := b.Rows + o.Rows
	for _, h := range o.kept {
		b.Add(h.hash, h.rows)
	}
	b.settle()
	if o.bound != 0 && (b.bound == 0 || o.bound < b.bound) {
		b.bound = o.bound
		b.kept = b.kept[:b.below(o.bound)]
	}
	b.Rows = rows
}

// below returns how many of the hashes kept are below h.
func (b *BottomK) below(h uint64) int {
	n, _ := slices.BinarySearchFunc(b.kept, h, func(x hashed, h uint64) int { return cmp.Compare(x.hash, h) })
	return n
}

// Hashes returns the hashes kept, in order.
func (b *BottomK) Hashes() []uint64 {
	b.settle()
	all := make([]uint64, len(b.kept))
	for i := range b.kept {
		all[i] = b.kept[i].hash
	}
	return all
}

// Len returns how many hashes are kept: all distinct ones if Exact.
func (b *BottomK) Len() int {
	b.settle()
	return len(b.kept)
}

// Exact reports whether every distinct hash is kept, so that the figures are
// counts and not estimates.
func (b *BottomK) Exact() bool {
	b.settle()
	return b.bound == 0
}

// Distinct returns the number of distinct values; its standard error is
// 1/√2048 of it unless Exact.
func (b *BottomK) Distinct() float64 {
	if b.Exact() || len(b.kept) == 0 {
		return float64(len(b.kept))
	}
	return float64(len(b.kept)) / (float64(b.bound) / (1 << 64))
}

// UniqueShare returns the share of rows that are alone with their value.
func (b *BottomK) UniqueShare() float64 {
	b.settle()
	var alone, rows int64
	for _, h := range b.kept {
		if h.rows == 1 {
			alone++
		}
		rows += h.rows
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
	for _, h := range b.kept {
		if least == 0 || h.rows < least {
			least = h.rows
		}
	}
	return least
}
