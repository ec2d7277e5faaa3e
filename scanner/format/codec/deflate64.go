package codec

import (
	"bufio"
	"encoding/binary"
	"io"
	"sync"
)

// A Deflate64 decompresses Deflate64, which Windows Explorer writes for members
// above 2 GB. It is Deflate (RFC 1951) with three differences: a window of
// 64 KiB, distance codes 30 and 31 with 14 more bits each, and length code 285,
// which means 3 and 16 more bits, so that a match has 65,538 bytes at most.
//
// It reads br no further than to the last byte of the compressed data, and
// holds 200 KB whatever these say.
type Deflate64 struct {
	br   *bufio.Reader
	in   []byte // what br holds ready
	pos  int    // how much of in went into bits
	bits uint64 // the next n bits, the first one lowest; what is above them is undefined
	n    uint

	out  []byte // the window, and what was not read yet
	r, w int    // read to, written to

	next   func(*Deflate64) error // what comes now: header, stored, codes; nil behind the last block
	last   bool                   // this block is the last one
	left   int                    // of a stored block
	length int                    // of a match that did not fit into out
	far    int                    // how far back it is
	lit    []uint32               // tables of this block: shared, or those of
	dist   []uint32
	own    [2]prefixTable
	err    error
}

const (
	wideWindow = 64 << 10
	wideOut    = wideWindow + 128<<10
)

// Reset begins with the data in br.
func (d *Deflate64) Reset(br *bufio.Reader) {
	if d.out == nil {
		d.out = make([]byte, wideOut)
	}
	*d = Deflate64{br: br, out: d.out, next: (*Deflate64).header, own: d.own}
}

func (d *Deflate64) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for d.r == d.w {
		if d.err != nil {
			return 0, d.err
		}
		if d.w == len(d.out) {
			copy(d.out, d.out[d.w-wideWindow:])
			d.r, d.w = wideWindow, wideWindow
		}
		if d.err = d.next(d); d.err == nil && d.next == nil {
			d.give()
			d.err = io.EOF
		}
	}
	n := copy(p, d.out[d.r:d.w])
	d.r += n
	return n, nil
}

// give returns the whole bytes in bits to br, and in with them.
func (d *Deflate64) give() {
	d.br.Discard(d.pos - int(d.n>>3))
	d.n &= 7
	d.bits &= 1<<d.n - 1
	d.in, d.pos = nil, 0
}

// fill makes at least 56 bits ready, less at the end of the data.
func (d *Deflate64) fill() error {
	if len(d.in)-d.pos < 8 {
		d.give()
		if _, err := d.br.Peek(16); err != nil && err != io.EOF {
			return err
		}
		d.in, _ = d.br.Peek(d.br.Buffered())
	}
	if len(d.in)-d.pos >= 8 {
		d.bits |= binary.LittleEndian.Uint64(d.in[d.pos:]) << d.n
		d.pos += int(63-d.n) >> 3
		d.n |= 56
		return nil
	}
	d.bits &= 1<<d.n - 1
	for d.n < 56 && d.pos < len(d.in) {
		d.bits |= uint64(d.in[d.pos]) << d.n
		d.pos++
		d.n += 8
	}
	return nil
}

// ahead is fill for who keeps the place and the bits at hand for itself.
func (d *Deflate64) ahead(pos int, bits uint64, n uint) (int, uint64, uint, error) {
	if len(d.in)-pos >= 8 {
		return pos + int(63-n)>>3, bits | binary.LittleEndian.Uint64(d.in[pos:])<<n, n | 56, nil
	}
	d.pos, d.bits, d.n = pos, bits, n
	err := d.fill()
	return d.pos, d.bits, d.n, err
}

// take returns the next k bits, 16 at most.
func (d *Deflate64) take(k uint) (int, error) {
	if d.n < k {
		if err := d.fill(); err != nil {
			return 0, err
		}
		if d.n < k {
			return 0, io.ErrUnexpectedEOF
		}
	}
	v := int(d.bits & (1<<k - 1))
	d.bits >>= k
	d.n -= k
	return v, nil
}

func (d *Deflate64) header() error {
	if d.last {
		d.next = nil
		return nil
	}
	v, err := d.take(3)
	if err != nil {
		return err
	}
	d.last = v&1 != 0
	switch v >> 1 {
	case 0:
		d.give()
		d.bits, d.n = 0, 0
		lengths, err := d.br.Peek(4)
		if err != nil {
			return err
		}
		d.left = int(binary.LittleEndian.Uint16(lengths))
		if d.left != int(^binary.LittleEndian.Uint16(lengths[2:])) {
			return errData
		}
		d.br.Discard(4)
		d.next = (*Deflate64).stored
	case 1:
		fixed := fixedTables()
		d.lit, d.dist = fixed[0].table, fixed[1].table
		d.next = (*Deflate64).codes
	case 2:
		err = d.dynamic()
		d.next = (*Deflate64).codes
	default:
		err = errData
	}
	return err
}

