package assess

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/detectors"
	"vigie/scanner"
)

// An origin is how a data set came about: the share of rows in which each
// relation holds, of those that its columns have, and the different names.
type origin struct {
	name   string
	rates  map[string]float64
	stocks [3]int  // different surnames, first names and persons; 0 without
	blind  bool    // the columns of names hold something else
	keys   float64 // share of NIRs with their key; 0 without NIRs
}

// origins are generators and files described in public, and what real data are
// like. The rates of random digits are computed.
var origins = struct{ invented, hidden, real []origin }{
	invented: []origin{
		{name: "Faker fr_FR", keys: 1, stocks: [3]int{400, 200, 4000}, rates: held(
			"nir_place_exists", 1, "nir_place_prefecture", 1, "nir_birth_date", 0.0083, "nir_sex", 0.5,
			"postcode_commune", 0, "postcode_exists", 0.06, "iban_generated", 0.99, "day_over_28", 0.08,
			"first_name_decade", 0.41, "first_name_sex", 0.5, "email_example", 0.6, "birth_first_january", 1/365.0)},
		{name: "datafaker", keys: 1, stocks: [3]int{150, 150, 4000}, rates: held(
			"nir_place_exists", 0.39, "nir_place_prefecture", 0.0025, "nir_order_plausible", 0.03, "nir_birth_date", 0.0083,
			"nir_sex", 0.5, "postcode_commune", 0, "postcode_exists", 0.063, "first_name_decade", 0.41, "day_over_28", 0.08)},
		{name: "600 rows made by hand", stocks: [3]int{16, 16, 600}, rates: held(
			"postcode_commune", 0, "postcode_exists", 0.058, "day_over_28", 0, "email_example", 1)},
		{name: "a careful generator", keys: 1, stocks: [3]int{400, 200, 4000}, rates: held(
			"nir_place_exists", 1, "nir_place_prefecture", 0.01, "nir_order_plausible", 0.03, "nir_birth_date", 1, "nir_sex", 1,
			"postcode_commune", 1, "postcode_exists", 1, "first_name_decade", 0.41, "first_name_sex", 0.5, "day_over_28", 0.08)},
		{name: "random digits", keys: 1.0 / 97, rates: held("nir_place_exists", 0.39, "nir_birth_date", 0.0083)},
		{name: "keys alone computed", keys: 1, rates: held("nir_place_exists", 0.39, "nir_order_plausible", 0.03)},
	},
	hidden: []origin{
		{name: "webrsa's script", keys: 0.999, blind: true, rates: held(
			"nir_place_exists", 0.998, "nir_place_prefecture", 0.3, "nir_order_plausible", 1, "nir_birth_date", 0.985, "nir_sex", 0.995,
			"postcode_commune", 0.97, "postcode_exists", 0.99, "day_over_28", 0.079, "email_example", 1)},
		{name: "names drawn from a list, over a real register", keys: 0.999, stocks: [3]int{200, 100, 3900}, rates: held(
			"nir_place_exists", 0.998, "nir_order_plausible", 0.99, "nir_birth_date", 0.985, "first_name_decade", 0.41, "day_over_28", 0.079)},
	},
	real: []origin{
		{name: "a register", keys: 0.998, stocks: [3]int{2900, 700, 3950}, rates: held(
			"nir_place_exists", 0.997, "nir_place_prefecture", 0.35, "nir_order_plausible", 0.99, "nir_birth_date", 0.98, "nir_sex", 0.99,
			"nir_birth_place", 0.96, "postcode_commune", 0.97, "postcode_exists", 0.985, "iban_generated", 0.001, "day_over_28", 0.078,
			"birth_first_january", 0.012, "first_name_sex", 0.98, "first_name_decade", 0.91, "email_example", 0, "phone_fiction", 0)},
		{name: "this project's seeded people", keys: 1, stocks: [3]int{2244, 374, 4000}, rates: held(
			"nir_place_exists", 1, "nir_place_prefecture", 0.21, "nir_order_plausible", 1, "nir_birth_date", 1, "nir_sex", 1,
			"postcode_commune", 1, "postcode_exists", 1, "iban_generated", 0, "day_over_28", 0.084, "birth_first_january", 0.006,
			"first_name_decade", 0.91, "email_example", 1, "phone_fiction", 1)},
		{name: "seeded people without NIR", stocks: [3]int{2244, 374, 4000}, rates: held(
			"postcode_commune", 1, "postcode_exists", 1, "day_over_28", 0.084, "first_name_decade", 0.91, "email_example", 1, "phone_fiction", 1)},
		{name: "a NIR beside a child's birth date", keys: 1, rates: held(
			"nir_place_exists", 0.997, "nir_place_prefecture", 0.35, "nir_order_plausible", 0.99, "nir_birth_date", 0.01, "day_over_28", 0.079)},
		{name: "a town's maternity", keys: 1, rates: held(
			"nir_place_exists", 1, "nir_place_prefecture", 1, "nir_birth_date", 0.99, "nir_sex", 0.99, "first_name_decade", 0.9)},
		{name: "families of three, four rows each", keys: 1, stocks: [3]int{320, 380, 1000}, rates: held(
			"nir_place_exists", 0.997, "nir_birth_date", 0.98, "nir_sex", 0.99, "first_name_decade", 0.91)},
		{name: "CAF.zip", rates: held("day_over_28", 0.079, "birth_first_january", 0.006, "amount_on_scale", 0.3)},
		{name: "benefits, all reduced by an income", rates: held("day_over_28", 0.079, "amount_on_scale", 0)},
		{name: "months of birth, the day always the first", keys: 1, rates: held(
			"nir_place_exists", 0.997, "nir_birth_date", 0.98, "day_over_28", 0)},
		{name: "people of one town", keys: 1, rates: held(
			"nir_place_exists", 0.999, "nir_place_prefecture", 0.85, "nir_birth_date", 0.98)},
		{name: "people of another country", stocks: [3]int{2900, 900, 3950}, rates: held(
			"postcode_exists", 0.09, "first_name_decade", 0.55, "day_over_28", 0.08)},
		{name: "a contact list", stocks: [3]int{1500, 400, 2000}, rates: held("email_example", 0, "phone_fiction", 0, "postcode_commune", 0.95)},
	},
}

