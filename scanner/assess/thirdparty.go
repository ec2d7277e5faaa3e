package assess

import "vigie/scanner"

var thirdPartyPayment = Profile{
	Name: "third-party-payment",
	Doc: `Insured persons of an operator of third-party payment

In January 2024 civil status, birth date, NIR, health insurer and contract of
more than 33 million insured persons were taken from Viamedis and Almerys; no
bank, no street, no e-mail address or phone.

Asks for three persons with NIRs, of which four in five have their key unless a
spreadsheet damaged them or the key has a column of its own, with birth dates
and with the health insurer (AMC, AMO, mutuelle); running text may lack the
birth dates where half of the NIRs have an insurer. A payroll, which names the
insurer beside an income, is none unless it has guarantees, too; nor is a file
of patients with their diagnoses.`,
	judge: judgeThirdParty,
	names: hint{
		holds: "health insurance records",
		clear: []string{"tiers payant", "tierspayant", "almerys", "viamedis", "flux noemie", "retours noemie", "adhérents mutuelle", "mutuelle adhérents"},
		vague: []string{"mutuelle", "complémentaire santé", "amc", "amo"}, with: crowds,
	},
}

func judgeThirdParty(e *evidence) (verdict, bool) {
	nirs := e.hadNIRs()
	n := min(nirs, e.most(birthDate))
	if e.running && 2*e.most(insurer) >= nirs {
		n = nirs // a label of the birth date may not have been understood
	}
	byTitle := e.titled("amc", "amo", "mutuelle", "organisme complementaire", "code organisme complementaire")
	contract := e.titled("garantie", "garanties", "rang", "adherent", "contrat", "droits", "regime", "caisse", "qualite")
	if n < 3 || e.has(icd10) || e.most(insurer) < e.part(n) && len(byTitle) == 0 || e.has(income) && len(contract) < 2 {
		return verdict{}, false
	}
	v := verdict{base: scanner.Medium, reason: "insured", because: "identity of insured persons", persons: n}
	if n >= 20 && !e.damagedNIRs() {
		v.base, v.because = scanner.High, "NIRs of insured persons"
	}
	v.weigh(true, 0.5)
	v.weigh(e.has(insurer), 0.5)
	v.weigh(len(byTitle) > 0, 0.3)
	v.weigh(len(contract) >= 2, 0.5)
	v.weigh(e.names() > 0, 0.2)
	kinds := e.there(nir, nirWithoutKey, lastName, fullName, birthDate, insurer)
	v.why = append(v.why, whoWhy("insured", n, "insured person", "insured persons", kinds))
	if len(contract) >= 2 {
		v.why = append(v.why, titlesWhy(contract, "about the contract and its guarantees"))
	}
	return v, true
}
