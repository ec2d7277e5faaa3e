package format

import (
	"bufio"
	"encoding/binary"
	"io"

	"vigie/scanner"
)

// A ppmdModel decompresses PPMd variant I, revision 1 (D. Shkarin, 2002, in
// the public domain; APPNOTE 5.10), which is not the variant H of 7z and RAR: prediction by partial
// matching, with a model in memory of which the data say how large it is. Any
// bytes decode to something.
//
// A context has 12 bytes: how many states it has less one, flags, the sum of
// their frequencies, where they are, and the context that is one symbol
// shorter. A state has 6: symbol, frequency, and the context that follows it
// or, below start, a place in the text. Of a context with one state, that one
// lies where the sum would.
type ppmdModel struct {
	ppmdUnits
	br          *bufio.Reader
	left        int64 // bytes to come; below zero: until the data end
	err         error
	begun       bool
	restart     bool // begins anew when the model is full
	rng, code   uint32
	bottom      uint32
	order       int
	fall        int // how far below order the context is
	least, most int // contexts
	found       int // state
	escape      int
	lucky       int // whether the last symbol was likely
	run, runs   int
	sums        [25][64]uint16
	sees        [24][32]ppmdSee
	dummy       ppmdSee
	masked      [256]bool
}

// A ppmdSee estimates how likely an escape is.
type ppmdSee struct {
	sum          uint16
	shift, count uint8
}

const (
	ppmdMost    = 124 // frequency
	ppmdBits    = 7
	ppmdScale   = 1 << 14
	ppmdCurrent = 4 // flag: frequencies were halved
	ppmdLetter  = 8 // flag: a symbol is no sign or digit
	ppmdBefore  = 16
)

var (
	ppmdEscapes = [16]int{25, 14, 9, 7, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2}
	ppmdBinary  = [8]int{0x3cdd, 0x1f3f, 0x59bf, 0x48f3, 0x64a1, 0x5abc, 0x6632, 0x6051}

	// ppmdOne and ppmdMany sort numbers of states, and frequencies, in classes.
	ppmdOne, ppmdMany = ppmdClasses()
)

func ppmdClasses() (one [256]int, many [260]int) {
	for i := range one {
		switch {
		case i < 2:
			one[i] = 2 * i
		case i < 11:
			one[i] = 4
		default:
			one[i] = 6
		}
	}
	m, k := 5, 1
	for i := range many {
		if i < 5 {
			many[i] = i
			continue
		}
		many[i] = m
		if k--; k == 0 {
			m++
			k = m - 4
		}
	}
	return one, many
}

// ppmdCoding decompresses size bytes, or, below zero, what there is.
func ppmdCoding(size int64) *coding {
	return &coding{name: "PPMd", decode: func(r io.Reader) (io.Reader, error) {
		br := bufio.NewReaderSize(r, 16<<10)
		var b [2]byte
		if _, err := io.ReadFull(br, b[:]); err != nil {
			return nil, fault(err)
		}
		v := int(binary.LittleEndian.Uint16(b[:]))
		d := &ppmdModel{br: br, left: size, order: v&15 + 1, restart: v>>12 == 0}
		d.size = (v>>4&255 + 1) << 20
		if d.order < 2 || v>>12 > 2 {
			return nil, malformed("PPMd header")
		}
		return d, nil
	}}
}

func (d *ppmdModel) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if !d.begun {
		if d.err = d.begin(); d.err != nil {
			return 0, d.err
		}
	}
	n := 0
	for n < len(p) && d.left != 0 {
		c := d.symbol()
		if d.err != nil {
			return n, d.err
		}
		if c < 0 {
			if d.left > 0 || c < -1 {
				d.err = malformed("compressed data do not decode")
			} else {
				d.err = io.EOF
			}
			return n, d.err
		}
		p[n] = byte(c)
		n++
		d.left--
	}
	if d.left == 0 {
		d.err = io.EOF
		if n > 0 {
			return n, nil
		}
	}
	return n, d.err
}

func (d *ppmdModel) begin() error {
	d.begun = true
	var b [4]byte
	if _, err := io.ReadFull(d.br, b[:]); err != nil {
		return err
	}
	d.rng, d.code = 1<<32-1, binary.BigEndian.Uint32(b[:])
	d.mem = make([]byte, ppmdBase+d.size+ppmdUnit)
	d.reset()
	return nil
}

