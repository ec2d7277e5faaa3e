package codec

// An lzxTable decodes a canonical prefix code whose bits come highest first, 16
// at most, by the next root bits; longer codes have a table of their own behind
// that one. What is in it:
//
//	bits 0–4    length of the code; of a link: how many more bits to look up by
//	bits 8, 9   lzxUnused, lzxLink
//	bits 16–31  a symbol, an index
type lzxTable struct {
	root  uint
	table []uint32
}

const (
	lzxUnused = 1 << 8
	lzxLink   = 1 << 9
)

// find looks up what the bits begin with.
func (t *lzxTable) find(v uint64) uint32 {
	e := t.table[v>>(64-t.root)]
	if e&lzxLink != 0 {
		e = t.table[uint64(e>>16)+v<<t.root>>(64-e&31)]
	}
	return e
}

// build makes the table; bits that no code begins with are unused.
func (t *lzxTable) build(root uint, lengths []uint8) error {
	var count, code, begin [18]int
	for _, l := range lengths {
		count[l]++
	}
	begin[1] = count[0]
	count[0] = 0
	left := 1
	for l := 1; l <= 16; l++ {
		if left = left<<1 - count[l]; left < 0 {
			return errData
		}
		code[l+1] = (code[l] + count[l]) << 1
		begin[l+1] = begin[l] + count[l]
	}
	var order [lzxMain]uint16 // symbols by length
	for sym, l := range lengths {
		order[begin[l]] = uint16(sym)
		begin[l]++
	}
	t.root = root
	t.table = append(t.table[:0], make([]uint32, 1<<root)...)
	for i := range t.table {
		t.table[i] = lzxUnused
	}
	// From the longest to the shortest: a link is then as wide as it needs be.
	for i := len(lengths) - 1; i >= 0 && lengths[order[i]] > 0; i-- {
		sym := order[i]
		l := lengths[sym]
		count[l]--
		t.place(code[l]+count[l], uint(l), uint32(sym)<<16|uint32(l))
	}
	return nil
}

// place puts e wherever the bits begin with the code c of l bits. The longest
// codes come first.
func (t *lzxTable) place(c int, l uint, e uint32) {
	if l <= t.root {
		from := c << (t.root - l)
		for i := range 1 << (t.root - l) {
			t.table[from+i] = e
		}
		return
	}
	first := c >> (l - t.root)
	if t.table[first]&lzxLink == 0 {
		t.table[first] = uint32(len(t.table))<<16 | lzxLink | uint32(l-t.root)
		for range 1 << (l - t.root) {
			t.table = append(t.table, lzxUnused)
		}
	}
	link := t.table[first]
	wide := uint(link & 31)
	from := int(link>>16) + c&(1<<(l-t.root)-1)<<(wide-(l-t.root))
	for i := range 1 << (wide - (l - t.root)) {
		t.table[from+i] = e
	}
}