// held makes a map of pairs.
func held(pairs ...any) map[string]float64 {
	m := make(map[string]float64)
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case int:
			m[pairs[i].(string)] = float64(v)
		case float64:
			m[pairs[i].(string)] = v
		}
	}
	return m
}

// tally counts rows of this origin, each relation with its chance.
func (o origin) tally(r *rand.Rand, rows int64) *scanner.Tally {
	columns := join(cols(birthDate, "DDN"), cols(streetAddress, "ADRESSE"))
	if o.blind {
		columns = join(columns, cols("", "NOM PRENOM"))
	} else {
		columns = join(columns, cols(lastName, "NOM"), cols(firstName, "PRENOM"))
	}
	if o.keys > 0 {
		columns = append(columns, col{title: "NIR", kind: nir, valid: float64(drawn(r, o.keys, rows)) / float64(rows)})
	}
	t := table(rows, columns...)
	if o.stocks[0] > 0 {
		part := min(1, float64(rows)/float64(o.stocks[2]))
		values(t, birthDate, int(part*float64(o.stocks[2])), rows)
		values(t, lastName, o.different(0, part), rows)
		values(t, firstName, o.different(1, part), rows)
	}
	for _, g := range rates {
		if p, ok := o.rates[g.relation]; ok {
			t.Agree = append(t.Agree, scanner.Agreement{Relation: g.relation, Rows: rows, Held: drawn(r, p, rows)})
		}
	}
	return t
}

// different is how many of a stock a part of the persons has: fewer, as the
// square root of the part, but not of a small stock, which is soon drawn up.
func (o origin) different(i int, part float64) int {
	n := float64(o.stocks[i])
	if n < 0.11*float64(o.stocks[2]) {
		return int(n * (1 - math.Exp(-part*float64(o.stocks[2])/n)))
	}
	return max(int(n*math.Sqrt(part)), 1)
}

