package codec

import "encoding/binary"

// An LZX decompresses LZX as cabinets have it ([MS-PATCH] without the additions
// of LZX DELTA; Microsoft, "Cabinet SDK: LZX Data Compression Format", 1997):
// LZ77 in a window of 32 KiB to 2 MiB with prefix codes, in frames of 32 KiB,
// each of which begins at a word of 16 bits. It holds its window and 100 KB.
type LZX struct {
	window []byte
	pos    int   // where the next byte goes in window
	from   int   // where the frame begins there
	total  int64 // bytes before the frame

	in   []byte // of this frame
	at   int    // bytes of in that went into bits
	bits uint64 // the next n bits, the first one highest; what is below is undefined
	n    uint

	begun   bool
	calls   uint32 // size that call addresses are translated by; 0: they are not
	recent  [3]int // offsets
	kind    int    // of the block
	left    int    // bytes of the block that are still to come
	odd     bool   // a byte of padding follows the block
	slots   int
	lengths [lzxMain + lzxLong]uint8 // from block to block
	main    lzxTable
	long    lzxTable
	aligned lzxTable
	pre     lzxTable
	out     [lzxFrame]byte // a frame with call addresses translated
	carry   []byte         // bytes behind the last frame
}

const (
	lzxFrame = 32 << 10 // bytes that come out, but of the last

	lzxMain = 256 + 8*50
	lzxLong = 249

	lzxVerbatim = 1
	lzxAligned  = 2
	lzxPlain    = 3
)

// lzxSlots is how many position slots a window of 2¹⁵ to 2²¹ bytes has.
var lzxSlots = [...]int{30, 32, 34, 36, 38, 42, 50}

// lzxBase and lzxExtra are the first offset, plus 2, of each position slot, and
// how many bits follow it.
var lzxBase, lzxExtra = lzxPositions()

func lzxPositions() (base [51]int, extra [51]uint) {
	for i := range 50 {
		if i > 3 {
			extra[i] = uint(min(i/2-1, 17))
		}
		base[i+1] = base[i] + 1<<extra[i]
	}
	return base, extra
}

// Reset begins a folder whose window has 2 to the power of size bytes.
func (d *LZX) Reset(size uint) error {
	if size < 15 || size > 21 {
		return DataError("LZX window")
	}
	if len(d.window) != 1<<size {
		d.window = make([]byte, 1<<size)
	}
	d.pos, d.total, d.begun, d.left, d.kind, d.odd = 0, 0, false, 0, 0, false
	d.carry = d.carry[:0]
	d.recent = [3]int{1, 1, 1}
	d.slots = lzxSlots[size-15]
	clear(d.lengths[:])
	return nil
}

// Block returns what the next frame holds, valid until the one after it.
func (d *LZX) Block(packed []byte, size int) ([]byte, error) {
	if d.total%lzxFrame != 0 {
		return nil, DataError("LZX frame behind one that is short")
	}
	d.in, d.at, d.bits, d.n = packed, 0, 0, 0
	if len(d.carry) > 0 {
		d.carry = append(d.carry, packed...)
		d.in = d.carry
	}
	d.from = d.pos
	if !d.begun {
		d.begun, d.calls = true, 0
		if d.take(1) == 1 {
			d.calls = uint32(d.take(16))<<16 | uint32(d.take(16))
		}
	}
	for end := d.from + size; d.pos < end; {
		if d.left == 0 {
			if err := d.header(); err != nil {
				return nil, err
			}
		}
		until := min(end, d.pos+d.left)
		was, read := d.pos, d.symbols
		if d.kind == lzxPlain {
			read = d.plain
		}
		if err := read(until, end); err != nil {
			return nil, err
		}
		if d.left -= d.pos - was; d.left < 0 {
			return nil, errData
		}
	}
	d.align()
	if len(d.in)-d.at > 1<<16 {
		return nil, DataError("LZX frame with much behind it")
	}
	d.carry = append(d.carry[:0], d.in[d.at:]...)
	frame := d.translate(d.window[d.from:d.pos])
	d.pos &= len(d.window) - 1
	d.total += int64(size)
	return frame, nil
}

