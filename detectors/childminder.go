package detectors

var pajemploiNumberDetector = Detector{
	Kind: "pajemploi_number",
	Doc: `Number of an employer or childminder at Pajemploi

Y and six to thirteen digits, as contracts print it; exports also have the digits
alone. No specification is published: only a title, or the word Pajemploi before
it, makes it one. Urssaf, service Pajemploi.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"pajemploi", "n pajemploi", "numero pajemploi", "num pajemploi", "num paje", "n paje", "numero paje", "pajemploi number", "pajemploi id", "no pajemploi", "id pajemploi", "identifiant pajemploi",
		"n salarie paje", "n employeur paje", "numero salarie paje", "numero employeur paje", "n salarie pajemploi", "n employeur pajemploi",
		"numero salarie pajemploi", "numero employeur pajemploi", "compte pajemploi", "immatriculation pajemploi",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 6, 14, func(w []byte) bool { ok, _ := fitsPajemploi(w); return ok },
			func(i int) bool {
				return t.announced(i, pajemploiWords) && (t.Bytes[i]|0x20 == 'y' || t.labelled(i, pajemploiLabels))
			})
	},
	Fits: fitsPajemploi,
	Norm: normAlnum,
	Yes:  []string{"N° Pajemploi : Y123456789012", "Pajemploi Y1234567", "numéro Pajemploi : 123456789"},
	No:   []string{"Y123456789012", "Pajemploi : 0806802", "pajemploi en 20240512", "Pajemploi Y12", "Pajemploi\nY1234567"},
}

var (
	pajemploiWords  = []string{"pajemploi*"}
	pajemploiLabels = []string{"n pajemploi", "numero pajemploi", "identifiant pajemploi", "n salarie pajemploi", "n employeur pajemploi"}
)

func fitsPajemploi(cell []byte) (fits, valid bool) {
	var buf [32]byte
	d := compact(buf[:0], cell)
	if len(d) > 0 && d[0] == 'Y' {
		d = d[1:]
	}
	fits = len(d) >= 6 && len(d) <= 13 && allDigits(d)
	return fits, fits
}

var childminderApprovalDetector = Detector{
	Kind: "childminder_approval",
	Doc: `Approval of a childminder (agrément d'assistante maternelle)

Each Département numbers its approvals in its own way (69-2024-0187, AG123456):
only a title, or "agrément n°" in a text about childminders, makes it one. Others
have approvals too (slaughterhouses, driving schools), so the title alone says
little. Code de l'action sociale et des familles, art. L421-3.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"agrement", "n agrement", "numero agrement", "numero d agrement", "num agrement", "no agrement", "n d agrement",
		"agrement assistante maternelle", "agrement assmat", "numero agrement assmat", "childminder approval", "childminder approval number",
		"num agr", "ref agrement", "reference agrement", "assmat agreement number", "id agrement",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 4, 20, isReference, func(i int) bool {
			return t.labelled(i, approvalLabels) && t.mentions("aternel", "ATERNEL", "ssmat", "SSMAT", "ajemploi", "AJEMPLOI")
		})
	},
	Fits: func(cell []byte) (fits, valid bool) {
		_, digits, others := form(cell)
		fits = digits >= 3 && len(cell) <= 24 && others <= 5 && !isDate(cell)
		return fits, fits
	},
	Norm: normAlnum,
	Yes: []string{
		"assistante maternelle, agrément n° 69-2024-0187", "Assistant maternel - N° d'agrément : AG123456",
		"ASSMAT numéro d'agrément 2019331234",
	},
	No: []string{
		"agrément n° 69-2024-0187", "assistante maternelle agréée en 2019", "assistante maternelle, agrément du 12/05/2019",
		"école maternelle : agrément n° 3",
	},
}

var approvalLabels = []string{
	"agrement n", "agrement numero", "n agrement", "n d agrement", "numero agrement", "numero d agrement", "agrement no", "agrement", "num agrement", "childminder approval",
}

// isReference reports whether a word can be the number of a file: digits, with
// letters and dashes at most, that is no year and no day.
func isReference(w []byte) bool {
	letters, digits, others := form(w)
	for i, c := range w {
		if !isAlnum(c) && (c != '-' || i == 0) {
			return false
		}
	}
	return digits >= 4 && letters <= 6 && others <= 3 && len(w) <= 20 && (len(w) > 4 || letters > 0) && !isCompactDay(w) && !isDate(w)
}

// isDate reports whether a word is a date with dashes.
func isDate(w []byte) bool {
	_, _, _, ok := Date(w)
	return ok && len(w) <= 10
}
