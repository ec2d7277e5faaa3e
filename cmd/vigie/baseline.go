package main

import (
	"context"
	"fmt"
	"os"

	"vigie/scanner"
	"vigie/scanner/report"
)

// readBaseline returns the severity of each finding of earlier scans, by id; nil
// without a baseline.
func readBaseline(names []string) (map[string]scanner.Severity, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var inputs []report.Input
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read --baseline: %w", err)
		}
		defer f.Close()
		inputs = append(inputs, report.Input{Name: name, ReadSeeker: f})
	}
	records, err := report.Read(inputs)
	if err != nil {
		return nil, fmt.Errorf("read --baseline: %w", err)
	}
	known := knownFindings{}
	if err := records.Send(context.Background(), known); err != nil {
		return nil, fmt.Errorf("read --baseline: %w", err)
	}
	return known, nil
}

// knownFindings is a sink that keeps ids and severities.
type knownFindings map[string]scanner.Severity

func (k knownFindings) Write(_ context.Context, r scanner.Record) error {
	if f, ok := r.(*scanner.Finding); ok {
		k[f.ID] = f.Severity
	}
	return nil
}

func (knownFindings) Close() error { return nil }

// compared passes on what is not known: findings that are new, and those that
// have become worse.
func compared(to scanner.Sink, known map[string]scanner.Severity) scanner.Sink {
	if known == nil {
		return to
	}
	return &comparison{Sink: to, known: known}
}

type comparison struct {
	scanner.Sink
	known map[string]scanner.Severity
	left  int64 // findings not passed on
}

func (c *comparison) Write(ctx context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		was, known := c.known[r.ID]
		if known && r.Severity <= was {
			c.left++
			return nil
		}
		if r.Baseline = "new"; known {
			r.Baseline = "worse"
		}
	case *scanner.Summary:
		s := *r
		s.Known, s.Findings = c.left, s.Findings-c.left
		return c.Sink.Write(ctx, &s)
	}
	return c.Sink.Write(ctx, r)
}
