package main

import (
	"context"
	"errors"

	"vigie/scanner"
)

// The exit statuses. Where several hold, the order of precedence is found,
// internal, usage, interrupted, incomplete, clean.
const (
	clean       = 0 // all was looked at, nothing reached --fail-on
	found       = 1
	usage       = 2
	incomplete  = 3 // nothing reached it, but something could not be looked at
	interrupted = 4
	internal    = 5
)

// An exit is an error with its exit status; any other error is one of usage. A
// nil err: there is nothing more to say.
type exit struct {
	status int
	err    error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// threshold notes whether a finding reached a severity.
type threshold struct {
	scanner.Sink
	least   scanner.Severity
	reached bool
}

func (t *threshold) Write(ctx context.Context, r scanner.Record) error {
	if f, ok := r.(*scanner.Finding); ok && f.Severity >= t.least && f.Suppressed == nil {
		t.reached = true
	}
	return t.Sink.Write(ctx, r)
}

// status turns the end of a scan into the exit status. Trouble with the report
// is told even where a finding decides.
func (t *threshold) status(sum *scanner.Summary, err error, wrong bool) error {
	stopped := errors.Is(err, context.Canceled)
	if stopped {
		err = nil
	}
	switch {
	case t.reached:
		return &exit{found, err}
	case err != nil:
		return &exit{internal, err}
	case wrong:
		return &exit{status: usage}
	case stopped:
		return &exit{status: interrupted}
	case !sum.Complete:
		return &exit{status: incomplete}
	}
	return nil
}
