package scanner

import (
	"math"
	"slices"

	"vigie/detectors"
)

// pruneCells is after how many filled cells of a column detectors that none of
// them fits are asked no more.
const pruneCells = 40

// A trait is what some cells of one column show.
type trait struct {
	filled  int
	fits    []int // by detector
	valid   []int
	alive   []int // detectors that may still be meant
	oldest  int   // years of the cells that are dates
	newest  int
	years   float64 // sum and sum of squares, for the spread
	squares float64
	values  map[uint64]struct{}
	other   bool // its title says that its dates are no births
}

// newTraits returns the traits of n columns.
func (b *book) newTraits(n int) []*trait {
	k := len(b.detectors)
	traits, numbers := make([]*trait, n), make([]int, 3*n*k)
	for i := range traits {
		own := numbers[3*i*k : 3*(i+1)*k]
		t := &trait{fits: own[:k:k], valid: own[k : 2*k : 2*k], alive: own[2*k:], values: make(map[uint64]struct{}), oldest: math.MaxInt}
		for d := range t.alive {
			t.alive[d] = d
		}
		traits[i] = t
	}
	return traits
}

// take takes one more cell, not an empty one, into a trait.
func (w *walker) take(t *trait, cell []byte) {
	t.filled++
	t.values[w.key.sum(cell)] = struct{}{}
	if t.filled == pruneCells {
		t.alive = slices.DeleteFunc(t.alive, func(d int) bool { return t.fits[d] == 0 })
	}
	for _, d := range t.alive {
		ok, valid := w.book.fits(d, cell, &w.probe, w.found)
		if ok {
			t.fits[d]++
		}
		if ok && valid {
			t.valid[d]++
		}
	}
	if y, _, _, ok := detectors.Date(cell); ok {
		t.oldest, t.newest = min(t.oldest, y), max(t.newest, y)
		t.years += float64(y)
		t.squares += float64(y) * float64(y)
	}
}

func (t *trait) share(d int) float64 {
	if t.filled == 0 {
		return 0
	}
	return float64(t.fits[d]) / float64(t.filled)
}

// proven is the share of the cells that are valid: what reads as the kind only
// where a title says so (a yes in a column of benefits) is not.
func (t *trait) proven(d int) float64 {
	if t.filled == 0 {
		return 0
	}
	return float64(t.valid[d]) / float64(t.filled)
}
