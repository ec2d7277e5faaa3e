package report

import (
	"strings"

	"vigie/scanner"
)

// problem counts p, and keeps it as an example or shows it at once.
func (t *terminal) problem(p *scanner.Problem) {
	r := t.reasons.add(p)
	switch {
	case t.o.Problems:
		t.page.row(t.l.reason(r.name), "", 17, t.l.example(p))
	case len(r.examples) < maxExamples:
		r.examples = append(r.examples, t.l.example(p))
	}
}

// verdict writes what a scan comes to, the most important last.
func (t *terminal) verdict() {
	p := &t.page
	t.reasons = t.reasons.ordered()
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
	p.row("", "", 0, t.l.say("The worst findings:"))
	wAbout := 0
	for _, b := range t.worst {
		wAbout = max(wAbout, min(cells(b.about), 24))
	}
	for _, b := range t.worst {
		line := pad(clip(b.about, wAbout), wAbout) + "  "
		line += shorten(b.path, p.width-12-cells(line))
		p.row("  "+t.l.severity(b.severity), t.paint(b.severity), 12, line)
	}
	if more := t.findings() - int64(len(t.worst)); more > 0 {
		p.row("", "", 12, t.l.say("and %s more", t.l.number(more)))
	}
	p.gap()
}

func (t *terminal) problems() {
	p := &t.page
	p.row("", "", 0, t.l.say("Not looked at, or not to the end:"))
	wide := 0
	for _, r := range t.reasons {
		wide = max(wide, cells(t.l.number(r.count)))
	}
	for _, r := range t.reasons {
		n := t.l.number(r.count)
		label := "  " + pad(t.l.reason(r.name), 16) + strings.Repeat(" ", wide-cells(n)) + n
		at := cells(label) + 2
		for _, e := range r.examples {
			p.row(label, "", at, shorten(e, p.width-at))
			label = ""
		}
		if more := r.count - int64(len(r.examples)); more > 0 {
			p.row("", "", at, t.l.say("and %s more (--problems shows all)", t.l.number(more)))
		}
	}
	p.gap()
}

// sentences are the last lines of a report: what was found, and whether
// everything was looked at.
func (t *terminal) sentences() []string {
	var last []string
	if t.hidden > 0 {
		last = append(last, t.l.say("%s not shown here: --format html, csv and jsonl have them.", t.l.count(t.hidden, "finding")))
	}
	s := t.summary
	if s == nil {
		return append(last, t.l.found(t.counts)+" "+t.l.say("The scan was interrupted: the look was incomplete."))
	}
	return append(last, t.l.scope(s), t.l.found(t.counts)+" "+t.l.looked(s, t.reasons))
}

// found counts findings by severity.
func (l language) found(counts [scanner.Critical + 1]int64) string {
	var all int64
	var parts []string
	for i := scanner.Critical; i > 0; i-- {
		if all += counts[i]; counts[i] > 0 {
			parts = append(parts, l.severities(counts[i], i))
		}
	}
	if all == 0 {
		return l.say("Nothing found.")
	}
	return l.count(all, "finding") + " (" + strings.Join(parts, ", ") + ")."
}

// looked says whether everything was looked at. A problem that was accepted
// leaves a look complete.
func (l language) looked(s *scanner.Summary, reasons reasons) string {
	var missed, accepted int64
	var why, known []string
	for _, r := range reasons {
		if n := r.count - r.accepted; n > 0 {
			missed += n
			why = append(why, l.say("%s %s", l.number(n), l.reason(r.name)))
		}
		if n := r.accepted; n > 0 {
			accepted += n
			known = append(known, l.say("%s %s", l.number(n), l.reason(r.name)))
		}
	}
	var line string
	switch {
	case missed > 0 && s.Interrupted:
		line = l.say("The scan was interrupted, and %s could not be looked at, or not to the end (%s): the look was incomplete.",
			l.count(missed, "object"), strings.Join(why, ", "))
	case missed > 0:
		line = l.say("%s could not be looked at, or not to the end (%s): the look was incomplete.",
			l.count(missed, "object"), strings.Join(why, ", "))
	case !s.Complete:
		line = l.say("The scan was interrupted: the look was incomplete.")
	case accepted+s.LeftOut+s.Media > 0:
		line = l.say("Everything else was looked at.")
	default:
		line = l.say("Everything was looked at.")
	}
	if accepted > 0 {
		line = l.say("Accepted as not looked at: %s.", strings.Join(known, ", ")) + " " + line
	}
	return line
}

// scope says how much was looked at, and what was left out on purpose.
func (l language) scope(s *scanner.Summary) string {
	what := l.count(s.Objects, "object")
	if s.Members > 0 {
		what = l.say("%s and %s of containers", what, l.count(s.Members, "member"))
	}
	line := l.say("Looked at %s, %s.", what, l.size(s.BytesRead))
	if s.Scanned > 0 {
		line = l.say("Looked at %s, %s read and %s of text scanned.", what, l.size(s.BytesRead), l.size(s.Scanned))
	}
	if s.LeftOut > 0 {
		line += " " + l.say("Left out, as asked: %s.", l.number(s.LeftOut))
	}
	if s.Known > 0 {
		line += " " + l.say("Known from --baseline, and not shown: %s.", l.count(s.Known, "finding"))
	}
	if s.Media > 0 {
		line += " " + l.say("Passed over as pictures, sound or programs: %s.", l.number(s.Media))
	}
	return line
}
