package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

// titled makes columns from titles with a kind each: "NIR=nir, Nom de
// famille=last_name, Statut".
func titled(spec string) []col {
	var all []col
	for part := range strings.SplitSeq(spec, ",") {
		title, kind, _ := strings.Cut(strings.TrimSpace(part), "=")
		all = append(all, col{title: title, kind: detectors.Kind(kind)})
	}
	return all
}

const (
	childminders = "N° Pajemploi=pajemploi_number, Nom=last_name, Prénom=first_name, Date de naissance=birth_date, Lieu de naissance=birth_place, " +
		"Numéro de sécurité sociale=nir, Adresse=street_address, Banque=bank_name, N° agrément=childminder_approval"
	approved = "Nom=last_name, Prénom=first_name, Adresse=street_address, Téléphone=phone, N° agrément=childminder_approval"
	insured  = "NIR_OD=nir, NOM_BENEF=last_name, PRENOM_BENEF=first_name, DT_NAIS_BENEF=birth_date, RANG_GEM, NUM_AMC=insurer, LIB_AMC=insurer, " +
		"NUM_ADHERENT, CODE_GARANTIE, DT_FIN_DROITS"
	payslips = "NIR=nir, Nom=last_name, Prénom=first_name, Date de naissance=birth_date, Salaire brut=income, Mutuelle=insurer"
	seekers  = "Identifiant FT=france_travail_id, Nom d'usage=last_name, Prénom=first_name, Sexe=sex, Date de naissance=birth_date, NIR=nir, Statut, " +
		"E-mail=email, Adresse=street_address, Téléphone=phone"
	members = "NIR=nir, Nom=last_name, Prénom=first_name, Date de naissance=birth_date, E-mail=email, Adresse=street_address, Téléphone=phone"
	users   = "id, name, password=credential, realname=last_name, firstname=first_name, phone=phone, email=email, profile, api_token=credential"
	tickets = "id, date, subject, requester_email=email, content, status"

	officials = "Code du département, Libellé de la commune=commune, Nom de l'élu=last_name, Prénom de l'élu=first_name, Code sexe=sex, " +
		"Date de naissance=birth_date, Libellé de la catégorie socio-professionnelle, Date de début du mandat"
	deceased      = "nomprenom=full_name, sexe=sex, datenaiss=birth_date, lieunaiss, commnaiss=birth_place, paysnaiss, datedeces, lieudeces, actedeces"
	professionals = "Type d'identifiant PP, Identifiant PP=practitioner, Identification nationale PP, Nom d'exercice=last_name, Prénom d'exercice=first_name, " +
		"Libellé profession, Libellé Voie (coord. structure)=street_address, Téléphone (coord. structure)=phone, Adresse e-mail (coord. structure)=email"
	entrepreneurs = "siren=siren, statutDiffusionUniteLegale, sexeUniteLegale=sex, prenom1UniteLegale=first_name, nomUniteLegale=last_name, nicSiegeUniteLegale"

	claims = "BEN_NIR_PSA, BEN_NAI_ANN=birth_date, BEN_SEX_COD=sex, BEN_RES_COM, EXE_SOI_DTD, DGN_PAL=icd10, IMB_ALD_NUM"
)

