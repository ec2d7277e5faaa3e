package codec

import "math/bits"

// A prefixTable decodes a prefix code whose bits come lowest first, 15 at most.
// It is looked up by the next root bits; longer codes have a table of their own
// behind that one, which a link leads to. What is in it:
//
//	bits 0–3    length of the code
//	bits 8–12   how many bits follow the code; of a link: how many more to look up by
//	bits 13–15  prefixUnused, prefixBase, prefixLink
//	bits 16–31  a symbol, a base that the bits that follow are added to, an index
type prefixTable struct {
	root  uint
	table []uint32
	wide  []uint8 // how many bits more the codes have that begin with these; 0: none
}

const (
	prefixUnused  = 1 << 13
	prefixBase    = 1 << 14
	prefixLink    = 1 << 15
	prefixEnd     = 1 << 12 // without prefixBase: the block ends
	prefixSpecial = prefixUnused | prefixBase | prefixEnd
)

// wideLengths and wideDistances are what the symbols of Deflate64 mean that are
// no literals.
var wideLengths, wideDistances = wideSymbols()

func wideSymbols() (lengths [32]uint32, distances [32]uint32) {
	lengths[0] = prefixEnd
	base, more := uint32(3), uint32(0)
	for i := uint32(1); i < 29; i++ {
		if i > 8 && (i-1)%4 == 0 {
			more++
		}
		lengths[i] = base<<16 | more<<8 | prefixBase
		base += 1 << more
	}
	lengths[29] = 3<<16 | 16<<8 | prefixBase
	lengths[30], lengths[31] = prefixUnused, prefixUnused
	base, more = 1, 0
	for i := range uint32(32) {
		if i > 3 && i%2 == 0 {
			more++
		}
		distances[i] = base<<16 | more<<8 | prefixBase
		base += 1 << more
	}
	return lengths, distances
}

// build makes the table for a canonical code (RFC 1951, 3.2.2). The last
// symbols have the given meanings, and of more than 32 the first 256 are literals. A code that
// leaves bits without a meaning is an error, but for one of no or one symbol.
func (t *prefixTable) build(lengths []uint8, meanings []uint32) error {
	var count, code [17]int
	for _, l := range lengths {
		count[l]++
	}
	used := len(lengths) - count[0]
	count[0] = 0
	left := 1
	for l := 1; l < 16; l++ {
		left = left<<1 - count[l]
		if left < 0 {
			return errData
		}
		code[l+1] = (code[l] + count[l]) << 1
	}
	if left > 0 && used > 1 {
		return errData
	}
	if cap(t.table) < 1<<t.root {
		t.table = make([]uint32, 1<<t.root, 4<<t.root)
	}
	t.table = t.table[:1<<t.root]
	for i := range t.table {
		t.table[i] = prefixUnused
	}
	t.widths(lengths, code)
	first := 0
	if meanings != nil && len(lengths) > 32 {
		first = 256
	}
	for sym, l := range lengths {
		if l == 0 {
			continue
		}
		e := uint32(sym)<<16 | uint32(l)
		if meanings != nil && sym >= first {
			e = meanings[sym-first] | uint32(l)
		}
		c := uint(bits.Reverse16(uint16(code[l])) >> (16 - l))
		code[l]++
		t.place(c, uint(l), e)
	}
	return nil
}

// widths notes how many more bits the codes have that share their first ones.
func (t *prefixTable) widths(lengths []uint8, code [17]int) {
	if len(t.wide) < 1<<t.root {
		t.wide = make([]uint8, 1<<t.root)
	}
	clear(t.wide)
	for _, l := range lengths {
		if l == 0 {
			continue
		}
		c := uint(bits.Reverse16(uint16(code[l])) >> (16 - l))
		code[l]++
		if uint(l) > t.root {
			at := c & (1<<t.root - 1)
			t.wide[at] = max(t.wide[at], l-uint8(t.root))
		}
	}
}

// place puts e wherever the bits begin with the code c of l bits.
func (t *prefixTable) place(c, l uint, e uint32) {
	if l <= t.root {
		for i := c; i < 1<<t.root; i += 1 << l {
			t.table[i] = e
		}
		return
	}
	at := c & (1<<t.root - 1)
	wide := uint(t.wide[at])
	if t.table[at]&prefixLink == 0 {
		t.table[at] = uint32(len(t.table))<<16 | uint32(wide)<<8 | prefixLink
		for range 1 << wide {
			t.table = append(t.table, prefixUnused)
		}
	}
	from := uint(t.table[at] >> 16)
	for i := c >> t.root; i < 1<<wide; i += 1 << (l - t.root) {
		t.table[from+i] = e
	}
}
