package detectors

import (
	"fmt"
	"testing"
)

func TestOtherDay(t *testing.T) {
	for title, want := range map[string]bool{"date_mort": true, "Date de dépôt": true, "1ere mise en circulation": true, "Date": false, "DDN": false, "jour": false, "morte": false} {
		if OtherDay([]byte(title)) != want {
			t.Errorf("%s: want %v", title, want)
		}
	}
}

// TestTitledCells: what only a title proves, and what proves itself.
func TestTitledCells(t *testing.T) {
	for _, c := range []struct {
		fits        func([]byte) (bool, bool)
		cell        string
		want, valid bool
	}{
		{fitsBirth, "31179", true, false}, // 12 May 1985 in a spreadsheet
		{fitsBirth, "97410", false, false},
		{fitsBirth, "05/27/1985", true, false},
		{fitsBirth, "27/27/1985", false, false},
		{fitsBirth, "12/05/1985", true, true},
		{fitsFullName, "Mme DUPONT", true, false},
		{fitsFullName, "Mme DUPONT Jeanne", true, true},
		{fitsFullName, "Mme la directrice", false, false},
		{fitsDisability, "< 50 %", true, true},
		{fitsDisability, "moins de 50 %", true, true},
		{fitsDisability, "50", true, false},
		{fitsDisability, "Accord AAH du 01/03/2023 au 28/02/2028", true, true},
		{fitsDisability, "Rejet PCH", true, true},
		{fitsDisability, "Accord du conseil", true, false},
		{fitsBenefit, "INK", true, false}, // an overpayment of the RSA
		{fitsBenefit, "INC", false, false},
	} {
		if fits, valid := c.fits([]byte(c.cell)); fits != c.want || valid != c.valid {
			t.Errorf("%s: got %v %v, want %v %v", c.cell, fits, valid, c.want, c.valid)
		}
	}
}

