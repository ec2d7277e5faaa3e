package main

import (
	"errors"
	"fmt"

	"vigie/cmd/vigie/config"
	"vigie/scanner"
	"vigie/scanner/assess"
	"vigie/scanner/report"
)

// declaration reads --declare; nil without.
func declaration(s string) (*scanner.Declaration, error) {
	switch s {
	case "":
		return nil, nil
	case scanner.Fictitious, scanner.Pseudonymised:
		return &scanner.Declaration{Claim: s}, nil
	}
	d, err := config.ReadFields(s)
	if err != nil {
		return nil, fmt.Errorf("read --declare: want fictitious, pseudonymised or a YAML file of fields: %w", err)
	}
	return &d, nil
}

// contradict puts what was declared against what was found, and returns the
// exit status: people's data that do not contradict are as they should be.
func contradict(stated *report.Statement, status error) error {
	for _, f := range stated.Findings {
		if c, against := assess.Against(*stated.Declared, f); against {
			stated.Contradictions = append(stated.Contradictions, c)
		}
	}
	e := new(exit)
	errors.As(status, &e)
	switch {
	case len(stated.Contradictions) > 0:
		return &exit{found, e.err}
	case e.status != found:
		return status
	case e.err != nil:
		return &exit{internal, e.err}
	case !stated.Summary.Complete:
		return &exit{status: incomplete}
	}
	return nil
}
