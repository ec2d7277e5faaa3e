package assess

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

var network = scanner.Exposure{State: scanner.Network, How: "anonymous GET answered 200"}

// TestRules holds, for each rule, tables and texts that must and must not fire.
func TestRules(t *testing.T) {
	contact := join(cols(lastName, "NOM"), cols(firstName, "PRENOM"), cols(email, "MAIL"))
	register := join(contact, cols(birthDate, "DDN"), cols(streetAddress, "ADRESSE"))
	adults := func(t *scanner.Tally) *scanner.Tally { return born(t, 1980, 1, uint32(t.Rows)) }
	caf := join(cols(birthDate, "naissance"), cols(benefit, "prestations"), cols(income, "revenu"))
	tests := []struct {
		name     string
		tallies  []*scanner.Tally
		profile  string // "" no finding
		severity scanner.Severity
	}{
		{"CAF.zip", one(cafZip()), "caf-beneficiaries", scanner.Critical},
		{"CAF.zip with names and postcodes", one(table(10_204, join(cols(lastName, "NOM"), cols(firstName, "PRENOM"), cols(postcode, "CODEPOS"),
			cols(birthDate, "DTNAIRES"), cols(benefitAmount, "MTRSAVER MTAFVERS"), cols(familySituation, "SITFAM"))...)), "caf-beneficiaries", scanner.Critical},
		{"benefits without titles", one(table(200, col{kind: birthDate}, col{kind: benefit, sample: "AAH"}, col{kind: familySituation}, col{kind: streetAddress})), "caf-beneficiaries", scanner.Critical},
		{"benefits, income, nobody unique", one(unique(table(300, caf...), 0.01, 0, 2)), "caf-beneficiaries", scanner.Medium},
		{"benefits, income, unique", one(unique(table(300, caf...), 0.9, 0, 2)), "caf-beneficiaries", scanner.High},
		{"five households", one(unique(table(5, caf...), 1, 0, 2)), "caf-beneficiaries", scanner.Low},
		{"CNAF names alone", one(table(400, join(cols("", "MATRICUL SITFAM RSAVERS MTREVBRU DTNAIRES"))...)), "caf-beneficiaries", scanner.Medium},
		{"CNAF names, two of the needed kind missing", one(table(400, cols("", "NUMVOIE NOMVOIE LIBTYPEVOIE CODEPOS LIEUDIST NUMTEL")...)), "", 0},
		{"counts per commune", one(aggregate()), "", 0},
		{"benefits without birth dates", one(table(300, join(cols(benefit, "RSA AAH"), cols(income, "revenu"), cols(commune, "commune"))...)), "", 0},
		{"birth dates and income without benefits", one(table(300, join(cols(birthDate, "ddn"), cols(income, "revenu"))...)), "", 0},

		{"NIR column with identity", one(adults(table(20, join(cols(nir, "NIR"), cols(lastName, "NOM"))...))), "people-register", scanner.Critical},
		{"NIR column alone", one(table(20, cols(nir, "NIR")...)), "people-register", scanner.High},
		{"NIR column without valid keys", one(table(2000, col{title: "NIR", kind: nir, valid: 0.01})), "", 0},
		{"NIR without key, with names", one(table(100, join(cols(nirWithoutKey, "nir13"), cols(fullName, "assure"))...)), "people-register", scanner.Critical},
		{"three NIRs in remarks", one(table(90_000, col{title: "remarque", extra: []scanner.Count{seen(nir, 3, 3)}})), "people-register", scanner.Medium},
		{"random numbers, three with a key", one(table(90_000, col{title: "id", extra: []scanner.Count{seen(nir, 300, 3)}})), "", 0},
		{"register", one(adults(table(60, register...))), "people-register", scanner.Medium},
		{"register of 10,000", one(adults(table(10_000, register...))), "people-register", scanner.High},
		{"register of minors", one(born(table(60, register...), 2018, 1, 60)), "people-register", scanner.High},
		{"register of 12", one(adults(table(12, register...))), "people-register", scanner.Low},
		{"register of 9", one(adults(table(9, register...))), "", 0},
		{"register with income", one(adults(table(60, join(register, cols(income, "salaire"))...))), "people-register", scanner.High},
		{"names with disability", one(table(30, join(contact[:2], cols(disability, "RQTH"))...)), "people-register", scanner.Critical},
		{"contact list", one(table(50, contact...)), "people-register", scanner.Medium},
		{"contact list of 49", one(table(49, contact...)), "", 0},
		{"names alone", one(table(5000, contact[:2]...)), "", 0},
		{"e-mail addresses alone", one(table(5000, contact[2:]...)), "", 0},
		{"accounts with names", one(table(3, join(cols(fullName, "titulaire"), cols(iban, "iban"))...)), "people-register", scanner.Medium},
		{"accounts of nobody", one(table(300, cols(iban, "iban")...)), "", 0},
		{"e-mail, birth date, phone", one(adults(table(80, join(cols(email, "login"), cols(birthDate, "ddn"), cols(phone, "tel"))...))), "people-register", scanner.Medium},
		{"street and birth date, unique", one(adults(unique(table(80, join(cols(streetAddress, "rue"), cols(birthDate, "ddn"))...), 0.9, 0, 1))), "people-register", scanner.Low},
		{"companies", one(table(900, join(cols("", "siren"), cols(lastName, "denomination"), cols(streetAddress, "adresse"), cols(email, "mail"), cols(phone, "tel"), cols(postcode, "cp"), cols(commune, "ville"))...)), "", 0},
		{"shops", one(table(900, join(cols(lastName, "enseigne"), cols(streetAddress, "adresse"), cols(postcode, "cp"))...)), "", 0},
		{"addresses", one(table(900, join(cols(streetAddress, "adresse"), cols(postcode, "cp"), cols(commune, "ville"))...)), "", 0},

		{"one NIR in a letter", one(persons(text("/d/a.txt", seen(nir, 1, 1)), 1)), "people-register", scanner.Low},
		{"one NIR, five times", one(persons(text("/d/a.txt", seen(nir, 5, 5)), 1)), "people-register", scanner.Low},
		{"NIR without a valid key", one(text("/d/a.txt", seen(nir, 1, 0))), "", 0},
		{"three NIRs in three letters", []*scanner.Tally{letter(0), letter(1), letter(2)}, "people-register", scanner.Medium},
		{"names and addresses in source code", one(text("/d/a.go", seen(email, 900, 900), seen(phone, 3, 3), seen(fullName, 60, 60))), "", 0},
		{"a leaflet about AAH", one(text("/d/a.txt", seen(benefit, 40, 40), seen(disability, 12, 12))), "", 0},
		{"letters of the benefits fund", one(text("/d/a.txt", seen(benefit, 8, 8), seen(birthDate, 5, 5), seen(children, 4, 4), seen(lastName, 6, 6))), "caf-beneficiaries", scanner.Medium},
		{"nothing", nil, "", 0},
		{"an empty table", one(&scanner.Tally{Study: &scanner.Study{}}), "", 0},
	}
	a := New()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := a.Judge(test.tallies, network)
			if test.profile == "" {
				for _, f := range got {
					t.Errorf("got %s %s, want no finding", f.Severity, f.Profile)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("got %d findings, want one", len(got))
			}
			f := got[0]
			if f.Profile != test.profile || f.Severity != test.severity {
				t.Errorf("got %s %s, want %s %s\n%s", f.Severity, f.Profile, test.severity, test.profile, sentences(f))
			}
			if f.Confidence <= 0 || f.Confidence > 0.99 {
				t.Errorf("confidence %v", f.Confidence)
			}
		})
	}
}

