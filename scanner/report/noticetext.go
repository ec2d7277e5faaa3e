package report

import (
	"strings"
	"time"

	"vigie/scanner"
)

// text writes a message. Prose is broken at 76 cells; paths are not, they are
// to be copied.
func (t *letter) text(l language, aware time.Time) string {
	p := page{width: 76}
	say := func(english, inFrench string) { p.row("", "", 0, l.or(english, inFrench)) }
	list := func(english, inFrench string) { p.row("  - ", "", 4, l.or(english, inFrench)) }
	p.gap()
	p.row("", "", 0, strings.Repeat("=", 76))
	say("To: "+t.addressee(l), "À : "+t.addressee(l))
	p.b.WriteString(l.or("Subject: personal data open at "+t.host+": take down, and keep the logs\n",
		"Objet : données personnelles accessibles sur "+t.host+" : retrait et conservation des journaux\n"))
	p.gap()
	say("Hello,", "Bonjour,")
	p.gap()
	t.opening(say, aware)
	if t.special {
		say("Some of them are about disability or health (Article 9 GDPR).", "Certaines concernent la santé ou le handicap (article 9 du RGPD).")
	}
	p.gap()
	say("What lies where", "Ce qui se trouve où")
	for i, o := range t.objects {
		p.gap()
		o.text(&p, l, i+1)
	}
	if t.more > 0 {
		p.gap()
		say("and "+l.count(t.more, "finding")+" more in other objects here, a list of which we can send",
			"et "+l.count(t.more, "finding")+" de plus dans d’autres objets de cet espace, dont nous pouvons envoyer la liste")
	}
	p.gap()
	say("What we ask of you", "Ce que nous vous demandons")
	p.gap()
	list("Withdraw public access to these paths now, and to what goes with them: earlier versions, copies, caches, CDN, mirrors, listings.",
		"Retirer dès maintenant l’accès public à ces chemins et à ce qui les accompagne : versions antérieures, copies, caches, CDN, miroirs, listages.")
	list("Do not destroy the evidence: keep one copy of each object and of its versions and metadata where nobody but you can read it, until we have agreed on its deletion.",
		"Ne pas détruire les preuves : conserver une copie de chaque objet, de ses versions et de ses métadonnées, hors de portée de tiers, jusqu’à ce que nous convenions de sa suppression.")
	from := l.or("from the day the objects were put there", "depuis la mise en ligne des objets")
	if !t.oldest.IsZero() {
		from = l.or("from "+l.day(t.oldest)+", the date of the oldest object,", "depuis le "+l.day(t.oldest)+", date du plus ancien objet,")
	}
	list("Keep the access logs "+from+" until today, unaltered and exempt from rotation: address, time, path, status, bytes, user agent; also those of a CDN or proxy before it, and the logs of who put the objects there and who changed the rights.",
		"Conserver les journaux d’accès "+from+" jusqu’à ce jour, sans altération ni purge : adresse, date et heure, chemin, statut, octets, agent utilisateur ; de même ceux d’un CDN ou d’un proxy placé devant, et les journaux des dépôts et des changements de droits.")
	list("Tell us since when the objects could be read, who fetched them and how often, and whether there are copies elsewhere.",
		"Nous indiquer depuis quand les objets étaient lisibles, qui les a téléchargés et combien de fois, et s’il en existe des copies ailleurs.")
	list("Do not open, copy or pass on the contents beyond what this takes.",
		"Ne pas ouvrir, copier ni transmettre leur contenu au-delà de ce que cela exige.")
	list("Confirm in writing when it is done, with the time.", "Confirmer par écrit ce qui a été fait, avec l’heure.")
	p.gap()
	t.law(say, l, aware)
	p.gap()
	say("Answer to: [name, function, organisation, e-mail, telephone]", "Réponse à : [nom, fonction, organisme, adresse électronique, téléphone]")
	say("This message holds no personal data of the people concerned.", "Ce message ne contient aucune donnée personnelle des personnes concernées.")
	return p.take()
}

