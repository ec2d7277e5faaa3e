package assess

import (
	"cmp"
	"math"
	"slices"

	"vigie/scanner"
)

// A sign is one piece of evidence whether data are real. It returns the natural
// logarithm of how much likelier what it sees is in real data than in invented
// ones, between −8 and +8, with the reason in words; ok is false where the data
// say nothing.
type sign func(*evidence) (weight float64, why scanner.Why, ok bool)

// A group is signs that depend on each other: a generator that draws columns
// apart from each other gets the birth date wrong as well as the sex. Of a
// group only the strongest sign counts, whichever way it points.
type group struct {
	about subject
	signs []sign
}

// A subject is what a group of signs is about, judged apart from the others:
// names replaced by random letters leave a real NIR behind them (the official
// script that anonymises webrsa does just that).
type subject uint8

const (
	identity subject = iota // NIR, birth date, address, account, amounts
	names
	contact // e-mail addresses and phone numbers
)

// signs returns the evidence known so far by group. Reports tell the heaviest
// first, and of equal ones the first here.
func signs() []group {
	return []group{
		{identity, []sign{nirKeys, rated("nir_key"), ofNIR("nir_place_exists"), prefectures, ofNIR("nir_order_plausible")}},
		{identity, []sign{withNIR("nir_birth_date"), withNIR("nir_sex"), withNIR("nir_birth_place")}},
		{identity, []sign{rated("postcode_commune"), rated("postcode_exists")}},
		{identity, []sign{rated("iban_generated")}},
		{identity, []sign{onScale}},
		{identity, []sign{rated("day_over_28"), rated("birth_first_january")}},
		{names, []sign{rated("first_name_sex"), rated("first_name_decade")}},
		{names, []sign{unknownNames, fewLastNames, fewFirstNames}},
		{contact, []sign{rated("email_example"), rated("phone_fiction")}},
	}
}

const (
	most     = 8.0  // no weight is beyond, nor the sum
	counts   = 0.4  // lighter signs are neither counted nor told
	bad      = -2.0 // an identity that speaks for invented data
	doubtful = -2.5 // data without are not below: unknown
)

// certain is the weight of a probability of 95 %, which a verdict needs.
var certain = math.Log(0.95 / 0.05)

// authenticity joins the signs: the probability of real is the logistic of the
// sum of the groups, from even odds.
//
// Names that were certainly invented, over an identity that speaks for real
// persons, were put there to hide them: partly_anonymised, and as likely real
// as the identity. Invented names and contact data alone do not make data
// fictitious. Without a verdict data are unknown, and unknown counts as real.
func authenticity(e *evidence) scanner.Authenticity {
	var sums [contact + 1]float64
	var told []scanner.Why
	for _, g := range signs() {
		var strongest float64
		for _, s := range g.signs {
			weight, why, ok := s(e)
			if !ok || math.Abs(weight) < counts {
				continue
			}
			weight = max(-most, min(most, weight))
			if math.Abs(weight) > math.Abs(strongest) {
				strongest = weight
			}
			why.Args["weight"] = round(weight, 1)
			told = append(told, why)
		}
		sums[g.about] += strongest
	}
	slices.SortStableFunc(told, func(x, y scanner.Why) int { return cmp.Compare(heft(y), heft(x)) })
	a := scanner.Authenticity{Verdict: "unknown", Evidence: told}
	sum := sums[identity]
	hidden := sums[names] <= -certain && sum >= 1
	if !hidden {
		sum += sums[names] + sums[contact]
		if sums[identity] > bad {
			sum = max(sum, doubtful)
		}
	}
	sum = max(-most, min(most, sum))
	a.ProbabilityReal = round(1/(1+math.Exp(-sum)), 3)
	switch {
	case hidden:
		a.Verdict = "partly_anonymised"
	case sum >= certain:
		a.Verdict = "real"
	case sum <= -certain:
		a.Verdict = "fictitious"
	}
	return a
}

// heft is how much a reason weighs, whichever way.
func heft(why scanner.Why) float64 { return math.Abs(why.Args["weight"].(float64)) }
