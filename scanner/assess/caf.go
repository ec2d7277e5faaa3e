package assess

import "vigie/scanner"

var cafBeneficiaries = Profile{
	Name: "caf-beneficiaries",
	Doc: `Households that draw family benefits, one a row

Fires without any name or NIR: CAF.zip, 10,204 households of the Gironde on a
training company's web site for 18 months, had neither.

A table needs either columns that say which benefits a household draws (two, or
one of benefit codes), with birth dates and with the composition of the family,
its income, its number at the CAF, three such columns or, without a name, where it lives; or that
number with identities and a family situation, a benefit or an income; or the documented column names of CNAF's
own files (five, or three of three categories, two of them about birth, family,
benefits, income), with something that makes a row a household: a birth date, a
street, a number, a name. A table without any title needs family situations with
names or streets, and benefits; or birth dates where it has amounts of the CNAF's
scale or 30 columns or more, or where the name of the file says so.

Counts per commune, as CAF and CNAF publish them, have neither birth date nor
street nor number, and give nothing. Running text needs all of it three times,
with names, NIRs or streets.`,
	judge: judgeCAF,
	names: hint{
		holds: "family benefit records",
		clear: []string{"allocataires", "cnaf", "allstat", "benetrim", "webrsa", "prestations familiales", "allocations familiales", "quotient familial",
			"bénéficiaires caf", "bénéficiaires rsa", "bénéficiaires du rsa", "caf bénéficiaires", "rsa bénéficiaires"},
		vague: []string{"caf"}, with: heaps,
	},
}

func judgeCAF(e *evidence) (verdict, bool) {
	births := e.most(birthDate, childBirthDate)
	family := e.most(familySituation, children, jointCustody, childBirthDate)
	earned := e.most(income, familyQuotient)
	columns, codes := e.benefits()
	alike := false
	v := verdict{base: scanner.Medium, reason: "benefits", because: "benefits of single households", unit: "household"}
	if e.running {
		draws := e.most(benefit, benefitAmount)
		persons := e.most(fullName, lastName, nir, nirWithoutKey, streetAddress)
		v.persons = min(persons, births)
		v.unit = ""
		if min(births, draws, max(family, earned, e.most(cafNumber)), persons) < 3 {
			return v, false
		}
	} else {
		known := e.cnaf.among("birth", "birth-child") > 0
		record := births > 0 || e.has(streetAddress, nir, nirWithoutKey, cafNumber, fullName, lastName) ||
			known || e.cnaf.categories["id"] > 0
		withBenefits := columns >= 2 || columns == 1 && e.has(benefit, cafNumber)
		placed := columns >= 2 && !e.named() && e.days() > 0 && e.has(postcode, commune) // payments: a row a benefit
		byContent := withBenefits && births > 0 && (family > 0 || earned > 0 || e.has(cafNumber) || placed || columns >= 3 ||
			e.cnaf.among("family", "income") > 0) ||
			min(e.most(cafNumber), births, max(e.names(), e.most(nir, nirWithoutKey, streetAddress))) >= 3 && max(e.most(familySituation, benefit, benefitAmount), earned) >= 3
		byTitles := e.cnaf.telling() && record
		alike = e.untitled() && min(e.most(familySituation), max(e.most(streetAddress), e.names())) >= 20 &&
			(e.most(benefit) >= 20 || births >= 20 && e.has(benefitAmount) || births >= 20 && (len(e.titles) >= 30 || e.called("allocataires", "bénéficiaires", "caf", "cnaf")))
		if e.rows < 3 || !byContent && !byTitles && !alike || e.cnaf.aggregate && births == 0 {
			return v, false
		}
		v.persons = e.rows
	}
	v.weigh(true, 0.3)
	v.weigh(columns > 0, 0.5)
	v.weigh(columns >= 5, 0.3)
	v.weigh(births > 0, 0.3)
	v.weigh(family > 0, 0.3)
	v.weigh(earned > 0, 0.3)
	v.weigh(e.has(streetAddress), 0.2)
	v.weigh(e.cnaf.strong >= 3, 0.6)
	v.weigh(e.cnaf.strong >= 5, 0.6)

	if e.exercise() {
		v.base, v.fixed, v.reason = scanner.Low, true, "small"
		v.because = "benefits of a few households, without a name, a number or a place: perhaps an exercise"
	}
	if e.running {
		v.why = append(v.why, benefitLettersWhy(e, v.persons))
	} else if columns > 0 {
		v.why = append(v.why, benefitsWhy(e.rows, columns, codes))
	}
	if alike {
		v.why = append(v.why, alikeWhy("the family benefits funds"))
	}
	if !e.named() && !e.has(nir, nirWithoutKey) {
		v.why = append(v.why, scanner.Why{Code: "no_names",
			Text: "no name and no NIR is left in it: a search for those would have passed it by"})
	}
	if e.cnaf.strong >= 3 {
		v.why = append(v.why, cnafWhy(&e.cnaf))
	}
	return v, true
}

// exercise reports whether a table is like the examples with which programs that
// compute benefits are tested: a few households of which nothing says who they
// are, and titles that are not the funds' own.
func (e *evidence) exercise() bool {
	return !e.running && e.rows < 100 && e.cnaf.strong < 3 &&
		!e.has(fullName, lastName, nir, nirWithoutKey, cafNumber, email, phone, iban) &&
		(e.rows < 10 || !e.has(streetAddress, postcode, commune, geolocation))
}

// weigh adds a weight to the confidence when the evidence is there.
func (v *verdict) weigh(there bool, weight float64) {
	if there {
		v.weights = append(v.weights, weight)
	}
}

// named reports whether there are names of persons.
func (e *evidence) named() bool { return e.has(fullName, lastName, firstName) }
