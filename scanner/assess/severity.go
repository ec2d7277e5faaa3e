package assess

import (
	"fmt"
	"strings"

	"vigie/scanner"
)

// many is how many persons raise a severity by one step.
const many = 10_000

// content returns how bad the content is, whatever the profile, with the
// reason: critical for NIRs with the identity of 20 persons and for data on
// disability or health of 20 people who can be found again, high for their
// benefits or income; 0 where none of these holds.
func content(e *evidence) (severity scanner.Severity, code, because string) {
	identified := e.identified()
	columns, _ := e.benefits()
	switch {
	case e.distinctNIRs() > 0 && e.examples() || e.ofOne():
		return 0, "", ""
	case min(e.mostValidNIRs(), e.most(fullName, lastName, birthDate, streetAddress)) >= 20:
		return scanner.Critical, "nir_identity", "NIRs with the identity of their holders"
	case len(e.special()) > 0 && identified >= 20:
		return scanner.Critical, "special_category", "data on disability or health of people who can be found again"
	case (columns > 0 || e.has(income, familyQuotient)) && identified >= 20:
		return scanner.High, "benefits", "benefits or income of people who can be found again"
	}
	return 0, "", ""
}

// ofOne reports whether all rows of a table are about one or two persons, by
// their NIRs: somebody's payments, an example that is repeated.
func (e *evidence) ofOne() bool {
	return !e.running && e.rows > 0 && e.nirs.Len() > 0 && e.nirs.Distinct() < 3 && 2*e.most(nir, nirWithoutKey) >= e.rows
}

// mostValidNIRs returns the most NIRs that a column, or the text, has: with
// their key where they have one.
func (e *evidence) mostValidNIRs() int64 {
	if e.running && e.examples() {
		return 0
	}
	if e.running {
		return e.distinctNIRs()
	}
	var most int64
	for _, f := range e.in(nir, nirWithoutKey) {
		if float64(f.Valid) >= 0.9*float64(f.Matches) {
			most = max(most, f.Valid)
		}
	}
	return most
}

// identified returns how many persons of the data can be found again: by name,
// NIR, or e-mail address; by birth date with street; or because the rows are
// alone with their quasi-identifiers.
func (e *evidence) identified() int64 {
	n := max(e.mostValidNIRs(), min(e.most(birthDate, childBirthDate), e.most(streetAddress)))
	if e.clearlyNamed() || e.has(birthDate) {
		n = max(n, e.names())
	}
	if e.has(birthDate) {
		n = max(n, min(e.most(email), e.most(birthDate)))
	}
	if r := e.reidentification; r != nil && len(r.QuasiIdentifiers) > 1 {
		n = max(n, int64(r.UniqueShare*float64(e.rows)))
	}
	return n
}

// severity sets the severity of a finding, and says why: by content, or what
// the profile asks at least; a step less for fewer than 20 households of a
// special profile; a step more for minors or 10,000 persons; two steps less, to
// no less than low, where nobody can read it without credentials.
func severity(f *scanner.Finding, e *evidence, v verdict) {
	level, code, because := content(e)
	if level <= v.base || v.fixed {
		level, code, because = v.base, v.reason, v.because
	}
	args := map[string]any{"reason": code, "because": because}
	var raised, said []string
	if !v.fixed && f.People.Minors > 0 && (e.has(childBirthDate) || f.People.Minors >= 3) {
		raised, said = append(raised, "minors"), append(said, "minors are among them")
	}
	if n := max(f.People.Estimate, f.People.Persons); !v.fixed && n >= many && f.People.Unit != "document" {
		raised, said = append(raised, "many"), append(said, fmt.Sprintf("they are %s or more", thousands(many)))
	}
	if v.unit == "household" && e.rows < 20 {
		level = max(level-1, scanner.Low)
		args["lowered"], because = "few", because+", fewer than 20"
	}
	args["content"] = level.String()
	text := because
	if raised != nil {
		args["raised"] = raised
		if level < scanner.Critical {
			level++
			text += "; a step more, because " + list(said)
		} else {
			text += "; " + list(said)
		}
	}
	if f.Exposure.State == scanner.Private {
		level = max(level, scanner.High) - 2
		args["private"] = true
		text += "; two steps less, because it is not readable without credentials"
	}
	f.Severity = level
	title := strings.ToUpper(level.String()[:1]) + level.String()[1:]
	f.Why = append(f.Why, exposureWhy(f.Exposure), scanner.Why{Code: "severity", Args: args, Text: title + ": " + text})
}
