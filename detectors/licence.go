package detectors

var drivingLicenceDetector = Detector{
	Kind: "driving_licence",
	Doc: `French driving licence number (NEPH)

Twelve digits: year and month of the first registration, the Département, a rank.
It has no key: only a title, or words such as "permis de conduire" before it, make
it one. Ministère de l'intérieur, numéro d'enregistrement préfectoral harmonisé.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"neph", "numero neph", "n neph", "num neph", "code neph", "permis de conduire", "n permis de conduire", "numero permis de conduire",
		"numero de permis de conduire", "numero permis", "n permis", "num permis", "numero de permis", "permis", "driving licence",
		"driving license", "driver license", "driver licence", "driving licence number", "licence number", "driver s license",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findNumbers(dst, t, 12, licenceWords, func(d digits16) (fits, valid bool) { ok := isNEPH(d.all()); return ok, ok })
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(append(buf[:0], '0'), cell)
		if len(d) == 13 {
			d = d[1:]
		}
		fits = isNEPH(d)
		return fits, fits
	},
	Norm: normAlnum,
	Yes:  []string{"Permis de conduire n° 210692106990", "NEPH : 21 06 92 106990", "numéro NEPH 991033201234", "driving licence: 210692106990"},
	No: []string{
		"210692106990", "permis de conduire 219992106990", "permis de construire n° 210692106990", "NEPH 123456", "NEPH\n210692106990",
		"permis de conduire le 12/05/2024",
	},
}

var licenceWords = []string{"permis de conduire", "numero permis", "num permis", "driver license", "driver licence", "neph", "driving licence", "driving license", "driver s license"}

// isNEPH reports whether d is twelve digits with a month in the third and fourth.
func isNEPH(d []byte) bool {
	if len(d) != 12 || !allDigits(d) {
		return false
	}
	month := int(d[2]-'0')*10 + int(d[3]-'0')
	return month >= 1 && month <= 12
}

var vehiclePlateDetector = Detector{
	Kind: "vehicle_plate",
	Doc: `French vehicle registration plate

Since 2009 AB-123-CD (SIV: without I, O, U and SS), before 1234 AB 33 (FNI). Only
a title, or words such as "immatriculation" or "plaque" before it, make it one.
Arrêté du 9 février 2009.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"plaque", "plaque immatriculation", "plaque d immatriculation", "immatriculation", "immatriculation vehicule", "n immatriculation",
		"numero immatriculation", "numero d immatriculation", "immat", "immat vehicule", "num immat", "immatriculation du vehicule",
		"vehicule immatriculation", "license plate", "licence plate", "number plate", "plate number", "plate", "registration plate", "plaque vehicule",
	},
	Find: findPlates,
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		fits = isSIV(d) || isFNI(d)
		return fits, fits
	},
	Norm: normAlnum,
	Yes: []string{
		"immatriculation : AB-123-CD", "véhicule immatriculé AB 123 CD", "plaque AB123CD", "Immatriculation 1234 AB 33", "immatriculé 123 ABC 2A",
		"license plate: FG-456-HJ",
	},
	No: []string{
		"AB-123-CD", "immatriculation AI-123-CD", "immatriculation : SS-123-AB", "immatriculation au RCS", "plaque ab-123-cd", "plaque de 12 cm",
		"plaque\nAB-123-CD", "véhicule AB-123-CDE", "immatriculation 1234 AB 99",
	},
}

var plateWords = []string{"immatricul*", "plaque", "plaques", "license plate", "licence plate", "number plate", "plate number", "registration", "immat"}

func plateLetter(c byte) bool { return c-'A' < 26 && c != 'I' && c != 'O' && c != 'U' }

// isSIV reports whether d, compact and in upper case, is a plate since 2009.
func isSIV(d []byte) bool {
	return len(d) == 7 && plateLetter(d[0]) && plateLetter(d[1]) && digitsEnd(d, 2) == 5 && plateLetter(d[5]) && plateLetter(d[6]) &&
		string(d[2:5]) != "000" && string(d[:2]) != "SS" && string(d[5:]) != "SS"
}

// isFNI reports whether d, compact and in upper case, is a plate before 2009:
// digits, letters, a Département.
func isFNI(d []byte) bool {
	n := digitsEnd(d, 0)
	if n == 0 || n > 4 || d[0] == '0' || len(d) < n+3 || len(d) > n+5 {
		return false
	}
	letters, place := d[n:len(d)-2], d[len(d)-2:]
	for _, c := range letters {
		if c-'A' >= 26 || c == 'I' || c == 'O' {
			return false
		}
	}
	if place[0] == '2' && (place[1] == 'A' || place[1] == 'B') {
		return true
	}
	return digitsEnd(place, 0) == 2 && string(place) != "00" && (place[0] != '9' || place[1] <= '5' || place[1] == '7' || place[1] == '8')
}

// findPlates reads one word, or three with a space between them.
func findPlates(dst []Match, t *Text) []Match {
	b, words := t.Bytes, t.Words()
	after := 0
	for _, i := range t.figures() {
		w := words[i]
		n := w.End - w.Start
		if n > 9 || w.Start < after {
			continue
		}
		end := w.End
		if n <= 4 && i+2 < len(words) && words[i+1].Start == w.End+1 && words[i+2].Start == words[i+1].End+1 && b[w.End] == ' ' && b[words[i+1].End] == ' ' {
			end = words[i+2].End
		}
		if end-w.Start < 5 || end-w.Start > 11 || !isUpperWord(b[w.Start:end]) {
			continue
		}
		var buf [32]byte
		if d := compact(buf[:0], b[w.Start:end]); (isSIV(d) || end > w.End && isFNI(d)) && t.announced(w.Start, plateWords) {
			dst = append(dst, Match{w.Start, end, true})
			after = end
		}
	}
	return dst
}
