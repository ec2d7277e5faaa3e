package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
)

var sarif = Report{
	Name: "sarif",
	Doc: `SARIF 2.1.0, for code scanning and security dashboards

A rule is a profile, a result is a finding, and what was not looked at is a
notification of the invocation. Runs end at 25,000 results, which is what GitHub
takes of one, and there are 20 at most; partialFingerprints recognise a finding in
the next report. With --baseline results have a baselineState; what somebody has
accepted is suppressed.`,
	Open: openSARIF,
}

// What GitHub takes, and what is kept in memory.
const (
	maxResults       = 25_000 // of a run
	maxRuns          = 20     // of a file; findings beyond are counted
	maxMessage       = 1000   // cells; the display ends at 1,024 characters
	maxNotifications = 5000   // of a run, and one that counts the others
)

const sarifHead = `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[` + "\n"

func openSARIF(w io.Writer, o Options) scanner.Sink { return &sarifSink{w: w, version: o.Version} }

// A sarifSink writes every result when it is known. Rules and notifications of
// a run stand behind its results.
type sarifSink struct {
	w       io.Writer
	version string
	runs    int // begun
	open    bool
	results int // in this run
	rules   []sarifRule
	notes   []sarifNote
	more    int64 // problems without a notification
	beyond  int64 // findings without a result
	ended   bool  // the scan came to its end
}

type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      sarifText      `json:"shortDescription"`
		Properties map[string]any `json:"properties"`
		worst      scanner.Severity
	}
	sarifNote struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
		Baseline     string            `json:"baselineState,omitempty"`
		Suppressions []sarifSuppressed `json:"suppressions,omitempty"`
		Properties   map[string]any    `json:"properties"`
	}
	sarifSuppressed struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)

func (s *sarifSink) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		return s.result(r)
	case *scanner.Problem:
		if len(s.notes) == maxNotifications {
			s.more++
			return nil
		}
		s.notes = append(s.notes, notification(r))
	case *scanner.Summary:
		s.ended = !r.Interrupted
	}
	return nil
}

// Close ends the last run; without a result there is one all the same.
func (s *sarifSink) Close() error {
	var b bytes.Buffer
	if !s.open {
		s.begin(&b)
	}
	s.end(&b, s.ended)
	b.WriteString("\n]}\n")
	return s.put(&b)
}

func (s *sarifSink) put(b *bytes.Buffer) error {
	if _, err := b.WriteTo(s.w); err != nil {
		return fmt.Errorf("write sarif: %w", err)
	}
	return nil
}

func (s *sarifSink) begin(b *bytes.Buffer) {
	if s.runs++; s.runs == 1 {
		b.WriteString(sarifHead)
	} else {
		b.WriteString(",\n")
	}
	b.WriteString(`{"results":[`)
	s.open, s.results, s.rules = true, 0, nil
}

// end ends a run. Each has a category of its own: of one category GitHub keeps
// one run.
func (s *sarifSink) end(b *bytes.Buffer, successful bool) {
	if s.more > 0 {
		s.notes = append(s.notes, sarifNote{Level: "warning",
			Message: sarifText{"and " + en.count(s.more, "problem") + " more, which the report in JSON lines tells"}})
	}
	if s.beyond > 0 {
		s.notes = append(s.notes, sarifNote{Level: "error",
			Message: sarifText{"and " + en.count(s.beyond, "finding") + " more than a file of SARIF may hold, which the report in JSON lines tells"}})
	}
	rules := make([]sarifRule, len(s.rules))
	for i, r := range s.rules {
		r.Properties = map[string]any{"tags": []string{"privacy", "security"}, "security-severity": score(r.worst)}
		rules[i] = r
	}
	b.WriteString("],\n\"tool\":")
	driver := map[string]any{"name": "vigie", "rules": rules}
	if s.version != "" {
		driver["version"] = s.version
	}
	encode(b, map[string]any{"driver": driver})
	b.WriteString(",\n\"automationDetails\":")
	encode(b, map[string]any{"id": fmt.Sprintf("vigie/%d/", s.runs)})
	b.WriteString(",\n\"invocations\":")
	encode(b, []any{map[string]any{"executionSuccessful": successful,
		"toolExecutionNotifications": append([]sarifNote{}, s.notes...)}})
	b.WriteString("}")
	s.open, s.notes, s.more = false, nil, 0
}