func TestProfileTables(t *testing.T) {
	const none = ""
	tests := []struct {
		name     string
		rows     int64
		columns  string
		profile  string
		severity scanner.Severity
	}{
		{"childminders", 900, childminders, "pajemploi-childminders", scanner.Critical},
		{"childminders, 12", 12, childminders, "pajemploi-childminders", scanner.Medium},
		{"childminders without NIR", 60, "N° Pajemploi=pajemploi_number, Nom=last_name, Adresse=street_address", "pajemploi-childminders", scanner.Medium},
		{"NIRs with approvals, no Pajemploi number", 60, "NIR=nir, agrément=childminder_approval", "pajemploi-childminders", scanner.High},
		{"two childminders", 2, childminders, "people-register", scanner.Low},
		{"published list of childminders", 400, approved, "people-register", scanner.Medium},
		{"Pajemploi numbers alone", 400, "N° Pajemploi=pajemploi_number", none, 0},

		{"third-party payment", 900, insured, "third-party-payment", scanner.Critical},
		{"third-party payment, no names", 900, "nir=nir, ddn=birth_date, mutuelle=insurer", "third-party-payment", scanner.Critical},
		{"insurer known by its title", 900, "nir=nir, ddn=birth_date, num_amc", "third-party-payment", scanner.Critical},
		{"the key in a column of its own", 900, "nir=nir_without_key, clé=nir_key, ddn=birth_date, num_amc=insurer", "third-party-payment", scanner.Critical},
		{"only the key was understood", 900, "NIR_OD, clé=nir_key, ddn=birth_date, num_amc=insurer", "third-party-payment", scanner.High},
		{"a key of something", 900, "clé=nir_key, ddn=birth_date, num_amc=insurer", none, 0},
		{"patients with their diagnoses", 900, "INS=nir, nom=last_name, ddn=birth_date, mutuelle=insurer, diagnostic=icd10", "people-register", scanner.Critical},
		{"payroll", 900, payslips, "people-register", scanner.Critical},
		{"insurers without NIR", 900, "mutuelle=insurer, ddn=birth_date", none, 0},

		{"jobseekers", 900, seekers, "france-travail-jobseekers", scanner.Critical},
		{"jobseekers without NIR", 90, "Réf. individuelle=france_travail_id, Nom=last_name, Prénom=first_name, Né le=birth_date, Mail=email", "france-travail-jobseekers", scanner.Medium},
		{"NIRs with contact: anybody's", 900, members, "people-register", scanner.Critical},
		{"jobseekers' identifiers alone", 900, "Identifiant FT=france_travail_id, Statut", none, 0},
		{"identifiers beside benefits", 900, seekers + ", RSA=benefit", "people-register", scanner.Critical},

		{"users with passwords", 60, users, "ticket-platform", scanner.High},
		{"five users with passwords", 5, users, "ticket-platform", scanner.Medium},
		{"a vault", 60, "Group, Title, Username, Password=credential, URL", "ticket-platform", scanner.Medium},
		{"horses", 400, "Cheval, Né le=birth_date, Sexe=sex, Père=last_name, Mère=last_name", none, 0},
		{"riders", 400, "Cheval, Cavalier=full_name, Né le=birth_date, Mail=email, Tél=phone", "people-register", scanner.Medium},
		{"passwords of nobody", 60, "password=credential", none, 0},
		{"tickets", 60, tickets, "ticket-platform", scanner.Low},
		{"e-mail addresses with a status", 60, "email=email, status", none, 0},

		{"MDPH files", 60, "N° dossier=mdph_file, Nom=last_name, Date de naissance=birth_date, Taux=disability", "mdph-documents", scanner.Critical},
		{"MDPH files, five", 5, "N° dossier=mdph_file, Nom=last_name, Date de naissance=birth_date", "mdph-documents", scanner.High},
		{"MDPH files of nobody", 60, "N° dossier=mdph_file, Orientation=disability", none, 0},

		{"decisions of the CDAPH", 240, "num_dossier, nom=last_name, prenom=first_name, ddn=birth_date, taux=disability, date_cdaph", "mdph-documents", scanner.Critical},
		{"disabled pupils", 240, "nom=last_name, ddn=birth_date, Type=disability", "people-register", scanner.Critical},

		{"payments, one a row", 900, "NUMDOS, DTNAIS=birth_date, CODPOS=postcode, NATPF=benefit, MTDROVAL=benefit_amount", "caf-beneficiaries", scanner.Medium},
		{"crosses below benefits", 90, "Responsable=full_name, Date naiss.=birth_date, RSA=benefit, AAH=benefit, APL=benefit_amount", "caf-beneficiaries", scanner.Critical},
		{"an amount beside a number of the CAF", 90, "N° allocataire=caf_number, Nom=last_name, Né le=birth_date, Montant RSA=benefit_amount", "caf-beneficiaries", scanner.High},
		{"a commission on families", 45, "Allocataire=full_name, Né(e) le=birth_date, N° CAF=caf_number, Situation=family_situation, Motif", "caf-beneficiaries", scanner.Medium},
		{"members with their number of the CAF", 45, "Adhérent=full_name, Né(e) le=birth_date, N° CAF=caf_number", "people-register", scanner.Low},

		{"elected officials", 30_000, officials, "public-register", scanner.Low},
		{"elected officials with streets", 30_000, officials + ", Adresse=street_address", "people-register", scanner.High},
		{"elected officials with accounts", 300, officials + ", IBAN=iban", "people-register", scanner.Medium},
		{"the deceased", 30_000, deceased, "public-register", scanner.Low},
		{"the deceased with NIRs", 300, deceased + ", nir=nir", "people-register", scanner.Critical},
		{"health professionals", 30_000, professionals, "public-register", scanner.Low},
		{"entrepreneurs", 30_000, entrepreneurs, "public-register", scanner.Low},
		{"companies of SIRENE", 30_000, "siren=siren, statutDiffusionUniteLegale, denominationUniteLegale", none, 0},

		{"health records", 60, claims, "people-register", scanner.Critical},
		{"health records, five", 5, claims, "people-register", scanner.High},
		{"two of the variables", 60, "BEN_NIR_PSA, DGN_PAL, montant", none, 0},
		{"a declaration as a table", 60, "S21.G00.30.001=nir_without_key, S21.G00.30.002=last_name", "people-register", scanner.Critical},
		{"one person's payments", 60, "nir=nir", "people-register", scanner.Low},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tally := table(test.rows, titled(test.columns)...)
			if test.name == "one person's payments" {
				tally.People = scanner.BottomK{}
				persons(tally, 1)
			}
			check(t, New().Judge(one(tally), network), test.profile, test.severity)
		})
	}
}

