package scanner

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// judgeAll judges groups in the order of their names.
func (r *run) judgeAll(groups map[string]*group) {
	for _, k := range sorted(groups) {
		r.judge(groups[k].tree, groups[k].tallies)
	}
}

// sorted returns the keys of m in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// judge has the tallies of one data set judged and writes the findings. Who can
// read the object is asked only when there is one.
func (r *run) judge(t *tree, tallies []*Tally) {
	if len(tallies) == 0 || len(r.Assessor.Judge(tallies, Exposure{State: Unknown})) == 0 {
		return
	}
	for _, f := range r.Assessor.Judge(tallies, t.exposure()) {
		f.Target = r.mask.path(t.target)
		f.Path = r.mask.path(f.Path)
		f.Object = Stored{Size: t.object.Size, Modified: t.object.Modified, ETag: t.object.Version}
		f.FirstSeen = r.started.UTC().Truncate(time.Second)
		f.ID = digest(f.Path, f.Table, f.Profile)
		f.Leak = leak(&f, tallies)
		r.Progress.findings.Add(1)
		t.findings.Add(1)
		r.records <- &f
	}
}

// leak names a data set by what it is and not by where it lies: its titles,
// its size, and how its columns are filled.
func leak(f *Finding, tallies []*Tally) string {
	var parts []string
	for _, t := range tallies {
		p := fmt.Sprint(t.Rows, t.Bytes*min(1, t.Documents))
		for i := range t.Columns {
			c := &t.Columns[i]
			p += fmt.Sprint("\n", c.Title, c.Nth, c.Filled)
			counts := slices.Clone(c.Counts)
			slices.SortFunc(counts, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
			for _, n := range counts {
				p += fmt.Sprint(" ", n.Kind, n.Matches, n.Valid)
			}
		}
		parts = append(parts, p)
	}
	slices.Sort(parts)
	return digest(f.Profile, strings.Join(parts, "\n\n"))
}

// digest names something in 16 hexadecimal digits.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
