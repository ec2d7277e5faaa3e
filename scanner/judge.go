package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vigie/detectors"
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
		f.Leak = r.leak(&f, tallies)
		r.Progress.findings.Add(1)
		t.findings.Add(1)
		r.records <- &f
	}
}

// leak names a data set by what it is and not by where it lies or how it is
// written: its size, the births of its people, and in each column what was
// counted in the same rows whatever the format.
func (r *run) leak(f *Finding, tallies []*Tally) string {
	var parts []string
	for _, t := range tallies {
		var columns []string
		for i := range t.Columns {
			if p := r.imprint(t, i); p != "" {
				columns = append(columns, p)
			}
		}
		slices.Sort(columns)
		parts = append(parts, fmt.Sprint(t.Rows, t.Bytes*min(1, t.Documents), t.Births, columns, t.Sealed))
	}
	slices.Sort(parts)
	return digest(f.Profile, strings.Join(parts, "\n\n"))
}

// imprint returns what tells column i of a tally from that of other data, "" where
// that is nothing.
func (r *run) imprint(t *Tally, i int) string {
	c := &t.Columns[i]
	var counts []string
	for _, n := range c.Counts {
		if d, ok := r.book.number[n.Kind]; n.Matches > 0 && (t.Study == nil || ok && r.book.detectors[d].Sieve) {
			counts = append(counts, fmt.Sprint(n.Kind, " ", n.Matches, " ", n.Valid))
		}
	}
	if len(counts) == 0 && c.First == 0 {
		return ""
	}
	slices.Sort(counts)
	return fmt.Sprint(string(detectors.Fold(nil, []byte(c.Title))), c.Nth, c.First, c.Proven, counts)
}

// digest names something in 16 hexadecimal digits.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
