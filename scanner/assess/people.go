package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

var peopleRegister = Profile{
	Name: "people-register",
	Doc: `Persons, of no special profile

Medium and above: a file of the national health data system (three of the SNDS's
variables, or diagnoses beside pseudonyms: critical), a column of NIRs (20 values, 90 %
with their key), three distinct NIRs with their key anywhere, three without it
that words announce beside persons or in a social declaration (DSN), 50 persons with a name and two of birth
date, street, e-mail, phone, NIR, IBAN and a number of a fund or of papers, 50 with a
name and one of them, three IBANs with names, 20 names with data on health,
benefits or income, or 20 days of birth with these where most people are alone
with day and place of birth or residence.

Low: one or two NIRs, those in source code and its documentation with nobody
beside them, 10 to 49 persons as above, people without a name who are
alone with their birth date and street.

A name, an e-mail address or a phone number alone is no finding, nor are
companies: their columns have no birth date and no NIR. The NIRs that are printed
as examples everywhere count as no person's.`,
	judge: judgePeople,
	names: hint{
		holds: "personal data",
		clear: []string{"snds", "sniiram", "dcir", "pmsi", "numéros sécurité sociale", "numéros de sécurité sociale", "num secu", "numsecu",
			"numéro secu", "liste nir", "fichier nir", "nir assurés", "nir salariés", "liste salariés", "fichier salariés", "liste des salariés",
			"bulletins de paie", "bulletins paie", "fiches de paie", "fiches paie", "journal de paie", "livre de paie", "liste du personnel",
			"liste patients", "liste des patients", "fichier patients", "base patients", "liste bénéficiaires", "liste des bénéficiaires", "fichier bénéficiaires",
			"liste usagers", "fichier usagers"},
		vague: []string{"nir", "nss", "dsn", "paie"}, with: append([]string{"mensuelle", "déclaration", "nominative"}, crowds...),
	},
}

func judgePeople(e *evidence) (verdict, bool) {
	for _, rule := range []func(*evidence) (verdict, bool){healthRecords, keyless, nirColumn, fewNIRs, register, accounts, nameless, smallRegister, strayNIR} {
		if v, ok := rule(e); ok {
			return v, true
		}
	}
	return verdict{}, false
}

// nirColumn: a column of NIRs, or 20 distinct ones in running text.
func nirColumn(e *evidence) (verdict, bool) {
	var n int64
	for _, f := range e.in(nir, nirWithoutKey) {
		if f.Valid >= 20 && float64(f.Valid) >= 0.9*float64(f.Matches) && (!e.running || f.Kind == nir) {
			n = max(n, f.Valid)
		}
	}
	if e.running {
		n = min(n, e.distinctNIRs())
	}
	same := e.nirs.Len() > 0 && e.nirs.Distinct() < 3 // one person's payments
	if n < 20 || same || e.examples() {
		return verdict{}, false
	}
	v := verdict{base: scanner.High, reason: "nir", because: "NIRs of many persons", persons: n, byNIR: e.running, weights: []float64{0.9}}
	if w, ok := register(e); ok && !e.running {
		v.persons = max(n, w.persons)
	}
	v.weigh(e.most(fullName, lastName, birthDate, streetAddress) >= 20, 0.8)
	v.why = nirsWhy(e, n)
	return v, true
}

// fewNIRs: three distinct NIRs with their key, wherever they stand.
func fewNIRs(e *evidence) (verdict, bool) {
	n := e.distinctNIRs()
	if n < 3 || e.examples() {
		return verdict{}, false
	}
	// A random number that looks like a NIR has its key once in 97.
	v := verdict{base: scanner.Medium, reason: "nir", because: "several NIRs", persons: n, byNIR: true, weights: []float64{0.9}}
	if w, ok := register(e); ok && w.persons > n {
		v.persons, v.byNIR = w.persons, false
	}
	v.why = nirsWhy(e, n)
	return v, true
}

// strayNIR: one or two, or those of source code.
func strayNIR(e *evidence) (verdict, bool) {
	n := e.distinctNIRs()
	if n < 1 || !e.running && e.examples() {
		return verdict{}, false
	}
	v := verdict{base: scanner.Low, reason: "small", because: "one or two NIRs", persons: n, byNIR: true, weights: []float64{0.5}, why: nirsWhy(e, n)}
	if n >= 3 {
		v.because = "NIRs without persons"
		v.why = append(v.why, scanner.Why{Code: "examples", Text: "they stand in source code or its documentation, with nobody beside them: perhaps examples"})
	}
	return v, true
}

// harmful kinds need no more than a name to harm.
var harmful = []detectors.Kind{disability, health, icd10, benefit, benefitAmount, income, familyQuotient}

