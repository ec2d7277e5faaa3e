package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

// One message a host, in both languages, with what its addressee needs and
// nothing of the people.
func TestNoticesAreByHost(t *testing.T) {
	aware := time.Date(2026, 2, 27, 9, 5, 0, 0, time.FixedZone("", 3600))
	table := caf()
	table.ID, table.Path, table.Table = "77aa", "https://cours.example/r/base.sqlite", "allocataires"
	again := caf()
	again.ID, again.Path = "99bb", "https://cours.example/r/CAF.zip!/CAF/enfants.csv"
	private, local, lawful, accepted := mdph(), mdph(), mdph(), mdph()
	private.Exposure.State, local.Path, lawful.Profile = scanner.Private, "/srv/pieces/", "public-register"
	accepted.Suppressed = &scanner.Suppressed{Reason: "ours"}
	records := []scanner.Record{caf(), mdph(), table, again, private, local, lawful, accepted}
	for lang, wants := range map[string][]string{
		"en": {"To: the web host of cours.example", "To: the owner of the bucket portail", "1. https://cours.example/r/CAF.zip\n", "2. https://cours.example/r/base.sqlite\n",
			"CAF/allocataires.csv; CAF/enfants.csv", "table allocataires", "f1c2, 99bb", "Keep the access logs from 2021-03-14", "by 2026-03-02 09:05", "accepted: 4 findings.", "Answer to: ["},
		"fr": {"À\u00A0: l’hébergeur de cours.example", "À\u00A0: le propriétaire du compartiment (bucket) portail", "Conserver les journaux d’accès depuis le 14\u00A0mars\u00A02021",
			"au plus tard le 2\u00A0mars\u00A02026 à 9\u00A0h\u00A005 (UTC+01:00)", "acceptés\u00A0: 4\u00A0constats.", "Réponse à\u00A0: ["},
	} {
		got := write(t, notice, Options{Lang: lang, AwareAt: aware}, records)
		golden(t, "messages."+lang+".notice", got)
		flat := strings.Join(strings.Split(got, "\n    "), "")
		flat = strings.Join(strings.FieldsFunc(flat, func(r rune) bool { return r == ' ' || r == '\n' }), " ")
		for _, want := range wants {
			if want = strings.TrimRight(want, "\n"); !strings.Contains(flat, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, got)
			}
		}
		if n := strings.Count(got, strings.Repeat("=", 76)); n != 3 {
			t.Errorf("%s: %d messages", lang, n-1)
		}
		for _, f := range append(caf().Fields, mdph().Fields...) {
			for _, s := range f.Samples {
				if strings.Contains(s, "•") && strings.Contains(got, s) {
					t.Errorf("%s: the sample %s", lang, s)
				}
			}
		}
	}
}

// Many findings at a host are counted, not listed.
func TestNoticeOfManyFindings(t *testing.T) {
	var records []scanner.Record
	for i := range 500 {
		f := mdph()
		f.ID, f.Path = fmt.Sprint(i), fmt.Sprintf("s3://portail/%d/a.zip!/%d.csv", i/2, i)
		records = append(records, f)
	}
	got := write(t, notice, Options{}, records)
	if !strings.Contains(got, "100. s3://portail/99/a.zip\n") || strings.Contains(got, "101. ") || !strings.Contains(got, "and 300 findings more in other objects here") {
		t.Error(got)
	}
}
