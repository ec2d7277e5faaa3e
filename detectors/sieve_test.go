package detectors

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// cutOut lays a text on s and returns what find finds in it.
func cutOut(d Detector, s string, cell, row, quote byte) (found []string, valid []bool) {
	var x Text
	x.Reset([]byte(s), cell, row, quote)
	for _, m := range d.Find(nil, &x) {
		found, valid = append(found, s[m.Start:m.End]), append(valid, m.Valid)
	}
	return found, valid
}

var sieve = []Detector{nirDetector, ibanDetector, emailDetector, phoneDetector}

func TestSieveExamples(t *testing.T) {
	for _, d := range append(sieve, nirWithoutKeyDetector) {
		for _, s := range d.Yes {
			// In a sentence and alone.
			for _, text := range []string{s, "voir (" + s + ") et\n"} {
				if found, _ := cutOut(d, text, 0, 0, 0); len(found) == 0 {
					t.Errorf("%s: nothing found in %q", d.Kind, text)
				}
			}
		}
		for _, s := range d.No {
			if found, _ := cutOut(d, s, 0, 0, 0); len(found) != 0 {
				t.Errorf("%s: found %q in %q", d.Kind, found, s)
			}
		}
	}
}

// A mask shows little, is text, and never holds the value.
func TestSieveMasks(t *testing.T) {
	for _, test := range []struct {
		d       Detector
		v, want string
	}{
		{nirDetector, "253072A07300443", "2 53 •• •• ••• ••• ••"},
		{nirDetector, "1 85 05 78 006 084 (91)", "1 85 •• •• ••• ••• ••"},
		{nirWithoutKeyDetector, "1850578006084", "1 85 •• •• ••• •••"},
		{nirDetector, "no NIR 1é", "•• ••• ••"},
		{ibanDetector, "FR76 3000 6000 0112 3456 7890 189", "FR76 3000 6••• •••• •••• •••• •••"},
		{ibanDetector, "DE89370400440532013000", "DE89 •••• •••• •••• •••• ••"},
		{emailDetector, "paul.dupont@free.fr", "p••••@•••.fr"},
		{emailDetector, "nobody", "••••••"},
		{phoneDetector, "06 12 34 56 78", "06 •• •• •• ••"},
		{phoneDetector, "+33 (0)6 12 34 56 78", "+33 (0)• •• •• •• ••"},
		{phoneDetector, "612345678", "6••••••••"},
	} {
		got := test.d.Mask(nil, []byte(test.v))
		if string(got) != test.want || !utf8.Valid(got) {
			t.Errorf("%s: mask of %q = %q, want %q", test.d.Kind, test.v, got, test.want)
		}
	}
}

func TestSieveNorms(t *testing.T) {
	for _, test := range []struct {
		d    Detector
		same []string
		want string
	}{
		{nirDetector, []string{"253072A07300443", "2 53 07 2a 073 004 43", "2530 72A073004"}, "253072A073004"},
		{nirDetector, []string{"1.79057800608494E14", "'179057800608494", `="179057800608494"`, "179057800608494.0"}, "1790578006084"},
		{nirKeyDetector, []string{"8", "08", "8.0"}, "08"},
		{ibanDetector, []string{"fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"}, "FR7630006000011234567890189"},
		{emailDetector, []string{"Jean@Free.FR", "jean@free.fr "}, "jean@free.fr"},
		{phoneDetector, []string{"06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6.12.34.56.78", "612345678", "33612345678"}, "0612345678"},
	} {
		for _, v := range test.same {
			if got := test.d.Norm(nil, []byte(v)); string(got) != test.want {
				t.Errorf("%s: norm of %q = %q, want %q", test.d.Kind, v, got, test.want)
			}
		}
	}
}

