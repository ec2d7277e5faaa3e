package assess

import (
	"testing"

	"vigie/scanner"
)

// TestNameless: sensitive data beside the day of birth and a place; years of birth
// make statistics of them, and of first names.
func TestNameless(t *testing.T) {
	sensitive := "naissance=birth_date, commune=commune, pathologie=health"
	for name, c := range map[string]struct {
		columns string
		alone   float64
		days    bool
		want    scanner.Severity // 0: silent
	}{
		"days":                    {sensitive, 0.9, true, scanner.Critical},
		"years":                   {sensitive, 0.9, false, 0},
		"nobody alone":            {sensitive, 0.01, true, 0},
		"statistics of names":     {"sexe=sex, preusuel=first_name, annais=birth_date", 0, false, 0},
		"first names with a date": {"sexe=sex, prénom=first_name, naissance=birth_date", 0.9, true, scanner.Medium},
	} {
		x := unique(table(300, titled(c.columns)...), c.alone, 0, 1)
		if !c.days {
			x.Births = nil
		}
		got := scanner.Severity(0)
		for _, f := range New().Judge(one(x), network) {
			got = f.Severity
		}
		if got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

// TestRemarks: names and passwords in the texts of a column count where half of
// the texts, or three of them, have one.
func TestRemarks(t *testing.T) {
	remarks := func(c scanner.Count, more ...col) *scanner.Tally {
		x := table(400, more...)
		x.Bytes = 128 << 10 // half of it was read
		x.Columns = append(x.Columns, scanner.Column{Title: "texte", Counts: []scanner.Count{c}})
		x.Study.Kinds = append(x.Study.Kinds, "")
		return x
	}
	reach := join(cols(birthDate, "ddn"), cols(phone, "tel"))
	check(t, New().Judge(one(remarks(seen(fullName, 200, 200), reach...)), network), "people-register", scanner.Medium)
	check(t, New().Judge(one(remarks(seen(fullName, 20, 20), reach...)), network), "", 0)
	check(t, New().Judge(one(remarks(seen(credential, 20, 20), cols(email, "de")...)), network), "ticket-platform", scanner.High)
	check(t, New().Judge(one(remarks(seen(credential, 2, 2), cols(email, "de")...)), network), "", 0)
}

// TestStrangersTogether: what texts of a folder say is not added up to persons that
// none of them is about.
func TestStrangersTogether(t *testing.T) {
	together := []*scanner.Tally{
		text("/d/minutes.txt", seen(fullName, 90, 90), seen(benefit, 90, 90)),
		text("/d/invoices.txt", seen(iban, 40, 40), seen(streetAddress, 40, 40), seen(commune, 40, 40)),
		text("/d/law.txt", seen(benefit, 300, 300), seen(disability, 80, 80)),
		text("/d/births.txt", seen(birthDate, 60, 60)),
	}
	check(t, New().Judge(together, network), "", 0)
	letters := []*scanner.Tally{letter(1), letter(2), letter(3), letter(4)}
	alone, among := New().Judge(letters, network), New().Judge(append(letters, together...), network)
	check(t, among, "people-register", alone[0].Severity)
	if among[0].Documents != 4 || among[0].People != alone[0].People {
		t.Errorf("letters among others: %d documents, %+v, want %+v", among[0].Documents, among[0].People, alone[0].People)
	}
}
