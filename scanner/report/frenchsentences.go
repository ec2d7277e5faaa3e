package report

import (
	"fmt"
	"maps"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// sentences write in French what a code of assess says.
var sentences = joined(sentencesOfLeaks, sentencesOfRecords, sentencesOfPeople, sentencesOfEvidence(), sentencesOfDeclarations)

func joined(parts ...map[string]func(given) string) map[string]func(given) string {
	all := map[string]func(given) string{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

var sentencesOfLeaks = map[string]func(given) string{
	"benefits_per_household": func(g given) string {
		return fmt.Sprintf("%s, un par ligne ; %s les prestations que chacun perçoit%s",
			g.counted("households", "foyer", "foyers"), g.counted("columns", "colonne dit", "colonnes disent"), g.some("codes"))
	},
	"benefit_documents": func(g given) string {
		return fmt.Sprintf("%s sur %s : noms et dates de naissance à côté de prestations, de la famille ou de revenus",
			g.counted("documents", "document", "documents"), g.counted("mentions", "personne", "personnes"))
	},
	"cnaf_variables": func(g given) string {
		return g.counted("count", "colonne porte un nom", "colonnes portent des noms") +
			" en usage dans les fichiers de la Caisse nationale des allocations familiales (CNAF)" + g.some("names")
	},
	"special_category": specialSentence,
	"minors": func(g given) string {
		if all := g.n("persons"); all > g.n("minors") {
			return fmt.Sprintf("%s sur %s %s quand les données ont été produites", accorde(g.n("minors"), "personne", "personnes"), fr.number(all),
				plusieurs(g.n("minors"), "était mineure", "étaient mineures"))
		}
		return g.counted("minors", "personne était mineure", "personnes étaient mineures") + " quand les données ont été produites"
	},
	"exposure": exposureSentence,
	"severity": severitySentence,
	"alike": func(g given) string {
		return "aucune colonne n’a de titre, mais leur contenu est celui des fichiers " + whose(g.word("whose"))
	},
	"rows_with": func(g given) string {
		if g.f.Rows == 0 {
			return g.counted("rows", "mention", "mentions") + " avec : " + g.kinds("kinds")
		}
		return g.counted("rows", "ligne", "lignes") + " avec : " + g.kinds("kinds")
	},
	"titles": func(g given) string { return "des titres de colonnes " + titled(g.f.Profile) + g.some("titles") },
}

var sentencesOfRecords = map[string]func(given) string{
	"snds_variables": func(g given) string {
		return g.counted("count", "colonne porte un nom", "colonnes portent des noms") + " du système national des données de santé (SNDS)" + g.some("titles") +
			" : des données de santé individuelles, bien que pseudonymisées"
	},
	"pseudonyms": func(g given) string {
		return g.counted("rows", "ligne a un diagnostic", "lignes ont un diagnostic") + " à côté d’un pseudonyme : des données de santé individuelles, bien que pseudonymisées"
	},
	"diagnoses": func(g given) string {
		return g.counted("rows", "ligne a un diagnostic", "lignes ont un diagnostic") + ", dans un fichier nommé comme ceux du système national des données de santé (SNDS)"
	},
	"unique": uniqueSentence,
	"published_register": func(g given) string {
		return "ses titres sont ceux du registre publié " + registers[g.word("register")]
	},
	"nirs": func(g given) string {
		s := g.counted("count", "NIR dont la clé est exacte", "NIR dont la clé est exacte")
		if key, told := g.args["key"].(bool); told && !key {
			s = g.counted("count", "NIR sans sa clé, annoncé comme tel", "NIR sans leur clé, annoncés comme tels")
		} else if !g.has("nir") {
			s = g.counted("count", "NIR sans sa clé", "NIR sans leur clé")
		}
		if g.f.Documents > 1 {
			s += " dans " + fr.count(g.f.Documents, "document")
		}
		return s
	},
	"dsn": func(given) string {
		return "c’est une déclaration sociale nominative (DSN) : ce qu’un employeur déclare de chaque salarié, avec son identité, son adresse et sa paie"
	},
	"no_names": func(given) string {
		return "il n’y reste ni nom ni NIR : une recherche de ceux-ci serait passée à côté"
	},
	"examples": func(given) string {
		return "ils sont dans du code source ou sa documentation, sans personne à côté : peut-être des exemples"
	},
	"bank_named": func(given) string {
		return "le nom de la banque de chacun y est, bien que sans numéro de compte : assez pour se faire passer pour elle au téléphone"
	},
}

var sentencesOfPeople = map[string]func(given) string{
	"persons_with": who("personne", "personnes"), "jobseekers": who("demandeur d’emploi", "demandeurs d’emploi"),
	"mdph_files": who("dossier de MDPH", "dossiers de MDPH"), "childminders": who("assistant maternel", "assistants maternels"),
	"insured": who("assuré", "assurés"), "users_with_secrets": who("utilisateur", "utilisateurs"),
	"tickets": who("ticket", "tickets d’une plateforme d’assistance"),
	"sealed":  sealedSentence,
	"configuration_secrets": func(g given) string {
		return fmt.Sprintf("%s dans %s de configuration : qui les lit peut entrer dans le système",
			g.counted("secrets", "mot de passe ou clé", "mots de passe ou clés"), g.counted("documents", "fichier", "fichiers"))
	},
	"mdph_documents": func(g given) string {
		about := accorde(g.f.People.Estimate, "personne", "personnes")
		if p := g.f.People; p.Low < p.High {
			about = fr.number(p.Low) + " à " + accorde(p.High, "personne", "personnes")
		}
		return g.counted("documents", "document de MDPH", "documents de MDPH") + " sur " + about
	},
	"unknown_names": func(g given) string {
		columns := g.words("columns")
		return "ce que contient " + fr.list(columns[:min(len(columns), 3)]) + " n’est pas fait de noms"
	},
	"distinct_last_names":  different("nom de famille différent", "noms de famille différents"),
	"distinct_first_names": different("prénom différent", "prénoms différents"),
}

// sentencesOfDeclarations say how data speak against what their sender declared.
var sentencesOfDeclarations = map[string]func(given) string{
	"not_fictitious": func(g given) string {
		if v := g.word("verdict"); v == "real" || v == "partly_anonymised" {
			return "les données paraissent réelles"
		}
		return "rien ne montre que ces personnes sont inventées"
	},
	"direct_identifiers": func(g given) string { return "les données désignent des personnes par : " + g.kinds("kinds") },
	"alone": func(g given) string {
		return fr.percent(g.share("share")) + " des lignes sont les seules à avoir : " + g.kinds("kinds")
	},
	"undeclared_fields": func(g given) string { return "des champs qui n’étaient pas déclarés : " + g.kinds("kinds") },
	"more_people": func(g given) string {
		return fmt.Sprintf("%s, alors qu’il y en a au moins %s", g.counted("declared", "personne a été déclarée", "personnes ont été déclarées"), fr.number(g.n("people")))
	},
}

func sentencesOfEvidence() map[string]func(given) string {
	all := map[string]func(given) string{}
	for code, rate := range rateSentences {
		all[code] = rate.say
	}
	all["nir_place_prefecture"] = func(g given) string {
		s := rateSentences["nir_place_prefecture"].say(g)
		switch {
		case g.share("weight") > -1:
		case g.share("rate") > 0.5:
			s += ", comme celles que tire un générateur connu"
		default:
			s += ", " + atRandom
		}
		return s
	}
	all["amount_on_scale"] = func(g given) string {
		s := rateSentences["amount_on_scale"].say(g)
		if year, month, ok := strings.Cut(g.word("scale"), "-"); ok {
			dated := map[string]string{"04": "d’avril ", "07": "de juillet "}[month]
			s = strings.Replace(s, "du barème officiel", "du barème officiel "+dated+year, 1)
		}
		return s
	}
	return all
}

func plusieurs(n int64, one, many string) string {
	if n < 2 {
		return one
	}
	return many
}

func who(one, many string) func(given) string {
	return func(g given) string { return g.counted("persons", one, many) + " avec : " + g.kinds("kinds") }
}

func different(one, many string) func(given) string {
	return func(g given) string {
		return g.counted("distinct", one, many) + " pour " + g.counted("persons", "personne", "personnes")
	}
}

// whose says in French of which body files are.
func whose(body string) string {
	switch body {
	case "the family benefits funds":
		return "des caisses d’allocations familiales"
	case "Pajemploi":
		return "de Pajemploi"
	case "France Travail":
		return "de France Travail"
	}
	return "de " + body
}

// titled says what the titles of a profile are about.
func titled(profile string) string {
	switch profile {
	case "third-party-payment":
		return "parlent du contrat et de ses garanties"
	case "france-travail-jobseekers":
		return "parlent de l’inscription comme demandeur d’emploi"
	case "ticket-platform":
		return "sont ceux d’un outil de tickets"
	}
	return "sont ceux que cherche la règle " + profile
}

var registers = map[string]string{
	"rne":    "des élus (répertoire national des élus)",
	"deaths": "des personnes décédées (Insee)",
	"rpps":   "des professionnels de santé (RPPS)",
	"sirene": "des entreprises et des entrepreneurs (SIRENE)",
}

func uniqueSentence(g given) string {
	one, all := "des personnes sont seules", "toutes les personnes sont seules"
	if g.word("unit") == "household" {
		one, all = "des foyers sont seuls", "tous les foyers sont seuls"
	}
	s := all
	if share := g.share("share"); share < 1 {
		s = fr.percent(share) + " " + one
	}
	var kinds []string
	for _, k := range g.words("kinds") {
		kinds = append(kinds, "leur "+fr.kind(detectors.Kind(k)))
	}
	s += " à avoir " + fr.list(kinds)
	if !g.has("full_name", "last_name", "first_name", "nir", "nir_without_key", "email") {
		s += " : les noms ont été retirés, mais on peut retrouver les personnes"
	}
	return s
}

func specialSentence(g given) string {
	var said, columns []string
	for _, w := range g.words("codes") {
		switch w {
		case "disability", "health", "icd10":
			columns = append(columns, fr.kind(detectors.Kind(w)))
		default:
			said = append(said, w)
		}
	}
	const law = " : catégorie particulière de données (art.\u00A09 du RGPD)"
	switch {
	case g.f.Rows == 0 && g.f.Documents > 1:
		return "les documents mentionnent : " + fr.list(append(said, columns...)) + law
	case g.f.Rows == 0:
		return "le texte mentionne : " + fr.list(append(said, columns...)) + law
	case len(columns) > 0:
		return fr.list(append(said, "les colonnes « "+strings.Join(columns, " », « ")+" »")) + " révèlent un handicap ou une maladie" + law
	case len(said) == 1:
		return said[0] + " révèle un handicap ou une maladie" + law
	}
	return fr.list(said) + " révèlent un handicap ou une maladie" + law
}

func exposureSentence(g given) string {
	s := "on ne sait pas qui peut le lire : la gravité compte en entier"
	switch scanner.State(g.word("state")) {
	case scanner.Public:
		s = "n’importe qui sur Internet peut le lire sans authentification"
	case scanner.Network:
		s = "n’importe qui sur ce réseau peut le lire sans authentification : la gravité compte en entier"
	case scanner.Private:
		s = "il n’est pas lisible sans authentification : la gravité compte deux degrés de moins"
	case scanner.Local:
		return "il est sur cette machine et va peut-être être transmis : la gravité compte en entier"
	}
	if how := g.word("how"); how != "" {
		s += " (" + show(fr.detail(how)) + ")"
	}
	return s
}

func sealedSentence(g given) string {
	s := "un fichier chiffré dont les noms laissent penser qu’il contient : " + within(fr.word(leaks[g.f.Profile].table)) + g.some("words")
	if n := g.n("members"); n > 1 {
		return s + " ; " + fr.number(n) + " membres n’ont pu être lus, mais qui a le mot de passe le peut"
	}
	return s + " ; il n’a pu être lu, mais qui a le mot de passe le peut"
}

func severitySentence(g given) string {
	because := g.word("because")
	s, ok := causes[because]
	switch {
	case g.word("reason") == "rule":
		s = "c’est ce que dit la règle " + g.f.Profile
	case !ok: // of another build
		s = because
	}
	if g.word("lowered") == "few" {
		s += ", moins de 20"
	}
	var raised []string
	for _, w := range g.words("raised") {
		raised = append(raised, map[string]string{"minors": "il y a des mineurs parmi elles", "many": "elles sont " + fr.number(10_000) + " ou plus"}[w])
	}
	if raised != nil {
		if g.word("content") != "critical" {
			s += " ; un degré de plus, car " + fr.list(raised)
		} else {
			s += " ; " + fr.list(raised)
		}
	}
	if private, _ := g.args["private"].(bool); private {
		s += " ; deux degrés de moins, car ce n’est pas lisible sans authentification"
	}
	return capital(fr.severity(g.f.Severity)) + " : " + s
}

// causes are the words behind a severity.
var causes = map[string]string{
	"NIRs with the identity of their holders":                                                "des NIR avec l’identité de leurs titulaires",
	"data on disability or health of people who can be found again":                          "des données sur le handicap ou la santé de personnes que l’on peut retrouver",
	"benefits or income of people who can be found again":                                    "les prestations ou les revenus de personnes que l’on peut retrouver",
	"benefits of single households":                                                          "les prestations de foyers, un par un",
	"benefits of a few households, without a name, a number or a place: perhaps an exercise": "les prestations de quelques foyers, sans nom, ni numéro, ni lieu : peut-être un exercice",
	"several NIRs":           "plusieurs NIR",
	"NIRs of many persons":   "les NIR de nombreuses personnes",
	"identity of jobseekers": "l’identité de demandeurs d’emploi",
	"NIRs of jobseekers":     "les NIR de demandeurs d’emploi",
	"decisions on the disability of identified people": "des décisions sur le handicap de personnes identifiées",
	"identity of childminders":                         "l’identité d’assistants maternels",
	"NIRs of childminders":                             "les NIR d’assistants maternels",
	"one or two NIRs":                                  "un ou deux NIR",
	"NIRs without persons":                             "des NIR sans personne à côté",
	"identity and contact of many persons":             "l’identité et les coordonnées de nombreuses personnes",
	"names with health, benefits or income":            "des noms avec la santé, les prestations ou les revenus",
	"names and e-mail addresses of persons who, by their names, live elsewhere": "les noms et les adresses électroniques de personnes qui, à leurs noms, vivent ailleurs",
	"identity and contact of a few persons":                                     "l’identité et les coordonnées de quelques personnes",
	"bank accounts with names":                                                  "des comptes bancaires avec des noms",
	"pseudonymised, but people can be found again":                              "pseudonymisées, mais on peut retrouver les personnes",
	"real people, but in a register that is published lawfully":                 "des personnes réelles, mais dans un registre légalement publié",
	"only names could be read":                                                  "seuls des noms de fichiers ont pu être lus",
	"health data of a few people, although pseudonymised":                       "les données de santé de quelques personnes, bien que pseudonymisées",
	"health data of many people, although pseudonymised":                        "les données de santé de nombreuses personnes, bien que pseudonymisées",
	"identity of insured persons":                                               "l’identité d’assurés",
	"NIRs of insured persons":                                                   "les NIR d’assurés",
	"passwords or keys of a few users":                                          "les mots de passe ou les clés de quelques utilisateurs",
	"secrets of a system, nobody's data":                                        "les secrets d’un système, mais les données de personne",
	"passwords or keys of many users":                                           "les mots de passe ou les clés de nombreux utilisateurs",
	"tickets with the addresses of those who wrote them":                        "des tickets avec les adresses de ceux qui les ont écrits",
}
