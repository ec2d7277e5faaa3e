package scanner

import (
	"testing"

	"vigie/detectors"
)

// What reads as a kind only under a title (a yes, a code of three characters)
// does not decide a column by itself.
func TestDecideByValue(t *testing.T) {
	for _, c := range []struct {
		title string
		cells []string
		want  detectors.Kind
	}{
		{"", []string{"RSA", "APL", "AAH", "PPA", "RSA", "PF + APL + AAH"}, "benefit"},
		{"", []string{"O", "N", "O", "1", "0", "N"}, ""},
		{"", []string{"0", "1", "2", "0", "1", "3"}, ""},
		{"RSA", []string{"O", "N", "O", "O", "N", "N"}, "benefit"},
		{"", []string{"F321", "E119", "I10", "J450", "C509", "F200"}, "icd10"},
		{"", []string{"A15", "A16", "B20", "C50", "E10", "F20"}, ""},
		{"DGN_PAL", []string{"A15", "A16", "B20", "C50", "E10", "F20"}, "icd10"},
	} {
		book := newBook(detectors.All())
		w := &walker{book: book, key: new(runKey)}
		traits := book.newTraits(1)
		for _, cell := range c.cells {
			w.take(traits[0], []byte(cell))
		}
		var titles []string
		if c.title != "" {
			titles = []string{c.title}
		}
		if s, _ := book.decide(titles, traits); s.Kinds[0] != c.want {
			t.Errorf("%q %q: %q, want %q", c.title, c.cells, s.Kinds[0], c.want)
		}
	}
}
