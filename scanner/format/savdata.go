package format

import (
	"io"
	"math"

	"github.com/klauspost/compress/zlib"

	"vigie/scanner"
)

// slot reads the next eight bytes of the data: as they are, or by codes, of
// which eight stand before what they refer to.
func (s *savReader) slot(b *[8]byte) error {
	if s.compression == 0 {
		_, err := io.ReadFull(s.packed, b[:])
		return err
	}
	for {
		if s.used == 0 {
			if _, err := io.ReadFull(s.packed, s.codes[:]); err != nil {
				return err
			}
		}
		code := s.codes[s.used]
		s.used = (s.used + 1) % 8
		switch code {
		case 0:
			continue
		case 252:
			return io.EOF
		case 253:
			_, err := io.ReadFull(s.packed, b[:])
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		case 254:
			copy(b[:], "        ")
		case 255:
			s.order.PutUint64(b[:], math.Float64bits(-math.MaxFloat64))
		default:
			s.order.PutUint64(b[:], math.Float64bits(float64(code)-s.bias))
		}
		return nil
	}
}

// unzipped returns what the zlib blocks hold, one behind the other.
func (s *savReader) unzipped() (io.Reader, error) {
	b, err := s.bytes(24)
	if err != nil {
		return nil, err
	}
	begin, end := int64(s.order.Uint64(b)), int64(s.order.Uint64(b[8:]))
	return &savBlocks{in: &counting{r: s.in, left: end - begin - 24}, all: end - begin - 24}, nil
}

// Statistics compress well, but not like that: what zlib may make of a file,
// past the first bytes that are free.
const (
	savFree  = 64 << 20
	savRatio = 250
)

// savBlocks reads zlib streams up to the trailer.
type savBlocks struct {
	in  *counting
	all int64 // of in, at first
	out int64
	now io.ReadCloser
}

func (z *savBlocks) Read(p []byte) (int, error) {
	for {
		if z.now == nil {
			if z.in.left <= 0 {
				return 0, io.EOF
			}
			next, err := zlib.NewReader(z.in)
			if err != nil {
				return 0, brokenZlib(err)
			}
			z.now = next
		}
		n, err := z.now.Read(p)
		z.out += int64(n)
		switch {
		case z.out > savFree && z.out/savRatio > z.all-z.in.left:
			return n, &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
		case n > 0:
			return n, nil
		case err == io.EOF:
			z.now = nil
		case err != nil:
			return 0, brokenZlib(err)
		}
	}
}

func brokenZlib(err error) error {
	if err == zlib.ErrHeader || err == zlib.ErrChecksum || err == zlib.ErrDictionary {
		return malformed("compressed data do not decode")
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// counting reads left bytes, and no more than it is asked for.
type counting struct {
	r interface {
		io.Reader
		io.ByteReader
	}
	left int64
}

func (c *counting) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.EOF
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

func (c *counting) ReadByte() (byte, error) {
	if c.left <= 0 {
		return 0, io.EOF
	}
	b, err := c.r.ReadByte()
	if err == nil {
		c.left--
	}
	return b, err
}
