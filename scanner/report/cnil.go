package report

import (
	"context"
	"fmt"
	"io"
	"time"

	"vigie/scanner"
)

var cnil = Report{
	Name: "cnil",
	Doc: `drafts of the notification to the CNIL, in French (Markdown)

One draft a leak: the same data set found in several places is one breach. The
draft has what Art. 33(3) GDPR asks for and what the form of the CNIL asks
beside; what vigie cannot know is left blank and marked « à compléter ». Data
that are published lawfully, or accepted with a reason, have no draft.`,
	Open: openCNIL,
}

// openCNIL returns a sink that keeps the findings of each leak together, some
// 1 kB a leak, and writes the drafts when it is closed.
func openCNIL(w io.Writer, o Options) scanner.Sink {
	return &cnilSink{name: "cnil", w: w, aware: o.AwareAt}
}

type cnilSink struct {
	breaches
	name  string // of the report
	w     io.Writer
	aware time.Time // zero: not known
	begun bool
}

func (s *cnilSink) Write(_ context.Context, r scanner.Record) error {
	if s.take(r) {
		return s.begin()
	}
	return nil
}

// begin writes what stands before all drafts, once.
func (s *cnilSink) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.put(preamble())
}

func (s *cnilSink) put(text string) error {
	if _, err := io.WriteString(s.w, text); err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	return nil
}

// Close writes the drafts, the worst first.
func (s *cnilSink) Close() error {
	if err := s.begin(); err != nil {
		return err
	}
	s.sort()
	for i, b := range s.all {
		if err := s.put(draft(i+1, b, s.aware)); err != nil {
			return err
		}
	}
	return s.put(s.remarks())
}
