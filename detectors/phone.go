package detectors

import (
	"bytes"
	"math/bits"
)

var phoneDetector = Detector{
	Kind: "phone",
	Doc: `French telephone number

Ten digits from 01 to 09, compact or in pairs, +33 or 0033 with or without (0),
and the prefixes overseas: +262, +508, +590, +594, +596, +681, +687, +689. In a
cell, or behind "téléphone", "portable" or the like, also nine digits whose 0 a
spreadsheet took: of mobiles (6, 7) in any form, of others in groups. Arcep, plan
de numérotation.`,
	Class: Direct,
	Scope: Anywhere,
	Sieve: true,
	Titles: []string{
		"tel", "tels", "telephone", "telephones", "n telephone", "n telephones", "n tel", "no tel", "no telephone",
		"numero telephone", "numero de telephone", "num tel", "num telephone", "numtel", "numero tel",
		"numero telephone dossier", "telephone portable", "telephone fixe", "telephone mobile",
		"telephone domicile", "tel portable", "tel fixe", "tel mobile", "tel domicile", "tel port", "tel dom",
		"portable", "mobile", "gsm", "fixe", "numport", "numfixe", "c mobile", "c fixe", "phone",
		"phone number", "mobile phone", "cell phone",
	},
	Find: findPhone,
	Fits: fitsPhone,
	Norm: func(dst, v []byte) []byte {
		if n, ok := phoneDigits(v); ok {
			return append(append(dst, '0'), n...)
		}
		for _, c := range v {
			if isDigit(c) || c == '+' {
				dst = append(dst, c)
			}
		}
		return dst
	},
	Mask: maskPhone,
	Yes: []string{
		"06 12 34 56 78", "0612345678", "tél. 05.56.12.34.56", "05-56-12-34-56", "05/56/12/34/56", "06\u00a012\u00a034\u00a056\u00a078",
		"+33 6 12 34 56 78", "+33612345678", "0033612345678", "+33 (0)6 12 34 56 78", "+33(0)612345678", "(+33) 6 12 34 56 78",
		"+262 692 12 34 56", "+590690123456", "+508 41 12 34", "+689 87 12 34 56", "0612 345 678",
		"Téléphone : 698943255", "NUM_TEL=612345678", `"portable":"698 94 32 55"`, "telephone=556123456", "Tél. 6 98 94 32 55",
		"06 12 34 56 78 06 98 76 54 32", "06 12 34 56 78 - 2 95 10 99 126 111 93",
	},
	No: []string{
		"00 12 34 56 78", "01/02/2024 12:30", "01 02 2024 12", "1234567890", "06123456789", "X0612345678", "0612345678A",
		"01 02 03 04 05 06 07 08", "12.0612345678", "+33 6 12 34 56", "3.0123456789", "11 12 06 12 34 56 78",
		"b4 a0 03 02 01 02 02 09", "06 08 2b 06 01 05 05 07 03 ff", "11 ff 01 00 01 00 00 0b 00 04", "a0 03 02 01 02 02 09 00 e8 f0", "0123456789",
		"1775.039062 2359.6", "698943255", "siren 698943255", "Tél : ; SIREN : 698943255", "n° 6 98 94 32 55", "Tél. 698 943 255", "/0104/010417.html", ".14.02.28.02.42.62",
	},
}

// phoneGrouped reports whether the gaps, as bits before each of ten digits, are
// where people put them: 06 12 34 56 78, 06 12345678, 06 1234 5678, 0612 34 56 78
// or 0612 345 678.
func phoneGrouped(gaps uint16) bool {
	switch gaps {
	case 0, 1<<2 | 1<<4 | 1<<6 | 1<<8, 1 << 2, 1<<2 | 1<<6, 1<<4 | 1<<6 | 1<<8, 1<<4 | 1<<7:
		return true
	}
	return false
}

func findPhone(dst []Match, t *Text) []Match {
	free := 0 // end of the last match
	for k := range t.runs {
		r := &t.runs[k]
		if r.Gaps == 0 && !t.phoneLikely(r.Start) && r.Digits > 9 {
			continue
		}
		if r.Digits == 9 && t.phoneWithoutZero(r, free) {
			dst, free = append(dst, Match{Start: r.Start, End: r.End, Valid: true}), r.End
			continue
		}
		for i := r.Start; i < r.End; {
			var part Run
			part, i = t.part(*r, i)
			dst, free = t.phonesIn(dst, &part, free)
		}
	}
	return dst
}

// phoneWithoutZero reports whether r is the nine digits that a number has behind
// its 0, right behind a label of telephones.
func (t *Text) phoneWithoutZero(r *Run, free int) bool {
	b := t.Bytes
	if b[r.Start] == '0' || r.Start == 0 || r.Start < free || r.End < len(b) && isAlnum(b[r.End]) {
		return false
	}
	if r.Gaps != 0 && !lostZero(b[r.Start:r.End]) {
		return false
	}
	const most = 48
	at := r.Start
	for at > 0 && bytes.IndexByte([]byte(" \t:=\"'>."), b[at-1]) >= 0 && !t.delimited(b[at-1]) {
		at--
	}
	from := at
	for from > 0 && at-from < most && bytes.IndexByte([]byte(";,|<{\"\n\t"), b[from-1]) < 0 && !t.delimited(b[from-1]) {
		from--
	}
	if at == r.Start || from == at {
		return false
	}
	var buf [2*most + 2]byte
	label := append(Fold(append(buf[:0], ' '), b[from:at]), ' ')
	for _, w := range [...]string{"tel", "tels", "telephon*", "portable*", "mobile*", "gsm", "phone*", "numtel*", "numport*", "numfixe*"} {
		if hasWord(label, w) {
			return true
		}
	}
	return false
}

