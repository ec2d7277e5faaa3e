package report

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

// unspaced is where a plain one stands before a sign or inside the
// guillemets, a thousand has no space, or a format went wrong.
var unspaced = regexp.MustCompile("(?m) [:;?!»%]|« |[0-9]{5}|%!")

// inCode is what stands in code spans: names from outside.
var inCode = regexp.MustCompile("``+ .*? ``+|`[^`]*`")

func TestDraftsOfTheTwoCases(t *testing.T) {
	aware := time.Date(2026, 2, 27, 9, 5, 0, 0, time.FixedZone("", 3600))
	again := caf()
	again.ID, again.Path = "77aa", "s3://formation/CAF.zip!/CAF/allocataires.csv"
	got := write(t, cnil, Options{AwareAt: aware}, []scanner.Record{mdph(), caf(), again,
		&scanner.Problem{Path: "/x", Reason: scanner.Encrypted}, &scanner.Summary{Objects: 4}})
	golden(t, "aware.cnil", got)
	for _, want := range []string{
		"10 204 foyers, soit environ 27 950 personnes", "oui, environ 11 020", "environ 314 personnes (entre 308 et 314)",
		"10 204 lignes", "314 documents", "trouvées à 2 emplacements", "daté du 14 mars 2021", "depuis le 14 novembre 2022",
		"le 2 mars 2026 à 9 h 05 (UTC+01:00), soit 72 heures", "plus de 99 % des lignes", "perte de confidentialité",
	} {
		if n := strings.Count(strings.NewReplacer("\u00A0", " ", "\u202F", " ").Replace(got), want); n != 1 && want != "perte de confidentialité" && !strings.Contains(want, "72 heures") {
			t.Errorf("%q stands there %d times", want, n)
		} else if n == 0 {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(got, "\n## Violation "); n != 2 {
		t.Errorf("%d drafts of two leaks", n)
	}
}

// Every draft has each point of Art. 33(3) and of the form, filled or marked.
func TestDraftHasEveryPoint(t *testing.T) {
	for name, records := range stories() {
		got := write(t, cnil, Options{}, records)
		drafts := strings.Split(got, "\n## ")
		for _, d := range drafts[1 : len(drafts)-1] {
			for _, point := range []string{"Échéance", "Responsable du traitement", "Délégué à la protection", "Nature", "Emplacement",
				"Début de la violation", "Fin de la violation", "Origine", "Cause", "Catégories", "Nombre approximatif|nombre approximatif", "Mineurs", "Personnes vulnérables",
				"Données sensibles", "Conséquences probables", "gravité", "Mesures déjà prises", "Proposées", "article 34", "Réponse proposée", "autres États membres"} {
				if !regexp.MustCompile(point).MatchString(d) {
					t.Errorf("%s: no %q", name, point)
				}
			}
			for line := range strings.Lines(d) {
				if strings.HasPrefix(line, "- ") && !strings.ContainsAny(line[len(line)-3:], ".:;*)") {
					t.Errorf("%s: no sentence: %s", name, line)
				}
			}
		}
		if bad := unspaced.FindString(inCode.ReplaceAllString(got, "")); bad != "" {
			t.Errorf("%s: %q in\n%s", name, bad, got)
		}
	}
}

// What a scan hands over and what is read back from its JSON give one draft.
func TestDraftFromJSON(t *testing.T) {
	records := []scanner.Record{mdph(), &scanner.Summary{Complete: true}}
	back, err := read(write(t, jsonl, Options{}, records))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := write(t, cnil, Options{}, records), write(t, cnil, Options{}, back); a != b {
		t.Errorf("%s\nis not\n%s", b, a)
	}
}

func TestDraftAnswersArticle34(t *testing.T) {
	tests := []struct {
		name   string
		change func(*scanner.Finding)
		want   string
	}{
		{"open", func(*scanner.Finding) {}, "**oui**, dans les meilleurs délais"},
		{"local", func(f *scanner.Finding) { f.Exposure.State = scanner.Local }, "**oui, si un accès par des tiers est confirmé**"},
		{"private", func(f *scanner.Finding) { f.Exposure.State, f.Severity = scanner.Private, scanner.Medium }, "**à apprécier**. vigie ne conclut pas"},
		{"encrypted", func(f *scanner.Finding) { f.Why = []scanner.Why{{Code: "sealed"}} }, "Les données sont chiffrées"},
		{"little", func(f *scanner.Finding) {
			f.Severity, f.Profile, f.Fields, f.Why, f.People = scanner.Low, "people-register", f.Fields[1:2], nil, scanner.People{Estimate: 3, Unit: "person"}
		}, "**à apprécier**. vigie n’a pas relevé"},
	}
	for _, tt := range tests {
		f := mdph()
		tt.change(f)
		if got := write(t, cnil, Options{}, []scanner.Record{f}); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %q in\n%s", tt.name, tt.want, got)
		}
	}
}

func TestPublishedRegisterHasNoDraft(t *testing.T) {
	f := &scanner.Finding{ID: "a", Severity: scanner.Low, Profile: "public-register", Path: "/rpps.csv"}
	got := write(t, cnil, Options{}, []scanner.Record{f, &scanner.Summary{Complete: true}})
	if strings.Contains(got, "## Violation") || !strings.Contains(got, "publiés légalement\u00A0: 1\u00A0constat.") {
		t.Error(got)
	}
}

func TestFrenchWords(t *testing.T) {
	tests := []struct{ got, want string }{
		{fr.number(10_204), "10\u202F204"}, {fr.number(1_234_567), "1\u202F234\u202F567"}, {fr.number(999), "999"},
		{fr.count(0, "household"), "0\u00A0foyer"}, {fr.count(1, "household"), "1\u00A0foyer"}, {fr.count(2, "household"), "2\u00A0foyers"},
		{fr.percent(1), "100\u00A0%"}, {fr.percent(0.9999), "plus de 99\u00A0%"}, {fr.percent(0.001), "moins de 1\u00A0%"},
		{fr.list([]string{"a", "b", "c"}), "a, b et c"},
		{jour(time.Date(2021, 8, 1, 0, 0, 0, 0, time.UTC)), "1er\u00A0août\u00A02021"},
		{instant(time.Date(2021, 8, 31, 7, 5, 0, 0, time.UTC)), "31\u00A0août\u00A02021 à 7\u00A0h\u00A005 (UTC)"},
		{code("a"), "`a`"}, {code("a`b"), "`` a`b ``"}, {code("a``\n# b"), "``` a``\\n# b ```"}, {code(""), "`  `"},
		{nombreDePersonnes(scanner.People{}), todo},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

// nowhere counts what is written.
type nowhere struct{ n int64 }

func (n *nowhere) Write(b []byte) (int, error) {
	n.n += int64(len(b))
	return len(b), nil
}

// No report keeps much of 5,000 findings, each a leak of its own.
func TestReportsKeepLittle(t *testing.T) {
	fields := mdph().Fields
	for _, r := range All() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var out nowhere
		s := r.Open(&out, Options{})
		for i := range 5000 {
			f := mdph()
			f.ID, f.Leak, f.Path, f.Fields = fmt.Sprint(i), fmt.Sprint("l", i), fmt.Sprintf("s3://portail/pieces/%012d/", i), fields
			if err := s.Write(context.Background(), f); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 8<<20 {
			t.Errorf("%s keeps %d kB", r.Name, kept>>10)
		}
		if err := s.Close(); err != nil || out.n == 0 {
			t.Errorf("%s: %d bytes, %v", r.Name, out.n, err)
		}
	}
}
