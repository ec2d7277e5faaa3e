package detectors

var birthDateDetector = Detector{
	Kind: "birth_date",
	Doc: `Date of birth

A date with its day in the forms of French files (12/05/1985, 1985-05-12,
19850512, 12051985, 12MAY1985, "12 mai 1985"), of the years 1900 to 2035. In
running text it is taken behind "né(e) le", "date de naissance", "DDN", or in
brackets behind a name; a
column by its title, or as a whole by the ages in it, which other dates do not have.
With the sex and the commune it tells two people in three from
everybody else in France (computed from Insee's populations).`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"date de naissance", "date naissance", "dtnai", "dtn", "dt naiss", "datenaiss", "ddn", "date naiss", "naissance", "ne le",
		"nee le", "ne e le", "date de naiss", "dob", "birth date", "birthdate", "date of birth", "i date nai", "datnais",
		"datnai", "dtnais", "dtnaires", "dtnaicon", "dnaiss", "date nais", "jour de naissance", "annee de naissance",
		"annee naissance", "an naissance", "annais", "anai", "an nais", "annee nais", "ben nai ann", "birthday", "birth day", "naissance assure",
	},
	Find: findBirths,
	Fits: fitsBirth,
	Norm: normDate,
	Mask: maskDate,
	Yes: []string{
		"né le 12/05/1985 à Bordeaux", "Née le 3 juillet 1985", "né(e) le : 01.02.1990", "Date de naissance : 1985-05-12",
		"DDN 120585", "date de naissance 12051985", "NÉE LE 12 MAI 1985", "né le 1er janvier 1950", "DUPONT Jeanne (12/05/1985)",
	},
	No: []string{
		"le 12/05/1985", "Date : 12/05/2024", "né le 31/02/1985", "né le 12/05/1785", "date de naissance inconnue",
		"DDN 1234567", "Version (12/05/2014)", "DUPONT Jeanne (12/05/2024)", "Jeanne Dupont (12/05/1985)", "Réunion de MARTIN BTP (12/05/1994)", "2024-05-12 12:00:00 INFO né",
	},
}

var birthLabels = []string{
	"ne le", "nee le", "ne e le", "date de naissance", "date naissance", "ddn", "naissance", "date naiss", "date de naiss",
	"date of birth", "birth date",
}

func findBirths(dst []Match, t *Text) []Match {
	from := len(dst)
	dst = findLabelled(dst, t, birthLabels, valueDate)
	t.eachBracketed(func(_, date Span) { dst = insertMatch(dst, from, Match{date.Start, date.End, true}) })
	return dst
}

// valueDate reads the date that b begins with, and no longer number.
func valueDate(b []byte) (n int, valid bool) {
	_, _, _, n = dateAt(b)
	if n == 0 || n < len(b) && isAlnum(b[n]) {
		return 0, false
	}
	return n, true
}

var childBirthDateDetector = Detector{
	Kind: "child_birth_date",
	Doc: `Date, month or year of birth of a child

The same forms as a date of birth, and a year or month alone, in columns that
say that they are about a child: DATNAIEN, ANNNEN1 to ANNNEN12 in CNAF's files,
"date de naissance enfant 2". Only the title tells them from those of adults. Names
from public programs on the CNAF's files.`,
	Class: Quasi,
	Scope: Titled,
	Titles: []string{
		"date de naissance enfant", "date naissance enfant", "date naissance enfants", "dtnaienf", "datnaien", "dtnaien", "annnen",
		"naissance enfant", "annee naissance enfant", "annee de naissance enfant", "ddn enfant", "date naiss enf", "date naiss enfant",
		"ne le enfant", "dnaienf", "datnaienf", "enfant ne le", "enfant date de naissance", "annee naissance enf",
	},
	Find: func(dst []Match, t *Text) []Match { return findLabelled(dst, t, childBirthLabels, valueDate) },
	Fits: fitsBirth,
	Norm: normDate,
	Mask: maskDate,
	Yes:  []string{"enfant né le 12/05/2015", "Date de naissance de l'enfant : 03/04/2018", "sa fille née le 1 mai 2012"},
	No:   []string{"né le 12/05/1985", "enfant de 12 ans", "l'enfant est né le matin"},
}

var childBirthLabels = []string{
	"enfant ne le", "enfant nee le", "enfant ne e le", "date de naissance de l enfant", "date de naissance enfant",
	"fils ne le", "fille nee le",
}
