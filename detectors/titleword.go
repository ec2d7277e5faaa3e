package detectors

import (
	"slices"
	"strings"
)

// Titles are written in many ways: N° allocataire, num_alloc, NUMALLOC, caf_id.
// As a last resort they are compared as sets of words, each spelled one way,
// glued ones cut apart (codpos, dtnaissconj).

// spelled returns the one spelling of a word of titles without its plural (see
// stem), in French; two words for some. It is "" for words that have only one.
func spelled(word string) string {
	switch word {
	case "n", "no", "num", "numero", "nr", "number":
		return "num"
	case "nb", "nbr", "nbre", "nombre":
		return "nb"
	case "dt", "date", "dat":
		return "date"
	case "naiss", "nai", "nais", "naissance", "birth":
		return "naissance"
	case "ddn", "dob":
		return "date naissance"
	case "mt", "mnt", "mtt", "mont", "montant", "amount":
		return "montant"
	case "cd", "cod", "code":
		return "code"
	case "cp", "zip", "zipcode", "postcode":
		return "code postal"
	case "lib", "libelle", "label":
		return "libelle"
	case "adr", "addr", "adresse", "addres":
		return "adresse"
	case "tel", "telephone", "phone":
		return "telephone"
	case "portable", "mobile", "gsm":
		return "mobile"
	case "mel", "mail", "email", "courriel":
		return "email"
	case "situation", "statu", "statut":
		return "situation"
	case "fam", "famille", "familiale", "familial", "family":
		return "famille"
	case "matrimonial", "matrimoniale", "marital":
		return "matrimonial"
	case "pren", "prenom":
		return "prenom"
	case "enf", "enfant", "child", "children":
		return "enfant"
	case "alloc", "allocataire":
		return "allocataire"
	case "id", "ident", "identifiant", "identifier":
		return "id"
	case "dossier", "file":
		return "dossier"
	case "revenu", "income":
		return "revenu"
	case "salaire", "salary":
		return "salaire"
	case "annuel", "annuelle", "annual", "yearly":
		return "annuel"
	case "mensuel", "mensuelle", "monthly":
		return "mensuel"
	case "trimestriel", "trimestrielle", "quarterly":
		return "trimestriel"
	case "social", "sociale":
		return "social"
	case "fiscal", "fiscale", "tax":
		return "fiscal"
	case "qf":
		return "quotient famille"
	case "assmat", "asmat", "childminder":
		return "assistante maternelle"
	case "banque", "bank", "bqe":
		return "banque"
	case "compte", "account", "cpte":
		return "compte"
	case "ville", "city", "town":
		return "ville"
	case "lieu", "place":
		return "lieu"
	case "departement", "dept", "dep":
		return "departement"
	case "etablissement", "etab", "facility":
		return "etablissement"
	case "tx", "taux", "rate":
		return "taux"
	}
	return ""
}

// shortened returns the word that an abbreviation stands for beside another word
// of a title; by itself it is too many other things (rev, com, mut). It is "" for
// others.
func shortened(word string) string {
	switch word {
	case "rev":
		return "revenu"
	case "res":
		return "ressource"
	case "sal":
		return "salaire"
	case "ann":
		return "annuel"
	case "men":
		return "mensuel"
	case "trim":
		return "trimestriel"
	case "quot":
		return "quotient"
	case "fisc":
		return "fiscal"
	case "imp", "impos":
		return "imposable"
	case "ref":
		return "reference"
	case "sit", "stat":
		return "situation"
	case "mat", "matri", "matrim":
		return "matrimonial"
	case "pos", "post":
		return "postal"
	case "com", "comm":
		return "commune"
	case "vil":
		return "ville"
	case "loc":
		return "localite"
	case "port", "mob":
		return "mobile"
	case "mut":
		return "mutuelle"
	case "org":
		return "organisme"
	case "compl":
		return "complementaire"
	case "regim", "reg":
		return "regime"
	case "prest":
		return "prestation"
	case "pat", "patr", "patro", "patronym":
		return "patronymique"
	case "usag":
		return "usage"
	case "secu":
		return "securite social"
	case "agr", "agrem":
		return "agrement"
	case "dos":
		return "dossier"
	case "matr", "matric":
		return "matricule"
	case "adh", "adher":
		return "adherent"
	case "alt", "altern":
		return "alternee"
	case "diag":
		return "diagnostic"
	case "incap":
		return "incapacite"
	case "handi":
		return "handicap"
	case "perm":
		return "permis"
	case "sej":
		return "sejour"
	case "nat":
		return "national"
	}
	return ""
}

