package report

import (
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// data names the data in the words of the form, then those of Art. 9.
func (d *markdown) data(b *breach) {
	d.title("8. Catégories de données")
	for _, c := range b.data() {
		for i, w := range c.words {
			if strings.HasPrefix(w, unnamed) {
				c.words[i] = code(w[len(unnamed):])
			}
		}
		d.p("- **%s** : %s.", c.class, fr.list(c.words))
	}
	if b.kinds == nil {
		d.p("- Catégories : %s", todo)
	}
	switch {
	case b.sealed:
		d.p("- Les données sont chiffrées : les catégories sont à vérifier par qui a le mot de passe.")
	case !b.named() && !b.nir() && b.unique > 0:
		d.p("- Ni nom ni NIR, mais des données identifiantes : %s des lignes sont seules à présenter leur combinaison des éléments suivants : %s. Les personnes sont identifiables indirectement ; les données ne sont pas anonymes.", fr.percent(b.unique), quasiWords(b.quasi))
	}
	d.title("Données sensibles (article 9 du RGPD)")
	if !b.health() {
		d.p("- Données concernant la santé : vigie n’en a pas constaté ; %s", todo)
		d.p("- Autres catégories particulières (origine, opinions, convictions, appartenance syndicale, données génétiques ou biométriques, vie ou orientation sexuelle) : %s", todo)
		d.p("- Données relatives à des infractions, condamnations ou mesures de sûreté : %s", todo)
		return
	}
	var by []string
	if b.profile == "mdph-documents" {
		by = append(by, "la nature même des documents")
	}
	if b.has("disability", "health", "icd10", "snds_variable") {
		by = append(by, "les données de santé ou de handicap citées ci-dessus")
	}
	if len(b.special) > 0 {
		var words []string
		for _, s := range b.special {
			words = append(words, code(s))
		}
		mention := "les mentions "
		if len(words) == 1 {
			mention = "la mention "
		}
		by = append(by, mention+strings.Join(words, ", "))
	}
	if b.sealed {
		by = []string{"les noms des fichiers, si leur contenu le confirme"}
	}
	d.p("- Données concernant la santé : oui, d’après %s.", fr.list(by))
	d.p("- Autres catégories particulières (origine, opinions, convictions, appartenance syndicale, données génétiques ou biométriques, vie ou orientation sexuelle) : %s", todo)
	d.p("- Données relatives à des infractions, condamnations ou mesures de sûreté : %s", todo)
}

// A category of data in the words of the form, and what of it is there.
type category struct {
	class string
	words []string
}

// unnamed stands before a kind that has no French name.
const unnamed = "\x00"

// data sorts the kinds into the categories of the form.
func (b *breach) data() (all []category) {
	var known []detectors.Kind
	for _, class := range dataClasses {
		c := category{class: class.name}
		for _, k := range class.kinds {
			known = append(known, k.kind)
			if b.has(k.kind) && !(b.has("full_name") && (k.kind == "last_name" || k.kind == "first_name")) {
				c.words = append(c.words, k.name)
			}
		}
		if class.name == "Autres données" {
			for _, k := range b.kinds {
				if !slices.Contains(known, k) {
					c.words = append(c.words, unnamed+string(k))
				}
			}
		}
		if c.words != nil {
			all = append(all, c)
		}
	}
	return all
}

func quasiWords(kinds []detectors.Kind) string {
	var words []string
	for _, k := range kinds {
		word := code(string(k))
		for _, class := range dataClasses {
			for _, known := range class.kinds {
				if known.kind == k {
					word = known.name
				}
			}
		}
		words = append(words, word)
	}
	if words == nil {
		return "non précisés"
	}
	return fr.list(words)
}

func (d *markdown) consequences(b *breach) {
	d.title("9. Conséquences probables")
	for _, c := range b.consequences() {
		d.p("- " + strings.ReplaceAll(c, "%", "%%"))
	}
	if b.sealed {
		d.p("- Niveau de gravité : %s (échelle : négligeable, limitée, importante, maximale).", todo)
		return
	}
	d.p("- Niveau de gravité proposé : **%s**, à confirmer (échelle : négligeable, limitée, importante, maximale).", b.gravity())
}

// gravity proposes a word of the form.
func (b *breach) gravity() string {
	return [...]string{"négligeable", "négligeable", "limitée", "importante", "maximale"}[min(b.severity, scanner.Critical)]
}

// consequences are sentences.
func (b *breach) consequences() []string {
	if b.sealed {
		return []string{"Les données sont chiffrées : sans le mot de passe, elles restent illisibles. Si le mot de passe est faible ou connu de tiers, elles peuvent être lues, et les conséquences sont celles d’une divulgation."}
	}
	all := []string{"Les données ont échappé à la maîtrise des personnes concernées et peuvent être diffusées, croisées avec d’autres et exploitées à d’autres fins que celles prévues."}
	add := func(holds bool, sentence string) {
		if holds {
			all = append(all, sentence)
		}
	}
	add(b.nir(), "Usurpation d’identité : le NIR sert d’identifiant auprès des organismes sociaux et de santé et ne se change pas.")
	add(b.has("passport", "identity_card", "residence_permit", "driving_licence"),
		"Usurpation d’identité : les numéros de documents officiels permettent d’ouvrir des comptes ou de contracter au nom des personnes.")
	add(b.has("caf_number", "pajemploi_number", "france_travail_id", "tax_number", "mdph_file"),
		"Usurpation auprès des organismes : les numéros d’allocataire, d’usager ou de dossier aident à se faire passer pour une personne et à accéder à son compte.")
	add(b.has("iban", "rib"), "Pertes financières : les coordonnées bancaires permettent des prélèvements et des virements frauduleux.")
	add(b.has("email", "phone"), "Hameçonnage : les personnes peuvent être contactées par un fraudeur qui connaît leur situation.")
	add(b.has("benefit", "benefit_amount", "income", "family_quotient"),
		"Atteinte à la vie privée et escroquerie : les prestations ou les revenus révèlent la situation économique des personnes et rendent crédible un faux courrier d’un organisme.")
	add(b.health(), "Discrimination et atteinte à la réputation : le handicap ou l’état de santé peut être connu d’un employeur, d’un assureur ou de l’entourage.")
	add(b.has("street_address", "geolocation"),
		"Atteinte à la sécurité : le domicile est connu, y compris celui de personnes qui se protègent d’un proche.")
	add(b.minors(), "Atteinte durable pour les mineurs : leurs données restent exploitables des années, sans qu’ils puissent s’en protéger eux-mêmes.")
	add(b.has("credential"), "Accès non autorisé à d’autres systèmes avec les mots de passe, clés ou jetons divulgués.")
	add(!b.named() && !b.nir() && b.unique > 0,
		"Levée non autorisée de la pseudonymisation : qui connaît d’une personne les éléments suivants retrouve tout le reste : "+quasiWords(b.quasi)+".")
	return all
}

func (d *markdown) measures(b *breach) {
	d.title("10. Mesures")
	d.p("- Mesures déjà prises : %s", todo)
	now, then := b.measures()
	for _, list := range []struct {
		title string
		items []string
	}{{"- Proposées sans délai :", now}, {"- Proposées ensuite :", then}} {
		d.p(list.title)
		d.items(list.items)
	}
	d.p("- Calendrier et responsable de chaque mesure : %s", todo)
}

// items writes a list that is one sentence.
func (d *markdown) items(items []string) {
	for i, item := range items {
		end := " ;"
		if i == len(items)-1 {
			end = "."
		}
		d.p("  - %s"+end, spaced.Replace(item))
	}
}

// measures are parts of sentences: what to do now, and what then.
func (b *breach) measures() (now, then []string) {
	add := func(list *[]string, holds bool, item string) {
		if holds {
			*list = append(*list, item)
		}
	}
	now = []string{
		"conserver une copie du fichier sous scellé, avec son empreinte, comme preuve",
		"retirer le fichier de chaque emplacement, avec ses versions, ses sauvegardes accessibles et ses copies dans la corbeille",
		"conserver les journaux d’accès depuis la date du fichier et demander à l’hébergeur de ne pas les purger",
		"établir d’après ces journaux qui a consulté ou copié les données, quand et combien de fois",
	}
	add(&now, b.sealed, "vérifier que le mot de passe est solide et n’a pas circulé avec le fichier, et établir ce que celui-ci contient")
	add(&now, b.states.has(scanner.Public), "demander aux moteurs de recherche et aux archives du Web la suppression de leurs copies")
	add(&now, true, "demander par écrit à ceux qui ont reçu les données de les détruire et de l’attester")
	add(&now, b.has("credential"), "révoquer les mots de passe, clés et jetons divulgués et rechercher leur emploi")
	add(&now, b.has("iban", "rib"), "recommander aux personnes de surveiller leurs comptes et prévenir les banques")
	add(&now, b.nir(), "prévenir les organismes sociaux de possibles usurpations avec les NIR divulgués")
	add(&now, true, "rechercher les mêmes données dans les autres espaces de l’organisme et de ses sous-traitants")
	add(&then, !b.sealed && (b.verdict == "fictitious" || b.verdict == "partly_anonymised" || !b.named() && !b.nir()),
		"revoir la procédure d’anonymisation : supprimer les noms ne suffit pas ; contrôler tout fichier avant sa remise à un tiers")
	add(&then, true, "restreindre l’accès aux espaces de dépôt et les analyser régulièrement")
	add(&then, true, "inscrire la violation au registre interne (article 33, paragraphe 5)")
	return now, then
}

// inform answers the question of Art. 34: are the people to be told?
func (d *markdown) inform(b *breach) {
	d.title("11. Information des personnes (article 34 du RGPD)")
	answer, remark, why := b.inform()
	d.p("- Réponse proposée : **" + answer + "**" + remark)
	d.items(why)
	d.p("- Si l’information individuelle demande des efforts disproportionnés, une communication publique la remplace (article 34, paragraphe 3, point c) : %s", todo)
	d.p("- Personnes informées, date, moyen et contenu de l’information : %s", todo)
}

// inform returns the answer, what follows it in its sentence, and the reasons.
// High risk is what the guidelines of the EDPB (9/2022) name: sensitive data,
// identity, money, children, many.
func (b *breach) inform() (answer, remark string, why []string) {
	if b.sealed {
		return "à apprécier", ". Les données sont chiffrées : si le mot de passe est solide et n’a pas été divulgué, la communication n’est pas obligatoire (article 34, paragraphe 3, point a).", nil
	}
	add := func(holds bool, reason string) {
		if holds {
			why = append(why, reason)
		}
	}
	add(b.health(), "les données concernent la santé ou le handicap (article 9)")
	add(b.nir(), "le NIR figure dans les données et permet l’usurpation d’identité")
	add(b.has("passport", "identity_card", "residence_permit"), "des numéros de documents officiels y figurent")
	add(b.has("iban", "rib"), "des coordonnées bancaires y figurent")
	add(b.has("credential"), "des mots de passe ou des clés d’accès y figurent")
	add(b.minors(), "des mineurs sont concernés")
	n := max(b.people.Estimate, b.people.Persons)
	add(n >= 10_000 && b.people.Unit != "document", "le nombre de personnes est élevé (environ "+fr.number(n)+")")
	add(b.has("benefit", "benefit_amount", "income") && b.severity >= scanner.High, "les prestations ou les revenus des personnes sont révélés")
	high := b.severity >= scanner.High && len(why) > 0
	switch {
	case high && b.seenOpen():
		return "oui", ", dans les meilleurs délais. Un risque élevé pour les droits et libertés des personnes est probable, pour les raisons suivantes :", why
	case high:
		return "oui, si un accès par des tiers est confirmé", ". Le risque serait alors élevé, pour les raisons suivantes :", why
	case len(why) > 0:
		return "à apprécier", ". vigie ne conclut pas à un risque élevé, mais relève ceci :", why
	}
	return "à apprécier", ". vigie n’a pas relevé d’élément qui rende à lui seul un risque élevé probable.", nil
}

// notify answers the question of Art. 33: is it to be notified, and why?
func (b *breach) notify() (answer, why string) {
	switch {
	case b.sealed:
		return "à apprécier", "les données sont chiffrées ; il n’y a pas de risque pour les personnes si le mot de passe est solide et n’a pas été divulgué"
	case b.seenOpen():
		return "oui", "les données étaient lisibles sans authentification ; un risque pour les personnes ne peut être écarté"
	}
	return "à apprécier", "vigie n’a pas constaté que des tiers pouvaient lire les données"
}

// authenticity says whether the data are real. That they were believed
// fictitious is how such files come to lie open.
func (d *markdown) authenticity(b *breach) {
	switch b.verdict {
	case "real":
		d.p("- Caractère réel des données : elles paraissent réelles (probabilité estimée : %s).", fr.percent(b.real))
	case "partly_anonymised":
		d.p("- Caractère réel des données : elles paraissent réelles et en partie anonymisées (probabilité estimée : %s).", fr.percent(b.real))
	case "fictitious":
		d.p("- Caractère réel des données : elles paraissent fictives (probabilité qu’elles soient réelles : %s). À vérifier auprès de leur auteur avant de renoncer à notifier : %s", fr.percent(b.real), todo)
	default:
		d.p("- Caractère réel des données : il n’est pas établi ; elles sont à tenir pour réelles jusqu’à preuve du contraire.")
	}
}
