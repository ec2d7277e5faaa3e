package assess

import (
	"fmt"
	"math"

	"vigie/scanner"
)

// A sign is one piece of evidence whether data are real: the natural logarithm
// of how much likelier it is in real data than in invented ones, with the
// reason in words; ok is false where the data say nothing.
type sign func(*evidence) (weight float64, why scanner.Why, ok bool)

// signs returns the evidence known so far, in the order of reports.
func signs() []sign {
	return []sign{nirKeys,
		agreement("nir_birth_date", "NIR and birth date", 0.97, 0.01, 8),
		agreement("nir_sex", "NIR and sex", 0.97, 0.5, 2),
		agreement("postcode_commune", "postcode and commune", 0.95, 0.001, 1),
	}
}

// authenticity joins the signs: probability of real = logistic of the sum of
// the weights, each between −8 and +8. The verdict needs 95 % either way;
// without it, or without any sign, it is unknown, and unknown counts as real.
func authenticity(e *evidence) scanner.Authenticity {
	a := scanner.Authenticity{Verdict: "unknown", ProbabilityReal: 0.5}
	var sum float64
	for _, s := range signs() {
		if weight, why, ok := s(e); ok {
			sum += capped(weight)
			a.Evidence = append(a.Evidence, why)
		}
	}
	p := 1 / (1 + math.Exp(-sum))
	a.ProbabilityReal = round(p, 3)
	switch {
	case p >= 0.95:
		a.Verdict = "real"
	case p <= 0.05:
		a.Verdict = "fictitious"
	}
	return a
}

// nirKeys: nearly every real NIR has its key, a random number once in 97. Keys
// that hold prove little, because every generator computes them: at most +1.
func nirKeys(e *evidence) (float64, scanner.Why, bool) {
	var valid, all int64
	for _, f := range e.in(nir) {
		valid += f.Valid
		all += f.Matches
	}
	if all < 20 {
		return 0, scanner.Why{}, false
	}
	rate := float64(valid) / float64(all)
	return min(keyRate(valid, all), 1), scanner.Why{Code: "nir_keys",
		Args: map[string]any{"rate": round(rate, 4), "count": all},
		Text: fmt.Sprintf("the key holds in %s of the NIRs", percent(rate))}, true
}

// keyRate is the weight of k valid keys among n NIRs: real ones have 99.5 %
// valid keys, random numbers one in 97.
func keyRate(k, n int64) float64 { return odds(k, n, 0.995, 1.0/97) }

// odds is the logarithm of how much likelier k of n is at the rate real than at
// the rate invented.
func odds(k, n int64, real, invented float64) float64 {
	return float64(k)*math.Log(real/invented) + float64(n-k)*math.Log((1-real)/(1-invented))
}

func capped(weight float64) float64 { return max(-8, min(8, weight)) }

// agreement makes a sign of a relation between two columns. In real data it
// holds in at least the share real of the rows, in columns invented apart from
// each other by chance. It counts for real, up to most, only from that share
// on, and for invented only near chance (the middle in likelihood); between
// the two it is shown and weighs nothing.
func agreement(relation, columns string, real, chance, most float64) sign {
	return func(e *evidence) (float64, scanner.Why, bool) {
		var rows, held int64
		for _, a := range e.agree {
			if a.Relation == relation {
				rows, held = rows+a.Rows, held+a.Held
			}
		}
		if rows < 20 {
			return 0, scanner.Why{}, false
		}
		rate := float64(held) / float64(rows)
		weight := capped(odds(held, rows, min(real+0.015, 0.99), chance))
		near := chance + max(0.04, 3*math.Sqrt(chance*(1-chance)/float64(rows)))
		switch {
		case rate >= real:
			weight = min(weight, most)
		case rate > near:
			weight = 0
		}
		return weight, scanner.Why{Code: relation,
			Args: map[string]any{"rate": round(rate, 4), "rows": rows},
			Text: fmt.Sprintf("%s agree in %s of the rows", columns, percent(rate))}, true
	}
}
