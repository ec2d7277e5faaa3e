package codec

import (
	"bufio"
	"encoding/binary"
	"io"
)

// ppmdI is the variant I, revision 1, of PPMd (2002), which zip has (APPNOTE 5.10).
type ppmdI struct {
	sums [25][64]uint16
	sees [24][32]ppmdSee
}

// ppmdMany sorts numbers of states, and frequencies, in classes.
var ppmdMany = ppmdClasses(5)

// NewPPMdI decompresses size bytes, or, below zero, what there is, with the order and
// the memory that a header says, 256 MiB at most. It takes the memory at the first
// Read.
func NewPPMdI(r io.Reader, size int64) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 16<<10)
	var b [2]byte
	if _, err := io.ReadFull(br, b[:]); err != nil {
		return nil, early(err)
	}
	v := int(binary.LittleEndian.Uint16(b[:]))
	order, how := v&15+1, v>>12
	if order < 2 || how > 2 {
		return nil, DataError("PPMd header")
	}
	return &ppmdModel{
		ppmdUnits: ppmdUnits{size: (v>>4&255 + 1) << 20, patience: 1 << 13, longest: 1<<32 - 1},
		ppmdRange: ppmdRange{br: br, carryless: true},
		variant:   new(ppmdI),
		left:      size,
		order:     order,
		restart:   how == 0,
	}, nil
}

func (v *ppmdI) reset() {
	for m, i := 0, 0; m < 25; m++ {
		for ppmdMany[i] == m {
			i++
		}
		for k := range v.sums[m] {
			v.sums[m][k] = uint16(ppmdScale - ppmdBinary[k&7]/(i+1))
		}
	}
	for m, i := 0, 0; m < 24; m++ {
		for ppmdMany[i+3] == m+3 {
			i++
		}
		for k := range v.sees[m] {
			v.sees[m][k] = ppmdSee{uint16((2*i + 5) << (ppmdBits - 4)), ppmdBits - 4, 7}
		}
	}
}

func (v *ppmdI) likely(freq, sum int) bool { return 2*freq >= sum }

func (v *ppmdI) single(d *ppmdModel, c int) (p *uint16, most int) {
	class := ppmdMany[d.freq(only(c))-1]
	return &v.sums[class][ppmdFew[d.count(d.suffix(c))]+d.lucky+int(d.mem[c+1])+d.run>>26&32], 196
}

func (v *ppmdI) estimate(d *ppmdModel, before int) *ppmdSee {
	c := d.least
	n := d.count(c)
	if n == 255 {
		return &d.dummy
	}
	return &v.sees[ppmdMany[n+2]-3][when(d.sum(c) > 11*(n+1))+2*when(2*n < d.count(d.suffix(c))+before)+int(d.mem[c+1])]
}

func (v *ppmdI) remain(freq, escape int) int {
	return min((2*freq+escape-1)/max(escape, 1), ppmdMost/3)
}

// successors makes the contexts that follow the found symbol in the suffixes of
// c, and returns the longest; 0 when there is no memory left. s is the state of
// the symbol in the first suffix, where that is known.
func (v *ppmdI) successors(d *ppmdModel, skip bool, s, c int) int {
	list := d.list[:0]
	if !skip {
		list = append(list, d.found)
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
			s = only(c)
			d.mem[s+1] += byte(when(d.count(d.suffix(c)) == 0 && d.freq(s) < 24))
		}
		if next := d.next(s); next != branch {
			c = next
			break
		}
		list = append(list, s)
		s = 0
	}
	if len(list) == 0 {
		return c
	}
	var up [6]byte
	up[0] = d.mem[branch]
	flags := aboveSigns(symbol)<<1 | aboveSigns(up[0])
	if d.count(c) == 0 {
		up[1] = d.mem[only(c)+1]
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
	binary.LittleEndian.PutUint32(up[2:], uint32(branch+1))
	return d.chain(c, list, up, flags)
}

// reduce lets the found symbol lead to the text, in c and in those of its
// suffixes where it leads nowhere yet, and returns the context that follows it.
func (v *ppmdI) reduce(d *ppmdModel, s, c int) int {
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
				s = only(c)
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
		made := v.successors(d, false, 0, c)
		d.follow(s, made)
		d.found = found
	}
	if d.fall == 1 && begin == d.most {
		d.follow(d.found, d.next(s))
		d.text--
	}
	return d.next(s)
}

func (v *ppmdI) update(d *ppmdModel) int {
	symbol, freq, next := d.mem[d.found], d.freq(d.found), d.next(d.found)
	s := d.spread(symbol, freq)
	if d.fall == 0 && next != 0 {
		made := v.successors(d, true, s, d.least)
		d.follow(d.found, made)
		return made
	}
	place := d.write(symbol)
	if place == 0 {
		return 0
	}
	switch {
	case next == 0:
		next = v.reduce(d, s, d.least)
	case next < d.start:
		next = v.successors(d, false, s, d.least)
	}
	if next == 0 {
		return 0
	}
	if d.fall--; d.fall == 0 {
		place = next
		d.text -= when(d.most != d.least)
	}
	n := d.count(d.least)
	rest := d.sum(d.least) - n - freq
	for c := d.most; c != d.least; c = d.suffix(c) {
		have := d.count(c)
		if !d.widen(c, n) {
			return 0
		}
		d.add(c, when(have > 0 && 3*have+1 < n))
		f, sum := 2*freq*(d.sum(c)+6), rest+d.sum(c)
		if f < 6*sum {
			f = 1 + when(f > sum) + when(f >= 4*sum)
			d.add(c, 4)
		} else {
			f = 4 + when(f > 9*sum) + when(f > 12*sum) + when(f > 15*sum)
			d.add(c, f)
		}
		d.enter(c, symbol, f, place)
	}
	return next
}
