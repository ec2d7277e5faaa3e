package detectors

import "encoding/binary"

var ibanDetector = Detector{
	Kind: "iban",
	Doc: `International bank account number (IBAN)

French and Monegasque accounts, and those of the other SEPA countries, compact
or in groups. Valid: the remainder by 97 is 1 (ISO 13616) and, for France and
Monaco, the key of the RIB inside holds too: invented IBANs rarely have it.`,
	Class: Direct,
	Scope: Anywhere,
	Sieve: true,
	Titles: []string{
		"iban", "rib", "rib iban", "iban rib", "code iban", "numero iban", "num iban", "n iban", "no iban",
		"iban beneficiaire", "iban allocataire", "compte iban", "coordonnees bancaires", "compte bancaire",
	},
	Find: findIBAN,
	Fits: fitsIBAN,
	Norm: func(dst, v []byte) []byte {
		for _, c := range v {
			if isAlnum(c) {
				dst = append(dst, upper(c))
			}
		}
		return dst
	},
	Mask: maskIBAN,
	Yes: []string{
		"FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606", "IBAN:FR7630006000011234567890189.",
		"FR76 30006 00001 12345678901 89", "fr76 3000 6000 0112 3456 7890 189",
		"FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189",
		"DE89 3704 0044 0532 0130 00", "NL91ABNA0417164300", "BE68 5390 0754 7034",
		"GB29 NWBK 6016 1331 9268 19", "IT60 X054 2811 1010 0000 0123 456",
	},
	No: []string{
		"FR7630006000011234567890188", "XFR7630006000011234567890189", "FR76300060000112345678901891",
		"FR76 3000 6000 0112 3456", "US64 3000 6000 0112 3456 7890 189", "FR 40 303 265 045", "DE89 3704 0044 0532 0130 01",
	},
}

// ibanMost is the length of the longest IBAN read here (Malta).
const ibanMost = 31

// ibanLength returns the length of the country's IBAN, 0 for countries outside
// SEPA (EPC409-09).
func ibanLength(c1, c2 byte) int {
	if c1 == 'F' && c2 == 'R' {
		return 27
	}
	switch uint16(c1)<<8 | uint16(c2) {
	case 'M'<<8 | 'C', 'I'<<8 | 'T', 'S'<<8 | 'M', 'G'<<8 | 'R':
		return 27
	case 'D'<<8 | 'E', 'G'<<8 | 'B', 'I'<<8 | 'E', 'B'<<8 | 'G', 'M'<<8 | 'E', 'R'<<8 | 'S', 'V'<<8 | 'A':
		return 22
	case 'B'<<8 | 'E':
		return 16
	case 'E'<<8 | 'S', 'A'<<8 | 'D', 'C'<<8 | 'Z', 'S'<<8 | 'K', 'S'<<8 | 'E', 'R'<<8 | 'O', 'M'<<8 | 'D':
		return 24
	case 'C'<<8 | 'H', 'L'<<8 | 'I', 'H'<<8 | 'R', 'L'<<8 | 'V':
		return 21
	case 'L'<<8 | 'U', 'A'<<8 | 'T', 'E'<<8 | 'E', 'L'<<8 | 'T':
		return 20
	case 'P'<<8 | 'T':
		return 25
	case 'N'<<8 | 'L', 'D'<<8 | 'K', 'F'<<8 | 'I':
		return 18
	case 'P'<<8 | 'L', 'H'<<8 | 'U', 'C'<<8 | 'Y', 'A'<<8 | 'L':
		return 28
	case 'S'<<8 | 'I', 'M'<<8 | 'K':
		return 19
	case 'N'<<8 | 'O':
		return 15
	case 'G'<<8 | 'I':
		return 23
	case 'I'<<8 | 'S':
		return 26
	case 'M'<<8 | 'T':
		return 31
	}
	return 0
}

