package assess

import (
	"testing"

	"vigie/detectors"
	"vigie/scanner"
)

// What values say without any title, and what they do not.
func TestValuesWithoutTitles(t *testing.T) {
	all := func(kinds ...detectors.Kind) []col {
		var cs []col
		for _, k := range kinds {
			cs = append(cs, col{kind: k})
		}
		return cs
	}
	keys := func(t *scanner.Tally, held int64) *scanner.Tally {
		t.Agree = []scanner.Agreement{{Relation: "nir_key", Rows: t.Rows, Held: held}}
		return t
	}
	for _, c := range []struct {
		what    string
		tally   *scanner.Tally
		profile string // "" for no finding of medium or higher
		code    string // of a reason that must be given
	}{
		{"situations, names, births, amounts of the scale", table(80, all(familySituation, lastName, firstName, birthDate, benefitAmount)...), "caf-beneficiaries", "alike"},
		{"the same without amounts", table(80, all(familySituation, lastName, firstName, birthDate)...), "people-register", ""},
		{"situations and amounts, nobody born", table(80, all(familySituation, benefitAmount)...), "", ""},
		{"pseudonyms with diagnoses", table(80, all(sndsVariable, icd10)...), "people-register", "pseudonyms"},
		{"diagnoses alone", table(80, all(icd10, "", "")...), "", ""},
		{"pseudonyms alone", table(80, all(sndsVariable, "")...), "", ""},
		{"a NIR and its key", keys(table(80, all(nirWithoutKey, nirKey)...), 80), "people-register", "nirs"},
		{"orders and quantities", keys(table(80, all(nirWithoutKey, nirKey)...), 1), "", ""},
	} {
		profile, codes := "", map[string]bool{}
		for _, f := range New().Judge([]*scanner.Tally{c.tally}, scanner.Exposure{State: scanner.Public}) {
			if f.Severity < scanner.Medium {
				continue
			}
			profile = f.Profile
			for _, w := range f.Why {
				codes[w.Code] = true
			}
		}
		if profile != c.profile {
			t.Errorf("%s: profile %q, want %q", c.what, profile, c.profile)
		}
		if c.code != "" && !codes[c.code] {
			t.Errorf("%s: reasons %v, want %s", c.what, codes, c.code)
		}
	}
}
