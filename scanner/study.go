package scanner

import (
	"math"
	"slices"

	"vigie/detectors"
)

const (
	// decideRows is how many rows of the first block decide the kinds;
	// decideCells bounds them in wide tables.
	decideRows  = 300
	decideCells = 60_000
	// studyRows is how many rows of a table every detector of its columns sees.
	studyRows = 4000
	// studyText is how much of a table's text the detectors of prose see.
	studyText = 64 << 10
	// pairEvery thins the test of agreements behind the studied rows.
	pairEvery = 512
	// maxSets bounds the quasi-identifier sets of a table.
	maxSets = 5
)

// A book is what every study needs and no data set changes: the detectors by
// number, the index of titles, the relations.
type book struct {
	detectors []detectors.Detector
	number    map[detectors.Kind]int
	titles    *detectors.Titles
	relations []detectors.Relation
	sieve     []int // detectors that see every byte
	prose     []int // the others that can find something in running text
}

func newBook(ds []detectors.Detector) *book {
	b := &book{detectors: ds, number: make(map[detectors.Kind]int), titles: detectors.NewTitles(ds), relations: detectors.Relations()}
	for i, d := range ds {
		b.number[d.Kind] = i
		switch {
		case d.Sieve:
			b.sieve = append(b.sieve, i)
		case d.Find != nil:
			b.prose = append(b.prose, i)
		}
	}
	return b
}

// fits reports whether a cell reads as detector d, and is valid.
func (b *book) fits(d int, cell []byte, t *detectors.Text, scratch []detectors.Match) (bool, bool) {
	det := &b.detectors[d]
	if det.Fits != nil {
		return det.Fits(cell)
	}
	if det.Find == nil || len(cell) > 4096 {
		return false, false
	}
	t.Reset(cell, 0, 0, 0)
	for _, m := range det.Find(scratch[:0], t) {
		if m.Start == 0 && m.End == len(cell) {
			return true, m.Valid
		}
	}
	return false, false
}

// decide studies the first rows of a table, of which traits were collected.
// named says of each column whether its title announced the kind.
func (b *book) decide(titles []string, traits []*trait) (s *Study, named []bool) {
	s = &Study{Kinds: make([]detectors.Kind, len(traits))}
	named = make([]bool, len(traits))
	for i, t := range traits {
		title := ""
		if i < len(titles) {
			title = titles[i]
		}
		t.other = detectors.OtherDay([]byte(title))
		s.Kinds[i], named[i] = b.kind(t, title, titles != nil)
	}
	b.neighbours(s.Kinds, traits)
	b.relate(s)
	return s, named
}

// relate chooses the columns that are looked at together. What was chosen
// before stays where it is: tallies count by its number.
func (b *book) relate(s *Study) {
	for _, set := range sets(s.Kinds) {
		if len(s.Sets) < 2*maxSets && !slices.ContainsFunc(s.Sets, func(old []int) bool { return slices.Equal(old, set) }) {
			s.Sets = append(s.Sets, set)
		}
	}
	for _, p := range b.pairs(s.Kinds) {
		if !slices.ContainsFunc(s.Pairs, func(old Pair) bool { return old.Relation == p.Relation }) {
			s.Pairs = append(s.Pairs, p)
		}
	}
	if s.People == nil {
		s.People = persons(s.Kinds)
	}
}

// kind decides what a column holds: what its title announces, if the cells do
// not speak against it; otherwise what the cells say by themselves.
func (b *book) kind(t *trait, title string, titled bool) (detectors.Kind, bool) {
	var announced []detectors.Kind
	if title != "" {
		announced = b.titles.Kinds(nil, []byte(title))
	}
	for _, k := range announced {
		d, ok := b.number[k]
		if !ok {
			continue
		}
		det := &b.detectors[d]
		if t.filled == 0 || det.Fits == nil && det.Find == nil || det.Scope == detectors.Titled && det.Fits == nil || t.share(d) >= 0.5 {
			return k, true
		}
	}
	best, share := -1, 0.0
	for d := range b.detectors {
		least, s := 2.0, t.share(d)
		switch b.detectors[d].Scope {
		case detectors.Anywhere:
			least = 0.5
		case detectors.Column:
			least, s = 0.8, t.proven(d)
			if !titled {
				least = 0.6
			}
			if t.filled < 5 || len(t.values) < 3 {
				least = 2
			}
		}
		if s >= least && s > share {
			best, share = d, s
		}
	}
	switch {
	case best >= 0:
		return b.detectors[best].Kind, false
	case b.births(t):
		return "birth_date", false
	}
	return "", false
}

