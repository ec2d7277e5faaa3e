package format

import (
	"context"

	"vigie/scanner"
)

var sqlFormat = scanner.Format{
	Name:  "sql",
	Doc:   "SQL dumps",
	Match: func(string, []byte) bool { return false },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := document{ctx: ctx, yield: yield}
		return d.read(c.Stream())
	},
}
