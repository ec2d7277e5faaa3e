package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"vigie/cmd/vigie/config"
	"vigie/scanner"
)

// An acceptance is a suppression of vigie.yaml and what became of it.
type acceptance struct {
	config.Suppression
	over bool  // its last day is past
	used int64 // findings that it fits
}

func acceptances(all []config.Suppression, now time.Time) []*acceptance {
	var notes []*acceptance
	for _, s := range all {
		notes = append(notes, &acceptance{Suppression: s, over: !now.Before(s.Until)})
	}
	return notes
}

// fits reports whether the suppression is about a finding.
func (a *acceptance) fits(f *scanner.Finding) bool {
	return (a.ID == "" || a.ID == f.ID) && (a.Leak == "" || a.Leak == f.Leak) && (a.Profile == "" || a.Profile == f.Profile) &&
		(a.Path == "" || matches([]string{a.Path}, strings.ToLower(f.Path)))
}

// remark says when a suppression is over or fits nothing: somebody should look
// at it again.
func (a *acceptance) remark(w io.Writer) {
	switch {
	case a.over && a.used > 0:
		complain(w, fmt.Errorf("the suppression of line %d ended on %s: what it accepted counts again", a.Line, a.Until.AddDate(0, 0, -1).Format(time.DateOnly)))
	case a.used == 0:
		complain(w, fmt.Errorf("the suppression of line %d fits no finding", a.Line))
	}
}

// accepted marks the findings that somebody has accepted. They are reported,
// and change neither the exit status nor an alert.
func accepted(to scanner.Sink, notes []*acceptance) scanner.Sink {
	if len(notes) == 0 {
		return to
	}
	return &acceptor{Sink: to, notes: notes}
}

type acceptor struct {
	scanner.Sink
	notes []*acceptance
}

func (a *acceptor) Write(ctx context.Context, r scanner.Record) error {
	if f, ok := r.(*scanner.Finding); ok {
		for _, n := range a.notes {
			if !n.fits(f) {
				continue
			}
			n.used++
			if !n.over {
				f.Suppressed = &scanner.Suppressed{Reason: n.Reason, Until: n.Until.AddDate(0, 0, -1).Format(time.DateOnly)}
			}
		}
	}
	return a.Sink.Write(ctx, r)
}
