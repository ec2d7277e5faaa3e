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
	// pruneCells is after how many filled cells of a column detectors that none
	// of them fits are asked no more.
	pruneCells = 40
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

// A trait is what a sample of rows shows of one column.
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
}

// decide studies the first rows of a table. named says of each column whether
// its title announced the kind.
func (b *book) decide(titles []string, rows [][][]byte, key *runKey) (s *Study, named []bool) {
	width := len(titles)
	for _, r := range rows {
		width = max(width, len(r))
	}
	width = min(width, MaxColumns)
	traits := b.traits(rows, width, key)
	s = &Study{Kinds: make([]detectors.Kind, width)}
	named = make([]bool, width)
	var announced []detectors.Kind
	for i := range width {
		announced = announced[:0]
		if i < len(titles) {
			announced = b.titles.Kinds(announced, []byte(titles[i]))
		}
		s.Kinds[i], named[i] = b.kind(&traits[i], announced, titles != nil)
	}
	b.neighbours(s, traits)
	s.Sets = sets(s.Kinds)
	s.Pairs = b.pairs(s.Kinds)
	return s, named
}

func (b *book) traits(rows [][][]byte, width int, key *runKey) []trait {
	traits := make([]trait, width)
	n := len(b.detectors)
	counts, alive := make([]int, 2*width*n), make([]int, width*n)
	for i := range traits {
		traits[i].fits, traits[i].valid = counts[2*i*n:(2*i+1)*n], counts[(2*i+1)*n:(2*i+2)*n]
		traits[i].values = make(map[uint64]struct{})
		traits[i].oldest = math.MaxInt
		traits[i].alive = alive[i*n : (i+1)*n : (i+1)*n]
		for d := range n {
			traits[i].alive[d] = d
		}
	}
	var text detectors.Text
	var scratch []detectors.Match
	for _, row := range rows {
		for i, cell := range row[:min(len(row), width)] {
			if len(cell) == 0 {
				continue
			}
			t := &traits[i]
			t.filled++
			t.values[key.sum(cell)] = struct{}{}
			if t.filled == pruneCells {
				t.alive = slices.DeleteFunc(t.alive, func(d int) bool { return t.fits[d] == 0 })
			}
			for _, d := range t.alive {
				ok, valid := b.fits(d, cell, &text, scratch)
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
	}
	return traits
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

// kind decides what a column holds: what its title announces, if the cells do
// not speak against it; otherwise what the cells say by themselves.
func (b *book) kind(t *trait, announced []detectors.Kind, titled bool) (detectors.Kind, bool) {
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
	if !ok || t.filled < 20 || t.share(d) < 0.95 || t.oldest > 1985 || len(t.values) < t.filled/2 {
		return false
	}
	n := float64(t.fits[d])
	mean := t.years / n
	return math.Sqrt(max(t.squares/n-mean*mean, 0)) > 10
}

// neighbours decides columns that only the column beside them explains: a NIR
// without key and its key, a postcode and its commune.
func (b *book) neighbours(s *Study, traits []trait) {
	beside := func(i int, by detectors.Kind) bool {
		return i > 0 && s.Kinds[i-1] == by || i+1 < len(s.Kinds) && s.Kinds[i+1] == by
	}
	for i, k := range s.Kinds {
		if k != "" {
			continue
		}
		for _, p := range [...]struct{ kind, by detectors.Kind }{{"nir_key", "nir_without_key"}, {"postcode", "commune"}} {
			d, ok := b.number[p.kind]
			if ok && traits[i].filled >= 5 && beside(i, p.by) && float64(traits[i].valid[d]) >= 0.95*float64(traits[i].filled) {
				s.Kinds[i] = p.kind
			}
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
