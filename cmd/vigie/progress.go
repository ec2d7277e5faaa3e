package main

import (
	"context"
	"io"
	"os"

	"vigie/scanner"
	"vigie/scanner/report"
)

// withProgress opens a sink on out and tells on errors how far the scan has
// come, until the sink is closed: on a line of the terminal, or every ten
// seconds where there is none.
func withProgress(f *lookFlags, out, errors io.Writer, p *scanner.Progress, open func(io.Writer) scanner.Sink) scanner.Sink {
	file, ok := errors.(*os.File)
	if f.quiet || !ok {
		return open(out)
	}
	line := report.OpenProgress(file, report.Options{Lang: f.lang}, func() report.State {
		s, current := p.Snapshot()
		l := p.Listing()
		return report.State{Objects: s.Objects, Members: s.Members, Bytes: max(s.BytesRead, s.Scanned), Current: current,
			Listed: l.Objects, ListedBytes: l.Bytes, DoneBytes: max(l.Finished, min(s.BytesRead, l.Bytes)), Whole: l.Whole}
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
