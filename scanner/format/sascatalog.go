package format

import (
	"context"

	"vigie/scanner"
)

var catalogFormat = scanner.Format{
	Name: "sas7bcat",
	Doc: `SAS catalog (.sas7bcat)

The names of values that PROC FORMAT defines, and other texts of a catalog, are read
as running text. They are not put in the place of the values in tables.`,
	Match: func(_ string, head []byte) bool {
		return len(head) > 288 && string(head[:16]) == sasMagic[:15]+"\x63" && string(head[16:28]) == sasMagic[16:]
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		code := sasCode(c.Head()[70])
		return readRaw(ctx, c, func(b *scanner.Block) error {
			if code != nil {
				b.Text = appendCharmap(nil, b.Text, code)
			}
			return yield(b)
		})
	},
}
