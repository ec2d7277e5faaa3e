package format

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"slices"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

// An xzBlock is what the header of a block says, and what was seen of its data.
type xzBlock struct {
	header       int   // bytes of the header
	packed, size int64 // declared lengths of the data, as they are and decoded; -1: not declared
	dict         int64 // bytes of the dictionary, no more than come out
	filters      []xzFilter
	check        byte

	used, made int64  // of packed and size
	sum        []byte // what the checksum of the data should be
	err        error  // what is wrong around the data
}

// An xzFilter is what the data go through before LZMA2 packs them.
type xzFilter struct {
	processor *codec.Processor // nil: Delta
	at        uint32           // address of the first byte
	far       byte             // of Delta
}

const (
	xzDelta = 0x3
	xzLZMA2 = 0x21
	xzMost  = 1<<63 - 2048 // a block with all around it has no more than 1<<63 - 1 bytes
)

// xzHashes are the checks: none has no bytes.
var xzHashes = map[byte]func() hash.Hash{
	0x0: nil,
	0x1: func() hash.Hash { return crc32.NewIEEE() },
	0x4: func() hash.Hash { return crc64.New(xzSum) },
	0xa: sha256.New,
}

// xzHashLen is how long a check is, also one that is not known.
var xzHashLen = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// readXZBlock reads the header of a block, the first byte of which was read.
func readXZBlock(r io.Reader, first, check byte) (*xzBlock, error) {
	b := make([]byte, (int(first)+1)*4)
	b[0] = first
	if _, err := io.ReadFull(r, b[1:]); err != nil {
		return nil, fault(err)
	}
	body, sum := b[1:len(b)-4], b[len(b)-4:]
	if crc32.ChecksumIEEE(b[:len(b)-4]) != binary.LittleEndian.Uint32(sum) {
		return nil, malformed("checksum of an xz block header")
	}
	flags := body[0]
	h := &xzFields{b: body[1:]}
	z := &xzBlock{header: len(b), packed: -1, size: -1, check: check}
	if flags&0x40 != 0 {
		z.packed = h.number()
		h.bad = h.bad || z.packed == 0 || z.packed > xzMost
	}
	if flags&0x80 != 0 {
		z.size = h.number()
	}
	known := flags&0x3c == 0
	for i := range flags&3 + 1 {
		id, props := h.number(), h.take(h.number())
		known = known && z.filter(id, props, i == flags&3)
	}
	switch {
	case h.bad:
		return nil, malformed("xz block header")
	case !known || !bytes.Equal(h.b, make([]byte, len(h.b))):
		return nil, unsupported("xz with a filter that is not known")
	}
	if z.size >= 0 {
		z.dict = min(z.dict, z.size)
	}
	if z.dict > maxWindow {
		return nil, &scanner.Problem{Reason: scanner.TooLarge, Detail: "xz window larger than the limit"}
	}
	return z, nil
}

// filter adds a filter, of which the last is LZMA2, and reports whether it may
// stand there.
func (z *xzBlock) filter(id int64, props []byte, last bool) bool {
	switch {
	case last:
		if id != xzLZMA2 || len(props) != 1 || props[0] > 40 {
			return false
		}
		z.dict = int64(2|props[0]&1) << (props[0]/2 + 11)
		return true
	case id == xzDelta && len(props) == 1:
		z.filters = append(z.filters, xzFilter{far: props[0] + 1})
		return true
	}
	for i := range codec.Processors {
		p := &codec.Processors[i]
		if p.XZ != uint64(id) || len(props) != 0 && len(props) != 4 {
			continue
		}
		f := xzFilter{processor: p}
		if len(props) == 4 {
			f.at = binary.LittleEndian.Uint32(props)
		}
		z.filters = append(z.filters, f)
		return f.at%p.Align == 0
	}
	return false
}

// unfilter returns what the data were that went through the filters.
func (z *xzBlock) unfilter(r io.Reader) io.Reader {
	for _, f := range slices.Backward(z.filters) {
		if f.processor == nil {
			r = codec.NewDelta(r, f.far)
		} else {
			r = codec.NewBranches(r, f.processor, f.at)
		}
	}
	return r
}

// end reads what is behind the data, and compares their lengths to what was declared.
func (z *xzBlock) end(br *bufio.Reader) error {
	if z.packed >= 0 && z.used != z.packed || z.size >= 0 && z.made != z.size {
		return malformed("xz block is shorter than it says")
	}
	zeros, err := xzZeros(br, z.used)
	if err != nil {
		return err
	}
	if !zeros {
		return malformed("xz block padding")
	}
	z.sum = make([]byte, xzHashLen[z.check])
	if _, err := io.ReadFull(br, z.sum); err != nil {
		return fault(err)
	}
	return nil
}

// hash returns what makes the checksum of the data; nil where there is none, or of
// a kind that is not known.
func (z *xzBlock) hash() hash.Hash {
	if make := xzHashes[z.check]; make != nil {
		return make()
	}
	return nil
}

// verify returns what is wrong with the block, of which sum has all data.
func (z *xzBlock) verify(sum hash.Hash) error {
	if z.err != nil || sum == nil {
		return z.err
	}
	b := sum.Sum(nil)
	if len(b) <= 8 { // the sums of CRC are written as numbers
		slices.Reverse(b)
	}
	if !bytes.Equal(b, z.sum) {
		return malformed("checksum")
	}
	return nil
}

// xzFields are the fields of a header that are not read yet.
type xzFields struct {
	b   []byte
	bad bool // they ended too early, or a number was not as it should be
}

// number reads a number of 63 bits, seven in a byte, in as few bytes as it takes.
func (h *xzFields) number() int64 {
	v, n := binary.Uvarint(h.b)
	if n <= 0 || n > 9 || n > 1 && h.b[n-1] == 0 {
		h.b, h.bad = nil, true
		return 0
	}
	h.b = h.b[n:]
	return int64(v)
}

func (h *xzFields) take(n int64) []byte {
	if n > int64(len(h.b)) {
		h.b, h.bad = nil, true
		return nil
	}
	b := h.b[:n]
	h.b = h.b[n:]
	return b
}