// Behind returns how many bytes of the last frame were not used: they begin the
// next.
func (d *LZX) Behind() int { return len(d.carry) }

// fill makes at least 48 bits ready, less at the end of the frame.
func (d *LZX) fill() {
	if len(d.in)-d.at >= 8 {
		v := binary.BigEndian.Uint64(d.in[d.at:])
		v = v&0x00ff00ff00ff00ff<<8 | v>>8&0x00ff00ff00ff00ff
		d.bits |= v >> d.n
		words := (64 - d.n) >> 4
		d.at += int(words) * 2
		d.n += words * 16
		return
	}
	for d.n <= 48 && len(d.in)-d.at >= 2 {
		d.bits |= uint64(binary.LittleEndian.Uint16(d.in[d.at:])) << (48 - d.n)
		d.at += 2
		d.n += 16
	}
}

// take returns the next k bits, 17 at most. Behind the end there are zeros: see
// over.
func (d *LZX) take(k uint) int {
	if d.n < k {
		d.fill()
		if d.n < k {
			d.n, d.bits = 0, 0
			d.at = len(d.in) + 1
			return 0
		}
	}
	v := int(d.bits >> 1 >> (63 - k))
	d.bits <<= k
	d.n -= k
	return v
}

// over reports whether take went beyond the end.
func (d *LZX) over() bool { return d.at > len(d.in) }

// align goes to the next word, and gives back what is ready behind it.
func (d *LZX) align() {
	if d.over() {
		d.at = len(d.in)
	}
	d.n -= d.n & 15
	d.at -= int(d.n >> 3)
	d.bits, d.n = 0, 0
}

// header reads the header of the next block.
func (d *LZX) header() error {
	if d.odd {
		d.odd = false
		d.align()
		d.at++
	}
	d.kind = d.take(3)
	d.left = d.take(16)<<8 | d.take(8)
	if d.over() || d.left == 0 {
		return errData
	}
	switch d.kind {
	case lzxAligned:
		var lengths [8]uint8
		for i := range lengths {
			lengths[i] = uint8(d.take(3))
		}
		if err := d.aligned.build(7, lengths[:]); err != nil {
			return err
		}
		fallthrough
	case lzxVerbatim:
		end := 256 + 8*d.slots
		for _, part := range [...][2]int{{0, 256}, {256, end}, {lzxMain, lzxMain + lzxLong}} {
			if err := d.readLengths(d.lengths[part[0]:part[1]]); err != nil {
				return err
			}
		}
		if err := d.main.build(11, d.lengths[:end]); err != nil {
			return err
		}
		return d.long.build(10, d.lengths[lzxMain:])
	case lzxPlain:
		if d.n&15 == 0 { // there is always some padding
			d.take(16)
		}
		d.align()
		if len(d.in)-d.at < 12 {
			return errData
		}
		for i := range d.recent {
			v := binary.LittleEndian.Uint32(d.in[d.at:])
			if v == 0 || v > 1<<24 {
				return errData
			}
			d.recent[i] = int(v)
			d.at += 4
		}
		d.odd = d.left&1 != 0
		return nil
	}
	return errData
}

// readLengths reads how the lengths of a code differ from those of the block
// before.
func (d *LZX) readLengths(lengths []uint8) error {
	var pre [20]uint8
	for i := range pre {
		pre[i] = uint8(d.take(4))
	}
	if err := d.pre.build(8, pre[:]); err != nil {
		return err
	}
	symbol := func() int {
		if d.n < 16 {
			d.fill()
		}
		e := d.pre.find(d.bits)
		if k := uint(e & 31); k <= d.n {
			d.take(k)
			return int(e >> 16)
		}
		return -1
	}
	for i := 0; i < len(lengths); {
		sym, times := symbol(), 1
		switch sym {
		case 17:
			times = 4 + d.take(4)
		case 18:
			times = 20 + d.take(5)
		case 19:
			times = 4 + d.take(1)
			sym = symbol()
		}
		if sym < 0 || sym == 19 || d.over() {
			return errData
		}
		var to uint8
		if sym < 17 {
			to = uint8((int(lengths[i]) - sym + 17) % 17)
		}
		for ; times > 0 && i < len(lengths); times-- {
			lengths[i] = to
			i++
		}
	}
	return nil
}

