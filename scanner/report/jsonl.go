package report

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"vigie/detectors"
	"vigie/scanner"
)

var jsonl = Report{
	Name: "jsonl",
	Doc: `one JSON object a line, for programs

Every line has a "type": finding, problem or summary; the summary comes last.
Names of fields are a contract: they are added, never renamed. Times are
RFC 3339. Each line is written as soon as it is known.`,
	Open: openJSONL,
}

func openJSONL(w io.Writer, _ Options) scanner.Sink {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &lines{e}
}

// lines writes a record with one Write, so that a line is whole or not there.
type lines struct{ *json.Encoder }

func (l *lines) Write(_ context.Context, r scanner.Record) error {
	var err error
	switch r := r.(type) {
	case *scanner.Finding:
		f := *r
		fill(&f)
		err = l.Encode(struct {
			Type string `json:"type"`
			*scanner.Finding
		}{"finding", &f})
	case *scanner.Problem:
		err = l.Encode(struct {
			Type string `json:"type"`
			*scanner.Problem
		}{"problem", r})
	case *scanner.Summary:
		err = l.Encode(struct {
			Type string `json:"type"`
			*scanner.Summary
		}{"summary", r})
	default:
		err = fmt.Errorf("no JSON form of %T", r)
	}
	if err != nil {
		return fmt.Errorf("write jsonl: %w", err)
	}
	return nil
}

func (l *lines) Close() error { return nil }

// fill replaces the lists that are nil by empty ones: readers of the contract
// iterate over them. f is a copy; what it points to stays as it is.
func fill(f *scanner.Finding) {
	if f.Fields == nil {
		f.Fields = []scanner.Field{}
	}
	if f.Why == nil {
		f.Why = []scanner.Why{}
	}
	if r := f.Reidentification; r != nil && r.QuasiIdentifiers == nil {
		c := *r
		c.QuasiIdentifiers = []detectors.Kind{}
		f.Reidentification = &c
	}
}
