package format

import (
	"bufio"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/mikelolasagasti/xz"
	"github.com/ulikunitz/xz/lzma"

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
}

// unpack hands over the one member that there is.
func (z *coding) unpack(_ context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
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
	var dict *lzma.ErrDictSize
	switch {
	case errors.As(err, &p):
		return err
	case d.origin.err != nil:
		return fault(d.origin.err)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded),
		errors.Is(err, xz.ErrMemlimit), errors.As(err, &dict):
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: d.coding.name + " window larger than the limit"}
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return unsupported("Zstandard that needs a dictionary")
	case errors.Is(err, xz.ErrUnsupportedCheck), errors.Is(err, xz.ErrOptions):
		return unsupported("xz with a check or a filter of its own")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, xz.ErrBuf),
		errors.Is(err, s2.ErrCorrupt) && d.origin.ended:
		return truncated("ends in the middle")
	case errors.Is(err, zstd.ErrMagicMismatch):
		return malformed("something that is not " + d.coding.name + " follows the end")
	}
	return malformed("compressed data do not decode")
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
