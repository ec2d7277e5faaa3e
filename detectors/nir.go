package detectors

// A NIR (numéro d'inscription au répertoire, "numéro de sécurité sociale") is
// S AA MM LLLLL OOO and a key KK: sex, year and month of birth, place of birth,
// rank in the month's register. Insee, décret 82-103.
type NIR struct {
	Sex         byte    // '1', '3', '7' men; '2', '4', '8' women; from 3 on not final
	Year, Month int     // Year on two digits; Month beyond 12 where the civil status is incomplete
	Place       [5]byte // as written in the NIR: Insee code of the place at birth, or 99 and a country
	Order       int
	Key         int // 0 without
	HasKey      bool
	KeyValid    bool
}

// Male reports the sex in the NIR.
func (n NIR) Male() bool { return n.Sex&1 == 1 }

var nirDetector = Detector{
	Kind: "nir",
	Doc: `French social security number (NIR) with its key

Thirteen characters and a key of two: sex, year, month and place of birth,
order, then 97 less the remainder of the rest by 97. Corsica (2A, 2B), births
overseas and abroad, provisional numbers and months of incomplete civil status
are known; so are spaces, dots, dashes, "(clé 91)" and what spreadsheets make of
fifteen digits. A number whose key fails is reported, as not valid, only where
it is written in the groups of a NIR or fills a cell. Insee, décret 82-103.`,
	Class: Direct,
	Scope: Anywhere,
	Sieve: true,
	Titles: []string{
		"nir", "nirmon", "nirmme", "nirenf", "nirpp", "nirben", "nirass", "nir assure", "nir benef",
		"nir beneficiaire", "nir ouvrant droit", "nir ayant droit", "nir allocataire", "nir conjoint",
		"nir enfant", "nir avec cle", "nir complet", "nir cle", "num nir", "numero nir", "n nir", "no nir",
		"numero de securite sociale", "numero securite sociale", "num securite sociale", "n securite sociale",
		"no securite sociale", "n de securite sociale", "no de securite sociale", "securite sociale",
		"numero de secu", "numero secu", "num secu", "n secu", "no secu", "code secu", "secu",
		"numero ss", "num ss", "numss", "no ss", "noss", "n ss", "nss", "numero d assurance",
		"numero d assure social", "numero assure", "numero assure social", "insee assure", "numero insee",
		"num insee", "n insee", "no insee", "immat", "immatriculation ss", "immatriculation",
		"matricule ins", "ins", "nia", "ssn", "fssn",
	},
	Find: findNIR,
	Fits: fitsNIR,
	Norm: normNIR,
	Mask: maskNIR,
	Yes: []string{
		"NIR : 1 85 05 78 006 084 91",
		"2 95 10 99 126 111 93", "2.95.10.99.126.111.93", "2-95-10-99-126-111-93",
		"295109912611193", "2760774865895 37", "2 95 10 99126111 93",
		"née le 3 juillet, 253072a07300443.",
		"2 53 07 2 A 073 004 43",
		"1 85 05 78 006 084 (91)", "1850578006084 clé 91", "1 85 05 78 006 084 (clé : 91)",
		"1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a091",
		"185 057 800 608 491", "1.85057800608491E14",
		"06 12 34 56 78 - 2 95 10 99 126 111 93",
		"1 85 05 78 006 084 36", // the groups of a NIR, but its key fails
	},
	No: []string{
		"185057800608436", "295109912611199", "185057207000898",
		"1850578006084910", "x185057800608491", "185057800608491x",
		"0.185057800608491", "1718000000000 17", "IMEI 356938035643809",
		"1 85 13 78 006 084 91", "B4;G3;R2;NIR 0.34", "1,85058E+14",
	},
}

// nirSymbols are the characters of a NIR with its key, digits and A or B; n
// says how many there are.
type nirSymbols struct {
	c    [15]byte
	n    int
	gaps uint16 // bit i: a gap before character i
}

// Gaps of the written forms, as bits before the character.
const (
	gapsNIR       = 1<<1 | 1<<3 | 1<<5 | 1<<7 | 1<<10 | 1<<13 // S AA MM LL LLL OOO KK
	gapCorsica    = 1 << 6                                    // 2 A
	gapsThousands = 1<<3 | 1<<6 | 1<<9 | 1<<12
	gapsFours     = 1<<4 | 1<<8 | 1<<12
	gapsEach      = 1<<15 - 2 // the boxes of a form
)

