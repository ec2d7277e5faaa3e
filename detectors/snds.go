package detectors

import "vigie/detectors/lexicon"

var sndsVariableDetector = Detector{
	Kind: "snds_variable",
	Doc: `Name of a column of the national health data system (SNDS)

BEN_NIR_PSA, BEN_NAI_ANN, DGN_PAL, EXE_SOI_DTD: 1,363 of the 1,791 names in the
public schema, those that hardly any other file has. Three of them together tell
a file of health insurance claims or hospital stays of single persons, though its
numbers are pseudonyms. A column whose name says more (BEN_SEX_COD: sex) counts
as that kind. Health Data Hub, schema of the SNDS.`,
	Class: Sensitive,
	Scope: Titled,
	Mask:  maskAll,
}

// SNDSVariable reports whether a column title is a name of the SNDS that hardly
// any other file has. Case does not matter.
func SNDSVariable(title []byte) bool { return len(title) <= 40 && lexicon.SNDS(title) }
