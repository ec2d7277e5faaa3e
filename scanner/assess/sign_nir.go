package assess

import (
	"math"

	"vigie/scanner"
)

// nirKeys weighs the share of NIRs whose key holds, in columns. That not one
// does is no evidence: a spreadsheet that wrote 1,85E+14 took the last digits,
// where one random number in 97 would have its key. Running text is not asked:
// there the key is what makes a number a NIR.
func nirKeys(e *evidence) (float64, scanner.Why, bool) {
	var valid, all int64
	if !e.running {
		for _, f := range e.in(nir) {
			valid, all = valid+f.Valid, all+f.Matches
		}
	}
	if valid == 0 {
		return 0, scanner.Why{}, false
	}
	return judged("nir_keys", valid, all)
}

// ofNIR makes a sign of a relation with the digits of NIRs. Where a spreadsheet
// took some, what does not agree with them is no evidence.
func ofNIR(relation string) sign {
	counted := rated(relation)
	return func(e *evidence) (float64, scanner.Why, bool) {
		weight, why, ok := counted(e)
		return weight, why, ok && (weight > 0 || !e.damagedNIRs())
	}
}

// withNIR makes a sign of a relation between NIRs and another column. That they
// agree says nothing for real people once the NIRs themselves were drawn: then
// the generator was a careful one.
func withNIR(relation string) sign {
	agreed := ofNIR(relation)
	return func(e *evidence) (float64, scanner.Why, bool) {
		weight, why, ok := agreed(e)
		return weight, why, ok && (weight < 0 || !e.drawnNIRs())
	}
}

// drawnNIRs reports whether the places or order numbers in NIRs are certainly
// invented.
func (e *evidence) drawnNIRs() bool {
	for _, s := range []sign{ofNIR("nir_place_exists"), ofNIR("nir_order_plausible")} {
		if weight, _, ok := s(e); ok && weight <= -certain {
			return true
		}
	}
	return false
}

// damagedNIRs reports whether there are columns of NIRs with not one key that
// holds.
func (e *evidence) damagedNIRs() bool {
	var valid, all int64
	for _, f := range e.in(nir) {
		valid, all = valid+f.Valid, all+f.Matches
	}
	return valid == 0 && all >= least
}

// keyRate is the logarithm of how much likelier k valid keys among n numbers
// are in a list of NIRs, where 99.5 % are valid, than in random numbers, where
// one in 97 is: 4.57 for each that is, −5.29 for each that is not.
func keyRate(k, n int64) float64 {
	const real, random = 0.995, 1.0 / 97
	return float64(k)*math.Log(real/random) + float64(n-k)*math.Log((1-real)/(1-random))
}
