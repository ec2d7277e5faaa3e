package detectors

var practitionerDetector = Detector{
	Kind: "practitioner",
	Doc: `Number of a health professional (RPPS, ADELI)

RPPS: eleven digits; ADELI: nine, the first two a department (2A, 2B), eight in
the SNDS without the key. The last digit is said to be a Luhn key: it is reported
as valid or not and decides nothing. Only a title, or RPPS or ADELI before the
number, makes it one. Agence du numérique en santé.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"rpps", "numero rpps", "n rpps", "num rpps", "no rpps", "code rpps", "id rpps", "adeli", "numero adeli", "n adeli", "num adeli",
		"code adeli", "rpps adeli", "rpps medecin", "rpps medecin traitant", "medecin traitant rpps", "physician id", "rpps prescripteur", "identifiant pp", "identification nationale pp", "numero prescripteur",
		"n prescripteur", "numero medecin", "numero praticien", "pfs exe num", "pfs exe numc", "pfs pre num", "identifiant rpps",
		"practitioner number", "numero professionnel de sante",
	},
	Find: func(dst []Match, t *Text) []Match {
		key := func(d digits16) (fits, valid bool) { return allDigits(d.all()), luhn(d.all()) }
		n := len(dst)
		dst = findNumbers(dst, t, 11, rppsWords, key)
		if len(dst) > n { // one of the two in a text, as nearly always
			return dst
		}
		return findNumbers(dst, t, 9, adeliWords, key)
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		switch len(d) {
		case 11:
			return allDigits(d), luhn(d)
		case 9:
			if d[0] == '2' && (d[1] == 'A' || d[1] == 'B') {
				return allDigits(d[2:]), true
			}
			return allDigits(d), luhn(d)
		case 8:
			return allDigits(d), true
		}
		return false, false
	},
	Norm: normAlnum,
	Yes:  []string{"RPPS : 10003456789", "n° RPPS 10 00 34 56 789", "N° ADELI : 331234567", "Adeli 33 1 23456 7"},
	No:   []string{"10003456789", "RPPS 2024", "le répertoire RPPS compte 1 200 000 inscrits", "adeli\n331234567", "cadeli 331234567"},
}

var facilityDetector = Detector{
	Kind: "facility",
	Doc: `Number of a health or social facility (FINESS)

Nine digits, the first two a department, the last a Luhn key; in Corsica 2A or 2B
and seven digits, whose key is not judged here. Public, and nobody's by itself.
Only a title, or FINESS before the number, makes it one. Ministère de la santé,
répertoire FINESS.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"finess", "numero finess", "n finess", "num finess", "no finess", "nofinesset", "nofinessej", "code finess", "finess et", "finess ej",
		"finess geographique", "finess juridique", "eta num", "finess etablissement", "num finess et", "num finess ej",
		"facility id", "finess geo", "id etablissement finess", "facility finess",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findNumbers(dst, t, 9, finessWords, func(d digits16) (fits, valid bool) { ok := allDigits(d.all()) && luhn(d.all()); return ok, ok })
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(append(buf[:0], '0'), cell) // a lost 0 changes no Luhn key
		switch {
		case len(d) == 10 && d[1] == '2' && (d[2] == 'A' || d[2] == 'B'):
			return allDigits(d[3:]), true
		case len(d) == 10 || len(d) == 9:
			return allDigits(d), luhn(d)
		}
		return false, false
	},
	Norm: normAlnum,
	Mask: maskThree,
	Yes:  []string{"FINESS : 750712184", "n° FINESS 330 781 196", "Finess ET: 750100042"},
	No:   []string{"750712184", "FINESS 310123123", "finesse 750712184", "FINESS 2024"},
}

var (
	rppsWords   = []string{"rpps", "rpps adeli"}
	adeliWords  = []string{"adeli"}
	finessWords = []string{"finess"}
)
