package detectors

import "bytes"

var cafNumberDetector = Detector{
	Kind: "caf_number",
	Doc: `Number of a CAF beneficiary (numéro allocataire, matricule)

Seven digits, in exports padded with zeros to 10 or 15, sometimes with a letter
behind them, unique together with the postcode or the fund. It has no key, so
only a title or the words "numéro allocataire" make it one. API Particulier,
specification of the CNAF family quotient.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"matricule", "matricul", "matricule caf", "numero allocataire", "numero d allocataire", "no allocataire", "n allocataire",
		"num allocataire", "numcaf", "num caf", "numero caf", "n caf", "no caf", "i numcaf", "identifiant caf", "id caf",
		"allocataire identifiant caf", "affiliation number", "n dossier caf", "numero dossier caf", "dossier caf", "allocataire",
		"numero de dossier caf", "matricule allocataire", "numallocataire", "code allocataire", "matric", "matr caf",
	},
	Find: func(dst []Match, t *Text) []Match { return findLabelled(dst, t, cafLabels, valueCAFNumber) },
	Fits: fitsCAFNumber,
	Norm: normCAFNumber,
	Yes: []string{
		"N° allocataire : 1234567", "numéro allocataire 0123456", "Votre n° d'allocataire : 1234567 A", "Matricule CAF: 1234567",
	},
	No: []string{"n° allocataire : 12345678", "allocataire 12", "matricule 1234567", "1234567", "n° allocataire : 05 56 43 21 09"},
}

var cafLabels = []string{
	"n allocataire", "n d allocataire", "no allocataire", "num allocataire", "numero allocataire", "numero d allocataire",
	"numero caf", "n caf", "matricule caf", "numero de dossier caf", "n dossier caf", "identifiant caf",
}

// cafDigits cuts the padding off a number and returns its digits. Exports write
// it on 10 digits with zeros before, or on 15 with zeros on either side.
func cafDigits(v []byte) []byte {
	v = trimNumber(v)
	if n := len(v); n > 1 && n < 10 && isLetter(v[n-1]) {
		v = bytes.TrimRight(v[:n-1], " ")
	}
	if len(v) == 9 && v[1] == ' ' && v[5] == ' ' { // 1 234 567
		v = normAlnum(nil, v)
	}
	if len(v) == 0 || len(v) > 15 || digitsEnd(v, 0) != len(v) {
		return nil
	}
	if len(v) > 7 {
		if tail := v[7:]; len(v) == 15 && len(bytes.Trim(tail, "0")) == 0 && len(bytes.Trim(v[:7], "0")) > 0 {
			return v[:7]
		}
		if len(bytes.Trim(v[:len(v)-7], "0")) > 0 {
			return nil
		}
		v = v[len(v)-7:]
	}
	return v
}

func fitsCAFNumber(cell []byte) (fits, valid bool) {
	d := cafDigits(cell)
	ok := len(d) >= 4 && len(bytes.Trim(d, "0")) > 0
	return ok, ok
}

// normCAFNumber appends the seven digits.
func normCAFNumber(dst, v []byte) []byte {
	d := cafDigits(v)
	if d == nil {
		return append(dst, v...)
	}
	for range 7 - len(d) {
		dst = append(dst, '0')
	}
	return append(dst, d...)
}

func valueCAFNumber(b []byte) (n int, valid bool) {
	n = digitsEnd(b, 0)
	if n != 7 && n != 10 || n == 10 && string(b[:3]) != "000" {
		return 0, false
	}
	if n < len(b) && (isAlnum(b[n]) || b[n] >= 0x80) && !(isLetter(b[n]) && (n+1 == len(b) || !isAlnum(b[n+1]))) {
		return 0, false
	}
	if n+1 < len(b) && (b[n] == '.' || b[n] == ' ') && isDigit(b[n+1]) {
		return 0, false
	}
	return n, true
}