// TestDamaged: a spreadsheet took the last digits of the NIRs (1,85E+14). The
// profile stays; what is left is nobody's number.
func TestDamaged(t *testing.T) {
	tally := table(900, titled("NIR_OD=nir, NOM=last_name, DDN=birth_date, LIB_AMC=insurer")...)
	tally.Columns[0].Counts[0].Valid = 0
	tally.People = scanner.BottomK{}
	persons(tally, 400)
	found := New().Judge(one(tally), network)
	check(t, found, "third-party-payment", scanner.Medium)
	want := scanner.People{Estimate: 900, Low: 400, High: 900, Unit: "person", Basis: "rows"}
	if d := cmp.Diff(want, found[0].People); d != "" {
		t.Error(d)
	}
}

// TestUntitled: where no column has a title, the kinds must speak.
func TestUntitled(t *testing.T) {
	bare := func(kinds string, more int) *scanner.Tally {
		var all []col
		for k := range strings.FieldsSeq(kinds) {
			all = append(all, col{kind: detectors.Kind(k)})
		}
		return table(60, append(all, make([]col, more)...)...)
	}
	tests := []struct {
		kinds   string
		more    int
		profile string
	}{
		{"last_name first_name birth_date nir street_address bank_name", 4, "pajemploi-childminders"},
		{"last_name first_name birth_date nir street_address bank_name iban", 4, "people-register"},
		{"last_name last_name first_name birth_date nir email street_address phone", 4, "france-travail-jobseekers"},
		{"last_name first_name birth_date nir email street_address phone iban", 4, "people-register"},
		{"last_name first_name birth_date nir email street_address phone", 4, "people-register"},
		{"nir last_name first_name birth_date", 9, "people-register"}, // a staff list, or insured persons
		{"birth_date family_situation street_address", 170, "caf-beneficiaries"},
		{"birth_date family_situation last_name", 4, "people-register"},
		{"benefit family_situation street_address", 4, "caf-beneficiaries"},
		{"benefit family_situation", 4, ""},
		{"family_situation street_address", 170, ""},
	}
	for _, test := range tests {
		var profile string
		for _, f := range New().Judge(one(bare(test.kinds, test.more)), network) {
			profile = f.Profile
		}
		if profile != test.profile {
			t.Errorf("%s and %d more: got %q, want %q", test.kinds, test.more, profile, test.profile)
		}
	}
}

