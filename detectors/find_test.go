package detectors

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// minutes (of a meeting) are what most running text is like: nobody's data, with the words that
// detectors look for in other senses.
var minutes = strings.Repeat(`La commission s'est réunie le 12 mai 2024 à la mairie pour examiner le rapport annuel. Le président
rappelle que les aides au logement, les allocations et les prestations relèvent de plusieurs organismes, et que le montant des dépenses
reste stable. Plusieurs membres demandent des précisions sur la situation des familles, le nombre de dossiers et la date de la
prochaine réunion. Une étude publiée en janvier montre que 37 % des ménages interrogés n'ont pas répondu ; elle porte sur 12 450
logements répartis dans 24 quartiers. Après discussion, l'assemblée décide de reporter l'examen du point 5 (voirie, rue principale)
et de confier au service technique la rédaction d'une note. Les associations présentes soulignent le rôle des bénévoles et la qualité
de l'accueil. NOTE : voir aussi le compte rendu n° 12, page 4. La séance est levée à 18 h 30.
`, 8)

// findOthers runs all that is no sieve, as a study of running text does.
func findOthers(text *Text, dst []Match) []Match {
	for _, d := range All() {
		if d.Find != nil && !d.Sieve {
			dst = d.Find(dst, text)
		}
	}
	return dst
}

func TestProseIsSilent(t *testing.T) {
	for _, d := range All() {
		if d.Find == nil {
			continue
		}
		for _, m := range d.Find(nil, textOf(minutes)) {
			t.Errorf("%s: found %q", d.Kind, minutes[m.Start:m.End])
		}
	}
}

func TestCodeIsSilent(t *testing.T) {
	const code = `const SITUATION = "RSA"; // see RFC 8017, AES-256, ssh-rsa AAAAB3Nza
func (m *Map) Nom(x int) { return m.nom[x] } // 12 all tests, 3 place holders
2024-05-12T10:00:00Z INFO user=jean status=200 sexe=%s date=2024-05-12 CF=3 AL=2
SELECT nom, prenom, date_naissance FROM personnes WHERE id = 42; -- Monsieur X
if (lat > 44.8378 && lon < -0.5792) { zip = "33000"; city = "Bordeaux" }
M. le Maire, Mme la Présidente, Messieurs les conseillers ; M Jean2 ; MM. les élus
`
	for _, d := range All() {
		if d.Find == nil {
			continue
		}
		for _, m := range d.Find(nil, textOf(code)) {
			t.Errorf("%s: found %q", d.Kind, code[m.Start:m.End])
		}
	}
}

// Every labelled value of a form is found where it stands.
func TestForm(t *testing.T) {
	const form = `Nom : DUPONT   Prénom : Jeanne
Sexe : F
Né(e) le : 12/05/1985
Adresse : 12 bis rue des Lilas
33000 BORDEAUX
N° allocataire : 1234567
Situation familiale : mariée
Nombre d'enfants à charge : 2
Revenu fiscal de référence : 12 345 €
Quotient familial : 456 €
Bénéficiaire de l'AAH : 1 016,05 €
`
	want := map[Kind]string{
		"full_name": "DUPONT   Prénom : Jeanne", "last_name": "DUPONT", "first_name": "Jeanne", "sex": "F", "birth_date": "12/05/1985",
		"street_address": "12 bis rue des Lilas", "postcode": "33000", "commune": "BORDEAUX", "caf_number": "1234567",
		"family_situation": "mariée", "children": "2", "income": "12 345 €", "family_quotient": "456 €", "benefit": "AAH",
		"benefit_amount": "1 016,05 €",
	}
	for _, d := range All() {
		if d.Find == nil {
			continue
		}
		var got []string
		for _, m := range d.Find(nil, textOf(form)) {
			got = append(got, form[m.Start:m.End])
		}
		if strings.Join(got, "|") != want[d.Kind] {
			t.Errorf("%s: found %q, want %q", d.Kind, got, want[d.Kind])
		}
	}
}

