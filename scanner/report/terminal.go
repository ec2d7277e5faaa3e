package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"vigie/scanner"
)

var text = Report{
	Name: "text",
	Doc: `what leaked, in words, for people

Every finding is written when it is known; the verdict comes last, after the
reasons why something was not looked at and the worst findings. Names from
outside are shown with their control characters escaped.`,
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
)

func openText(w io.Writer, o Options) scanner.Sink {
	if o.Width == 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 60)
	return &terminal{w: w, o: o, page: page{width: o.Width}, leaks: map[string]string{}}
}

// A terminal writes for people. Its methods belong to one goroutine.
type terminal struct {
	w       io.Writer
	o       Options
	page    page
	counts  [scanner.Critical + 1]int64 // findings by severity
	worst   []brief                     // the first of the worst, worst first
	leaks   map[string]string           // where a leak was seen first
	reasons []reason
	summary *scanner.Summary
}

// A brief is a finding in a line.
type brief struct {
	severity    scanner.Severity
	about, path string
}

// A reason counts the problems that have it.
type reason struct {
	name     string
	count    int64
	accepted int64 // of these
	examples []string
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
			b.about = estimate(f.People)
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

func (t *terminal) finding(f *scanner.Finding) {
	p := &t.page
	p.row(strings.ToUpper(f.Severity.String()), t.paint(f.Severity), indent,
		headline(f)+" "+reach(f.Exposure.State)+".")
	p.rows("place", indent, t.place(f))
	p.row("exposure", "", indent, exposure(f.Exposure))
	p.rows("fields", indent, fieldLines(f.Fields, p.width-indent))
	if s := counted(f.People); s != "" {
		p.row("people", "", indent, s)
	}
	if r := f.Reidentification; r != nil {
		p.row("alone", "", indent, alone(r))
	}
	p.rows("real?", indent, authenticity(f.Authenticity))
	p.rows("why", indent, reasonTexts(f.Why))
	p.gap()
}

func (t *terminal) place(f *scanner.Finding) []string {
	lines := []string{show(f.Path)}
	var facts []string
	if f.Table != "" {
		facts = append(facts, "table "+show(f.Table))
	}
	if f.Documents > 0 {
		facts = append(facts, count(f.Documents, "document"))
	}
	if f.Rows > 0 {
		facts = append(facts, count(f.Rows, "row"))
	}
	if f.Studied > 0 && f.Studied < f.Rows {
		facts = append(facts, number(f.Studied)+" of them studied in full")
	}
	if f.Object.Size >= 0 {
		facts = append(facts, "object of "+size(f.Object.Size))
	}
	if !f.Object.Modified.IsZero() {
		facts = append(facts, "modified "+day(f.Object.Modified))
	}
	if facts != nil {
		lines = append(lines, strings.Join(facts, ", "))
	}
	if f.Leak == "" {
		return lines
	}
	if first, seen := t.leaks[f.Leak]; seen {
		lines = append(lines, "the same data as in "+first)
	} else if len(t.leaks) < maxLeaks {
		t.leaks[f.Leak] = show(f.Path)
	}
	return lines
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func exposure(e scanner.Exposure) string {
	s := show(string(e.State))
	if e.How != "" {
		s += ": " + show(e.How)
	}
	if e.Vantage != "" {
		s += "; tried from " + show(e.Vantage)
	}
	if !e.SeenOpenSince.IsZero() {
		s += "; seen open since " + day(e.SeenOpenSince)
	}
	if !e.FileDated.IsZero() {
		s += "; file dated " + day(e.FileDated)
	}
	return s
}

func alone(r *scanner.Reidentification) string {
	var kinds []string
	for _, k := range r.QuasiIdentifiers {
		kinds = append(kinds, kind(k))
	}
	s := percent(r.UniqueShare) + " of the rows are the only ones of their kind"
	if kinds != nil {
		s = percent(r.UniqueShare) + " of the rows are the only ones with their " + list(kinds)
	}
	if r.KMin > 1 {
		s += "; the smallest group has " + count(r.KMin, "row")
	}
	return s
}

func authenticity(a scanner.Authenticity) []string {
	verdict := strings.ReplaceAll(show(a.Verdict), "_", " ")
	switch a.Verdict {
	case "":
		return nil
	case "unknown":
		verdict = "not known: to be taken for real"
	default:
		verdict += fmt.Sprintf(" (probability of real data %.2f)", a.ProbabilityReal)
	}
	return append([]string{verdict}, reasonTexts(a.Evidence)...)
}

func reasonTexts(why []scanner.Why) []string {
	var lines []string
	for i, w := range why {
		if i == maxReasons {
			return append(lines, "and "+count(int64(len(why)-i), "more reason"))
		}
		lines = append(lines, show(w.Text))
	}
	return lines
}
