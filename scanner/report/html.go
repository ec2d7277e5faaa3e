package report

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"

	"vigie/scanner"
)

var html = Report{
	Name: "html",
	Doc: `one page for people, which opens without a network

What leaked and about how many, where it lies, since when, and a section a
finding with its columns, its evidence and what to do first; what was not looked
at, and what was. The page asks nobody for anything: styles and the script are in
it, and nothing else may run. The 2,000 worst findings are told in full; the
others are counted.`,
	Open: openHTML,
}

// What the page shows, and what is remembered until it is written. It does not
// grow with the scan, except for a number for each leak and the places.
const (
	maxKept    = 2000 // findings with a section
	maxWide    = 50   // of these, with up to maxColumns columns
	maxNarrow  = 250  // of these, with up to maxFields columns; the others have maxSlim
	maxSlim    = 6
	maxColumns = 200  // columns of a finding that are listed
	maxListed  = 1000 // problems listed of each reason
	maxLeakIDs = 500_000
)

//go:embed html
var assets embed.FS

func openHTML(w io.Writer, o Options) scanner.Sink {
	l := o.language()
	return &web{w: w, o: o, l: l, leaks: map[string]affected{}, profiles: map[string]int64{}, states: map[scanner.State]int64{}, places: newPlaces()}
}

// web collects what a scan says and writes it when it is closed: what comes
// first on the page is known last. Its methods belong to one goroutine.
type web struct {
	w        io.Writer
	o        Options
	l        language
	begun    bool
	kept     []*chapter // worst first
	findings int64
	counts   [scanner.Critical + 1]int64
	states   map[scanner.State]int64
	leaks    map[string]affected // by the id of the leak
	alone    tolls               // of findings that are in no leak, or beyond maxLeakIDs
	profiles map[string]int64
	places   *places
	reasons  reasons
	summary  *scanner.Summary
}

// affected is whom a leak is about, at its worst place.
type affected struct {
	severity  scanner.Severity
	people    int64
	documents int64
}

// tolls are leaks, people and documents by severity.
type tolls [scanner.Critical + 1]struct{ leaks, people, documents int64 }

func (t *tolls) add(a affected) {
	at := &t[min(a.severity, scanner.Critical)]
	at.leaks++
	at.people += a.people
	at.documents += a.documents
}

func (h *web) Write(_ context.Context, r scanner.Record) error {
	if err := h.begin(); err != nil {
		return err
	}
	switch r := r.(type) {
	case *scanner.Finding:
		h.finding(r)
	case *scanner.Problem:
		h.problem(r)
	case *scanner.Summary:
		s := *r
		h.summary = &s
	default:
		return fmt.Errorf("no html for %T", r)
	}
	return nil
}