func one(t *scanner.Tally) []*scanner.Tally { return []*scanner.Tally{t} }

// letter is a text with one NIR, another one for each number.
func letter(i int64) *scanner.Tally {
	t := text("s3://b/k.zip!/letters/"+string(rune('a'+i))+".txt", seen(nir, 1, 1), seen(lastName, 1, 1))
	t.People.Add(hash(i), 1)
	return t
}

func sentences(f scanner.Finding) string {
	var all []string
	for _, w := range f.Why {
		all = append(all, w.Code+": "+w.Text)
	}
	return strings.Join(all, "\n")
}

// TestCAF checks everything about the finding that vigie was written for.
func TestCAF(t *testing.T) {
	f := New().Judge(one(cafZip()), network)[0]
	people := scanner.People{Estimate: 10_204, Unit: "household", Low: 10_204, High: 10_204,
		Persons: 10_204 + 5_102 + 7_653 + 5_102 + 2_551, Minors: 12_245, Basis: "rows"}
	if d := cmp.Diff(people, f.People); d != "" {
		t.Error(d)
	}
	again := &scanner.Reidentification{UniqueShare: 0.99, KMin: 1, QuasiIdentifiers: []detectors.Kind{birthDate, streetAddress}}
	// 10,204 rows are estimated from 2,048 hashes: 1.1 points.
	if s := f.Reidentification.UniqueShare; s < 0.975 || s > 1 {
		t.Errorf("unique share %v", s)
	}
	f.Reidentification.UniqueShare = 0.99
	if d := cmp.Diff(again, f.Reidentification); d != "" {
		t.Error(d)
	}
	if len(f.Fields) != 21 {
		t.Errorf("%d fields, want 21", len(f.Fields))
	}
	for _, field := range f.Fields {
		if slices.Contains([]detectors.Kind{nir, nirWithoutKey, fullName, lastName, firstName}, field.Kind) {
			t.Errorf("field %s among them", field.Kind)
		}
		if field.Class == 0 {
			t.Errorf("field %s without class", field.Kind)
		}
	}
	want := map[string]string{
		"benefits_per_household": "10,204 households, one a row; 7 columns say which benefits each draws (RSA, AAH, AF, PPA …)",
		"no_names":               "no name and no NIR is left in it: a search for those would have passed it by",
		"special_category":       "AAH reveals a disability or an illness: a special category of data (Art. 9 GDPR)",
		"minors":                 "12,245 of the 30,612 persons were minors when the data were made",
		"severity":               "Critical: data on disability or health of people who can be found again; minors are among them and they are 10,000 or more",
	}
	for _, w := range f.Why {
		if text, ok := want[w.Code]; ok && w.Text != text {
			t.Errorf("%s: got %q, want %q", w.Code, w.Text, text)
		}
		delete(want, w.Code)
	}
	for code := range want {
		t.Errorf("no reason %s in\n%s", code, sentences(f))
	}
	if f.Authenticity.Verdict != "unknown" || f.Authenticity.ProbabilityReal != 0.5 {
		t.Errorf("authenticity %+v without evidence", f.Authenticity)
	}
}

