package detectors

import "bytes"

var nirWithoutKeyDetector = Detector{
	Kind: "nir_without_key",
	Doc: `French social security number (NIR) without its key

The thirteen characters of a NIR. Nothing proves them: 29 % of the times that
computers write in milliseconds have the same form, so only a title, or words
such as "n° de sécurité sociale" before the number, make it one. Months are 01
to 12 or 20. Behind such words what a spreadsheet shows of a NIR (1,85058E+14)
counts too, as not valid.`,
	Class:  Direct,
	Scope:  Titled,
	Titles: nirTitles,
	Find:   findNIRWithoutKey,
	Fits:   fitsNIRWithoutKey,
	Norm:   normNIR,
	Mask:   maskNIR,
	Yes: []string{
		"NIR : 1850578006084", "n° de sécurité sociale 2 95 10 99 126 111", "NIR=253072A073004",
		"S21.G00.30.001,'1850578006084'", "N° de sécurité sociale : 1,85058E+14",
	},
	No: []string{
		"1850578006084", "NIR : 1 85 05 78 006 084 91", "n° de sécurité sociale à 13 chiffres",
		"commande 1718000000000", "flux : 1,85058E+14", "NIR : 1.85E+14", "NIR = 5.85058E+14", "NIR 1.85058E+13", "NIR : 1851378006084", "NIR\n1850578006084",
	},
}

var nirKeyDetector = Detector{
	Kind: "nir_key",
	Doc: `Key of a social security number in a column of its own

Two digits from 01 to 97: 97 less the remainder of the number by 97. Alone they
are nothing: only a title such as "clé", or a NIR without key in the column beside,
makes them one. A spreadsheet loses the leading 0. Insee, décret 82-103.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"cle", "clef", "cle nir", "clenir", "nir cle", "nircle", "clef nir", "cle ss", "cle secu",
		"cle de securite sociale", "cle securite sociale", "cle nss", "cle de controle", "cle controle",
		"cle insee", "cle numss", "clenss", "clesecu", "cle immat",
	},
	Fits: func(cell []byte) (fits, valid bool) {
		fits = readNIRKey(cell) != 0
		return fits, fits
	},
	Norm: func(dst, v []byte) []byte {
		k := readNIRKey(v)
		return append(dst, byte('0'+k/10), byte('0'+k%10))
	},
}

// readNIRKey returns the key in a cell, 0 where there is none.
func readNIRKey(cell []byte) int {
	cell = trimNumber(cell)
	k := 0
	for _, c := range cell {
		if !isDigit(c) {
			return 0
		}
		k = k*10 + int(c-'0')
	}
	if len(cell) > 2 || k > 97 {
		return 0
	}
	return k
}

func fitsNIRWithoutKey(cell []byte) (fits, valid bool) {
	s, ok := readNIR(cell)
	if !ok && s.n >= 6 && bytes.HasSuffix(trimNumber(cell), []byte("E+12")) { // what a sheet shows of it
		return nirSexes>>(s.c[0]-'0')&1 != 0 && nirMonth(s.two(3)), false
	}
	fits = ok && s.n == 13 && s.shapedAlone()
	return fits, fits
}

// shapedAlone is shaped with the months that need no key to be believed.
func (s *nirSymbols) shapedAlone() bool {
	m := s.two(3)
	return s.shaped() && (m <= 12 || m == 20)
}

func findNIRWithoutKey(dst []Match, t *Text) []Match {
	from := len(dst)
	b, free := t.Bytes, 0
	for k := range t.runs {
		r := &t.runs[k]
		if r.Digits < 13 || r.Start < free {
			continue
		}
		// The words stand before the run, so the number begins it.
		if _, ok := t.nirAt(r, r.Start); ok || r.Start > 0 && isAlnum(b[r.Start-1]) {
			continue
		}
		var s nirSymbols
		end := s.read(t, r.Start, r.End, 13)
		if s.n != 13 || end < len(b) && isAlnum(b[end]) || !s.shapedAlone() || !s.grouped(false) || !t.nirAnnounced(r.Start) {
			continue
		}
		dst, free = append(dst, Match{Start: r.Start, End: end, Valid: true}), end
	}
	return t.findLostNIR(dst, from)
}

// findLostNIR finds what a spreadsheet shows of a NIR, 1,85058E+14, behind words
// that announce one. It puts them among the matches from from on. They are not
// valid: most digits are gone.
func (t *Text) findLostNIR(dst []Match, from int) []Match {
	b := t.Bytes
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("E+1"))
		if i < 0 {
			return dst
		}
		e := at + i
		at = e + 3
		start := e
		for start > 0 && e-start < 15 && (isDigit(b[start-1]) || b[start-1] == ',' || b[start-1] == '.') {
			start--
		}
		end := digitsEnd(b, e+2)
		if start > 0 && isAlnum(b[start-1]) || end < len(b) && isAlnum(b[end]) || e-start < 6 {
			continue
		}
		s, _ := readFloat(b[start:end])
		if s.n >= 5 && nirSexes>>(s.c[0]-'0')&1 != 0 && (s.n == 5 || nirMonth(s.two(3))) && t.nirAnnounced(start) {
			dst = insertMatch(dst, from, Match{Start: start, End: end})
		}
	}
}

// nirWords announce a NIR, in lower case without accents; the last is the
// field of the DSN (norme NEODeS).
var nirWords = [][]byte{
	[]byte("nir"), []byte("secu"), []byte("numss"), []byte("nss"), []byte("n ss"), []byte("ssn"),
	[]byte("matricule ins"), []byte("immatricul"), []byte("g00 30 001"),
}

// nirAnnounced reports whether words before i, on the same line and in the same
// cell, say that a NIR follows.
func (t *Text) nirAnnounced(i int) bool {
	const near = 48
	var buf [near + 2]byte
	from := i
	for from > 0 && i-from < near && t.Bytes[from-1] != '\n' && !t.delimited(t.Bytes[from-1]) {
		from--
	}
	words := append(buf[:0], ' ')
	for k := from; k < i; k++ {
		c := t.Bytes[k]
		switch {
		case isAlnum(c):
			words = append(words, c|0x20) // digits have the bit already
		case c == 0xC3 && k+1 < i && t.Bytes[k+1]|0x20 == 0xA9:
			words = append(words, 'e')
			k++
		case words[len(words)-1] != ' ':
			words = append(words, ' ')
		}
	}
	for _, w := range nirWords {
		if at := bytes.Index(words, w); at > 0 && words[at-1] == ' ' {
			return true
		}
		// A word may come later too, behind one that only ends in it.
		if at := bytes.LastIndex(words, w); at > 0 && words[at-1] == ' ' {
			return true
		}
	}
	return false
}
