package lexicon

import _ "embed"

var (
	//go:embed icd10.bin
	icd10 table
	//go:embed snds.bin
	snds table
)

// ICD10 reports whether code, without a point, is one of ICD-10 as it is used in
// France: 18,334 codes of three to five characters.
func ICD10(code []byte) bool {
	if len(code) < 3 || len(code) > 6 {
		return false
	}
	_, ok := icd10.find(KeyOf(code))
	return ok
}

// SNDS reports whether name is that of a column of the national health data
// system that hardly any other file has: BEN_NIR_PSA, DGN_PAL.
func SNDS(name []byte) bool { _, ok := snds.find(KeyOf(name)); return ok }