func findNIR(dst []Match, t *Text) []Match {
	free := 0 // end of the last match
	for _, r := range t.runs {
		if r.Digits < 12 { // 1,850578006084E14 has a run of 12
			continue
		}
		dst, free = t.nirsIn(dst, r, free)
	}
	return dst
}

// nirsIn appends the NIRs that begin in r, from free on: a run may hold several
// numbers, and a NIR may begin at each of its groups.
func (t *Text) nirsIn(dst []Match, r Run, free int) ([]Match, int) {
	b := t.Bytes
	for i := max(r.Start, free); i+13 <= r.End; {
		if nirSexes>>(b[i]-'0')&1 != 0 && (i == 0 || !isAlnum(b[i-1])) {
			if m, ok := t.nirAt(i, r.End); ok {
				dst, free = append(dst, m), m.End
				i = m.End
			}
		}
		for i = digitsEnd(b, max(i, r.Start)); i < r.End && !isDigit(b[i]); i++ {
		}
	}
	if r.End < len(b) && b[r.End]|0x20 == 'e' {
		if m, ok := t.nirFloat(r.End); ok && m.Start >= free {
			dst, free = append(dst, m), m.End
		}
	}
	return dst, free
}

// nirAt reads the NIR that begins at i, in the run that ends at end.
func (t *Text) nirAt(i, end int) (Match, bool) {
	b := t.Bytes
	s, j := t.nirSymbolsAt(i, end, 15)
	if s.n == 13 && j == end {
		j = s.readTail(t, j)
	}
	if s.n != 15 || j < len(b) && isAlnum(b[j]) || !s.shaped() || !s.grouped() {
		return Match{}, false
	}
	if s.gaps == 0 && i >= 2 && b[i-1] == '.' && isDigit(b[i-2]) && !t.delimited('.') {
		return Match{}, false // the decimals of a number
	}
	m := Match{Start: i, End: j, Valid: s.keyHolds()}
	written := s.gaps&^gapCorsica == gapsNIR
	return m, m.Valid || written || t.fills(i, j)
}

// nirSymbolsAt reads up to most characters from the digit at i, in the run that
// ends at end, and returns where it stopped. None are returned where the gaps or
// letters cannot be those of a NIR.
func (t *Text) nirSymbolsAt(i, end, most int) (s nirSymbols, _ int) {
	for ; i < end && s.n < most; i++ {
		switch c := t.Bytes[i]; {
		case isDigit(c):
			s.c[s.n] = c
			s.n++
		case isLetter(c):
			if s.n != 6 || s.c[5] != '2' {
				return nirSymbols{}, i
			}
			s.c[6] = c &^ 0x20
			s.n++
		default:
			if s.n == 2 && s.gaps&(1<<1) == 0 {
				return nirSymbols{}, i // pairs, as in a phone number
			}
			s.gaps |= 1 << s.n
		}
	}
	return s, i
}

// readTail reads a key behind a run of 13 digits, "(91)" or "clé : 91", and
// returns the end of it.
func (s *nirSymbols) readTail(t *Text, i int) int {
	const most = 12 // bytes before the key
	b, open := t.Bytes, false
	for last := min(i+most, len(b)); i < last; i++ {
		switch c := b[i]; {
		case t.delimited(c):
			return i
		case c == '(':
			open = true
		case isDigit(c):
			if i+1 == len(b) || !isDigit(b[i+1]) {
				return i
			}
			s.c[13], s.c[14], s.n = c, b[i+1], 15
			s.gaps |= 1 << 13
			i += 2
			if open && i < len(b) && b[i] == ')' {
				i++
			}
			return i
		case isLetter(c):
			n := keyWord(b[i:])
			if n == 0 {
				return i
			}
			i += n - 1
		case c == ' ' || c == ':' || c == '-' || c == '/' || c == '.' || c == 0xC2 || c == 0xA0:
		default:
			return i
		}
	}
	return i
}

