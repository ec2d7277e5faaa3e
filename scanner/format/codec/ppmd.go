package codec

import (
	"io"
)

// A ppmdModel decompresses PPMd (D. Shkarin, in the public domain): prediction
// by partial matching, with a model in memory of which the data say how large it
// is. Any bytes decode to something: whatever that is, the model becomes the one
// that an encoder has after the same text.
//
// A context has 12 bytes: how many states it has less one, flags, the sum of
// their frequencies, where they are, and the context that is one symbol
// shorter. A state has 6: symbol, frequency, and the context that follows it
// or, below start, a place in the text. Of a context with one state, that one
// lies where the sum would.
type ppmdModel struct {
	ppmdUnits
	ppmdRange
	variant     ppmdVariant
	left        int64 // bytes to come; below zero: until the data end
	order       int
	restart     bool // begins anew when the model is full
	fall        int  // how far below order the context is
	least, most int  // contexts
	found       int  // state
	escape      int
	lucky       int // whether the last symbol was likely
	run, runs   int
	dummy       ppmdSee
	list        [ppmdOrders]int // of states, for update
	ruled       [256]uint8      // by symbol: turn where it is ruled out
	turn        uint8
}

// A ppmdVariant is what PPMd does in one way in 7z and in another in zip.
type ppmdVariant interface {
	// reset forgets how likely anything is.
	reset()

	// single returns how likely the only state of c is, and what frequency such
	// a one comes to.
	single(d *ppmdModel, c int) (p *uint16, most int)

	// likely reports whether a frequency is much of a sum.
	likely(freq, sum int) bool

	// estimate returns how likely an escape is from the least context, when
	// before symbols and one more are ruled out.
	estimate(d *ppmdModel, before int) *ppmdSee

	// remain returns the frequency of a state that rescaling left alone.
	remain(freq, escape int) int

	// update adds what was found to the model, and returns the context that
	// follows; 0 when there is no memory left.
	update(d *ppmdModel) int
}

// A ppmdSee estimates how likely an escape is.
type ppmdSee struct {
	sum          uint16
	shift, count uint8
}

const (
	ppmdOrders    = 64
	ppmdMost      = 124 // frequency
	ppmdBits      = 7
	ppmdScaleBits = 14
	ppmdScale     = 1 << ppmdScaleBits
)

var (
	ppmdEscapes = [16]int{25, 14, 9, 7, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2}
	ppmdBinary  = [8]int{0x3cdd, 0x1f3f, 0x59bf, 0x48f3, 0x64a1, 0x5abc, 0x6632, 0x6051}
	ppmdFew     = ppmdFewClasses() // sorts numbers of states in four classes
)

func ppmdFewClasses() (class [256]int) {
	for i := range class {
		switch {
		case i < 2:
			class[i] = 2 * i
		case i < 11:
			class[i] = 4
		default:
			class[i] = 6
		}
	}
	return class
}

// ppmdClasses sorts numbers in classes: the first ones have one number each, and
// each of the others one more than the class before.
func ppmdClasses(ones int) (class [260]int) {
	m, left := 0, 1
	for i := range class {
		class[i] = m
		if left--; left == 0 {
			m++
			left = max(m-ones+1, 1)
		}
	}
	return class
}

func (d *ppmdModel) Read(p []byte) (n int, err error) {
	if d.err == nil && d.mem == nil {
		d.begin()
	}
	for n < len(p) && d.left != 0 && d.err == nil {
		c := d.symbol()
		switch {
		case c >= 0:
			p[n] = byte(c)
			n++
			d.left--
		case d.err != nil:
		case c == ppmdEnd && d.left < 0:
			d.err = io.EOF
		default:
			d.err = errData
		}
	}
	if d.left == 0 {
		d.err = io.EOF
	}
	if n > 0 && d.err == io.EOF {
		return n, nil
	}
	return n, d.err
}

func (d *ppmdModel) begin() {
	switch d.err = d.open(); d.err {
	case nil:
		d.mem = make([]byte, ppmdBase+d.size+ppmdUnit)
		d.reset()
	case io.EOF:
		d.err = io.ErrUnexpectedEOF
	}
}

// reset begins with an empty model.
func (d *ppmdModel) reset() {
	d.empty()
	d.variant.reset()
	d.dummy = ppmdSee{0, ppmdBits, 64}
	d.fall = d.order
	d.runs = -min(d.order, 12) - 1
	d.run, d.lucky = d.runs, 0
	d.high -= ppmdUnit
	c := d.high
	d.least, d.most = c, c
	d.found = d.low
	d.low += 128 * ppmdUnit
	d.mem[c], d.mem[c+1] = 255, 0
	d.put16(c+2, 257)
	d.put32(c+4, d.found)
	d.put32(c+8, 0)
	for i := range 256 {
		d.set(d.found+6*i, [6]byte{byte(i), 1})
	}
}

