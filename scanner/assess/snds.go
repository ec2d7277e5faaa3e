package assess

import (
	"slices"

	"vigie/detectors"
	"vigie/scanner"
)

// healthRecords: a file of the national health data system (SNDS). Its people
// have pseudonyms, but year and month of birth, commune, dates and diagnoses
// are theirs: health data of people who can be found again.
//
// Without titles the diagnoses alone could be those of a dictionary or of
// statistics: pseudonyms of people must stand beside them, or the name of the
// file be one of the SNDS, its tables' or its own.
func healthRecords(e *evidence) (verdict, bool) {
	var names []string
	for _, title := range e.titles {
		if detectors.SNDSVariable([]byte(title)) && !slices.Contains(names, title) {
			names = append(names, title)
		}
	}
	pseudonyms := len(names) < 3 && min(e.most(icd10), e.most(sndsVariable)) >= 20
	alike := pseudonyms || e.untitled() && len(names) == 0 && min(e.most(icd10), e.rows) >= 20 && e.called(sndsNames...)
	if e.running || len(names) < 3 && !alike || e.rows < 3 {
		return verdict{}, false
	}
	v := verdict{base: scanner.High, reason: "health", because: "health data of a few people, although pseudonymised", persons: e.rows}
	if e.rows >= 20 {
		v.base, v.because = scanner.Critical, "health data of many people, although pseudonymised"
	}
	v.weigh(true, 0.9)
	v.weigh(len(names) >= 5, 0.6)
	if alike {
		v.weights = []float64{0.7}
		if pseudonyms {
			v.why = []scanner.Why{{Code: "pseudonyms", Args: map[string]any{"rows": e.most(icd10)},
				Text: counted(e.most(icd10), "row has", "rows have") + " a diagnosis beside a pseudonym: health records of single persons, although pseudonymised"}}
			return v, true
		}
		v.why = []scanner.Why{{Code: "diagnoses", Args: map[string]any{"rows": e.most(icd10)},
			Text: counted(e.most(icd10), "row has", "rows have") + " a diagnosis, in a file named like those of the national health data system SNDS"}}
		return v, true
	}
	why := titlesWhy(names, "of the national health data system SNDS")
	why.Code, why.Args["count"] = "snds_variables", len(names)
	why.Text += ": health records of single persons, although pseudonymised"
	v.why = []scanner.Why{why}
	return v, true
}

// sndsNames are what files of the SNDS are called: the system, its parts, and
// the beginnings of its tables' names (ER_PRS_F, IR_BEN_R, T_MCO20B).
var sndsNames = []string{"snds", "sniiram", "dcir", "pmsi", "er prs", "er pha", "er bio", "er cam", "er ete", "er inv", "er tip", "er uca", "er dcd",
	"ir ben", "ir imb", "ir orc", "ir mat", "ns prs", "ka prs", "ki cci", "t mco", "t ssr", "t smr", "t had", "t rip"}
