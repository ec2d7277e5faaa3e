package scanner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
)

// headSize is how much of an object Format.Match sees.
const headSize = 64 << 10

// Content is an object as a format sees it: a peek at its beginning, a stream,
// and random access, which spools within the allotment where the object itself
// cannot be read from its middle. It belongs to the goroutine that walks the
// object, except Open and what At returned, which any goroutine may use until
// the walk of the object returns.
type Content struct {
	object Object
	ctx    context.Context
	allot  *allotment
	meter  *meter
	room   *[headSize]byte
	head   []byte        // a part of room
	stored bool          // the object is no member
	rest   io.ReadCloser // what follows head; nil when head is all or rest is not open yet
	whole  bool          // head is all there is
	early  error         // met while reading the head; the stream ends with it
	words  []string      // passwords to try
	ocr    OCR           // nil: pictures are not read
	large  *largeSlot    // of the scan; nil outside of one
	far    *childSide    // in a child process: who asks the engine for the bytes
	random io.ReaderAt
	spool  *spool
}

// NewContent opens an object outside of a scan, under limits of its own: for
// tests of formats. The caller closes it.
func NewContent(ctx context.Context, o Object, l Limits) (*Content, error) {
	l = l.orDefault()
	return open(ctx, o, &allotment{memory: l.Memory, disk: l.Spool}, &meter{limits: l, stored: o.Size}, false)
}

// open reads the head of o. A stored object that has ranges is asked for its
// head alone: who wants no more than that has not begun a download.
func open(ctx context.Context, o Object, a *allotment, m *meter, stored bool) (*Content, error) {
	c := &Content{object: o, ctx: ctx, allot: a, meter: m, stored: stored}
	n := int64(-1)
	if stored && (o.Size < 0 || o.Size > 4*headSize) {
		n = headSize
	}
	rc, err := o.Open(ctx, 0, n)
	if err != nil {
		return nil, err
	}
	rest := m.count(ctx, rc, stored)
	c.room = heads.Get().(*[headSize]byte)
	got, err := fill(rest, c.room[:])
	c.head = c.room[:got:got]
	switch {
	case err == nil && n > 0:
		rest.Close() // Stream asks again, from the end of the head
	case err == nil:
		c.rest = rest
	default:
		rest.Close()
		c.whole = true
		if err != io.EOF {
			c.early = err
		} else if o.Size > int64(got) {
			c.early = &Problem{Reason: Truncated, Detail: "ends before its declared size"}
		}
	}
	return c, nil
}

// fill reads until b is full. Unlike io.ReadFull it tells a clean end (io.EOF,
// whatever was read before) from a reader that itself broke off.
func fill(r io.Reader, b []byte) (int, error) {
	n := 0
	for n < len(b) {
		k, err := r.Read(b[n:])
		n += k
		if err != nil && n < len(b) {
			return n, err
		}
	}
	return n, nil
}

// heads are used again: clearing 64 KiB is a large part of the work on a small
// object.
var heads = sync.Pool{New: func() any { return new([headSize]byte) }}

// Close gives back what the content holds, its head too.
func (c *Content) Close() {
	heads.Put(c.room)
	if c.rest != nil {
		c.rest.Close()
	}
	if c.spool != nil {
		c.spool.close(c.allot)
	}
}

// Name returns the path of the object in lower case.
func (c *Content) Name() string { return strings.ToLower(c.object.Path) }

// Path returns the path of the object.
func (c *Content) Path() string { return c.object.Path }

// Size returns the number of bytes, -1 when unknown. After At it is known.
func (c *Content) Size() int64 {
	switch {
	case c.spool != nil && c.early == nil:
		return c.spool.size
	case c.whole && c.early == nil:
		return int64(len(c.head))
	}
	return c.object.Size
}

// Passwords returns what may be tried on encrypted members, in order.
func (c *Content) Passwords() []string { return c.words }

// OCR returns what reads pictures; nil where they are not read, and in a child
// process.
func (c *Content) OCR() OCR { return c.ocr }

// Head returns the first 64 KiB at most, as they are stored.
func (c *Content) Head() []byte { return c.head }

