package assess

import "vigie/scanner"

var franceTravailJobseekers = Profile{
	Name: "france-travail-jobseekers",
	Doc: `Jobseekers registered with France Travail (until 2023 Pôle emploi)

In March 2024 names, sex, birth date, NIR, identifier, status, e-mail address,
street and phone of 36.8 million persons were taken; CNIL fined it 5 million
euros on 22 January 2026.

Asks for three persons with France Travail identifiers, or titles that speak of
the registration, with NIRs and birth dates, or with names, birth dates and a
way to reach them. Where no column has a title, the same kinds as in 2024 must
speak: NIR, two names of use and of birth, birth date, e-mail address, street and phone, without IBAN. NIR, birth date and contact alone are anybody's register;
files of the family benefits funds carry the identifier, too.`,
	judge: judgeFranceTravail,
	names: hint{
		holds: "records of jobseekers",
		clear: []string{"demandeurs emploi", "demandeurs d'emploi", "demandeursemploi", "demandeur emploi"},
		vague: []string{"pôle emploi", "poleemploi", "france travail", "francetravail"}, with: heaps,
	},
}

func judgeFranceTravail(e *evidence) (verdict, bool) {
	ids, births := e.most(franceTravailID), e.most(birthDate)
	titles := e.titled("france travail", "pole emploi", "demandeur d emploi", "demandeurs d emploi", "reference individuelle",
		"identifiant pe", "identifiant ft", "id pe", "idpe", "date inscription pe", "categorie demandeur", "jobseeker", "job seeker", "demandeur emploi")
	nirs := e.hadNIRs()
	n := min(nirs, births)
	contacts := len(e.there(email, phone, streetAddress))
	if contacts > 0 {
		n = max(n, min(e.names(), births, e.most(email, phone, streetAddress)))
	}
	if e.running { // only a part was seen by every detector
		n = max(n, min(nirs, ids))
	}
	alike := e.untitled() && len(e.in(lastName)) >= 2 && min(nirs, e.names(), births, e.most(email), e.most(phone), e.most(streetAddress)) >= 20 && !e.has(iban, income, bankName)
	if n < 3 || ids < e.part(n) && len(titles) == 0 && !alike || e.cnaf.telling() || e.has(benefit, benefitAmount) {
		return verdict{}, false
	}
	v := verdict{base: scanner.Medium, reason: "jobseekers", because: "identity of jobseekers", persons: n}
	if nirs >= 20 && !e.damagedNIRs() {
		v.base, v.because = scanner.High, "NIRs of jobseekers"
	}
	status := e.titled("statut", "situation inscription", "inscrit", "radie", "radiation", "etat inscription")
	v.weigh(true, 0.5)
	v.weigh(ids > 0, 0.6)
	v.weigh(nirs > 0, 0.3)
	v.weigh(contacts >= 2, 0.3)
	v.weigh(len(status) > 0, 0.2)
	v.why = append(v.why, whoWhy("jobseekers", n, "jobseeker", "jobseekers",
		e.there(franceTravailID, nir, nirWithoutKey, lastName, fullName, birthDate, streetAddress, email, phone)))
	if alike {
		v.why = append(v.why, alikeWhy("France Travail"))
	}
	if len(status) > 0 {
		v.why = append(v.why, titlesWhy(status, "about who is registered as out of work"))
	}
	return v, true
}