// keyWord returns the length of the word "clé", in its spellings, at the
// beginning of b.
func keyWord(b []byte) int {
	if len(b) < 3 || b[0]|0x20 != 'c' || b[1]|0x20 != 'l' {
		return 0
	}
	n := 0
	switch {
	case b[2]|0x20 == 'e':
		n = 3
	case b[2] == 0xC3 && len(b) > 3 && (b[3] == 0xA9 || b[3] == 0x89):
		n = 4
	default:
		return 0
	}
	if n < len(b) && b[n]|0x20 == 'f' {
		n++
	}
	return n
}

// nirFloat reads a NIR that a spreadsheet wrote as a power of ten, as in
// 1.85057800608491E14: e is where the E stands. Fewer digits than these are
// lost; see fitsNIR.
func (t *Text) nirFloat(e int) (Match, bool) {
	b := t.Bytes
	i := e
	for i > 0 && isDigit(b[i-1]) {
		i--
	}
	if i < 2 || e-i > 14 || b[i-1] != '.' && b[i-1] != ',' || t.delimited(b[i-1]) {
		return Match{}, false
	}
	i -= 2
	j := min(e+4, len(b))
	for j > e && !isDigit(b[j-1]) {
		j--
	}
	s, ok := readFloat(b[i:j])
	if !ok || s.n != 15 || i > 0 && isAlnum(b[i-1]) || j < len(b) && isAlnum(b[j]) || !s.shaped() || !s.keyHolds() {
		return Match{}, false
	}
	return Match{Start: i, End: j, Valid: true}, true
}

// grouped reports whether the gaps are where people and programs put them.
func (s *nirSymbols) grouped() bool {
	gaps := s.gaps
	if gaps&gapCorsica != 0 && s.c[6] >= 'A' {
		gaps &^= gapCorsica
	}
	return gaps&^gapsNIR == 0 || gaps == gapsThousands || gaps == gapsFours || s.gaps == gapsEach
}

// two returns the number in the characters i and i+1.
func (s *nirSymbols) two(i int) int { return int(s.c[i]-'0')*10 + int(s.c[i+1]-'0') }

// three returns the number in the characters from i to i+2.
func (s *nirSymbols) three(i int) int { return s.two(i)*10 + int(s.c[i+2]-'0') }

// nirSexes has a bit for each first digit there is.
const nirSexes = 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<7 | 1<<8

// shaped reports whether the first 13 characters can be those of a NIR: sex,
// month, a place that can exist, an order.
func (s *nirSymbols) shaped() bool {
	return nirSexes>>(s.c[0]-'0')&1 != 0 && nirMonth(s.two(3)) && s.placed() && s.three(10) != 0
}

// nirMonth reports whether m is a month of birth, or one of those that stand
// for an incomplete civil status: 20, 30 to 42, 50 to 99.
func nirMonth(m int) bool {
	return m >= 1 && m <= 12 || m == 20 || m >= 30 && m <= 42 || m >= 50
}

// placed reports whether the place can exist: a department of Metropolitan
// France with a commune from 001 to 990 (until they became independent, 91 to 96
// were also in Algeria, Morocco and Tunisia); 97 or 98, a digit and a commune of
// two; 99 and a country.
func (s *nirSymbols) placed() bool {
	commune := s.three(7)
	if s.c[6] >= 'A' {
		return s.c[5] == '2' && commune >= 1 && commune <= 990
	}
	switch department := s.two(5); department {
	case 0:
		return false
	case 96:
		return commune >= 1 && commune <= 990 && s.two(1) <= 64 // Tunisia until 1964
	case 97, 98:
		return commune > 100 && commune%100 >= 1 && commune%100 <= 90
	case 99:
		return commune > 100 && commune < 600
	default:
		return commune >= 1 && commune <= 990
	}
}

// key computes the key of the first 13 characters: 97 less the remainder of the
// number by 97, where 2A counts as 19 and 2B as 18 by their position.
func (s *nirSymbols) key() int {
	var n uint64
	for _, c := range s.c[:5] {
		n = n*10 + uint64(c-'0')
	}
	if c := s.c[6]; c >= 'A' {
		n = n*100 + 19 - uint64(c-'A')
	} else {
		n = n*100 + uint64(s.two(5))
	}
	for _, c := range s.c[7:13] {
		n = n*10 + uint64(c-'0')
	}
	return 97 - int(n%97)
}

func (s *nirSymbols) keyHolds() bool { return s.n == 15 && s.two(13) == s.key() }
