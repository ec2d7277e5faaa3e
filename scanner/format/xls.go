package format

import (
	"context"

	"vigie/scanner"
)

var xlsFormat = scanner.Format{
	Name: "xls",
	Doc: `Excel 95 to 2003 workbooks (XLS: BIFF5 and BIFF8 in a compound file)

Each sheet is a table, hidden ones too: a row a record, with the titles that the
same rows would have in a CSV. Shared strings of any size, what formulas came to,
booleans, errors; dates by their number format, in ISO 8601, of both date systems;
text in the code page of the workbook. Lines before the titles, comments, links,
headers and footers are running text. Other streams are members: caches of pivot
tables, embedded documents, properties. Encrypted workbooks are reported, and so
are XLSX that are encrypted. Other compound files (DOC, MSG, MSI) are reported, and
the sieve looks over them.`,
	Match:  func(_ string, head []byte) bool { return isOLE(head) },
	Unpack: unpackXLS,
	Read:   readXLS,
}

// openXLS opens the compound file; no streams of a workbook: it is something else.
func openXLS(ctx context.Context, c *scanner.Content) (o *ole, books []*oleStream, err error) {
	at, size, err := c.At(ctx)
	if err != nil {
		return nil, nil, err
	}
	if o, err = openOLE(at, size); err != nil {
		return nil, nil, err
	}
	for _, name := range []string{"Workbook", "Book"} {
		if s := o.find(name); s != nil {
			return o, []*oleStream{s}, nil
		}
	}
	return o, nil, nil
}

func unpackXLS(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	o, books, err := openXLS(ctx, c)
	if err != nil || len(books) == 0 {
		return nil // Read says so
	}
	for i := range o.streams {
		switch s := &o.streams[i]; s.path {
		case "Workbook", "Book", "CompObj":
		default:
			if err := yield(o.object(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

func readXLS(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	o, books, err := openXLS(ctx, c)
	switch {
	case !isProblem(err):
		return err
	case err != nil:
		if rerr := readRaw(ctx, c, yield); !isProblem(rerr) {
			return rerr
		}
		return err
	case len(books) > 0:
		b := &xlsBook{names: make(sheetNames), ctx: ctx}
		b.sheet = sheet{ctx: ctx, yield: yield}
		b.sheet.begin("")
		defer b.strings.close()
		return b.read(o.open(books[0]))
	case o.find("EncryptedPackage") != nil:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Office document"}
	}
	if err := readRaw(ctx, c, yield); err != nil {
		return err
	}
	return unsupported("OLE2 document (doc, msg, msi); only the sieve looked at it")
}