// addressee says who must act.
func (t *letter) addressee(l language) string {
	switch t.scheme {
	case "http", "https":
		return l.or("the web host of "+t.host+", and whoever publishes there [contact]", "l’hébergeur de "+t.host+" et l’éditeur du site [contact]")
	case "s3", "gs", "swift":
		return l.or("the owner of the bucket "+t.host+", or the provider of the store [contact]", "le propriétaire du compartiment (bucket) "+t.host+" ou le fournisseur du stockage [contact]")
	case "az":
		return l.or("the owner of the storage account "+t.host+", or its provider [contact]", "le propriétaire du compte de stockage "+t.host+" ou son fournisseur [contact]")
	}
	return l.or("the operator of "+t.host+" [contact]", "l’exploitant de "+t.host+" [contact]")
}

// opening says what was seen, and no more than that.
func (t *letter) opening(say func(string, string), aware time.Time) {
	open := false
	for _, o := range t.objects {
		open = open || o.exposure.State == scanner.Public || o.exposure.State == scanner.Network
	}
	if open {
		say("Personal data of people in France lie at "+t.host+", where they can be read without any credentials.",
			"des données à caractère personnel se trouvent sur "+t.host+", où elles sont lisibles sans aucune authentification.")
	} else {
		say("Personal data of people in France lie at "+t.host+". Whether they can be read without credentials is not established; please find out.",
			"des données à caractère personnel se trouvent sur "+t.host+". Il n’est pas établi qu’elles soient lisibles sans authentification ; merci de le vérifier.")
	}
	if !aware.IsZero() {
		say("We learnt of it on "+aware.Format("2006-01-02 at 15:04 (UTC-07:00)")+".", "Nous en avons pris connaissance le "+instant(aware)+".")
	}
}

func (t *letter) law(say func(string, string), l language, aware time.Time) {
	due := l.or("within 72 hours", "dans les 72 heures")
	if !aware.IsZero() {
		at := aware.Add(72 * time.Hour)
		due = l.or("by "+at.Format("2006-01-02 15:04 (UTC-07:00)"), "au plus tard le "+instant(at))
	}
	say("It is urgent: a personal data breach is to be notified to the supervisory authority "+due+" (Article 33 GDPR), and what your logs say decides what the people concerned must be told (Article 34). If you process these data for somebody else, you must tell them without undue delay (Article 33(2)) and assist them (Article 28(3)(f)).",
		"C’est urgent : une violation de données se notifie à la CNIL "+due+" (article 33 du RGPD), et ce que disent vos journaux décide de l’information des personnes (article 34). Si vous traitez ces données pour le compte d’un tiers, vous devez l’avertir dans les meilleurs délais (article 33, paragraphe 2) et l’aider (article 28, paragraphe 3, point f).")
}

// text writes what is known of an object.
func (o *noticed) text(p *page, l language, n int) {
	p.b.WriteString(l.number(int64(n)) + ". " + Plain(o.path) + "\n")
	row := func(english, inFrench, text string) {
		if text != "" {
			label := "   " + l.or(english, inFrench)
			p.row(label, "", 16, text)
		}
	}
	row("what", "nature", o.what)
	inside := strings.Join(o.inside, "; ")
	if o.more > 0 {
		inside += l.or("; and "+l.number(o.more)+" more", " ; et "+l.number(o.more)+" de plus")
	}
	row("inside", "contenu", strings.TrimPrefix(inside, "; "))
	var object []string
	if o.object.Size >= 0 && !strings.HasSuffix(o.path, "/") {
		object = append(object, l.size(o.object.Size))
	}
	if t := o.object.Modified; !t.IsZero() {
		object = append(object, l.or("dated ", "daté du ")+l.day(t)+t.UTC().Format(" 15:04 UTC"))
	}
	if o.object.ETag != "" {
		object = append(object, "ETag "+show(o.object.ETag))
	}
	row("object", "objet", strings.Join(object, ", "))
	row("access", "accès", show(l.exposure(o.exposure)))
	row("reference", "référence", strings.Join(o.ids, ", "))
}
