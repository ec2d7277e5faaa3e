package format

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The filters make programs easier to pack: they turn the relative addresses of
// calls and jumps into absolute ones. Here they are turned back. Each works on
// 32-bit addresses that count from the beginning of the filtered data.

// A branches reads through a filter that looks at a few bytes at a time.
type branches struct {
	r       io.Reader
	convert func(b []byte, at uint32) int // turns back what it can, returns how much that was
	at      uint32
	buf     []byte
	ready   []byte // turned back, a part of buf
	rest    []byte // behind ready: not looked at yet
	err     error
}

func newBranches(c *sevenCoder, r io.Reader, convert func([]byte, uint32) int) *branches {
	b := &branches{r: r, convert: convert, buf: make([]byte, 32<<10)}
	if len(c.props) == 4 {
		b.at = binary.LittleEndian.Uint32(c.props)
	}
	return b
}

func (b *branches) Read(p []byte) (int, error) {
	for len(b.ready) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		have := copy(b.buf, b.rest)
		var n int
		n, b.err = io.ReadFull(b.r, b.buf[have:])
		if b.err == io.ErrUnexpectedEOF {
			b.err = io.EOF
		}
		all := b.buf[:have+n]
		k := b.convert(all, b.at)
		if b.err != nil {
			k = len(all) // too little is left to hold an address
		}
		b.at += uint32(k)
		b.ready, b.rest = all[:k], all[k:]
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

// branchesOf are the filters for processors whose instructions have one length.
var branchesOf = map[uint64]func([]byte, uint32) int{
	sevenPPC: func(b []byte, at uint32) int {
		return quads(b, func(w []byte, i int) {
			if v := binary.BigEndian.Uint32(w); v&0xfc000003 == 0x48000001 {
				binary.BigEndian.PutUint32(w, 0x48000001|(v-at-uint32(i))&0x03fffffc)
			}
		})
	},
	sevenARM: func(b []byte, at uint32) int {
		return quads(b, func(w []byte, i int) {
			if v := binary.LittleEndian.Uint32(w); v>>24 == 0xeb {
				binary.LittleEndian.PutUint32(w, 0xeb000000|(v-(at+uint32(i)+8)>>2)&0xffffff)
			}
		})
	},
	sevenSPARC: func(b []byte, at uint32) int {
		return quads(b, func(w []byte, i int) {
			v := binary.BigEndian.Uint32(w)
			if top := v >> 22; top == 0x100 || top == 0x1ff {
				v = (v<<2 - at - uint32(i)) >> 2
				binary.BigEndian.PutUint32(w, -(v>>22&1)<<22&0x3fffffff|v&0x3fffff|0x40000000)
			}
		})
	},
	sevenARM64: func(b []byte, at uint32) int {
		return quads(b, func(w []byte, i int) {
			v, here := binary.LittleEndian.Uint32(w), at+uint32(i)
			if v>>26 == 0x25 { // BL
				binary.LittleEndian.PutUint32(w, 0x94000000|(v-here>>2)&0x03ffffff)
			} else if v&0x9f000000 == 0x90000000 { // ADRP
				page := v>>29&3 | v>>3&0x1ffffc
				if (page+0x20000)&0x1c0000 != 0 {
					return
				}
				page -= here >> 12
				binary.LittleEndian.PutUint32(w, v&0x9000001f|page&3<<29|page&0x3fffc<<3|-(page&0x20000)&0xe00000)
			}
		})
	},
	sevenThumb: thumbBranches,
	sevenIA64:  bundleBranches,
}

// quads calls turn for each four bytes.
func quads(b []byte, turn func(w []byte, i int)) int {
	i := 0
	for ; i+4 <= len(b); i += 4 {
		turn(b[i:i+4], i)
	}
	return i
}

// thumbBranches is for ARM Thumb: a call is two half words.
func thumbBranches(b []byte, at uint32) int {
	i := 0
	for ; i+4 <= len(b); i += 2 {
		hi, lo := binary.LittleEndian.Uint16(b[i:]), binary.LittleEndian.Uint16(b[i+2:])
		if hi>>11 != 0x1e || lo>>11 != 0x1f {
			continue
		}
		v := (uint32(hi)&0x7ff<<11 | uint32(lo)&0x7ff) << 1
		v = (v - (at + uint32(i) + 4)) >> 1
		binary.LittleEndian.PutUint16(b[i:], 0xf000|uint16(v>>11)&0x7ff)
		binary.LittleEndian.PutUint16(b[i+2:], 0xf800|uint16(v)&0x7ff)
		i += 2
	}
	return i
}

// bundleBranches is for Itanium, which has three instructions of 41 bits in 16
// bytes; the first five bits say which of them may be branches.
func bundleBranches(b []byte, at uint32) int {
	const slots = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x04\x04\x06\x06\x00\x00\x07\x07\x04\x04\x00\x00\x04\x04\x00\x00"
	i := 0
	for ; i+16 <= len(b); i += 16 {
		for slot := range 3 {
			if slots[b[i]&31]>>slot&1 == 0 {
				continue
			}
			bit := 5 + 41*slot
			w := b[i+bit/8 : i+bit/8+6]
			var raw uint64
			for k, c := range w {
				raw |= uint64(c) << (8 * k)
			}
			v := raw >> (bit % 8)
			if v>>37&15 != 5 || v>>9&7 != 0 {
				continue
			}
			to := uint32(v>>13&0xfffff|v>>36&1<<20) << 4
			to = (to - at - uint32(i)) >> 4
			v = v&^(0x8fffff<<13) | uint64(to&0xfffff)<<13 | uint64(to&0x100000)<<16
			raw = raw&(1<<(bit%8)-1) | v<<(bit%8)
			for k := range w {
				w[k] = byte(raw >> (8 * k))
			}
		}
	}
	return i
}

// x86Branches is for x86, where a call or jump is E8 or E9 and an address of
// four bytes. An E8 or E9 close behind another may itself be part of an
// address; recent remembers, a bit for each of the bytes before, where there
// was one that was left alone.
type x86Branches struct {
	recent uint32 // bit k: k+1 bytes before
}

func (x *x86Branches) convert(b []byte, at uint32) int {
	i := 0
	for i+5 <= len(b) {
		op := b[i]
		if op&0xfe != 0xe8 {
			x.recent = x.recent << 1 & 7
			i++
			continue
		}
		if !x.turn(b[i+1:i+5], at+uint32(i)+5) {
			x.recent = (x.recent<<1 | 1) & 7
			i++
			continue
		}
		x.recent = 0
		i += 5
	}
	return i
}

// turn turns one address back, unless the encoder left it alone: its last byte
// is neither 00 nor FF, or one of the opcodes just before makes it doubtful.
func (x *x86Branches) turn(a []byte, next uint32) bool {
	sign := func(c byte) bool { return c == 0 || c == 0xff }
	if !sign(a[3]) {
		return false
	}
	deep := 0 // how far the opcode before reaches into this address, in bits from its top
	switch x.recent {
	case 0:
	case 1:
		deep = 8
	case 2:
		deep = 16
	case 4:
		deep = 24
	default:
		return false
	}
	if deep > 0 && sign(a[3-deep/8]) {
		return false
	}
	v := binary.LittleEndian.Uint32(a)
	to := v - next
	for tries := 0; tries < 8 && deep > 0 && sign(byte(to>>(24-deep))); tries++ {
		to = (to ^ (1<<(32-deep) - 1)) - next
	}
	binary.LittleEndian.PutUint32(a, to&0x1ffffff|-(to>>24&1)<<24)
	return true
}

// A delta adds to each byte the one that many bytes before it.
type delta struct {
	r    io.Reader
	far  byte
	past [256]byte
	at   byte
}

func newDelta(c *sevenCoder, r io.Reader) *delta {
	d := &delta{r: r, far: 1}
	if len(c.props) > 0 {
		d.far = c.props[0] + 1 // 256 is 0, which is right in a ring of 256
	}
	return d
}

func (d *delta) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for i := range p[:n] {
		p[i] += d.past[d.at-d.far]
		d.past[d.at] = p[i]
		d.at++
	}
	return n, err
}