func TestDate(t *testing.T) {
	for cell, want := range map[string]string{
		"12/05/1985": "1985-05-12", "12-05-1985": "1985-05-12", "12.05.1985": "1985-05-12", "12 05 1985": "1985-05-12", "2/5/1985": "1985-05-02",
		"1985-05-12": "1985-05-12", "1985/05/12": "1985-05-12", "19850512": "1985-05-12", "12051985": "1985-05-12", "120585": "1985-05-12",
		"120526": "2026-05-12", "12/05/85": "1985-05-12", "12MAY1985": "1985-05-12", "01JAN1985": "1985-01-01", "02JUL2017:00:00:00": "2017-07-02",
		"12 mai 1985": "1985-05-12", "1er janvier 1950": "1950-01-01", "3 août 2001": "2001-08-03", "03 AOÛT 2001": "2001-08-03", "12MAI85": "1985-05-12",
		"12-mai-85": "", "12-févr.-1985": "1985-02-12", "1985-05-12T00:00:00Z": "1985-05-12", "1985-05-12 00:00:00": "1985-05-12",
		"12/05/1985 00:00": "1985-05-12", "19850512.0": "1985-05-12", "'12/05/1985": "1985-05-12", "29/02/1984": "1984-02-29",
		"29/02/1985": "", "31/04/1985": "", "00/05/1985": "", "12/13/1985": "", "12/05/1885": "", "12/05/2085": "", "1985": "", "05/1985": "",
		"9263": "", "31179": "", "123456789": "", "": "", "99": "", "99999999": "", "12 rue 1985": "", "12/05/1985 Paris": "", "12/05-1985": "",
		"3.14.1592": "", "192.168.1985.1": "", "12 mai": "", "mai 1985": "",
	} {
		got := ""
		if y, m, d, ok := Date([]byte(cell)); ok {
			got = fmt.Sprintf("%04d-%02d-%02d", y, m, d)
		}
		if got != want {
			t.Errorf("Date(%q) = %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{"1985": "1985-00", "05/1985": "1985-05", "1985-05": "1985-05", "2012.0": "2012-00", "99": "", "13/1985": "", "1885": "", "12/05/1985": "1985-05"} {
		got := ""
		if y, m, _, ok := Birth([]byte(cell)); ok {
			got = fmt.Sprintf("%04d-%02d", y, m)
		}
		if got != want {
			t.Errorf("Birth(%q) = %q, want %q", cell, got, want)
		}
	}
}

// TestFits asks every detector of cells about cells it must and must not take.
func TestFits(t *testing.T) {
	for _, c := range []struct {
		kind    Kind
		yes, no []string
	}{
		{"street_address", []string{
			"12 RUE DES LILAS", "12 BIS RUE DES LILAS", "12bis, rue des Lilas", "3 av. du Gal Leclerc", "LIEU DIT LA CROIX", "APPT 12 BAT B 4 ALL DES PINS",
			"RUE DES LILAS", "1 PL DE LA MAIRIE", "125 RTE DE TOULOUSE", "4 B CHE DU MOULIN", "12-14 boulevard Voltaire", "RES LES PINS 12 RUE X Y ZED",
			"LE BOURG", "N°5 impasse des Acacias", "12 rue des Lilas 33000 Bordeaux", "CHEZ M MARTIN 3 QUAI DE BACALAN", "7 R DU 8 MAI 1945",
		}, []string{"", "12", "DUPONT", "12345", "12/05/1985", "rue", "12 rue", "1 234,56", "Bordeaux", "3 enfants", "http://12 rue", "2024-05-12 10:00", "A 12 B 13", "PLACE"}},
		{"postcode", []string{"33000", "01400", "1400", "97400", "33000 BORDEAUX", "2A000"[:0] + "20000", "98800", "33000.0", "33000,00", "33 000", "FR-33000"}, []string{"", "00000", "99999", "96000", "123", "133000", "33 000 €", "33 0000", "33000.5", "12 rue", "2024"[:0] + "0", "33000 12"}},
		{"commune", []string{"Bordeaux", "ST EMILION", "Saint-Émilion", "PARIS 12", "Paris 12e Arrondissement", "BORDEAUX CEDEX 9", "33000 BORDEAUX", "L'Abergement-Clémenciat", "CHALON S/ SAONE", "Nice"},
			[]string{"", "Londres", "rue", "33063", "Sainte-Machin-les-Bains", "oui", "Le", "mars"}},
		{"first_name", []string{"Jean", "JEAN-PIERRE", "Marie Anne", "Élodie", "Kévin", "Marie, Anne", "Mohamed"}, []string{"", "J", "oui", "12", "Bordeaux-Mérignac", "x@y.fr", "mars", "Jean Pierre Paul Jacques Luc"}},
		{"last_name", []string{"DUPONT", "Le Gall", "MARTIN-DUBOIS", "DUPONT épouse MARTIN", "DUPONT (MARTIN)", "N'DIAYE", "d'Amico", "PETIT-JEAN", "Lefèbvre"}, []string{"", "X", "total", "Janvier", "12", "SARL", "CEL", "xzqwv"}},
		{"full_name", []string{"DUPONT Jean", "Jean DUPONT", "M. DUPONT Jean", "Mme Le Gall Marie-Claude", "MARTIN, Jacques", "MME LEFEBVRE JEANNE"}, []string{"", "DUPONT", "rue Martin", "Jean", "Bonjour Monsieur", "12 Dupont", "la ville"}},
		{"sex", []string{"M", "F", "1", "2", "Homme", "féminin", "MME", "Monsieur"}, []string{"", "3", "X", "99", "oui", "Masculinité"}},
		{"family_situation", []string{"CEL", "Marié(e)", "veuve", "Vie maritale", "PACS", "célibataire", "VIM", "1 - Célibataire", "Marié / Pacsé", "Séparé(e) de fait", "CÃ©libataire",
			"Vie maritale ou concubinage", "Seul(e) avec enfant(s)"}, []string{"", "XYZ", "1", "oui", "Martin", "avec enfants", "seul contre tous"}},
		{"children", []string{"0", "3", "15", "2.0", "2,5", ".0", "2 enfants", "3+", "4 ou plus"}, []string{"", "16", "-1", "abc", "1985", "3.2", "2 chats", "3-4", "."}},
		{"joint_custody", []string{"oui", "O", "0", "1.0", "1 semaine sur 2", "Garde alternée", "alternée", "1"}, []string{"", "Bordeaux", "12", "3.5"}},
		{"phone", []string{"0612345678", "612345678", "612345678.0", "6 12 34 56 78", "5 56 12 34 56", "612 34 56 78", "06 12 34 56 78 / 05 56 12 34 56", "06.12.34.56.78 (mère)"},
			[]string{"", "556123456", "698 943 255", "061234567", "06 12 34 56 7", "06123456789"}},
		{"benefit_amount", []string{"903.60", "1 016,05 €", "99998"}, []string{"", "12345678", "100000", "IPP"}},
		{"benefit", []string{"RSA", "ALD 30", "oui", "1.0", "Bénéficiaire"}, []string{"", "Bordeaux"}},
		{"disability", []string{"50-79 %", ">= 80 %", "PPS", "PAI", "RQTH", "oui", "80.0", "Aucune"}, []string{"", "Bordeaux", "33000"}},
		{"health", []string{"Diabète", "ALD 30", "8.0", "néant", "oui"}, []string{"", "Bordeaux", "33"}},
		{"icd10", []string{"F32.1", "E119", "F322 - Épisode dépressif sévère"}, []string{"", "A4", "Z", "rue A10"}},
		{"birth_place", []string{"33063", "33063.0", "33.0", "Bordeaux", "Alger (Algérie)", "Casablanca, Maroc", "MAROC"}, []string{"", "oui", "99999", "Xyz (Abc)"}},
		{"caf_number", []string{"1234567", "0001234567", "123456700000000", "1234567.0", "1 234 567", "1234567 A"}, []string{"", "12", "12345678", "12 34 567"}},
		{"nir_without_key", []string{"1850578006084", "1850578006084.0", "1,85058E+12"}, []string{"", "1,85E+12", "5,85058E+12", "185057800608"}},
		{"income", []string{"1234", "1 234,56", "1234.56", "0", "1.234,56 €", "12 345", "850 EUR", "-120", "1\u00a0234,56"}, []string{"", "99999", "9999999", "99999.99", "12/05/1985", "abc", "1234567890", "12 rue", "33000 Bordeaux"}},
		{"family_quotient", []string{"456", "1 024,50"}, []string{"99999", "1234567", ""}},
		{"benefit", []string{"RSA", "AAH", "rsa majoré", "RSDN1", "RSI", "Revenu de solidarité active", "PF + APL + AAH", "C", "1", "oui", "RSA droit commun"}, []string{"", "Bordeaux", "CDI", "1234", "RSA-2048 key exchange with a long text behind it", "12/05/1985", "Z", "PF + XYZ"}},
		{"benefit_amount", []string{"607.75", "1 016,05"}, []string{"", "99999.99", "C"}},
		{"caf_number", []string{"1234567", "0123456", "0001234567", "123456700000000", "000000001234567", "1234567A", "123456", "1234567.0"}, []string{"", "12345678", "0000000", "1234567890", "abc", "12 34 567", "123"}},
		{"geolocation", []string{"417241.5", "6421814", "44.8378", "-0.5792", "44.837789, -0.57918", "370845", "1987345"}, []string{"", "44", "abc", "151.2093", "12", "5000000", "1985", "12/05/1985"}},
		{"birth_date", []string{"12/05/1985", "1985", "19850512"}, []string{"", "99", "1234", "abc"}},
		{"child_birth_date", []string{"2012", "12/05/2012"}, []string{"99", "0"}},
	} {
		d := detectorOf(t, c.kind)
		for _, cell := range c.yes {
			if fits, _ := d.Fits([]byte(cell)); !fits {
				t.Errorf("%s: %q does not fit", c.kind, cell)
			}
			checkMask(t, d, cell)
		}
		for _, cell := range c.no {
			if fits, _ := d.Fits([]byte(cell)); fits {
				t.Errorf("%s: %q fits", c.kind, cell)
			}
		}
	}
}

func detectorOf(t *testing.T, k Kind) Detector {
	t.Helper()
	for _, d := range All() {
		if d.Kind == k {
			return d
		}
	}
	t.Fatalf("no detector of %s", k)
	return Detector{}
}

func TestNormsAndMasks(t *testing.T) {
	for _, c := range []struct {
		kind             Kind
		cell, norm, mask string
	}{
		{"birth_date", "12/05/1985", "19850512", "••/••/19••"},
		{"birth_date", "1985-05-12T00:00:00", "19850512", "••/••/19••"},
		{"child_birth_date", "2012", "20120000", "••/••/20••"},
		{"street_address", "12 AVENUE FOCH", "12 av foch", "•• avenue •••"},
		{"street_address", "12, av. Foch", "12 av foch", "•• av •••"},
		{"street_address", "LIEU DIT LA CROIX", "ld la croix", "lieu dit •••"},
		{"postcode", "1400", "01400", "01•••"},
		{"postcode", "33000 BORDEAUX", "33000", "33•••"},
		{"commune", "33330 ST EMILION", "saint emilion", "S•••••"},
		{"full_name", "M. DUPONT Jean", "dupont jean", "D••••• J•••••"},
		{"full_name", "Jean Dupont", "dupont jean", "J••••• D•••••"},
		{"last_name", "Élie", "elie", "É•••••"},
		{"income", "1 234,56", "", "1 •••"},
		{"income", "12 345", "", "1• •••"},
		{"income", "850", "", "8••"},
		{"caf_number", "123456700000000", "1234567", ""},
		{"caf_number", "12345", "0012345", ""},
		{"sex", "Madame", "2", "Madame"},
		{"family_situation", "marié(e)", "MAR", "marié(e)"},
		{"geolocation", "6421814", "", "6 ••• •••"},
	} {
		d := detectorOf(t, c.kind)
		if c.norm != "" {
			if got := string(d.Norm(nil, []byte(c.cell))); got != c.norm {
				t.Errorf("%s: norm of %q is %q, want %q", c.kind, c.cell, got, c.norm)
			}
		}
		if c.mask != "" {
			if got := string(d.Mask([]byte("x"), []byte(c.cell))); got != "x"+c.mask {
				t.Errorf("%s: mask of %q is %q, want %q", c.kind, c.cell, got, c.mask)
			}
		}
	}
}

func TestPostcodeInCommune(t *testing.T) {
	for _, c := range []struct {
		code, commune string
		agree, known  bool
	}{
		{"33000", "BORDEAUX", true, true}, {"33000", "Bordeaux", true, true}, {"33330", "St Emilion", true, true}, {"1400", "L ABERGEMENT CLEMENCIAT", true, true},
		{"75012", "PARIS 12", true, true}, {"75012", "Paris", true, true}, {"13002", "MARSEILLE 02", true, true}, {"33000 BORDEAUX", "33000 BORDEAUX", true, true},
		{"33000", "Paris", false, true}, {"12345", "Saint Alix-les-Bains", false, true},
		{"", "Bordeaux", false, false}, {"33000", "", false, false}, {"33076", "BORDEAUX CEDEX", false, false}, {"99999", "Bordeaux", false, false},
		{"33000", "33063", false, false},
	} {
		agree, known := PostcodeInCommune([]byte(c.code), []byte(c.commune))
		if agree != c.agree || known != c.known {
			t.Errorf("PostcodeInCommune(%q, %q) = %t, %t; want %t, %t", c.code, c.commune, agree, known, c.agree, c.known)
		}
	}
}
