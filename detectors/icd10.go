package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

var icd10Detector = Detector{
	Kind: "icd10",
	Doc: `Diagnosis by its code (ICD-10, CIM-10)

A letter, two digits and, behind a point or not, up to three more: F32.1, E119,
C509, one of the 18,334 codes in use in France. Codes without a fourth character
(A10, E85), and those of accidents (V to Y) without a point, are too many other
things: they count in running text behind "CIM-10" or "diagnostic", and the
others in a column mostly made of them. Nomenclature IR_CIM_V of the SNDS. Art. 9
GDPR.`,
	Class: Sensitive,
	Scope: Column,
	Titles: []string{
		"cim10", "cim 10", "code cim", "code cim10", "code cim 10", "cim cod", "cim", "dgn pal", "dgn rel", "dgn ass", "ass dgn", "dcd cim cod", "mtf cim cod",
		"diagnostic principal", "diagnostic", "diagnostics", "diagnostic relie", "diagnostic associe", "code diagnostic", "diag principal", "diag", "dgn cod",
		"icd10", "icd 10", "icd", "icd code", "icd10 code", "icd 10 code", "diagnosis code", "diagnosis", "mmo cim cod", "medic cim", "code pathologie", "pathologie",
	},
	Find: findICD10,
	Fits: func(cell []byte) (fits, valid bool) {
		n := icd10Code(cell)
		if i := bytes.IndexByte(cell, ' '); n == 0 && i > 0 { // with its name behind it
			return icd10Code(cell[:i]) > 0, false
		}
		// Nearly all numbers behind V, W, X or Y are codes of accidents.
		return n > 0, n > 3 && (cell[3] == '.' || upper(cell[0])-'V' > 'Y'-'V')
	},
	Norm: func(dst, v []byte) []byte {
		for _, c := range v {
			if isAlnum(c) {
				dst = append(dst, upper(c))
			}
		}
		return dst
	},
	Mask: func(dst, v []byte) []byte { // the chapter
		if len(v) > 0 && isLetter(v[0]) {
			return append(append(dst, v[0]), "••"...)
		}
		return maskAll(dst, v)
	},
	Yes: []string{"CIM-10 : F32.1", "code CIM10 E119", "Diagnostic principal : C50.9", "diagnostic F20", "ICD-10: J45.0", "DP : I10"},
	No:  []string{"F32.1", "A10", "autoroute A10", "CIM-10", "diagnostic A4", "diagnostic E999 du parc", "ICD-10 2019", "diagnostic : F99.99"},
}

var icd10Labels = []string{"cim 10", "cim10", "cim", "code cim", "icd 10", "icd10", "diagnostic", "diagnostic principal", "diagnostic associe", "diagnostics", "dp"}

func findICD10(dst []Match, t *Text) []Match {
	return findLabelled(dst, t, icd10Labels, func(b []byte) (int, bool) {
		n := 0
		for n < len(b) && n < 8 && (isAlnum(b[n]) || b[n] == '.' && n == 3 && n+1 < len(b) && isDigit(b[n+1])) {
			n++
		}
		if icd10Code(b[:n]) == 0 || b[0] >= 'a' || n < len(b) && b[n] >= 0x80 {
			return 0, false
		}
		return n, true
	})
}

// icd10Code returns the number of characters of the code that a cell is, without
// its point, 0 where it is none.
func icd10Code(cell []byte) int {
	if len(cell) < 3 || len(cell) > 7 || !isLetter(cell[0]) || !isDigit(cell[1]) || !isDigit(cell[2]) {
		return 0
	}
	var code [7]byte
	n := copy(code[:], cell[:3])
	for i, c := range cell[3:] {
		switch {
		case i == 0 && c == '.' && len(cell) > 4:
		case isDigit(c) || c == '+':
			code[n] = c
			n++
		default:
			return 0
		}
	}
	if !lexicon.ICD10(code[:n]) {
		return 0
	}
	return n
}
