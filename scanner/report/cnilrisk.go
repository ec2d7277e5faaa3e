package report

import (
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// data names the data in the words of the form, then those of Art. 9.
func (d *french) data(b *breach) {
	d.title("8. Catégories de données")
	var named []detectors.Kind
	for _, class := range dataClasses {
		var words []string
		for _, k := range class.kinds {
			named = append(named, k.kind)
			if b.has(k.kind) && !(b.has("full_name") && (k.kind == "last_name" || k.kind == "first_name")) {
				words = append(words, k.name)
			}
		}
		if class.name == "Autres données" {
			for _, k := range b.kinds {
				if !slices.Contains(named, k) {
					words = append(words, code(string(k)))
				}
			}
		}
		if words != nil {
			d.p("- **%s** : %s.", class.name, liste(words))
		}
	}
	if b.kinds == nil {
		d.p("- Catégories : %s", todo)
	}
	switch {
	case b.sealed:
		d.p("- Les données sont chiffrées : les catégories sont à vérifier par qui a le mot de passe.")
	case !b.named() && !b.nir() && b.unique > 0:
		d.p("- Ni nom ni NIR, mais des données identifiantes : %s des lignes sont seules à présenter leur combinaison des éléments suivants : %s. Les personnes sont identifiables indirectement ; les données ne sont pas anonymes.", pourcent(b.unique), quasiWords(b.quasi))
	}
	d.title("Données sensibles (article 9 du RGPD)")
	if !b.health() {
		d.p("- vigie n’a pas constaté de donnée de santé ; autres catégories particulières (opinions, religion, origine, orientation sexuelle…) : %s", todo)
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
	d.p("- Données concernant la santé : oui, d’après %s.", liste(by))
	d.p("- Autres catégories particulières : %s", todo)
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
	return liste(words)
}

func (d *french) consequences(b *breach) {
	d.title("9. Conséquences probables")
	d.p("- Les données ont échappé à la maîtrise des personnes concernées et peuvent être diffusées, croisées avec d’autres et exploitées à d’autres fins que celles prévues.")
	if b.nir() {
		d.p("- Usurpation d’identité : le NIR sert d’identifiant auprès des organismes sociaux et de santé et ne se change pas.")
	}
	if b.has("passport", "identity_card", "residence_permit", "driving_licence") {
		d.p("- Usurpation d’identité : les numéros de documents officiels permettent d’ouvrir des comptes ou de contracter au nom des personnes.")
	}
	if b.has("iban", "rib") {
		d.p("- Pertes financières : les coordonnées bancaires permettent des prélèvements et des virements frauduleux.")
	}
	if b.has("email", "phone") {
		d.p("- Hameçonnage : les personnes peuvent être contactées par un fraudeur qui connaît leur situation.")
	}
	if b.has("benefit", "benefit_amount", "income", "family_quotient") {
		d.p("- Atteinte à la vie privée et escroquerie : les prestations ou les revenus révèlent la situation économique des personnes et rendent crédible un faux courrier d’un organisme.")
	}
	if b.health() {
		d.p("- Discrimination et atteinte à la réputation : le handicap ou l’état de santé peut être connu d’un employeur, d’un assureur ou de l’entourage.")
	}
	if b.has("street_address", "geolocation") {
		d.p("- Atteinte à la sécurité : le domicile est connu, y compris celui de personnes qui se protègent d’un proche.")
	}
	if b.minors() {
		d.p("- Atteinte durable pour les mineurs : leurs données restent exploitables des années, sans qu’ils puissent s’en protéger eux-mêmes.")
	}
	if b.has("credential") {
		d.p("- Accès non autorisé à d’autres systèmes avec les mots de passe, clés ou jetons divulgués.")
	}
	if !b.named() && !b.nir() && b.unique > 0 {
		d.p("- Levée non autorisée de la pseudonymisation : qui connaît d’une personne les éléments suivants retrouve tout le reste : %s.", quasiWords(b.quasi))
	}
	d.p("- Niveau de gravité proposé : **%s**, à confirmer (échelle : négligeable, limitée, importante, maximale).",
		[...]string{"négligeable", "négligeable", "limitée", "importante", "maximale"}[min(b.severity, scanner.Critical)])
}

func (d *french) measures(b *breach) {
	d.title("10. Mesures")
	d.p("- Mesures déjà prises : %s", todo)
	d.p("- Proposées sans délai :")
	d.p("  - retirer le fichier de chaque emplacement, avec ses versions, ses sauvegardes accessibles et ses copies dans la corbeille ;")
	d.p("  - avant le retrait, en conserver une copie sous scellé avec son empreinte, comme preuve ;")
	d.p("  - conserver les journaux d’accès depuis la date du fichier et demander à l’hébergeur de ne pas les purger ;")
	d.p("  - établir d’après ces journaux qui a consulté ou copié les données, quand et combien de fois ;")
	if b.states[scanner.Public] {
		d.p("  - demander aux moteurs de recherche et aux archives du Web la suppression de leurs copies ;")
	}
	d.p("  - demander par écrit à ceux qui ont reçu les données de les détruire et de l’attester ;")
	if b.has("credential") {
		d.p("  - révoquer les mots de passe, clés et jetons divulgués et rechercher leur emploi ;")
	}
	if b.has("iban", "rib") {
		d.p("  - recommander aux personnes de surveiller leurs comptes et prévenir les banques ;")
	}
	if b.nir() {
		d.p("  - prévenir les organismes sociaux de possibles usurpations avec les NIR divulgués ;")
	}
	d.p("  - rechercher les mêmes données dans les autres espaces de l’organisme et de ses sous-traitants.")
	d.p("- Proposées ensuite :")
	if b.verdict == "fictitious" || b.verdict == "partly_anonymised" || !b.named() && !b.nir() {
		d.p("  - revoir la procédure d’anonymisation : supprimer les noms ne suffit pas ; contrôler tout fichier avant sa remise à un tiers ;")
	}
	d.p("  - restreindre l’accès aux espaces de dépôt et les analyser régulièrement ;")
	d.p("  - inscrire la violation au registre interne (article 33, paragraphe 5).")
	d.p("- Calendrier et responsable de chaque mesure : %s", todo)
}

// inform answers the question of Art. 34: are the people to be told? High risk
// is what the guidelines of the EDPB (9/2022) name: sensitive data, identity,
// money, children, many.
func (d *french) inform(b *breach) {
	d.title("11. Information des personnes (article 34 du RGPD)")
	var why []string
	if b.health() {
		why = append(why, "les données concernent la santé ou le handicap (article 9)")
	}
	if b.nir() {
		why = append(why, "le NIR figure dans les données et permet l’usurpation d’identité")
	}
	if b.has("passport", "identity_card", "residence_permit") {
		why = append(why, "des numéros de documents officiels y figurent")
	}
	if b.has("iban", "rib") {
		why = append(why, "des coordonnées bancaires y figurent")
	}
	if b.has("credential") {
		why = append(why, "des mots de passe ou des clés d’accès y figurent")
	}
	if b.minors() {
		why = append(why, "des mineurs sont concernés")
	}
	if n := max(b.people.Estimate, b.people.Persons); n >= 10_000 && b.people.Unit != "document" {
		why = append(why, "le nombre de personnes est élevé (environ "+nombre(n)+")")
	}
	if b.has("benefit", "benefit_amount", "income") && b.severity >= scanner.High {
		why = append(why, "les prestations ou les revenus des personnes sont révélés")
	}
	high := b.severity >= scanner.High && len(why) > 0
	switch {
	case b.sealed:
		d.p("- Réponse proposée : **à apprécier**. Les données sont chiffrées ; si le mot de passe est solide et n’a pas été divulgué, la communication n’est pas obligatoire (article 34, paragraphe 3, point a).")
	case high && b.seenOpen():
		d.p("- Réponse proposée : **oui**, dans les meilleurs délais. Un risque élevé pour les droits et libertés des personnes est probable, pour les raisons suivantes :")
	case high:
		d.p("- Réponse proposée : **oui, si un accès par des tiers est confirmé**. Le risque serait alors élevé, pour les raisons suivantes :")
	case len(why) > 0:
		d.p("- Réponse proposée : **à apprécier**. vigie ne conclut pas à un risque élevé, mais relève ceci :")
	default:
		d.p("- Réponse proposée : **à apprécier**. vigie n’a pas relevé d’élément qui rende à lui seul un risque élevé probable.")
	}
	if !b.sealed {
		for i, w := range why {
			end := " ;"
			if i == len(why)-1 {
				end = "."
			}
			d.p("  - %s"+end, w)
		}
	}
	d.p("- Si l’information individuelle demande des efforts disproportionnés, une communication publique la remplace (article 34, paragraphe 3, point c) : %s", todo)
	d.p("- Personnes informées, date et moyen : %s", todo)
}

// authenticity says whether the data are real. That they were believed
// fictitious is how such files come to lie open.
func (d *french) authenticity(b *breach) {
	switch b.verdict {
	case "real":
		d.p("- Caractère réel des données : elles paraissent réelles (probabilité estimée : %s).", pourcent(b.real))
	case "partly_anonymised":
		d.p("- Caractère réel des données : elles paraissent réelles et en partie anonymisées (probabilité estimée : %s).", pourcent(b.real))
	case "fictitious":
		d.p("- Caractère réel des données : elles paraissent fictives (probabilité qu’elles soient réelles : %s). À vérifier auprès de leur auteur avant de renoncer à notifier : %s", pourcent(b.real), todo)
	default:
		d.p("- Caractère réel des données : il n’est pas établi ; elles sont à tenir pour réelles jusqu’à preuve du contraire.")
	}
}
