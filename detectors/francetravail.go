package detectors

var franceTravailDetector = Detector{
	Kind: "france_travail_id",
	Doc: `Number of a job seeker (France Travail, formerly Pôle emploi)

Seven digits and a letter or digit, or eleven digits; older exports put the three
characters of the agency before the eight. Nothing in it is a key, so only a
title, or words such as "identifiant Pôle emploi" before it, make it one. CNIL,
délibération on France Travail (2026).`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"id ft", "idft", "identifiant ft", "numero ft", "n ft", "id pole emploi", "identifiant pe", "identifiantpe", "identifiant pole emploi", "identifiant france travail",
		"numero pole emploi", "n pole emploi", "numero france travail", "n france travail", "idassedic", "id pe", "id france travail",
		"numero assedic", "ref individuelle", "reference individuelle", "identifiant demandeur d emploi", "numero demandeur emploi",
		"numero de demandeur d emploi", "identifiant de", "france travail id", "pole emploi id", "job seeker id", "numero identifiant pole emploi",
		"ide", "ft id", "ftid", "id demandeur emploi", "jobseeker id", "job seeker number", "inscription pole emploi", "numero d inscription pole emploi",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 8, 11, func(w []byte) bool { ok, _ := fitsFranceTravail(w); return ok && !isCompactDay(w) },
			func(i int) bool { return t.announced(i, franceTravailWords) })
	},
	Fits: fitsFranceTravail,
	Norm: normAlnum,
	Yes: []string{
		"Identifiant Pôle emploi : 1234567E", "n° France Travail 12345678901", "identifiant PE: 1234567X", "référence individuelle : 7654321B",
		"Identifiant France Travail : 98765432", "\"pole_emploi_id\": \"1234567E\"",
	},
	No: []string{
		"1234567E", "Pôle emploi 3949", "France Travail, le 20240512", "identifiant Pôle emploi : 05 56 43 21 09", "identifiant France Travail : 12345",
		"inscrit à Pôle emploi depuis 12345678 secondes", "Identifiant France Travail : 20240512",
	},
}

var franceTravailWords = []string{
	"identifiant pole emploi", "identifiant france travail", "identifiant ft", "id ft", "identifiant pe", "identifiantpe", "id pe", "n pole emploi", "n france travail",
	"numero pole emploi", "numero france travail", "id pole emploi", "id france travail", "pole emploi id", "france travail id", "idassedic",
	"reference individuelle",
	"ref individuelle", "n de demandeur d emploi", "numero de demandeur d emploi", "identifiant de demandeur d emploi",
	"identifiant demandeur d emploi",
}

// fitsFranceTravail also takes seven digits: eight whose first 0 a spreadsheet
// took.
func fitsFranceTravail(cell []byte) (fits, valid bool) {
	var buf [32]byte
	d := compact(buf[:0], cell)
	switch len(d) {
	case 7:
		fits = allDigits(d)
	case 8:
		fits = digitsEnd(d, 0) >= 7
	case 11:
		fits = digitsEnd(d, 0) == 11 || digitsEnd(d, 3) >= 10
	}
	return fits, fits
}

// isCompactDay reports whether a word is a day written in eight digits.
func isCompactDay(w []byte) bool {
	if len(w) != 8 || digitsEnd(w, 0) != 8 {
		return false
	}
	_, _, _, ok := Date(w)
	return ok
}
