package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"

	"vigie/scanner"
)

// A cabData decompresses the blocks of a folder, each of 32 KiB at most.
type cabData struct {
	cab    *cab
	folder *cabFolder
	left   int   // blocks that were not read
	at     int64 // of ready, in what the folder decompresses to
	ready  []byte
	err    error

	decode func(packed []byte, size int) ([]byte, error)
}

// begin goes to the first block.
func (d *cabData) begin() error {
	switch d.folder.coding & 15 {
	case 0:
		d.decode = func(packed []byte, size int) ([]byte, error) { return packed, nil }
	case 1:
		d.cab.mszip.reset()
		d.decode = d.cab.mszip.block
	case 2:
		return unsupported("Quantum")
	case 3:
		if err := d.cab.lzx.Reset(uint(d.folder.coding >> 8 & 31)); err != nil {
			return fault(err)
		}
		d.decode = d.cab.lzx.Block
	default:
		return unsupported(fmt.Sprintf("cab method %d", d.folder.coding&15))
	}
	if d.folder.from {
		return errSet
	}
	return d.cab.seek(d.folder.at)
}

// open opens a member. Those before it in the folder are passed over only then:
// what nobody opens is not decompressed.
func (d *cabData) open(m cabMember) func(context.Context, int64, int64) (io.ReadCloser, error) {
	opened := false
	return func(ctx context.Context, off, _ int64) (io.ReadCloser, error) {
		if off > 0 || opened {
			return nil, scanner.ErrUnranged
		}
		opened = true
		for d.err == nil && d.at+int64(len(d.ready)) < m.at {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			d.next()
		}
		if d.err != nil && (d.at+int64(len(d.ready)) < m.at || len(d.ready) == 0 && m.size > 0) {
			return nil, d.trouble(m)
		}
		d.skip(int(m.at - d.at))
		return io.NopCloser(&cabReader{d, m, m.size}), nil
	}
}

// trouble is the error that ends a member: where the folder goes on in the next
// cabinet, its end is no damage.
func (d *cabData) trouble(m cabMember) error {
	if errors.Is(d.err, io.EOF) {
		if m.to {
			return errSet
		}
		return truncated("folder shorter than its members")
	}
	return d.err
}

func (d *cabData) skip(n int) {
	d.ready = d.ready[n:]
	d.at += int64(n)
}

// next decompresses the next block once ready is used up.
func (d *cabData) next() {
	d.skip(len(d.ready))
	if d.left == 0 {
		d.err = io.EOF
		return
	}
	d.left--
	le := binary.LittleEndian
	var head [8 + 255]byte
	h := head[:8+d.cab.reserve]
	if d.err = d.cab.read(h); d.err != nil {
		return
	}
	packed, size := d.cab.packed[:le.Uint16(h[4:])], int(le.Uint16(h[6:]))
	if d.err = d.cab.read(packed); d.err != nil {
		return
	}
	sum := le.Uint32(h)
	switch {
	case sum != 0 && sum != cabSum(h[4:], cabSum(packed, 0)):
		d.err = malformed("checksum")
	case size == 0: // the rest of the block lies in the next cabinet
		d.err = errSet
	case size > cabBlock:
		d.err = malformed("block larger than 32 KiB")
	default:
		if d.ready, d.err = d.decode(packed, size); d.err != nil {
			d.err = fault(d.err)
		}
		if d.err == nil && len(d.ready) != size {
			d.err = malformed("block not as long as it says")
		}
	}
	if d.err != nil {
		d.ready = nil
	}
}

// more reports whether the folder goes on behind what was read. Where LZX was
// decoded wrongly, more than a word of padding is left of its last block, most of the
// time: blocks need not have checksums.
func (d *cabData) more() bool {
	lzx := d.folder.coding&15 == 3 && d.cab.lzx.Behind() > 2
	return len(d.ready) > 0 || d.left > 0 || lzx
}

// cabSum is the checksum of [MS-CAB] 3.1: exclusive or of words, of which a last
// incomplete one counts its bytes the other way round.
func cabSum(b []byte, sum uint32) uint32 {
	for ; len(b) >= 4; b = b[4:] {
		sum ^= binary.LittleEndian.Uint32(b)
	}
	var last uint32
	for _, c := range b {
		last = last<<8 | uint32(c)
	}
	return sum ^ last
}

// A cabReader reads one member.
type cabReader struct {
	d    *cabData
	m    cabMember
	left int64
}

func (r *cabReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	for len(r.d.ready) == 0 {
		if r.d.err != nil {
			return 0, r.d.trouble(r.m)
		}
		r.d.next()
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.d.ready)
	r.d.skip(n)
	r.left -= int64(n)
	return n, nil
}

// An mszip decompresses MSZIP ([MS-MCI]): each block is deflated on its own, and
// may refer to the 32 KiB before it.
type mszip struct {
	flate io.ReadCloser
	in    bytes.Reader
	out   [2 * cabBlock]byte // what came before, up to the middle, and the last block
	last  int                // bytes of the last block
	n     int                // bytes before it
}

// reset begins a folder.
func (z *mszip) reset() { z.last, z.n = 0, 0 }

// block returns what a block holds, valid until the next one.
func (z *mszip) block(packed []byte, size int) ([]byte, error) {
	if !bytes.HasPrefix(packed, []byte("CK")) {
		return nil, malformed("MSZIP block")
	}
	copy(z.out[:cabBlock], z.out[z.last:z.last+cabBlock])
	z.n, z.last = min(z.n+z.last, cabBlock), size
	z.in.Reset(packed[2:])
	before := z.out[cabBlock-z.n : cabBlock]
	if z.flate == nil {
		z.flate = flate.NewReaderDict(&z.in, before)
	} else if err := z.flate.(flate.Resetter).Reset(&z.in, before); err != nil {
		return nil, fault(err)
	}
	out := z.out[cabBlock : cabBlock+size]
	if _, err := io.ReadFull(z.flate, out); err != nil {
		return nil, malformed("compressed data do not decode")
	}
	return out, nil
}
