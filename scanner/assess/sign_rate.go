package assess

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// A rate is a sign that lies in the share of rows in which a relation holds.
type rate struct {
	relation string
	text     string // the share stands for %s
	ways     []way
	least    int64 // rows that it takes to be evidence; 0: least
}

// A way is how data come to have a share: around mean, as spread over data sets
// as in strength rows of one (a beta distribution). real and invented say how
// many of the real and of the invented data sets come about like that. So no
// sign weighs more than the logarithm of their ratio, however many the rows:
// rows of one maker are all right or wrong together.
type way struct {
	mean, strength float64
	real, invented float64
	as             string // what such data are like; told where it speaks against real
}

// rates holds every figure. Means are those of Insee's lists and of generators
// in use, or computed; how often a way occurs is judgement, kept apart from
// extremes by what real files are known to do. What remains of real and
// invented to 1 has any share.
var rates = []rate{
	// The key of a NIR: 97 − (number mod 97). Real ones have it (99.5 %), and
	// most generators compute it; one random number in 97 has it.
	{"nir_keys", "the key holds in %s of the NIRs", []way{
		{0.99, 60, 0.97, 0.60, ""},
		{1.0 / 97, 2000, 0.005, 0.38, "in random numbers"},
	}, 0},
	{"nir_key", "the key beside it holds for %s of the NIRs", []way{
		{0.99, 60, 0.97, 0.60, ""},
		{1.0 / 97, 2000, 0.005, 0.38, "in random numbers"},
	}, 0},
	// 39,254 codes of communes, current and former, and 237 of countries: of
	// five random digits (datafaker) 39 % are one, of those that can be told 43 %.
	// Faker's all are.
	{"nir_place_exists", "%s of the birth places in NIRs exist", []way{
		{0.99, 100, 0.96, 0.55, ""},
		{0.41, 200, 0.005, 0.42, "in random digits"},
	}, 0},
	// Faker (fr_FR) draws the place from the hundred prefectures. Of the French
	// a third or so is born in one, of a town's people up to nine in ten, of its
	// maternity all.
	{"nir_place_prefecture", "%s of the birth places in NIRs are prefectures", []way{
		{0.995, 100, 0.03, 0.35, "a known generator draws them"},
		{0.35, 5, 0.92, 0.25, ""},
		{0.0025, 500, 0.04, 0.38, "in random digits"},
	}, 0},
	// Births of a month are numbered from 1 in each commune: twelve a year for
	// a thousand people, more where there is a maternity. In villages, which alone
	// are asked, no rank passes 40 or so: drawn from 1 to 999, one in 30 is that low.
	{"nir_order_plausible", "the order number fits the size of the birth place in %s of the NIRs", []way{
		{0.98, 60, 0.95, 0.06, ""},
		{0.03, 60, 0.008, 0.90, "where it is drawn from 1 to 999"},
	}, 0},
	// Year and month are those of the birth date in 97 % of real rows or more,
	// by chance in one of 100 · 12. Some real files have the NIR of a parent
	// beside the birth date of a child.
	{"nir_birth_date", "NIR and birth date agree in %s of the rows", []way{
		{0.985, 60, 0.94, 0.04, ""},
		{0.008, 300, 0.025, 0.93, "in columns drawn apart from each other"},
	}, 0},
	{"nir_sex", "NIR and sex agree in %s of the rows", []way{
		{0.985, 60, 0.95, 0.32, ""},
		{0.5, 200, 0.025, 0.66, "in columns drawn apart from each other"},
	}, 0},
	// Communes merge and are renamed: a little less than the birth date.
	{"nir_birth_place", "NIR and birth place agree in %s of the rows", []way{
		{0.96, 30, 0.92, 0.03, ""},
		{0.004, 300, 0.04, 0.92, "in columns drawn apart from each other"},
	}, 0},
	// Real: 95 % or more, what is missing is CEDEX. Lists of real pairs are at
	// hand for whoever invents; Faker's communes (Saint X-les-Bains) exist nowhere.
	// Some real files have the postcode of one address beside the town of another.
	{"postcode_commune", "postcode and commune agree in %s of the rows", []way{
		{0.97, 60, 0.93, 0.25, ""},
		{0.002, 500, 0.02, 0.72, "in columns drawn apart from each other"},
	}, 0},
	// Of the 100,000 numbers of five digits 6,300 are a postcode. Those of other
	// countries, where real people live too, are hardly more often one.
	{"postcode_exists", "%s of the postcodes exist", []way{
		{0.985, 60, 0.90, 0.55, ""},
		{0.063, 100, 0.08, 0.42, "in random digits"},
	}, 0},
	// Generators compute the check digits of ISO 13616 and not the key of the
	// RIB inside, which then holds once in 97.
	{"iban_generated", "%s of the IBANs lack the key of the account inside", []way{
		{0.003, 300, 0.97, 0.35, ""},
		{96.0 / 97, 300, 0.005, 0.62, "generators make them"},
	}, 0},
	// Benefits in full and at ceilings are amounts of the scale, to the cent;
	// most others are reduced by an income. Of random amounts below 1,000 € some
	// five in a thousand are one by chance.
	{"amount_on_scale", "%s of the benefit amounts are, to the cent, amounts of the official scale", []way{
		{0.2, 4, 0.55, 0.14, ""},
		{0.005, 300, 0.43, 0.82, "in random amounts"},
	}, 0},
	// The 29th, 30th and 31st are 8.0 % of the days of a year (7.2 % of births
	// registered, where unknown days are the first). Generators draw 1 to 28 to
	// have no 30 February; real files may have the month alone, as its first day.
	{"day_over_28", "%s of the births are on the 29th, 30th or 31st of a month", []way{
		{0.078, 800, 0.92, 0.68, ""},
		{0.0005, 2000, 0.05, 0.30, "where days are drawn from 1 to 28"},
	}, 100},
	// Where the day is unknown, civil status writes 1 January: a few in a
	// hundred of those born abroad. Drawn evenly: one in 365.
	{"birth_first_january", "%s of the births are on 1 January", []way{
		{0.015, 80, 0.48, 0.15, ""},
		{1 / 365.25, 4000, 0.48, 0.80, "where days are drawn evenly"},
	}, 0},
	// Insee's first names are of one sex in 97 % of the people; some are both.
	{"first_name_sex", "first name and sex agree in %s of the rows", []way{
		{0.97, 60, 0.95, 0.55, ""},
		{0.5, 200, 0.02, 0.42, "in columns drawn apart from each other"},
	}, 0},
	// Usual: one in twenty or more of its bearers were born in that decade, which
	// is true of 91 % of births. Generators give the names of a list to all ages:
	// 41 % (also Faker's). Names from
	// abroad have other decades.
	{"first_name_decade", "the first name was usual in the decade of birth in %s of the rows", []way{
		{0.92, 40, 0.86, 0.12, ""},
		{0.41, 60, 0.02, 0.80, "where names are drawn apart from the age"},
		{0.60, 20, 0.11, 0.05, ""},
	}, 0},
	// Domains reserved by RFC 2606 and test.com; numbers that Arcep keeps for
	// fiction. Both are what anonymisation writes over real persons (webrsa:
	// nom@test.com), so they say little about these.
	{"email_example", "%s of the e-mail addresses are at domains kept for examples", []way{
		{0.002, 500, 0.85, 0.65, ""},
		{0.98, 30, 0.12, 0.33, ""},
	}, 0},
	{"phone_fiction", "%s of the phone numbers are in ranges kept for fiction", []way{
		{0.0005, 2000, 0.85, 0.65, ""},
		{0.98, 30, 0.12, 0.33, ""},
	}, 0},
}

