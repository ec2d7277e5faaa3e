package detectors

import "testing"

func detector(t *testing.T, k Kind) Detector {
	t.Helper()
	for _, d := range All() {
		if d.Kind == k {
			return d
		}
	}
	t.Fatalf("no detector %s", k)
	return Detector{}
}

// Cells as exports, spreadsheets and people write them.
func TestNumbersInCells(t *testing.T) {
	for _, c := range []struct {
		kind        Kind
		cell        string
		fits, valid bool
	}{
		{"siren", "552 100 554", true, true},
		{"siren", "552100554.0", true, true},
		{"siren", "552100555", false, false},
		{"siren", "000000000", false, false},
		{"siret", "732 829 320 00074", true, true},
		{"siret", "'73282932000074", true, true},
		{"siret", "5781313100026", true, true}, // a 0 lost
		{"siret", "20240512103000", false, false},
		{"tax_number", "30 23 217 600 053", true, true},
		{"tax_number", "701987765493", true, true}, // a 0 lost
		{"tax_number", "1850578006084", false, false},
		{"tax_number", "1718000000000", false, false},
		{"practitioner", "10003456789", true, false},
		{"practitioner", "10000000009", true, true},
		{"practitioner", "2A1234567", true, true},
		{"practitioner", "33123456", true, true},
		{"practitioner", "1000345678", false, false},
		{"facility", "750712184", true, true},
		{"facility", "310123123", true, false},
		{"facility", "2A0000014", true, true},
		{"facility", "75071218", true, false},
		{"france_travail_id", "1234567E", true, true},
		{"france_travail_id", "12345678901", true, true},
		{"france_travail_id", "0331234567E", true, true},
		{"france_travail_id", "33A1234567E", true, true},
		{"france_travail_id", "inscrit", false, false},
		{"france_travail_id", "123456E7", false, false},
		{"pajemploi_number", "Y123456789012", true, true},
		{"pajemploi_number", "123456789", true, true},
		{"pajemploi_number", "Y12345", false, false},
		{"pajemploi_number", "oui", false, false},
		{"childminder_approval", "69-2024-0187", true, true},
		{"childminder_approval", "12/05/2019", false, false},
		{"childminder_approval", "Service à la personne", false, false},
		{"mdph_file", "2021-12345-13", true, true},
		{"mdph_file", "12/05/2021", false, false},
		{"mdph_file", "MDPH 33", false, false},
		{"passport", "12AB34567", true, true},
		{"passport", "12 AB 34567", true, true},
		{"passport", "1A2B34567", false, false},
		{"identity_card", "880692310285", true, true},
		{"identity_card", "X4RTBPFW4", true, true},
		{"identity_card", "Passeport", false, false},
		{"residence_permit", "9903123456", true, true},
		{"residence_permit", "carte de resident", false, false},
		{"driving_licence", "210692106990", true, true},
		{"driving_licence", "50692106990", true, true}, // a 0 lost: May 2006
		{"driving_licence", "219992106990", false, false},
		{"vehicle_plate", "AB-123-CD", true, true},
		{"vehicle_plate", "ab123cd", true, true},
		{"vehicle_plate", "1234 AB 33", true, true},
		{"vehicle_plate", "AI-123-CD", false, false},
		{"vehicle_plate", "185057800608491", false, false},
		{"student_id", "123456789AB", true, true},
		{"student_id", "0EVG4X009N1", true, true},
		{"student_id", "Montpellier", false, false},
		{"rib", "30006 00001 12345678901 89", true, true},
		{"rib", "30006000011234567890188", true, false},
		{"rib", "20041", true, true},
		{"rib", "0500013M026", true, true},
		{"rib", "6", true, true},
		{"rib", "411000", false, false}, // a ledger's account
		{"bic", "PSSTFRPPCNE", true, true},
		{"bic", "BNPAFRPP", true, true},
		{"bic", "DEUTDEFF", false, false},
		{"bic", "BNPAFR", false, false},
		{"bank_name", "LA BANQUE POSTALE", true, true},
		{"bank_name", "Crédit Agricole Charente-Périgord", true, true},
		{"bank_name", "CAISSE D'EPARGNE AQUITAINE", true, true},
		{"bank_name", "lcl", true, true},
		{"bank_name", "Bordeaux", false, false},
		{"bank_name", "Agricole", false, false},
	} {
		fits, valid := detector(t, c.kind).Fits([]byte(c.cell))
		if fits != c.fits || valid != c.valid {
			t.Errorf("%s %q: fits %t, valid %t; want %t, %t", c.kind, c.cell, fits, valid, c.fits, c.valid)
		}
	}
}