func drawn(r *rand.Rand, p float64, n int64) (k int64) {
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

// values gives a column as many different values.
func values(t *scanner.Tally, k detectors.Kind, different int, rows int64) {
	for i := range t.Columns {
		if t.Study.Kinds[i] == k {
			for row := range rows {
				t.Columns[i].Values.Add(hash(row%int64(max(different, 1))), 1)
			}
		}
	}
}

func judge(t *scanner.Tally) scanner.Authenticity { return authenticity(New().(assessor).table(t)) }

func TestOrigins(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, rows := range []int64{100, 600, 4000} {
		for _, set := range []struct {
			origins []origin
			want    string // verdicts
		}{
			{origins.invented, "fictitious"},
			{origins.hidden, "partly_anonymised"},
			{origins.real, "real unknown"},
		} {
			for _, o := range set.origins {
				t.Run(fmt.Sprintf("%s, %d rows", o.name, rows), func(t *testing.T) {
					a := judge(o.tally(r, rows))
					allowed := set.want
					if rows < 600 {
						allowed += " unknown"
						if set.want == "partly_anonymised" {
							allowed += " real"
						}
					}
					if !strings.Contains(allowed, a.Verdict) {
						t.Errorf("got %s (%v), want %s\n%s", a.Verdict, a.ProbabilityReal, allowed, told(a))
					}
					if testing.Verbose() {
						t.Logf("%s %v\n%s", a.Verdict, a.ProbabilityReal, told(a))
					}
				})
			}
		}
	}
}

// TestNeverWrong: no generator is ever called real, no real file fictitious,
// however many rows and whatever the luck of the draw.
func TestNeverWrong(t *testing.T) {
	english := origin{name: "Faker en_US", stocks: [3]int{150, 100, 4000}, rates: held("postcode_exists", 0.063, "first_name_decade", 0.41, "email_example", 1)}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		for _, rows := range []int64{20, 60, 250, 1000} {
			for _, o := range append(slices.Clone(origins.invented), english) {
				if a := judge(o.tally(r, rows)); a.Verdict == "real" || a.Verdict == "partly_anonymised" {
					t.Errorf("%s, %d rows, seed %d: %s\n%s", o.name, rows, seed, a.Verdict, told(a))
				}
			}
			for _, o := range origins.real {
				if a := judge(o.tally(r, rows)); a.Verdict == "fictitious" {
					t.Errorf("%s, %d rows, seed %d: %s\n%s", o.name, rows, seed, a.Verdict, told(a))
				}
			}
		}
	}
}

// TestCurve measures how well the probability tells invented data sets from
// real ones when they have only some of the columns.
func TestCurve(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	some := func(of []origin, n int) (p []float64) {
		for range n {
			part := of[r.IntN(len(of))]
			full := part.rates
			part.rates = make(map[string]float64)
			for _, g := range rates {
				if share, ok := full[g.relation]; ok && r.IntN(4) > 0 {
					part.rates[g.relation] = share
				}
			}
			if r.IntN(3) == 0 {
				part.stocks = [3]int{}
			}
			p = append(p, judge(part.tally(r, int64(50+r.IntN(1500)))).ProbabilityReal)
		}
		return p
	}
	real, invented := some(slices.Concat(origins.real, origins.hidden), 500), some(origins.invented, 500)
	var above float64
	for _, x := range real {
		for _, y := range invented {
			switch {
			case x > y:
				above++
			case x == y:
				above += 0.5
			}
		}
	}
	area := above / float64(len(real)*len(invented))
	t.Logf("area under the curve %.4f; least of real %v, most of invented %v", area, slices.Min(real), slices.Max(invented))
	if area < 0.97 {
		t.Errorf("area under the curve %.4f", area)
	}
	slices.Sort(real)
	slices.Sort(invented)
	if x := real[len(real)/50]; x <= 0.05 {
		t.Errorf("one in fifty real data sets has probability %v or less", x)
	}
	if x := invented[len(invented)*49/50]; x >= 0.95 {
		t.Errorf("one in fifty invented data sets has probability %v or more", x)
	}
}

