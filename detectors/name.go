package detectors

import (
	"bytes"

	"vigie/detectors/lexicon"
)

var fullNameDetector = Detector{
	Kind: "full_name",
	Doc: `Name of a person: surname and first name

"DUPONT Jean", "Jean DUPONT", "M. Dupont Jean": both in Insee's files of names,
in a column mostly made of them. In running text behind a civility (M., Mme,
Monsieur …), before "né(e) le", "demeurant" or "domicilié(e)" with the surname in
capitals, or as "Nom : DUPONT Prénom : Jean". One pair of words may be chance (Paul
Martin is also a shop), a column of them is not. Insee, fichiers des prénoms and
des noms de famille.`,
	Class: Direct,
	Scope: Column,
	Titles: []string{
		"nom prenom", "nom et prenom", "nom prenoms", "prenom nom", "nom complet", "nom de l allocataire", "identite", "full name",
		"fullname", "name", "nom et prenoms", "nom prenom allocataire", "nom du beneficiaire", "nomprenom", "nom responsable",
		"nom prenom responsable", "nomprenomtiturib", "titulaire", "resident", "resident e", "residente", "participant", "debiteur", "redevable", "souscripteur", "patient", "civilite nom prenom", "nom usuel et prenom", "beneficiaire", "allocataire",
	},
	Find: findNames,
	Fits: fitsFullName,
	Norm: normName,
	Mask: maskName,
	Yes: []string{
		"M. Jean DUPONT", "Mme Dupont Jeanne", "Monsieur Martin Jacques", "Madame LEFEBVRE", "Nom : DUPONT Prénom : Jean",
		"Mme Marie-Claude Le Gall", "dossier de Jeanne LEFEBVRE, né(e) le 12/05/1985", "Jean-Pierre LE GALL demeurant 12 rue X",
	},
	No: []string{
		"Monsieur le Maire", "M. le Président", "Madame, Monsieur", "Jean Dupont", "Mr. President", "M. Net Framework",
		"Nom : voir liste", "m. dupont", "Brian M. Carlson", "J.M. Vansteene",
		"Jeanne Lefebvre, née le", "la ville de PARIS, née", "Jeanne LEFEBVRE",
	},
}

var firstNameDetector = Detector{
	Kind: "first_name",
	Doc: `First name

In Insee's file of first names (given three times or more since 1900): a column
mostly made of them, or one whose title says so. In running text behind "Prénom
:". Common words that somebody was named too are left out.`,
	Class: Direct,
	Scope: Column,
	Titles: []string{
		"prenom", "prenoms", "prenom beneficiaire", "prenom responsable dossier", "i prenoms", "first name", "firstname", "given name",
		"prenom usuel", "premier prenom", "prenom enfant", "prenom1", "prenom 1", "prenom2", "prenom 2", "prenom3", "forename",
		"deuxieme prenom", "prenom d usage", "autres prenoms", "second prenom",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findLabelled(dst, t, firstNameLabels, func(b []byte) (int, bool) { return valueName(b, isFirstName) })
	},
	Fits: fitsFirstName,
	Norm: normName,
	Mask: maskFirst,
	Yes:  []string{"Prénom : Jean", "prénom(s) : Marie Anne", "PRENOM = JEAN-PIERRE"},
	No:   []string{"Jean", "prénom : inconnu", "le prénom de l'enfant", "first name: 42"},
}

var lastNameDetector = Detector{
	Kind: "last_name",
	Doc: `Surname

In Insee's file of family names (218,982 names): a column mostly made of them,
or one whose title says so. In running text behind "Nom de naissance :" or the
like. Words that are common in French are left out, so a short list of surnames
without a title may pass unseen.`,
	Class: Direct,
	Scope: Column,
	Titles: []string{
		"nom", "nom de naissance", "nom naissance", "nom d usage", "nom patronymique", "nom de famille", "nom marital", "nom beneficiaire",
		"nom responsable dossier", "nomnai", "nom assure", "i nom naissance", "i nom usage", "last name", "lastname", "surname",
		"family name", "nom usage", "nom jeune fille", "nom de jeune fille", "nomuse", "nomnaissance", "nom usuel", "nom epouse",
		"nom enfant", "patronyme", "noms", "maiden name", "birth name", "nom jf", "respdos",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findLabelled(dst, t, lastNameLabels, func(b []byte) (int, bool) { return valueName(b, isSurname) })
	},
	Fits: fitsLastName,
	Norm: normName,
	Mask: maskFirst,
	Yes:  []string{"Nom : DUPONT", "Nom de naissance : Le Gall", "NOM D'USAGE : MARTIN"},
	No:   []string{"Dupont", "nom : inconnu", "nom de fichier : rapport", "nom: test", "name: John"},
}

var (
	firstNameLabels = []string{"prenom", "prenom s", "prenoms", "prenom usuel"}
	lastNameLabels  = []string{"nom", "nom de naissance", "nom d usage", "nom de famille", "nom patronymique", "nom marital", "nom de jeune fille", "nom usuel"}
)

// isSurname reports whether one or more words are a surname, or surnames with
// a hyphen between them.
func isSurname(name []byte) bool {
	k := lexicon.KeyOf(name)
	if k.Surname() {
		return !k.Common() && len(name) > 2
	}
	return everyPart(name, func(part []byte) bool {
		k := lexicon.KeyOf(part)
		return k.Surname() && !k.Common() || isParticle(part)
	})
}

