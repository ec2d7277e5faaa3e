package scanner

import (
	"fmt"
	"testing"

	"vigie/detectors"
)

// Columns without a title that only those beside them explain, and look-alikes.
func TestNeighbours(t *testing.T) {
	situations := []string{"Célibataire", "Marié(e)", "Divorcé(e)", "Vie maritale", "Veuf(ve)"}
	codes := []string{"E119", "F322", "J459", "C509", "E669", "N185", "G309", "F200", "I500", "M545", "K509", "B182"}
	pseudonym := func(i int) string { return fmt.Sprintf("%08XZQ%07d", 0xA1B2C3D4+uint32(i)*2654435761, i) }
	born := func(i int) string { return fmt.Sprintf("%02d/%02d/%d", 1+i%28, 1+i%12, 1970+i*7%30) }
	nir := func(i int) (number, key string) {
		n := 1000000000000*(1+i%2) + 10000000000*(40+i%55) + 100000000*(1+i%12) + 1000000*33 + 1000*(63+i%200) + 1 + i%600
		return fmt.Sprint(n), fmt.Sprint(97 - n%97)
	}
	for _, c := range []struct {
		what string
		row  func(i int) []string
		want []detectors.Kind
	}{
		{"a NIR and its key", func(i int) []string { n, k := nir(i); return []string{n, k} }, []detectors.Kind{"nir_without_key", "nir_key"}},
		{"a NIR beside an amount", func(i int) []string { n, _ := nir(i); return []string{n, fmt.Sprint(100 + i)} }, []detectors.Kind{"", ""}},
		{"birth dates beside situations", func(i int) []string { return []string{situations[i%5], born(i)} }, []detectors.Kind{"family_situation", "birth_date"}},
		{"dates of one year beside situations", func(i int) []string {
			return []string{situations[i%5], fmt.Sprintf("%02d/%02d/1989", 1+i%28, 1+i%12)}
		}, []detectors.Kind{"family_situation", ""}},
		{"dates of contracts beside situations", func(i int) []string {
			return []string{situations[i%5], fmt.Sprintf("%02d/%02d/%d", 1+i%28, 1+i%12, 1988+i*7%33)}
		}, []detectors.Kind{"family_situation", ""}},
		{"amounts of the scale beside situations", func(i int) []string {
			return []string{situations[i%5], []string{"0,00", "903,60", "212,33", fmt.Sprintf("%d,17", 100+i)}[i%4]}
		}, []detectors.Kind{"family_situation", "benefit_amount"}},
		{"other amounts beside situations", func(i int) []string { return []string{situations[i%5], fmt.Sprintf("%d,17", 100+i)} },
			[]detectors.Kind{"family_situation", ""}},
		{"amounts of the scale alone", func(i int) []string { return []string{"903,60", fmt.Sprint(i)} }, []detectors.Kind{"", ""}},
		{"pseudonyms beside diagnoses", func(i int) []string { return []string{pseudonym(i), codes[i%len(codes)]} }, []detectors.Kind{"snds_variable", "icd10"}},
		{"postcodes of communes", func(i int) []string {
			return []string{[]string{"Bordeaux", "Nantes", "Belfort", "Romainville", "Salles"}[i%5], []string{"33000", "44100", "90000", "93230", "33770"}[i%5]}
		}, []detectors.Kind{"commune", "postcode"}},
		{"numbers of communes", func(i int) []string {
			return []string{[]string{"Bordeaux", "Nantes", "Belfort", "Romainville", "Salles"}[i%5], fmt.Sprint(10001 + 997*i)}
		}, []detectors.Kind{"commune", ""}},
		{"pseudonyms alone", func(i int) []string { return []string{pseudonym(i), fmt.Sprint(i)} }, []detectors.Kind{"", ""}},
	} {
		tally := sheet{rows: 60, width: 2, cell: func(row, col int) string { return c.row(row)[col] }}.tally(t, 1)
		for i, want := range c.want {
			if got := tally.Study.Kinds[i]; got != want {
				t.Errorf("%s: column %d is %q, want %q", c.what, i, got, want)
			}
		}
	}
}

// Dates beside names are births, unless their title says of something else.
func TestOtherDays(t *testing.T) {
	names := []string{"DUPONT Jean", "MARTIN Claire", "LEFEBVRE Paul", "MOREAU Sophie"}
	for title, want := range map[string]detectors.Kind{"jour": "birth_date", "date_mort": "", "date de dépôt": ""} {
		s := sheet{rows: 60, width: 2, titles: func(int) []string { return []string{"personne", title} }, cell: func(row, col int) string {
			return []string{names[row%4], fmt.Sprintf("%02d/%02d/%d", 1+row%28, 1+row%12, 1930+row)}[col]
		}}
		if got := s.tally(t, 1).Study.Kinds[1]; got != want {
			t.Errorf("%s: got %q, want %q", title, got, want)
		}
	}
}
