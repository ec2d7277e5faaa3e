package lexicon

// Ambiguity says how easily the code of a benefit is read as something else.
type Ambiguity uint8

const (
	// LowAmbiguity: nearly safe in upper case ("AEEH").
	LowAmbiguity Ambiguity = iota
	// MediumAmbiguity: needs a word of its field near by ("RSA").
	MediumAmbiguity
	// HighAmbiguity: the same, and often something else ("ALS", "ARS").
	HighAmbiguity
	// VeryHighAmbiguity: an everyday word or abbreviation ("AF", "CDI").
	VeryHighAmbiguity
)

// A Benefit is a social benefit or a status: code and full name, both folded.
type Benefit struct {
	Code, Name string
	Ambiguity  Ambiguity
}

// Benefits returns all benefits by code. The caller does not change them.
func Benefits() []Benefit { return benefits }

// BenefitNames returns the full names of three words and more, folded and
// sorted. The caller does not change them.
func BenefitNames() []string { return benefitNames }

// FindBenefit looks a folded code up.
func FindBenefit(code []byte) (Benefit, bool) {
	return search(benefits, code, func(b *Benefit) string { return b.Code })
}

// A Variable is the name of a column in CNAF's statistical and exchange files.
// Strong names are hardly ever the title of anything else.
type Variable struct {
	Name, Category string
	Strong         bool
}

// Variables returns all variables by name. The caller does not change them.
func Variables() []Variable { return variables }

// FindVariable looks a folded name up.
func FindVariable(name []byte) (Variable, bool) {
	return search(variables, name, func(v *Variable) string { return v.Name })
}

type streetType struct{ name, code string }

// StreetType returns the code of a street type (ASP's nomenclature, folded:
// "av" for "avenue", "bld" for "bd"). The word or words are folded.
func StreetType(word []byte) (code string, ok bool) {
	s, ok := search(streetTypes, word, func(s *streetType) string { return s.name })
	return s.code, ok
}

// search finds key in a list sorted by what name returns.
func search[T any](list []T, key []byte, name func(*T) string) (found T, ok bool) {
	lo, hi := 0, len(list)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if name(&list[m]) < string(key) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(list) && name(&list[lo]) == string(key) {
		return list[lo], true
	}
	return found, false
}
