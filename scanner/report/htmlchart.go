package report

import (
	"time"

	"vigie/detectors"
	"vigie/scanner"
)

// A strip is a picture of a table: every column a stroke, coloured by what it
// gives away.
type strip struct {
	Width   int
	Strokes []stroke
	Label   string
	Legend  []stripClass
}

type stroke struct {
	X, Width int
	Class    string
}

type stripClass struct{ Class, Text string }

// maxStrip is how many columns a strip has.
const maxStrip = 512

// strip draws the columns of a table; nil for running text and narrow tables.
func (l language) strip(fields []scanner.Field) *strip {
	var classes [maxStrip]string
	rank := map[string]int{"": 0, "quasi": 1, "sensitive": 2, "direct": 3}
	s := &strip{}
	counts := map[string]int64{}
	for i := range fields {
		f := &fields[i]
		if f.Index < 0 || f.Index >= maxStrip {
			continue
		}
		s.Width = max(s.Width, f.Index+1)
		if c := class(f.Class); rank[c] > rank[classes[f.Index]] {
			classes[f.Index] = c
		}
	}
	if s.Width < 8 {
		return nil
	}
	for i := 0; i < s.Width; i++ {
		c := classes[i]
		counts[c]++
		if n := len(s.Strokes); c != "" && n > 0 && s.Strokes[n-1].Class == c && s.Strokes[n-1].X+s.Strokes[n-1].Width == i {
			s.Strokes[n-1].Width++
		} else if c != "" {
			s.Strokes = append(s.Strokes, stroke{i, 1, c})
		}
	}
	s.Label = l.say("the first %s of the table, in their order", l.count(int64(s.Width), "column"))
	for _, c := range []detectors.Class{detectors.Direct, detectors.Sensitive, detectors.Quasi} {
		if n := counts[class(c)]; n > 0 {
			s.Legend = append(s.Legend, stripClass{class(c), l.say("%s: %s", l.className(c), l.number(n))})
		}
	}
	if n := counts[""]; n > 0 {
		s.Legend = append(s.Legend, stripClass{"nothing", l.say("%s: %s", l.say("nothing recognised"), l.number(n))})
	}
	return s
}

// A timeline shows since when the worst leaks lie open.
type timeline struct {
	Marks []string // dates below the axis, evenly spaced
	Lines []timelineRow
	More  string
}

type timelineRow struct {
	Number                int
	Lead                  string
	Dates                 []string
	From, To              int // of 1000: the line
	Dated, Seen, Found    int // of 1000; -1: unknown
	Severity, SeverityTag string
}

const maxTimeline = 8

// A span is since when a leak lies open, at whichever of its places was first.
type span struct {
	worst              int // in kept
	dated, seen, found time.Time
}

// spans returns those of the worst leaks that have a date, and how many more
// leaks have one.
func (h *web) spans() (all []span, more int64) {
	at := map[string]int{}
	for i, f := range h.kept {
		s := span{i, f.Exposure.FileDated, f.Exposure.SeenOpenSince, f.FirstSeen}
		j, known := at[f.Leak]
		switch {
		case s.dated.IsZero() && s.seen.IsZero() && s.found.IsZero():
		case known && f.Leak != "" && j < len(all):
			all[j].dated, all[j].seen, all[j].found = earlier(all[j].dated, s.dated), earlier(all[j].seen, s.seen), earlier(all[j].found, s.found)
		case known && f.Leak != "":
		case len(all) == maxTimeline:
			at[f.Leak] = len(all)
			more++
		default:
			at[f.Leak] = len(all)
			all = append(all, s)
		}
	}
	return all, more
}

// timeline returns nil where no finding has a date.
func (h *web) timeline() *timeline {
	all, more := h.spans()
	if all == nil {
		return nil
	}
	var first, last time.Time
	for _, s := range all {
		for _, m := range []time.Time{s.dated, s.seen, s.found} {
			if first = earlier(first, m); m.After(last) {
				last = m
			}
		}
	}
	const margin = 24 * time.Hour
	first, last = first.Add(-margin), last.Add(margin)
	at := func(t time.Time) int {
		if t.IsZero() {
			return -1
		}
		return 20 + int(960*t.Sub(first).Hours()/last.Sub(first).Hours())
	}
	v := &timeline{}
	for i := range 3 {
		v.Marks = append(v.Marks, h.l.month(first.Add(time.Duration(i)*(last.Sub(first)/2))))
	}
	for _, s := range all {
		f := h.kept[s.worst].Finding
		row := timelineRow{Number: s.worst + 1, Lead: h.l.leak(f), Dates: h.l.moments(s), Severity: f.Severity.String(), SeverityTag: h.l.severity(f.Severity),
			Dated: at(s.dated), Seen: at(s.seen), Found: at(s.found), From: 1000}
		for _, x := range []int{row.Dated, row.Seen, row.Found} {
			if x >= 0 {
				row.From, row.To = min(row.From, x), max(row.To, x)
			}
		}
		v.Lines = append(v.Lines, row)
	}
	if more > 0 {
		v.More = h.l.say("and %s more", h.l.number(more))
	}
	return v
}

// moments says the moments of a leak in words; the day on which it was found is
// left out where it is the day since when it was seen open.
func (l language) moments(s span) []string {
	var said []string
	if !s.dated.IsZero() {
		said = append(said, l.say("file dated %s", l.dated(s.dated)))
	}
	if !s.seen.IsZero() {
		said = append(said, l.say("seen open since %s", l.on(s.seen)))
	}
	if !s.found.IsZero() && (s.seen.IsZero() || en.day(s.found) != en.day(s.seen)) {
		said = append(said, l.say("found %s", l.on(s.found)))
	}
	return said
}
