package report

import (
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

// fields shows the fields in columns: kind, title, share, samples. Of many
// it shows some of every kind and counts the others.
func (l language) fields(fields []scanner.Field, width int) []string {
	chosen, rest := choose(fields, maxFields)
	var kinds, titles, shares []string
	var wKind, wTitle, wShare int
	most := min(20, width/3)
	for i := range chosen {
		f := &chosen[i]
		kinds = append(kinds, clip(l.kind(f.Kind), most))
		titles = append(titles, shorten(l.title(f), most))
		shares = append(shares, l.share(f))
		wKind = max(wKind, cells(kinds[i]))
		wTitle = max(wTitle, cells(titles[i]))
		wShare = max(wShare, cells(shares[i]))
	}
	var lines []string
	for i := range chosen {
		line := pad(kinds[i], wKind) + "  " + pad(titles[i], wTitle) + "  " + pad(shares[i], wShare) + "  "
		lines = append(lines, line+clip(l.samples(&chosen[i]), width-cells(line)))
	}
	if rest != nil {
		lines = append(lines, l.others(countKinds(nil, rest)))
	}
	return lines
}

// choose takes the first field of every kind, then the second, and no more than
// most. Direct identifiers come first, then what is sensitive.
func choose(fields []scanner.Field, most int) (chosen, rest []scanner.Field) {
	type ranked struct{ at, round, class int }
	order := make([]ranked, len(fields))
	rounds := map[detectors.Kind]int{}
	for i, f := range fields {
		class := slices.Index([]detectors.Class{detectors.Direct, detectors.Sensitive, detectors.Quasi}, f.Class)
		order[i] = ranked{i, rounds[f.Kind], class}
		rounds[f.Kind]++
	}
	slices.SortStableFunc(order, func(a, b ranked) int {
		if a.round != b.round {
			return a.round - b.round
		}
		return a.class - b.class
	})
	n := 0
	for n < min(len(order), most) && order[n].round < maxOfKind {
		n++
	}
	slices.SortFunc(order[:n], func(a, b ranked) int {
		if a.class != b.class {
			return a.class - b.class
		}
		return a.at - b.at
	})
	for i, r := range order {
		if i < n {
			chosen = append(chosen, fields[r.at])
		} else {
			rest = append(rest, fields[r.at])
		}
	}
	return chosen, rest
}

func (l language) title(f *scanner.Field) string {
	switch {
	case f.Column != "":
		return show(f.Column)
	case f.Index < 0:
		return l.say("in the text")
	}
	return l.say("column %s", l.number(int64(f.Index)+1))
}

// share is the share of the rows, or the number of matches in running text.
func (l language) share(f *scanner.Field) string {
	if f.Index < 0 {
		return l.number(f.Matches) + "×"
	}
	return l.percent(f.Share)
}

func (l language) samples(f *scanner.Field) string {
	var s []string
	if f.Matches > 0 && f.Valid < f.Matches {
		s = append(s, l.say("%s valid", l.percent(float64(f.Valid)/float64(f.Matches))))
	}
	for _, sample := range f.Samples {
		s = append(s, show(sample))
	}
	return strings.Join(s, ", ")
}

// A kindCount is how many fields of a kind there are.
type kindCount struct {
	kind detectors.Kind
	n    int64
}

// countKinds adds fields to counts by kind, in the order in which kinds come up.
func countKinds(counts []kindCount, fields []scanner.Field) []kindCount {
	for i := range fields {
		at := slices.IndexFunc(counts, func(c kindCount) bool { return c.kind == fields[i].Kind })
		if at < 0 {
			at = len(counts)
			counts = append(counts, kindCount{kind: fields[i].Kind})
		}
		counts[at].n++
	}
	return counts
}

// others counts what is not shown by kind, the most frequent first, at most six
// kinds; "" for nothing.
func (l language) others(counts []kindCount) string {
	var total int64
	for _, c := range counts {
		total += c.n
	}
	switch len(counts) {
	case 0:
		return ""
	case 1:
		return l.say("+ %s more %s", l.number(total), l.kindNoun(total, counts[0].kind))
	}
	counts = slices.Clone(counts)
	slices.SortStableFunc(counts, func(a, b kindCount) int { return int(b.n - a.n) })
	var parts []string
	for i, c := range counts {
		if i == 6 {
			parts = append(parts, l.count(int64(len(counts)-i), "other kind"))
			break
		}
		parts = append(parts, l.kinds(c.n, c.kind))
	}
	return l.say("+ %s more: %s", l.number(total), strings.Join(parts, ", "))
}
