package format

import (
	"cmp"
	"context"
	"io"
	"strings"

	"vigie/scanner"
)

var xlsFormat = scanner.Format{
	Name: "xls",
	Doc: `Excel 95 to 2003 workbooks (XLS: BIFF5 and BIFF8 in a compound file, or XML)

Each sheet is a table, hidden ones too: a row a record, with the titles that the
same rows would have in a CSV. Shared strings of any size, what formulas came to,
booleans, errors; dates by their number format, in ISO 8601, of both date systems;
text in the code page of the workbook. What pivot tables keep of the rows they were
made from is a table too, whether their sheet is there or not. Lines before the
titles, comments, links, headers, footers and properties (author, title) are running
text. Other streams are members: embedded documents. Macros are reported. Encrypted
workbooks are reported, and so are XLSX that are encrypted. Other compound files (DOC, MSG, MSI) are reported, and
the sieve looks over them.`,
	Match:  func(_ string, head []byte) bool { return isOLE(head) || isXMLSpreadsheet(head) },
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
	if !isOLE(c.Head()) {
		return nil
	}
	o, books, err := openXLS(ctx, c)
	if err != nil {
		return nil // Read says so
	}
	if len(books) == 0 {
		if f := o.format(); f != nil {
			return f.Unpack(ctx, c, yield)
		}
		return nil
	}
	for i := range o.streams {
		if s := &o.streams[i]; xlsStream(s.path) == xlsMember {
			if err := yield(o.object(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

// What is done with the streams of a workbook.
const (
	xlsMember     = iota // handed over
	xlsOwn               // read as the workbook, or nothing of anybody is in it
	xlsProperties        // read as text
	xlsCache             // of a pivot table
	xlsMacros            // not read
)

func xlsStream(path string) int {
	top, base := path, path
	if i := strings.IndexByte(path, '/'); i >= 0 {
		top, base = path[:i], path[strings.LastIndexByte(path, '/')+1:]
	}
	switch {
	case top == "_VBA_PROJECT_CUR", top == "_VBA_PROJECT":
		return xlsMacros
	case top == "_SX_DB_CUR", top == "_SX_DB":
		return xlsCache
	case path == "Workbook", path == "Book", base == "CompObj", base == "Ole", base == "ObjInfo":
		return xlsOwn
	case base == "SummaryInformation", base == "DocumentSummaryInformation":
		return xlsProperties
	}
	return xlsMember
}

func readXLS(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	if !isOLE(c.Head()) {
		return readXMLSpreadsheet(ctx, c.Stream(), yield)
	}
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
		err := b.read(o.open(books[0]))
		if !isProblem(err) || b.locked {
			return err
		}
		return cmp.Or(err, b.others(o))
	case o.find("EncryptedPackage") != nil:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Office document"}
	}
	if f := o.format(); f != nil {
		return f.Read(ctx, c, yield)
	}
	if err := readRaw(ctx, c, yield); err != nil {
		return err
	}
	if o.find("VBA/dir") != nil {
		return unsupported("macros; only the sieve looked at them")
	}
	return unsupported("OLE2 document (doc, msg, msi); only the sieve looked at it")
}

// others reads the properties and the caches of pivot tables, and tells of macros.
func (b *xlsBook) others(o *ole) error {
	macros := false
	var spoilt error
	for i := range o.streams {
		switch s := &o.streams[i]; xlsStream(s.path) {
		case xlsMacros:
			macros = true
		case xlsCache:
			err := b.pivot(o.open(s))
			if !isProblem(err) {
				return err
			}
			spoilt = cmp.Or(spoilt, err)
		case xlsProperties:
			p, err := io.ReadAll(io.LimitReader(o.open(s), xlsMostProperties))
			if err != nil {
				return fault(err)
			}
			b.value, _ = oleProperties(b.value[:0], p)
			b.sheet.other = append(b.sheet.other, b.value...)
		}
	}
	b.sheet.flushOther()
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case spoilt != nil:
		return spoilt
	case macros:
		return unsupported("macros of the workbook")
	}
	return nil
}

// xlsMostProperties is how many bytes of properties are read.
const xlsMostProperties = 256 << 10
