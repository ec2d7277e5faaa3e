package format

import (
	"bufio"
	"errors"
	"hash"
	"io"

	"vigie/scanner/format/codec"
)

// An xzReader reads what all streams of an .xz file hold as one. What came before
// a fault is handed over; the fault is a *Problem or the trouble of the source. Who
// reads on several processors must close it.
type xzReader struct {
	walk  xzWalk
	parts xzParts       // of the block that is decoded in Read
	in    *bufio.Reader // of them
	lzma  *codec.LZMA   // nil before the first

	ahead *codec.Ahead // nil where all is decoded in Read
	dict  int64        // of its lanes
	begun []*xzBlock   // those that it reads, behind block

	block *xzBlock // that is handed over
	plain io.Reader
	sum   hash.Hash
	err   error
}

func newXZ(r io.Reader) *xzReader {
	z := &xzReader{walk: xzWalk{br: bufio.NewReaderSize(r, 32<<10)}}
	z.in = bufio.NewReaderSize(&z.parts, 4<<10)
	return z
}

// several makes z decode on several processors, as long as dictionaries have dict
// bytes at most.
func (z *xzReader) several(dict int64, processors int) {
	z.dict = dict
	z.ahead = codec.NewAhead(z.part, dict, processors, xzRoom)
}

// close ends what works besides Read.
func (z *xzReader) close() {
	if z.ahead != nil {
		z.ahead.Close()
		z.ahead = nil
	}
}

func (z *xzReader) Read(p []byte) (n int, err error) {
	for n == 0 && len(p) > 0 {
		if z.err != nil {
			return 0, z.err
		}
		if z.plain == nil {
			z.err = z.begin()
			continue
		}
		n, err = z.plain.Read(p)
		if z.sum != nil {
			z.sum.Write(p[:n])
		}
		switch err {
		case nil:
		case io.EOF:
			z.plain, err = nil, z.block.verify(z.sum)
		default:
			err = fault(err)
		}
		z.err = err
	}
	return n, nil
}

// begin begins with the next block.
func (z *xzReader) begin() error {
	b, packed, err := z.next()
	if err == io.EOF && z.walk.unknown {
		return unsupported("xz with a check of an unknown kind: what was read is not verified")
	}
	if err != nil {
		return err
	}
	z.block, z.sum, z.plain = b, b.hash(), b.unfilter(packed)
	return nil
}

// next returns the next block and its data, in front of which only its filters are.
func (z *xzReader) next() (*xzBlock, io.Reader, error) {
	if z.ahead != nil {
		z.ahead.Feed()
		if len(z.begun) > 0 {
			b := z.begun[0]
			z.begun = z.begun[1:]
			return b, z.ahead, nil
		}
		if z.ahead.End() != errWider {
			return nil, nil, z.ahead.End()
		}
		z.close()
	}
	b := z.walk.block
	if b == nil {
		var err error
		if b, err = z.walk.next(); err != nil {
			return nil, nil, err
		}
	}
	z.parts = xzParts{walk: &z.walk, room: z.parts.room}
	z.in.Reset(&z.parts)
	if z.lzma == nil || z.lzma.Window() < b.dict {
		z.lzma = nil // before there is another
		z.lzma = codec.NewLZMA2(z.in, b.dict)
	} else {
		z.lzma.Restart(z.in)
	}
	return b, z.lzma, nil
}

// errWider ends decoding ahead, before a block whose dictionary is larger than those
// of the lanes.
var errWider = errors.New("larger dictionary")

// part reads a part for ahead, of the same block or of the next.
func (z *xzReader) part(p []byte) ([]byte, error) {
	if z.walk.block == nil {
		b, err := z.walk.next()
		if err != nil {
			return nil, err
		}
		if b.dict > z.dict {
			return nil, errWider
		}
		z.begun = append(z.begun, b)
	}
	p, err := z.walk.part(p)
	if err == io.EOF {
		err = nil
	}
	return p, err
}

// An xzParts reads the LZMA2 of one block.
type xzParts struct {
	walk *xzWalk
	room []byte
	part []byte // in room, not handed over
	err  error
}

func (s *xzParts) Read(p []byte) (int, error) {
	if s.room == nil {
		s.room = make([]byte, codec.MaxPart)
	}
	for len(s.part) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.part, s.err = s.walk.part(s.room)
	}
	n := copy(p, s.part)
	s.part = s.part[n:]
	return n, nil
}