// births reports whether a column of dates without a telling title can only be
// one of birth dates: ages of 0 to 110 that spread over more than ten years.
func (b *book) births(t *trait) bool {
	d, ok := b.number["birth_date"]
	if !ok || t.other || t.filled < 20 || t.share(d) < 0.95 || t.oldest > 1985 || len(t.values) < t.filled/2 {
		return false
	}
	n := float64(t.fits[d])
	mean := t.years / n
	return math.Sqrt(max(t.squares/n-mean*mean, 0)) > 10
}

// neighbours decides columns that only those beside them explain: a NIR without
// key and its key, a postcode and its commune, birth dates of named people,
// amounts of benefits of families, pseudonyms of patients.
func (b *book) neighbours(kinds []detectors.Kind, traits []*trait) {
	c := company{b, kinds, traits}
	for i := range kinds {
		if c.splitNIR(i) {
			kinds[i], kinds[i+1] = "nir_without_key", "nir_key"
		}
	}
	personal, family := c.personal(), c.has("family_situation")
	places := (personal || c.has("commune")) && !c.has("postcode") // one in 16 numbers of five digits is one
	for i := range kinds {
		switch {
		case c.beside(i, "nir_without_key") && c.proves(i, "nir_key", 5, 0.95):
			kinds[i] = "nir_key"
		case c.beside(i, "commune") && c.proves(i, "postcode", 5, 0.95):
			kinds[i] = "postcode"
		case places && c.proves(i, "postcode", 20, 0.98) && len(traits[i].values) >= 5:
			kinds[i] = "postcode"
		case personal && c.born(i):
			kinds[i] = "birth_date"
		case family && c.drawn(i):
			kinds[i] = "benefit_amount"
		case c.pseudonymous(i):
			kinds[i] = "snds_variable"
		}
	}
}

// sets chooses the sets of columns by which a row might be recognised
// (domain: birth date with sex and place, with the street, with the spouse's,
// with the children's; the street alone).
func sets(kinds []detectors.Kind) [][]int {
	all := func(k detectors.Kind, most int) (at []int) {
		for i := range kinds {
			if kinds[i] == k && len(at) < most {
				at = append(at, i)
			}
		}
		return at
	}
	birth, child, street, sex := all("birth_date", 2), all("child_birth_date", 2), all("street_address", 1), all("sex", 1)
	place := append(all("postcode", 1), all("commune", 1)...)
	if len(place) > 1 {
		place = place[:1]
	}
	var out [][]int
	add := func(parts ...[]int) {
		var set []int
		for _, p := range parts {
			if len(p) == 0 {
				return
			}
			set = append(set, p...)
		}
		slices.Sort(set)
		out = append(out, set)
	}
	first := birth[:min(len(birth), 1)]
	add(street, first)
	if len(sex) > 0 {
		add(first, sex, place)
	} else {
		add(first, place)
	}
	if len(birth) == 2 {
		add(birth)
	}
	add(first, child)
	if len(out) == 0 {
		add(first, sex)
		add(street)
	}
	return out[:min(len(out), maxSets)]
}

// pairs joins the first column of a relation's first kind with the nearest column
// of its second, if it has one.
func (b *book) pairs(kinds []detectors.Kind) []Pair {
	var out []Pair
	for _, r := range b.relations {
		for i, k := range kinds {
			if k != r.A {
				continue
			}
			best := -1
			for j := range kinds {
				if r.B != "" && kinds[j] == r.B && (best < 0 || abs(j-i) < abs(best-i)) {
					best = j
				}
			}
			if best >= 0 || r.B == "" {
				out = append(out, Pair{r.Name, i, best})
			}
			break
		}
	}
	return out
}

func abs(i int) int { return max(i, -i) }

// announced reports whether the book knows a title.
func (b *book) announced(title string) bool {
	if len(b.titles.Kinds(nil, []byte(title))) > 0 {
		return true
	}
	_, _, ok := detectors.CNAFVariable([]byte(title))
	return ok
}
