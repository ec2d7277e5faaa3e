package main

import (
	"context"
	"io"
	"os"

	"vigie/scanner"
	"vigie/scanner/report"
)

// withProgress opens a sink on out and, where errors is a terminal, draws the
// progress line there until the sink is closed.
func withProgress(f *lookFlags, out, errors io.Writer, p *scanner.Progress, open func(io.Writer) scanner.Sink) scanner.Sink {
	terminal, ok := errors.(*os.File)
	if f.quiet || !ok {
		return open(out)
	}
	line := report.OpenProgress(terminal, func() (objects, members, bytes int64, current string) {
		s, current := p.Snapshot()
		return s.Objects, s.Members, max(s.BytesRead, s.Scanned), current
	})
	return &drawn{open(line.Writer(out)), line}
}

// drawn is a sink above a progress line.
type drawn struct {
	scanner.Sink
	line *report.Progress
}

func (d *drawn) Write(ctx context.Context, r scanner.Record) error {
	if _, last := r.(*scanner.Summary); last {
		d.line.Stop()
	}
	return d.Sink.Write(ctx, r)
}

func (d *drawn) Close() error {
	d.line.Stop()
	return d.Sink.Close()
}
