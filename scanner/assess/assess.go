// Package assess judges what was counted: which profile of a leak a data set
// fits, how many persons it is about, how easily they are found again, whether
// they look real, and how bad it is. It is pure: no I/O, no clock, and the same
// tallies give the same findings in whatever order they come.
//
// The rules follow the leaks that French social bodies had between 2021 and
// 2026; what each one asks for stands with its Profile.
package assess

import (
	"cmp"
	"slices"

	"vigie/detectors"
	"vigie/scanner"
)

// A Profile is a kind of leak that is known to happen.
type Profile struct {
	Name string // its name in reports: a contract
	Doc  string // title, blank line, what it asks for

	judge func(*evidence) (verdict, bool)
	like  func(*scanner.Tally) bool // whether a text is a document of this profile: such ones are one finding a folder; nil: none is
	names hint                      // what tells an encrypted archive of it
}

// A verdict is what a profile makes of the evidence.
type verdict struct {
	base    scanner.Severity // at least, before people and exposure count
	reason  string           // for base, as a code
	because string           // the same in words
	weights []float64        // see confidence
	why     []scanner.Why    // most telling first
	persons int64            // rows (in running text mentions) with a person
	unit    string           // "household", or "" when the columns decide
	byNIR   bool             // persons are those with a NIR, whatever the rows
	people  *scanner.People  // nil: see people
	fixed   bool             // base is the severity, whatever the content and the people
}

// All returns the profiles, most special first: the first that fits a data set
// names it.
func All() []Profile {
	return []Profile{
		publicRegister,
		mdphDocuments,
		cafBeneficiaries,
		pajemploiChildminders,
		thirdPartyPayment,
		franceTravailJobseekers,
		ticketPlatform,
		peopleRegister,
	}
}

// New returns the assessor of all profiles, the user's own first: the first
// that fits a data set names it. It may be used from several goroutines.
func New(own ...Profile) scanner.Assessor { return With(nil, own...) }

// With is New for scans with detectors of the user's own, which go before those
// of this build: their classes say how the kinds count.
func With(ds []detectors.Detector, own ...Profile) scanner.Assessor {
	a := assessor{profiles: append(slices.Clone(own), All()...), own: len(own) > 0, detectors: make(map[detectors.Kind]detectors.Detector)}
	for _, d := range detectors.All() {
		a.detectors[d.Kind] = d
	}
	for _, d := range ds {
		a.detectors[d.Kind] = d
	}
	return a
}

type assessor struct {
	profiles  []Profile
	own       bool // there are profiles of the user's
	detectors map[detectors.Kind]detectors.Detector
}

// Group puts running text with something personal in it into one group a
// folder, so that a hundred letters are one finding: the documents of a profile
// by themselves, source code and its documentation by themselves, and the rest.
// Text with nothing but e-mail addresses and phone numbers is not worth keeping:
// it never becomes a finding. Tables stand alone.
func (a assessor) Group(t *scanner.Tally) string {
	if isTable(t) || t.Sealed != nil {
		return ""
	}
	for _, p := range a.profiles {
		if p.like != nil && p.like(t) {
			return p.Name
		}
	}
	for _, column := range t.Columns {
		for _, c := range column.Counts {
			if c.Matches == 0 || c.Kind == email || c.Kind == phone {
				continue
			}
			if class := a.class(c.Kind); class == detectors.Direct || class == detectors.Sensitive {
				if code(t.Object) {
					return "code"
				}
				return "text"
			}
		}
	}
	return ""
}

// Judge returns one finding a table, one for the running text of each group,
// and at most one an encrypted archive. The tallies are not changed.
func (a assessor) Judge(tallies []*scanner.Tally, exposure scanner.Exposure) []scanner.Finding {
	var found []scanner.Finding
	texts := make(map[string][]*scanner.Tally)
	var joined []*scanner.Tally
	for _, t := range tallies {
		switch {
		case t.Sealed != nil:
			if f, ok := a.sealed(t, exposure); ok {
				found = append(found, f)
			}
		case isTable(t):
			found = a.one(found, a.table(t), exposure)
		case t.Documents > 1:
			joined = append(joined, t)
		default:
			group := a.Group(t)
			texts[group] = append(texts[group], t)
		}
	}
	// Documents that were added up are like those of their group: what each of
	// them was cannot be told from the sum.
	for _, t := range joined {
		group := a.Group(t)
		if len(texts) == 1 {
			for group = range texts {
			}
		}
		texts[group] = append(texts[group], t)
	}
	for group, like := range texts {
		found = a.one(found, a.text(group, like), exposure)
	}
	slices.SortStableFunc(found, func(x, y scanner.Finding) int {
		return cmp.Or(cmp.Compare(x.Path, y.Path), cmp.Compare(x.Table, y.Table),
			cmp.Compare(x.Profile, y.Profile), cmp.Compare(x.Rows, y.Rows), cmp.Compare(x.Documents, y.Documents))
	})
	return found
}

// one appends the finding about one data set, if there is one.
func (a assessor) one(found []scanner.Finding, e *evidence, exposure scanner.Exposure) []scanner.Finding {
	for _, p := range a.profiles {
		v, ok := p.judge(e)
		if !ok {
			continue
		}
		f := scanner.Finding{
			Profile:          p.Name,
			Confidence:       confidence(v.weights),
			Path:             e.path,
			Table:            e.table,
			Rows:             e.rows,
			Documents:        e.documents,
			Studied:          e.studied,
			Exposure:         exposure,
			People:           people(e, v),
			Fields:           e.shown(),
			Reidentification: e.reidentification,
			Authenticity:     authenticity(e),
		}
		f.Why = reasons(e, v, f.People)
		severity(&f, e, v)
		return append(found, f)
	}
	return found
}

// reasons returns what the data say, in the order in which it is told: what
// leaked, who can be found again, what harms them, then what else proves it.
func reasons(e *evidence, v verdict, p scanner.People) []scanner.Why {
	if v.fixed {
		return slices.Clone(v.why)
	}
	first := min(len(v.why), 1)
	why := slices.Clone(v.why[:first])
	if r := e.reidentification; r != nil && r.UniqueShare >= 0.05 {
		why = append(why, uniqueWhy(r, p, e.named() || e.has(nir, nirWithoutKey, email)))
	}
	if what := e.special(); len(what) > 0 {
		why = append(why, specialWhy(what, e))
	}
	if p.Minors > 0 {
		why = append(why, minorsWhy(p))
	}
	return append(why, v.why[first:]...)
}

// confidence joins weights, each the probability that this piece of evidence
// alone would prove the profile, as if they were independent: 1 − ∏(1−w), at
// most 0.99 because a rule can always be wrong. It is rounded to two decimals.
func confidence(weights []float64) float64 {
	doubt := 1.0
	for _, w := range weights {
		doubt *= 1 - w
	}
	return round(min(1-doubt, 0.99), 2)
}

func isTable(t *scanner.Tally) bool { return t.Study != nil || t.Rows > 0 }

// class returns what the assessment needs to know about a kind; a kind that no
// detector of this build has identifies in combination at most.
func (a assessor) class(k detectors.Kind) detectors.Class {
	if d, ok := a.detectors[k]; ok && k != cnafVariable {
		return d.Class
	}
	return detectors.Quasi
}
