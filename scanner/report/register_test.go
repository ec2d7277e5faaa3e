package report

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

// The register has a line a leak, with every column of Art. 33(5) filled or
// marked.
func TestRegisterHasALineALeak(t *testing.T) {
	again := caf()
	again.ID, again.Path = "77aa", "s3://formation/CAF.zip!/CAF/allocataires.csv"
	locked := mdph()
	locked.ID, locked.Leak, locked.Severity, locked.Fields, locked.People = "1234", "", scanner.Low, nil, scanner.People{Unit: "document"}
	locked.Documents, locked.Why, locked.Path = 0, []scanner.Why{{Code: "sealed"}}, "s3://portail/mdph.7z"
	o := Options{AwareAt: time.Date(2026, 2, 27, 9, 5, 0, 0, time.UTC)}
	text := write(t, register, o, []scanner.Record{mdph(), caf(), again, locked, &scanner.Finding{Profile: "public-register", Path: "/x", Severity: scanner.Low}})
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v:\n%s", len(rows), err, text)
	}
	flat := strings.NewReplacer("\u00A0", " ", "\u202F", " ")
	for line, want := range []map[string]string{
		{"Référence vigie": "d98a", "Nombre approximatif de personnes": "environ 314 personnes (entre 308 et 314), d’après les documents.", "Mineurs": "oui, nombre à compléter",
			"Notification à la CNIL": "oui (proposition)", "Information des personnes": "oui (proposition)", "Prise de connaissance": "27 février 2026 à 9 h 05 (UTC)"},
		{"Référence vigie": "9a41", "Nombre approximatif de personnes": "10 204 foyers, soit environ 27 950 personnes, d’après le nombre de lignes.", "Mineurs": "oui, environ 11 020",
			"Nombre approximatif d’enregistrements": "10 204", "Nature de la violation": "perte de confidentialité", "Gravité": "maximale (proposition)"},
		{"Référence vigie": "1234", "Nombre approximatif de personnes": "à compléter", "Notification à la CNIL": "à apprécier (proposition)", "Gravité": "à compléter",
			"Faits": "Fichier chiffré dont les noms annoncent des documents d’une maison départementale des personnes handicapées (MDPH) : s3://portail/mdph.7z."},
	} {
		for i, title := range rows[0] {
			cell := flat.Replace(rows[line+1][i])
			if cell == "" || strings.ContainsAny(cell, "*`\x00") {
				t.Errorf("line %d, %s: %q", line+1, title, cell)
			}
			if w, ok := want[title]; ok && cell != w {
				t.Errorf("line %d, %s: %q, want %q", line+1, title, cell, w)
			}
		}
	}
}
