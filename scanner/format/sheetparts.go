package format

import (
	"context"
	"io"

	"vigie/scanner"
)

const (
	partFree  = 256 << 20
	partRatio = 250 // bytes of the parts to those of the document, past partFree
)

// packageParts reads the parts of a document that is a zip: what is wrong with one
// does not keep the others from being read.
type packageParts struct {
	ctx   context.Context
	c     *scanner.Content
	sheet sheet
	out   int64 // bytes of the parts
	fault error // the first problem with a part
}

func (b *packageParts) open(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) {
	b.ctx, b.c = ctx, c
	b.sheet = sheet{ctx: ctx, yield: yield}
}

// part opens a part and remembers what is wrong with it. It returns an error
// only where the workbook is not to be read any further.
func (b *packageParts) part(o scanner.Object, read func(io.Reader) error) error {
	rc, err := o.Open(b.ctx, 0, -1)
	if err == nil {
		err = read(&partReader{b, rc})
		rc.Close()
	}
	if err != nil && b.fault == nil && isProblem(err) {
		b.fault = err
	}
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case !isProblem(err):
		b.sheet.stop = err
		return err
	}
	return nil
}

// A partReader counts what comes out of the parts: an archive of zeros is no
// workbook.
type partReader struct {
	b *packageParts
	r io.Reader
}

func (p *partReader) Read(buf []byte) (int, error) {
	n, err := p.r.Read(buf)
	p.b.out += int64(n)
	if p.b.out > partFree && p.b.out/partRatio > p.b.c.Size() {
		return n, &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
	}
	return n, err
}
