package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"strings"

	"github.com/mikelolasagasti/xz"

	"vigie/scanner"
)

var xzCoding = coding{
	name:    "xz",
	endings: ".xz . .txz .tar",
	decode: func(r io.Reader) (io.Reader, error) {
		z, err := xz.NewReader(r, maxWindow)
		return piecemeal{z, 64}, err
	},
}

var xzFormat = scanner.Format{
	Name: "xz",
	Doc: `xz

One member, which may be several streams one after another, with dictionaries
of 64 MiB at most; larger ones are reported.`,
	Match:  func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")) },
	Unpack: xzCoding.unpack,
}

var lzmaCoding = coding{
	name:    "LZMA",
	endings: ".lzma . .tlz .tar",
	decode:  func(r io.Reader) (io.Reader, error) { return openLZMA(bufio.NewReaderSize(r, 32<<10), maxWindow) },
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

// lzmaHeader checks the 13 bytes of the header, and that the first byte of the
// range coder is zero: properties, a dictionary of 2ⁿ or 2ⁿ+2ⁿ⁻¹ bytes, and a
// length below 1 TiB, or all ones when it is not known.
func lzmaHeader(head []byte) bool {
	if len(head) < 14 || head[0] >= 9*5*5 || head[13] != 0 {
		return false
	}
	dict, size := binary.LittleEndian.Uint32(head[1:]), binary.LittleEndian.Uint64(head[5:])
	ones := bits.OnesCount32(dict)
	round := ones == 1 || ones == 2 && dict&(dict>>1) != 0 || ones == 32
	return round && (size < 1<<40 || size == 1<<64-1)
}
