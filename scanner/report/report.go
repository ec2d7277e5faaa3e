// Package report holds the sinks: what a scan tells people and programs. It
// computes nothing about the data; every figure comes in a record.
//
// Strings from outside (paths, titles, samples, details) are hostile until
// Plain has made them showable. To add a report: one file with the value, one
// line in All, one golden file.
package report

import (
	"io"
	"time"

	"vigie/scanner"
)

// A Report is a form in which records are written.
type Report struct {
	Name string // its name in --format
	Doc  string // title, blank line, what it is for

	Packed bool // it is no text: not for a terminal

	// Open returns a sink that writes to w, whole lines with every Write, and
	// does not close it. The sink belongs to one goroutine.
	Open func(w io.Writer, o Options) scanner.Sink
}

// Options say how a report for people looks. Programs get the same whatever
// they say.
type Options struct {
	Width    int  // cells a line; 0: 80, and never under 60
	Color    bool // colour the severities
	Problems bool // show every problem, not only three of each reason

	Lang string // "fr" or "en"; "" is English

	Now     time.Time // the day that may be called today; zero: none is
	Version string    // of the program that writes the report; "" unknown

	AwareAt time.Time // when the breach became known, for the 72 hours of the notification; zero: unknown
}

// All returns the reports in the order of the help text.
func All() []Report {
	return []Report{
		text,
		html,
		jsonl,
		table,
		sarif,
		cnil,
		defectdojo,
		ocsf,
		notice,
		register,
		docx,
	}
}
