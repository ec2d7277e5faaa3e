package detectors

import "vigie/detectors/lexicon"

var ribDetector = Detector{
	Kind: "rib",
	Doc: `French bank account (RIB), whole or in columns

Bank (5 digits), branch (5), account (11 letters and digits) and a key of two
digits. In running text the key must hold, and either words such as "RIB" or
"compte" stand before it, or it is written in its four groups with the code of a
bank that exists. Under titles such as GUIBAN or CLERIB also the parts. Banque de
France; Comité français d'organisation et de normalisation bancaires.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"rib", "numero rib", "n rib", "code banque", "etaban", "code guichet", "guichet", "guiban", "numero de compte", "numero compte",
		"n compte", "num compte", "no compte", "numcomptban", "numero compte bancaire", "numero de compte bancaire", "cle rib", "clerib",
		"code etablissement bancaire", "bank account", "bank account number", "compte rib", "rib compte", "rib cle", "rib guichet",
		"rib banque", "releve identite bancaire",
	},
	Find: findRIB,
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		switch n := len(d); {
		case n == 23:
			return ribShaped(d), ribKeyHolds(d)
		case n >= 9 && n <= 11: // an account; ledgers have shorter ones
			letters, digits, _ := form(d)
			return digits > letters, true
		case n == 1 || n == 2 || n == 5:
			ok := digitsEnd(d, 0) == n
			return ok, ok
		}
		return false, false
	},
	Norm: normAlnum,
	Yes: []string{
		"RIB : 30006 00001 12345678901 89", "Compte bancaire 20041 01005 0500013M026 06", "RIB 30006000011234567890189",
		"Banque Guichet Compte Clé\n20041 01005 0500013M026 06", "Code banque : 20041", "CODE_GUICHET=01005",
	},
	No: []string{
		"30006000011234567890189", "RIB : 30006 00001 12345678901 88", "FR76 30006 00001 12345678901 89", "compte 12345678901",
		"RIB : 99999 00001 12345678901 12", "12345 00001 12345678901 89", "code banque : voir au dos", "code guichet 12", "code banque 1234567",
	},
}

var bankWords = []string{"rib", "compte", "comptes", "bancaire", "bancaires", "guichet"}

// findRIB finds whole RIBs, or else parts behind their labels.
func findRIB(dst []Match, t *Text) []Match {
	n := len(dst)
	if dst = findWholeRIB(dst, t); len(dst) > n {
		return dst
	}
	return findLabelled(dst, t, ribLabels, valueRIB)
}

var ribLabels = []string{"code banque", "code guichet", "etaban", "guiban", "numcomptban"}

// valueRIB returns the length of a part of a RIB at the start of b.
func valueRIB(b []byte) (n int, valid bool) {
	for n < len(b) && isAlnum(b[n]) {
		n++
	}
	letters, digits, _ := form(b[:n])
	ok := letters == 0 && n == 5 || n == 11 && digits > letters
	if !ok || n < len(b) && b[n] >= 0x80 {
		return 0, false
	}
	return n, true
}

func findWholeRIB(dst []Match, t *Text) []Match {
	b := t.Bytes
	var buf [23]byte
	for k := range t.runs {
		r := &t.runs[k]
		if r.Digits < 10 || r.Start > 0 && isAlnum(b[r.Start-1]) {
			continue
		}
		d, i, grouped := buf[:0], r.Start, 0
		for i < len(b) && len(d) < 23 {
			if isAlnum(b[i]) {
				d = append(d, upper(b[i]))
				i++
				continue
			}
			j := t.gapEnd(i)
			if n := len(d); j == i || n != 5 && n != 10 && n != 21 {
				break
			}
			grouped++
			i = j
		}
		if len(d) < 23 || grouped != 0 && grouped != 3 || !t.numberEnds(r, i) || !ribKeyHolds(d) {
			continue
		}
		if n := len(dst); n > 0 && dst[n-1].End > r.Start {
			continue
		}
		if t.announced(r.Start, bankWords) || grouped == 3 && lexicon.BankCode(d[:5]) {
			dst = append(dst, Match{r.Start, i, true})
		}
	}
	return dst
}

// ribShaped reports whether 23 characters are digits where a RIB has none but
// digits.
func ribShaped(d []byte) bool {
	return digitsEnd(d, 0) >= 10 && digitsEnd(d, 21) == 23
}

func ribKeyHolds(d []byte) bool {
	var iban [27]byte
	copy(iban[4:], d)
	return len(d) == 23 && ribShaped(d) && RIBKeyHolds(iban[:])
}

var bicDetector = Detector{
	Kind: "bic",
	Doc: `Code of a bank in France or overseas (BIC)

Four letters, the country (FR, RE, GP, MQ, YT, NC, PF, MC), two letters or digits
for the place and three for the branch. A column mostly made of them, a title, or
BIC or SWIFT before it. ISO 9362.`,
	Class: Quasi,
	Scope: Column,
	Titles: []string{
		"bic", "code bic", "swift", "code swift", "bic swift", "bic iban", "swift code", "swift bic", "bic banque", "bic code", "n bic",
	},
	Find: func(dst []Match, t *Text) []Match {
		for _, w := range t.Words() {
			if n := w.End - w.Start; (n == 8 || n == 11) && isBIC(t.Bytes[w.Start:w.End]) && t.labelled(w.Start, bicWords) {
				dst = append(dst, Match{w.Start, w.End, true})
			}
		}
		return dst
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		fits = isBIC(compact(buf[:0], cell))
		return fits, fits
	},
	Norm: normAlnum,
	Yes:  []string{"BIC : BNPAFRPPXXX", "Code SWIFT: PSSTFRPPCNE", "IBAN FR7630006000011234567890189 BIC AGRIFRPP"},
	No:   []string{"BNPAFRPPXXX", "BIC : bnpafrppxxx", "BIC DEUTDEFF", "SWIFT SOUFRANCE", "BIC\nBNPAFRPP", "LE CHIFFRE BIC", "BIC - BRANCH INDIRECT"},
}

var bicWords = []string{"bic", "swift", "code bic", "code swift", "bic code", "swift code", "bic n", "bic swift", "swift bic"}

func isBIC(d []byte) bool {
	if len(d) != 8 && len(d) != 11 {
		return false
	}
	for i, c := range d {
		if c-'A' >= 26 && (i < 6 || !isDigit(c)) {
			return false
		}
	}
	switch string(d[4:6]) {
	case "FR", "RE", "GP", "MQ", "YT", "NC", "PF", "MC":
		return true
	}
	return false
}
