package format

import (
	"context"

	"vigie/scanner"
)

// asText hands over what is left, of a document that turned out to be another
// than its beginning said, as running text with tables in it. problem says that
// it is neither.
func (s *slab) asText(ctx context.Context, yield func(*scanner.Block) error, problem string) error {
	head := s.text()
	head = head[:min(len(head), headSize)]
	if !isText(head) {
		return malformed(problem)
	}
	d := document{ctx: ctx, yield: yield, in: *s, row: rowByte(head)}
	defer func() { *s = d.in }()
	for !d.in.done || d.in.lo < d.in.hi {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		step := d.prose
		if d.table != nil {
			step = d.rows
		}
		if err := step(); err != nil {
			return err
		}
	}
	return fault(d.in.err)
}
