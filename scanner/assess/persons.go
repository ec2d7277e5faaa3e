package assess

import (
	"math"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// people counts whom a finding is about.
//
// A household is a row with the birth dates of several persons. The estimate is
// the number of distinct NIRs where a column of them fills most rows, or of
// distinct names with birth dates where every row was hashed so, otherwise the
// number of rows. Running text is counted by distinct NIRs, by names with birth
// dates where these are more than the documents, otherwise by documents.
func people(e *evidence, v verdict) scanner.People {
	switch {
	case v.people != nil:
		return *v.people
	case (e.running && e.distinctNIRs() > 0 || v.byNIR) && e.nirs.Len() > 0:
		return distinct(e.nirs, "nir", sum(e.in(nir, nirWithoutKey)))
	case v.byNIR:
		return exactly(v.persons, "person", "nir")
	case e.running && v.persons > e.documents:
		return exactly(v.persons, "person", "name_birth")
	case e.running:
		return exactly(e.documents, "document", "documents")
	}
	births := e.in(birthDate, childBirthDate)
	household := v.unit == "household" || len(births) > 1
	nirs := e.in(nir, nirWithoutKey)
	var p scanner.People
	switch {
	case e.nirs.Len() > 0 && e.damagedNIRs(): // what is left of them is the same for several
		p = exactly(max(e.most(nir), e.rows), "person", "rows")
		p.Low = min(int64(math.Round(e.nirs.Distinct())), p.Estimate)
	case e.nirs.Len() > 0 && 2*e.most(nir, nirWithoutKey) >= e.rows && !(household && len(nirs) > 1):
		p = spread(distinct(e.nirs, "nir", sum(nirs)), e.most(nir, nirWithoutKey), e.rows)
	case !household && e.nameBirth != nil && 2*v.persons >= e.rows:
		p = spread(distinct(e.nameBirth, "name_birth", e.rows), e.nameBirth.Rows, e.rows)
	case 2*v.persons < e.rows:
		p = exactly(v.persons, "person", "rows")
	default:
		p = exactly(e.rows, "person", "rows")
		if n, street := e.told(); n > 0 && 5*n < 4*e.rows { // several rows a person, as in payments
			if p.Low = n; street { // in one town many share a birthday
				p.Estimate = n
			}
		}
	}
	if household {
		p.Unit = "household"
		if p.Persons = sum(births); p.Persons <= p.Estimate {
			p.Persons = 0
		}
	}
	p.Minors = minors(e.births, e.has(childBirthDate))
	if young := e.in(childBirthDate); len(young) > 0 && !dated(e.births, births) {
		p.Minors = sum(young)
	}
	return p
}

// told returns how many people the day of birth tells apart together with the
// street, or another place where there is none, in a table where nearly every row
// has both; 0 for others.
func (e *evidence) told() (n int64, street bool) {
	for _, place := range []detectors.Kind{streetAddress, postcode, commune} {
		if e.tally == nil || 10*min(e.days(), e.most(place)) < 9*e.rows {
			continue
		}
		for i, kinds := range sets(e.tally) {
			if slices.Contains(kinds, birthDate) && slices.Contains(kinds, place) {
				n = max(n, int64(math.Round(copyOf(&e.tally.Unique[i]).Distinct())))
			}
		}
		if n > 0 {
			return n, place == streetAddress
		}
	}
	return 0, false
}

// sum adds up the values of fields. A child whose birth date and whose birth
// year stand in two columns (DATNAIEN1, ANNNEN1: the same number, filled in the
// same rows) counts once.
func sum(fields []scanner.Field) int64 {
	var n int64
	for i, f := range fields {
		if !slices.ContainsFunc(fields[:i], func(x scanner.Field) bool { return sameChild(x, f) }) {
			n += f.Matches
		}
	}
	return n
}

func sameChild(x, y scanner.Field) bool {
	number := ending(x.Column)
	return number != "" && number == ending(y.Column) && x.Kind == childBirthDate && y.Kind == childBirthDate &&
		50*max(x.Matches-y.Matches, y.Matches-x.Matches) <= max(x.Matches, y.Matches)
}

// ending returns the number at the end of a title, "" for none.
func ending(title string) string { return title[len(strings.TrimRight(title, "0123456789")):] }

// dated reports whether the births by month hold those of the children. Years
// without month and day are in no month; then all children count as minors:
// benefits end at 20 at the latest.
func dated(months []uint32, births []scanner.Field) bool {
	var all, adults, young int64
	for _, n := range months {
		all += int64(n)
	}
	for _, f := range births {
		if f.Kind == childBirthDate {
			young = max(young, f.Matches)
		} else {
			adults += f.Matches
		}
	}
	return 2*(all-adults) >= young
}

func exactly(n int64, unit, basis string) scanner.People {
	return scanner.People{Estimate: n, Low: n, High: n, Unit: unit, Basis: basis}
}

// distinct counts persons by distinct hashes, with two standard errors either
// side unless all hashes were kept; never more than the values that there are.
func distinct(b *scanner.BottomK, basis string, most int64) scanner.People {
	n := b.Distinct()
	p := exactly(min(int64(math.Round(n)), most), "person", basis)
	if !b.Exact() {
		twice := 2 * n / math.Sqrt(float64(b.Len()))
		p.Low, p.High = min(int64(math.Round(n-twice)), most), min(int64(math.Round(n+twice)), most)
	}
	return p
}

// spread takes the number of persons in the rows that tell them apart to all
// rows: the others repeat persons as often as these, all of them at most are
// persons of their own, and none at least.
func spread(p scanner.People, told, rows int64) scanner.People {
	if told <= 0 || told >= rows {
		return p
	}
	p.Estimate = int64(math.Round(float64(p.Estimate) * float64(rows) / float64(told)))
	p.High += rows - told
	return p
}

// today is the month, counted from January 1900, at which a table without
// children's columns is taken to be dated: January 2027. A judgement has no
// clock; those born less than 18 years before are minors in any copy found
// until then. Without it the youngest of a list of adults would make minors of
// everybody some years older.
const today = (2027 - 1900) * 12

// minors counts the births less than 18 years before the reference month: the
// latest month with births where there are columns of children, whose youngest
// date the file. The month that is exactly 18 years before counts by half:
// births spread over both months evenly.
//
// A month of births more than two years after all others, with fewer than one
// birth in a thousand, is a typing error and no reference.
func minors(births []uint32, family bool) int64 {
	var all int64
	for _, n := range births {
		all += int64(n)
	}
	last := len(births)
	for later := int64(0); ; {
		at := last - 1
		for at >= 0 && births[at] == 0 {
			at--
		}
		if at < 0 {
			return 0
		}
		last = at
		later += int64(births[at])
		if 1000*later >= all || alone(births, at) < 24 {
			break
		}
	}
	reference := last
	if !family {
		reference = max(last, today)
	}
	var young float64
	for i := max(reference-18*12, 0); i <= last; i++ {
		n := float64(births[i])
		if i == reference-18*12 {
			n /= 2
		}
		young += n
	}
	return int64(math.Round(young))
}

// alone returns how many months before at have no births.
func alone(births []uint32, at int) int {
	gap := 0
	for i := at - 1; i >= 0 && births[i] == 0; i-- {
		gap++
	}
	return gap
}

// sets returns the kinds of each quasi-identifier set that was counted.
func sets(t *scanner.Tally) [][]detectors.Kind {
	if t.Study == nil {
		return nil
	}
	var all [][]detectors.Kind
	for i, set := range t.Study.Sets {
		if i >= len(t.Unique) {
			break
		}
		var kinds []detectors.Kind
		for _, column := range set {
			if column >= 0 && column < len(t.Study.Kinds) {
				kinds = append(kinds, t.Study.Kinds[column])
			}
		}
		all = append(all, kinds)
	}
	return all
}
