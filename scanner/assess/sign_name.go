package assess

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"vigie/detectors"
	"vigie/scanner"
)

// titles is the index of column titles, made once.
var titles = sync.OnceValue(func() *detectors.Titles { return detectors.NewTitles(detectors.All()) })

// unknownNames: columns whose titles announce names while less than half of the
// cells are in Insee's lists, which hold more than nine in ten of real ones.
// They were replaced, by random letters or a pseudonym. It takes a person in
// the table (a NIR or birth dates), because the names of places and programs
// have the same titles, and no column of names beside them, because the name of
// use is often empty or odd. One such column is worth less than two: a people
// whose names France does not know does occur.
func unknownNames(e *evidence) (float64, scanner.Why, bool) {
	if e.tally == nil || e.tally.Study == nil || !e.has(nir, nirWithoutKey, birthDate) || e.has(fullName, lastName, firstName) {
		return 0, scanner.Why{}, false
	}
	announced := make(map[detectors.Kind]bool)
	var columns []string
	for i := range e.tally.Columns {
		title := e.tally.Columns[i].Title
		if i >= len(e.tally.Study.Kinds) || e.tally.Study.Kinds[i] != "" || title == "" {
			continue
		}
		for _, k := range titles().Kinds(nil, []byte(title)) {
			if k == lastName || k == firstName || k == fullName {
				announced[k] = true
				columns = append(columns, title)
				break
			}
		}
	}
	weight := 0.0
	switch {
	case len(announced) > 1:
		weight = math.Log(0.005 / 0.3)
	case announced[lastName] || announced[firstName]:
		weight = math.Log(0.02 / 0.2)
	case announced[fullName]: // "name", "beneficiary" may be a body
		weight = math.Log(0.05 / 0.2)
	default:
		return 0, scanner.Why{}, false
	}
	return weight, scanner.Why{Code: "unknown_names", Args: map[string]any{"columns": columns},
		Text: fmt.Sprintf("what stands in %s is not made of names", list(columns[:min(len(columns), 3)]))}, true
}

// A stock is how many different names a number of persons has. France has
// 219,000 surnames and 34,000 first names in Insee's lists: of 600 persons some
// 500 surnames are different, of 4,000 some 2,900. Generators draw from few:
// Faker from 400 surnames and 200 first names, datafaker from 150, a hand-made
// file of 600 rows had 16 of each. Families and rows of the same person lower
// the share of real names too, to a third or a quarter, and women of one
// generation share few first names: only what lies far below counts.
type stock struct {
	kind         detectors.Kind
	said         string
	many         int64   // persons from which on many names speak for real
	enough       float64 // names a person
	few, veryFew float64
}

var (
	lastNameStock  = stock{lastName, "surnames", 1000, 0.5, 0.25, 0.12}
	firstNameStock = stock{firstName, "first names", 1000, 0.15, 0, 0.03}
)

func fewLastNames(e *evidence) (float64, scanner.Why, bool)  { return lastNameStock.weigh(e) }
func fewFirstNames(e *evidence) (float64, scanner.Why, bool) { return firstNameStock.weigh(e) }

// weigh compares the different names of the studied rows with the persons in
// them. It needs 100 persons, told apart by something else than their names.
func (s stock) weigh(e *evidence) (float64, scanner.Why, bool) {
	different := e.different(s.kind)
	people := e.different(nir, nirWithoutKey, cafNumber, email, iban, phone, birthDate)
	if different == 0 || people < 100 {
		return 0, scanner.Why{}, false
	}
	weight := 0.0
	switch share := float64(different) / float64(people); {
	case share <= s.veryFew:
		weight = math.Log(0.005 / 0.3)
	case share <= s.few:
		weight = math.Log(0.05 / 0.25)
	case share >= s.enough && people >= s.many:
		weight = math.Log(0.8 / 0.3)
	default:
		return 0, scanner.Why{}, false
	}
	return weight, scanner.Why{Code: string("distinct_" + s.kind + "s"), Args: map[string]any{"distinct": different, "persons": people},
		Text: fmt.Sprintf("%s different %s among %s persons", thousands(different), s.said, thousands(people))}, true
}

// different returns how many different values the studied rows have in a column
// of one of the kinds, the one with the most.
func (e *evidence) different(kinds ...detectors.Kind) int64 {
	var most int64
	if e.tally == nil || e.tally.Study == nil {
		return 0
	}
	for i := range e.tally.Columns {
		if i < len(e.tally.Study.Kinds) && slices.Contains(kinds, e.tally.Study.Kinds[i]) {
			most = max(most, int64(math.Round(copyOf(&e.tally.Columns[i].Values).Distinct())))
		}
	}
	return most
}
