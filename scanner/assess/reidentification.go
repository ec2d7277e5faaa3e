package assess

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"vigie/scanner"
)

// reidentification returns the quasi-identifier set that leaves most rows alone
// (G29 opinion 05/2014: individualisation); a set of several columns is
// preferred to one column, which may be a number that nobody knows, and among
// equals the one with fewer columns.
func reidentification(t *scanner.Tally) *scanner.Reidentification {
	var best *scanner.Reidentification
	several := false
	for i, kinds := range sets(t) {
		if t.Unique[i].Len() == 0 || len(kinds) == 0 {
			continue
		}
		b := copyOf(&t.Unique[i])
		b.Distinct() // keeps exactly the smallest hashes: the same share in any order of adding
		r := &scanner.Reidentification{UniqueShare: round(b.UniqueShare(), 4), KMin: b.Min(), QuasiIdentifiers: kinds}
		better := best == nil || len(kinds) > 1 && !several
		if !better && (len(kinds) > 1) == several {
			better = r.UniqueShare > best.UniqueShare ||
				r.UniqueShare == best.UniqueShare && len(kinds) < len(best.QuasiIdentifiers)
		}
		if better {
			best, several = r, len(kinds) > 1
		}
	}
	if best != nil {
		best.QuasiIdentifiers = slices.Clone(best.QuasiIdentifiers)
	}
	return best
}

// uniqueWhy says in a sentence who can be found again.
func uniqueWhy(r *scanner.Reidentification, p scanner.People, named bool) scanner.Why {
	var with []string
	for _, k := range r.QuasiIdentifiers {
		if w := word(k); !slices.Contains(with, w) {
			with = append(with, w)
		} else if k == birthDate {
			with[slices.Index(with, w)] = "birth dates"
		}
	}
	who := "households"
	if p.Unit != "household" {
		who = "persons"
	}
	who = percent(r.UniqueShare) + " of the " + who
	if r.UniqueShare == 1 {
		who = "all " + strings.TrimPrefix(who, "100% of the ")
	}
	text := fmt.Sprintf("%s are alone with their %s", who, list(with))
	if !named {
		text += ": names were removed, but people can be found again"
	}
	return scanner.Why{Code: "unique",
		Args: map[string]any{"share": r.UniqueShare, "unit": p.Unit, "kinds": slices.Clone(r.QuasiIdentifiers)}, Text: text}
}

// percent writes a share; nearly all is not all.
func percent(share float64) string {
	whole := math.Round(100 * share)
	switch {
	case whole >= 100 && share < 1:
		return "more than 99%"
	case whole <= 0 && share > 0:
		return "less than 1%"
	}
	return fmt.Sprintf("%.0f%%", whole)
}
