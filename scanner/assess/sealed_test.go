package assess

import (
	"strings"
	"testing"

	"vigie/scanner"
)

// What the names in an encrypted archive say, and what they do not.
func TestSealed(t *testing.T) {
	tests := []struct{ archive, members, want string }{
		{"CAF.zip", "allocataires.csv", "caf-beneficiaries"},
		{"CAF.zip", "export.csv", "caf-beneficiaries"},
		{"x.zip", "caf2021.sas7bdat", "caf-beneficiaries"},
		{"x.7z", "d/cnaf_menage_2016.csv|d/lisez.txt", "caf-beneficiaries"},
		{"x.7z", "ListeAllocatairesRSA.xlsx", "caf-beneficiaries"},
		{"Bénéficiaires du RSA.zip", "liste.xlsx", "caf-beneficiaries"},
		{"pajemploi.zip", "01.csv", "pajemploi-childminders"},
		{"x.zip", "Assistantes maternelles agréées.xls", "pajemploi-childminders"},
		{"x.zip", "TIERS-PAYANT_2024.csv", "third-party-payment"},
		{"x.zip", "mutuelle/adherents.csv", "third-party-payment"},
		{"almerys.rar", "flux.dat", "third-party-payment"},
		{"mdph.zip", "notification_0001.pdf|notification_0002.pdf", "mdph-documents"},
		{"x.zip", "demandeurs d'emploi.csv", "france-travail-jobseekers"},
		{"x.zip", "extraction_pole_emploi.csv", "france-travail-jobseekers"},
		{"glpi_backup.zip", "glpi.sql", "ticket-platform"},
		{"vpn.zip", "client1.ovpn|client2.ovpn", "ticket-platform"},
		{"x.zip", "DCIR/ER_PRS_F.csv", "people-register"},
		{"x.zip", "DSN_202401.edi|DSN salariés.txt", "people-register"},
		{"liste-NIR.zip", "a.csv", "people-register"},
		{"x.zip", "Fiches de paie/janvier.pdf", "people-register"},

		{"CAF.7z", "CAF.7z", "caf-beneficiaries"}, // the names are encrypted, too
		{"mutuelle.rar", "mutuelle.rar", "third-party-payment"},
		{"allocataires.xlsx", "allocataires.xlsx", "caf-beneficiaries"},
		{"CAF.pdf", "CAF.pdf", ""},
		{"CAF à rendre.7z", "CAF à rendre.7z", ""},
		{"CAF.zip", "logo.png|plan.jpg", ""},          // pictures
		{"CAF.zip", "rapport.pdf", ""},                // one word proves nothing
		{"x.zip", "attestation_caf_2024.pdf", ""},     // one's own
		{"x.zip", "cerfa_15692_mdph.pdf", ""},         // a form
		{"guide_allocataires.zip", "guide.pdf", ""},   // a leaflet
		{"décafeiné.zip", "export.csv", ""},           // words are whole
		{"nir_bands.zip", "nir_data.csv|red.csv", ""}, // near infrared
		{"rsa_export.zip", "rsa_private.key", ""},     // keys
		{"glpi-10.0.zip", "glpi/inc/ticket.class.php", ""},
		{"music.zip", "song.caf|liste.txt", ""},
		{"x.zip", "a.csv|b.csv", ""},
		{"x.zip", "", ""},
	}
	for _, c := range tests {
		tally := &scanner.Tally{Object: "s3://bucket/caf/allocataires/" + c.archive, Sealed: strings.Split(c.members, "|")}
		if g := New().Group(tally); g != "" {
			t.Errorf("%s: in the group %q, want to stand alone", c.archive, g)
		}
		found := New().Judge([]*scanner.Tally{tally}, scanner.Exposure{State: scanner.Public})
		got := ""
		for _, f := range found {
			got = f.Profile
			if f.Severity != scanner.Low || f.People.Estimate != 0 || f.Path != tally.Object || f.Confidence > 0.5 {
				t.Errorf("%s: %v, %d people in %s, confidence %v; want low, none, in the archive, unsure", c.archive, f.Severity, f.People.Estimate, f.Path, f.Confidence)
			}
			if f.Authenticity.Verdict != "unknown" {
				t.Errorf("%s: %s, want unknown", c.archive, f.Authenticity.Verdict)
			}
			if !strings.HasPrefix(f.Why[0].Text, "an encrypted ") {
				t.Errorf("%s: %q", c.archive, f.Why[0].Text)
			}
		}
		if got != c.want || len(found) > 1 {
			t.Errorf("%s with %s: %q, want %q", c.archive, c.members, got, c.want)
		}
	}
}

// Who can read an archive makes names no more than names.
func TestSealedExposure(t *testing.T) {
	tally := &scanner.Tally{Object: "k.zip!/CAF.zip", Sealed: []string{"allocataires.csv"}}
	for _, state := range []scanner.State{scanner.Public, scanner.Network, scanner.Private, scanner.Local, scanner.Unknown} {
		found := New().Judge([]*scanner.Tally{tally}, scanner.Exposure{State: state})
		if len(found) != 1 || found[0].Severity != scanner.Low {
			t.Errorf("%s: %v, want one finding at low", state, found)
		}
	}
}