// TestWeights: more rows never turn a weight round, and none is beyond what the
// ways allow.
func TestWeights(t *testing.T) {
	for _, g := range rates {
		real, invented := 1.0, 1.0
		for _, w := range g.ways {
			real, invented = real-w.real, invented-w.invented
		}
		if real < -1e-9 || invented < -1e-9 {
			t.Errorf("%s: the ways are more than all data sets", g.relation)
		}
		for _, w := range g.ways {
			for _, n := range []int64{20, 1000, 100_000, 100_000_000} {
				k := int64(math.Round(w.mean * float64(n)))
				weight, _ := g.weigh(k, n)
				if math.IsNaN(weight) || math.Abs(weight) > most {
					t.Errorf("%s: %d of %d weigh %v", g.relation, k, n, weight)
				}
				if n >= 1000 && w.as != "" && weight > 0 {
					t.Errorf("%s: %d of %d weigh %.2f, the wrong way", g.relation, k, n, weight)
				}
			}
		}
	}
}

func TestNoEvidence(t *testing.T) {
	agree := func(relation string, held int64) []scanner.Agreement {
		return []scanner.Agreement{{Relation: relation, Rows: 1000, Held: held}}
	}
	damaged := []scanner.Field{{Kind: nir, Matches: 1000}}
	corsican := []scanner.Field{{Kind: nir, Matches: 1000, Valid: 1}}
	replaced := table(300, join(cols(birthDate, "DDN"), cols("", "NOM PRENOM"))...)
	tests := []struct {
		name     string
		evidence *evidence
		verdict  string
	}{
		{"running text", &evidence{running: true, fields: []scanner.Field{{Kind: nir, Matches: 1000, Valid: 1000}}}, "unknown"},
		{"NIRs that a spreadsheet damaged", &evidence{fields: damaged, agree: agree("nir_birth_date", 0)}, "unknown"},
		{"damaged but for one from Corsica", &evidence{studied: 1000, fields: corsican, agree: []scanner.Agreement{{Relation: "nir_place_exists", Rows: 1, Held: 1}}}, "unknown"},
		{"one key by chance", &evidence{studied: 1000, fields: corsican, agree: agree("nir_place_exists", 390)}, "fictitious"},
		{"their places", &evidence{fields: damaged, agree: agree("nir_place_exists", 0)}, "unknown"},
		{"a damaged NIR may keep its year and month", &evidence{fields: damaged, agree: agree("nir_birth_date", 990)}, "real"},
		{"a relation that nobody knows", &evidence{agree: agree("moon_phase", 0)}, "unknown"},
		{"more than all", &evidence{agree: agree("nir_birth_date", 2000)}, "unknown"},
		{"names alone never make data fictitious", New().(assessor).table(replaced), "unknown"},
		{"nor do examples", &evidence{agree: append(agree("email_example", 1000), agree("phone_fiction", 1000)...)}, "unknown"},
	}
	for _, test := range tests {
		if a := authenticity(test.evidence); a.Verdict != test.verdict {
			t.Errorf("%s: got %s (%v), want %s", test.name, a.Verdict, a.ProbabilityReal, test.verdict)
		}
	}
}

// Names of two spouses and their sexes: which belong together is a guess, and
// only that they agree is evidence.
func TestAmbiguous(t *testing.T) {
	tests := []struct {
		columns  string
		held     int64
		low, top float64
	}{
		{"prenom=first_name, sexe=sex", 2500, 0, 0.2},
		{"prenom=first_name, sexe=sex, prenom_conjoint=first_name, sexe_conjoint=sex", 2500, 0.5, 0.5},
		{"prenom=first_name, sexe=sex, prenom_conjoint=first_name", 2500, 0.5, 0.5},
		{"prenom=first_name, sexe=sex, prenom_conjoint=first_name", 4900, 0.6, 1},
	}
	for _, test := range tests {
		tally := table(5000, titled(test.columns)...)
		tally.Agree = []scanner.Agreement{{Relation: "first_name_sex", Rows: 5000, Held: test.held}}
		if p := judge(tally).ProbabilityReal; p < test.low || p > test.top {
			t.Errorf("%s, %d: probability %v, want %v to %v", test.columns, test.held, p, test.low, test.top)
		}
	}
}