// TestCalled: where titles are missing, the name of the file may say what values
// alone leave open.
func TestCalled(t *testing.T) {
	household := []col{{kind: lastName}, {kind: birthDate}, {kind: familySituation}, {kind: streetAddress}, {}}
	cares := []col{{}, {kind: icd10}, {}, {}}
	tests := []struct {
		object, table string
		columns       []col
		profile       string
	}{
		{"/d/export.zip!/allocataires.csv", "", household, "caf-beneficiaries"},
		{"/d/CAF2021.zip!/a.csv", "", household, "caf-beneficiaries"},
		{"/d/dump.sql", "beneficiaires", household, "caf-beneficiaries"},
		{"/d/personnel.csv", "", household, "people-register"},
		{"/d/décaféiné.csv", "", household, "people-register"},
		{"/d/ER_PRS_F.csv", "", cares, "people-register"},
		{"/d/T_MCO20B.csv", "", cares, "people-register"},
		{"/d/dump.sql", "IR_IMB_R", cares, "people-register"},
		{"/d/cim10.csv", "", cares, ""},
	}
	for _, test := range tests {
		tally := table(60, test.columns...)
		tally.Object, tally.Table = test.object, test.table
		got := ""
		for _, f := range New().Judge(one(tally), network) {
			got = f.Profile
			if f.Severity < scanner.Medium {
				t.Errorf("%s: %s", test.object, f.Severity)
			}
		}
		if got != test.profile {
			t.Errorf("%s %s: got %q, want %q", test.object, test.table, got, test.profile)
		}
	}
}

func check(t *testing.T, found []scanner.Finding, profile string, severity scanner.Severity) {
	t.Helper()
	if profile == "" {
		for _, f := range found {
			t.Errorf("got %s %s, want no finding", f.Severity, f.Profile)
		}
		return
	}
	if len(found) != 1 {
		t.Fatalf("got %d findings, want one", len(found))
	}
	if f := found[0]; f.Profile != profile || f.Severity != severity {
		t.Errorf("got %s %s, want %s %s\n%s", f.Severity, f.Profile, severity, profile, sentences(f))
	}
}

// form is a text of the MDPH; it is about somebody where a name and a birth
// date are in it.
func form(object string, counts ...scanner.Count) *scanner.Tally {
	c := seen(disability, 4, 4)
	c.Samples = []string{"CDAPH", "taux d'incapacité"}
	return text(object, append(counts, c)...)
}

