package codec

import (
	"bufio"
	"encoding/binary"
	"io"
)

// An LZMA decompresses LZMA and LZMA2, as the LZMA SDK describes them
// (lzma-specification.txt; LZMA2 in xz-file-format.txt). What came before a
// fault is handed over.
//
// It holds the dictionary, of which no more than four times what comes out, 128 KiB,
// and tables of 14 KiB, or 6 MiB where lc + lp is 12.
type LZMA struct {
	br    *bufio.Reader
	chunk func(*LZMA) error // begins the next part of LZMA2; nil in LZMA

	in     []byte // compressed bytes, and lzmaSlack zeros behind the last of all
	pos    int    // how much of in was used
	have   int    // without the zeros
	ended  bool   // no more will come into in
	cut    error  // why in is not the whole part
	marked bool   // an end mark was read

	dict []byte // a ring: what came out last
	most int    // how large dict grows
	r, w int    // handed over to, written to
	seen uint64 // bytes in the dictionary since it was last reset
	left int64  // to come out before the next part, or at all; -1: unknown
	raw  bool   // this part is not compressed

	lzmaCoder
	err error
}

const (
	lzmaHead  = 6         // bytes before a part of LZMA2, at most
	lzmaIn    = 64 << 10  // of a part of LZMA2, at most
	lzmaSlack = 32        // more than the longest symbol takes
	lzmaRun   = 256 << 10 // bytes that are decoded at once: they stay in the cache
	lzmaDict  = 256 << 10 // bytes of the dictionary in the beginning
)

// lzmaCoder is the state of the range coder and of the model behind it.
type lzmaCoder struct {
	span, code uint32
	state      uint32
	reps       [4]uint32
	more       int // of a match that did not fit

	lc, lp, pb uint
	odds       lzmaOdds
	literal    []uint16
}

// lzmaOdds are the probabilities that the next bit is zero, in 1/2048.
type lzmaOdds struct {
	match, long0          [12 << 4]uint16
	rep, rep0, rep1, rep2 [12]uint16
	slot                  [4 << 6]uint16
	special               [128]uint16
	align                 [16]uint16
	length, repLength     lzmaLength
}

type lzmaLength struct {
	choice   [2]uint16
	low, mid [16 << 3]uint16
	high     [256]uint16
}

// NewLZMA reads LZMA of size bytes, -1 for until the end mark. props is the byte
// that holds lc, lp and pb.
func NewLZMA(br *bufio.Reader, props byte, dict, size int64) (*LZMA, error) {
	if size >= 0 {
		dict = min(dict, size)
	}
	z := &LZMA{br: br, left: size}
	z.room(dict)
	if err := z.properties(props); err != nil {
		return nil, err
	}
	z.resetState()
	if err := z.fill(); err != nil {
		return nil, err
	}
	return z, z.begin()
}

// NewLZMA2 reads LZMA2.
func NewLZMA2(br *bufio.Reader, dict int64) *LZMA {
	z := &LZMA{br: br, chunk: (*LZMA).firstPart}
	z.room(dict)
	return z
}

func (z *LZMA) room(dict int64) {
	z.most = int(max(dict, 4<<10))
	z.in, z.dict = make([]byte, lzmaIn+lzmaSlack), make([]byte, min(z.most, lzmaDict))
}

// Window returns how many bytes the dictionary may grow to.
func (z *LZMA) Window() int64 { return int64(z.most) }

// Restart begins anew, with LZMA2 out of br.
func (z *LZMA) Restart(br *bufio.Reader) {
	z.br, z.chunk, z.err = br, (*LZMA).firstPart, nil
	z.r, z.w, z.left, z.seen, z.more = 0, 0, 0, 0, 0
	z.raw, z.marked, z.ended, z.pos, z.have, z.cut = false, false, false, 0, 0, nil
}

func (z *LZMA) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for z.r == z.w {
		if z.err != nil {
			return 0, z.err
		}
		switch {
		case z.w < len(z.dict):
		case z.w < z.most:
			z.dict = append(make([]byte, 0, min(4*z.w, z.most)), z.dict...)
			z.dict = z.dict[:cap(z.dict)]
		default:
			z.r, z.w = 0, 0
		}
		z.err = z.step()
	}
	n := copy(p, z.dict[z.r:z.w])
	z.r += n
	return n, nil
}

// step puts something into the dictionary, or begins the next part.
func (z *LZMA) step() error {
	if z.left == 0 || z.marked {
		if z.chunk == nil {
			return io.EOF
		}
		return z.chunk(z)
	}
	limit := min(len(z.dict), z.w+lzmaRun)
	if z.left >= 0 {
		limit = int(min(int64(limit), int64(z.w)+z.left))
	}
	at := z.w
	var err error
	if z.raw {
		err = z.copyRaw(limit)
	} else {
		if err = z.fill(); err != nil {
			return err
		}
		err = z.decode(limit)
	}
	z.seen += uint64(z.w - at)
	if z.left >= 0 {
		z.left -= int64(z.w - at)
	}
	switch {
	case err != nil || z.raw:
		return err
	case z.marked && z.left > 0:
		return io.ErrUnexpectedEOF
	case z.ended && z.pos > z.have, z.ended && z.w == at && z.left != 0 && !z.marked:
		return z.broken()
	case z.left == 0 && z.chunk != nil && !z.finished():
		return errData
	}
	return nil
}

