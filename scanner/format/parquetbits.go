package format

import (
	"encoding/binary"
	"math/bits"
)

// bitsAt returns width bits (64 at most) of b from a bit on, the lowest first. What
// lies behind b is zero.
func bitsAt(b []byte, bit int, width uint) uint64 {
	i, s := bit>>3, uint(bit&7)
	if i+9 > len(b) {
		var tail [9]byte
		if i < len(b) {
			copy(tail[:], b[i:])
		}
		b, i = tail[:], 0
	}
	v := binary.LittleEndian.Uint64(b[i:]) >> s
	if s+width > 64 {
		v |= uint64(b[i+8]) << (64 - s)
	}
	if width < 64 {
		v &= 1<<width - 1
	}
	return v
}

// A parquetRuns decodes runs of one value and of packed ones: the hybrid of RLE and
// bit packing that levels, indexes and booleans are written in.
type parquetRuns struct {
	b      []byte
	width  uint // of a value, in bits; 32 at most
	high   bool // packed without runs, the highest bit first
	left   int  // values of the run at hand
	packed bool
	value  uint32
	bit    int // of the next packed value in b
}

// next decodes values into dst, and returns how many there were.
func (r *parquetRuns) next(dst []uint32) int {
	for n := 0; ; {
		k := min(r.left, len(dst)-n)
		run := dst[n : n+k]
		r.left -= k
		n += k
		switch {
		case r.packed && r.width == 1 && r.bit&7 == 0 && !r.high:
			r.ones(run)
		case r.packed:
			r.unpack(run)
		default:
			for i := range run {
				run[i] = r.value
			}
		}
		if n == len(dst) || !r.run() {
			return n
		}
	}
}

// ones unpacks bits from the beginning of a byte.
func (r *parquetRuns) ones(dst []uint32) {
	b := r.b[r.bit>>3:]
	r.bit += len(dst)
	for ; len(dst) >= 8; dst, b = dst[8:], b[1:] {
		v := uint32(b[0])
		d := dst[:8:8]
		d[0], d[1], d[2], d[3] = v&1, v>>1&1, v>>2&1, v>>3&1
		d[4], d[5], d[6], d[7] = v>>4&1, v>>5&1, v>>6&1, v>>7
	}
	for i := range dst {
		dst[i] = uint32(b[0] >> i & 1)
	}
}

func (r *parquetRuns) unpack(dst []uint32) {
	bit, width := r.bit, r.width
	r.bit += len(dst) * int(width)
	if r.high {
		for i := range dst {
			v := uint32(0)
			for range width {
				v = v<<1 | uint32(r.b[bit>>3]>>(7-bit&7)&1)
				bit++
			}
			dst[i] = v
		}
		return
	}
	mask := uint64(1)<<width - 1
	i := 0
	for ; i < len(dst) && bit>>3+8 <= len(r.b); i++ {
		dst[i] = uint32(binary.LittleEndian.Uint64(r.b[bit>>3:]) >> (bit & 7) & mask)
		bit += int(width)
	}
	for ; i < len(dst); i++ {
		dst[i] = uint32(bitsAt(r.b, bit, width))
		bit += int(width)
	}
}

// run begins the next run.
func (r *parquetRuns) run() bool {
	if r.high {
		return false
	}
	if r.packed {
		r.b = r.b[min((r.bit+7)>>3, len(r.b)):]
	}
	h, n := binary.Uvarint(r.b)
	if n <= 0 || h>>1 > 1<<32 {
		return false
	}
	r.b = r.b[n:]
	if r.packed = h&1 != 0; r.packed {
		r.bit = 0
		r.left = int(h>>1) * 8
		if r.width > 0 { // the last group may be cut where its values end
			r.left = min(r.left, 8*len(r.b)/int(r.width))
		}
		return true
	}
	wide := int(r.width+7) / 8
	if len(r.b) < wide {
		return false
	}
	r.value = 0
	for i := range wide {
		r.value |= uint32(r.b[i]) << (8 * i)
	}
	r.b = r.b[wide:]
	r.left = int(h >> 1)
	return true
}

// openRuns begins with values of a width. Packed values without runs are counted.
func openRuns(b []byte, width uint) parquetRuns { return parquetRuns{b: b, width: width} }

// levelWidth returns how many bits a level takes.
func levelWidth(most int) uint { return uint(bits.Len(uint(most))) }

const parquetMost = 1 << 20 // values of a block of differences

// A parquetDelta decodes numbers that are written as differences, in blocks of
// packed ones (DELTA_BINARY_PACKED).
type parquetDelta struct {
	b      []byte // behind what was read
	block  int    // values of one
	per    int    // values of a part of a block
	left   int    // values to come
	value  int64
	first  bool // value is to come
	least  int64
	widths []byte // of the parts of the block to come
	part   []byte // packed values at hand
	width  uint
	bit    int
	ready  int // values of part to come
}

// open reads the header; false: it is damaged.
func (d *parquetDelta) open(b []byte) bool {
	*d = parquetDelta{b: b}
	block, parts, left := d.unsigned(), d.unsigned(), d.unsigned()
	d.value = d.signed()
	if block == 0 || block > parquetMost || parts == 0 || parts > block || block%parts != 0 || block/parts%8 != 0 || left > 1<<31 || d.b == nil {
		return false
	}
	d.block, d.per, d.left, d.first = int(block), int(block/parts), int(left), true
	return true
}

func (d *parquetDelta) unsigned() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.b = nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *parquetDelta) signed() int64 {
	v := d.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

// turn goes to the next part of a block.
func (d *parquetDelta) turn() bool {
	if len(d.widths) == 0 {
		d.least = d.signed()
		n := d.block / d.per
		if len(d.b) < n {
			d.b = nil
			return false
		}
		d.widths, d.b = d.b[:n], d.b[n:]
	}
	d.width, d.widths = uint(d.widths[0]), d.widths[1:]
	size := d.per * int(d.width) / 8
	if d.width > 64 {
		d.b = nil
		return false
	}
	// The last part may be cut where its values end.
	if size = min(size, len(d.b)); size < (min(d.per, d.left)*int(d.width)+7)/8 {
		d.b = nil
		return false
	}
	d.part, d.b = d.b[:size], d.b[size:]
	d.bit, d.ready = 0, d.per
	return true
}

// next decodes values into dst, and returns how many there were.
func (d *parquetDelta) next(dst []int64) int {
	n := 0
	if d.first && d.left > 0 && len(dst) > 0 {
		dst[0] = d.value
		d.first = false
		d.left--
		n = 1
	}
	for n < len(dst) && d.left > 0 {
		if d.ready == 0 && !d.turn() {
			d.left = 0
			break
		}
		k := min(d.ready, d.left, len(dst)-n)
		v, bit, width := d.value, d.bit, d.width
		if width == 0 {
			for i := range k {
				v += d.least
				dst[n+i] = v
			}
		} else {
			for i := range k {
				v += d.least + int64(bitsAt(d.part, bit, width))
				bit += int(width)
				dst[n+i] = v
			}
		}
		d.value, d.bit = v, bit
		n += k
		d.ready -= k
		d.left -= k
	}
	return n
}

// behind returns what follows the numbers, without decoding them.
func (d parquetDelta) behind() ([]byte, bool) {
	for d.left--; d.left > 0; d.left -= d.per {
		if !d.turn() {
			return nil, false
		}
	}
	return d.b, d.b != nil
}
