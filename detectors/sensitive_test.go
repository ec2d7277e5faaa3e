package detectors

import "testing"

// TestFitsSensitive asks the detectors of health, disability, insurers and
// secrets about cells they must and must not take.
func TestFitsSensitive(t *testing.T) {
	for _, c := range []struct {
		kind    Kind
		yes, no []string
	}{
		{"birth_place", []string{"BORDEAUX", "33063", "2A004", "1004", "99352", "Algérie", "Bordeaux (33)", "33063 BORDEAUX", "33", "2B", "974", "33000", "Congo", "ST ETIENNE"},
			[]string{"", "x", "12/05/1985", "00", "Xzqwv", "123456", "oui", "99999"}},
		{"disability", []string{"oui", "N", "80", "80 %", "12 %", "≥ 80", "2", "50-79 %", ">= 80 %", "entre 50 et 79 %", "50 à 79%", "RQTH", "Orientation ESAT", "déficience visuelle", "Catégorie 2", "refus"},
			[]string{"", "185", "2024", "12/05/1985", "Bordeaux", "80 000", "17", "12,4", "1 234,56", "rue des Lilas"}},
		{"health", []string{"Diabète de type 2", "sclérose en plaques", "8", "ALD 30", "F32.1", "oui", "AB+", "cardiopathie ischémique", "Asthma"},
			[]string{"", "99", "Bordeaux", "en cours de traitement informatique", "12/05/1985", "sympathie", "1234,56"}},
		{"icd10", []string{"F32.1", "E119", "c50.9", "Z99.9", "Y83.1", "A15", "X100"}, []string{"", "F99.99", "U000", "1F32", "F32.", "ABCD", "F3211111"}},
		{"insurer", []string{"MGEN", "Harmonie Mutuelle", "CPAM DE LA GIRONDE", "331", "01", "01C331028", "12345678", "Mutuelle des Cheminots", "AXA Assurances", "oui"},
			[]string{"", "Bordeaux", "12/05/1985", "rue des Lilas", "5"}},
		{"credential", []string{"$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "d41d8cd98f00b204e9800998ecf8427e", "Azerty123!", "hunter2", "soleil-33"},
			[]string{"", "oui", "12/05/1985", "1234567", "the", "tokens", "deux mots 1", "deadbeef12"}},
	} {
		d := detectorOf(t, c.kind)
		for _, cell := range c.yes {
			if fits, _ := d.Fits([]byte(cell)); !fits {
				t.Errorf("%s: %q does not fit", c.kind, cell)
			}
			if c.kind != "birth_place" { // which shows the department
				checkMask(t, d, cell)
			}
		}
		for _, cell := range c.no {
			if fits, _ := d.Fits([]byte(cell)); fits {
				t.Errorf("%s: %q fits", c.kind, cell)
			}
		}
	}
}

func TestTitlesOfSensitiveKinds(t *testing.T) {
	titles := NewTitles(All())
	for title, want := range map[string]Kind{
		"RQTH / AAH Oui / Non": "disability", "TAUX_INCAPACITE": "disability", "Taux d'incapacité": "disability", "RQTH": "disability",
		"Lieu de naissance": "birth_place", "nomcomnai": "birth_place", "ville_naissance": "birth_place", "birthPlace": "birth_place",
		"Diagnostic principal": "health", "ALD": "health", "DGN_PAL": "icd10", "code_cim10": "icd10", "Mutuelle": "insurer", "N° AMC": "insurer",
		"code_regime": "insurer", "password": "credential", "mdp": "credential", "password_hash": "credential", "api_key": "credential",
		"BEN_NIR_PSA": "snds_variable", "exe_soi_dtd": "snds_variable", "BEN_SEX_COD": "sex", "BEN_NAI_ANN": "birth_date", "AAH": "benefit", "PCH": "disability",
	} {
		got := titles.Kinds(nil, []byte(title))
		if len(got) == 0 || got[0] != want {
			t.Errorf("Kinds(%q) = %v, want %s first", title, got, want)
		}
	}
}
