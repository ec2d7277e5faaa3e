package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

var birthPlaceDetector = Detector{
	Kind: "birth_place",
	Doc: `Place of birth

A commune by name or Insee code (33063, 2A004), a country by name or code
(99352), or a department, in a column that says so. In running text behind "lieu
de naissance", or behind the date of "né(e) le … à". Digits 6 to 10 of a NIR are
the code of the same place. Insee, Code officiel géographique.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"lieu de naissance", "lieu naissance", "commune de naissance", "commune naissance", "ville de naissance", "ville naissance",
		"nomcomnai", "code commune naissance", "code commune de naissance", "code insee naissance", "insee naissance", "cog naissance",
		"code lieu de naissance", "pays de naissance", "pays naissance", "departement de naissance", "departement naissance",
		"dept naissance", "dep naissance", "depnai", "comnai", "lieunais", "lieunaissance", "villenaissance", "communenaissance",
		"paysnaissance", "cdlienaires", "cdlienai", "lieu nais", "ne a", "nee a", "ne e a", "code postal naissance", "cp naissance",
		"libelle commune naissance", "nom commune naissance", "birth place", "birthplace", "place of birth", "city of birth", "birth city",
		"commnaiss", "comnaiss", "communenaiss", "lieunaiss", "villenaiss", "paysnaiss", "libcomnai", "country of birth", "birth country", "birth town", "commune nais",
	},
	Find: findBirthPlaces,
	Fits: fitsBirthPlace,
	Norm: func(dst, v []byte) []byte {
		if code, ok := placeCode(v); ok {
			return append(dst, code[:]...)
		}
		return lexicon.CommuneName(dst, placeName(v))
	},
	Mask: func(dst, v []byte) []byte {
		if code, ok := placeCode(v); ok {
			return append(append(dst, code[:2]...), "•••"...)
		}
		return maskFirst(dst, placeName(v))
	},
	Yes: []string{
		"né le 12/05/1985 à Bordeaux", "Née le 3 juillet 1985 à SAINT-EMILION (33)", "Lieu de naissance : Lyon", "commune de naissance : 33063",
		"Ville de naissance : Saint Étienne", "Pays de naissance : Algérie", "né à Marseille", "Place of birth: Toulouse",
	},
	No: []string{
		"né le 12/05/1985 à 12 h", "né à la maison", "lieu de naissance inconnu", "12/05/1985 à Bordeaux", "Bordeaux", "née à terme",
		"lieu de naissance : voir acte", "né le 12/05/1985",
	},
}

// placeCode reads the Insee code of a commune, or 99 and that of a country, in a
// cell; a spreadsheet may have taken the zero before it.
func placeCode(cell []byte) (code [5]byte, ok bool) {
	v := trimNumber(cell)
	if n := len(v); n != 5 && (n != 4 || !isDigit(v[1])) {
		return code, false
	}
	code[0] = '0'
	copy(code[5-len(v):], v)
	if code[1]|0x20 == 'a' || code[1]|0x20 == 'b' {
		code[1] &^= 0x20
	}
	return code, lexicon.Place(code[:])
}

// placeName cuts what stands behind the name of a place, or its code before it:
// "BORDEAUX (33)", "33063 BORDEAUX", "Bordeaux, Gironde".
func placeName(cell []byte) []byte {
	if i := bytes.IndexAny(cell, "(,/"); i > 0 {
		cell = cell[:i]
	}
	if n := digitsEnd(cell, 0); n == 2 || n == 3 || n == 5 {
		if rest := bytes.TrimLeft(cell[n:], " -"); len(rest) < len(cell)-n {
			cell = rest
		}
	}
	return bytes.TrimRight(cell, " -")
}

func fitsBirthPlace(cell []byte) (fits, valid bool) {
	if len(cell) < 2 || len(cell) > 80 {
		return false, false
	}
	if _, ok := placeCode(cell); ok {
		return true, true
	}
	if code, rest, ok := postcode(cell); ok && len(rest) == 0 {
		return lexicon.Postcode(code[:]), false
	}
	if isDepartment(trimNumber(cell)) {
		return true, true
	}
	name := placeName(cell)
	if len(name) < 2 || len(name) > 60 {
		return false, false
	}
	var buf [96]byte
	if _, ok := lexicon.Country(Fold(buf[:0], name)); ok {
		return true, true
	}
	if i := bytes.IndexAny(cell, "(,/"); i > 0 { // Alger (Algérie)
		if _, ok := lexicon.Country(Fold(buf[:0], cell[i:])); ok {
			return true, true
		}
	}
	ok := lexicon.Commune(name)
	return ok, ok
}

// isDepartment takes 01 to 95, 2A, 2B, 971 to 988, and 99 for abroad, as in
// columns of departments of birth.
func isDepartment(cell []byte) bool {
	switch len(cell) {
	case 2:
		return isDigit(cell[0]) && isDigit(cell[1]) && string(cell) != "00" || cell[0] == '2' && (cell[1]|0x20 == 'a' || cell[1]|0x20 == 'b')
	case 3:
		return cell[0] == '9' && (cell[1] == '7' || cell[1] == '8' || string(cell) == "099") && isDigit(cell[2])
	}
	return false
}

var birthPlaceLabels = []string{
	"ne le", "nee le", "ne e le", "ne a", "nee a", "ne e a", "lieu de naissance", "commune de naissance", "ville de naissance", "pays de naissance",
	"place of birth", "birthplace", "lieu naissance", "commune naissance", "born in",
}

// findBirthPlaces takes the place behind a label, or behind the date that stands
// there: "né le 12/05/1985 à Bordeaux".
func findBirthPlaces(dst []Match, t *Text) []Match {
	t.eachLabel(birthPlaceLabels, func(words []Span, _, last int) int {
		start, b := t.behind(words[last])
		if len(b) == 0 {
			return 0
		}
		_, _, _, at := dateAt(b)
		if at > 0 {
			n := placeWord(b[at:])
			if n == 0 {
				return 0
			}
			at += n
		}
		n := valuePlace(b[at:])
		if n == 0 {
			return 0
		}
		dst = append(dst, Match{start + at, start + at + n, true})
		return start + at + n
	})
	return dst
}

// placeWord returns the length of the " à " that b begins with.
func placeWord(b []byte) int {
	for _, w := range [...]string{" à ", " a ", " À ", " A ", ", à ", " in ", " (", " - "} {
		if len(b) > len(w) && string(b[:len(w)]) == w {
			return len(w)
		}
	}
	return 0
}

// valuePlace returns the length of the place at the start of b: a code, or the
// longest of capitalised words that is the name of a commune or country.
func valuePlace(b []byte) (n int) {
	if e := wordEnd(b); e == 5 {
		if _, ok := placeCode(b[:e]); ok {
			return e
		}
	}
	var buf [96]byte
	for i, words := 0, 0; words < 6 && i < len(b) && i < 60; words++ {
		e := i + wordEnd(b[i:])
		if e == i || words == 0 && !isCapital(b[i:e]) {
			break
		}
		name := b[:e]
		if _, country := lexicon.Country(Fold(buf[:0], name)); country || isCapital(b[i:e]) && len(name) > 1 && lexicon.Commune(name) && !lexicon.KeyOf(name).Common() {
			n = e
		}
		if i = e + 1; e == len(b) || b[e] != ' ' {
			break
		}
	}
	return n
}