// A bcj2 joins the four streams into which BCJ2 splits an x86 program: what is
// no address, the addresses of calls, those of jumps, and a range coder's bits
// that say which opcodes are followed by an address from there.
type bcj2 struct {
	main, call, jump, bits *bufio.Reader

	begun     bool
	span, val uint32
	odds      [258]uint16
	last      byte
	at        uint32
	left      [4]byte // of an address that did not fit into p
	n         int
}

func newBCJ2(in []*bufio.Reader) *bcj2 {
	d := &bcj2{main: in[0], call: in[1], jump: in[2], bits: in[3], span: 1<<32 - 1}
	for i := range d.odds {
		d.odds[i] = 1 << 10
	}
	return d
}

func (d *bcj2) Read(p []byte) (n int, err error) {
	if !d.begun {
		for range 5 {
			c, err := d.bits.ReadByte()
			if err != nil {
				return 0, err
			}
			d.val = d.val<<8 | uint32(c)
		}
		d.begun = true
	}
	for n < len(p) {
		if d.n > 0 {
			k := copy(p[n:], d.left[4-d.n:])
			d.n -= k
			n += k
			continue
		}
		c, err := d.main.ReadByte()
		if err != nil {
			return n, err
		}
		p[n] = c
		n++
		d.at++
		before := d.last
		d.last = c
		var odds *uint16
		switch {
		case c == 0xe8:
			odds = &d.odds[before]
		case c == 0xe9:
			odds = &d.odds[256]
		case before == 0x0f && c&0xf0 == 0x80:
			odds = &d.odds[257]
		default:
			continue
		}
		if one, err := d.bit(odds); err != nil {
			if err == io.EOF {
				continue // the end of the data: the encoder asks no more
			}
			return n, err
		} else if !one {
			continue
		}
		from := d.jump
		if c == 0xe8 {
			from = d.call
		}
		if _, err := io.ReadFull(from, d.left[:]); err != nil {
			return n, err
		}
		d.at += 4
		binary.LittleEndian.PutUint32(d.left[:], binary.BigEndian.Uint32(d.left[:])-d.at)
		d.last, d.n = d.left[3], 4
	}
	return n, nil
}

// bit decodes the next bit of the range coder.
func (d *bcj2) bit(odds *uint16) (bool, error) {
	if d.span < 1<<24 {
		c, err := d.bits.ReadByte()
		if err != nil {
			return false, err
		}
		d.span <<= 8
		d.val = d.val<<8 | uint32(c)
	}
	bound := d.span >> 11 * uint32(*odds)
	if d.val < bound {
		d.span = bound
		*odds += (1<<11 - *odds) >> 5
		return false, nil
	}
	d.span -= bound
	d.val -= bound
	*odds -= *odds >> 5
	return true, nil
}
