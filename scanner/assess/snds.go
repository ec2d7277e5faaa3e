package assess

import (
	"slices"

	"vigie/detectors"
	"vigie/scanner"
)

// healthRecords: a file of the national health data system (SNDS). Its people
// have pseudonyms, but year and month of birth, commune, dates and diagnoses
// are theirs: health data of people who can be found again.
func healthRecords(e *evidence) (verdict, bool) {
	var names []string
	for _, title := range e.titles {
		if detectors.SNDSVariable([]byte(title)) && !slices.Contains(names, title) {
			names = append(names, title)
		}
	}
	if e.running || len(names) < 3 || e.rows < 3 {
		return verdict{}, false
	}
	v := verdict{base: scanner.High, reason: "health", because: "health data of a few people, although pseudonymised", persons: e.rows}
	if e.rows >= 20 {
		v.base, v.because = scanner.Critical, "health data of many people, although pseudonymised"
	}
	v.weigh(true, 0.9)
	v.weigh(len(names) >= 5, 0.6)
	why := titlesWhy(names, "of the national health data system SNDS")
	why.Code, why.Args["count"] = "snds_variables", len(names)
	why.Text += ": health records of single persons, although pseudonymised"
	v.why = []scanner.Why{why}
	return v, true
}
