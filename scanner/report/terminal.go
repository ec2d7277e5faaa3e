package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"vigie/scanner"
)

var text = Report{
	Name: "text",
	Doc: `what leaked, in words, for people

Every finding is written when it is known; the verdict comes last, after the
reasons why something was not looked at and the worst findings. A copy of what
was shown before, and what comes after the first ten of a severity, takes a few
lines. Names from outside are shown with their control characters escaped.`,
	Open: openText,
}

// What a terminal remembers does not grow with the scan, and neither does what
// it shows of one finding.
const (
	maxWorst    = 10  // findings listed again at the end
	maxExamples = 3   // problems shown of each reason
	maxLeaks    = 500 // data sets recognised when they come again
	maxFields   = 14  // columns shown of a finding
	maxOfKind   = 2   // of these, columns of one kind
	maxReasons  = 12  // texts shown of a list of reasons
	maxText     = 600 // cells shown of a string from outside
	maxFull     = 10  // findings of a severity shown with everything
	maxShort    = 100 // findings shown in short, copies among them
)

func openText(w io.Writer, o Options) scanner.Sink {
	if o.Width == 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 60)
	return &terminal{w: w, o: o, l: o.language(), page: page{width: o.Width}, leaks: map[string]string{}}
}

// A terminal writes for people. Its methods belong to one goroutine.
type terminal struct {
	w       io.Writer
	o       Options
	l       language
	page    page
	counts  [scanner.Critical + 1]int64 // findings by severity
	worst   []brief                     // the first of the worst, worst first
	leaks   map[string]string           // where a leak was seen first
	told    [scanner.Critical + 1]int   // findings shown in full
	short   int64                       // findings shown in short
	hidden  int64                       // findings that are only counted
	reasons reasons
	summary *scanner.Summary
}

// A brief is a finding in a line.
type brief struct {
	severity    scanner.Severity
	about, path string
}

func (t *terminal) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		t.count(r)
		t.finding(r)
	case *scanner.Problem:
		t.problem(r)
	case *scanner.Summary:
		s := *r
		t.summary = &s
	default:
		return fmt.Errorf("no text for %T", r)
	}
	return t.flush()
}

// Close writes the verdict.
func (t *terminal) Close() error {
	t.verdict()
	return t.flush()
}

func (t *terminal) flush() error {
	if t.page.b.Len() == 0 {
		return nil
	}
	if _, err := io.WriteString(t.w, t.page.take()); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

func (t *terminal) count(f *scanner.Finding) {
	t.counts[min(f.Severity, scanner.Critical)]++
	at := len(t.worst)
	for at > 0 && t.worst[at-1].severity < f.Severity {
		at--
	}
	if at < maxWorst {
		b := brief{severity: f.Severity, path: show(f.Path)}
		if f.People.Estimate > 0 {
			b.about = t.l.estimate(f.People)
		}
		t.worst = slices.Insert(t.worst, at, b)
		t.worst = t.worst[:min(len(t.worst), maxWorst)]
	}
}

// paint returns the colour of a severity, "" without colours.
func (t *terminal) paint(s scanner.Severity) string {
	if !t.o.Color {
		return ""
	}
	return [...]string{"", "36", "33", "31", "1;31"}[min(s, scanner.Critical)]
}

// show makes a string from outside fit to be seen, at most maxText cells of it.
func show(s string) string { return shorten(Plain(s), maxText) }

const indent = 10 // where the text of a finding begins

// finding writes a finding: with everything where there are few, in short where
// the same data were shown before or many are.
func (t *terminal) finding(f *scanner.Finding) {
	first, again := t.leaks[f.Leak]
	again = again && f.Leak != ""
	if !again && f.Leak != "" && len(t.leaks) < maxLeaks {
		t.leaks[f.Leak] = show(f.Path)
	}
	if n := &t.told[min(f.Severity, scanner.Critical)]; !again && *n < maxFull {
		*n++
		t.full(f)
		return
	}
	if t.short++; t.short > maxShort {
		t.hidden++
		return
	}
	p, l := &t.page, t.l
	p.row(strings.ToUpper(l.severity(f.Severity)), t.paint(f.Severity), indent, l.lead(f, t.o.Now)+".")
	p.row("", "", indent, show(f.Path))
	if again {
		p.row("", "", indent, l.say("the same data as in %s", first))
	}
	p.gap()
}

func (t *terminal) full(f *scanner.Finding) {
	p, l := &t.page, t.l
	p.row(strings.ToUpper(l.severity(f.Severity)), t.paint(f.Severity), indent, l.lead(f, t.o.Now)+".")
	if s := f.Suppressed; s != nil {
		p.row(l.say("accepted"), "", indent, l.say("until %s: %s", show(s.Until), show(s.Reason)))
	}
	p.rows(l.say("place"), indent, l.place(f))
	p.row(l.say("access"), "", indent, l.exposure(f.Exposure))
	p.rows(l.say("fields"), indent, l.fields(f.Fields, p.width-indent))
	if s := l.counted(f.People); s != "" {
		p.row(l.say("people"), "", indent, s)
	}
	if r := f.Reidentification; r != nil {
		p.row(l.say("alone"), "", indent, l.alone(r))
	}
	p.rows(l.say("real?"), indent, l.authenticity(f))
	p.rows(l.say("why"), indent, l.reasons(f.Why, f))
	p.rows(l.say("first"), indent, l.steps(f))
	p.gap()
}

// place says where a finding lies, and how large it is.
func (l language) place(f *scanner.Finding) []string {
	lines := []string{show(f.Path)}
	if facts := l.facts(f); facts != nil {
		lines = append(lines, strings.Join(facts, ", "))
	}
	return lines
}

func (l language) facts(f *scanner.Finding) []string {
	var facts []string
	if f.Table != "" {
		facts = append(facts, l.say("table %s", show(f.Table)))
	}
	if f.Documents > 0 {
		facts = append(facts, l.count(f.Documents, "document"))
	}
	if f.Rows > 0 {
		facts = append(facts, l.count(f.Rows, "row"))
	}
	if f.Studied > 0 && f.Studied < f.Rows {
		facts = append(facts, l.say("%s of them studied in full", l.number(f.Studied)))
	}
	if f.Object.Size >= 0 {
		facts = append(facts, l.say("object of %s", l.size(f.Object.Size)))
	}
	if !f.Object.Modified.IsZero() {
		facts = append(facts, l.say("modified %s", l.on(f.Object.Modified)))
	}
	return facts
}

func (l language) authenticity(f *scanner.Finding) []string {
	verdict := l.verdict(f.Authenticity)
	if verdict == "" {
		return nil
	}
	return append([]string{verdict}, l.reasons(f.Authenticity.Evidence, f)...)
}

// reasons writes reasons, each in a line.
func (l language) reasons(why []scanner.Why, f *scanner.Finding) []string {
	var lines []string
	for i, w := range why {
		if i == maxReasons {
			return append(lines, l.say("and %s", l.count(int64(len(why)-i), "more reason")))
		}
		lines = append(lines, l.why(w, f))
	}
	return lines
}