// phoneLikely reports whether a number may begin with the run at i: it has a 0,
// or a plus or a bracket before it.
func (t *Text) phoneLikely(i int) bool {
	if i == 0 || t.Bytes[i] == '0' {
		return true
	}
	c := t.Bytes[i-1]
	return c == '+' || c == ')' || t.class[c] == classGap
}

// phonesIn appends the numbers in r from free on. A number begins with the run
// or, with a 0, at a group from which 10 digits end with a group, or 11 to 15
// after 00.
func (t *Text) phonesIn(dst []Match, r *Run, free int) ([]Match, int) {
	starts, ends := r.Gaps|1, r.Gaps|1<<r.Digits
	b := t.Bytes
	for c := starts & (1 | ends>>10 | ends>>11 | ends>>13 | ends>>14 | ends>>15); c != 0; c &= c - 1 {
		k := bits.TrailingZeros64(c)
		i := t.digit(r, k)
		if b[i] != '0' && (k > 0 || !t.phoneLikely(i)) {
			continue
		}
		start := t.phoneStart(r, i)
		if start < free {
			continue
		}
		end := phoneAt(b[:r.End], start)
		if end > 0 && (end == len(b) || !isAlnum(b[end])) && !inPairs(b, i, end, free) {
			dst, free = append(dst, Match{Start: start, End: end, Valid: true}), end
		}
	}
	return dst, free
}

// phoneStart returns where a number begins whose digits begin at i in r, -1
// where none can: at the 0, at the plus before, or where "+33 (0)" stands before.
func (t *Text) phoneStart(r *Run, i int) int {
	b := t.Bytes
	if i == 0 {
		if b[0] == '0' {
			return 0
		}
		return -1
	}
	before := b[i-1]
	switch {
	case before == '+' && (i == 1 || !isAlnum(b[i-2])):
		return i - 1
	case b[i] == '0':
		if isAlnum(before) || before == '+' || before == '.' && i > 1 && isDigit(b[i-2]) && digitsEnd(b, i) > i+2 {
			return -1 // a longer word, or the decimals of a number
		}
		return i
	case i == r.Start && (before == ')' || i > 1 && b[i-2] == ')'):
		return t.phonePrefix(i)
	}
	return -1
}

// phonePrefix returns where the "+33 (0)" or "(+33)" before i begins, -1 where
// none stands.
func (t *Text) phonePrefix(i int) int {
	const most = 12
	b := t.Bytes
	for k := i - 1; k >= max(i-most, 0); k-- {
		switch c := b[k]; {
		case c == '0' && k > 0 && b[k-1] == '0':
			if k--; k > 0 && isAlnum(b[k-1]) {
				return -1
			}
			return k
		case c == '+':
			if k > 0 && b[k-1] == '(' && k+3 < i && b[k+3] == ')' {
				k--
			}
			if k > 0 && isAlnum(b[k-1]) {
				return -1
			}
			return k
		case !isDigit(c) && c != '(' && c != ')' && t.class[c] != classGap || t.delimited(c):
			return -1
		}
	}
	return -1
}

// inPairs reports whether the number [start, end) in pairs is part of a longer
// row of pairs (a draw, a dump of bytes), unless the row is one of numbers. One
// pair before is a neighbour (an age, the key of a NIR); nothing before free
// counts.
func inPairs(b []byte, start, end, free int) bool {
	const enough = 16
	sep := b[end-3]
	if isDigit(sep) {
		return false
	}
	pairs, hex := 0, 0 // pairs after, and how many bytes of a dump
	for i := end; hex < enough && i+2 < len(b) && b[i] == sep && isHex(b[i+1]) && isHex(b[i+2]) && (i+3 == len(b) || !isAlnum(b[i+3])); i += 3 {
		if hex++; pairs == hex-1 && isDigit(b[i+1]) && isDigit(b[i+2]) {
			pairs++
		}
	}
	if pairs%5 != 0 || hex > pairs+1 {
		return true
	}
	pairs, hex = 0, 0
	for i := start; hex < enough && i-3 >= free && b[i-1] == sep && isHex(b[i-2]) && isHex(b[i-3]) && (i-4 < free || !isAlnum(b[i-4])); i -= 3 {
		if hex++; pairs == hex-1 && isDigit(b[i-2]) && isDigit(b[i-3]) {
			pairs++
		}
	}
	return pairs%5 != 0 && (pairs > 1 || sep != ' ') || hex > pairs+1
}

func isHex(c byte) bool { return isDigit(c) || c|0x20-'a' < 6 }