// reset begins with an empty model.
func (d *ppmdModel) reset() {
	d.empty()
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
		s := d.found + 6*i
		d.mem[s], d.mem[s+1] = byte(i), 1
		d.follow(s, 0)
	}
	for m, i := 0, 0; m < 25; m++ {
		for ppmdMany[i] == m {
			i++
		}
		for k := range d.sums[m] {
			d.sums[m][k] = uint16(ppmdScale - ppmdBinary[k&7]/(i+1))
		}
	}
	for m, i := 0, 0; m < 24; m++ {
		for ppmdMany[i+3] == m+3 {
			i++
		}
		for k := range d.sees[m] {
			d.sees[m][k] = ppmdSee{uint16((2*i + 5) << (ppmdBits - 4)), ppmdBits - 4, 7}
		}
	}
	d.dummy = ppmdSee{0, ppmdBits, 64}
}

// full is called when there is no memory left.
func (d *ppmdModel) full() {
	if !d.restart {
		d.err = &scanner.Problem{Reason: scanner.Unsupported, Detail: "PPMd that cuts its model"}
	}
	d.reset()
}

// Parts of a context.
func (d *ppmdModel) count(c int) int  { return int(d.mem[c]) }
func (d *ppmdModel) sum(c int) int    { return d.u16(c + 2) }
func (d *ppmdModel) states(c int) int { return d.u32(c + 4) }
func (d *ppmdModel) suffix(c int) int { return d.u32(c + 8) }
func (d *ppmdModel) add(c, n int)     { d.put16(c+2, d.u16(c+2)+n) }

// one is the only state of a context.
func one(c int) int { return c + 2 }

// Parts of a state, and moving one.
func (d *ppmdModel) freq(s int) int       { return int(d.mem[s+1]) }
func (d *ppmdModel) next(s int) int       { return d.u32(s + 2) }
func (d *ppmdModel) follow(s, to int)     { d.put32(s+2, to) }
func (d *ppmdModel) state(s int) [6]byte  { return [6]byte(d.mem[s:]) }
func (d *ppmdModel) set(s int, v [6]byte) { copy(d.mem[s:], v[:]) }

// seek returns the state of a symbol that is known to be in a context.
func (d *ppmdModel) seek(c int, symbol byte) int {
	s := d.states(c)
	for i := 0; d.mem[s] != symbol && i < d.count(c); i++ {
		s += 6
	}
	return s
}

// aboveSigns is the flag of letters.
func aboveSigns(symbol byte) byte {
	if symbol >= 0x40 {
		return ppmdLetter
	}
	return 0
}

func when(b bool) int {
	if b {
		return 1
	}
	return 0
}

// share divides the range in total parts and says in which the code lies.
func (d *ppmdModel) share(total int) int {
	d.rng /= uint32(max(total, 1))
	return int(d.code / max(d.rng, 1))
}

func (d *ppmdModel) narrow(start, size int) {
	from := uint32(start) * d.rng
	d.bottom += from
	d.code -= from
	d.rng *= uint32(size)
	for {
		if d.bottom^(d.bottom+d.rng) >= 1<<24 {
			if d.rng >= 1<<15 {
				return
			}
			d.rng = -d.bottom & (1<<15 - 1)
		}
		b, err := d.br.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			d.err = err
			return
		}
		d.code = d.code<<8 | uint32(b)
		d.rng <<= 8
		d.bottom <<= 8
	}
}

