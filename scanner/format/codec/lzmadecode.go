package codec

// decode decodes until limit, or until in needs to be filled. The range coder
// lives in local variables, and its few lines stand wherever a bit is decoded:
// as functions they would take twice the time.
func (z *LZMA) decode(limit int) error {
	dict, w := z.dict, z.w
	if z.more > 0 {
		w = z.copyMatch(w, limit)
	}
	in, pos, end := z.in[:z.have+lzmaSlack], z.pos, z.have
	if !z.ended {
		in, end = z.in[:z.have], z.have-lzmaSlack
	}
	span, code, state := z.span, z.code, z.state
	rep0, rep1, rep2, rep3 := z.reps[0], z.reps[1], z.reps[2], z.reps[3]
	o, literal := &z.odds, z.literal
	posMask, litMask, lc := uint32(1)<<z.pb-1, uint32(1)<<z.lp-1, z.lc&15
	base := uint32(z.seen) - uint32(z.w) // what to add to w for the position
	known := z.seen - uint64(z.w)        // the same, for how far back there is something
	before := w
	var err error

	for w < limit && pos <= end {
		before = w
		ps := (base + uint32(w)) & posMask
		if span < 1<<24 {
			span, code, pos = span<<8, code<<8|uint32(in[pos]), pos+1
		}
		p := &o.match[state<<4+ps]
		bound := span >> 11 * uint32(*p)
		if code < bound { // a literal
			span = bound
			*p += (1<<11 - *p) >> 5
			var prev byte
			if w > 0 && known+uint64(w) > 0 { // nothing before a reset counts
				prev = dict[w-1]
			} else if z.seen > 0 {
				prev = dict[len(dict)-1]
			}
			at := int((base+uint32(w))&litMask<<lc+uint32(prev)>>(8-lc)) * 0x300
			odds := (*[0x300]uint16)(literal[at : at+0x300])
			sym := uint32(1)
			if state >= 7 { // the byte after a match differs from what follows the original
				src := w - int(rep0) - 1
				if src < 0 {
					src += len(dict)
				}
				was, differs := uint32(dict[src]), uint32(0x100)
				for sym < 0x100 {
					was <<= 1
					same := was & differs
					var bit uint32
					bit, span, code, pos = lzmaEven(&odds[differs+same+sym], span, code, in, pos)
					sym = sym<<1 | bit
					differs &= same ^ (bit - 1)
				}
			} else {
				for sym < 0x100 {
					var bit uint32
					bit, span, code, pos = lzmaEven(&odds[sym], span, code, in, pos)
					sym = sym<<1 | bit
				}
			}
			dict[w] = byte(sym)
			w++
			switch {
			case state < 4:
				state = 0
			case state < 10:
				state -= 3
			default:
				state -= 6
			}
			continue
		}
		span -= bound
		code -= bound
		*p -= *p >> 5

		var bit, length uint32
		bit, span, code, pos = lzmaBit(&o.rep[state], span, code, in, pos)
		if bit == 0 { // a match
			rep3, rep2, rep1 = rep2, rep1, rep0
			length, span, code, pos = o.length.decode(ps, span, code, in, pos)
			if state < 7 {
				state = 7
			} else {
				state = 10
			}
			var slot uint32
			group := min(length, 3) << 6
			slot, span, code, pos = lzmaTree(o.slot[group:group+64], 6, span, code, in, pos)
			if rep0 = slot; slot >= 4 {
				bits := slot>>1 - 1
				rep0 = (2 | slot&1) << bits
				var low uint32
				if slot < 14 {
					low, span, code, pos = lzmaReverse(o.special[rep0-slot:], bits, span, code, in, pos)
				} else {
					for ; bits > 4; bits-- {
						if span < 1<<24 {
							span, code, pos = span<<8, code<<8|uint32(in[pos]), pos+1
						}
						span >>= 1
						code -= span
						t := -(code >> 31)
						code += span & t
						low = low<<1 + t + 1
					}
					rep0 += low << 4
					low, span, code, pos = lzmaReverse(o.align[:], 4, span, code, in, pos)
				}
				if rep0 += low; rep0 == 1<<32-1 && slot == 63 {
					z.marked = true
					break
				}
			}
		} else { // a match as far back as one of the last four
			bit, span, code, pos = lzmaBit(&o.rep0[state], span, code, in, pos)
			if bit == 0 {
				bit, span, code, pos = lzmaBit(&o.long0[state<<4+ps], span, code, in, pos)
				if bit == 0 { // of one byte
					if state < 7 {
						state = 9
					} else {
						state = 11
					}
					if uint64(rep0) >= min(known+uint64(w), uint64(len(dict))) {
						err = errData
						break
					}
					src := w - int(rep0) - 1
					if src < 0 {
						src += len(dict)
					}
					dict[w] = dict[src]
					w++
					continue
				}
			} else {
				bit, span, code, pos = lzmaBit(&o.rep1[state], span, code, in, pos)
				if bit == 0 {
					rep0, rep1 = rep1, rep0
				} else {
					bit, span, code, pos = lzmaBit(&o.rep2[state], span, code, in, pos)
					if bit == 0 {
						rep0, rep1, rep2 = rep2, rep0, rep1
					} else {
						rep0, rep1, rep2, rep3 = rep3, rep0, rep1, rep2
					}
				}
			}
			length, span, code, pos = o.repLength.decode(ps, span, code, in, pos)
			if state < 7 {
				state = 8
			} else {
				state = 11
			}
		}
		if uint64(rep0) >= min(known+uint64(w), uint64(len(dict))) {
			err = errData
			break
		}
		n, far := int(length)+2, int(rep0)+1
		src := w - far
		if src < 0 {
			src += len(dict)
		}
		if w+n <= limit && src+n <= len(dict) {
			if far >= n {
				copy(dict[w:w+n], dict[src:src+n])
				w += n
			} else {
				for range n {
					dict[w] = dict[src]
					w, src = w+1, src+1
				}
			}
			continue
		}
		z.reps[0], z.more = rep0, n
		w = z.copyMatch(w, limit)
	}
	if z.ended && pos > z.have {
		w, z.more = before, 0 // the last symbol was made of nothing
	}
	z.w, z.pos = w, pos
	z.span, z.code, z.state = span, code, state
	z.reps = [4]uint32{rep0, rep1, rep2, rep3}
	return err
}

