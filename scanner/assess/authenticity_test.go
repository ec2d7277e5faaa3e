package assess

import (
	"fmt"
	"math"
	"math/rand/v2"
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

// With the rows that the tests use, generators and files that were read or
// described in public are told from real ones. The rates of real data are those
// of registers; of random digits, computed.
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
		{name: "families of three, four rows each", keys: 1, stocks: [3]int{320, 380, 1000}, rates: held(
			"nir_place_exists", 0.997, "nir_birth_date", 0.98, "nir_sex", 0.99, "first_name_decade", 0.91)},
		{name: "CAF.zip", rates: held("day_over_28", 0.079, "birth_first_january", 0.006, "amount_on_scale", 0.3)},
		{name: "benefits, all reduced by an income", rates: held("day_over_28", 0.079, "amount_on_scale", 0)},
		{name: "months of birth, the day always the first", keys: 1, rates: held(
			"nir_place_exists", 0.997, "nir_birth_date", 0.98, "day_over_28", 0)},
		{name: "people of one town", keys: 1, rates: held(
			"nir_place_exists", 0.999, "nir_place_prefecture", 0.85, "nir_birth_date", 0.98)},
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

func told(a scanner.Authenticity) string {
	var all []string
	for _, w := range a.Evidence {
		all = append(all, fmt.Sprintf("%5.1f  %s", w.Args["weight"], w.Text))
	}
	return strings.Join(all, "\n")
}
