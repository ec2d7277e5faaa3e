package format

import (
	"slices"
	"strings"
	"testing"
)

// What the objects of an array within a row say in words is in the row too: once
// each, and no numbers, which belong to them.
func TestJSONLent(t *testing.T) {
	const doc = `[{"nom":"DUPONT","prestations":[{"type":"RSA","montant":607.75},{"type":"APL","montant":210},{"type":"RSA"},{"type":"PL"}],"ville":"Pessac"},
		{"nom":"MARTIN","prestations":[],"ville":"Cestas"},
		{"nom":"PETIT","prestations":[{"type":"AAH","versements":[{"mode":"virement"}]}]}]`
	for _, size := range []int{slabSize, 64} {
		_, rows, titles := tables(t, readJSON(t, doc, size))
		if want := []string{"nom", "ville", "prestations.type"}; !slices.Equal(titles[""], want) {
			t.Errorf("titles %q, want %q", titles[""], want)
		}
		for i, want := range []string{"DUPONT|Pessac|RSA, APL, PL", "MARTIN|Cestas", "PETIT||AAH"} {
			if got := strings.Join(rows[""][i], "|"); got != want {
				t.Errorf("row %q, want %q", got, want)
			}
		}
		if got := strings.Join(rows["prestations"][1], "|"); got != "APL|210" {
			t.Errorf("its own table has %q", got)
		}
		if got := titles["prestations"]; !slices.Equal(got, []string{"type", "montant", "versements.mode"}) {
			t.Errorf("its titles are %q", got)
		}
	}
}

// Many words of many objects take little of a row.
func TestJSONLentMuch(t *testing.T) {
	var b strings.Builder
	b.WriteString(`[{"nom":"X","a":[`)
	for i := range 5000 {
		b.WriteString(`{"k` + strings.Repeat("a", i%40) + `":"` + strings.Repeat("b", 1+i%45) + `"},`)
	}
	b.WriteString(`{"k":"c"}]},{"nom":"Y"}]`)
	_, rows, titles := tables(t, readJSON(t, b.String(), slabSize))
	if n := len(titles[""]); n > 1+jsonLentCells {
		t.Errorf("%d columns", n)
	}
	for _, c := range rows[""][0] {
		if len(c) > jsonLentWords*(jsonLentWord+2) {
			t.Errorf("a cell of %d bytes", len(c))
		}
	}
}