func TestProfileTexts(t *testing.T) {
	named := []scanner.Count{seen(lastName, 2, 2), seen(birthDate, 1, 1)}
	tests := []struct {
		name     string
		tally    *scanner.Tally
		profile  string
		severity scanner.Severity
	}{
		{"a decision of the CDAPH", form("/d/a.txt", named...), "mdph-documents", scanner.High},
		{"a decision with a NIR", persons(form("/d/a.txt", seen(nir, 1, 1)), 1), "mdph-documents", scanner.High},
		{"letters in one text, without civilities", form("/d/a.txt", seen(mdphFile, 60, 60), seen(birthDate, 60, 60), seen(streetAddress, 60, 60)), "mdph-documents", scanner.Critical},
		{"a blank form with a number", form("/d/a.txt", seen(mdphFile, 1, 1)), "", 0},
		{"a blank form", form("/d/a.txt", seen(benefit, 9, 9)), "", 0},
		{"a leaflet with a name", form("/d/a.txt", seen(fullName, 1, 1), seen(phone, 1, 1)), "", 0},
		{"a program about decisions", form("/d/a.py", named...), "", 0},
		{"a life with a handicap", text("/d/a.txt", append(named, scanner.Count{Kind: disability, Matches: 2, Valid: 2, Samples: []string{"travailleur handicapé"}})...), "", 0},

		{"letters of a CAF", text("/d/a.txt", seen(cafNumber, 9, 9), seen(fullName, 9, 9), seen(birthDate, 9, 9), seen(benefit, 15, 15)), "caf-beneficiaries", scanner.Medium},
		{"contracts of childminders", persons(text("/d/a.txt", seen(pajemploiNumber, 3, 3), seen(nir, 3, 3), seen(lastName, 3, 3)), 3), "pajemploi-childminders", scanner.Medium},
		{"a page about Pajemploi", text("/d/a.txt", seen(pajemploiNumber, 1, 1), seen(email, 1, 1)), "", 0},
		{"sheets of jobseekers", persons(text("/d/a.txt", seen(franceTravailID, 9, 9), seen(nir, 9, 9), seen(birthDate, 9, 9)), 9), "france-travail-jobseekers", scanner.Medium},
		{"sheets of insured persons", persons(text("/d/a.txt", seen(insurer, 30, 30), seen(nir, 30, 30), seen(birthDate, 30, 30)), 30), "third-party-payment", scanner.Critical},
		{"insured persons, the key apart", text("/d/a.txt", seen(insurer, 60, 60), seen(nirWithoutKey, 30, 0), seen(birthDate, 30, 30)), "third-party-payment", scanner.High},

		{"a VPN with its key", text("/d/client.ovpn", seen(credential, 1, 1)), "ticket-platform", scanner.Low},
		{"an environment", text("s3://b/k.zip!/prod.env", seen(credential, 4, 4)), "ticket-platform", scanner.Low},
		{"a dump of users", text("/d/dump.txt", seen(credential, 90, 90), seen(email, 90, 90)), "ticket-platform", scanner.High},
		{"secrets in source code", text("/d/login_test.go", seen(credential, 90, 90), seen(email, 90, 90)), "", 0},
		{"a secret in a text", text("/d/a.txt", seen(credential, 1, 1), seen(email, 1, 1)), "", 0},

		{"a declaration", text("/d/DSN_2021-02.txt", seen(nirWithoutKey, 40, 40)), "people-register", scanner.High},
		{"NIRs without key beside persons", text("/d/a.txt", seen(nirWithoutKey, 4, 4), seen(lastName, 4, 4)), "people-register", scanner.Medium},
		{"NIRs without key, beside nobody", text("/d/a.txt", seen(nirWithoutKey, 4, 4)), "", 0},

		{"minutes of a council", text("/d/a.txt", seen(fullName, 25, 25), seen(benefit, 30, 30)), "", 0},
		{"a report on families", text("/d/a.txt", seen(fullName, 25, 25), seen(benefit, 30, 30), seen(birthDate, 25, 25)), "people-register", scanner.High},

		{"a test suite", persons(text("/d/nir_test.py", seen(nir, 30, 24)), 9), "people-register", scanner.Low},
		{"documentation", persons(text("/d/README.md", seen(nir, 6, 6)), 5), "people-register", scanner.Low},
		{"data of persons in source code", persons(text("/d/seed.py", seen(nir, 30, 30), seen(lastName, 30, 30), seen(birthDate, 30, 30)), 30), "people-register", scanner.Critical},
		{"a thousand NIRs in source code", persons(text("/d/seed.rb", seen(nir, 1000, 1000)), 1000), "people-register", scanner.High},
		{"the same NIRs in a text", persons(text("/d/a.txt", seen(nir, 6, 6)), 5), "people-register", scanner.Medium},
		{"examples only", text("/d/a.txt", seen(nir, 4, 4)), "", 0}, // nobody's: no person is counted
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			check(t, New().Judge(one(test.tally), network), test.profile, test.severity)
		})
	}
}