// isFirstName reports whether one or more words are a first name, or first
// names with hyphens, spaces or commas between them.
func isFirstName(name []byte) bool {
	k := lexicon.KeyOf(name)
	if _, ok := k.FirstName(); ok {
		return !k.Common() && len(name) > 1
	}
	return everyPart(name, func(part []byte) bool {
		k := lexicon.KeyOf(part)
		_, ok := k.FirstName()
		return ok && !k.Common()
	})
}

// everyPart reports whether all parts of a name of two to four parts pass.
func everyPart(name []byte, pass func(part []byte) bool) bool {
	parts := 0
	for i := 0; i < len(name); {
		e := i
		for e < len(name) && name[e] != ' ' && name[e] != '-' && name[e] != ',' && name[e] != '(' && name[e] != ')' {
			e++
		}
		if e > i {
			if parts++; parts > 4 || !pass(name[i:e]) {
				return false
			}
		}
		i = e + 1
	}
	return parts >= 2
}

// isParticle reports whether a word binds the parts of a surname.
func isParticle(word []byte) bool {
	if len(word) > 8 {
		return false
	}
	switch string(bytes.ToLower(word)) {
	case "epouse", "épouse", "epse", "veuve", "de", "du", "des", "d", "la", "le", "les", "van", "von", "der", "den", "el", "al", "ben", "ep", "née", "nee", "di", "da", "dos", "del":
		return true
	}
	return false
}

// isNamelike reports whether a cell has only what names have: letters, spaces,
// hyphens, apostrophes, commas, dots, brackets around a second name.
func isNamelike(cell []byte) bool {
	if len(cell) < 2 || len(cell) > 60 {
		return false
	}
	for _, c := range cell {
		if !isLetter(c) && c < 0x80 && c != ' ' && c != '-' && c != '\'' && c != ',' && c != '.' && c != '(' && c != ')' {
			return false
		}
	}
	return true
}

func fitsFirstName(cell []byte) (fits, valid bool) {
	ok := isNamelike(cell) && isFirstName(cell)
	return ok, ok
}

func fitsLastName(cell []byte) (fits, valid bool) {
	ok := isNamelike(cell) && isSurname(cell)
	return ok, ok
}

// fitsFullName takes a civility perhaps, then first names and a surname in
// either order.
func fitsFullName(cell []byte) (fits, valid bool) {
	if !isNamelike(cell) {
		return false, false
	}
	e := civilityEnd(cell)
	ok := fullName(cell[e:]) > 0
	return ok || e > 0 && isSurname(cell[e:]), ok // "Mme DUPONT" where a title says so
}

// fullName returns the end of the first of the two parts of a name (surname and
// first names, in either order), 0 where it is no name of a person.
func fullName(name []byte) int {
	for i, c := range name {
		if c != ' ' && c != ',' || i == 0 || i > 40 {
			continue
		}
		a := name[:i]
		b := bytes.TrimLeft(name[i:], " ,")
		if len(a) < 2 || len(b) < 2 {
			continue
		}
		if isSurname(a) && isFirstName(b) || isFirstName(a) && isSurname(b) {
			return i
		}
	}
	return 0
}

// civilityEnd returns where the name begins behind a civility at the start.
func civilityEnd(cell []byte) int {
	e := wordEnd(cell)
	if e == 0 || !isCivility(cell[:e], e < len(cell) && cell[e] == '.') {
		return 0
	}
	for e < len(cell) && (cell[e] == '.' || cell[e] == ' ') {
		e++
	}
	return e
}

// isCivility reports whether a word is a French civility; dot says that one
// follows it. "Mr." is left to English.
func isCivility(word []byte, dot bool) bool {
	switch string(word) {
	case "M", "MM":
		return true
	case "Mme", "MME", "Mlle", "MLLE", "MLE", "Monsieur", "Madame", "Mademoiselle", "MONSIEUR", "MADAME", "MADEMOISELLE":
		return true
	case "Mr", "MR":
		return !dot
	}
	return false
}

// normName appends the folded words of a name without civility, in the order of
// the alphabet, so that "DUPONT Jean" and "Jean Dupont" are one.
func normName(dst, v []byte) []byte {
	var buf [96]byte
	f := Fold(buf[:0], v[civilityEnd(v):])
	words := bytes.Split(f, []byte(" "))
	for i := 1; i < len(words); i++ {
		for j := i; j > 0 && bytes.Compare(words[j], words[j-1]) < 0; j-- {
			words[j], words[j-1] = words[j-1], words[j]
		}
	}
	for i, w := range words {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, w...)
	}
	return dst
}

// maskName shows the initials.
func maskName(dst, v []byte) []byte {
	v = v[civilityEnd(v):]
	i := fullName(v)
	if i == 0 {
		return maskFirst(dst, v)
	}
	dst = append(maskFirst(dst, v[:i]), ' ')
	return maskFirst(dst, bytes.TrimLeft(v[i:], " ,"))
}

// valueName reads up to three capitalised words that together are a name.
func valueName(b []byte, is func([]byte) bool) (n int, valid bool) {
	i := 0
	for range 3 {
		e := i + wordEnd(b[i:])
		if e == i || !isCapital(b[i:e]) {
			break
		}
		if is(b[:e]) {
			n = e
		}
		if i = e + 1; i >= len(b) || b[e] != ' ' {
			break
		}
	}
	return n, n > 0
}
