package scanner

import (
	"slices"

	"vigie/detectors"
)

// A plan is a study made ready for the rows: which columns to look at, and
// what to do with their cells.
type plan struct {
	slots  []slot  // by column
	sets   [][]int // slots of each quasi-identifier set
	pairs  []pairing
	people []int // slots that tell persons apart; nil without
}

type slot struct {
	col   int
	det   int  // detector; -1 when the kind has none
	sieve bool // its matches are found on the way
	asks  bool // its rows are studied: every cell counts among its values
	fits  bool // each cell is asked for
	birth bool
	hash  bool
	norm  bool // hashed in its normal form
}

type pairing struct {
	agree func(a, b []byte) (agree, known bool)
	a, b  int // slots; b -1 where the relation is about one column
}

// plan makes the study ready. The columns that are asked are looked at cell by
// cell; of the others only what needs every row is counted: sets, births,
// people, the kinds of the sieve, and columns of which every row counts.
func (b *book) plan(s *Study, asked, counted func(col int) bool) *plan {
	p := new(plan)
	need := make([]slot, len(s.Kinds))
	wanted := make([]bool, len(s.Kinds))
	for i, k := range s.Kinds {
		need[i] = slot{col: i, det: -1}
		if d, ok := b.number[k]; ok && k != "" {
			need[i].det = d
			need[i].sieve = b.detectors[d].Sieve
			need[i].asks = asked(i)
			need[i].fits = need[i].asks || need[i].sieve
			need[i].hash = need[i].asks
			wanted[i] = need[i].fits || counted(i)
		}
		if k == "birth_date" || k == "child_birth_date" {
			need[i].birth, wanted[i] = true, true
		}
	}
	for _, set := range s.Sets {
		for _, c := range set {
			need[c].hash, wanted[c] = true, true
		}
	}
	for _, pair := range s.Pairs {
		wanted[pair.A] = true
		if pair.B >= 0 {
			wanted[pair.B] = true
		}
	}
	for _, c := range s.People {
		need[c].hash, wanted[c] = true, true
		need[c].norm = len(s.People) == 1
	}
	at := make([]int, len(s.Kinds))
	for i := range need {
		if wanted[i] {
			at[i] = len(p.slots)
			p.slots = append(p.slots, need[i])
		}
	}
	for _, set := range s.Sets {
		var slots []int
		for _, c := range set {
			slots = append(slots, at[c])
		}
		p.sets = append(p.sets, slots)
	}
	for _, pair := range s.Pairs {
		i := slices.IndexFunc(b.relations, func(r detectors.Relation) bool { return r.Name == pair.Relation })
		one := pairing{b.relations[i].Agree, at[pair.A], -1}
		if pair.B >= 0 {
			one.b = at[pair.B]
		}
		p.pairs = append(p.pairs, one)
	}
	for _, c := range s.People {
		p.people = append(p.people, at[c])
	}
	return p
}

// persons chooses the columns that tell persons apart: the NIR, or else the
// names and the birth date together.
func persons(kinds []detectors.Kind) []int {
	for _, k := range []detectors.Kind{"nir", "nir_without_key"} {
		if i := slices.Index(kinds, k); i >= 0 {
			return []int{i}
		}
	}
	var out []int
	for _, k := range []detectors.Kind{"full_name", "last_name", "first_name", "birth_date"} {
		if i := slices.Index(kinds, k); i >= 0 {
			out = append(out, i)
		}
	}
	if len(out) < 2 || slices.Index(kinds, "birth_date") < 0 {
		return nil
	}
	slices.Sort(out)
	return out
}