// TestDecisions: 24 notifications about 23 people are one finding, blank forms
// beside them are none of them, and what was added up counts as what it was.
func TestDecisions(t *testing.T) {
	a := New()
	var like, others []*scanner.Tally
	for i := range int64(24) {
		d := form("/d/mdph/n"+string(rune('a'+i))+".txt", seen(nir, 1, 1), seen(mdphFile, 1, 1))
		d.People.Add(hash(i%23), 1)
		like = append(like, d)
	}
	others = append(others, form("/d/mdph/blank.txt"), persons(text("/d/mdph/letter.txt", seen(nir, 1, 1)), 1))
	for _, d := range like {
		if g := a.Group(d); g != "mdph-documents" {
			t.Fatalf("a notification is in group %q", g)
		}
	}
	for _, d := range others {
		if g := a.Group(d); g != "text" {
			t.Errorf("%s is in group %q", d.Object, g)
		}
	}
	found := a.Judge(like, network)
	check(t, found, "mdph-documents", scanner.Critical)
	f := found[0]
	if want := (scanner.People{Estimate: 23, Unit: "person", Low: 23, High: 23, Basis: "nir"}); f.People != want {
		t.Errorf("got %+v, want %+v", f.People, want)
	}
	if f.Documents != 24 || f.Path != "/d/mdph/" || f.Why[0].Text != "24 MDPH documents about 23 persons" {
		t.Errorf("%d documents in %s: %s", f.Documents, f.Path, f.Why[0].Text)
	}

	// The last of 256 tallies is a sum.
	sum := form("/d/mdph/", seen(nir, 10, 10), seen(lastName, 5, 5), seen(birthDate, 5, 5))
	sum.Documents = 15
	for i := range int64(10) {
		sum.People.Add(hash(100+i), 1)
	}
	f = a.Judge(append(like, sum), network)[0]
	if want := (scanner.People{Estimate: 38, Unit: "person", Low: 37, High: 38, Basis: "documents"}); f.Documents != 39 || f.People != want {
		t.Errorf("%d documents about %+v", f.Documents, f.People)
	}
	// A text may be a list.
	listed := form("/d/a.txt", seen(mdphFile, 90, 90), seen(lastName, 95, 95), seen(birthDate, 90, 90))
	f = a.Judge(one(listed), network)[0]
	if f.People.Estimate != 90 || f.People.Basis != "name_birth" || f.Severity != scanner.Critical {
		t.Errorf("a list of decisions: %s, %+v", f.Severity, f.People)
	}
	// A sum of letters that looks like a notification is none.
	letters := []*scanner.Tally{letter(1), letter(2), letter(3), sum}
	check(t, a.Judge(letters, network), "people-register", scanner.Medium)
}

func TestPublishedIsFixed(t *testing.T) {
	tally := born(unique(table(30_000, titled(deceased)...), 1, 0, 2), 2015, 3, 900)
	f := New().Judge(one(tally), network)[0]
	var codes []string
	for _, w := range f.Why {
		codes = append(codes, w.Code)
	}
	if d := cmp.Diff([]string{"published_register", "exposure", "severity"}, codes); d != "" {
		t.Error(d)
	}
	if want := "Low: real people, but in a register that is published lawfully"; f.Why[2].Text != want {
		t.Errorf("got %q", f.Why[2].Text)
	}
}

// TestSentences shows what each profile says first.
func TestSentences(t *testing.T) {
	for columns, want := range map[string]string{
		childminders: "60 childminders with Pajemploi number, approval number, NIR, name, birth date, place of birth and street",
		insured:      "60 insured persons with NIR, name, birth date and health insurer",
		seekers:      "60 jobseekers with France Travail identifier, NIR, name, birth date, street, e-mail address and phone",
		users:        "60 users with password or key, e-mail address, name and phone",
		claims: "7 columns have titles of the national health data system SNDS (BEN_NIR_PSA, BEN_NAI_ANN, BEN_SEX_COD, BEN_RES_COM …): " +
			"health records of single persons, although pseudonymised",
		officials: "its titles are those of the published register of elected officials (répertoire national des élus)",
	} {
		f := New().Judge(one(table(60, titled(columns)...)), network)[0]
		if f.Why[0].Text != want {
			t.Errorf("%s:\ngot  %q\nwant %q", f.Profile, f.Why[0].Text, want)
		}
	}
}

