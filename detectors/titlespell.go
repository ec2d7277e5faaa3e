package detectors

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
	case "ddn", "dob", "dtn":
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