func (d *Deflate64) stored() error {
	if d.left == 0 {
		d.next = (*Deflate64).header
		return nil
	}
	n, err := d.br.Read(d.out[d.w:min(d.w+d.left, len(d.out))])
	d.w += n
	d.left -= n
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// codeOrder is the order in which the lengths of the code for lengths come.
var codeOrder = [19]byte{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the codes of a block.
func (d *Deflate64) dynamic() error {
	v, err := d.take(14)
	if err != nil {
		return err
	}
	lits, dists, codes := v&31+257, v>>5&31+1, v>>10+4
	var lengths [288 + 32]uint8
	for _, at := range codeOrder[:codes] {
		if v, err = d.take(3); err != nil {
			return err
		}
		lengths[at] = uint8(v)
	}
	lit, dist := &d.own[0], &d.own[1]
	dist.root = 7
	if err = dist.build(lengths[:19], nil); err != nil {
		return err
	}
	clear(lengths[:19])
	for i := 0; i < lits+dists; {
		if d.n < 15 {
			if err := d.fill(); err != nil {
				return err
			}
		}
		e := dist.table[d.bits&127]
		if e&prefixUnused != 0 {
			return errData
		}
		if _, err = d.take(uint(e & 15)); err != nil {
			return err
		}
		sym, times, of := int(e>>16), 1, uint8(0)
		switch sym {
		case 16:
			if i == 0 {
				return errData
			}
			of = lengths[i-1]
			times, err = d.take(2)
			times += 3
		case 17:
			times, err = d.take(3)
			times += 3
		case 18:
			times, err = d.take(7)
			times += 11
		default:
			of = uint8(sym)
		}
		if err != nil {
			return err
		}
		if i+times > lits+dists {
			return errData
		}
		for range times {
			lengths[i] = of
			i++
		}
	}
	if lengths[256] == 0 {
		return errData
	}
	lit.root, dist.root = wideRoot, wideRoot-2
	if err := lit.build(lengths[:lits], wideLengths[:]); err != nil {
		return err
	}
	err = dist.build(lengths[lits:lits+dists], wideDistances[:])
	d.lit, d.dist = lit.table, dist.table
	return err
}

// fixedTables are those of blocks without codes of their own.
var fixedTables = sync.OnceValue(func() (t [2]prefixTable) {
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	t[0].root, t[1].root = wideRoot, wideRoot-2
	t[0].build(lengths[:], wideLengths[:])
	for i := range 32 {
		lengths[i] = 5
	}
	t[1].build(lengths[:32], wideDistances[:])
	return t
})

const wideRoot = 10

// codes decodes until the end of the block, or until out is full.
func (d *Deflate64) codes() error {
	le := binary.LittleEndian
	pos, bits, n := d.pos, d.bits, d.n
	out, w := d.out, d.w
	lit, dist := d.lit, d.dist
	length, far := d.length, d.far
	var err error
	for w < len(out) {
		if length > 0 {
			if far >= 8 && length <= 32 && w+40 <= len(out) {
				from := w - far
				for i := 0; i < length; i += 8 {
					le.PutUint64(out[w+i:], le.Uint64(out[from+i:]))
				}
				w += length
				length = 0
				continue
			}
			from, end := w-far, min(w+length, len(out))
			length -= end - w
			for w < end {
				w += copy(out[w:end], out[from:w])
			}
			continue
		}
		if n < 31 { // a length has 15 + 16
			if pos, bits, n, err = d.ahead(pos, bits, n); err != nil {
				break
			}
		}
		e := lit[bits&(1<<wideRoot-1)]
		if e&prefixLink != 0 {
			e = lit[uint64(e>>16)+bits>>wideRoot&(1<<(e>>8&31)-1)]
		}
		k := uint(e & 15)
		if k > n {
			err = io.ErrUnexpectedEOF
			break
		}
		bits >>= k
		n -= k
		if e&prefixSpecial == 0 {
			out[w] = byte(e >> 16)
			w++
			continue
		}
		if e&prefixBase == 0 {
			if e&prefixUnused != 0 {
				err = errData
			} else {
				d.next = (*Deflate64).header
			}
			break
		}
		k = uint(e >> 8 & 31)
		if k > n {
			err = io.ErrUnexpectedEOF
			break
		}
		size := int(e>>16) + int(bits&(1<<k-1))
		bits >>= k
		n -= k
		if n < 29 { // a distance has 15 + 14
			if pos, bits, n, err = d.ahead(pos, bits, n); err != nil {
				break
			}
		}
		e = dist[bits&(1<<(wideRoot-2)-1)]
		if e&prefixLink != 0 {
			e = dist[uint64(e>>16)+bits>>(wideRoot-2)&(1<<(e>>8&31)-1)]
		}
		k = uint(e & 15)
		more := uint(e >> 8 & 31)
		if e&prefixUnused != 0 {
			err = errData
			break
		}
		if k+more > n {
			err = io.ErrUnexpectedEOF
			break
		}
		bits >>= k
		far = int(e>>16) + int(bits&(1<<more-1))
		bits >>= more
		n -= k + more
		if far > w {
			err = errData
			break
		}
		length = size
	}
	d.pos, d.bits, d.n = pos, bits, n
	d.w, d.length, d.far = w, length, far
	return err
}
