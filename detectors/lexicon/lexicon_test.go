package lexicon

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

func TestSurname(t *testing.T) {
	for _, name := range []string{"MARTIN", "Lefèbvre", "le gall", "N'DIAYE", "dupont", "D'Amico"} {
		if !KeyOf([]byte(name)).Surname() {
			t.Errorf("%q is no surname", name)
		}
	}
	for _, name := range []string{"", "xzqwv", "12", "aaaaaa"} {
		if KeyOf([]byte(name)).Surname() {
			t.Errorf("%q is a surname", name)
		}
	}
}

func TestFirstName(t *testing.T) {
	for _, c := range []struct {
		name         string
		male, female bool
		decade       int
	}{
		{"Jean", true, false, 1940}, {"Kévin", true, false, 1990}, {"GERMAINE", false, true, 1900}, {"Léa", false, true, 2000}, {"Camille", true, true, 1990},
	} {
		n, ok := KeyOf([]byte(c.name)).FirstName()
		if !ok || n.Male != c.male || n.Female != c.female || n.Decade != c.decade {
			t.Errorf("%s: %+v, %t", c.name, n, ok)
		}
	}
	if _, ok := KeyOf([]byte("xzqwv")).FirstName(); ok {
		t.Error("xzqwv is a first name")
	}
}

func TestCommune(t *testing.T) {
	for _, c := range []struct{ code, name string }{
		{"33000", "BORDEAUX"}, {"33330", "St Emilion"}, {"33330", "Saint-Émilion"}, {"75012", "Paris 12e Arrondissement"}, {"75012", "PARIS CEDEX 12"},
		{"13002", "Marseille 2"}, {"71100", "CHALON S/ SAONE"}, {"97400", "Saint-Denis"}, {"01400", "L'ABERGEMENT CLEMENCIAT"},
	} {
		if !Commune([]byte(c.name)) || !Postcode([]byte(c.code)) || !PostcodeIn([]byte(c.code), []byte(c.name)) {
			t.Errorf("%s %s: commune %t, postcode %t, pair %t", c.code, c.name, Commune([]byte(c.name)), Postcode([]byte(c.code)),
				PostcodeIn([]byte(c.code), []byte(c.name)))
		}
	}
	if PostcodeIn([]byte("33000"), []byte("Paris")) || Commune([]byte("Sainte-Machin-les-Bains")) || Postcode([]byte("12345")) || Commune(nil) {
		t.Error("a pair, a commune or a postcode that does not exist")
	}
}

func TestPlace(t *testing.T) {
	for _, code := range []string{"33063", "2A004", "2b033", "97411", "98818", "99109", "75056", "75101", "78682"} {
		if !Place([]byte(code)) {
			t.Errorf("%s is no place", code)
		}
	}
	for _, code := range []string{"", "00000", "33999", "99999", "2C001"} {
		if Place([]byte(code)) {
			t.Errorf("%s is a place", code)
		}
	}
}

func TestLists(t *testing.T) {
	if b, ok := FindBenefit([]byte("aah")); !ok || b.Name != "allocation aux adultes handicapes" || b.Ambiguity != LowAmbiguity {
		t.Errorf("aah: %+v, %t", b, ok)
	}
	if b, ok := FindBenefit([]byte("af")); !ok || b.Ambiguity != VeryHighAmbiguity {
		t.Errorf("af: %+v, %t", b, ok)
	}
	if v, ok := FindVariable([]byte("dtnaires")); !ok || v.Category != "birth" || !v.Strong {
		t.Errorf("dtnaires: %+v, %t", v, ok)
	}
	for word, want := range map[string]string{"rue": "rue", "avenue": "av", "bld": "bd", "lieu dit": "ld", "rond point": "rpt"} {
		if code, ok := StreetType([]byte(word)); !ok || code != want {
			t.Errorf("street type %q is %q, %t", word, code, ok)
		}
	}
	if _, ok := StreetType([]byte("zzz")); ok {
		t.Error("zzz is a street type")
	}
	for _, sorted := range []bool{
		slices.IsSortedFunc(benefits, func(a, b Benefit) int { return bytes.Compare([]byte(a.Code), []byte(b.Code)) }),
		slices.IsSortedFunc(variables, func(a, b Variable) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) }),
		slices.IsSortedFunc(streetTypes, func(a, b streetType) int { return bytes.Compare([]byte(a.name), []byte(b.name)) }),
		slices.IsSorted(benefitNames),
	} {
		if !sorted {
			t.Error("a list is not sorted")
		}
	}
}

// Strangers are taken for members once in ten thousand at most, and all tables
// together stay below 3 MB.
func TestTables(t *testing.T) {
	tables := []table{surnames, firstNames, communes, postcodes, pairs, places, common, placeNames, decades, icd10, snds}
	size := 0
	for i, tab := range tables {
		size += len(tab)
		taken := 0
		for n := range 200_000 {
			if _, ok := tab.find(KeyOf(fmt.Appendf(nil, "stranger%d", n))); ok {
				taken++
			}
		}
		if taken > 20 {
			t.Errorf("table %d took %d of 200,000 strangers", i, taken)
		}
	}
	if size > 3<<20 {
		t.Errorf("the tables take %d bytes", size)
	}
}

func TestPack(t *testing.T) {
	var keys []Key
	var notes []byte
	for i := range 1000 {
		keys = append(keys, KeyOf(fmt.Appendf(nil, "key %d", i)))
		notes = append(notes, byte(i))
	}
	tab := table(Pack(keys, notes))
	for i, k := range keys {
		if note, ok := tab.find(k); !ok || note != notes[i] {
			t.Fatalf("key %d: note %d, %t", i, note, ok)
		}
	}
	if _, ok := table(Pack(nil, nil)).find(keys[0]); ok {
		t.Error("an empty table has a key")
	}
	if _, ok := table("").find(keys[0]); ok {
		t.Error("no table has a key")
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Élodie Œuvre-Straße", "N°  12 bis", "\xff\xc3", "e\u0301", "a\u00a0b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		folded := Fold(nil, b)
		if again := Fold(nil, folded); !bytes.Equal(again, folded) {
			t.Fatalf("%q folds to %q, and that to %q", b, folded, again)
		}
		if KeyOf(b) != KeyOf(folded) {
			t.Fatalf("%q and %q have different keys", b, folded)
		}
		CommuneKey(b)
	})
}

func BenchmarkKey(b *testing.B) {
	word := []byte("Lefèbvre")
	b.SetBytes(int64(len(word)))
	for b.Loop() {
		KeyOf(word).Surname()
	}
}
