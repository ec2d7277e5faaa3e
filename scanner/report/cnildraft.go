package report

import (
	"fmt"
	"strings"
	"time"

	"vigie/scanner"
)

// todo marks what somebody must fill in.
const todo = "**à compléter**"

// A markdown is Markdown in French that is being written.
type markdown struct{ strings.Builder }

// p writes a line. The format is ours and gets its no-break spaces; arguments
// stand as they are.
func (d *markdown) p(format string, args ...any) {
	fmt.Fprintf(d, spaced.Replace(format)+"\n", args...)
}

func (d *markdown) title(s string) { d.p("\n### %s\n", s) }

// code shows a string from outside, which Markdown must not read.
func code(s string) string {
	s = show(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.Contains(s, "`") || s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		s = " " + s + " "
	}
	return fence + s + fence
}

func preamble() string {
	var d markdown
	d.p("# Projets de notification à la CNIL (article 33 du RGPD)\n")
	d.p("Ces projets ont été préparés par vigie à partir de ce que l’analyse a constaté. Chacun concerne une violation : un même jeu de données trouvé à plusieurs endroits n’en fait qu’une.\n")
	d.p("Ce que vigie ne peut pas savoir est laissé en blanc et marqué %s. Un projet se relit, se complète et se saisit dans le téléservice de la CNIL ; il ne contient aucune donnée personnelle entière.", todo)
	return d.String()
}

// draft writes the draft of one breach.
func draft(n int, b *breach, aware time.Time) string {
	var d markdown
	what := subjectOf(b.profile).what
	title := what
	if b.sealed {
		title = "fichier chiffré, qui contiendrait des " + what
	}
	d.p("\n## Violation %d : %s", n, title)
	d.clock(b, aware)
	d.title("2. Organisme")
	d.p("- Responsable du traitement (dénomination, SIREN, adresse, secteur d’activité) : %s", todo)
	d.p("- Délégué à la protection des données ou autre point de contact (nom, fonction, courriel, téléphone) : %s", todo)
	d.p("- Sous-traitants et autres organismes impliqués, avec leur rôle : %s", todo)
	d.nature(b, what)
	d.dates(b)
	d.title("5. Origine et cause")
	if b.seenOpen() {
		d.p("- Origine de l’incident : %s (proposition : « publication non volontaire d’informations »).", todo)
	} else {
		d.p("- Origine de l’incident (publication non volontaire d’informations, envoi à un mauvais destinataire, piratage, équipement perdu ou volé…) : %s", todo)
	}
	d.p("- Cause (acte interne accidentel, interne malveillant, externe accidentel, externe malveillant, inconnue) : %s", todo)
	d.p("- Mesures de sécurité en place avant la violation : %s", todo)
	d.people(b)
	d.records(b)
	d.data(b)
	d.consequences(b)
	d.measures(b)
	d.inform(b)
	d.title("12. Autres points")
	d.authenticity(b)
	d.p("- Personnes situées dans d’autres États membres, notification à d’autres autorités : %s", todo)
	d.p("- Plainte, signalement à d’autres organismes (ANSSI, assureur, tutelle) : %s", todo)
	return d.String()
}

// clock says until when to notify (Art. 33(1)): 72 hours run through nights,
// week-ends and holidays.
func (d *markdown) clock(b *breach, aware time.Time) {
	d.title("1. Notification et délai")
	d.p("- Type : notification initiale, à compléter par une notification complémentaire dès que les éléments manquants sont connus (article 33, paragraphe 4).")
	answer, why := b.notify()
	d.p("- Notification à la CNIL, réponse proposée : **%s**, car %s.", answer, spaced.Replace(why))
	if aware.IsZero() {
		d.p("- Prise de connaissance de la violation : %s", todo)
		d.p("- Échéance : 72 heures après la prise de connaissance, nuits, week-ends et jours fériés compris : %s", todo)
		if !b.seen.IsZero() {
			d.p("- Si la violation a été connue par la découverte de vigie, le %s, l’échéance est le %s.", instant(b.seen.UTC()), instant(b.seen.UTC().Add(72*time.Hour)))
		}
	} else {
		d.p("- Prise de connaissance de la violation : le %s.", instant(aware))
		d.p("- Échéance : le %s, soit 72 heures après la prise de connaissance, nuits, week-ends et jours fériés compris.", instant(aware.Add(72*time.Hour)))
	}
	d.p("- Motifs du retard, si l’échéance est dépassée : %s", todo)
}

func (d *markdown) nature(b *breach, what string) {
	d.title("3. Nature de la violation")
	d.p("- Nature : **perte de confidentialité**. L’intégrité et la disponibilité des données ne se constatent pas de l’extérieur : %s", todo)
	switch {
	case b.sealed:
		d.p("- Constat : un fichier chiffré, qui contiendrait des %s d’après les noms qu’on y lit sans mot de passe, se trouve à l’emplacement indiqué.", what)
	case b.states.has(scanner.Public):
		d.p("- Constat : des %s étaient lisibles sur Internet sans aucune authentification.", what)
	case b.states.has(scanner.Network):
		d.p("- Constat : des %s étaient lisibles sur le réseau sans aucune authentification. L’accès depuis Internet n’a pas été constaté : %s", what, todo)
	default:
		d.p("- Constat : des %s se trouvent à l’emplacement indiqué. vigie n’a pas constaté que des tiers pouvaient les lire ; la réalité de la violation est à établir : %s", what, todo)
	}
	for _, p := range b.places {
		how := opened[string(p.state)]
		if how == "" {
			how = "accessibilité inconnue"
		}
		table := ""
		if p.table != "" {
			table = ", table " + code(p.table)
		}
		d.p("- Emplacement : %s%s (%s).", code(p.path), table, how)
	}
	if b.more > 0 {
		d.p("- Et %s de plus.", fr.count(b.more, "place"))
	}
	d.p("- Personnes ayant consulté ou copié les données, d’après les journaux d’accès (« vigie access » les lit) : %s", todo)
}

