package format

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"runtime"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

var xzCoding = coding{
	name:    "xz",
	endings: ".xz . .txz .tar",
	decode:  func(r io.Reader) (io.Reader, error) { return newXZ(r), nil },
	window:  func(head []byte) int64 { return firstXZBlock(head).dict },
}

var xzFormat = scanner.Format{
	Name: "xz",
	Doc: `xz

One member, which may be several streams one after another, also behind the
filters for programs (x86, ARM, ARM64, PPC, SPARC, IA-64, RISC-V) and Delta. Blocks
that tell their sizes, as xz writes them with several threads, are decoded on
several processors. Dictionaries of more than 64 MiB are refused; a check of a
kind that is not known is passed over, and that is reported.`,
	Match:  func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte(xzMagic)) },
	Unpack: unpackXZ,
}

// xzRoom is what decoding ahead may hold beside the scan: room for more than one of
// the blocks that `xz -6` writes.
var xzRoom = codec.Room{Dicts: 32 << 20, Parts: 128, Slabs: 24}

const (
	xzLeast  = 1 << 20 // bytes in a block that is worth a lane
	xzAround = 2 << 10 // more than there is around the only block of a file
)

// unpackXZ decodes on several processors where the large slot is free and the first
// block says that it is worth it.
func unpackXZ(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	z := xzCoding
	first := firstXZBlock(c.Head())
	if first.dict <= smallWindow && first.size >= xzLeast && first.packed >= 0 && (c.Size() < 0 || first.packed < c.Size()-xzAround) {
		give, ok := c.Spare()
		defer give()
		if ok {
			var x *xzReader
			z.decode = func(r io.Reader) (io.Reader, error) {
				x = newXZ(r)
				x.several(first.dict, runtime.GOMAXPROCS(0))
				return x, nil
			}
			defer func() { x.close() }()
		}
	}
	return z.unpack(ctx, c, yield)
}

// firstXZBlock returns what the first block says; one without anything where there
// is none.
func firstXZBlock(head []byte) *xzBlock {
	w := xzWalk{br: bufio.NewReader(bytes.NewReader(head))}
	if b, err := w.next(); err == nil {
		return b
	}
	return &xzBlock{}
}
