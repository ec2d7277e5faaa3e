package lexicon

import (
	"slices"
	"strings"
	"testing"
)

func TestPlaceOfBirth(t *testing.T) {
	for code, name := range map[string]string{"33063": "BORDEAUX", "75112": "Paris", "2A004": "Ajaccio", "33394": "St Emilion"} {
		if !PlaceNamed([]byte(code), []byte(name)) {
			t.Errorf("%s is not %s", code, name)
		}
	}
	if PlaceNamed([]byte("33063"), []byte("Paris")) {
		t.Error("33063 is Paris")
	}
	if !Prefecture([]byte("33063")) || !Prefecture([]byte("97411")) || Prefecture([]byte("33394")) || Prefecture([]byte("99352")) {
		t.Error("a prefecture is none, or the other way round")
	}
	for code, want := range map[string]int{"01006": 21, "01002": 22, "33063": 0, "99352": 0, "00000": 0} {
		if most, ok := PlaceRank([]byte(code)); most != want || ok != (want > 0) {
			t.Errorf("PlaceRank(%s) = %d, %t; want %d", code, most, ok, want)
		}
	}
}

func TestCountry(t *testing.T) {
	for name, want := range map[string]string{
		"algerie": "352", "congo": "324", "republique democratique congo": "312", "coree du sud": "239", "vatican": "129", "bordeaux": "", "": "",
	} {
		if code, ok := Country([]byte(name)); code != want || ok != (want != "") {
			t.Errorf("Country(%s) = %q, %t; want %q", name, code, ok, want)
		}
	}
	if !slices.IsSortedFunc(countries, func(a, b country) int { return strings.Compare(a.name, b.name) }) {
		t.Error("countries are not sorted")
	}
}

func TestUsualIn(t *testing.T) {
	for _, c := range []struct {
		name         string
		decade       int
		usual, known bool
	}{
		{"Kévin", 1990, true, true}, {"Kevin", 1930, false, true}, {"GERMAINE", 1910, true, true}, {"Germaine", 2000, false, true},
		{"Jean", 1940, true, true}, {"xzqwv", 1990, false, false}, {"Jean", 1890, false, false}, {"Jean", 2030, false, false},
	} {
		if usual, known := KeyOf([]byte(c.name)).UsualIn(c.decade); usual != c.usual || known != c.known {
			t.Errorf("%s in %d: %t, %t", c.name, c.decade, usual, known)
		}
	}
}

func TestMedical(t *testing.T) {
	for code, want := range map[string]bool{"F32": true, "F321": true, "e119": true, "Z999": true, "A": false, "F329999": false, "U990": false, "": false} {
		if ICD10([]byte(code)) != want {
			t.Errorf("ICD10(%q) = %t", code, !want)
		}
	}
	for name, want := range map[string]bool{"BEN_NIR_PSA": true, "ben_nai_ann": true, "DGN_PAL": true, "ANN": false, "ACT_COD": false, "format": false, "": false} {
		if SNDS([]byte(name)) != want {
			t.Errorf("SNDS(%q) = %t", name, !want)
		}
	}
}
