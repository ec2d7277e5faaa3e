package detectors

import "math/bits"

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
	Class:  Direct,
	Scope:  Anywhere,
	Sieve:  true,
	Titles: nirTitles,
	Find:   findNIR,
	Fits:   fitsNIR,
	Norm:   normNIR,
	Mask:   maskNIR,
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

// nirTitles announce a NIR with its key or without: the cells decide.
var nirTitles = []string{
	"nir", "nirmon", "nirmme", "nirenf", "nirpp", "nirben", "nirass", "nir assure", "nir benef",
	"nir beneficiaire", "nir ouvrant droit", "nir ayant droit", "nir allocataire", "nir conjoint",
	"nir enfant", "nir avec cle", "nir complet", "nir cle", "num nir", "numero nir", "n nir", "no nir",
	"numero de securite sociale", "numero securite sociale", "num securite sociale", "n securite sociale",
	"no securite sociale", "n de securite sociale", "no de securite sociale", "securite sociale",
	"numero de secu", "numero secu", "num secu", "n secu", "no secu", "code secu", "secu",
	"nni", "numero national d identite", "nia", "numero ss", "num ss", "numss", "no ss", "noss", "n ss", "nss", "numero d assurance",
	"numero d assure social", "numero assure", "numero assure social", "insee assure", "numero insee",
	"num insee", "n insee", "no insee", "immat", "immatriculation ss", "immatriculation",
	"matricule ins", "ins", "nia", "ssn", "fssn",
	"nir13", "nir 13", "nir sans cle", "nir hors cle", "racine nir", "nir racine",
}

func findNIR(dst []Match, t *Text) []Match {
	free := 0 // end of the last match
	first, others := len(dst), 0
	for _, r := range t.runs {
		if r.Digits < 12 { // 1,850578006084E14 has a run of 12
			continue
		}
		found := len(dst)
		for i := r.Start; i < r.End; {
			var part Run
			part, i = t.part(r, i)
			dst, free = t.nirsIn(dst, &part, free)
		}
		if r.End < len(t.Bytes) && t.Bytes[r.End]|0x20 == 'e' {
			if m, ok := t.nirFloat(r.End); ok && m.Start >= free {
				dst, free = append(dst, m), m.End
			}
		}
		if r.Digits == 15 && r.Gaps == 0 && (len(dst) == found || !dst[found].Valid) {
			others++
		}
	}
	if t.Row == 0 && others >= chanceLeast {
		doubt(dst[first:], others)
	}
	return dst
}

const (
	// chanceLeast is how many numbers of 15 digits that are no NIRs cast doubt
	// on those that are; chanceShare how many each. By chance 1 in 97 has a key
	// that holds, and fewer have the rest of the form.
	chanceLeast = 40
	chanceShare = 20
)

// doubt takes back that keys hold where compact numbers pass by chance: in
// running text with many others of the same length.
func doubt(found []Match, others int) {
	compact := 0
	for _, m := range found {
		if m.Valid && m.End-m.Start == 15 {
			compact++
		}
	}
	if others < chanceShare*compact {
		return
	}
	for i, m := range found {
		if m.End-m.Start == 15 {
			found[i].Valid = false
		}
	}
}

// nirsIn appends the NIRs in r from free on. A run may hold several numbers: a
// NIR begins at any of its groups from which 15 digits end with a group, or 13
// with the run.
func (t *Text) nirsIn(dst []Match, r *Run, free int) ([]Match, int) {
	last := uint64(1) << r.Digits
	starts, ends := r.Gaps|1, r.Gaps|last
	b := t.Bytes
	for c := starts & (ends>>15 | last>>13); c != 0; c &= c - 1 {
		k := bits.TrailingZeros64(c)
		if !nirGaps(r.Gaps>>k, r.Digits <= 15) {
			continue
		}
		i := t.digit(r, k)
		if i < free || nirSexes>>(b[i]-'0')&1 == 0 || i > 0 && isAlnum(b[i-1]) {
			continue
		}
		if m, ok := t.nirAt(r, i); ok {
			dst, free = append(dst, m), m.End
		}
	}
	return dst, free
}

// nirGaps reports whether the gaps of a run from some digit on, alone when there
// are no others in it, can be those of a NIR; grouped decides.
func nirGaps(gaps uint64, alone bool) bool {
	gaps &= gapsEach
	return plainGaps(uint16(gaps&^gapCorsica)) ||
		alone && (gaps&^gapCorsica == gapsFours || gaps == gapsThousands || gaps == gapsEach)
}

// nirAt reads the NIR that begins at i in r.
func (t *Text) nirAt(r *Run, i int) (Match, bool) {
	b := t.Bytes
	var s nirSymbols
	j := s.read(t, i, r.End, 15)
	if s.n == 13 && j == r.End {
		j = s.readTail(t, j)
	}
	if s.n != 15 || j < len(b) && isAlnum(b[j]) || !s.shaped() || !s.grouped(i == r.Start && j == r.End) {
		return Match{}, false
	}
	if s.gaps == 0 && i >= 2 && b[i-1] == '.' && isDigit(b[i-2]) && !t.delimited('.') {
		return Match{}, false // the decimals of a number
	}
	if s.gaps == 1<<1 && b[i+1] == '.' && j-i == 16 {
		return Match{}, false // a number with 14 decimals
	}
	m := Match{Start: i, End: j, Valid: s.keyHolds()}
	written := s.gaps&^gapCorsica == gapsNIR
	return m, m.Valid || written || t.fills(i, j)
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