// Close writes the page.
func (h *web) Close() error {
	if err := h.begin(); err != nil {
		return err
	}
	if err := h.rest(); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

// finding counts f, and keeps it if it is one of the worst.
func (h *web) finding(f *scanner.Finding) {
	h.findings++
	h.counts[min(f.Severity, scanner.Critical)]++
	h.profiles[f.Profile]++
	switch state := f.Exposure.State; state {
	case scanner.Public, scanner.Network, scanner.Private, scanner.Local:
		h.states[state]++
	default:
		h.states[scanner.Unknown]++
	}
	a := affected{severity: f.Severity}
	if f.People.Unit == "document" {
		a.documents = max(f.People.Estimate, 0)
	} else {
		a.people = max(f.People.Estimate, f.People.Persons, 0)
	}
	h.places.add(f.Path, a)
	old, known := h.leaks[f.Leak]
	switch {
	case f.Leak == "", !known && len(h.leaks) >= maxLeakIDs:
		h.alone.add(a)
	case !known || worse(a, old):
		h.leaks[f.Leak] = a
	}
	at, _ := slices.BinarySearchFunc(h.kept, f, func(a *chapter, f *scanner.Finding) int { return compare(a.Finding, f) })
	if at >= maxKept {
		return
	}
	if len(h.kept) == maxKept {
		h.kept = h.kept[:maxKept-1]
	}
	t := &chapter{Finding: f}
	t.fit(at)
	h.kept = slices.Insert(h.kept, at, t)
	for _, below := range []int{maxWide, maxNarrow} { // pushed down by one
		if at < below && below < len(h.kept) {
			h.kept[below].fit(below)
		}
	}
}

// A chapter is a finding that has a section on the page. Its finding is a copy, with as many
// columns as its rank may show.
type chapter struct {
	*scanner.Finding
	left []kindCount // columns that were left out
}

// fit keeps the columns that a rank may show, and counts the others.
func (c *chapter) fit(rank int) {
	f := *c.Finding
	var rest []scanner.Field
	switch {
	case rank < maxWide:
		most := min(len(f.Fields), maxStrip)
		f.Fields, rest = f.Fields[:most], f.Fields[most:]
	case rank < maxNarrow:
		f.Fields, rest = choose(f.Fields, maxFields)
	default:
		f.Fields, rest = choose(f.Fields, maxSlim)
	}
	c.left = countKinds(c.left, rest)
	f.Fields = slices.Clone(f.Fields)
	c.Finding = &f
}

func worse(a, b affected) bool {
	if a.severity != b.severity {
		return a.severity > b.severity
	}
	return a.people+a.documents > b.people+b.documents
}

// compare puts the worst finding first: by severity, what looks invented behind
// the rest, then by people. The order is the same however the findings came.
func compare(a, b *scanner.Finding) int {
	invented := func(f *scanner.Finding) int {
		if f.Authenticity.Verdict == scanner.Fictitious {
			return 1
		}
		return 0
	}
	people := func(f *scanner.Finding) int64 { return max(f.People.Estimate, f.People.Persons) }
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(invented(a), invented(b)), cmp.Compare(people(b), people(a)),
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.Table, b.Table), cmp.Compare(a.ID, b.ID))
}

// problem counts p by its reason, and lists it.
func (h *web) problem(p *scanner.Problem) {
	if r := h.reasons.add(p); len(r.examples) < maxListed {
		r.examples = append(r.examples, h.l.example(p))
	}
}

// begin writes the head, before anything else: who cannot write learns it at
// the first record.
func (h *web) begin() error {
	if h.begun {
		return nil
	}
	h.begun = true
	style, script := asset("page.css"), asset("page.js")
	policy := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
		hash(style), hash(script))
	_, err := fmt.Fprintf(h.w, `<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>%s</title>
<style>%s</style>
</head>
`, h.l, policy, h.l.say("What vigie found"), style)
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

// asset returns a file that is built in.
func asset(name string) []byte {
	b, err := assets.ReadFile("html/" + name)
	if err != nil {
		panic("report: asset " + name + " is not built in")
	}
	return b
}

// hash names a script or a style in a content security policy.
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// rest writes the page behind its head, a part at a time.
func (h *web) rest() error {
	t, err := template.New("page.html").Funcs(template.FuncMap{"say": h.l.say, "word": h.l.word, "number": h.l.number}).
		ParseFS(assets, "html/page.html")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	put := func(name string, data any) error {
		b.Reset()
		if err := t.ExecuteTemplate(&b, name, data); err != nil {
			return err
		}
		_, err := h.w.Write(b.Bytes())
		return err
	}
	if err := put("overview", h.overview()); err != nil {
		return err
	}
	if err := put("filter", h.filter()); err != nil {
		return err
	}
	sections := map[string]int{} // by leak
	for i := range h.kept {
		if err := put("finding", h.section(i, sections)); err != nil {
			return err
		}
	}
	if err := put("problems", h.untold()); err != nil {
		return err
	}
	if err := put("coverage", h.coverage()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(h.w, "<script>%s</script>\n</body>\n</html>\n", asset("page.js"))
	return err
}
