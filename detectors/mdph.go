package detectors

var mdphFileDetector = Detector{
	Kind: "mdph_file",
	Doc: `File number of a MDPH (maison départementale des personnes handicapées)

Each Département numbers its files in its own way (2021-12345-13): only a title,
or "dossier n°" in a text of a MDPH, makes it one. To have a file there is to ask
for what disabled people are entitled to. Code de l'action sociale et des
familles, art. L146-3.`,
	Class: Sensitive,
	Scope: Titled,
	Titles: []string{
		"dossier mdph", "n dossier mdph", "numero dossier mdph", "numero de dossier mdph", "num dossier mdph", "no dossier mdph", "n mdph",
		"numero mdph", "id mdph", "identifiant mdph", "mdph", "individu mdph", "numero individu mdph", "n individu mdph", "mdph file",
		"num mdph", "num dos mdph", "mdph file number", "mdph number", "reference mdph", "ref mdph", "dossier mda", "numero dossier mda",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 4, 20, isReference, func(i int) bool {
			return t.labelled(i, mdphLabels) && t.mentions("MDPH", "mdph", "Mdph", "ersonnes handicap", "ERSONNES HANDICAP")
		})
	},
	Fits: func(cell []byte) (fits, valid bool) {
		_, digits, others := form(cell)
		fits = digits >= 3 && len(cell) <= 24 && others <= 5 && !isDate(cell)
		return fits, fits
	},
	Norm: normAlnum,
	Yes: []string{
		"MDPH de la Gironde - Dossier n° 2021-12345-13", "N° de dossier MDPH : 331234567", "numéro MDPH 2021-12345",
		"Maison départementale des personnes handicapées. Votre dossier n° : 123456",
	},
	No: []string{
		"Dossier n° 2021-12345-13", "MDPH 33", "MDPH, 2024", "dossier MDPH du 12/05/2024", "MDPH tél. 05 56 43 21 09", "dossier MDPH n° 3",
		"MDPH\n12345678", "MDPH : dossier n° 2024-05-12",
	},
}

var mdphLabels = []string{
	"dossier n", "dossier numero", "n de dossier", "n dossier", "numero de dossier", "numero dossier", "num dos mdph", "num dossier mdph", "ref dossier", "reference dossier",
	"dossier mdph", "dossier mdph n", "n mdph", "numero mdph", "n de dossier mdph", "n dossier mdph", "numero de dossier mdph",
	"numero individu", "n individu",
}