func (z *LZMA) copyRaw(limit int) error {
	n, err := z.br.Read(z.dict[z.w:limit])
	z.w += n
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// fill makes sure that a symbol can be decoded.
func (z *LZMA) fill() error {
	for !z.ended && z.have-z.pos < lzmaSlack {
		z.have = copy(z.in, z.in[z.pos:z.have])
		z.pos = 0
		n, err := z.br.Read(z.in[z.have:lzmaIn])
		z.have += n
		if err == io.EOF {
			z.ended = true
			clear(z.in[z.have : z.have+lzmaSlack])
		} else if err != nil {
			return err
		}
	}
	return nil
}

// begin reads what the range coder begins with: a zero and the code.
func (z *LZMA) begin() error {
	if z.have-z.pos < 5 {
		return z.broken()
	}
	if z.in[z.pos] != 0 {
		return errData
	}
	z.span, z.code = 1<<32-1, binary.BigEndian.Uint32(z.in[z.pos+1:])
	z.pos += 5
	return nil
}

// finished reports whether the range coder used up its part.
func (z *LZMA) finished() bool {
	if z.span < 1<<24 {
		z.span <<= 8
		z.code = z.code<<8 | uint32(z.in[z.pos])
		z.pos++
	}
	return z.pos == z.have && z.code == 0 && z.more == 0
}

// firstPart begins with what LZMA2 begins with: a part that resets all.
func (z *LZMA) firstPart() error {
	b, err := z.br.Peek(1)
	if err == nil && b[0] != 0 && b[0] != 1 && b[0] < 0xe0 {
		return errData
	}
	z.chunk = (*LZMA).nextPart
	return z.nextPart()
}

// nextPart reads the head of a part, and all of it when it is compressed.
func (z *LZMA) nextPart() error {
	var head [lzmaHead]byte
	if _, err := io.ReadFull(z.br, head[:1]); err != nil {
		return early(err)
	}
	kind := head[0]
	if kind == 0 {
		return io.EOF
	}
	if kind < 0x80 && kind > 2 {
		return errData
	}
	rest := head[1:partHead(kind)]
	if _, err := io.ReadFull(z.br, rest); err != nil {
		return early(err)
	}
	if kind == 1 || kind >= 0xe0 {
		z.seen, z.literal = 0, z.literal[:0]
	}
	z.left = int64(PartSize(head[:1+len(rest)]))
	if z.raw = kind < 0x80; z.raw {
		return nil
	}
	if kind >= 0xc0 {
		if err := z.properties(rest[4]); err != nil {
			return err
		}
	} else if len(z.literal) == 0 {
		return errData
	}
	if kind >= 0xa0 {
		z.resetState()
	}
	n, err := io.ReadFull(z.br, z.in[:int(binary.BigEndian.Uint16(rest[2:]))+1])
	z.pos, z.have, z.ended = 0, n, true
	clear(z.in[n : n+lzmaSlack])
	if err != nil {
		z.cut = early(err)
	}
	return z.begin()
}

// broken says why the data end before they should.
func (z *LZMA) broken() error {
	if z.cut != nil {
		return z.cut
	}
	return io.ErrUnexpectedEOF
}

// partHead is how long the head of a part of LZMA2 is that begins with kind.
func partHead(kind byte) int {
	switch {
	case kind >= 0xc0:
		return lzmaHead
	case kind >= 0x80:
		return 5
	case kind == 1 || kind == 2:
		return 3
	}
	return 1 // the end, or nonsense
}

// properties takes lc, lp and pb out of their byte.
func (z *LZMA) properties(b byte) error {
	if b >= 9*5*5 || z.chunk != nil && b%9+b/9%5 > 4 {
		return DataError("properties of LZMA")
	}
	z.lc, z.lp, z.pb = uint(b%9), uint(b/9%5), uint(b/45)
	if n := 0x300 << (z.lc + z.lp); n > cap(z.literal) {
		z.literal = make([]uint16, n)
	} else {
		z.literal = z.literal[:n]
	}
	return nil
}

func (c *lzmaCoder) resetState() {
	c.state, c.reps, c.more = 0, [4]uint32{}, 0
	o := &c.odds
	for _, list := range [][]uint16{
		c.literal, o.match[:], o.long0[:], o.rep[:], o.rep0[:], o.rep1[:], o.rep2[:], o.slot[:], o.special[:], o.align[:],
		o.length.choice[:], o.length.low[:], o.length.mid[:], o.length.high[:],
		o.repLength.choice[:], o.repLength.low[:], o.repLength.mid[:], o.repLength.high[:],
	} {
		for i := range list {
			list[i] = 1 << 10
		}
	}
}
