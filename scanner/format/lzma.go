package format

import (
	"bufio"
	"encoding/binary"
	"io"
	"math/bits"
	"strings"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

var lzmaCoding = coding{
	name:    "LZMA",
	endings: ".lzma . .tlz .tar",
	decode:  func(r io.Reader) (io.Reader, error) { return openLZMA(bufio.NewReaderSize(r, 32<<10), maxWindow) },
	window: func(head []byte) int64 {
		if len(head) < lzmaHeaderLen {
			return 0
		}
		dict, size := lzmaSizes(head)
		if size >= 0 {
			dict = min(dict, size)
		}
		return min(dict, maxWindow)
	},
}

var lzmaFormat = scanner.Format{
	Name: "lzma",
	Doc: `LZMA

The form before xz, which has no magic number: recognised by the endings .lzma
and .tlz, and a header that could be one.`,
	Match: func(name string, head []byte) bool {
		return (strings.HasSuffix(name, ".lzma") || strings.HasSuffix(name, ".tlz")) && lzmaHeader(head)
	},
	Unpack: lzmaCoding.unpack,
}

const lzmaHeaderLen = 13 // of an .lzma file

// lzmaHeader checks the header, and that the first byte of the
// range coder is zero: properties, a dictionary of 2ⁿ or 2ⁿ+2ⁿ⁻¹ bytes, and a
// length below 1 TiB, or all ones when it is not known.
func lzmaHeader(head []byte) bool {
	if len(head) <= lzmaHeaderLen || head[0] >= 9*5*5 || head[lzmaHeaderLen] != 0 {
		return false
	}
	dict, size := lzmaSizes(head)
	ones := bits.OnesCount32(uint32(dict))
	round := ones == 1 || ones == 2 && dict&(dict>>1) != 0 || ones == 32
	return round && (size < 1<<40 && size >= 0 || binary.LittleEndian.Uint64(head[5:]) == 1<<64-1)
}

// lzmaSizes takes the sizes of the dictionary and of what comes out, -1 when it is
// not known, from the header.
func lzmaSizes(head []byte) (dict, size int64) {
	dict, size = int64(binary.LittleEndian.Uint32(head[1:])), int64(binary.LittleEndian.Uint64(head[5:]))
	return dict, max(size, -1)
}

// openLZMA reads an .lzma file: a header, and LZMA. A dictionary of
// more than window bytes is refused, unless fewer come out.
func openLZMA(br *bufio.Reader, window int64) (io.Reader, error) {
	var head [lzmaHeaderLen]byte
	if _, err := io.ReadFull(br, head[:]); err != nil {
		return nil, fault(err)
	}
	dict, size := lzmaSizes(head[:])
	if dict > window && (size < 0 || size > window) {
		return nil, &scanner.Problem{Reason: scanner.TooLarge, Detail: "LZMA window larger than the limit"}
	}
	return codec.NewLZMA(br, head[0], dict, size)
}
