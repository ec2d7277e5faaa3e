package format

import (
	"bytes"
	"context"
	"io"

	"vigie/scanner"
)

var binaryFormat = scanner.Format{
	Name: "binary",
	Doc: `Unknown bytes

What no other format knows. The sieve looks over the bytes as they lie, and a
problem says that this is all that was done.`,
	Match: func(string, []byte) bool { return true },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		zeros := true
		err := readRaw(ctx, c, func(b *scanner.Block) error {
			zeros = zeros && allZero(b.Text)
			return yield(b)
		})
		if err != nil || zeros {
			return err
		}
		return unsupported("unknown binary; only the sieve looked at it")
	},
}

// rawTail is how far from its end a block of raw bytes is searched for a place
// where no value is cut in two.
const rawTail = 256

// readRaw hands over an object as running text, without looking what it is.
func readRaw(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	return rawText(ctx, c.Stream(), yield)
}

// rawText is readRaw of a stream.
func rawText(ctx context.Context, in io.Reader, yield func(*scanner.Block) error) error {
	var s slab
	s.open(in, slabSize)
	defer s.close()
	for s.more(slabSize) {
		if err := ctx.Err(); err != nil {
			return err
		}
		text := s.text()
		if !s.done {
			text = text[:rawCut(text)]
		}
		if len(text) > 0 {
			if err := yield(&scanner.Block{Text: text, At: s.off}); err != nil {
				return err
			}
		}
		s.drop(len(text))
	}
	if s.err != nil {
		return fault(s.err)
	}
	return nil
}

// rawCut returns the length of text up to the last separator near its end, or
// all of it.
func rawCut(text []byte) int {
	from := max(len(text)-rawTail, 0)
	if i := bytes.LastIndexAny(text[from:], "\x00\n\r\t \x1e\x1f"); i >= 0 {
		return from + i + 1
	}
	return len(text)
}
