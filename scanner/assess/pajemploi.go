package assess

import (
	"slices"

	"vigie/detectors"
	"vigie/scanner"
)

var pajemploiChildminders = Profile{
	Name: "pajemploi-childminders",
	Doc: `Childminders that parents employ through Pajemploi

In November 2025 1.2 million of them became known to strangers: name, birth
date and place, street, NIR, name of the bank, Pajemploi number and approval
number, without IBAN, e-mail address, phone or password.

Asks for three persons with Pajemploi numbers or approval numbers, and with
NIRs, of which four in five have their key; beside Pajemploi numbers a name with
a birth date or a street is enough. Where no column has a title, the same kinds
as in 2025 must speak: NIR, birth date and name of the bank, without IBAN and
e-mail address. Approval numbers with names and streets
alone are the lists of childminders that Départements publish: silent.`,
	judge: judgePajemploi,
	names: hint{
		holds: "records of childminders",
		clear: []string{"pajemploi", "assmat", "ass mat", "asmat", "assistantes maternelles", "assistants maternels"},
	},
}

func judgePajemploi(e *evidence) (verdict, bool) {
	numbers, approvals := e.most(pajemploiNumber), e.most(childminderApproval)
	nirs := e.hadNIRs()
	named := min(e.names(), e.most(birthDate, streetAddress))
	n := nirs
	if numbers > 0 {
		n = max(nirs, named)
	}
	alike := e.untitled() && min(nirs, e.most(birthDate)) >= 20 && e.most(bankName) >= e.part(n) && !e.has(iban, email)
	byTitle := len(e.titled("pajemploi", "agrement")) > 0 && nirs > 0
	if n < 3 || max(numbers, approvals) < e.part(n) && !byTitle && !alike {
		return verdict{}, false
	}
	v := verdict{base: scanner.Medium, reason: "childminders", because: "identity of childminders", persons: n}
	if nirs >= 20 && !e.damagedNIRs() {
		v.base, v.because = scanner.High, "NIRs of childminders"
	}
	v.weigh(true, 0.5)
	v.weigh(byTitle, 0.5)
	v.weigh(numbers > 0, 0.6)
	v.weigh(approvals > 0, 0.5)
	v.weigh(nirs > 0, 0.4)
	v.weigh(e.has(bankName), 0.4)
	v.why = append(v.why, whoWhy("childminders", n, "childminder", "childminders",
		e.there(pajemploiNumber, childminderApproval, nir, nirWithoutKey, lastName, fullName, birthDate, birthPlace, streetAddress)))
	if alike {
		v.why = append(v.why, alikeWhy("Pajemploi"))
	}
	if e.has(bankName) && !e.has(iban) {
		v.why = append(v.why, scanner.Why{Code: "bank_named",
			Text: "the name of each person's bank is there, although no account number: enough to pass for the bank on the telephone"})
	}
	return v, true
}

// there returns which of the kinds the data have, in the order given.
func (e *evidence) there(kinds ...detectors.Kind) []detectors.Kind {
	var there []detectors.Kind
	for _, k := range kinds {
		if e.has(k) {
			there = append(there, k)
		}
	}
	return there
}

// untitled reports whether the data are a table whose columns have no titles.
func (e *evidence) untitled() bool {
	return !e.running && !slices.ContainsFunc(e.titles, func(title string) bool { return title != "" })
}

// numbered returns how many persons have a NIR: the most in a column of which
// four in five have their key, or the distinct ones of running text.
func (e *evidence) numbered() int64 {
	if e.running {
		return e.distinctNIRs()
	}
	var n int64
	for _, f := range e.in(nir, nirWithoutKey) {
		if 5*f.Valid >= 4*f.Matches {
			n = max(n, f.Valid)
		}
	}
	return n
}

// hadNIRs returns how many persons have a NIR, as numbered does, or had one
// before a spreadsheet took its last digits (1,85E+14) or somebody put its key
// into a column of its own.
func (e *evidence) hadNIRs() int64 {
	n := e.numbered()
	switch {
	case e.running && !e.code:
		n = max(n, e.most(nirWithoutKey))
	case !e.running && e.damagedNIRs():
		n = max(n, e.most(nir))
	}
	if keys := e.most(nirKey); !e.running && (e.has(nirWithoutKey) || len(e.titled("nir", "nss", "secu", "securite sociale")) > 0) {
		n = max(n, keys)
	}
	return n
}

// part returns how many values of a telling kind go with n persons: one in ten,
// at least three; in running text three, because only a part of it was seen by
// every detector.
func (e *evidence) part(n int64) int64 {
	if e.running {
		return 3
	}
	return max(3, n/10)
}
