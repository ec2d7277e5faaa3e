package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

func TestFields(t *testing.T) {
	tally := &scanner.Tally{
		Object: "a.csv", Rows: 100_000, Studied: 4000,
		Study: &scanner.Study{Kinds: []detectors.Kind{birthDate, "", email, streetAddress, jointCustody, income}},
		Columns: []scanner.Column{
			// A column of a set: seen in every row, 1 % of the studied cells no date.
			{Title: "ddn", Filled: 90_000, Seen: 100_000, Studied: 4000, Named: true, Counts: []scanner.Count{{Kind: birthDate, Matches: 3960, Valid: 3960, Whole: 3960, Samples: []string{"b", "a"}}}},
			// Remarks with e-mail addresses; kinds outside of the sieve are no column.
			{Title: "remarque", Counts: []scanner.Count{{Kind: email, Matches: 7, Valid: 7}, {Kind: iban, Matches: 9, Valid: 2}, {Kind: lastName, Matches: 900, Valid: 900}}},
			{Title: "mail", Filled: 2000, Seen: 4000, Studied: 2000, Counts: []scanner.Count{{Kind: email, Matches: 51_000, Valid: 51_000, Whole: 51_000}}},
			// Only the studied rows were seen.
			{Title: "rue", Filled: 3000, Seen: 4000, Studied: 3000, Counts: []scanner.Count{{Kind: streetAddress, Matches: 2700, Valid: 2700, Whole: 2700}}},
			// Known by its title only.
			{Title: "garde alternée", Filled: 1000, Seen: 4000, Studied: 1000, Named: true},
			// Named, but empty.
			{Title: "revenu", Seen: 4000, Named: true},
		},
	}
	got := make(map[string]int64)
	custody := false
	a := New().(assessor)
	a.detectors[jointCustody] = detectors.Detector{Kind: jointCustody, Class: detectors.Sensitive, Scope: detectors.Titled}
	for _, f := range a.table(tally).fields {
		got[f.Column+" "+string(f.Kind)] = f.Matches
		custody = custody || f.Kind == jointCustody
		if f.Index == 0 {
			if d := cmp.Diff([]string{"a", "b"}, f.Samples); d != "" {
				t.Error(d)
			}
			if f.Share != 0.891 {
				t.Errorf("share of birth dates %v, want 0.891", f.Share)
			}
		}
	}
	want := map[string]int64{
		"ddn birth_date": 89_100, "remarque email": 7, "mail email": 51_000,
		"rue street_address": 67_500, "garde alternée joint_custody": 25_000,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPeople(t *testing.T) {
	register := join(cols(fullName, "nom"), cols(birthDate, "ddn"))
	halved := table(100, join(cols(nir, "nir"), register)...)
	halved.People = scanner.BottomK{}
	persons(halved, 50) // two rows a person
	large := table(50_000, join(cols(nir, "nir"), register)...)
	tests := []struct {
		name  string
		tally *scanner.Tally
		want  scanner.People
	}{
		{"rows", table(100, register...), scanner.People{Estimate: 100, Low: 100, High: 100, Unit: "person", Basis: "rows"}},
		{"two rows a NIR", halved, scanner.People{Estimate: 50, Low: 50, High: 50, Unit: "person", Basis: "nir"}},
		{"two rows a name and birth date", persons(persons(table(100, register...), 50), 50), scanner.People{Estimate: 50, Low: 50, High: 50, Unit: "person", Basis: "name_birth"}},
		{"blanks among the NIRs", table(100, join(register, []col{{title: "nir", kind: nir, filled: 0.8}})...), scanner.People{Estimate: 100, Low: 80, High: 100, Unit: "person", Basis: "nir"}},
		{"names in 80 rows, twice each", persons(persons(table(100, register...), 40), 40), scanner.People{Estimate: 50, Low: 40, High: 60, Unit: "person", Basis: "name_birth"}},
		{"NIRs in few rows", table(100, join(register, []col{{title: "nir", kind: nir, filled: 0.3}})...), scanner.People{Estimate: 100, Low: 100, High: 100, Unit: "person", Basis: "rows"}},
		{"NIRs in remarks", table(90_000, col{title: "remarque", extra: []scanner.Count{seen(nir, 4, 4)}}), scanner.People{Estimate: 4, Low: 4, High: 4, Unit: "person", Basis: "nir"}},
		{"spouses", table(100, join(register, cols(birthDate, "ddn_conjoint"))...), scanner.People{Estimate: 100, Low: 100, High: 100, Persons: 200, Unit: "household", Basis: "rows"}},
		{"names in few rows", table(1000, col{title: "nom", kind: fullName, filled: 0.06}, col{title: "mail", kind: email, filled: 0.06}), scanner.People{Estimate: 60, Low: 60, High: 60, Unit: "person", Basis: "rows"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := New().Judge(one(test.tally), network)
			if len(got) != 1 {
				t.Fatalf("%d findings", len(got))
			}
			if d := cmp.Diff(test.want, got[0].People); d != "" {
				t.Error(d)
			}
		})
	}
	// A child is one person, however often its birth stands there.
	twice := func(dates uint32) *scanner.Tally {
		t := table(100, join(register, []col{
			{title: "DATNAIEN1", kind: childBirthDate, filled: 0.8}, {title: "ANNNEN1", kind: childBirthDate, filled: 0.8},
			{title: "DATNAIEN2", kind: childBirthDate, filled: 0.2}, {title: "ANNNEN2", kind: childBirthDate, filled: 0.2}})...)
		t.Births = nil
		born(t, 1985, 4, 100)
		return born(t, 2018, 4, dates)
	}
	want := scanner.People{Estimate: 100, Low: 100, High: 100, Persons: 200, Minors: 100, Unit: "household", Basis: "rows"}
	for _, dates := range []uint32{100, 0} { // years alone are in no month
		if d := cmp.Diff(want, New().Judge(one(twice(dates)), network)[0].People); d != "" {
			t.Errorf("%d births of children: %s", dates, d)
		}
	}
	// Payments: several rows a person.
	paid := func(place detectors.Kind) scanner.People {
		return New().Judge(one(unique(table(100, join(cols(birthDate, "ddn"), cols(place, "lieu"), cols(benefit, "rsa apl"), cols(income, "revenus"))...), 0.2, 0, 1)), network)[0].People
	}
	if p := paid(streetAddress); p.Estimate != 60 || p.Low != 60 || p.High != 100 {
		t.Errorf("payments with streets: %+v", p)
	}
	if p := paid(postcode); p.Estimate != 100 || p.Low != 60 || p.High != 100 {
		t.Errorf("payments with postcodes: %+v", p)
	}
	p := New().Judge(one(large), network)[0].People
	if p.Estimate < 45_000 || p.Estimate > 55_000 || p.Low >= p.Estimate || p.High <= p.Estimate || p.Basis != "nir" {
		t.Errorf("50,000 distinct NIRs: %+v", p)
	}
}

func TestMinors(t *testing.T) {
	type births struct {
		year, month int
		n           uint32
	}
	tests := []struct {
		name   string
		births []births
		family bool
		want   int64
	}{
		{"none", nil, true, 0},
		{"children", []births{{1980, 1, 100}, {2010, 5, 40}, {2020, 3, 10}}, true, 50},
		{"one month too old", []births{{2002, 2, 40}, {2020, 3, 10}}, true, 10},
		{"half of the month 18 years before", []births{{2002, 3, 40}, {2020, 3, 10}}, true, 30},
		{"a birth in the future is a typing error", []births{{1980, 1, 9000}, {2010, 5, 400}, {2049, 1, 1}}, true, 400},
		{"a few late births are not", []births{{1980, 1, 90}, {2010, 5, 4}, {2020, 1, 1}}, true, 5},
		{"adults, without children's columns", []births{{1950, 1, 90}, {2004, 5, 9}}, false, 0},
		{"pupils", []births{{2013, 1, 90}, {2016, 5, 9}}, false, 99},
	}
	for _, test := range tests {
		tally := &scanner.Tally{}
		for _, b := range test.births {
			born(tally, b.year, b.month, b.n)
		}
		if got := minors(tally.Births, test.family); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

func TestReidentification(t *testing.T) {
	tally := table(1000, join(cols(birthDate, "a b"), cols(streetAddress, "rue"), cols("", "x"))...)
	if r := reidentification(tally); r != nil {
		t.Errorf("without a set: %+v", r)
	}
	unique(tally, 1, 2)         // one column, however unique
	unique(tally, 0.5, 0, 2)    // less unique
	unique(tally, 0.9, 0, 1, 2) // no more unique than the next, with more columns
	unique(tally, 0.9, 0, 1)
	want := &scanner.Reidentification{UniqueShare: 0.9, KMin: 1, QuasiIdentifiers: []detectors.Kind{birthDate, birthDate}}
	if d := cmp.Diff(want, reidentification(tally)); d != "" {
		t.Error(d)
	}
	why := uniqueWhy(want, scanner.People{Unit: "household"}, false)
	if text := "90% of the households are alone with their birth dates: names were removed, but people can be found again"; why.Text != text {
		t.Errorf("got %q", why.Text)
	}
}

func TestAuthenticity(t *testing.T) {
	agree := func(relation string, rows, held int64) []scanner.Agreement {
		return []scanner.Agreement{{Relation: relation, Rows: rows, Held: held}}
	}
	tests := []struct {
		name    string
		nirs    [2]int64 // valid, all
		agree   []scanner.Agreement
		verdict string
	}{
		{"no evidence", [2]int64{}, nil, "unknown"},
		{"keys hold: so they do in generated data", [2]int64{5000, 5000}, nil, "unknown"},
		{"keys hold by chance", [2]int64{10, 1000}, nil, "fictitious"},
		{"too few", [2]int64{0, 10}, agree("nir_birth_date", 10, 10), "unknown"},
		{"NIR agrees with birth date", [2]int64{5000, 5000}, agree("nir_birth_date", 5000, 4990), "real"},
		{"NIR independent of birth date", [2]int64{5000, 5000}, agree("nir_birth_date", 5000, 5), "fictitious"},
		{"NIR agrees with birth date now and then", [2]int64{}, agree("nir_birth_date", 5000, 2500), "unknown"},
		{"NIR agrees with sex", [2]int64{}, agree("nir_sex", 5000, 4950), "unknown"},
		{"NIR independent of sex", [2]int64{}, agree("nir_sex", 5000, 2510), "fictitious"},
		{"postcode agrees with commune", [2]int64{}, agree("postcode_commune", 5000, 4950), "unknown"},
		{"postcode independent of commune", [2]int64{}, agree("postcode_commune", 5000, 0), "fictitious"},
	}
	for _, test := range tests {
		e := &evidence{agree: test.agree}
		if test.nirs[1] > 0 {
			e.fields = []scanner.Field{{Kind: nir, Valid: test.nirs[0], Matches: test.nirs[1]}}
		}
		a := authenticity(e)
		if a.Verdict != test.verdict {
			t.Errorf("%s: got %s (%v), want %s", test.name, a.Verdict, a.ProbabilityReal, test.verdict)
		}
		if a.Verdict == "unknown" && a.Evidence == nil && a.ProbabilityReal != 0.5 {
			t.Errorf("%s: probability %v", test.name, a.ProbabilityReal)
		}
	}
}

func TestBenefitCode(t *testing.T) {
	tests := map[string]string{
		"RSAVERS": "RSA", "MTRSAVER": "RSA", "MTAFVERS": "AF", "MTCFVERS": "CF", "AFFAIRE": "", "COMPLAAH": "AAH",
		"MTBPAJEV": "PAJE", "PAJPCAMM": "PAJE", "montant APL": "APL", "SURFTOT": "", "": "", "prime d'activité (PPA)": "PPA",
	}
	for title, want := range tests {
		if got := benefitCode(title); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
	for title, want := range map[string]string{"RQTH": "RQTH", "DAEEH": "AEEH", "MTAAHVER": "AAH", "RSAVERS": "", "Bénéficiaire AAH": "AAH"} {
		if got := disabilityCode(title); got != want {
			t.Errorf("disability of %q: got %q, want %q", title, got, want)
		}
	}
}

func TestFolder(t *testing.T) {
	tests := []struct {
		paths []string
		want  string
	}{
		{[]string{"/a/b.txt"}, "/a/b.txt"},
		{[]string{"/a/b.txt", "/a/c.txt"}, "/a/"},
		{[]string{"s3://b/k.zip!/x/1.txt", "s3://b/k.zip!/x/12.txt", "s3://b/k.zip!/y"}, "s3://b/k.zip!/"},
		{[]string{"/a/k.tar!1.txt", "/a/k.tar!2.txt"}, "/a/k.tar"},
		{[]string{"b.txt", "c.txt"}, "."},
	}
	for _, test := range tests {
		if got := folder(test.paths); got != test.want {
			t.Errorf("%q: got %q, want %q", test.paths, got, test.want)
		}
	}
}