// binds reports whether a word of a title binds others or says how the cells are
// written.
func binds(word string) bool {
	switch word {
	case "", "de", "du", "des", "d", "la", "le", "les", "l", "au", "aux", "a", "et", "en", "ou", "jj", "mm", "aaaa", "yyyy",
		"jjmmaaaa", "format", "oui", "non", "f", "h", "m", "eur", "euro", "obligatoire":
		return true
	}
	return false
}

// isOwner reports whether a word of a title only says whose the value is, or is
// the prefix of a table's columns.
func isOwner(word string) bool {
	switch word {
	case "allocataire", "alloc", "conjoint", "conj", "cjt", "assure", "responsable", "resp", "beneficiaire", "benef", "ben",
		"demandeur", "dem", "titulaire", "usager", "personne", "pers", "client", "cli", "adherent", "adh", "salarie", "patient",
		"eleve", "agent", "contact", "parent", "pere", "mere", "mr", "mme", "monsieur", "madame", "foyer", "dossier", "membre",
		"representant", "legal", "participant", "stagiaire", "candidat", "etudiant", "enfant", "enf", "tuteur", "user",
		"allocatair", "declarant", "decl", "ayant", "droit", "i", "c", "p", "b", "ide", "id", "ind", "indiv", "individu", "votre", "son",
		"ouvrant", "od", "ad", "dos", "am", "eligible", "destinataire", "dest", "locataire", "occupant", "emprunteur", "employeur", "employe", "proche", "aidant",
		"spouse", "partner", "child", "insured", "holder", "applicant", "beneficiary", "recipient", "member", "person", "people", "customer":
		return true
	}
	return false
}

// isAside reports whether a word of a title only says which of several addresses
// or numbers a value is, or in what form.
func isAside(word string) bool {
	switch word {
	case "court", "long", "value", "valeur", "dom", "domicile", "residence", "resid", "resi", "res", "perso", "personnel", "personnelle", "principal", "principale", "actuel", "actuelle",
		"home", "habitation", "postale", "libelle":
		return true
	}
	return false
}

// stem cuts the number and the plural off a word of a title. It is "" for the
// person or the year a column is about: _P1, _P2, N-1, n2.
func stem(word string) string {
	n := len(word)
	for n > 0 && isDigit(word[n-1]) {
		n--
	}
	if n == 1 && len(word) == 2 && (word[0] == 'p' || word[0] == 'n') {
		return ""
	}
	word = word[:n]
	if len(word) > 3 && word[len(word)-1] == 's' {
		word = word[:len(word)-1]
	}
	return word
}

// A wordSet is the words of a title in the order of the alphabet, each spelled
// one way.
type wordSet struct {
	words []string
	all   int  // words before any was left out
	short bool // one of them was an abbreviation that says little by itself
}

// add puts a word of a title into the set; with owner those that only say whose
// the value is, or where, stay out.
func (s *wordSet) add(word string, owner bool) {
	if word = stem(word); binds(word) {
		return
	}
	s.all++
	if owner && isOwner(word) {
		return
	}
	long := spelled(word)
	if long == "" {
		if long = shortened(word); long != "" {
			s.short = true
		} else {
			long = word
		}
	}
	if owner && (isAside(word) || isAside(long)) {
		return
	}
	for w := range strings.SplitSeq(long, " ") {
		if i, have := slices.BinarySearch(s.words, w); !have {
			s.words = slices.Insert(s.words, i, w)
		}
	}
}

func (s *wordSet) key() string { return strings.Join(s.words, " ") }

// learn takes up the words of a title as what titles are made of.
func (x *Titles) learn(title string) (key string) {
	var s wordSet
	for word := range strings.SplitSeq(title, " ") {
		s.add(word, false)
		x.words[stem(word)] = struct{}{}
	}
	return s.key()
}