// ibanText is an IBAN without its gaps, in upper case.
type ibanText struct {
	c       [ibanMost + 8]byte // room to store 8 at once
	n       int
	gaps    uint64 // bit i: a gap before character i
	letters bool   // letters behind the check digits
}

// Where gaps stand: FR 76 or FR76, then fours, or the parts of a RIB.
const (
	ibanFours = 1<<2 | 1<<4 | 1<<8 | 1<<12 | 1<<16 | 1<<20 | 1<<24 | 1<<28
	ibanParts = 1<<2 | 1<<4 | 1<<9 | 1<<14 | 1<<25
)

func findIBAN(dst []Match, t *Text) []Match {
	b, free := t.Bytes, 0
	for k := range t.runs {
		run := t.runs[k].Start
		if run < free+2 || !isLetter(b[run-1]) && t.class[b[run-1]] != classGap {
			continue
		}
		i, ok := t.ibanStart(run)
		if !ok || i < free {
			continue
		}
		if m, ok := t.ibanAt(i); ok {
			dst, free = append(dst, m), m.End
		}
	}
	return dst
}

// ibanStart goes back from a run of digits to the country of an IBAN: two
// letters before the run, or two letters, two digits and up to four letters of a
// bank (NL91 ABNA 0417…), with a gap before the digits and after the fourth.
func (t *Text) ibanStart(run int) (int, bool) {
	b := t.Bytes
	i := t.gapStart(run)
	letters := i
	for letters > 0 && isLetter(b[letters-1]) && i-letters < 5 {
		letters--
	}
	n := i - letters
	if n == 2 && ibanLength(upper(b[letters]), upper(b[letters+1])) != 0 {
		return letters, letters == 0 || !isAlnum(b[letters-1])
	}
	if n == 0 || n > 4 {
		return 0, false
	}
	i = t.gapStart(letters)
	if i < 4 || !isDigit(b[i-1]) || !isDigit(b[i-2]) || !isLetter(b[i-3]) || !isLetter(b[i-4]) {
		return 0, false
	}
	i -= 4
	return i, ibanLength(upper(b[i]), upper(b[i+1])) != 0 && (i == 0 || !isAlnum(b[i-1]))
}

// gapStart returns the start of the gap that ends at i, of runGap bytes at most.
func (t *Text) gapStart(i int) int {
	for first := max(i-runGap, 0); i > first && t.class[t.Bytes[i-1]] == classGap; i-- {
	}
	return i
}

// ibanAt reads the IBAN whose country is at i.
func (t *Text) ibanAt(i int) (Match, bool) {
	b := t.Bytes
	v := ibanText{n: 2}
	v.c[0], v.c[1] = upper(b[i]), upper(b[i+1])
	want := ibanLength(v.c[0], v.c[1])
	j := i + 2
	for {
		w := word(b, j)
		n := digitsBegin(w)
		binary.LittleEndian.PutUint64(v.c[v.n:], w)
		v.n += n
		j += n
		if v.n >= want || j == len(b) {
			break
		}
		if n == 8 {
			continue
		}
		if c := b[j]; isLetter(c) {
			v.c[v.n] = upper(c)
			v.letters = v.letters || v.n >= 4
			v.n++
			if j++; v.n >= want {
				break
			}
			continue
		}
		k := t.gapEnd(j)
		if k == j {
			break
		}
		v.gaps |= 1 << v.n
		j = k
	}
	if v.n != want || j < len(b) && isAlnum(b[j]) {
		return Match{}, false
	}
	matches, valid := v.check()
	if matches && v.gaps&^ibanFours != 0 {
		matches = v.french() && v.gaps&^ibanParts == 0
	}
	return Match{Start: i, End: j, Valid: valid}, matches
}

