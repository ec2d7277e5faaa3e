package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"vigie/scanner"
)

// resumed wraps an opener, so that a body that breaks or ends early is opened
// again where it broke. The opener must fail when the object is no longer what
// it was. size is the number of bytes of the object, -1 when unknown. A body
// without a byte for too long ends with the problem timeout, one that cannot
// be resumed with truncated.
func (p patience) resumed(size int64, open opener) opener {
	return func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		b := &resuming{patience: p, ctx: ctx, open: open, pos: off, mark: off, end: -1, least: -1}
		if n >= 0 {
			b.end = off + n
		}
		if size >= 0 {
			b.least = max(size, off)
			if n >= 0 {
				b.least = min(b.least, b.end)
			}
		}
		return b, b.reopen()
	}
}

// resuming is a body that is opened again where it broke.
type resuming struct {
	patience
	ctx   context.Context
	open  opener
	rc    io.ReadCloser // nil after a failed reopen
	pos   int64         // of the next byte
	end   int64         // where to stop; -1: at the end
	least int64         // the position it must reach; -1: unknown
	tries int           // breaks since mark
	mark  int64
	err   error // sticky
}

// far is how much must have come for earlier breaks to be forgotten, in bytes.
const far = 1 << 20

func (b *resuming) reopen() error {
	n := int64(-1)
	if b.end >= 0 {
		n = b.end - b.pos
	}
	rc, err := watched(b.ctx, b.stalled, func(ctx context.Context) (io.ReadCloser, error) {
		return b.open(ctx, b.pos, n)
	})
	b.rc, b.err = rc, err
	return err
}

func (b *resuming) Read(p []byte) (int, error) {
	for b.err == nil {
		n, err := b.rc.Read(p)
		b.pos += int64(n)
		if n > 0 || err == nil {
			return n, nil // the error comes again
		}
		if b.pos-b.mark >= far {
			b.mark, b.tries = b.pos, 0
		}
		b.err = b.broken(err)
	}
	return 0, b.err
}

// broken decides what the end of a body means. It returns nil when the body
// goes on.
func (b *resuming) broken(err error) error {
	var p *scanner.Problem
	switch {
	case err == io.EOF && b.pos >= b.least:
		return io.EOF
	case b.ctx.Err() != nil:
		return b.ctx.Err()
	case errors.As(err, &p):
		return err
	}
	if b.tries++; b.tries > tries {
		return b.truncated()
	}
	b.rc.Close()
	b.rc = nil
	if err := b.wait(b.ctx, b.tries, 0); err != nil {
		return err
	}
	switch err := b.reopen(); {
	case err == nil, b.ctx.Err() != nil, errors.As(err, &p) && (p.Reason == scanner.Skipped || p.Reason == scanner.Timeout):
		return err
	}
	return b.truncated()
}

func (b *resuming) truncated() error {
	detail := fmt.Sprintf("ends after %d bytes", b.pos)
	if b.least >= 0 {
		detail = fmt.Sprintf("ends after %d of %d bytes", b.pos, b.least)
	}
	return &scanner.Problem{Reason: scanner.Truncated, Detail: detail}
}

func (b *resuming) Close() error {
	if b.err == nil {
		b.err = errors.New("body is closed")
	}
	if b.rc == nil {
		return nil
	}
	rc := b.rc
	b.rc = nil
	return rc.Close()
}

// watched opens a body and looks after it: a read that brings no byte for the
// time given ends it with the problem timeout. Time between reads does not
// count.
func watched(ctx context.Context, stalled time.Duration, open func(context.Context) (io.ReadCloser, error)) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	rc, err := open(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	w := &watcher{ReadCloser: rc, cancel: cancel, stalled: stalled}
	w.timer = time.AfterFunc(stalled, func() {
		w.late.Store(true)
		cancel()
	})
	w.timer.Stop()
	return w, nil
}

type watcher struct {
	io.ReadCloser
	cancel  context.CancelFunc
	timer   *time.Timer
	stalled time.Duration
	late    atomic.Bool
}

func (w *watcher) Read(p []byte) (int, error) {
	w.timer.Reset(w.stalled)
	n, err := w.ReadCloser.Read(p)
	w.timer.Stop()
	if err != nil && w.late.Load() {
		err = &scanner.Problem{Reason: scanner.Timeout, Detail: fmt.Sprintf("no byte for %v", w.stalled)}
	}
	return n, err
}

func (w *watcher) Close() error {
	w.timer.Stop()
	w.cancel() // first: what is left of the body is of no interest
	return w.ReadCloser.Close()
}
