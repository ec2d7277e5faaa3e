package detectors

import (
	"slices"
	"strings"
	"testing"
)

// Published vectors: tests of SocialGouv's and others' open implementations.
var nirVectors = []struct {
	nir   string
	valid bool
}{
	{"253072A07300443", true},
	{"253072B07300470", true},
	{"209200699012061", true}, // month 20
	{"341068078200554", true}, // sex 3
	{"178332978200553", true}, // month 33
	{"179012B00123401", true}, // key 01
	{"185057800608491", true},
	{"295109912611193", true},
	{"269054958815780", true},
	{"255081416802538", true},
	{"295109912611199", false},
	{"253072C07300443", false},
	{"185057207000898", false}, // key 98
	{"185057800608436", false}, // often printed as an example
	{"185057800608400", false},
	{"985057800608491", false},
	{"185130100100142", false}, // month 13
	{"185050000100171", false}, // department 00
	{"185057899908491", false}, // commune 999
	{"1850578006084", false},
}

func TestNIRVectors(t *testing.T) {
	for _, v := range nirVectors {
		n, ok := ParseNIR([]byte(v.nir))
		if got := ok && n.KeyValid; got != v.valid {
			t.Errorf("ParseNIR(%s): key valid %v, want %v", v.nir, got, v.valid)
		}
		if _, valid := nirDetector.Fits([]byte(v.nir)); valid != v.valid {
			t.Errorf("Fits(%s): valid %v, want %v", v.nir, valid, v.valid)
		}
		found, _ := cutOut(nirDetector, "x "+v.nir+", y", 0, 0, 0)
		if got := len(found) == 1 && found[0] == v.nir; got != v.valid {
			t.Errorf("found %q in a text with %s", found, v.nir)
		}
	}
}

func TestParseNIR(t *testing.T) {
	for _, test := range []struct {
		cell string
		want NIR
	}{
		{"2 53 07 2A 073 004 43", NIR{Sex: '2', Year: 53, Month: 7, Place: [5]byte([]byte("2A073")), Order: 4, Key: 43, HasKey: true, KeyValid: true}},
		{"1 85 05 99 109 084 (12)", NIR{Sex: '1', Year: 85, Month: 5, Place: [5]byte([]byte("99109")), Order: 84, Key: 12, HasKey: true}},
		{"1850597411084", NIR{Sex: '1', Year: 85, Month: 5, Place: [5]byte([]byte("97411")), Order: 84}},
		{"1.850578006084E+12", NIR{Sex: '1', Year: 85, Month: 5, Place: [5]byte([]byte("78006")), Order: 84}},
	} {
		if n, ok := ParseNIR([]byte(test.cell)); !ok || n != test.want {
			t.Errorf("ParseNIR(%q) = %+v, %v; want %+v", test.cell, n, ok, test.want)
		}
	}
	for _, cell := range []string{"", " ", "NIR", "185057800608", "18505780060849", "1850578006084911", "1850578006000", "1850597191084", "1850598000084", "1850599099084", "1650596001084"} {
		if n, ok := ParseNIR([]byte(cell)); ok {
			t.Errorf("ParseNIR(%q) = %+v", cell, n)
		}
	}
}

func TestFindNIR(t *testing.T) {
	const good, bad = "185057800608491", "185057800608436"
	for _, test := range []struct {
		text  string
		cell  byte
		found []string
		valid bool
	}{
		{good + " " + good, 0, []string{good, good}, true},
		{"12 " + good, 0, []string{good}, true},
		{good + ";2 53 07 2A 073 004 43", ';', []string{good, "2 53 07 2A 073 004 43"}, true},
		{"1\t2\t" + good + "\t12", '\t', []string{good}, true},
		{"(0," + good + ",'x')", 0, []string{good}, true},
		{"1 85 05 78 006 084 (91).", 0, []string{"1 85 05 78 006 084 (91)"}, true},
		{"1850578006084 clé 91 06 12 34 56 78", 0, []string{"1850578006084 clé 91"}, true},
		{"1850578006084;91", ';', nil, false},
		{"1850578006084:91", ':', nil, false},
		{"1850578006084 : 91", 0, []string{"1850578006084 : 91"}, true},
		{"1,85057800608491E+14", 0, []string{"1,85057800608491E+14"}, true},
		{"1,85057800608491E+14", ',', nil, false},
		// Without its key a number must look the part.
		{bad, 0, nil, false},
		{"a;" + bad + ";b", ';', []string{bad}, false},
		{"a; '" + bad + ".0 \n", ';', []string{bad}, false},
		{"a;no " + bad + ";b", ';', nil, false},
		{"1 85 05 78 006 084 36", 0, []string{"1 85 05 78 006 084 36"}, false},
		{"1 85 05 78 006084 36", 0, nil, false},
		{"1 85 05 78 006 084 98", 0, []string{"1 85 05 78 006 084 98"}, false},
		// Digits of other things.
		{"18 50 57 80 06 08 49 1", 0, nil, false},
		{"18505 78006 08491", 0, nil, false},
		{"185 057 800 608 491 12", 0, nil, false},
		{"12 1850 5780 0608 491", 0, nil, false},
		{"1850578 00608491 2", 0, nil, false},
		{strings.Repeat("112112211213200\n", 50) + "185057800608491", 0, []string{"185057800608491"}, false},
		{strings.Repeat("112112211213200\n", 50) + "1 85 05 78 006 084 91", 0, []string{"1 85 05 78 006 084 91"}, true},
	} {
		var row byte
		if test.cell != 0 {
			row = '\n'
		}
		found, valid := cutOut(nirDetector, test.text, test.cell, row, 0)
		if !slices.Equal(found, test.found) || slices.Contains(valid, !test.valid) {
			t.Errorf("found %q, valid %v in %q; want %q, %v", found, valid, test.text, test.found, test.valid)
		}
	}
}

func TestNIRRelations(t *testing.T) {
	for _, test := range []struct {
		r            Relation
		a, b         string
		agree, known bool
	}{
		{relationNIRBirthDate, "185057800608491", "12/05/1985", true, true},
		{relationNIRBirthDate, "185057800608491", "12/06/1985", false, true},
		{relationNIRBirthDate, "185057800608491", "12/05/1986", false, true},
		{relationNIRBirthDate, "209200699012061", "12/05/2009", true, true}, // month unknown
		{relationNIRBirthDate, "185057800608491", "", false, false},
		{relationNIRBirthDate, "99", "12/05/1985", false, false},
		{relationNIRSex, "185057800608491", "1", true, true},
		{relationNIRSex, "341068078200554", "2", false, true},
		{relationNIRSex, "253072A07300443", "2", true, true},
		{relationNIRSex, "253072A07300443", "", false, false},
		{relationNIRKey, "179012B001234", "1", true, true},
		{relationNIRKey, "179012B001234", "01", true, true},
		{relationNIRKey, "1850578006084", "36", false, true},
		{relationNIRKey, "1850578006084", "98", false, false},
		{relationNIRKey, "185057800608491", "91", false, false},
	} {
		if agree, known := test.r.Agree([]byte(test.a), []byte(test.b)); agree != test.agree || known != test.known {
			t.Errorf("%s of %q and %q: %v, %v; want %v, %v", test.r.Name, test.a, test.b, agree, known, test.agree, test.known)
		}
	}
}