func TestExposure(t *testing.T) {
	tests := []struct {
		state scanner.State
		caf   scanner.Severity
		mail  scanner.Severity
	}{
		{scanner.Public, scanner.Critical, scanner.Medium},
		{scanner.Network, scanner.Critical, scanner.Medium},
		{scanner.Local, scanner.Critical, scanner.Medium},
		{scanner.Unknown, scanner.Critical, scanner.Medium},
		{scanner.Private, scanner.Medium, scanner.Low},
	}
	list := join(cols(fullName, "nom"), cols(email, "mail"))
	for _, test := range tests {
		x := scanner.Exposure{State: test.state}
		for _, c := range []struct {
			tally *scanner.Tally
			want  scanner.Severity
		}{{cafZip(), test.caf}, {table(60, list...), test.mail}} {
			f := New().Judge(one(c.tally), x)[0]
			if f.Severity != c.want {
				t.Errorf("%s: got %s, want %s", test.state, f.Severity, c.want)
			}
			if f.Exposure != x {
				t.Errorf("%s: got exposure %+v", test.state, f.Exposure)
			}
		}
	}
}

func TestGroup(t *testing.T) {
	tests := []struct {
		name  string
		tally *scanner.Tally
		want  string
	}{
		{"a table stands alone", cafZip(), ""},
		{"a letter", letter(0), "text"},
		{"a text on benefits", text("/d/a.txt", seen(benefit, 1, 1)), "text"},
		{"source code", text("/d/a.go", seen(email, 9, 9), seen(phone, 2, 2), seen(postcode, 1, 1)), ""},
		{"CNAF names in a program", text("/d/a.sas", seen(cnafVariable, 9, 9)), ""},
		{"nothing", text("/d/a.txt"), ""},
	}
	a := New()
	for _, test := range tests {
		if got := a.Group(test.tally); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// TestOrder judges the same tallies in many orders, and checks that judging
// leaves them as they were.
func TestOrder(t *testing.T) {
	var tallies []*scanner.Tally
	for i := range int64(30) {
		tallies = append(tallies, letter(i))
	}
	second := cafZip()
	second.Table = "other"
	tallies = append(tallies, cafZip(), second, table(60, join(cols(fullName, "nom"), cols(email, "mail"))...))
	a := New()
	want := encode(t, a.Judge(tallies, network))
	r := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		r.Shuffle(len(tallies), func(i, j int) { tallies[i], tallies[j] = tallies[j], tallies[i] })
		if d := cmp.Diff(want, encode(t, a.Judge(tallies, network))); d != "" {
			t.Fatal(d)
		}
	}
}

func encode(t *testing.T, findings []scanner.Finding) string {
	t.Helper()
	b, err := json.MarshalIndent(findings, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDocuments checks that like documents become one finding about their
// folder.
func TestDocuments(t *testing.T) {
	f := New().Judge([]*scanner.Tally{letter(2), letter(0), letter(1), letter(1)}, network)[0]
	if f.Path != "s3://b/k.zip!/letters/" || f.Documents != 4 || f.Rows != 0 {
		t.Errorf("path %q, %d documents, %d rows", f.Path, f.Documents, f.Rows)
	}
	if want := (scanner.People{Estimate: 3, Unit: "person", Low: 3, High: 3, Basis: "nir"}); f.People != want {
		t.Errorf("got %+v, want %+v", f.People, want)
	}
	for _, x := range f.Fields {
		if x.Index != -1 {
			t.Errorf("%s: index %d in running text", x.Kind, x.Index)
		}
	}
}

func TestProfiles(t *testing.T) {
	seen := make(map[string]bool)
	for _, p := range All() {
		title, rest, ok := strings.Cut(p.Doc, "\n\n")
		if !ok || title == "" || strings.Contains(title, "\n") || rest == "" {
			t.Errorf("%s: want a title, a blank line and what it asks for", p.Name)
		}
		if seen[p.Name] {
			t.Errorf("%s: twice", p.Name)
		}
		seen[p.Name] = true
	}
}