// kindsOfWords returns the kinds whose title has the words of a folded one, in
// any order and spelling; nil where one of its words is in no title.
func (x *Titles) kindsOfWords(folded string) []Kind {
	var buf [12]string
	words := buf[:0]
	for word := range strings.SplitSeq(folded, " ") {
		switch parts := x.parts(word); {
		case x.knows(stem(word)):
			words = append(words, word)
		case parts != nil:
			words = append(words, parts...)
		default:
			return nil
		}
		if len(words) > 8 {
			return nil
		}
	}
	if len(words) < 2 {
		return nil
	}
	if ks := x.kindsOfSet(words, false); ks != nil {
		return ks
	}
	if ks := x.kindsOfSet(words, true); ks != nil {
		return ks
	}
	if words[0] == "adresse" || words[0] == "adr" { // a prefix: adresseLocalite
		return x.kindsOfSet(words[1:], true)
	}
	return nil
}

// kindsOfSet returns the kinds whose title has the words; with owner without
// those that only say whose the value is.
func (x *Titles) kindsOfSet(words []string, owner bool) []Kind {
	var s wordSet
	for _, w := range words {
		s.add(w, owner)
	}
	switch {
	case len(s.words) == 0, len(s.words) == 1 && (s.short || len(s.words[0]) < 3):
		return nil
	case x.sets[s.key()] != nil || !owner || len(s.words) == 1:
		return x.sets[s.key()]
	}
	// Two words that are a title, and others that only say more of it:
	// lieu_naiss_code_pays, salaire_brut_annuel.
	for i, a := range s.words {
		for _, b := range s.words[i+1:] {
			more := func(w string) bool { return w == a || w == b || saysMore(w) }
			if ks := x.sets[a+" "+b]; ks != nil && all(s.words, more) {
				return ks
			}
		}
	}
	return nil
}

func all(words []string, is func(string) bool) bool {
	for _, w := range words {
		if !is(w) {
			return false
		}
	}
	return true
}

// saysMore reports whether a word qualifies others in a title of three and more.
func saysMore(word string) bool {
	switch word {
	case "code", "num", "insee", "commune", "pay", "montant", "annuel", "mensuel", "trimestriel", "brut", "net", "total", "caf", "fiscal", "reference":
		return true
	}
	return false
}

// knows reports whether a word is one that titles are made of.
func (x *Titles) knows(word string) bool {
	if _, ok := x.words[word]; ok {
		return true
	}
	return spelled(word) != "" || shortened(word) != "" || binds(word) || isOwner(word) || isAside(word)
}

// cutGlued forgets the words of titles that are several without a space between
// them: they are cut like others.
func (x *Titles) cutGlued() {
	var glued []string
	for w := range x.words {
		if spelled(w) == "" && x.parts(w) != nil {
			glued = append(glued, w)
		}
	}
	for _, w := range glued {
		delete(x.words, w)
	}
}

// parts cuts a word made of several without a space between them into those, the
// longest first; nil where it is not.
func (x *Titles) parts(word string) []string {
	word = strings.TrimRight(word, "0123456789")
	if len(word) < 5 || len(word) > 28 {
		return nil
	}
	return x.cut(word, true)
}

func (x *Titles) cut(word string, first bool) []string {
	for n := len(word); n >= 2; n-- {
		w := word[:n]
		if !x.glues(w, first) || first && n == len(word) {
			continue
		}
		if n == len(word) {
			return []string{w}
		}
		if rest := x.cut(word[n:], false); rest != nil {
			return append([]string{w}, rest...)
		}
	}
	return nil
}

// glues reports whether a word may be part of a glued one: words of two letters
// only at its start, and of three only where they are known to be short for
// something.
func (x *Titles) glues(w string, first bool) bool {
	switch {
	case len(w) == 2:
		return first && spelled(w) != ""
	case len(w) == 3:
		return w == "nom" || w == "sex" || w == "caf" || w == "nir" || spelled(w) != "" || shortened(w) != "" || isOwner(w)
	}
	return x.knows(stem(w)) && !binds(stem(w))
}