func (s *sarifSink) result(f *scanner.Finding) error {
	var b bytes.Buffer
	if s.open && s.results == maxResults {
		if s.runs == maxRuns {
			s.beyond++
			return nil
		}
		s.end(&b, true)
	}
	if !s.open {
		s.begin(&b)
	}
	if s.results++; s.results > 1 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	id, at := s.rule(f)
	r := sarifResult{RuleID: id, RuleIndex: at, Level: level(f.Severity), Message: sarifText{message(f)},
		Locations: []sarifLocation{place(f.Path, f.Table)}, Properties: properties(f)}
	r.Locations[0].Physical.Region = &sarifRegion{1}
	if f.ID != "" {
		r.Fingerprints = map[string]string{"primaryLocationLineHash": Plain(f.ID), "vigieFinding/v1": Plain(f.ID)}
		if f.Leak != "" {
			r.Fingerprints["vigieLeak/v1"] = Plain(f.Leak)
		}
	}
	switch f.Baseline {
	case "new":
		r.Baseline = "new"
	case "worse":
		r.Baseline = "updated"
	}
	if a := f.Suppressed; a != nil {
		r.Suppressions = []sarifSuppressed{{"external", "accepted", show(a.Reason + " (until " + a.Until + ")")}}
	}
	encode(&b, r)
	return s.put(&b)
}

// rule returns the id of the rule of a finding, and where it stands.
func (s *sarifSink) rule(f *scanner.Finding) (id string, at int) {
	id = clip(Plain(f.Profile), 200)
	if id == "" {
		id = "people-register"
	}
	at = slices.IndexFunc(s.rules, func(r sarifRule) bool { return r.ID == id })
	if at < 0 {
		at = len(s.rules)
		s.rules = append(s.rules, sarifRule{ID: id, Short: sarifText{leaked(id)}})
	}
	s.rules[at].worst = max(s.rules[at].worst, f.Severity)
	return id, at
}

func level(s scanner.Severity) string {
	return [...]string{"none", "note", "warning", "error", "error"}[min(s, scanner.Critical)]
}

// score is the severity on the scale from which GitHub makes its words.
func score(s scanner.Severity) string {
	return [...]string{"0.0", "2.0", "5.5", "8.0", "9.5"}[min(s, scanner.Critical)]
}

func place(path, table string) sarifLocation {
	var l sarifLocation
	l.Physical.Artifact.URI = uri(path)
	if table != "" {
		l.Logical = []sarifLogical{{show(table), "table"}}
	}
	return l
}

func notification(p *scanner.Problem) sarifNote {
	n := sarifNote{Level: "warning", Message: sarifText{strings.ReplaceAll(Plain(string(p.Reason)), "_", " ")}}
	if p.Detail != "" {
		n.Message.Text += ": " + show(p.Detail)
	}
	if p.Accepted {
		n.Level = "note"
		n.Message.Text += " (accepted)"
	}
	if p.Path != "" {
		n.Locations = []sarifLocation{place(p.Path, "")}
	}
	return n
}

func properties(f *scanner.Finding) map[string]any {
	kinds := []detectors.Kind{}
	for _, field := range f.Fields {
		if k := detectors.Kind(Plain(string(field.Kind))); !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return map[string]any{"severity": f.Severity, "confidence": f.Confidence, "path": Plain(f.Path), "rows": f.Rows,
		"people": shownPeople(f.People), "exposure": shownExposure(f.Exposure), "kinds": kinds, "authenticity": show(f.Authenticity.Verdict)}
}

func shownPeople(p scanner.People) scanner.People {
	p.Unit, p.Basis = show(p.Unit), show(p.Basis)
	return p
}

func shownExposure(x scanner.Exposure) scanner.Exposure {
	x.State, x.How, x.Vantage = scanner.State(show(string(x.State))), show(x.How), show(x.Vantage)
	return x
}

// encode writes a value of ours, which cannot fail, without a line end.
func encode(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if e.Encode(v) == nil {
		b.Truncate(b.Len() - 1)
	}
}
