package detectors

import "bytes"

var sirenDetector = Detector{
	Kind: "siren",
	Doc: `Number of a company (SIREN)

Nine digits, the last of them a Luhn key. Public, and nobody's by itself: a
register of companies is full of them, so they speak for business data rather
than for a leak. A column mostly made of them, a title, or the words SIREN, RCS
or TVA before; also inside a French VAT number. Insee, répertoire Sirene.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"siren", "numero siren", "n siren", "num siren", "no siren", "code siren", "siren entreprise", "siren employeur",
		"rcs", "numero rcs", "n rcs", "company number", "siren unite legale", "sirenetablissement", "sirenunitelegale",
	},
	Find: findSIREN,
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		fits = isSIREN(compact(buf[:0], cell))
		return fits, fits
	},
	Norm: normAlnum,
	Mask: maskThree,
	Yes: []string{
		"SIREN : 732 829 320", "n° SIREN 552008443", "RCS Bordeaux B 404 833 048", "TVA FR 40 303 265 045", "\"siren\": \"404833048\"",
		"N° TVA intracommunautaire : FR44732829320",
	},
	No: []string{
		"404833048", "SIREN : 404 833 047", "tél. 05 56 43 21 09", "siren 2024", "FR 41 303 265 045", "SIREN\n732829320",
		"siret 73282932000074 - 404833048", "sirène 404833048", "commit 404833048",
	},
}

var siretDetector = Detector{
	Kind: "siret",
	Doc: `Number of an establishment (SIRET)

The SIREN of a company and five digits, the last of them a Luhn key; at La Poste
(356000000) the sum of the digits is a multiple of 5 instead. Public, and nobody's
by itself, as a SIREN is. A column mostly made of them, a title, or the word
SIRET before. Insee, répertoire Sirene.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"siret", "numero siret", "n siret", "num siret", "no siret", "code siret", "siret employeur", "siret etablissement",
		"siret siege", "siretetablissementsiege", "establishment number",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findNumbers(dst, t, 14, siretWords, func(d digits16) (fits, valid bool) { ok := isSIRET(d.all()); return ok, ok })
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		fits = isSIRET(d)
		if !fits && len(d) == 13 && allDigits(d) { // a 0 lost before it
			var whole [14]byte
			whole[0] = '0'
			copy(whole[1:], d)
			fits = isSIRET(whole[:])
		}
		return fits, fits
	},
	Norm: normAlnum,
	Mask: maskThree,
	Yes: []string{
		"SIRET : 732 829 320 00074", "siret=73282932000074", "n° SIRET 356 000 000 09075", "SIREN/SIRET : 73282932000074",
		"Siret : 775.563.232.00104",
	},
	No: []string{
		"73282932000074", "SIRET 732 829 320 00079", "SIRET : 35600000049838", "20240512103000", "siret 404833048",
		"SIRET : 73282932000074-1", "desireté 73282932000074",
	},
}

var (
	sirenWords = []string{"siren", "rcs", "siren siret"}
	siretWords = []string{"siret", "sirets", "siren"}
)

func isSIREN(d []byte) bool { return len(d) == 9 && allDigits(d) && luhn(d) }

func isSIRET(d []byte) bool {
	if len(d) != 14 || !allDigits(d) {
		return false
	}
	if luhn(d) {
		return !bytes.HasPrefix(d, []byte("000000000"))
	}
	if !bytes.HasPrefix(d, []byte("356000000")) {
		return false
	}
	sum := 0
	for _, c := range d {
		sum += int(c - '0')
	}
	return sum%5 == 0
}

// findSIREN finds numbers behind their words, and those in VAT numbers.
func findSIREN(dst []Match, t *Text) []Match {
	b := t.Bytes
	var found [24]byte
	for k := range t.runs {
		r := &t.runs[k]
		start := t.gapStart(r.Start)
		vat := r.Digits == 11 && start >= 2 && upper(b[start-2]) == 'F' && upper(b[start-1]) == 'R' && (start == 2 || !isAlnum(b[start-3]))
		if !vat && (r.Digits < 9 || r.Start > 0 && isAlnum(b[r.Start-1])) {
			continue
		}
		i, d := r.Start, found[:0]
		for ; i < r.End && len(d) < 9 || vat && i < r.End; i++ {
			if isAlnum(b[i]) {
				d = append(d, b[i])
			}
		}
		switch {
		case !t.numberEnds(r, i):
		case vat && vatKeyHolds(d):
			dst = append(dst, Match{t.digit(r, 2), i, true})
		case !vat && isSIREN(d) && t.announced(r.Start, sirenWords):
			dst = append(dst, Match{r.Start, i, true})
		}
	}
	return dst
}

// vatKeyHolds reports whether the eleven characters behind the FR of a French
// VAT number are a key and a SIREN: digits, (12 + 3·(SIREN mod 97)) mod 97, or
// with letters but I and O, by the rule for keys given since the digits ran out.
// Monaco's numbers have 000 and no SIREN (directive 2006/112/CE, art. 215; DGFiP).
func vatKeyHolds(v []byte) bool {
	if len(v) != 11 || !allDigits(v[2:]) || !bytes.HasPrefix(v[2:], []byte("000")) && !luhn(v[2:]) {
		return false
	}
	siren := 0
	for _, c := range v[2:] {
		siren = siren*10 + int(c-'0')
	}
	a, b := vatSymbol(v[0]), vatSymbol(v[1])
	switch {
	case a < 0 || b < 0:
		return false
	case a < 10 && b < 10:
		return a*10+b == (12+3*(siren%97))%97
	case a < 10:
		a = a*24 + b - 10
	default:
		a = a*34 + b - 100
	}
	return (siren+1+a/11)%11 == a%11
}

// vatSymbol returns what a character of a key counts, −1 for others: letters
// count from 10, without I and O.
func vatSymbol(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case !isLetter(c) || upper(c) == 'I' || upper(c) == 'O':
		return -1
	}
	n := int(upper(c)-'A') + 10
	if upper(c) > 'I' {
		n--
	}
	if upper(c) > 'O' {
		n--
	}
	return n
}
