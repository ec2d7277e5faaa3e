package assess

import (
	"math"

	"vigie/scanner"
)

// nirKeys weighs the share of NIRs whose key holds, in columns; damaged ones are
// no evidence. Running text is not asked: there the key is what makes a number a
// NIR.
func nirKeys(e *evidence) (float64, scanner.Why, bool) {
	if e.damagedNIRs() {
		return 0, scanner.Why{}, false
	}
	valid, all := e.countNIRs()
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

// prefectures weighs the share of birth places that are prefectures. Where hardly
// a place is a village, whose order numbers would be asked, and hardly one a
// prefecture, the people were born abroad: no evidence.
func prefectures(e *evidence) (float64, scanner.Why, bool) {
	weight, why, ok := ofNIR("nir_place_prefecture")(e)
	var places, held, villages int64
	asked := false
	for _, a := range e.agree {
		switch a.Relation {
		case "nir_place_prefecture":
			places, held = places+a.Rows, held+a.Held
		case "nir_order_plausible":
			asked, villages = true, villages+a.Rows
		}
	}
	return weight, why, ok && (weight > 0 || !asked || 10*(held+villages) >= places)
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

// drawnNIRs reports whether the places or order numbers in NIRs are most likely
// invented.
func (e *evidence) drawnNIRs() bool {
	for _, s := range []sign{ofNIR("nir_place_exists"), ofNIR("nir_order_plausible")} {
		if weight, _, ok := s(e); ok && weight <= bad {
			return true
		}
	}
	return false
}

// damagedNIRs reports whether there are columns of NIRs whose last digits a
// spreadsheet took (1,85E+14): hardly a key holds, and hardly a number can be
// read. Those of Corsica, which have a letter, it left alone.
func (e *evidence) damagedNIRs() bool {
	valid, all := e.countNIRs()
	if all < least || 2*valid >= all {
		return false
	}
	for _, a := range e.agree {
		if a.Relation == "nir_place_exists" && 2*a.Rows < min(all, e.studied) {
			return true
		}
	}
	return valid == 0
}

// countNIRs returns how many NIRs columns have, and how many with their key.
func (e *evidence) countNIRs() (valid, all int64) {
	if !e.running {
		for _, f := range e.in(nir) {
			valid, all = valid+f.Valid, all+f.Matches
		}
	}
	return valid, all
}

// keyRate is the logarithm of how much likelier k valid keys among n numbers
// are in a list of NIRs, where 99.5 % are valid, than in random numbers, where
// one in 97 is: 4.57 for each that is, −5.29 for each that is not.
func keyRate(k, n int64) float64 {
	const real, random = 0.995, 1.0 / 97
	return float64(k)*math.Log(real/random) + float64(n-k)*math.Log((1-real)/(1-random))
}
