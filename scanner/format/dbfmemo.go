package format

import (
	"context"
	"encoding/binary"
	"path"

	"vigie/scanner"
)

var memoFormat = scanner.Format{
	Name: "dbf memo",
	Doc: `Texts beside a dBase table (.dbt, .fpt)

Of dBase III and IV and FoxPro: all that they hold is read as running text, also
what no record refers to any more. It is not joined to the records of the table.`,
	Match: isMemo,
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readRaw(ctx, c, func(b *scanner.Block) error {
			b.Text = legacy(b.Text)
			return yield(b)
		})
	},
}

// isMemo recognises the header: the number of the next free block, the rest mostly
// zero. That is too little without the name.
func isMemo(name string, head []byte) bool {
	if len(head) < 512 {
		return false
	}
	switch path.Ext(name) {
	case ".dbt":
		next := binary.LittleEndian.Uint32(head)
		return next > 0 && next < 1<<30 && allZero(head[24:512]) || allZero(head[4:512])
	case ".fpt":
		next, size := binary.BigEndian.Uint32(head), binary.BigEndian.Uint16(head[6:])
		return next > 0 && size > 0 && allZero(head[4:6])
	}
	return false
}
