package detectors

import "vigie/detectors/lexicon"

var sndsVariableDetector = Detector{
	Kind: "snds_variable",
	Doc: `Name of a column of the national health data system (SNDS)

BEN_NIR_PSA, BEN_NAI_ANN, DGN_PAL, EXE_SOI_DTD: 1,363 of the 1,791 names in the
public schema, those that hardly any other file has. Three of them together tell
a file of health insurance claims or hospital stays of single persons, though its
numbers are pseudonyms. A column whose name says more (BEN_SEX_COD: sex) counts
as that kind.

Without a title the pseudonyms of the SNDS (17 capitals and digits, both) and
those that others make (32, 40 or 64 hexadecimal digits) count beside a column of
diagnoses. Health Data Hub, schema of the SNDS.`,
	Class: Sensitive,
	Scope: Titled,
	Fits:  func(cell []byte) (fits, valid bool) { return len(cell) > 0, isPseudonym(cell) }, // a name says all
	Mask:  maskAll,
}

// isPseudonym reports whether a cell reads as a pseudonym of the SNDS or as the
// hash of something.
func isPseudonym(cell []byte) bool {
	last := byte('Z')
	switch len(cell) {
	case 17:
	case 32, 40, 64:
		last = 'F'
	default:
		return false
	}
	digits, lower, upper := 0, 0, 0
	for _, c := range cell {
		switch {
		case isDigit(c):
			digits++
		case c >= 'A' && c <= last:
			upper++
		case len(cell) > 17 && c >= 'a' && c <= 'f':
			lower++
		default:
			return false
		}
	}
	return digits > 0 && digits < len(cell) && (lower == 0 || upper == 0)
}

// SNDSVariable reports whether a column title is a name of the SNDS that hardly
// any other file has. Case does not matter.
func SNDSVariable(title []byte) bool { return len(title) <= 40 && lexicon.SNDS(title) }
