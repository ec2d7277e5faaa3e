package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"vigie/scanner"
)

var defectdojo = Report{
	Name: "defectdojo",
	Doc: `DefectDojo's "Generic Findings Import" (JSON)

A finding of vigie is one there, recognised again by its id. What could not be
looked at is one finding more, of severity Info, with counts by reason.`,
	Open: openDefectDojo,
}

// The parser refuses fields that it does not know. CWE-359 is the exposure of
// private personal information.
type dojoFinding struct {
	Title         string   `json:"title"`
	Severity      string   `json:"severity"`
	Description   string   `json:"description"`
	Justification string   `json:"severity_justification,omitempty"`
	Mitigation    string   `json:"mitigation,omitempty"`
	Impact        string   `json:"impact,omitempty"`
	Date          string   `json:"date,omitempty"`
	CWE           int      `json:"cwe,omitempty"`
	Path          string   `json:"file_path,omitempty"`
	ID            string   `json:"unique_id_from_tool,omitempty"`
	Rule          string   `json:"vuln_id_from_tool,omitempty"`
	Confidence    int      `json:"scanner_confidence,omitempty"`
	Accepted      bool     `json:"risk_accepted,omitempty"`
	Static        bool     `json:"static_finding"`
	Dynamic       bool     `json:"dynamic_finding"`
	Tags          []string `json:"tags,omitempty"`
}

// Columns of DefectDojo's database.
const (
	maxTitle  = 500
	maxPath   = 1000 // cells: 4,000 bytes
	maxDojoID = 200
)

func openDefectDojo(w io.Writer, _ Options) scanner.Sink { return &dojo{w: w} }

// A dojo writes every finding when it is known.
type dojo struct {
	w       io.Writer
	written int
	reasons reasons
}

func (d *dojo) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		return d.put(dojoOf(r))
	case *scanner.Problem:
		if !r.Accepted {
			d.reasons.add(r)
		}
	}
	return nil
}

// Close writes what was not looked at, and the end.
func (d *dojo) Close() error {
	if d.reasons != nil {
		total, parts := d.reasons.sum()
		err := d.put(dojoFinding{Title: en.count(total, "object") + " could not be looked at, or not to the end", Severity: "Info",
			Description: "Not looked at, or not to the end: " + parts + ". What is in them is not known.",
			ID:          "vigie-problems", Static: true})
		if err != nil {
			return err
		}
	}
	end := "\n]}\n"
	if d.written == 0 {
		end = `{"findings":[` + "]}\n"
	}
	if _, err := io.WriteString(d.w, end); err != nil {
		return fmt.Errorf("write defectdojo: %w", err)
	}
	return nil
}

func (d *dojo) put(f dojoFinding) error {
	var b bytes.Buffer
	if d.written++; d.written == 1 {
		b.WriteString(`{"findings":[` + "\n")
	} else {
		b.WriteString(",\n")
	}
	encode(&b, f)
	if _, err := b.WriteTo(d.w); err != nil {
		return fmt.Errorf("write defectdojo: %w", err)
	}
	return nil
}

func dojoOf(f *scanner.Finding) dojoFinding {
	severity := capital(f.Severity.String())
	local := f.Exposure.State == scanner.Local
	g := dojoFinding{
		Title: clip(headline(f), maxTitle), Severity: severity, Description: described(f),
		Mitigation: "Take it down at every place, keep the access logs, and find out who fetched it. Where people's data were open, the breach is to be notified within 72 hours (Art. 33 GDPR).",
		CWE:        359, Path: shorten(Plain(f.Path), maxPath), ID: clip(Plain(f.ID), maxDojoID), Rule: clip(Plain(f.Profile), maxDojoID),
		Confidence: confidence(f.Confidence), Static: local, Dynamic: !local, Tags: []string{"vigie", "privacy"},
	}
	if !f.FirstSeen.IsZero() {
		g.Date = en.day(f.FirstSeen)
	}
	for _, w := range f.Why {
		if w.Code == "severity" {
			g.Justification = show(w.Text)
		}
	}
	if a := f.Suppressed; a != nil {
		g.Accepted = true
		g.Description += "- Accepted until " + code(a.Until) + ": " + code(a.Reason) + "\n"
	}
	if s := en.counted(f.People); s != "" {
		g.Impact = capital(s) + "."
	}
	return g
}

// described is Markdown, in which names from outside are code.
func described(f *scanner.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\n- Place: %s\n", headline(f), code(f.Path))
	if f.Table != "" {
		fmt.Fprintf(&b, "- Table: %s\n", code(f.Table))
	}
	if f.Rows > 0 {
		fmt.Fprintf(&b, "- Rows: %s\n", en.number(f.Rows))
	}
	if f.Documents > 0 {
		fmt.Fprintf(&b, "- Documents: %s\n", en.number(f.Documents))
	}
	fmt.Fprintf(&b, "- Exposure: %s\n", code(en.exposure(f.Exposure)))
	if f.Leak != "" {
		fmt.Fprintf(&b, "- The same data elsewhere have the leak %s\n", code(f.Leak))
	}
	seen := map[string]bool{}
	var kinds []string
	for _, field := range f.Fields {
		if k := en.kind(field.Kind); !seen[k] {
			seen[k] = true
			kinds = append(kinds, code(k))
		}
	}
	if kinds != nil {
		fmt.Fprintf(&b, "- Kinds: %s\n", strings.Join(kinds, ", "))
	}
	for i, w := range f.Why {
		if i == maxReasons {
			break
		}
		fmt.Fprintf(&b, "- %s\n", code(w.Text))
	}
	return b.String()
}

// confidence on the scale of DefectDojo: up to 2 certain, up to 5 firm, above
// tentative.
func confidence(c float64) int {
	switch {
	case c >= 0.9:
		return 1
	case c >= 0.6:
		return 4
	}
	return 7
}