// People born abroad are born in no village and in no prefecture.
func TestBornAbroad(t *testing.T) {
	judged := func(villages int64) float64 {
		tally := table(500, titled("nir=nir")...)
		tally.Agree = []scanner.Agreement{{Relation: "nir_place_exists", Rows: 500, Held: 499}, {Relation: "nir_place_prefecture", Rows: 500},
			{Relation: "nir_order_plausible", Rows: villages, Held: villages / 30}}
		return judge(tally).ProbabilityReal
	}
	if p := judged(3); p < 0.5 {
		t.Errorf("born abroad: %v", p)
	}
	if p := judged(450); p > 0.05 {
		t.Errorf("places drawn from all communes: %v", p)
	}
}

// TestTexts: what texts of a folder hold is evidence as of one population.
func TestTexts(t *testing.T) {
	var letters []*scanner.Tally
	for i := range 20 {
		l := persons(text(fmt.Sprintf("/d/%02d.txt", i), seen(nir, 1, 1), seen(fullName, 1, 1), seen(birthDate, 1, 1)), 1)
		l.Agree = []scanner.Agreement{{Relation: "nir_place_exists", Rows: 1, Held: 1}}
		letters = append(letters, l)
	}
	a := authenticity(New().(assessor).text("text", letters))
	if len(a.Evidence) != 1 || a.Evidence[0].Text != "100% of the birth places in NIRs exist" {
		t.Errorf("%+v", a)
	}
}

// Amounts of one scale date the data.
func TestScaleDate(t *testing.T) {
	tests := []struct {
		held [2]int64 // of April 2021, of April 2022
		want string
	}{
		{[2]int64{300, 5}, "30.2% of the benefit amounts are, to the cent, amounts of the official scale of April 2021"},
		{[2]int64{5, 300}, "30.2% of the benefit amounts are, to the cent, amounts of the official scale of April 2022"},
		{[2]int64{151, 151}, "30.2% of the benefit amounts are, to the cent, amounts of the official scale"},
	}
	for _, test := range tests {
		tally := table(1000, titled("rsa=benefit_amount")...)
		tally.Agree = []scanner.Agreement{{Relation: "amount_on_scale", Rows: 1000, Held: 302},
			{Relation: "amount_on_scale_2021_04", Rows: 1000, Held: test.held[0]}, {Relation: "amount_on_scale_2022_04", Rows: 1000, Held: test.held[1]}}
		a := judge(tally)
		if len(a.Evidence) != 1 || a.Evidence[0].Text != test.want {
			t.Errorf("%v: %+v, want %q", test.held, a.Evidence, test.want)
		}
	}
}

func TestRateText(t *testing.T) {
	tests := []struct {
		relation string
		k, n     int64
		want     string
	}{
		{"nir_birth_date", 3984, 4000, "NIR and birth date agree in 99.6% of the rows"},
		{"nir_birth_date", 33, 4000, "NIR and birth date agree in 0.8% of the rows, as in columns drawn apart from each other"},
		{"nir_place_exists", 3999, 4000, "more than 99.9% of the birth places in NIRs exist"},
		{"nir_place_prefecture", 600, 600, "100% of the birth places in NIRs are prefectures, as a known generator draws them"},
		{"iban_generated", 1, 4000, "less than 0.1% of the IBANs lack the key of the account inside"},
	}
	for _, test := range tests {
		_, why, ok := judged(test.relation, test.k, test.n)
		if !ok || why.Text != test.want || why.Code != test.relation {
			t.Errorf("got %q, want %q", why.Text, test.want)
		}
	}
}

func told(a scanner.Authenticity) string {
	var all []string
	for _, w := range a.Evidence {
		all = append(all, fmt.Sprintf("%5.1f  %s", w.Args["weight"], w.Text))
	}
	return strings.Join(all, "\n")
}