// What symbol returns that is none.
const (
	ppmdEnd    = -1
	ppmdDamage = -2
)

// symbol decodes one.
func (d *ppmdModel) symbol() int {
	c := d.least
	if d.count(c) == 0 {
		return d.single(c)
	}
	s, sum := d.states(c), d.sum(c)
	at, high := d.share(sum), d.freq(s)
	if at < high {
		d.narrow(0, high)
		d.lucky = when(d.variant.likely(high, sum))
		d.run += d.lucky
		return d.settle(c, s)
	}
	d.lucky = 0
	for end := s + 6*d.count(c); s < end; {
		s += 6
		f := d.freq(s)
		if high += f; high > at {
			d.narrow(high-f, f)
			if f+4 > d.freq(s-6) {
				d.swap(s)
				s -= 6
			}
			return d.settle(c, s)
		}
	}
	if at >= sum {
		return ppmdDamage
	}
	d.narrow(high, sum-high)
	d.allow()
	d.rule(c)
	return d.escaped()
}

// single decodes a symbol in a context that has one state.
func (d *ppmdModel) single(c int) int {
	s := only(c)
	p, most := d.variant.single(d, c)
	mean := (*p + 1<<(ppmdBits-2)) >> ppmdBits
	if d.bit(int(*p)) {
		*p += 1<<ppmdBits - mean
		d.mem[s+1] += byte(when(d.freq(s) < most))
		d.lucky = 1
		d.run++
		d.found = s
		symbol := d.mem[s]
		d.advance()
		return int(symbol)
	}
	*p -= mean
	d.escape = ppmdEscapes[*p>>10&15]
	d.lucky = 0
	d.allow()
	d.ruled[d.mem[s]] = d.turn
	return d.escaped()
}

// escaped decodes a symbol that is in none of the longer contexts.
func (d *ppmdModel) escaped() int {
	for d.err == nil {
		before := d.count(d.least)
		for d.count(d.least) == before {
			d.fall++
			d.least = d.suffix(d.least)
			if d.least == 0 {
				return ppmdEnd
			}
		}
		c := d.least
		see := d.variant.estimate(d, before)
		escape := see.sum >> see.shift
		see.sum -= escape
		high := d.possible(c)
		total := high + max(int(escape), 1)
		at := d.share(total)
		if at < high {
			s, below := d.find(c, at)
			d.narrow(below, d.freq(s))
			see.hold()
			d.run = d.runs
			return d.settle(c, s)
		}
		if at >= total {
			return ppmdDamage
		}
		d.narrow(high, total-high)
		see.sum += uint16(total)
		d.rule(c)
	}
	return ppmdDamage
}

// hold is told that there was no escape.
func (see *ppmdSee) hold() {
	if see.shift < ppmdBits {
		if see.count--; see.count == 0 {
			see.sum <<= 1
			see.count = 3 << see.shift
			see.shift++
		}
	}
}

// allow rules out no symbol.
func (d *ppmdModel) allow() {
	if d.turn++; d.turn == 0 {
		clear(d.ruled[:])
		d.turn = 1
	}
}

// rule rules out the symbols of a context.
func (d *ppmdModel) rule(c int) {
	for b := d.all(c); len(b) >= 6; b = b[6:] {
		d.ruled[b[0]] = d.turn
	}
}

// possible returns the frequency of all symbols of a context that are not ruled
// out.
func (d *ppmdModel) possible(c int) (sum int) {
	turn := d.turn
	for b := d.all(c); len(b) >= 6; b = b[6:] {
		if f := int(b[1]); d.ruled[b[0]] != turn {
			sum += f
		}
	}
	return sum
}

// find returns the state of those where at lies, and the frequency of all before.
func (d *ppmdModel) find(c, at int) (s, below int) {
	s = d.states(c)
	for end := s + 6*d.count(c); s < end; s += 6 {
		if d.ruled[d.mem[s]] == d.turn {
			continue
		}
		if below+d.freq(s) > at {
			break
		}
		below += d.freq(s)
	}
	return s, below
}

// settle counts a symbol that was found, and goes to the next context.
func (d *ppmdModel) settle(c, s int) int {
	symbol := d.mem[s]
	d.add(c, 4)
	d.mem[s+1] += 4
	d.found = s
	if d.freq(s) > ppmdMost {
		d.rescale(c)
	}
	d.advance()
	return int(symbol)
}

// advance goes to the next context.
func (d *ppmdModel) advance() {
	next := d.next(d.found)
	if d.fall != 0 || next < d.start {
		next = d.variant.update(d)
	}
	d.least, d.most = next, next
	if next == 0 {
		d.reset()
		if !d.restart {
			d.err = UnsupportedError("PPMd that cuts its model")
		}
	}
}
