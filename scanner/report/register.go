package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"vigie/scanner"
)

var register = Report{
	Name: "register",
	Doc: `lines for the internal register of breaches (Art. 33(5) GDPR), in French

One line a leak, as CSV with semicolons that French spreadsheets open: the facts,
the effects and the remedial action, in the words of the CNIL, and whether it is
to be notified, and why. What vigie cannot know is marked « à compléter ». No cell
is a formula. Data that are published lawfully, or accepted with a reason, have
no line.`,
	Open: openRegister,
}

// blank marks a cell, or a part of one, that somebody must fill in.
const blankCell = "à compléter"

var registerTitles = []string{
	"N°", "Référence vigie", "Date de la découverte", "Prise de connaissance", "Début de la violation", "Fin de la violation",
	"Nature de la violation", "Faits", "Origine et cause", "Sous-traitants impliqués",
	"Catégories de personnes", "Nombre approximatif de personnes", "Mineurs",
	"Catégories d’enregistrements", "Nombre approximatif d’enregistrements", "Catégories de données", "Données sensibles (article 9)",
	"Conséquences probables", "Gravité", "Mesures prises", "Mesures envisagées",
	"Notification à la CNIL", "Motifs", "Date et numéro de la notification", "Information des personnes", "Motifs de l’information ou de son absence", "Date de l’information",
}

func openRegister(w io.Writer, o Options) scanner.Sink {
	s := &registerSink{w: w, o: o}
	s.csv = csv.NewWriter(&s.buf)
	s.csv.UseCRLF, s.csv.Comma = true, ';'
	return s
}

// A registerSink keeps the findings of each leak together and writes the lines
// when it is closed.
type registerSink struct {
	breaches
	w     io.Writer
	o     Options
	buf   bytes.Buffer
	csv   *csv.Writer
	begun bool
}

func (s *registerSink) Write(_ context.Context, r scanner.Record) error {
	if !s.take(r) {
		return nil
	}
	return s.begin()
}

// begin writes the mark by which spreadsheets know UTF-8, and the titles.
func (s *registerSink) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	s.buf.WriteString("\uFEFF")
	return s.row(registerTitles)
}

func (s *registerSink) row(cells []string) error {
	s.csv.Write(cells) // to memory: fails never
	s.csv.Flush()
	if _, err := s.buf.WriteTo(s.w); err != nil {
		return fmt.Errorf("write register: %w", err)
	}
	return nil
}

// Close writes the lines, the worst first.
func (s *registerSink) Close() error {
	if err := s.begin(); err != nil {
		return err
	}
	s.sort()
	for i, b := range s.all {
		if err := s.row(disarmed(b.line(i+1, s.o)...)); err != nil {
			return err
		}
	}
	return nil
}

// line is what the register says of a breach.
func (b *breach) line(n int, o Options) []string {
	discovered, aware, dated := blankCell, blankCell, blankCell
	if !b.seen.IsZero() {
		discovered = instant(b.seen.UTC()) + ", par une analyse avec vigie"
	}
	if !o.AwareAt.IsZero() {
		aware = instant(o.AwareAt)
	}
	if !b.since.IsZero() {
		dated += " (ouvert au plus tard le " + fr.day(b.since) + ")"
	}
	if !b.dated.IsZero() {
		dated += " (fichier daté du " + fr.day(b.dated) + ")"
	}
	subject := subjectOf(b.profile)
	origin := blankCell
	if b.seenOpen() {
		origin += " (proposition : publication non volontaire d’informations)"
	}
	minors := "aucun compté, " + blankCell
	switch {
	case b.people.Minors > 0:
		minors = "oui, environ " + fr.number(b.people.Minors)
	case b.minors():
		minors = "oui, nombre " + blankCell
	}
	records, amount := b.amount()
	var data []string
	for _, c := range b.data() {
		data = append(data, c.class+" ("+strings.ReplaceAll(strings.Join(c.words, ", "), unnamed, "")+")")
	}
	gravity := b.gravity() + " (proposition)"
	special := "pas de donnée de santé constatée, autres catégories " + blankCell
	if b.health() {
		special = "santé ou handicap, autres catégories " + blankCell
	}
	if b.sealed {
		gravity, special = blankCell, blankCell
	}
	notify, because := b.notify()
	inform, _, why := b.inform()
	now, then := b.measures()
	cells := []string{
		strconv.Itoa(n), b.reference(), discovered, aware, dated, blankCell,
		"perte de confidentialité", b.facts(), origin, blankCell,
		unmarked(subject.who), unmarked(nombreDePersonnes(b.people)), minors,
		records, amount, orBlank(strings.Join(data, " ; ")), special,
		strings.Join(b.consequences(), " "), gravity, blankCell, capital(strings.Join(append(now, then...), " ; ")) + ".",
		notify + " (proposition)", because, blankCell, inform + " (proposition)", orBlank(strings.Join(why, " ; ")), blankCell,
	}
	for i := range cells {
		cells[i] = spaced.Replace(cells[i])
	}
	return cells
}

// facts says what lies where, and who can read it.
func (b *breach) facts() string {
	s := capital(unmarked(subjectOf(b.profile).what))
	switch {
	case b.sealed:
		s = "Fichier chiffré dont les noms annoncent des " + unmarked(subjectOf(b.profile).what)
	case b.states.has(scanner.Public):
		s += " lisibles sur Internet sans authentification"
	case b.states.has(scanner.Network):
		s += " lisibles sur le réseau sans authentification"
	default:
		s += ", accès par des tiers non constaté"
	}
	var places []string
	for i, p := range b.places {
		if i == 5 {
			break
		}
		place := p.path
		if p.table != "" {
			place += " (table " + p.table + ")"
		}
		places = append(places, place)
	}
	s += " : " + strings.Join(places, ", ")
	if more := int64(len(b.places)) + b.more - int64(len(places)); more > 0 {
		s += " et " + fr.count(more, "place") + " de plus"
	}
	return s + "."
}

// amount says what records there are, and how many.
func (b *breach) amount() (what, number string) {
	switch {
	case b.documents > 0:
		return "documents individuels", fr.number(b.documents)
	case b.rows > 0:
		return "lignes d’un fichier de données structurées", fr.number(b.rows)
	}
	return blankCell, blankCell
}

// reference is the leak, or the finding that has none.
func (b *breach) reference() string {
	if b.leak != "" {
		return b.leak
	}
	return b.id
}

// unmarked takes the marks of Markdown from a text of ours.
func unmarked(s string) string { return strings.NewReplacer("**", "", "`", "").Replace(s) }

func orBlank(s string) string {
	if s == "" {
		return blankCell
	}
	return s
}
