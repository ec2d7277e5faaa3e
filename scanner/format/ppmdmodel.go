package format

// rescale halves the frequencies of the states of a context.
func (d *ppmdModel) rescale() {
	c := d.least
	states, s := d.states(c), d.found
	moved := d.state(s)
	for ; s != states; s -= 6 {
		d.set(s, d.state(s-6))
	}
	d.set(s, moved)
	escape := d.sum(c) - d.freq(s)
	d.mem[s+1] += 4
	up := when(d.fall != 0)
	d.mem[s+1] = byte((d.freq(s) + up) >> 1)
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
		left := n - gone
		d.mem[c] = byte(left)
		if left == 0 {
			only := d.state(states)
			only[1] = byte(min((2*int(only[1])+escape-1)/max(escape, 1), ppmdMost/3))
			d.insert(states, ppmdSize[(n+2)>>1])
			d.mem[c+1] = d.mem[c+1]&ppmdBefore | aboveSigns(only[0])
			d.found = one(c)
			d.set(d.found, only)
			return
		}
		if was, now := (n+2)>>1, (left+2)>>1; was != now {
			states = d.shrink(states, was, now)
			d.put32(c+4, states)
		}
		d.mem[c+1] &^= ppmdLetter
		for i := range left + 1 {
			d.mem[c+1] |= aboveSigns(d.mem[states+6*i])
		}
	}
	d.put16(c+2, sum+escape-escape>>1)
	d.mem[c+1] |= ppmdCurrent
	d.found = d.states(c)
}

// successors makes the contexts that follow the found symbol in the suffixes of
// c, and returns the longest; 0 when there is no memory left. s is the state of
// the symbol in the first suffix, where that is known.
func (d *ppmdModel) successors(skip bool, s, c int) int {
	var list [17]int
	n := 0
	if !skip {
		list[0] = d.found
		n = 1
	}
	symbol, branch := d.mem[d.found], d.next(d.found)
	for d.suffix(c) != 0 {
		c = d.suffix(c)
		switch {
		case s != 0:
		case d.count(c) != 0:
			s = d.seek(c, symbol)
			if d.freq(s) < ppmdMost-9 {
				d.mem[s+1]++
				d.add(c, 1)
			}
		default:
			s = one(c)
			d.mem[s+1] += byte(when(d.count(d.suffix(c)) == 0 && d.freq(s) < 24))
		}
		if next := d.next(s); next != branch {
			c = next
			if n == 0 {
				return c
			}
			break
		}
		list[n] = s
		n++
		s = 0
	}
	var up [6]byte
	up[0] = d.mem[branch]
	flags := aboveSigns(symbol)<<1 | aboveSigns(up[0])
	if d.count(c) == 0 {
		up[1] = d.mem[one(c)+1]
	} else {
		f := d.freq(d.seek(c, up[0])) - 1
		rest := d.sum(c) - d.count(c) - f
		switch {
		case 2*f <= rest:
			up[1] = byte(1 + when(5*f > rest))
		default:
			up[1] = byte(1 + (f+2*rest-3)/max(rest, 1))
		}
	}
	for n--; n >= 0; n-- {
		made := d.context()
		if made == 0 {
			return 0
		}
		d.mem[made], d.mem[made+1] = 0, flags
		d.set(one(made), up)
		d.follow(one(made), branch+1)
		d.put32(made+8, c)
		d.follow(list[n], made)
		c = made
	}
	return c
}

// reduce lets the found symbol lead to the text, in c and in those of its
// suffixes where it leads nowhere yet, and returns the context that follows it.
func (d *ppmdModel) reduce(s, c int) int {
	begin, symbol, branch := c, d.mem[d.found], d.text
	d.follow(d.found, branch)
	d.fall++
	for {
		if s != 0 {
			c = d.suffix(c)
		} else {
			if d.suffix(c) == 0 {
				return c
			}
			c = d.suffix(c)
			if d.count(c) != 0 {
				s = d.seek(c, symbol)
				if d.freq(s) < ppmdMost-9 {
					d.mem[s+1] += 2
					d.add(c, 2)
				}
			} else {
				s = one(c)
				d.mem[s+1] += byte(when(d.freq(s) < 32))
			}
		}
		if d.next(s) != 0 {
			break
		}
		d.follow(s, branch)
		d.fall++
		s = 0
	}
	if d.next(s) <= branch {
		found := d.found
		d.found = s
		made := d.successors(false, 0, c)
		d.follow(s, made)
		d.found = found
	}
	if d.fall == 1 && begin == d.most {
		d.follow(d.found, d.next(s))
		d.text--
	}
	return d.next(s)
}

// update adds what was found to the model.
func (d *ppmdModel) update() {
	symbol, freq, next := d.mem[d.found], d.freq(d.found), d.next(d.found)
	s := 0
	if c := d.suffix(d.least); freq < ppmdMost/4 && c != 0 {
		if d.count(c) == 0 {
			s = one(c)
			d.mem[s+1] += byte(when(d.freq(s) < 32))
		} else {
			s = d.seek(c, symbol)
			if s != d.states(c) && d.freq(s) >= d.freq(s-6) {
				a, b := d.state(s), d.state(s-6)
				d.set(s-6, a)
				d.set(s, b)
				s -= 6
			}
			if d.freq(s) < ppmdMost-9 {
				d.mem[s+1] += 2
				d.add(c, 2)
			}
		}
	}
	c := d.most
	if d.fall == 0 && next != 0 {
		made := d.successors(true, s, d.least)
		d.follow(d.found, made)
		if made == 0 {
			d.full()
			return
		}
		d.most = made
		return
	}
	d.mem[d.text] = symbol
	d.text++
	place := d.text
	if d.text >= d.start {
		d.full()
		return
	}
	switch {
	case next == 0:
		next = d.reduce(s, d.least)
	case next < d.start:
		next = d.successors(false, s, d.least)
	}
	if next == 0 {
		d.full()
		return
	}
	if d.fall--; d.fall == 0 {
		place = next
		d.text -= when(d.most != d.least)
	}
	n := d.count(d.least)
	rest := d.sum(d.least) - n - freq
	for ; c != d.least; c = d.suffix(c) {
		if !d.widen(c, n) {
			d.full()
			return
		}
		f, sum := 2*freq*(d.sum(c)+6), rest+d.sum(c)
		if f < 6*sum {
			f = 1 + when(f > sum) + when(f >= 4*sum)
			d.add(c, 4)
		} else {
			f = 4 + when(f > 9*sum) + when(f > 12*sum) + when(f > 15*sum)
			d.add(c, f)
		}
		d.mem[c]++
		s := d.states(c) + 6*d.count(c)
		d.mem[s], d.mem[s+1] = symbol, byte(f)
		d.follow(s, place)
		d.mem[c+1] |= aboveSigns(symbol)
	}
	d.most, d.least = next, next
}

// widen makes room for one more state in c; false when there is no memory. n is
// how many states the context has that the symbol was found in.
func (d *ppmdModel) widen(c, n int) bool {
	have := d.count(c)
	if have == 0 {
		s := d.alloc(0)
		if s == 0 {
			return false
		}
		d.set(s, d.state(one(c)))
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
	d.add(c, when(3*have+1 < n))
	return true
}