// Stream reads the object from its beginning to its end; the reader is not to
// be closed. It is called once, a member of a stream has no second beginning,
// unless At was called before: where At met a stream that breaks off, Stream gives
// what came before, and then the same error. The limits of the scan end it with a *Problem.
func (c *Content) Stream() io.Reader {
	if c.spool != nil && (c.early != nil || c.random != nil) {
		return &headThen{next: func() (io.Reader, error) { return io.NewSectionReader(c.spool, 0, c.spool.size), nil }, end: c.early}
	}
	if c.whole {
		return &headThen{head: c.head, end: c.early}
	}
	if c.rest == nil {
		return &headThen{head: c.head, next: c.reopen}
	}
	return io.MultiReader(bytes.NewReader(c.head), c.rest)
}

// reopen goes on behind the head of a stored object.
func (c *Content) reopen() (io.Reader, error) {
	rc, err := c.object.Open(c.ctx, int64(len(c.head)), -1)
	skip := int64(0)
	if errors.Is(err, ErrUnranged) {
		skip = int64(len(c.head))
		rc, err = c.object.Open(c.ctx, 0, -1)
	}
	if err != nil {
		return nil, err
	}
	c.rest = c.meter.count(c.ctx, rc, c.stored)
	if skip > 0 {
		if _, err := io.CopyN(io.Discard, c.rest, skip); err != nil {
			return nil, &Problem{Reason: Truncated, Detail: "shorter than at first sight"}
		}
	}
	return c.rest, nil
}

// A headThen reads the head, and then what next opens or the error end.
type headThen struct {
	head []byte
	next func() (io.Reader, error)
	rest io.Reader
	end  error
}

func (h *headThen) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		h.head = h.head[n:]
		return n, nil
	}
	if h.next != nil {
		var err error
		if h.rest, err = h.next(); err != nil {
			h.end = err
		}
		h.next = nil
	}
	if h.rest != nil {
		if n, err := h.rest.Read(p); n > 0 || err != io.EOF {
			return n, err
		}
		h.rest = nil
	}
	if h.end != nil {
		return 0, h.end
	}
	return 0, io.EOF
}

// At gives random access to all Size bytes: by ranged reads, in pages of
// 64 KiB, where the object has them; otherwise the object is spooled, and a
// *Problem (too_large) says when that is beyond the allotment.
func (c *Content) At(ctx context.Context) (io.ReaderAt, int64, error) {
	switch {
	case c.random != nil:
	case c.far != nil && !c.whole:
		p, err := c.far.at()
		if err != nil {
			return nil, 0, err
		}
		c.random, c.object.Size = p, p.size
	case c.whole:
		if c.early != nil {
			return nil, 0, c.early
		}
		c.random = bytes.NewReader(c.head)
	case c.object.Size > 0 && (c.stored || c.object.Apart):
		p := &pages{ctx: ctx, size: c.object.Size, open: c.openRange}
		_, err := p.page((c.object.Size - 1) / pageSize)
		if err == nil {
			c.random = p
			break
		}
		if !errors.Is(err, ErrUnranged) {
			return nil, 0, err
		}
		fallthrough
	default:
		if c.spool != nil {
			return nil, 0, c.early
		}
		c.spool = new(spool)
		if err := c.spool.take(c.Stream(), c.allot); err != nil {
			c.early = err
			return nil, 0, err
		}
		c.random = c.spool
	}
	return c.random, c.Size(), nil
}

// Open reads n bytes from off in one stream; n < 0: to the end. It is called
// after At.
func (c *Content) Open(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	if p, ok := c.random.(*pages); ok {
		if n < 0 {
			n = p.size - off
		}
		return p.open(ctx, off, n)
	}
	size := c.Size()
	if n < 0 || off+n > size {
		n = max(size-off, 0)
	}
	return io.NopCloser(io.NewSectionReader(c.random, off, n)), nil
}

func (c *Content) openRange(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	rc, err := c.object.Open(ctx, off, n)
	if err != nil {
		return nil, err
	}
	return c.meter.count(ctx, rc, c.stored), nil
}
