package format

import (
	"context"
	"errors"
	"io"

	"vigie/scanner"
)

// salvage gives random access to an object, and where it breaks off to what came
// before: then fault says what is wrong with the rest. The caller closes it after
// the last read.
func salvage(ctx context.Context, c *scanner.Content) (at io.ReaderAt, size int64, fault error, closing func(), err error) {
	at, size, err = c.At(ctx)
	closing = func() {}
	var p *scanner.Problem
	if err == nil || !errors.As(err, &p) || p.Reason != scanner.Truncated && p.Reason != scanner.Malformed {
		return at, size, nil, closing, err
	}
	broken := &untilFault{r: c.Stream()}
	o := scanner.Object{Path: "salvage", Size: -1, Open: once(broken)}
	kept, kerr := scanner.NewContent(ctx, o, scanner.Limits{})
	if kerr != nil {
		return nil, 0, nil, closing, err
	}
	at, size, kerr = kept.At(ctx)
	if kerr != nil {
		kept.Close()
		return nil, 0, nil, closing, err
	}
	return at, size, err, kept.Close, nil
}

// An untilFault ends where its reader breaks off.
type untilFault struct{ r io.Reader }

func (u *untilFault) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// A cursor reads a file from an offset on, and knows where it is.
type cursor struct {
	from io.ReaderAt
	size int64
	off  int64 // of buf[0]
	buf  []byte
	lo   int
	room []byte // grows from cursorFirst
	most int    // what it grows to
}

// cursorFirst is how much a cursor reads at first: many read one small value.
const cursorFirst = 512

// newCursor returns a cursor that peeks at up to room bytes.
func newCursor(from io.ReaderAt, size, off int64, room int) *cursor {
	return &cursor{from: from, size: size, off: off, most: room}
}

// pos returns the offset of the next byte.
func (c *cursor) pos() int64 { return c.off + int64(c.lo) }

// peek returns the next n bytes, no more than the cursor's most, without taking
// them; io.ErrUnexpectedEOF where there are fewer.
func (c *cursor) peek(n int) ([]byte, error) {
	if len(c.buf)-c.lo >= n {
		return c.buf[c.lo : c.lo+n], nil
	}
	c.off += int64(c.lo)
	if len(c.room) < c.most {
		c.room = make([]byte, min(c.most, max(n, cursorFirst, 8*len(c.room))))
	}
	want := min(int64(len(c.room)), c.size-c.off)
	if want < int64(n) {
		c.lo, c.buf = 0, nil
		return nil, io.ErrUnexpectedEOF
	}
	got, err := c.from.ReadAt(c.room[:want], c.off)
	c.lo, c.buf = 0, c.room[:got]
	if got < n {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return c.buf[:n], nil
}

// take is peek, and goes on behind.
func (c *cursor) take(n int) ([]byte, error) {
	b, err := c.peek(n)
	c.lo += len(b)
	return b, err
}

// seek goes on at an offset.
func (c *cursor) seek(off int64) {
	if d := off - c.off; d >= 0 && d <= int64(len(c.buf)) {
		c.lo = int(d)
		return
	}
	c.off, c.lo, c.buf = off, 0, nil
}

// skip goes on n bytes further.
func (c *cursor) skip(n int64) error {
	if n < 0 || n > c.size-c.pos() {
		return io.ErrUnexpectedEOF
	}
	c.seek(c.pos() + n)
	return nil
}
