package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"hash/crc64"
	"io"
	"strings"

	"vigie/scanner/format/codec"
)

const xzMagic = "\xfd7zXZ\x00"

const (
	xzHeader = 12 // bytes of a stream header, and of a footer
	xzPadded = 4  // all but the data of a stream is padded to multiples of
)

// An xzWalk goes through what is around the data in an .xz file (xz-file-format.txt
// 1.2) and checks it: streams with padding between them, in each a header, blocks,
// an index of them and a footer. Errors are *Problems or the trouble of br.
type xzWalk struct {
	br      *bufio.Reader
	block   *xzBlock // whose parts come next; nil: a header does
	unknown bool     // there was a check of a kind that is not known

	begun  bool   // there was a stream
	open   bool   // its footer is still to come
	check  byte   // of its blocks
	blocks uint64 // there were
	length int64  // of what the index should say of them
	sum    uint64 // the checksum of that
}

// next reads what comes before the data of the next block. io.EOF is the end of the last
// stream.
func (w *xzWalk) next() (*xzBlock, error) {
	for {
		if !w.open {
			if err := w.header(); err != nil {
				return nil, err
			}
		}
		size, err := w.br.ReadByte()
		switch {
		case err != nil:
			return nil, fault(err)
		case size > 0:
			w.block, err = readXZBlock(w.br, size, w.check)
			return w.block, err
		}
		if err := w.index(); err != nil {
			return nil, err
		}
		w.open = false
	}
}

// header reads the header of the next stream, and the padding before it.
func (w *xzWalk) header() error {
	for w.begun {
		b, err := w.br.Peek(xzPadded)
		if err == io.EOF && len(b) == 0 {
			return err
		}
		if err != nil && err != io.EOF {
			return fault(err)
		}
		if b[0] != 0 {
			break
		}
		if !bytes.Equal(b, make([]byte, xzPadded)) {
			return malformed("xz padding behind the end")
		}
		w.br.Discard(xzPadded)
	}
	var b [xzHeader]byte
	n, err := io.ReadFull(w.br, b[:])
	begins := strings.HasPrefix(string(b[:n]), xzMagic) || strings.HasPrefix(xzMagic, string(b[:n]))
	switch {
	case !begins && w.begun:
		return malformed("something that is not xz follows the end")
	case err != nil:
		return fault(err)
	case !begins, crc32.ChecksumIEEE(b[6:8]) != binary.LittleEndian.Uint32(b[8:]):
		return malformed("xz header")
	case b[6] != 0 || b[7] > 15:
		return unsupported("xz with flags that are not known")
	}
	w.begun, w.open, w.check = true, true, b[7]
	w.blocks, w.length, w.sum = 0, 0, 0
	if _, known := xzHashes[w.check]; !known {
		w.unknown = true
	}
	return nil
}

// part reads the next part of LZMA2 of the block into b. With the last of them comes
// io.EOF, or what is wrong behind it, which block.err has too. A part with another
// error may not be a whole one.
func (w *xzWalk) part(b []byte) ([]byte, error) {
	p, err := codec.ReadPart(w.br, b)
	z := w.block
	z.used += int64(len(p))
	if len(p) > 0 {
		z.made += int64(codec.PartSize(p))
	}
	switch {
	case z.packed >= 0 && z.used > z.packed:
		p, err = p[:max(0, int64(len(p))-(z.used-z.packed))], malformed("xz block is longer than it says")
	case z.size >= 0 && z.made > z.size:
		p, err = nil, malformed("xz block is longer than it says")
	case err == io.EOF && p[0] == 0:
		w.block = nil
		if err = z.end(w.br); err == nil {
			w.note(z)
			return p, io.EOF
		}
	}
	switch err {
	case nil:
	case io.EOF:
		err = malformed("compressed data do not decode")
	default:
		err = fault(err)
	}
	z.err = err
	return p, err
}

var xzSum = crc64.MakeTable(crc64.ECMA)

// note keeps what the index should say of a block.
func (w *xzWalk) note(z *xzBlock) {
	b := binary.AppendUvarint(nil, uint64(int64(z.header)+z.used+int64(len(z.sum))))
	b = binary.AppendUvarint(b, uint64(z.made))
	w.blocks++
	w.length += int64(len(b))
	w.sum = crc64.Update(w.sum, xzSum, b)
}

// index reads the index, whose first byte was read, and the footer behind it. There
// is but one way to write what it should say.
func (w *xzWalk) index() error {
	all := crc32.NewIEEE()
	all.Write([]byte{0})
	r := io.TeeReader(w.br, all)
	said := binary.AppendUvarint(nil, w.blocks)
	count := make([]byte, len(said))
	if _, err := io.ReadFull(r, count); err != nil {
		return fault(err)
	}
	if !bytes.Equal(count, said) {
		return malformed("xz index")
	}
	records := crc64.New(xzSum)
	if _, err := io.CopyN(records, r, w.length); err != nil {
		return fault(err)
	}
	size := 1 + int64(len(said)) + w.length
	zeros, err := xzZeros(r, size)
	if err != nil {
		return err
	}
	var b [4 + xzHeader]byte
	sum := all.Sum32()
	if _, err := io.ReadFull(w.br, b[:]); err != nil {
		return fault(err)
	}
	size += padding(size, xzPadded)
	footer := b[4:]
	switch {
	case !zeros || records.Sum64() != w.sum || sum != binary.LittleEndian.Uint32(b[:]):
		return malformed("xz index")
	case string(footer[10:]) != "YZ", crc32.ChecksumIEEE(footer[4:10]) != binary.LittleEndian.Uint32(footer),
		(int64(binary.LittleEndian.Uint32(footer[4:]))+1)*xzPadded != size+4, footer[8] != 0 || footer[9] != w.check:
		return malformed("xz footer")
	}
	return nil
}

// xzZeros reads what pads size bytes, and reports whether it is zeros.
func xzZeros(r io.Reader, size int64) (bool, error) {
	var b [xzPadded]byte
	pad := b[:padding(size, xzPadded)]
	if _, err := io.ReadFull(r, pad); err != nil {
		return false, fault(err)
	}
	return b == [xzPadded]byte{}, nil
}
