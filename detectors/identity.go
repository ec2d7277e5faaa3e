package detectors

var passportDetector = Detector{
	Kind: "passport",
	Doc: `French passport number

Two digits, two letters, five digits (12AB34567). It has no key outside the
machine-readable zone: only a title, or the word passport before it, makes it one.
Ministère de l'intérieur; ICAO, Doc 9303.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"passeport", "n passeport", "numero passeport", "numero de passeport", "num passeport", "no passeport", "passport",
		"passport number", "passport no", "n de passeport",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 9, 9, func(w []byte) bool { ok, _ := fitsPassport(w); return ok },
			func(i int) bool { return t.announced(i, passportWords) })
	},
	Fits: fitsPassport,
	Norm: normAlnum,
	Yes:  []string{"Passeport n° 12AB34567", "passport number: 10CV28144", "N° de passeport : 12ab34567"},
	No:   []string{"12AB34567", "passeport n° 123456789", "passeport 12AB3456", "passeport\n12AB34567", "passports 1A2B3C4D5"},
}

var passportWords = []string{"passeport", "passeports", "passport", "passeportnum", "passportnumber"}

func fitsPassport(cell []byte) (fits, valid bool) {
	var buf [32]byte
	d := compact(buf[:0], cell)
	fits = len(d) == 9 && digitsEnd(d, 0) == 2 && isLetter(d[2]) && isLetter(d[3]) && digitsEnd(d, 4) == 9
	return fits, fits
}

var identityCardDetector = Detector{
	Kind: "identity_card",
	Doc: `French identity card number

Twelve digits or, for some offices, letters among them; on cards issued since 2021
nine letters and digits. It has no key outside the machine-readable zone: only a
title, or "carte d'identité" before it, makes it one. Ministère de l'intérieur;
ICAO, Doc 9303.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"cni", "n cni", "numero cni", "num cni", "no cni", "carte identite", "carte d identite", "n carte identite", "numero carte identite",
		"numero de carte d identite", "numero carte d identite", "carte nationale d identite", "piece identite", "piece d identite",
		"numero piece identite", "numero de piece d identite", "n piece identite", "identity card", "id card", "id card number", "national id",
		"identity card number",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 9, 12, func(w []byte) bool { ok, _ := fitsIdentityCard(w); return ok && isUpperWord(w) },
			func(i int) bool { return t.announced(i, cardWords) })
	},
	Fits: fitsIdentityCard,
	Norm: normAlnum,
	Yes: []string{
		"Carte d'identité n° 123456789012", "CNI n° 880692310285", "carte nationale d'identité : X4RTBPFW4", "Identity card: 070275300123",
	},
	No: []string{
		"123456789012", "identité 123456789012", "carte d'identité 05 56 43 21 09", "CNI 20240512", "kubernetes CNI v0.8.0 deadbeef1",
		"carte d'identité\n880692310285", "CNI plugin 880692310285",
	},
}

var cardWords = []string{
	"carte d identite", "carte identite", "carte nationale d identite", "piece d identite", "cni n", "n cni", "n de cni", "numero cni",
	"numero de cni", "num cni", "identity card", "id card",
}

func fitsIdentityCard(cell []byte) (fits, valid bool) {
	var buf [32]byte
	d := compact(buf[:0], cell)
	letters, digits, _ := form(d)
	fits = len(d) == 12 && digits >= 8 || len(d) == 9 && letters >= 1 && digits >= 2
	return fits, fits
}

// isUpperWord reports whether a word has no small letter.
func isUpperWord(w []byte) bool {
	for _, c := range w {
		if c-'a' < 26 {
			return false
		}
	}
	return true
}

var residencePermitDetector = Detector{
	Kind: "residence_permit",
	Doc: `Number of a foreigner (AGDREF) on a French residence permit

Ten digits without a key: only a title, or words such as "titre de séjour" before
them, make it one. Ministère de l'intérieur, application AGDREF.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"agdref", "numero agdref", "n agdref", "num agdref", "numero etranger", "n etranger", "num etranger", "titre de sejour", "titre sejour",
		"numero titre de sejour", "n titre de sejour", "numero de titre de sejour", "numtitsej", "carte de sejour", "numero carte de sejour",
		"numero carte sejour", "residence permit", "residence permit number", "numero de titre sejour", "id agdref",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 10, 10, allDigits, func(i int) bool {
			return t.announced(i, foreignerWords) || t.Bytes[i] != '0' && t.announced(i, permitWords)
		})
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		fits = (len(d) == 10 || len(d) == 9) && allDigits(d)
		return fits, fits
	},
	Norm: normAlnum,
	Yes:  []string{"Titre de séjour n° 7503123456", "N° étranger : 9903123456", "AGDREF 0312345678", "carte de résident, titre de séjour 7503123456"},
	No: []string{
		"7503123456", "titre de séjour, tél. 0556432109", "titre de séjour 12/05/2024", "titre de séjour\n7503123456", "séjour 7503123456",
	},
}

var (
	foreignerWords = []string{"agdref", "n etranger", "numero etranger", "num etranger"}
	permitWords    = []string{"titre de sejour", "titre sejour", "residence permit", "titres de sejour", "carte de sejour"}
)
