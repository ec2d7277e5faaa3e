package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"vigie/scanner"
)

// maxWindow is how far back a compressed stream may refer, in bytes: what the
// decoder has to hold. It is what `xz -9` asks for, and in Zstandard what `zstd
// --long` and `--ultra -22` do and its own program takes without being told to. A
// stream that wants more is reported and not read.
const (
	maxWindow     = 64 << 20
	maxZstdWindow = 128 << 20
)

// A coding is a way in which one stream of bytes is compressed.
type coding struct {
	name    string
	endings string // of file names, each with what takes its place: ".tzst .tar"
	decode  func(io.Reader) (io.Reader, error)
	window  func(head []byte) int64 // bytes that the decoder will hold; nil: few
}

// smallWindow is what each worker may hold; who needs more borrows the large slot.
const smallWindow = 32 << 20

// unpack hands over the one member that there is.
func (z *coding) unpack(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	if z.window != nil && z.window(c.Head()) > smallWindow {
		give, err := c.Borrow(ctx)
		if err != nil {
			return err
		}
		defer give()
	}
	r, err := z.open(c.Stream())
	if err != nil {
		return err
	}
	return yield(scanner.Object{Path: memberPath(z.inner(c.Path())), Size: -1, Open: once(r)})
}

// inner is the name that the decompressing program would give.
func (z *coding) inner(outer string) string {
	base := path.Base(strings.ReplaceAll(outer, "!", "/"))
	ext := path.Ext(base)
	list := strings.Fields(z.endings)
	for i := 0; i+1 < len(list); i += 2 {
		if strings.EqualFold(ext, list[i]) {
			return strings.TrimSuffix(base, ext) + strings.TrimSuffix(list[i+1], ".")
		}
	}
	return base
}

// open returns a reader of what r is compressed from. It ends with io.EOF only
// where the stream does; all else is a *Problem or the trouble of r.
func (z *coding) open(r io.Reader) (io.Reader, error) {
	d := &decoding{coding: z, origin: &origin{br: bufio.NewReaderSize(r, 32<<10)}}
	return d, d.begin()
}

// A decoding is a coding at work.
type decoding struct {
	coding *coding
	origin *origin
	plain  io.Reader
	err    error
}

func (d *decoding) begin() (err error) {
	defer d.guard(&err)
	if d.plain, err = d.coding.decode(d.origin); err != nil {
		err = d.why(err)
	}
	return err
}

func (d *decoding) Read(p []byte) (n int, err error) {
	if d.err != nil {
		return 0, d.err
	}
	defer func() { d.err = err }()
	defer d.guard(&err)
	n, err = d.plain.Read(p)
	if err != nil && err != io.EOF {
		err = d.why(err)
	}
	return n, err
}

// guard turns a panic of a decoder that others wrote into a problem.
func (d *decoding) guard(err *error) {
	if recover() != nil {
		*err = &scanner.Problem{Reason: scanner.Crashed, Detail: d.coding.name + " decoder"}
	}
}

// why gives what a decoder says its reason.
func (d *decoding) why(err error) error {
	var p *scanner.Problem
	switch {
	case errors.As(err, &p):
		return err
	case d.origin.err != nil:
		return fault(d.origin.err)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: d.coding.name + " window larger than the limit"}
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return unsupported("Zstandard that needs a dictionary")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, s2.ErrCorrupt) && d.origin.ended:
		return truncated("ends in the middle")
	case errors.Is(err, zstd.ErrMagicMismatch):
		return malformed("something that is not " + d.coding.name + " follows the end")
	}
	if err = fault(err); isProblem(err) {
		return err
	}
	return malformed("compressed data do not decode")
}

// A thin reader gives at most n bytes at a time. A decoder that meets damage
// gives up what it made of the bytes it was given last: they had better be few.
type thin struct {
	r io.Reader
	n int
}

func (t thin) Read(p []byte) (int, error) { return t.r.Read(p[:min(len(p), t.n)]) }

// An endless reader reads text out of a stream that has no end mark. Where the
// text ends inside a line, the stream may have been cut, and that is told.
type endless struct {
	r     io.Reader
	name  string
	tail  [64]byte // the last bytes
	n     int      // of them, there are
	lines bool     // there was the end of a line
}

func (e *endless) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.note(p[:n])
	if err == io.EOF && e.broken() {
		err = truncated("ends inside a line; " + e.name + " has no end mark, so it may have been cut")
	}
	return n, err
}

func (e *endless) note(b []byte) {
	e.lines = e.lines || bytes.IndexByte(b, '\n') >= 0
	b = b[max(0, len(b)-len(e.tail)):]
	kept := min(e.n, len(e.tail)-len(b))
	copy(e.tail[:], e.tail[e.n-kept:e.n])
	e.n = kept + copy(e.tail[kept:], b)
}

// broken reports whether what was read is lines of text, the last of which does
// not end. Documents of JSON and XML often have no line end behind their last
// bracket.
func (e *endless) broken() bool {
	tail := e.tail[:e.n]
	return e.lines && e.n > 0 && !binaryTail(tail) && !strings.ContainsRune("\n\r\x1a}])>", rune(tail[e.n-1]))
}

// An origin is where compressed bytes come from. It keeps its own trouble
// apart from what a decoder makes of it.
type origin struct {
	br    *bufio.Reader
	ended bool  // the decoder asked for more than there is
	err   error // other than io.EOF
}

func (o *origin) Read(p []byte) (int, error) {
	n, err := o.br.Read(p)
	o.note(err)
	return n, err
}

func (o *origin) ReadByte() (byte, error) {
	b, err := o.br.ReadByte()
	o.note(err)
	return b, err
}

func (o *origin) note(err error) {
	switch {
	case err == io.EOF:
		o.ended = true
	case err != nil:
		o.err = err
	}
}

// behindSkipped passes over the frames at the beginning of head that hold
// nothing for the decoder, which Zstandard and LZ4 share (RFC 8878, 3.1.2).
func behindSkipped(head []byte) string {
	for len(head) > 8 && head[0]>>4 == 5 && string(head[1:4]) == "\x2a\x4d\x18" {
		n := uint64(head[4]) | uint64(head[5])<<8 | uint64(head[6])<<16 | uint64(head[7])<<24
		if n > uint64(len(head)-8) {
			return ""
		}
		head = head[8+n:]
	}
	return string(head[:min(len(head), 16)])
}
