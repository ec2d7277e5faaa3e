package codec

import (
	"bufio"
	"encoding/binary"
	"io"
)

// ppmdH is the variant H of PPMd (2001), which 7z has with a range decoder of its
// own.
type ppmdH struct {
	sums [128][64]uint16
	sees [25][16]ppmdSee
}

// ppmdLeft sorts numbers of symbols in classes, ppmdFresh knows nothing yet.
var ppmdLeft, ppmdFresh = ppmdClasses(3), ppmdHFresh()

func ppmdHFresh() (v ppmdH) {
	for i := range v.sums {
		for k := range v.sums[i] {
			v.sums[i][k] = uint16(ppmdScale - ppmdBinary[k&7]/(i+2))
		}
	}
	for i := range v.sees {
		for k := range v.sees[i] {
			v.sees[i][k] = ppmdSee{uint16((5*i + 10) << (ppmdBits - 4)), ppmdBits - 4, 4}
		}
	}
	return v
}

// NewPPMdH decompresses left bytes with a model of that order and size, which takes
// its memory at the first Read.
func NewPPMdH(br *bufio.Reader, order, size int, left int64) io.Reader {
	return &ppmdModel{
		ppmdUnits: ppmdUnits{size: size, patience: 255, longest: 1<<16 - 1, backward: true},
		ppmdRange: ppmdRange{br: br},
		variant:   new(ppmdH),
		left:      left,
		order:     order,
		restart:   true,
	}
}

func (v *ppmdH) reset() { *v = ppmdFresh }

func (v *ppmdH) likely(freq, sum int) bool { return 2*freq > sum }

func (v *ppmdH) single(d *ppmdModel, c int) (p *uint16, most int) {
	s := only(c)
	return &v.sums[(d.freq(s)-1)&127][ppmdFew[d.count(d.suffix(c))]+d.lucky+
		int(aboveSigns(d.mem[d.found])+2*aboveSigns(d.mem[s]))+d.run>>26&32], 128
}

func (v *ppmdH) estimate(d *ppmdModel, before int) *ppmdSee {
	c := d.least
	n := d.count(c)
	if n == 255 {
		return &d.dummy
	}
	return &v.sees[ppmdLeft[n-before-1]][when(n-before < d.count(d.suffix(c))-n)+
		2*when(d.sum(c) < 11*(n+1))+4*when(2*before+1 > n)+int(aboveSigns(d.mem[d.found]))]
}

func (v *ppmdH) remain(freq, escape int) int {
	for {
		freq -= freq >> 1
		if escape >>= 1; escape <= 1 {
			return freq
		}
	}
}

// successors makes the contexts that follow the found symbol in the suffixes of
// the least context, and in that itself unless skip says so, and returns the longest;
// 0 when there is no memory left.
func (v *ppmdH) successors(d *ppmdModel, skip bool) int {
	list := d.list[:0]
	if !skip {
		list = append(list, d.found)
	}
	c, symbol, branch := d.least, d.mem[d.found], d.next(d.found)
	for d.suffix(c) != 0 {
		c = d.suffix(c)
		s := only(c)
		if d.count(c) != 0 {
			s = d.seek(c, symbol)
		}
		if next := d.next(s); next != branch {
			c = next
			break
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return c
	}
	var up [6]byte
	up[0] = d.mem[branch]
	if d.count(c) == 0 {
		up[1] = d.mem[only(c)+1]
	} else {
		f := d.freq(d.seek(c, up[0])) - 1
		rest := d.sum(c) - d.count(c) - 1 - f
		if 2*f <= rest {
			up[1] = byte(1 + when(5*f > rest))
		} else {
			up[1] = byte(1 + (2*f+3*rest-1)/max(2*rest, 1))
		}
	}
	binary.LittleEndian.PutUint32(up[2:], uint32(branch+1))
	return d.chain(c, list, up, 0)
}

func (v *ppmdH) update(d *ppmdModel) int {
	symbol, freq, next := d.mem[d.found], d.freq(d.found), d.next(d.found)
	d.spread(symbol, freq)
	if d.fall == 0 {
		made := v.successors(d, true)
		d.follow(d.found, made)
		return made
	}
	place := d.write(symbol)
	switch {
	case place == 0:
		return 0
	case next == 0:
		d.follow(d.found, place)
		next = d.least
	default:
		if next < d.start {
			if next = v.successors(d, false); next == 0 {
				return 0
			}
		}
		if d.fall--; d.fall == 0 {
			place = next
			d.text -= when(d.most != d.least)
		}
	}
	n := d.count(d.least)
	rest := d.sum(d.least) - n - freq
	for c := d.most; c != d.least; c = d.suffix(c) {
		have := d.count(c) + 1
		if !d.widen(c, n) {
			return 0
		}
		if have > 1 {
			d.add(c, when(2*have < n+1)+2*when(4*have <= n+1 && d.sum(c) <= 8*have))
		}
		f, sum := 2*freq*(d.sum(c)+6), rest+d.sum(c)
		if f < 6*sum {
			f = 1 + when(f > sum) + when(f >= 4*sum)
			d.add(c, 3)
		} else {
			f = 4 + when(f >= 9*sum) + when(f >= 12*sum) + when(f >= 15*sum)
			d.add(c, f)
		}
		d.enter(c, symbol, f, place)
	}
	return next
}