func TestSieveFits(t *testing.T) {
	for _, test := range []struct {
		d           Detector
		cell        string
		fits, valid bool
	}{
		{nirDetector, "185057800608491", true, true},
		{nirDetector, " 1 85 05 78 006 084 91 ", true, true},
		{nirDetector, "2 55,08 14.168 025 38", true, true},
		{nirDetector, "185057800608436", true, false},
		{nirDetector, "1850578006084 clé : 91", true, true},
		{nirDetector, "'185057800608491", true, true},
		{nirDetector, `="185057800608491"`, true, true},
		{nirDetector, "185057800608491.0", true, true},
		{nirDetector, "1,85058E+14", true, false},
		{nirDetector, "1.850578e+14", true, false},
		{nirDetector, "1.85057800608491E14", true, true},
		{nirDetector, "1,85057800608491e+14", true, true},
		{nirDetector, "9,85058E+14", false, false},
		{nirDetector, "1,85138E+14", false, false},
		{nirDetector, "1850578006084", false, false},
		{nirDetector, "185137800608491", false, false},
		{nirDetector, "", false, false},
		{nirDetector, "E14", false, false},
		{nirWithoutKeyDetector, "1850578006084", true, true},
		{nirWithoutKeyDetector, "1.850578006084E12", true, true},
		{nirWithoutKeyDetector, "1853378006084", false, false},
		{nirWithoutKeyDetector, "185057800608491", false, false},
		{nirKeyDetector, "8", true, true},
		{nirKeyDetector, "97", true, true},
		{nirKeyDetector, "00", false, false},
		{nirKeyDetector, "98", false, false},
		{nirKeyDetector, "008", false, false},
		{nirKeyDetector, "", false, false},
		{ibanDetector, "FR14 2004 1010 0505 0001 3M02 606", true, true},
		{ibanDetector, "FR7630006000011234567890188", false, false},
		{ibanDetector, "F", false, false},
		{phoneDetector, "612345678", true, true},
		{phoneDetector, "612345678.0", true, true},
		{phoneDetector, "33612345678", true, true},
		{phoneDetector, "+33 (0) 5 56 12 34 56", true, true},
		{phoneDetector, "512345678", false, false},
		{phoneDetector, "01/02/2024 12", false, false},
		{phoneDetector, "", false, false},
		{phoneDetector, "(+33", false, false},
	} {
		if fits, valid := test.d.Fits([]byte(test.cell)); fits != test.fits || valid != test.valid {
			t.Errorf("%s: %q fits %v, valid %v; want %v, %v", test.d.Kind, test.cell, fits, valid, test.fits, test.valid)
		}
	}
}

// FuzzSieve checks what every detector promises of its matches, and that no
// other function of it panics.
func FuzzSieve(f *testing.F) {
	for _, d := range sieve {
		for _, s := range d.Yes {
			f.Add([]byte(s), byte(1))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, cell byte) {
		cell = cells[int(cell)%len(cells)]
		var x Text
		x.Reset(b, cell, '\n', '"')
		for _, d := range append(sieve, nirWithoutKeyDetector) {
			last := 0
			for _, m := range d.Find(nil, &x) {
				if m.Start < last || m.Start >= m.End || m.End > len(b) {
					t.Fatalf("%s: match %v of %d bytes, after %d", d.Kind, m, len(b), last)
				}
				if bytes.IndexByte(b[m.Start:m.End], '\n') >= 0 || cell != 0 && bytes.IndexByte(b[m.Start:m.End], cell) >= 0 {
					t.Fatalf("%s: match %q crosses a delimiter", d.Kind, b[m.Start:m.End])
				}
				last = m.End
				v := b[m.Start:m.End]
				if masked := d.Mask(nil, v); bytes.Contains(masked, v) {
					t.Fatalf("%s: mask of %q shows it", d.Kind, v)
				}
			}
			if d.Fits != nil {
				d.Fits(b)
			}
			d.Norm(nil, b)
			d.Mask(nil, b)
		}
		nirKeyDetector.Fits(b)
	})
}
