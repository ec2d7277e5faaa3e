package assess

import (
	"fmt"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// aloneAtMost is the share of rows that may be the only ones with their
// quasi-identifiers in data that are declared pseudonymised: one in a hundred
// comes of typing errors.
const aloneAtMost = 0.01

// Against returns how a finding contradicts what was declared, and whether it
// does.
func Against(d scanner.Declaration, f *scanner.Finding) (scanner.Contradiction, bool) {
	o := objection{scanner.Contradiction{Finding: f.ID, Path: f.Path, Table: f.Table}}
	switch d.Claim {
	case scanner.Fictitious:
		o.invented(f)
	case scanner.Pseudonymised:
		o.pseudonymous(f)
	case scanner.Fields:
		o.named(d, f)
	}
	return o.Contradiction, len(o.Why) > 0
}

// An objection is a contradiction being put together.
type objection struct{ scanner.Contradiction }

func (o *objection) invented(f *scanner.Finding) {
	if v := f.Authenticity.Verdict; v != scanner.Fictitious {
		text := "nothing shows that the people are made up"
		if v == "real" || v == "partly_anonymised" {
			text = "the data look real"
		}
		o.Why = append(o.Why, scanner.Why{Code: "not_fictitious", Args: map[string]any{"verdict": v}, Text: text})
		o.Why = append(o.Why, f.Authenticity.Evidence...)
	}
}

// pseudonymous demands that no column names anybody, and that few rows are
// alone. Where some are, every column that helps to find people is named: one
// left as it is would keep others alone.
func (o *objection) pseudonymous(f *scanner.Finding) {
	if len(f.Why) > 0 && f.Why[0].Code == "sealed" {
		return // nobody read it: a problem says so
	}
	var named []detectors.Kind
	for _, field := range f.Fields {
		if field.Class == detectors.Direct {
			o.drop(field)
			if !slices.Contains(named, field.Kind) {
				named = append(named, field.Kind)
			}
		}
	}
	if len(named) > 0 {
		o.Why = append(o.Why, scanner.Why{Code: "direct_identifiers", Args: map[string]any{"kinds": named},
			Text: "the data tell persons by " + list(wordsOf(named))})
	}
	if r := f.Reidentification; r != nil && r.UniqueShare > aloneAtMost {
		o.Why = append(o.Why, scanner.Why{Code: "alone", Args: map[string]any{"share": r.UniqueShare, "kinds": slices.Clone(r.QuasiIdentifiers)},
			Text: fmt.Sprintf("%s of the rows are the only ones with their %s", percent(r.UniqueShare), list(wordsOf(r.QuasiIdentifiers)))})
		for _, field := range f.Fields {
			o.coarsen(field)
		}
	}
}

func (o *objection) named(d scanner.Declaration, f *scanner.Finding) {
	var more []detectors.Kind
	for _, field := range f.Fields {
		if slices.ContainsFunc(d.Fields, func(name string) bool {
			return strings.EqualFold(name, string(field.Kind)) || strings.EqualFold(name, field.Column)
		}) {
			continue
		}
		o.drop(field)
		if !slices.Contains(more, field.Kind) {
			more = append(more, field.Kind)
		}
	}
	if len(d.Fields) > 0 && len(more) > 0 {
		o.Why = append(o.Why, scanner.Why{Code: "undeclared_fields", Args: map[string]any{"kinds": more},
			Text: "fields that were not declared: " + list(wordsOf(more))})
	} else {
		o.Drop = nil
	}
	if d.People > 0 && f.People.Low > d.People {
		o.Why = append(o.Why, scanner.Why{Code: "more_people", Args: map[string]any{"declared": d.People, "people": f.People.Low},
			Text: fmt.Sprintf("%s were declared, and there are at least %s", counted(d.People, "person", "persons"), thousands(f.People.Low))})
	}
}

func (o *objection) drop(f scanner.Field) {
	if f.Index >= 0 && !slices.Contains(o.Drop, column(f)) {
		o.Drop = append(o.Drop, column(f))
	}
}

// coarsen says what may be left of a column that helps to tell people apart.
func (o *objection) coarsen(f scanner.Field) {
	if f.Index < 0 {
		return
	}
	to := ""
	switch f.Kind {
	case birthDate, childBirthDate:
		to = "year"
	case postcode, commune:
		to = "department"
	case streetAddress, geolocation:
		o.drop(f)
		return
	default:
		return
	}
	if one := (scanner.Coarser{Column: column(f), To: to}); !slices.Contains(o.Drop, one.Column) && !slices.Contains(o.Coarsen, one) {
		o.Coarsen = append(o.Coarsen, one)
	}
}

// column names a field's column: by its title, or by its number from 1 on.
func column(f scanner.Field) string {
	if f.Column != "" {
		return f.Column
	}
	return fmt.Sprintf("column %d", f.Index+1)
}

func wordsOf(kinds []detectors.Kind) []string {
	var all []string
	for _, k := range kinds {
		if w := word(k); !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}