func TestNumbersJoin(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		a, b string
	}{
		{"tax_number", "0701987765493", "701987765493"},
		{"siret", "732 829 320 00074", "73282932000074"},
		{"vehicle_plate", "AB-123-CD", "ab 123 cd"},
		{"bank_name", "Crédit Agricole", "CREDIT AGRICOLE"},
		{"facility", "330 781 196", "330781196"},
	} {
		norm := detector(t, c.kind).Norm
		if a, b := norm(nil, []byte(c.a)), norm(nil, []byte(c.b)); string(a) != string(b) {
			t.Errorf("%s: %q and %q do not join: %q, %q", c.kind, c.a, c.b, a, b)
		}
	}
}

func TestTitlesOfNumbers(t *testing.T) {
	titles := NewTitles(All())
	for title, want := range map[string]Kind{
		"N° SIREN": "siren", "SIRET_EMPLOYEUR": "siret", "Numéro fiscal": "tax_number", "N° RPPS": "practitioner", "ADELI": "practitioner",
		"num_finess": "facility", "ID pôle Emploi": "france_travail_id", "identifiantpe": "france_travail_id",
		"Référence individuelle": "france_travail_id", "N° Pajemploi": "pajemploi_number", "N° d'agrément": "childminder_approval",
		"N° dossier MDPH": "mdph_file", "Numéro de passeport": "passport", "CNI": "identity_card",
		"NUMTITSEJ": "residence_permit", "N° étranger": "residence_permit", "NEPH": "driving_licence", "Permis de conduire": "driving_licence",
		"Plaque d'immatriculation": "vehicle_plate", "INE": "student_id", "GUIBAN": "rib", "CLERIB": "rib", "numcomptban": "rib", "Code BIC": "bic",
		"Nom de la banque": "bank_name",
	} {
		found := false
		for _, k := range titles.Kinds(nil, []byte(title)) {
			found = found || k == want
		}
		if !found {
			t.Errorf("%q announces %v, not %s", title, titles.Kinds(nil, []byte(title)), want)
		}
	}
}

// Values stand alike in prose, forms, JSON, XML and key=value text.
func TestNumbersInForms(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		value string
		text  []string
	}{
		{"tax_number", "3023217600053", []string{`{"numero_fiscal": "3023217600053"}`, "<spi>3023217600053</spi>", "numero_fiscal=3023217600053"}},
		{"siret", "73282932000074", []string{`"siret":"73282932000074"`, "<siret>73282932000074</siret>", "SIRET\u00a0: 73282932000074, APE 8899B"}},
		{"france_travail_id", "1234567E", []string{"identifiant_pe=1234567E", `"id_pole_emploi": "1234567E"`, "Votre identifiant France Travail est le 1234567E."}},
		{"passport", "12AB34567", []string{"<passeport>12AB34567</passeport>", `"passport_number":"12AB34567"`, "titulaire du passeport n° 12AB34567 délivré"}},
		{"vehicle_plate", "AB-123-CD", []string{`"immatriculation": "AB-123-CD"`, "la voiture immatriculée AB-123-CD stationne"}},
		{"driving_licence", "210692106990", []string{"<neph>210692106990</neph>", "permis_de_conduire=210692106990"}},
		{"facility", "750712184", []string{`"finess": "750712184"`, "FINESS géographique : 750712184"}},
		{"practitioner", "10003456789", []string{`{"rpps":"10003456789"}`, "Dr Martin (RPPS 10003456789)"}},
		{"student_id", "123456789AB", []string{`"ine": "123456789AB"`, "<INE>123456789AB</INE>"}},
	} {
		d := detector(t, c.kind)
		for _, s := range c.text {
			ms := d.Find(nil, textOf(s))
			if len(ms) != 1 || s[ms[0].Start:ms[0].End] != c.value {
				t.Errorf("%s: found %v in %q", c.kind, ms, s)
			}
		}
	}
}

func TestNIRWithoutKeyAgrees(t *testing.T) {
	tried := 0
	for _, r := range Relations() {
		if r.A != "nir_without_key" || r.B != "birth_date" && r.B != "sex" {
			continue
		}
		tried++
		yes, no := "12/05/1985", "12/06/1985"
		if r.B == "sex" {
			yes, no = "M", "F"
		}
		for b, want := range map[string]bool{yes: true, no: false} {
			if agree, known := r.Agree([]byte("1 85 05 78 006 084"), []byte(b)); agree != want || !known {
				t.Errorf("%s with %q: %t, %t", r.Name, b, agree, known)
			}
		}
		if _, known := r.Agree([]byte("1850578006084"), nil); known {
			t.Errorf("%s: knows of an empty cell", r.Name)
		}
	}
	if tried != 2 {
		t.Errorf("%d relations of a NIR without key", tried)
	}
}