// copyMatch copies what is left of a match, up to limit, around the end of the
// ring.
func (z *LZMA) copyMatch(w, limit int) int {
	src := w - int(z.reps[0]) - 1
	if src < 0 {
		src += len(z.dict)
	}
	for ; z.more > 0 && w < limit; z.more-- {
		z.dict[w] = z.dict[src]
		w++
		if src++; src == len(z.dict) {
			src = 0
		}
	}
	return w
}

// lzmaBit decodes one bit.
func lzmaBit(p *uint16, span, code uint32, in []byte, pos int) (uint32, uint32, uint32, int) {
	if span < 1<<24 {
		span, code, pos = span<<8, code<<8|uint32(in[pos]), pos+1
	}
	v := uint32(*p)
	bound := span >> 11 * v
	if code < bound {
		*p = uint16(v + (1<<11-v)>>5)
		return 0, bound, code, pos
	}
	*p = uint16(v - v>>5)
	return 1, span - bound, code - bound, pos
}

// lzmaEven is lzmaBit without a branch, for bits that are as often the one as the
// other: a processor that guesses them wrong loses more than the arithmetic takes.
func lzmaEven(p *uint16, span, code uint32, in []byte, pos int) (uint32, uint32, uint32, int) {
	if span < 1<<24 {
		span, code, pos = span<<8, code<<8|uint32(in[pos]), pos+1
	}
	bound := span >> 11 * uint32(*p)
	zero := uint32((uint64(code) - uint64(bound)) >> 32) // all ones where the bit is 0
	*p -= uint16((uint32(*p) - 2017&zero) >> 5)
	return zero + 1, (span-bound)&^zero | bound&zero, code - bound&^zero, pos
}

// lzmaTree decodes a number of bits, the highest first; the odds of each depend
// on those before it.
func lzmaTree(odds []uint16, bits, span, code uint32, in []byte, pos int) (uint32, uint32, uint32, int) {
	sym, top := uint32(1), uint32(1)<<bits
	for sym < top {
		var bit uint32
		bit, span, code, pos = lzmaEven(&odds[sym], span, code, in, pos)
		sym = sym<<1 | bit
	}
	return sym - top, span, code, pos
}

// lzmaReverse is lzmaTree with the lowest bit first.
func lzmaReverse(odds []uint16, bits, span, code uint32, in []byte, pos int) (uint32, uint32, uint32, int) {
	sym, v := uint32(1), uint32(0)
	for i := range bits {
		var bit uint32
		bit, span, code, pos = lzmaEven(&odds[sym], span, code, in, pos)
		sym = sym<<1 | bit
		v |= bit << i
	}
	return v, span, code, pos
}

// decode decodes a length, less 2.
func (l *lzmaLength) decode(ps, span, code uint32, in []byte, pos int) (uint32, uint32, uint32, int) {
	ps = ps & 15 << 3
	var bit, n uint32
	bit, span, code, pos = lzmaBit(&l.choice[0], span, code, in, pos)
	if bit == 0 {
		return lzmaTree(l.low[ps:ps+8], 3, span, code, in, pos)
	}
	bit, span, code, pos = lzmaBit(&l.choice[1], span, code, in, pos)
	if bit == 0 {
		n, span, code, pos = lzmaTree(l.mid[ps:ps+8], 3, span, code, in, pos)
		return n + 8, span, code, pos
	}
	n, span, code, pos = lzmaTree(l.high[:], 8, span, code, in, pos)
	return n + 16, span, code, pos
}