// symbol decodes one; -1 is the end, -2 damage.
func (d *ppmdModel) symbol() int {
	c := d.least
	if d.count(c) != 0 {
		s := d.states(c)
		at, high := d.share(d.sum(c)), d.freq(s)
		if at < high {
			d.narrow(0, high)
			symbol := d.mem[s]
			d.found = s
			d.first(c, s)
			return int(symbol)
		}
		d.lucky = 0
		for range d.count(c) {
			s += 6
			if high += d.freq(s); high > at {
				d.narrow(high-d.freq(s), d.freq(s))
				symbol := d.mem[s]
				d.found = s
				d.later(c, s)
				return int(symbol)
			}
		}
		if at >= d.sum(c) {
			return -2
		}
		d.narrow(high, d.sum(c)-high)
		clear(d.masked[:])
		for i := range d.count(c) + 1 {
			d.masked[d.mem[d.states(c)+6*i]] = true
		}
	} else {
		s := one(c)
		p := &d.sums[ppmdMany[d.freq(s)-1]][ppmdOne[d.count(d.suffix(c))]+d.lucky+int(d.mem[c+1])+d.run>>26&32]
		mean := (*p + 1<<(ppmdBits-2)) >> ppmdBits
		d.rng >>= 14
		if d.code/max(d.rng, 1) < uint32(*p) {
			d.narrow(0, int(*p))
			*p += 1<<ppmdBits - mean
			symbol := d.mem[s]
			d.found = s
			d.mem[s+1] += byte(when(d.freq(s) < 196))
			d.lucky = 1
			d.run++
			d.advance()
			return int(symbol)
		}
		d.narrow(int(*p), ppmdScale-int(*p))
		*p -= mean
		d.escape = ppmdEscapes[*p>>10]
		clear(d.masked[:])
		d.masked[d.mem[s]] = true
		d.lucky = 0
	}
	return d.escaped()
}

// escaped decodes a symbol that is in none of the longer contexts.
func (d *ppmdModel) escaped() int {
	for d.err == nil {
		before := d.count(d.least)
		for {
			d.fall++
			if d.suffix(d.least) == 0 {
				return -1
			}
			d.least = d.suffix(d.least)
			if d.count(d.least) != before {
				break
			}
		}
		c := d.least
		high := 0
		end := d.states(c) + 6*(d.count(c)+1)
		for s := d.states(c); s < end; s += 6 {
			if !d.masked[d.mem[s]] {
				high += d.freq(s)
			}
		}
		see, total := d.estimate(before)
		total += high
		at := d.share(total)
		if at < high {
			high = 0
			s := d.states(c)
			for ; s < end; s += 6 {
				if !d.masked[d.mem[s]] {
					if high += d.freq(s); high > at {
						break
					}
				}
			}
			d.narrow(high-d.freq(s), d.freq(s))
			if see.shift < ppmdBits {
				if see.count--; see.count == 0 {
					see.sum <<= 1
					see.count = 3 << see.shift
					see.shift++
				}
			}
			symbol := d.mem[s]
			d.found = s
			d.add(c, 4)
			d.mem[s+1] += 4
			if d.freq(s) > ppmdMost {
				d.rescale()
			}
			d.run = d.runs
			d.update()
			d.least = d.most
			return int(symbol)
		}
		if at >= total {
			return -2
		}
		d.narrow(high, total-high)
		see.sum += uint16(total)
		for s := d.states(c); s < end; s += 6 {
			d.masked[d.mem[s]] = true
		}
	}
	return -2
}

// estimate says how many parts an escape has.
func (d *ppmdModel) estimate(before int) (*ppmdSee, int) {
	c := d.least
	n := d.count(c)
	if n == 255 {
		return &d.dummy, 1
	}
	see := &d.sees[ppmdMany[n+2]-3][when(d.sum(c) > 11*(n+1))+2*when(2*n < d.count(d.suffix(c))+before)+int(d.mem[c+1])]
	r := see.sum >> see.shift
	see.sum -= r
	return see, max(int(r), 1)
}

// first counts the most likely symbol of a context.
func (d *ppmdModel) first(c, s int) {
	d.lucky = when(2*d.freq(s) >= d.sum(c))
	d.run += d.lucky
	d.add(c, 4)
	d.mem[s+1] += 4
	if d.freq(s) > ppmdMost {
		d.rescale()
	}
	d.advance()
}

// later counts another one.
func (d *ppmdModel) later(c, s int) {
	d.add(c, 4)
	d.mem[s+1] += 4
	if d.freq(s) > d.freq(s-6) {
		a, b := d.state(s), d.state(s-6)
		d.set(s-6, a)
		d.set(s, b)
		d.found = s - 6
		if d.freq(d.found) > ppmdMost {
			d.rescale()
		}
	}
	d.advance()
}

// advance goes to the next context.
func (d *ppmdModel) advance() {
	if next := d.next(d.found); d.fall == 0 && next >= d.start {
		d.least, d.most = next, next
		return
	}
	d.update()
	d.least = d.most
}
