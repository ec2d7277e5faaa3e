package codec

import (
	"bufio"
	"encoding/binary"
	"io"
)

// A bcj2 joins the four streams into which BCJ2 splits an x86 program: what is
// no address, the addresses of calls, those of jumps, and a range coder's bits
// that say which opcodes are followed by an address from there.
type bcj2 struct {
	main, call, jump, bits *bufio.Reader

	begun     bool
	span, val uint32
	odds      [258]uint16
	last      byte
	at        uint32
	left      [4]byte // of an address that did not fit into p
	n         int
}

// NewBCJ2 joins four streams: the main one, calls, jumps, and bits.
func NewBCJ2(in []*bufio.Reader) io.Reader {
	d := &bcj2{main: in[0], call: in[1], jump: in[2], bits: in[3], span: 1<<32 - 1}
	for i := range d.odds {
		d.odds[i] = 1 << 10
	}
	return d
}

func (d *bcj2) Read(p []byte) (n int, err error) {
	if !d.begun {
		for range 5 {
			c, err := d.bits.ReadByte()
			if err != nil {
				return 0, err
			}
			d.val = d.val<<8 | uint32(c)
		}
		d.begun = true
	}
	for n < len(p) {
		if d.n > 0 {
			k := copy(p[n:], d.left[4-d.n:])
			d.n -= k
			n += k
			continue
		}
		c, err := d.main.ReadByte()
		if err != nil {
			return n, err
		}
		p[n] = c
		n++
		d.at++
		before := d.last
		d.last = c
		var odds *uint16
		switch {
		case c == 0xe8:
			odds = &d.odds[before]
		case c == 0xe9:
			odds = &d.odds[256]
		case before == 0x0f && c&0xf0 == 0x80:
			odds = &d.odds[257]
		default:
			continue
		}
		if one, err := d.bit(odds); err != nil {
			if err == io.EOF {
				continue // the end of the data: the encoder asks no more
			}
			return n, err
		} else if !one {
			continue
		}
		from := d.jump
		if c == 0xe8 {
			from = d.call
		}
		if _, err := io.ReadFull(from, d.left[:]); err != nil {
			return n, err
		}
		d.at += 4
		binary.LittleEndian.PutUint32(d.left[:], binary.BigEndian.Uint32(d.left[:])-d.at)
		d.last, d.n = d.left[3], 4
	}
	return n, nil
}

// bit decodes the next bit of the range coder.
func (d *bcj2) bit(odds *uint16) (bool, error) {
	if d.span < 1<<24 {
		c, err := d.bits.ReadByte()
		if err != nil {
			return false, err
		}
		d.span <<= 8
		d.val = d.val<<8 | uint32(c)
	}
	bound := d.span >> 11 * uint32(*odds)
	if d.val < bound {
		d.span = bound
		*odds += (1<<11 - *odds) >> 5
		return false, nil
	}
	d.span -= bound
	d.val -= bound
	*odds -= *odds >> 5
	return true, nil
}