func fitsIBAN(cell []byte) (fits, valid bool) {
	var v ibanText
	for _, c := range cell {
		switch {
		case isAlnum(c) && v.n < ibanMost:
			v.c[v.n] = upper(c)
			v.letters = v.letters || v.n >= 4 && isLetter(c)
			v.n++
		case classes[c] == classGap:
		default:
			return false, false
		}
	}
	if v.n < 2 || v.n != ibanLength(v.c[0], v.c[1]) {
		return false, false
	}
	return v.check()
}

func (v *ibanText) french() bool {
	return v.c[0] == 'F' && v.c[1] == 'R' || v.c[0] == 'M' && v.c[1] == 'C'
}

// check reports whether v is an IBAN, and whether every key in it holds.
func (v *ibanText) check() (matches, valid bool) {
	if !isDigit(v.c[2]) || !isDigit(v.c[3]) {
		return false, false
	}
	if !v.french() {
		valid = v.keyHolds()
		return valid, valid
	}
	if !v.letters {
		// A RIB of digits has a key that makes it a multiple of 97.
		a := eightDigits(binary.LittleEndian.Uint64(v.c[4:]))
		b := eightDigits(binary.LittleEndian.Uint64(v.c[12:]))
		c := eightDigits(binary.LittleEndian.Uint64(v.c[19:])) % 1e7
		rib := ((a*1e8+b)%97*1e7 + c) % 97
		n := rib*1e6 + uint64(v.c[2]-'0')*10 + uint64(v.c[3]-'0')
		if v.c[0] == 'F' {
			n += 15_27_00
		} else {
			n += 22_12_00
		}
		return n%97 == 1, rib == 0
	}
	for i, c := range v.c[4:27] {
		if (i < 10 || i > 20) && !isDigit(c) {
			return false, false
		}
	}
	return v.keyHolds(), RIBKeyHolds(v.c[:v.n])
}

// keyHolds computes the remainder by 97 of account, country and check digits,
// where letters count from 10 (ISO 7064).
func (v *ibanText) keyHolds() bool {
	var n uint64
	for i := range v.n {
		c := v.c[(i+4)%v.n]
		if isDigit(c) {
			n = n*10 + uint64(c-'0')
		} else {
			n = n*100 + uint64(c-'A') + 10
		}
		if n >= 1e16 {
			n %= 97
		}
	}
	return n%97 == 1
}

// RIBKeyHolds reports whether the key of the RIB in a French or Monegasque IBAN
// holds: 97 − (89·bank + 15·branch + 3·account) mod 97, where the letters of the
// account count A–I, J–R as 1–9 and S–Z as 2–9 (Banque de France). Iban is compact
// and in upper case.
func RIBKeyHolds(iban []byte) bool {
	if len(iban) != 27 {
		return false
	}
	var parts [4]uint64 // bank, branch, account, key
	part := 0
	for i, c := range iban[4:] {
		if i == 5 || i == 10 || i == 21 {
			part++
		}
		switch {
		case isDigit(c):
			c -= '0'
		case c >= 'A' && c <= 'I':
			c -= 'A' - 1
		case c >= 'J' && c <= 'R':
			c -= 'J' - 1
		case c >= 'S' && c <= 'Z':
			c -= 'S' - 2
		default:
			return false
		}
		parts[part] = parts[part]*10 + uint64(c)
	}
	return (89*parts[0]+15*parts[1]+3*parts[2]+parts[3])%97 == 0
}

// maskIBAN shows the country and, of a French account, the bank.
func maskIBAN(dst, v []byte) []byte {
	n, shown := 0, 4
	if len(v) > 1 && (upper(v[0]) == 'F' && upper(v[1]) == 'R' || upper(v[0]) == 'M' && upper(v[1]) == 'C') {
		shown = 9
	}
	for _, c := range v {
		switch {
		case !isAlnum(c):
			continue
		case n > 0 && n%4 == 0:
			dst = append(dst, ' ')
		}
		if n < shown {
			dst = append(dst, upper(c))
		} else {
			dst = append(dst, "•"...)
		}
		n++
	}
	return dst
}