// register: names with what else is known about the persons.
func register(e *evidence) (verdict, bool) {
	n, kinds := e.registered()
	v := verdict{base: scanner.Medium, reason: "identity", because: "identity and contact of many persons", persons: n, weights: []float64{0.6}}
	v.weigh(len(kinds) >= 3, 0.5)
	if n < 50 {
		told := min(e.names(), e.most(harmful...))
		if e.running { // minutes of a council name people and benefits, and nobody's
			told = min(told, e.most(birthDate, childBirthDate, streetAddress, nir, nirWithoutKey, cafNumber))
		}
		if told < 20 || !e.clearlyNamed() {
			return verdict{}, false
		}
		v.reason, v.because, v.persons = "benefits", "names with health, benefits or income", told
		kinds = []detectors.Kind{lastName, e.in(harmful...)[0].Kind}
	}
	v.why = []scanner.Why{registerWhy(v.persons, kinds)}
	if len(kinds) == 2 && kinds[1] == email && e.namedAbroad() {
		v.base, v.reason, v.because = scanner.Low, "abroad", "names and e-mail addresses of persons who, by their names, live elsewhere"
	}
	return v, true
}

// namedAbroad reports whether neither the first nor the last names of a table
// are those of people in France, of whose names nearly all are known.
func (e *evidence) namedAbroad() bool {
	const usual = 0.85
	if e.running || e.tally == nil {
		return false
	}
	for _, c := range e.tally.Columns {
		for _, n := range c.Counts {
			named := n.Kind == firstName || n.Kind == lastName || n.Kind == fullName
			if named && float64(n.Matches) >= usual*float64(c.Studied) {
				return false
			}
		}
	}
	return true
}

// smallRegister: the same of 10 to 49 persons.
func smallRegister(e *evidence) (verdict, bool) {
	n, kinds := e.registered()
	if n < 10 || len(kinds) < 3 {
		return verdict{}, false
	}
	return verdict{base: scanner.Low, reason: "small", because: "identity and contact of a few persons", persons: n,
		weights: []float64{0.5}, why: []scanner.Why{registerWhy(n, kinds)}}, true
}

// accounts: bank accounts of named persons.
func accounts(e *evidence) (verdict, bool) {
	var n int64
	for _, f := range e.in(iban) {
		n += f.Valid
	}
	if n = min(n, e.names()); n < 3 {
		return verdict{}, false
	}
	return verdict{base: scanner.Medium, reason: "accounts", because: "bank accounts with names", persons: n, weights: []float64{0.6},
		why: []scanner.Why{registerWhy(n, []detectors.Kind{lastName, iban})}}, true
}

// nameless: people with an e-mail address, a birth date and one thing more; or
// without any name who are alone with their birth date and street, or with their
// day of birth and place beside data on health, benefits or income.
func nameless(e *evidence) (verdict, bool) {
	born := e.most(birthDate)
	if n := min(e.most(email), born, e.most(streetAddress, phone)); n >= 50 {
		more := streetAddress
		if e.most(phone) > e.most(streetAddress) {
			more = phone
		}
		return verdict{base: scanner.Medium, reason: "identity", because: "identity and contact of many persons", persons: n, weights: []float64{0.7},
			why: []scanner.Why{registerWhy(n, []detectors.Kind{email, birthDate, more})}}, true
	}
	r := e.reidentification
	if n := min(e.days(), e.most(harmful...)); !e.running && n >= 20 && r != nil && len(r.QuasiIdentifiers) > 1 && r.UniqueShare >= 0.5 {
		return verdict{base: scanner.Medium, reason: "pseudonymised", because: "pseudonymised, but people can be found again", persons: n,
			weights: []float64{0.6}, why: []scanner.Why{registerWhy(n, append([]detectors.Kind{e.in(harmful...)[0].Kind}, r.QuasiIdentifiers...))}}, true
	}
	if n := min(born, e.most(streetAddress)); !e.running && n >= 50 && r != nil && r.UniqueShare >= 0.5 {
		return verdict{base: scanner.Low, reason: "pseudonymised", because: "pseudonymised, but people can be found again", persons: n,
			weights: []float64{0.5}, why: []scanner.Why{registerWhy(n, []detectors.Kind{streetAddress, birthDate})}}, true
	}
	return verdict{}, false
}

