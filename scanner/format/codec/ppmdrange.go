package codec

import (
	"bufio"
	"encoding/binary"
	"io"
)

// A ppmdRange is the range decoder of PPMd. There are two: that of 7z, whose
// range the encoder made wide by carrying, and the carryless one of D. Subbotin,
// which is made narrow where a carry could come.
type ppmdRange struct {
	br        *bufio.Reader
	err       error // of br; at the end io.ErrUnexpectedEOF
	carryless bool
	rng, code uint32
	bottom    uint32 // of the range; for the carryless one
}

// open reads the first bytes.
func (r *ppmdRange) open() error {
	if !r.carryless {
		if b, err := r.br.ReadByte(); err != nil {
			return err
		} else if b != 0 {
			return errData
		}
	}
	var b [4]byte
	if _, err := io.ReadFull(r.br, b[:]); err != nil {
		return err
	}
	r.rng, r.code, r.bottom = 1<<32-1, binary.BigEndian.Uint32(b[:]), 0
	return nil
}

// share divides the range in total parts and says in which the code lies.
func (r *ppmdRange) share(total int) int {
	r.rng /= uint32(max(total, 1))
	return int(r.code / max(r.rng, 1))
}

// narrow takes size of the parts for the range.
func (r *ppmdRange) narrow(start, size int) {
	from := uint32(start) * r.rng
	r.bottom += from
	r.code -= from
	r.rng *= uint32(size)
	r.fill()
}

// bit decodes one of two symbols, and reports whether it is the one that has p of
// ppmdScale parts.
func (r *ppmdRange) bit(p int) bool {
	size := r.rng >> ppmdScaleBits * uint32(p)
	if r.code < size {
		r.rng = size
		r.fill()
		return true
	}
	if r.carryless {
		r.rng &^= ppmdScale - 1
	}
	r.bottom += size
	r.code -= size
	r.rng -= size
	r.fill()
	return false
}

// fill reads on until the range is wide again.
func (r *ppmdRange) fill() {
	for {
		if r.carryless {
			if r.bottom^(r.bottom+r.rng) >= 1<<24 {
				if r.rng >= 1<<15 {
					return
				}
				r.rng = -r.bottom & (1<<15 - 1)
			}
		} else if r.rng >= 1<<24 {
			return
		}
		b, err := r.br.ReadByte()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			r.err = err
			return
		}
		r.code = r.code<<8 | uint32(b)
		r.rng <<= 8
		r.bottom <<= 8
	}
}