func (d *markdown) dates(b *breach) {
	d.title("4. Dates")
	if b.dated.IsZero() {
		d.p("- Début de la violation : %s", todo)
	} else {
		d.p("- Début de la violation : %s. Le fichier est daté du %s dans son stockage ; cette date ne prouve pas celle de la mise en ligne.", todo, fr.day(b.dated))
	}
	if !b.since.IsZero() {
		d.p("- Accès ouvert constaté par vigie depuis le %s.", fr.day(b.since))
	}
	if !b.seen.IsZero() {
		d.p("- Découverte : le %s, par une analyse automatique avec vigie.", instant(b.seen.UTC()))
	} else {
		d.p("- Découverte : par une analyse automatique avec vigie, le : %s", todo)
	}
	d.p("- Fin de la violation : %s", todo)
}

func (d *markdown) people(b *breach) {
	d.title("6. Personnes concernées")
	d.p("- Catégories : %s", spaced.Replace(subjectOf(b.profile).who))
	d.p("- Nombre approximatif : %s", nombreDePersonnes(b.people))
	switch {
	case b.people.Minors > 0:
		d.p("- Mineurs : oui, environ %s à la date des données.", fr.number(b.people.Minors))
	case b.minors():
		d.p("- Mineurs : oui, des enfants figurent dans les données ; leur nombre : %s", todo)
	default:
		d.p("- Mineurs : vigie n’en a pas compté ; %s", todo)
	}
	if b.health() && b.sealed {
		d.p("- Personnes vulnérables : oui, si le contenu est celui que disent les noms.")
	} else if b.health() {
		d.p("- Personnes vulnérables : oui, les données révèlent un handicap ou un état de santé.")
	} else {
		d.p("- Personnes vulnérables : %s", todo)
	}
}

// nombreDePersonnes says how many, between what limits, and how they were
// counted.
func nombreDePersonnes(p scanner.People) string {
	if p.Estimate <= 0 {
		return todo
	}
	noun := "person"
	switch p.Unit {
	case "household", "document":
		noun = p.Unit
	}
	s := fr.count(p.Estimate, noun)
	if !exact(p) {
		s = "environ " + s + fmt.Sprintf(" (entre %s et %s)", fr.number(p.Low), fr.number(p.High))
	}
	if p.Persons > 0 {
		s += ", soit environ " + fr.count(p.Persons, "person")
	}
	s += map[string]string{
		"nir":        ", comptées d’après les NIR distincts",
		"name_birth": ", comptées d’après les noms et dates de naissance distincts",
		"rows":       ", d’après le nombre de lignes",
		"documents":  ", d’après les documents",
	}[p.Basis]
	if p.Unit == "document" {
		s = strings.TrimSuffix(s, ", d’après les documents")
		return s + spaced.Replace(" ; nombre de personnes : ") + todo
	}
	return s + "."
}

func (d *markdown) records(b *breach) {
	d.title("7. Enregistrements concernés")
	switch {
	case b.documents > 0:
		d.p("- Catégorie : documents individuels.")
		d.p("- Nombre approximatif : %s.", fr.count(b.documents, "document"))
	case b.rows > 0:
		d.p("- Catégorie : lignes d’un fichier de données structurées.")
		d.p("- Nombre approximatif : %s.", fr.count(b.rows, "row"))
	default:
		d.p("- Catégorie et nombre approximatif : %s", todo)
	}
	if n := int64(len(b.places)) + b.more; n > 1 {
		d.p("- Les mêmes données ont été trouvées à %s ; elles ne sont comptées qu’une fois.", fr.count(n, "place"))
	}
}

// remarks close the report: what has no draft, and what was not read.
func (s *breaches) remarks() string {
	var d markdown
	d.p("\n## Limites de l’analyse\n")
	if len(s.all) == 0 {
		d.p("- Aucune violation n’a été constatée ; il n’y a pas de projet de notification.")
	}
	if s.lawful > 0 {
		d.p("- Sans projet, parce que ce sont des registres publiés légalement : %s.", fr.count(s.lawful, "finding"))
	}
	if s.accepted > 0 {
		d.p("- Sans projet, parce qu’ils ont été acceptés avec un motif : %s.", fr.count(s.accepted, "finding"))
	}
	if s.unread > 0 {
		d.p("- Objets qui n’ont pas pu être lus, ou pas jusqu’à la fin : %s. Ce qu’ils contiennent n’est pas connu.", fr.number(s.unread))
	}
	switch {
	case s.summary == nil || s.summary.Interrupted:
		d.p("- L’analyse a été interrompue : d’autres violations sont possibles.")
	case s.summary.Complete:
		d.p("- Tout ce qui était à analyser l’a été.")
	}
	return d.String()
}
