package detectors

import (
	"slices"
	"testing"
)

// What is found, and where it ends.
func TestContacts(t *testing.T) {
	for _, test := range []struct {
		d     Detector
		text  string
		cell  byte
		found []string
	}{
		{emailDetector, "a@b.fr;c@d.fr", ';', []string{"a@b.fr", "c@d.fr"}},
		{emailDetector, "email=jean.d@free.fr&x", 0, []string{"jean.d@free.fr"}},
		{emailDetector, "Voir...jean@free.fr... ou 'paul@free.fr'.", 0, []string{"jean@free.fr", "paul@free.fr"}},
		{emailDetector, "<o'neill@free.fr>", 0, []string{"o'neill@free.fr"}},
		{emailDetector, "VALUES ('jean@free.fr','paul@free.fr')", 0, []string{"jean@free.fr", "paul@free.fr"}},
		{emailDetector, "jean@free.fr- tel", 0, []string{"jean@free.fr"}},
		{emailDetector, "jean@free.fr_old", 0, []string{"jean@free.fr"}},
		{emailDetector, "jean@sous.domaine.gouv.fr:12", 0, []string{"jean@sous.domaine.gouv.fr"}},
		{emailDetector, "https://example.org/?m=jean@free.fr", 0, []string{"jean@free.fr"}},
		{emailDetector, "a-b@c.fr", '-', []string{"b@c.fr"}},
		{emailDetector, "a@b@c.fr", 0, []string{"b@c.fr"}},
		{emailDetector, "@", 0, nil},
		{emailDetector, "a@b.", 0, nil},

		{phoneDetector, "06 12 34 56 78;06 12 34 56 79", ';', []string{"06 12 34 56 78", "06 12 34 56 79"}},
		{phoneDetector, "(06 12 34 56 78)", 0, []string{"06 12 34 56 78"}},
		{phoneDetector, "tel:+33612345678,", 0, []string{"+33612345678"}},
		{phoneDetector, "00 33 6 12 34 56 78", 0, []string{"00 33 6 12 34 56 78"}},
		{phoneDetector, "(+33) 6 12 34 56 78", 0, []string{"(+33) 6 12 34 56 78"}},
		{phoneDetector, "(+33 6 12 34 56 78)", 0, []string{"+33 6 12 34 56 78"}},
		{phoneDetector, "(+33 (0)6 12 34 56 78)", 0, []string{"+33 (0)6 12 34 56 78"}},
		{phoneDetector, "0612345678/0556123456", 0, []string{"0612345678", "0556123456"}},
		{phoneDetector, "33000 06 12 34 56 78", 0, []string{"06 12 34 56 78"}},
		{phoneDetector, "1 85 05 78 006 084 91 06 12 34 56 78", 0, []string{"06 12 34 56 78"}},
		{phoneDetector, "1 85 05 78 006 084 91\t06 12 34 56 78", '\t', []string{"06 12 34 56 78"}},
		{phoneDetector, "+33 6 12 34 56 78 90", 0, nil},

		{ibanDetector, "FR7630006000011234567890189 FR1420041010050500013M02606", 0, []string{"FR7630006000011234567890189", "FR1420041010050500013M02606"}},
		{ibanDetector, "x;FR14 2004 1010 0505 0001 3M02 606;y", ';', []string{"FR14 2004 1010 0505 0001 3M02 606"}},
		{ibanDetector, "FR76-3000-6000-0112-3456-7890-189", 0, []string{"FR76-3000-6000-0112-3456-7890-189"}},
		{ibanDetector, "IBAN FR 76 3000 6000 0112 3456 7890 189.", 0, []string{"FR 76 3000 6000 0112 3456 7890 189"}},
		{ibanDetector, "FR7 6300 0600 0011 2345 6789 0189", 0, nil},
		{ibanDetector, "FR76 3000\n6000 0112 3456 7890 189", 0, nil},
		{ibanDetector, "FR76\t3000\t6000\t0112\t3456\t7890\t189", '\t', nil},
		{ibanDetector, "MC58 1122 2000 0101 2345 6789 030", 0, []string{"MC58 1122 2000 0101 2345 6789 030"}},
	} {
		if found, _ := cutOut(test.d, test.text, test.cell, 0, 0); !slices.Equal(found, test.found) {
			t.Errorf("%s: found %q in %q, want %q", test.d.Kind, found, test.text, test.found)
		}
	}
}

func TestIBANKeys(t *testing.T) {
	for _, test := range []struct {
		iban           string
		matches, valid bool
	}{
		{"FR1420041010050500013M02606", true, true},
		{"FR7630006000011234567890189", true, true},
		{"MC5811222000010123456789030", true, true},
		{"FR2080082330000000000000001", false, false},
		// The remainder of all is right, the key of the RIB is not: as generators
		// of test data write them.
		{"FR0630006000011234567890188", true, false},
		{"FR8420041010050500013M02607", true, false},
		{"FR14200410100505A0013M02606", false, false},
		{"DE89370400440532013000", true, true},
		{"DE88370400440532013000", false, false},
	} {
		matches, valid := ibanDetector.Fits([]byte(test.iban))
		if matches != test.matches || matches && valid != test.valid {
			t.Errorf("%s: matches %v, valid %v; want %v, %v", test.iban, matches, valid, test.matches, test.valid)
		}
		if test.matches && len(test.iban) == 27 && RIBKeyHolds([]byte(test.iban)) != test.valid {
			t.Errorf("RIBKeyHolds(%s) is not %v", test.iban, test.valid)
		}
	}
	for _, s := range []string{"", "FR76", "FR76300060000112345678901é9"} {
		if RIBKeyHolds([]byte(s)) {
			t.Errorf("RIBKeyHolds(%q)", s)
		}
	}
}