// plain copies bytes that are not compressed.
func (d *LZX) plain(until, _ int) error {
	n := copy(d.window[d.pos:until], d.in[min(d.at, len(d.in)):])
	d.at += n
	d.pos += n
	if d.pos < until {
		return errData
	}
	return nil
}

// translate turns the addresses of calls in programs back from absolute to
// relative ones. Frames that have none stay where they are.
func (d *LZX) translate(frame []byte) []byte {
	if d.calls == 0 || d.total >= 1<<30 || len(frame) <= 10 {
		return frame
	}
	out := d.out[:copy(d.out[:], frame)]
	for i := 0; i < len(out)-10; i++ {
		if out[i] != 0xe8 {
			continue
		}
		here := int64(d.total) + int64(i)
		at := int64(int32(binary.LittleEndian.Uint32(out[i+1:])))
		if at >= -here && at < int64(d.calls) {
			if at >= 0 {
				at -= here
			} else {
				at += int64(d.calls)
			}
			binary.LittleEndian.PutUint32(out[i+1:], uint32(at))
		}
		i += 4
	}
	return out
}

// symbols decodes up to until; a match may go on to end.
func (d *LZX) symbols(until, end int) error {
	window, mask := d.window, len(d.window)-1
	pos := d.pos
	before := d.total - int64(d.from) // plus pos: bytes so far
	defer func() { d.pos = pos }()
	for pos < until {
		if d.n < 32 {
			d.fill()
		}
		e := d.main.find(d.bits)
		k := uint(e & 31)
		if k > d.n || e&lzxUnused != 0 {
			return errData
		}
		d.bits <<= k
		d.n -= k
		sym := int(e >> 16)
		if sym < 256 {
			window[pos] = byte(sym)
			pos++
			continue
		}
		length := sym&7 + 2
		if length == 9 {
			e = d.long.find(d.bits)
			if k = uint(e & 31); k > d.n || e&lzxUnused != 0 {
				return errData
			}
			d.bits <<= k
			d.n -= k
			length += int(e >> 16)
		}
		far, err := d.offset((sym - 256) >> 3)
		if err != nil {
			return err
		}
		if length > end-pos || far > len(window) || int64(far) > before+int64(pos) {
			return errData
		}
		from := (pos - far) & mask
		switch {
		case from+length > len(window): // it goes around the end
			for range length {
				window[pos] = window[from&mask]
				pos++
				from++
			}
		case from >= pos || far >= length:
			pos += copy(window[pos:pos+length], window[from:])
		default:
			for to := pos + length; pos < to; {
				pos += copy(window[pos:to], window[from:pos])
			}
		}
	}
	return nil
}

// offset reads how far back a match is.
func (d *LZX) offset(slot int) (int, error) {
	r := &d.recent
	switch slot {
	case 0:
		return r[0], nil
	case 1, 2:
		r[0], r[slot] = r[slot], r[0]
		return r[0], nil
	}
	if d.n < 24 {
		d.fill()
	}
	k := lzxExtra[slot]
	far := lzxBase[slot] - 2
	if d.kind == lzxAligned && k >= 3 {
		far += d.take(k-3) << 3
		e := d.aligned.find(d.bits)
		if k := uint(e & 31); k > d.n || e&lzxUnused != 0 {
			return 0, errData
		}
		d.take(uint(e & 31))
		far += int(e >> 16)
	} else {
		far += d.take(k)
	}
	if d.over() {
		return 0, errData
	}
	r[0], r[1], r[2] = far, r[0], r[1]
	return far, nil
}
