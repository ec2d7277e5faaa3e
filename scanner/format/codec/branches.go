package codec

import (
	"encoding/binary"
	"io"
)

// The filters make programs easier to pack: they turn the relative addresses of
// calls and jumps into absolute ones. Here they are turned back. Each works on
// 32-bit addresses that count from the beginning of the filtered data.

// A Processor is one that there is a filter for.
type Processor struct {
	Seven, XZ uint64                        // the numbers of the filter in 7z (Methods.txt of the LZMA SDK) and in .xz files
	Align     uint32                        // instructions begin at multiples of so many bytes
	convert   func(b []byte, at uint32) int // as in branches; nil: x86Branches
}

// Processors are those that there is a filter for.
var Processors = []Processor{
	{0x3030103, 0x4, 1, nil},
	{0x3030205, 0x5, 4, ppcBranches},
	{0x3030401, 0x6, 16, ia64Branches},
	{0x3030501, 0x7, 4, armBranches},
	{0x3030701, 0x8, 2, thumbBranches},
	{0x3030805, 0x9, 4, sparcBranches},
	{0xa, 0xa, 4, arm64Branches},
	{0xb, 0xb, 2, riscvBranches},
}

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

// NewBranches reads r through the filter for a processor; at is the address of the
// first byte.
func NewBranches(r io.Reader, p *Processor, at uint32) io.Reader {
	convert := p.convert
	if convert == nil {
		convert = new(x86Branches).convert
	}
	return &branches{r: r, convert: convert, at: at, buf: make([]byte, 32<<10)}
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
		if b.err == io.EOF {
			k = len(all) // too little is left to hold an address
		}
		b.at += uint32(k)
		b.ready, b.rest = all[:k], all[k:]
	}
	n := copy(p, b.ready)
	b.ready = b.ready[n:]
	return n, nil
}

func ppcBranches(b []byte, at uint32) int {
	return quads(b, func(w []byte, i int) {
		if v := binary.BigEndian.Uint32(w); v&0xfc000003 == 0x48000001 {
			binary.BigEndian.PutUint32(w, 0x48000001|(v-at-uint32(i))&0x03fffffc)
		}
	})
}

func armBranches(b []byte, at uint32) int {
	return quads(b, func(w []byte, i int) {
		if v := binary.LittleEndian.Uint32(w); v>>24 == 0xeb {
			binary.LittleEndian.PutUint32(w, 0xeb000000|(v-(at+uint32(i)+8)>>2)&0xffffff)
		}
	})
}

func sparcBranches(b []byte, at uint32) int {
	return quads(b, func(w []byte, i int) {
		v := binary.BigEndian.Uint32(w)
		if top := v >> 22; top == 0x100 || top == 0x1ff {
			v = (v<<2 - at - uint32(i)) >> 2
			binary.BigEndian.PutUint32(w, -(v>>22&1)<<22&0x3fffffff|v&0x3fffff|0x40000000)
		}
	})
}

func arm64Branches(b []byte, at uint32) int {
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

// ia64Branches is for Itanium, which has three instructions of 41 bits in 16
// bytes; the first five bits say which of them may be branches.
func ia64Branches(b []byte, at uint32) int {
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
