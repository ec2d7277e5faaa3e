package report

import (
	"slices"
	"strings"

	"vigie/scanner"
)

// problem counts p, and keeps it as an example or shows it at once.
func (t *terminal) problem(p *scanner.Problem) {
	at := slices.IndexFunc(t.reasons, func(r reason) bool { return r.name == string(p.Reason) })
	if at < 0 {
		at = len(t.reasons)
		t.reasons = append(t.reasons, reason{name: string(p.Reason)})
	}
	r := &t.reasons[at]
	r.count++
	if p.Accepted {
		r.accepted++
	}
	switch {
	case t.o.Problems:
		t.page.row(words(r.name), "", 13, example(p))
	case len(r.examples) < maxExamples:
		r.examples = append(r.examples, example(p))
	}
}

func example(p *scanner.Problem) string {
	s := show(p.Path)
	if p.Detail != "" {
		s += ": " + show(p.Detail)
	}
	if p.Accepted {
		s += " (accepted)"
	}
	return s
}

// words writes a reason in words: image only.
func words(reason string) string { return clip(strings.ReplaceAll(Plain(reason), "_", " "), 12) }

// verdict writes what a scan comes to, the most important last.
func (t *terminal) verdict() {
	p := &t.page
	// Most frequent first; equal counts in the order in which they came.
	slices.SortStableFunc(t.reasons, func(a, b reason) int {
		switch {
		case a.count > b.count:
			return -1
		case a.count < b.count:
			return 1
		}
		return 0
	})
	switch {
	case t.reasons != nil && t.o.Problems:
		p.gap()
	case t.reasons != nil:
		t.problems()
	}
	if t.findings() > 3 {
		t.worstFirst()
	}
	for _, s := range t.sentences() {
		p.row("", "", 0, s)
	}
}

func (t *terminal) findings() (n int64) {
	for _, c := range t.counts {
		n += c
	}
	return n
}

func (t *terminal) worstFirst() {
	p := &t.page
	p.row("", "", 0, "The worst findings:")
	wAbout := 0
	for _, b := range t.worst {
		wAbout = max(wAbout, min(cells(b.about), 24))
	}
	for _, b := range t.worst {
		line := pad(clip(b.about, wAbout), wAbout) + "  "
		line += shorten(b.path, p.width-12-cells(line))
		p.row("  "+b.severity.String(), t.paint(b.severity), 12, line)
	}
	if more := t.findings() - int64(len(t.worst)); more > 0 {
		p.row("", "", 12, "and "+number(more)+" more above")
	}
	p.gap()
}

func (t *terminal) problems() {
	p := &t.page
	p.row("", "", 0, "Not looked at, or not to the end:")
	wide := 0
	for _, r := range t.reasons {
		wide = max(wide, len(number(r.count)))
	}
	for _, r := range t.reasons {
		n := number(r.count)
		label := "  " + pad(words(r.name), 12) + strings.Repeat(" ", wide-len(n)) + n
		at := cells(label) + 2
		for _, e := range r.examples {
			p.row(label, "", at, shorten(e, p.width-at))
			label = ""
		}
		if more := r.count - int64(len(r.examples)); more > 0 {
			p.row("", "", at, "and "+number(more)+" more")
		}
	}
	p.gap()
}

// sentences are the last lines of a report: what was found, and whether
// everything was looked at.
func (t *terminal) sentences() []string {
	s := t.summary
	if s == nil {
		return []string{t.found() + " The scan was interrupted: the look was incomplete."}
	}
	return []string{scope(s), t.found() + " " + t.looked(s)}
}

func (t *terminal) found() string {
	n := t.findings()
	if n == 0 {
		return "Nothing found."
	}
	var parts []string
	for i := scanner.Critical; i > 0; i-- {
		if t.counts[i] > 0 {
			parts = append(parts, number(t.counts[i])+" "+i.String())
		}
	}
	return count(n, "finding") + " (" + strings.Join(parts, ", ") + ")."
}

// looked says whether everything was looked at. A problem that was accepted
// leaves a look complete.
func (t *terminal) looked(s *scanner.Summary) string {
	var missed, accepted int64
	var why, known []string
	for _, r := range t.reasons {
		if n := r.count - r.accepted; n > 0 {
			missed += n
			why = append(why, number(n)+" "+words(r.name))
		}
		if n := r.accepted; n > 0 {
			accepted += n
			known = append(known, number(n)+" "+words(r.name))
		}
	}
	var line string
	switch {
	case missed > 0 && s.Interrupted:
		line = "The scan was interrupted, and " + count(missed, "object") + " could not be looked at, or not to the end (" +
			strings.Join(why, ", ") + "): the look was incomplete."
	case missed > 0:
		line = count(missed, "object") + " could not be looked at, or not to the end (" +
			strings.Join(why, ", ") + "): the look was incomplete."
	case !s.Complete:
		line = "The scan was interrupted: the look was incomplete."
	case accepted+s.LeftOut+s.Media > 0:
		line = "Everything else was looked at."
	default:
		line = "Everything was looked at."
	}
	if accepted > 0 {
		line = "Accepted as not looked at: " + strings.Join(known, ", ") + ". " + line
	}
	return line
}

// scope says how much was looked at, and what was left out on purpose.
func scope(s *scanner.Summary) string {
	line := "Looked at " + count(s.Objects, "object")
	if s.Members > 0 {
		line += " and " + count(s.Members, "member") + " of containers"
	}
	line += ", " + size(s.BytesRead)
	if s.Scanned > 0 {
		line += " read and " + size(s.Scanned) + " of text scanned"
	}
	line += "."
	if s.LeftOut > 0 {
		line += " Left out by --include and --exclude: " + number(s.LeftOut) + "."
	}
	if s.Media > 0 {
		line += " Passed over as pictures, sound or programs: " + number(s.Media) + "."
	}
	return line
}