// registered returns how many rows (in running text: mentions) have a name and
// something else that identifies or reaches the person, and the kinds. Two such
// things are enough with any name; with a street or a phone alone the name must
// be clear, because shops have those, too, and something like a surname.
func (e *evidence) registered() (int64, []detectors.Kind) {
	if e.company() && !e.has(birthDate, nir, nirWithoutKey) {
		return 0, nil
	}
	names := e.names()
	kinds := []detectors.Kind{birthDate, streetAddress, email, phone, nir, iban, cafNumber, franceTravailID, pajemploiNumber, taxNumber, passport, identityCard}
	count := func(k detectors.Kind) int64 {
		switch k {
		case birthDate:
			if e.animals() && !e.has(nir, nirWithoutKey, streetAddress, email, phone, iban) {
				return 0
			}
			return e.most(birthDate, childBirthDate)
		case nir:
			return e.most(nir, nirWithoutKey)
		}
		return e.most(k)
	}
	slices.SortStableFunc(kinds, func(x, y detectors.Kind) int { return cmp.Compare(count(y), count(x)) })
	if e.running && count(birthDate) == 0 {
		return 0, nil // names with e-mail addresses: credits, mailing lists
	}
	with := []detectors.Kind{lastName}
	for _, k := range kinds {
		if n := count(k); n > 0 && 2*n >= min(count(kinds[0]), names) {
			with = append(with, k)
		}
	}
	if two := min(names, count(kinds[1])); two >= 50 || len(with) >= 3 && two >= 10 {
		return two, with
	}
	for _, k := range kinds {
		enough := e.clearlyNamed() || k != streetAddress && k != phone
		if one := min(names, count(k)); one >= 50 && enough {
			return one, []detectors.Kind{lastName, k}
		}
	}
	return 0, nil
}

// names returns how many names there are; a first name is one beside a day of
// birth only: with years it is statistics of first names.
func (e *evidence) names() int64 {
	return max(e.most(fullName, lastName), min(e.most(firstName), e.most(birthDate), e.days()))
}

// days returns how many births there are of which month and day are known, as
// far as they were counted: none where a column holds years.
func (e *evidence) days() int64 {
	most := e.most(birthDate, childBirthDate)
	if e.running {
		return most
	}
	var n int64
	for _, births := range e.births {
		n += int64(births)
	}
	return min(n, most)
}

// clearlyNamed reports whether the names are those of persons: full, or in two
// columns.
func (e *evidence) clearlyNamed() bool { return e.has(fullName) || e.has(firstName) && e.has(lastName) }

// animals reports whether a title announces animals, whose births then stand
// beside the names of their parents and owners.
func (e *evidence) animals() bool {
	return len(e.titled("cheval", "chevaux", "jument", "etalon", "poulain", "chien", "animal", "n puce", "pedigree")) > 0
}

// company reports whether a title announces companies.
func (e *evidence) company() bool {
	return slices.ContainsFunc(e.titles, func(title string) bool {
		low := strings.ToLower(title)
		return slices.ContainsFunc([]string{"siren", "siret", "raison_sociale", "raison sociale", "raisonsociale", "denomination", "dénomination"},
			func(word string) bool { return strings.Contains(low, word) })
	})
}

// distinctNIRs returns the number of distinct NIRs with their key; none where
// so many lack it that they are rather other numbers. In a table that has no
// column of them, only here and there one in a remark, they count as distinct.
func (e *evidence) distinctNIRs() int64 {
	var valid, all int64
	for _, f := range e.in(nir) {
		valid += f.Valid
		all += f.Matches
	}
	if valid == 0 || keyRate(valid, all) <= 0 {
		return 0
	}
	if !e.running && e.nirs.Len() == 0 {
		return valid
	}
	return min(int64(e.nirs.Distinct()+0.5), valid)
}

// nirsWhy says how many NIRs there are, and what stands beside them.
func nirsWhy(e *evidence, n int64) []scanner.Why {
	text := fmt.Sprintf("%s with a valid key", counted(n, "NIR", "NIRs"))
	if !e.has(nir) {
		text = fmt.Sprintf("%s without the key", counted(n, "NIR", "NIRs"))
	}
	if e.documents > 1 {
		text += fmt.Sprintf(" in %s documents", thousands(e.documents))
	}
	why := []scanner.Why{{Code: "nirs", Args: map[string]any{"count": n}, Text: text}}
	if e.declared() {
		why = append(why, dsnWhy())
	}
	if persons, kinds := e.registered(); persons > 0 {
		why = append(why, registerWhy(persons, kinds))
	}
	return why
}

func registerWhy(n int64, kinds []detectors.Kind) scanner.Why {
	return scanner.Why{Code: "persons_with", Args: map[string]any{"persons": n, "kinds": kinds},
		Text: fmt.Sprintf("%s with %s", counted(n, "person", "persons"), list(words(kinds)))}
}
