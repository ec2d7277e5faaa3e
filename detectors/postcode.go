package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

var postcodeDetector = Detector{
	Kind: "postcode",
	Doc: `Postcode

Five digits of a French department, or four where a spreadsheet took the zero,
in a column that says so; valid where a commune has the code, which those of
CEDEX deliveries are not. In running text only before a commune that has it:
"33000 BORDEAUX". Insee, Code officiel géographique.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"cp", "code postal", "codepos", "codepostal", "cpostal", "adr codepos", "cp ville", "zip", "zipcode", "zip code", "postcode",
		"postal code", "lili6adr", "liblig6adr", "adrlig5destdos", "adrlig6destdos", "code post", "cod postal", "codepost", "adresse cp", "cp commune",
	},
	Find: findPostcodes,
	Fits: fitsPostcode,
	Norm: normPostcode,
	Mask: maskPostcode,
	Yes:  []string{"33000 BORDEAUX", "12 rue X, 75011 Paris", "13002 Marseille", "97400 Saint-Denis"},
	No:   []string{"33000", "33000 euros", "75011 Bordeaux", "12345 Paris", "133000 Bordeaux", "33000 lignes"},
}

// postcode cuts a cell "33000", "1000" or "33000 BORDEAUX" into the five digits
// of the code and what follows it; ok is false for others.
func postcode(cell []byte) (code [5]byte, rest []byte, ok bool) {
	cell = bytes.TrimPrefix(bytes.TrimPrefix(bytes.TrimPrefix(cell, []byte("FR-")), []byte("F-")), []byte("'"))
	n := digitsEnd(cell, 0)
	rest = cell[n:]
	switch {
	case len(rest) > 0 && (rest[0] == '.' || rest[0] == ',') && len(bytes.Trim(rest[1:], "0")) == 0: // a double
		rest = nil
	case n == 2 && len(cell) == 6 && cell[2] == ' ' && digitsEnd(cell, 3) == 6: // as a sheet groups thousands
		cell, n, rest = append(append(make([]byte, 0, 5), cell[:2]...), cell[3:]...), 5, nil
	}
	if n != 4 && n != 5 || len(rest) > 0 && rest[0] != ' ' && rest[0] != '-' && rest[0] != '\t' {
		return code, nil, false
	}
	code[0] = '0'
	copy(code[5-n:], cell[:n])
	switch department := int(code[0]-'0')*10 + int(code[1]-'0'); {
	case department == 0, department == 96, department > 98:
		return code, nil, false
	case n == 4 && department > 9, string(code[2:]) == "000" && department == 97:
		return code, nil, false
	}
	return code, bytes.TrimLeft(rest, " -\t"), true
}

func fitsPostcode(cell []byte) (fits, valid bool) {
	code, rest, ok := postcode(cell)
	if !ok || len(rest) > 0 && (len(rest) > 60 || digitsEnd(rest, 0) > 0) {
		return false, false
	}
	return true, lexicon.Postcode(code[:])
}

func normPostcode(dst, v []byte) []byte {
	code, _, ok := postcode(v)
	if !ok {
		return append(dst, v...)
	}
	return append(dst, code[:]...)
}

// maskPostcode shows the department.
func maskPostcode(dst, v []byte) []byte {
	code, _, ok := postcode(v)
	if !ok {
		return maskAll(dst, v)
	}
	return append(append(dst, code[:2]...), "•••"...)
}

func findPostcodes(dst []Match, t *Text) []Match {
	return findPairs(dst, t, func(code, commune Span) Match { return Match{code.Start, code.End, true} })
}

// findPairs finds postcodes before a commune that has them, and appends what
// pick makes of the two.
func findPairs(dst []Match, t *Text, pick func(code, commune Span) Match) []Match {
	b, words := t.Bytes, t.Words()
	for _, i := range t.figures() {
		w := words[i]
		if w.End-w.Start != 5 || !isDigit(b[w.Start]) || digitsEnd(b[:w.End], w.Start) != w.End || i+1 == len(words) {
			continue
		}
		if next := words[i+1]; !t.joins(w.End, next.Start) || !isCapital(b[next.Start:next.End]) || !lexicon.Postcode(b[w.Start:w.End]) {
			continue
		}
		end := 0 // the longest name that has the code
		for j := i + 1; j < len(words) && j <= i+6; j++ {
			if j > i+1 && !t.joins(words[j-1].End, words[j].Start) {
				break
			}
			if lexicon.PostcodeIn(b[w.Start:w.End], b[words[i+1].Start:words[j].End]) {
				end = words[j].End
			}
		}
		if end > 0 {
			dst = append(dst, pick(w, Span{words[i+1].Start, end}))
		}
	}
	return dst
}

// joins reports whether what lies between two words of a name is a space or two.
func (t *Text) joins(from, to int) bool {
	if to-from > 2 {
		return false
	}
	for _, c := range t.Bytes[from:to] {
		if c != ' ' && c != '/' && c != 0xC2 && c != 0xA0 && c != '.' || t.delimited(c) {
			return false
		}
	}
	return true
}
