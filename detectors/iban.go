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