// Names and e-mail addresses alone are low where the names are not known in
// France; a birth date, or the names of a French list with blanks in it, and
// they are not.
func TestNamesOfElsewhere(t *testing.T) {
	list := func(known float64, more ...col) *scanner.Tally {
		t := table(100, join([]col{{title: "first", kind: firstName}, {title: "last", kind: lastName}, {title: "email", kind: email}}, more)...)
		for i := range 2 {
			n := &t.Columns[i].Counts[0]
			n.Matches = int64(known * 100)
			n.Valid, n.Whole = n.Matches, n.Matches
		}
		return t
	}
	blanks := list(0.7)
	for i := range 2 {
		blanks.Columns[i].Filled, blanks.Columns[i].Studied = 70, 70
	}
	for name, c := range map[string]struct {
		tally *scanner.Tally
		want  scanner.Severity
	}{
		"elsewhere":         {list(0.7), scanner.Low},
		"in France":         {list(0.97), scanner.Medium},
		"in France, blanks": {blanks, scanner.Medium},
		"and a birth date":  {list(0.7, col{title: "born", kind: birthDate}), scanner.Medium},
	} {
		found := New().Judge([]*scanner.Tally{c.tally}, scanner.Exposure{State: scanner.Local})
		if len(found) != 1 || found[0].Severity != c.want {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// The rows of one person, an example repeated in the description of an
// interface, and the persons of a test suite are no leak of many.
func TestExamplesOfOne(t *testing.T) {
	one := func(object string) *scanner.Tally {
		x := table(30, cols(nir, "nir")[0], col{title: "nom", kind: lastName}, col{title: "email", kind: email}, col{title: "rsa", kind: benefit})
		x.Object, x.People = object, scanner.BottomK{}
		return persons(x, 1)
	}
	suite := persons(text("/d/spec/a_spec.rb", seen(nir, 10, 10), seen(lastName, 28, 28), seen(birthDate, 9, 9), seen(benefit, 9, 9)), 1)
	for name, c := range map[string]struct {
		tally *scanner.Tally
		want  scanner.Severity // 0: silent
	}{
		"payments":  {one("s3://b/paiements.csv"), scanner.Low},
		"interface": {one("/d/swagger/api.json"), scanner.Low},
		"suite":     {suite, scanner.Low},
	} {
		for _, f := range New().Judge([]*scanner.Tally{c.tally}, scanner.Exposure{State: scanner.Local}) {
			if f.Severity > c.want {
				t.Errorf("%s: %s, %v", name, f.Severity, f.Why)
			}
		}
	}
}

// A leak stays what it is in a folder, and under a name, that sounds of code.
func TestLeakBesideCode(t *testing.T) {
	for _, object := range []string{"s3://b/openapi/export.csv", "s3://b/openapi.csv", "s3://b/prog.sas"} {
		x := table(500, cols(birthDate, "dtnaires")[0], col{title: "adresse", kind: streetAddress}, col{title: "nom", kind: lastName}, col{title: "aah", kind: disability})
		x.Object = object
		found := New().Judge([]*scanner.Tally{x}, scanner.Exposure{State: scanner.Local})
		if len(found) != 1 || found[0].Severity != scanner.Critical {
			t.Errorf("%s: %v", object, found)
		}
	}
}

// The examples of a program that computes benefits are low; so many households,
// or a street, and they are not.
func TestExercise(t *testing.T) {
	columns := join(cols(birthDate, "date_naissance conjoint"), cols(income, "salaire_net"), cols(benefit, "rsa ppa aah"), cols(benefitAmount, "montant"))
	for name, c := range map[string]struct {
		tally *scanner.Tally
		want  scanner.Severity
	}{
		"exercise":      {table(50, columns...), scanner.Low},
		"many":          {table(400, columns...), scanner.Medium},
		"with a street": {table(50, append(columns, col{title: "adresse", kind: streetAddress})...), scanner.Medium},
	} {
		found := New().Judge([]*scanner.Tally{c.tally}, scanner.Exposure{State: scanner.Local})
		if len(found) != 1 || found[0].Profile != "caf-beneficiaries" || (found[0].Severity == scanner.Low) != (c.want == scanner.Low) {
			t.Errorf("%s: %v", name, found)
		}
	}
}
