package format

import (
	"bufio"
	"io"

	"vigie/scanner/format/codec"
)

// beginning reads the first block of an archive without the list that says how
// it is packed: LZMA2 tells by itself, LZMA nearly always has the properties
// that 7-Zip gives it, and what is stored and text needs none. It is nil where
// nothing comes out. Members are not told apart.
func (z *sevenZip) beginning() io.Reader {
	packed := func() *bufio.Reader {
		return bufio.NewReaderSize(io.NewSectionReader(&z.source, sevenStart, max(z.size-sevenStart, 0)), 64<<10)
	}
	const usual = 0x5d                 // lc 3, lp 0, pb 2
	dict := min(maxWindow, 256*z.size) // nothing is packed better than that and needs its beginning
	head, _ := packed().Peek(4 << 10)
	var r io.Reader
	least := 1
	switch {
	case len(head) < 32:
		return nil
	case !binaryTail(head):
		r = io.MultiReader(packed(), failing{truncated("ends in the middle")})
	case head[0] == 0:
		lzma, err := codec.NewLZMA(packed(), usual, dict, -1)
		if err != nil {
			return nil
		}
		r, least = lzma, 256 // nonsense decodes to less
	default:
		r = codec.NewLZMA2(packed(), dict)
	}
	plain := bufio.NewReaderSize(&sevenDecoding{z: z, r: r, left: -1}, 64<<10)
	if b, _ := plain.Peek(least); len(b) < least {
		return nil
	}
	return plain
}

// A failing reader gives nothing but its error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
