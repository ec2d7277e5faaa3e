package scanner

import (
	"math"
	"slices"

	"vigie/detectors"
)

// A company is the columns of a table while those of them are decided that only
// the others explain.
type company struct {
	*book
	kinds  []detectors.Kind
	traits []*trait
}

// proves reports whether a column that has no kind yet has n cells or more, of
// which the given share are valid as kind k.
func (c company) proves(i int, k detectors.Kind, n int, share float64) bool {
	d, ok := c.number[k]
	t := c.traits[i]
	return ok && c.kinds[i] == "" && t != nil && t.filled >= n && float64(t.valid[d]) >= share*float64(t.filled)
}

// has reports whether a column is of one of the kinds.
func (c company) has(kinds ...detectors.Kind) bool {
	return slices.ContainsFunc(c.kinds, func(k detectors.Kind) bool { return slices.Contains(kinds, k) })
}

// beside reports whether the column before or behind is of the kind.
func (c company) beside(i int, by detectors.Kind) bool {
	return i > 0 && c.kinds[i-1] == by || i+1 < len(c.kinds) && c.kinds[i+1] == by
}

// splitNIR decides a NIR without key that has its key in the column behind it,
// both without a title: of numbers that are one the sex, the month and the place
// must exist in nearly every row, and the key be no more than 97.
func (c company) splitNIR(i int) bool {
	if i+1 >= len(c.kinds) || c.kinds[i+1] != "" && c.kinds[i+1] != "nir_key" ||
		!c.proves(i, "nir_without_key", 20, 0.95) || 2*len(c.traits[i].values) < c.traits[i].filled {
		return false
	}
	key := c.traits[i+1]
	d, ok := c.number["nir_key"]
	return ok && key != nil && key.filled >= 20 && float64(key.valid[d]) >= 0.99*float64(key.filled) && len(key.values) >= min(15, key.filled/3)
}

// personal reports whether dates in this company are rather those of births:
// there are names, NIRs, family situations.
func (c company) personal() bool {
	return c.has("first_name", "full_name", "nir", "nir_without_key", "family_situation")
}

// born reports whether a column of dates is one of birth dates where there are
// persons: they spread over more than six years, begin before 1990 and end when
// grown-ups were born, before those of contracts do; most are of one person only.
func (c company) born(i int) bool {
	d, ok := c.number["birth_date"]
	t := c.traits[i]
	if !ok || c.kinds[i] != "" || t == nil || t.other || t.filled < 20 || t.share(d) < 0.95 || t.oldest > 1990 || t.newest > 2008 || 3*len(t.values) < 2*t.filled {
		return false
	}
	mean := t.years / float64(t.fits[d])
	return math.Sqrt(max(t.squares/float64(t.fits[d])-mean*mean, 0)) > 6
}

// drawn reports whether a column of amounts is one of benefits: more of them
// than chance would have it are to the cent what the scale of the CNAF says, one
// in 33 and three at least, and five with the other columns of the table. Of
// other amounts it is one in 130.
func (c company) drawn(i int) bool {
	if c.kinds[i] != "" || 33*c.onScale(i) < max(c.filled(i), 99) {
		return false
	}
	all := 0
	for j := range c.kinds {
		if c.kinds[j] == "" || c.kinds[j] == "benefit_amount" {
			all += c.onScale(j)
		}
	}
	return all >= 5
}

func (c company) filled(i int) int {
	if c.traits[i] == nil {
		return 0
	}
	return c.traits[i].filled
}

// onScale returns how many cells of a column of amounts are on the scale, 0 for
// a column of anything else.
func (c company) onScale(i int) int {
	d, ok := c.number["benefit_amount"]
	t := c.traits[i]
	if !ok || t == nil || t.filled < 20 || t.share(d) < 0.95 {
		return 0
	}
	return t.valid[d]
}

// pseudonymous reports whether a column holds pseudonyms of people with a
// diagnosis: as many as make people of them, and diagnoses that several have, as
// in no dictionary.
func (c company) pseudonymous(i int) bool {
	if !c.proves(i, "snds_variable", 20, 0.98) || len(c.traits[i].values) < 10 {
		return false
	}
	for j, k := range c.kinds {
		if k == "icd10" && c.traits[j] != nil && 5*len(c.traits[j].values) <= 4*c.traits[j].filled {
			return true
		}
	}
	return false
}
