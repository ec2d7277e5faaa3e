package codec

// Parts of a context.
func (d *ppmdModel) count(c int) int  { return int(d.mem[c]) }
func (d *ppmdModel) sum(c int) int    { return d.u16(c + 2) }
func (d *ppmdModel) states(c int) int { return d.u32(c + 4) }
func (d *ppmdModel) suffix(c int) int { return d.u32(c + 8) }
func (d *ppmdModel) add(c, n int)     { d.put16(c+2, d.u16(c+2)+n) }

// all returns the states of a context that has more than one.
func (d *ppmdModel) all(c int) []byte {
	s := d.states(c)
	return d.mem[s:][:6*(d.count(c)+1)]
}

// only is the one state of a context.
func only(c int) int { return c + 2 }

// Parts of a state, and moving one.
func (d *ppmdModel) freq(s int) int       { return int(d.mem[s+1]) }
func (d *ppmdModel) next(s int) int       { return d.u32(s + 2) }
func (d *ppmdModel) follow(s, to int)     { d.put32(s+2, to) }
func (d *ppmdModel) state(s int) [6]byte  { return [6]byte(d.mem[s:]) }
func (d *ppmdModel) set(s int, v [6]byte) { copy(d.mem[s:], v[:]) }

// swap swaps a state and the one before it.
func (d *ppmdModel) swap(s int) {
	a, b := d.state(s), d.state(s-6)
	d.set(s-6, a)
	d.set(s, b)
}

// seek returns the state of a symbol that is known to be in a context.
func (d *ppmdModel) seek(c int, symbol byte) int {
	s := d.states(c)
	for b := d.all(c); len(b) > 6 && b[0] != symbol; b = b[6:] {
		s += 6
	}
	return s
}

// Flags of a context.
const (
	ppmdHalved = 4 // frequencies were halved
	ppmdLetter = 8 // a symbol is no sign or digit
	ppmdBefore = 16
)

// aboveSigns is the flag of symbols that are no signs or digits.
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

// rescale halves the frequencies of the states of c, where one was found.
func (d *ppmdModel) rescale(c int) {
	states, s := d.states(c), d.found
	moved := d.state(s)
	for ; s != states; s -= 6 {
		d.set(s, d.state(s-6))
	}
	d.set(s, moved)
	escape := d.sum(c) - d.freq(s)
	up := when(d.fall != 0)
	d.mem[s+1] = byte((d.freq(s) + 4 + up) >> 1)
	sum := d.freq(s)
	n := d.count(c)
	for range n {
		s += 6
		escape -= d.freq(s)
		d.mem[s+1] = byte((d.freq(s) + up) >> 1)
		sum += d.freq(s)
		if d.freq(s) > d.freq(s-6) {
			moved := d.state(s)
			to := s
			for to != states && moved[1] > d.mem[to-6+1] {
				d.set(to, d.state(to-6))
				to -= 6
			}
			d.set(to, moved)
		}
	}
	if d.freq(s) == 0 {
		gone := 0
		for d.freq(s) == 0 {
			gone++
			s -= 6
		}
		escape += gone
		if d.drop(c, gone, escape) {
			return
		}
	}
	d.put16(c+2, sum+escape-escape>>1)
	d.mem[c+1] |= ppmdHalved
	d.found = d.states(c)
}

// drop takes the last states off c, and reports whether one is left.
func (d *ppmdModel) drop(c, gone, escape int) bool {
	states, n := d.states(c), d.count(c)
	left := n - gone
	d.mem[c] = byte(left)
	if left == 0 {
		last := d.state(states)
		last[1] = byte(d.variant.remain(int(last[1]), escape))
		d.insert(states, ppmdSize[(n+2)>>1])
		d.mem[c+1] = d.mem[c+1]&ppmdBefore | aboveSigns(last[0])
		d.found = only(c)
		d.set(d.found, last)
		return true
	}
	if was, now := (n+2)>>1, (left+2)>>1; was != now {
		states = d.shrink(states, was, now)
		d.put32(c+4, states)
	}
	d.mem[c+1] &^= ppmdLetter
	for i := range left + 1 {
		d.mem[c+1] |= aboveSigns(d.mem[states+6*i])
	}
	return false
}

// spread counts a symbol that was found, and is not frequent yet, in the next
// shorter context too, and returns its state there; 0 when there is none.
func (d *ppmdModel) spread(symbol byte, freq int) int {
	c := d.suffix(d.least)
	if freq >= ppmdMost/4 || c == 0 {
		return 0
	}
	if d.count(c) == 0 {
		s := only(c)
		d.mem[s+1] += byte(when(d.freq(s) < 32))
		return s
	}
	s := d.seek(c, symbol)
	if s != d.states(c) && d.freq(s) >= d.freq(s-6) {
		d.swap(s)
		s -= 6
	}
	if d.freq(s) < ppmdMost-9 {
		d.mem[s+1] += 2
		d.add(c, 2)
	}
	return s
}

// write puts a symbol behind the text, and returns where that ends; 0 when there
// is no memory left.
func (d *ppmdModel) write(symbol byte) int {
	d.mem[d.text] = symbol
	if d.text++; d.text >= d.start {
		return 0
	}
	return d.text
}

// chain makes a context with the one state up for each state in list, which it
// follows, on top of c, which is shorter than all of them, and returns the longest;
// 0 when there is no memory left.
func (d *ppmdModel) chain(c int, list []int, up [6]byte, flags byte) int {
	for i := len(list) - 1; i >= 0; i-- {
		made := d.context()
		if made == 0 {
			return 0
		}
		d.mem[made], d.mem[made+1] = 0, flags
		d.set(only(made), up)
		d.put32(made+8, c)
		d.follow(list[i], made)
		c = made
	}
	return c
}

// widen makes room for one more state in c, and reports whether there was memory.
// n is how many states, less one, the context has that the symbol was found in.
func (d *ppmdModel) widen(c, n int) bool {
	have := d.count(c)
	if have == 0 {
		s := d.alloc(0)
		if s == 0 {
			return false
		}
		d.set(s, d.state(only(c)))
		d.put32(c+4, s)
		if f := d.freq(s); f < ppmdMost/4-1 {
			d.mem[s+1] = byte(2 * f)
		} else {
			d.mem[s+1] = ppmdMost - 4
		}
		d.put16(c+2, d.freq(s)+d.escape+when(n > 2))
		return true
	}
	if have&1 != 0 {
		units := (have + 1) >> 1
		if size := ppmdSize[units]; size != ppmdSize[units+1] {
			to, from := d.alloc(size+1), d.states(c)
			if to == 0 {
				return false
			}
			copy(d.mem[to:to+units*ppmdUnit], d.mem[from:])
			d.insert(from, size)
			d.put32(c+4, to)
		}
	}
	return true
}

// enter puts one more state behind those of c, where there is room.
func (d *ppmdModel) enter(c int, symbol byte, freq, next int) {
	d.mem[c]++
	s := d.states(c) + 6*d.count(c)
	d.mem[s], d.mem[s+1] = symbol, byte(freq)
	d.follow(s, next)
	d.mem[c+1] |= aboveSigns(symbol)
}