// least is how many rows a rate needs to be evidence.
const least = 12

// rated makes a sign of a relation that the study counted. Where a table has
// several columns of one of its kinds (the names of both spouses, the birth
// dates of both) which belong together is a guess: that they do not agree is no
// evidence.
func rated(relation string) sign {
	return func(e *evidence) (float64, scanner.Why, bool) {
		var rows, held int64
		for _, a := range e.agree {
			if a.Relation == relation {
				rows, held = rows+a.Rows, held+a.Held
			}
		}
		weight, why, ok := judged(relation, held, rows)
		return weight, why, ok && (weight > 0 || !e.ambiguous(relation))
	}
}

// ambiguous reports whether the relation could compare other columns, too.
func (e *evidence) ambiguous(relation string) bool {
	if e.tally == nil || e.tally.Study == nil {
		return false
	}
	several := func(kind detectors.Kind) bool {
		n := 0
		for _, k := range e.tally.Study.Kinds {
			if k == kind {
				n++
			}
		}
		return n > 1
	}
	return slices.ContainsFunc(detectors.Relations(), func(r detectors.Relation) bool {
		return r.Name == relation && r.B != "" && (several(r.A) || several(r.B))
	})
}

// judged weighs that a relation holds in k of n rows.
func judged(relation string, k, n int64) (float64, scanner.Why, bool) {
	if n < least || k > n {
		return 0, scanner.Why{}, false
	}
	for i := range rates {
		if rates[i].relation == relation && n >= rates[i].least {
			weight, as := rates[i].weigh(k, n)
			share := float64(k) / float64(n)
			text := fmt.Sprintf(rates[i].text, tenths(share))
			if as != "" && weight <= -1 {
				text += ", as " + as
			}
			return weight, scanner.Why{Code: relation,
				Args: map[string]any{"rate": round(share, 4), "rows": n}, Text: text}, true
		}
	}
	return 0, scanner.Why{}, false
}

// weigh returns the logarithm of how much likelier k of n is in real data than
// in invented ones, and what the likeliest way is like.
func (r *rate) weigh(k, n int64) (weight float64, as string) {
	likely := make([]float64, len(r.ways)) // logarithms
	rest := -math.Log(float64(n) + 1)      // any share: each k as likely
	top, best := rest, -1
	for i, w := range r.ways {
		likely[i] = betaBinomial(k, n, w.mean*w.strength, (1-w.mean)*w.strength)
		if likely[i] > top {
			top, best = likely[i], i
		}
	}
	real, invented, left, over := 0.0, 0.0, 1.0, 1.0
	for i, w := range r.ways {
		l := math.Exp(likely[i] - top)
		real, invented = real+w.real*l, invented+w.invented*l
		left, over = left-w.real, over-w.invented
	}
	l := math.Exp(rest - top)
	real, invented = real+max(left, 0)*l, invented+max(over, 0)*l
	if best >= 0 {
		as = r.ways[best].as
	}
	return math.Log(real / invented), as
}

// betaBinomial is the logarithm of the probability of k of n where the share is
// distributed as beta(a, b).
func betaBinomial(k, n int64, a, b float64) float64 {
	x, y := float64(k), float64(n-k)
	return logBeta(x+a, y+b) - logBeta(a, b) - logBeta(x+1, y+1) - math.Log(float64(n)+1)
}

// logBeta is the logarithm of the beta function.
func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// tenths writes a share to a tenth of a percent; nearly all is not all.
func tenths(share float64) string {
	t := math.Round(1000 * share)
	switch {
	case t >= 1000 && share < 1:
		return "more than 99.9%"
	case t <= 0 && share > 0:
		return "less than 0.1%"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", t/10), ".0") + "%"
}
