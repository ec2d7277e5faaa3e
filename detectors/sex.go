package detectors

var sexDetector = Detector{
	Kind: "sex",
	Doc: `Sex or civility

M, F, H, 1, 2, homme, femme, masculin, féminin, Monsieur, Madame in a column
that says so; in running text behind "sexe". A letter or a digit is anything: the
values never count without a title. 1 and 2 as in a NIR (Insee).`,
	Class:  Quasi,
	Scope:  Titled,
	Titles: []string{"sexe", "sex", "genre", "gender", "civilite", "civ", "qual", "qualite", "sexeenf", "sexeconj", "cdsexe", "code sexe", "titre civilite", "ben sex cod"},
	Find:   func(dst []Match, t *Text) []Match { return findLabelled(dst, t, sexLabels, valueSex) },
	Fits:   fitsSex,
	Norm: func(dst, v []byte) []byte {
		if s := sexOf(v); s != 0 {
			return append(dst, s)
		}
		return append(dst, v...)
	},
	Mask: maskNothing,
	Yes:  []string{"Sexe : F", "Sexe : Masculin", "sexe=2", "Civilité : Madame"},
	No:   []string{"sexe et genre", "le sexe faible", "sex: fun", "Sexe : non renseigné"},
}

var sexLabels = []string{"sexe", "civilite"}

// sexOf returns '1' for a man, '2' for a woman, as in a NIR, 0 for others.
func sexOf(v []byte) byte {
	if len(v) > 16 {
		return 0
	}
	var buf [32]byte
	switch string(Fold(buf[:0], v)) {
	case "1", "m", "h", "homme", "masculin", "male", "masc", "garcon", "mr", "monsieur", "man", "1 0":
		return '1'
	case "2", "f", "femme", "feminin", "female", "fem", "fille", "mme", "mlle", "mle", "madame", "mademoiselle", "woman", "2 0":
		return '2'
	}
	return 0
}

func fitsSex(cell []byte) (fits, valid bool) {
	ok := sexOf(cell) != 0
	return ok, ok
}

func valueSex(b []byte) (n int, valid bool) {
	n = wordEnd(b)
	if n == 0 || sexOf(b[:n]) == 0 {
		return 0, false
	}
	return n, true
}