// A label does not reach into the next cell, nor a name over a line's end.
func TestFindStaysInItsCell(t *testing.T) {
	var text Text
	b := []byte("Nom;DUPONT;né le;12/05/1985;12;rue des Lilas;33000;BORDEAUX\n")
	text.Reset(b, ';', '\n', '"')
	for _, m := range findOthers(&text, nil) {
		t.Errorf("found %q", b[m.Start:m.End])
	}
}

func TestFindDoesNotAllocate(t *testing.T) {
	text := textOf(minutes)
	dst := findOthers(text, make([]Match, 0, 64))
	all := All()
	allocs := testing.AllocsPerRun(20, func() {
		dst = dst[:0]
		for _, d := range all {
			if d.Find != nil && !d.Sieve {
				dst = d.Find(dst, text)
			}
		}
	})
	if allocs > 0 {
		t.Errorf("%.0f allocations in %d bytes of prose", allocs, len(minutes))
	}
}

func BenchmarkStudy(b *testing.B) {
	b.Run("words", func(b *testing.B) {
		b.SetBytes(int64(len(minutes)))
		text := textOf(minutes)
		for b.Loop() {
			text.read, text.words = false, text.words[:0]
			text.Words()
		}
	})
	b.Run("openings", func(b *testing.B) {
		b.SetBytes(int64(len(minutes)))
		text := textOf(minutes)
		for b.Loop() {
			text.opened = false
			text.openings()
		}
	})
	var others []Detector
	for _, d := range All() {
		if d.Find != nil && !d.Sieve {
			others = append(others, d)
		}
	}
	run := func(name string, ds []Detector) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(minutes)))
			text := textOf(minutes)
			text.Words()
			var dst []Match
			for b.Loop() {
				for _, d := range ds {
					dst = d.Find(dst[:0], text)
				}
			}
		})
	}
	run("all", others)
	for _, d := range others {
		run(string(d.Kind), []Detector{d})
	}
}

// letters is running text as offices write it: names, dates, benefits, many
// words that labels begin with, and few labels.
func letters() []byte {
	words := strings.Fields("la le de du des et à commission décide demandeur allocation taux prestation handicapées personnes droits maison " +
		"départementale autonomie notification recours délai incapacité durée examiné président situation attribution nombre date garde enfants CAF né " +
		"l'allocataire d'enfants aujourd'hui dossier adresse commune lieu montant traitement pathologie numéro n° lettre courrier lundi mardi RSA APL")
	random := rand.New(rand.NewPCG(7, 7))
	var b []byte
	for len(b) < 1<<18 {
		for range 40 + random.IntN(60) {
			b = append(append(b, words[random.IntN(len(words))]...), ' ')
		}
		b = fmt.Appendf(b, "Madame DURAND Jeanne, née le %02d/%02d/19%02d à Bordeaux. Dossier : %d, article L. 241-6.\n",
			1+random.IntN(28), 1+random.IntN(12), random.IntN(100), random.IntN(100000))
	}
	return b
}

// BenchmarkLetters is all that is done to running text that looks new.
func BenchmarkLetters(b *testing.B) {
	text, all := letters(), All()
	var x Text
	var found []Match
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x.Reset(text, 0, 0, 0)
		for _, d := range all {
			if d.Find != nil {
				found = d.Find(found[:0], &x)
			}
		}
	}
}

func BenchmarkFits(b *testing.B) {
	for _, c := range []struct {
		kind Kind
		cell string
	}{
		{"birth_date", "12/05/1985"}, {"street_address", "12 BIS RUE DES LILAS"}, {"commune", "SAINT EMILION"}, {"last_name", "LEFEBVRE"},
		{"full_name", "LEFEBVRE Jeanne"}, {"income", "1234,56"}, {"benefit", "AAH"},
	} {
		for _, d := range All() {
			if d.Kind != c.kind {
				continue
			}
			b.Run(string(c.kind), func(b *testing.B) {
				cell := []byte(c.cell)
				b.SetBytes(int64(len(cell)))
				b.ReportAllocs()
				for b.Loop() {
					d.Fits(cell)
				}
			})
		}
	}
}
