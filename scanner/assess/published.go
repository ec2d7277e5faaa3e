package assess

import (
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

var publicRegister = Profile{
	Name: "public-register",
	Doc: `Registers of real people that are published lawfully

Elected officials (répertoire national des élus), deceased persons (Insee),
health professionals (RPPS), entrepreneurs (SIRENE), known by the titles that
they are published with. Low, whatever they hold and however many they are.

A column that the published register does not have (NIR, account, benefit,
credential; for officials and the deceased also street, e-mail address, phone)
makes it a register like any other.`,
	judge: judgePublic,
}

// A published register is known by its titles, without spaces, all of one set.
type published struct {
	code, what string
	sets       []string
	contacts   []detectors.Kind // which of street, e-mail and phone it has
	firms      bool             // most of its rows are companies
}

var publishedRegisters = []published{
	{"rne", "elected officials (répertoire national des élus)",
		[]string{"nomdelelu prenomdelelu datededebutdumandat", "nomdelelu prenomdelelu datededebutdelafonction"}, nil, false},
	{"deaths", "deceased persons (Insee)",
		[]string{"datedeces lieudeces actedeces", "nomprenom datenaiss datedeces"}, nil, false},
	{"rpps", "health professionals (RPPS)",
		[]string{"identificationnationalepp nomdexercice prenomdexercice", "identifiantpp nomdexercice prenomdexercice"},
		[]detectors.Kind{streetAddress, email, phone}, false},
	{"sirene", "companies and entrepreneurs (SIRENE)",
		[]string{"siren nomunitelegale prenom1unitelegale", "siren statutdiffusionunitelegale", "siret statutdiffusionetablissement",
			"siren nic l1normalisee"}, []detectors.Kind{streetAddress}, true},
}

// never are the kinds that no published register has.
var never = []detectors.Kind{nir, nirWithoutKey, iban, cafNumber, benefit, benefitAmount, income, familyQuotient, credential,
	pajemploiNumber, franceTravailID, mdphFile, taxNumber, passport, identityCard, childBirthDate, disability}

func judgePublic(e *evidence) (verdict, bool) {
	if e.running || e.has(never...) {
		return verdict{}, false
	}
	var titles []string
	for _, title := range e.titles {
		titles = append(titles, strings.ReplaceAll(strings.TrimSpace(padded(title)), " ", ""))
	}
	for _, r := range publishedRegisters {
		more := slices.ContainsFunc(e.there(streetAddress, email, phone), func(k detectors.Kind) bool { return !slices.Contains(r.contacts, k) })
		if more || !r.titled(titles) {
			continue
		}
		n := e.rows
		if r.firms {
			n = e.most(lastName, fullName)
		}
		if n == 0 {
			return verdict{}, false // companies only
		}
		v := verdict{base: scanner.Low, fixed: true, reason: "published", because: "real people, but in a register that is published lawfully", persons: n, weights: []float64{0.9}}
		v.why = []scanner.Why{{Code: "published_register", Args: map[string]any{"register": r.code},
			Text: "its titles are those of the published register of " + r.what}}
		return v, true
	}
	return verdict{}, false
}

// titled reports whether all titles of one set are among the titles.
func (r published) titled(titles []string) bool {
	return slices.ContainsFunc(r.sets, func(set string) bool {
		for title := range strings.FieldsSeq(set) {
			if !slices.Contains(titles, title) {
				return false
			}
		}
		return true
	})
}
