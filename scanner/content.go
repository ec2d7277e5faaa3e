package scanner

import (
	"context"
	"io"
)

// Content is an object as a format sees it: a peek at its beginning, a stream,
// and random access, which spools within the allotment where the object itself
// cannot be read from its middle. It belongs to the goroutine that walks the
// object, except Open, which any goroutine may call until the walk returns.
type Content struct {
	object Object
	head   []byte
}

// Name returns the path of the object, in lower case, for Format.Match.
func (c *Content) Name() string { return c.object.Path }

// Size returns the number of bytes, -1 when unknown.
func (c *Content) Size() int64 { return c.object.Size }

// Head returns the first 64 KiB at most, as they are stored.
func (c *Content) Head() []byte { return c.head }

// Stream reads the object from its beginning to its end. It is called once:
// an object that is a member of a stream has no second beginning.
func (c *Content) Stream() io.Reader { return nil }

// At gives random access to all Size bytes, which are known afterwards: by
// ranged reads, in pages of 64 KiB, where the object has them; otherwise it
// spools, and a *Problem (too_large) says when that is beyond the allotment.
func (c *Content) At(ctx context.Context) (io.ReaderAt, int64, error) { return nil, 0, nil }

// Open reads n bytes from off in one stream: after At, for members of a
// container. Any goroutine may call it until the walk of the object returns.
func (c *Content) Open(ctx context.Context, off, n int64) (io.ReadCloser, error) { return nil, nil }
