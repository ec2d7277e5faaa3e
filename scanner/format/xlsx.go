package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

var xlsxFormat = scanner.Format{
	Name: "xlsx",
	Doc: `Excel workbooks (XLSX, XLSM, and their templates)

Each sheet is a table, hidden ones too: a row a record, with the titles that the
same rows would have in a CSV. Shared strings of any size, strings in cells, rich
text, what formulas came to, booleans, errors; dates by their number format, in
ISO 8601, of both date systems; numbers without exponent, and with the zeros in
front that their format shows. What pivot tables keep of the rows they were made
from is a table too ("pivot cache of SHEET"), whether the sheet is there or not, and
so is what is kept of the cells of other workbooks. Lines before the titles, headers,
footers and the lists that cells choose from are running text. Formulas themselves
are not read; a cell is cut at 64 KiB. Comments, drawings, properties, pictures and
embedded documents are members. An encrypted workbook is reported,
and so is a binary one (XLSB), of which the sieve sees the parts.`,
	Match:  matchXLSX,
	Unpack: unpackXLSX,
	Read:   readXLSX,
}

// matchXLSX looks at the names of the parts whose local headers are in the head.
// The first must be one that begins such packages, or a zip in which an xlsx is
// stored would be taken for it.
func matchXLSX(name string, head []byte) bool {
	first, sheet, other := headParts(head, "xl/")
	if !first {
		return false
	}
	return sheet || !other && slices.Contains([]string{".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb"}, path.Ext(name))
}

// headParts reads the local headers in the head of an OPC package. first: the
// first part is one that such packages begin with; in: some lie in the folder;
// other: some lie in one of other programs.
func headParts(head []byte, folder string) (first, in, other bool) {
	for pos := 0; pos+zipLocalLen <= len(head) && bytes.HasPrefix(head[pos:], []byte(zipLocal)); {
		n := int(binary.LittleEndian.Uint16(head[pos+26:]))
		part := strings.ToLower(string(head[pos+zipLocalLen : min(pos+zipLocalLen+n, len(head))]))
		part = strings.TrimPrefix(strings.ReplaceAll(part, `\`, "/"), "/")
		top, _, _ := strings.Cut(part, "/")
		switch top {
		case "[content_types].xml", "_rels", "docprops", "customxml", "xl", "word", "ppt":
		default:
			if pos == 0 {
				return false, false, false
			}
		}
		first = true
		in = in || strings.HasPrefix(part, folder)
		other = other || top == "word" || top == "ppt"
		next := bytes.Index(head[pos+4:], []byte(zipLocal))
		if next < 0 {
			break
		}
		pos += 4 + next
	}
	return first, in, other
}

// Parts of a workbook, by what is done with them.
const (
	partMember = iota // handed over
	partSheet
	partStrings
	partBook
	partLinks // where the parts of the workbook lie
	partStyles
	partIdle   // nothing of anybody is in it
	partPivot  // of the cache of a pivot table
	partLinked // what is kept of another workbook
	partBinary // of an XLSB
)

// xlsxPart tells a part by its name.
func xlsxPart(name string) int {
	name = strings.ToLower(name)
	dir, base := path.Split(name)
	switch {
	case strings.HasSuffix(dir, "worksheets/") && path.Ext(base) == ".xml":
		return partSheet
	case base == "sharedstrings.xml":
		return partStrings
	case dir == "xl/" && base == "workbook.xml":
		return partBook
	case base == "workbook.xml.rels":
		return partLinks
	case dir == "xl/" && base == "styles.xml":
		return partStyles
	case base == "[content_types].xml", base == "calcchain.xml", name == "_rels/.rels", strings.HasPrefix(base, "printersettings"),
		dir == "xl/theme/" && path.Ext(base) == ".xml":
		return partIdle
	case path.Ext(base) == ".xml" && (strings.HasPrefix(base, pivotDefinition) || strings.HasPrefix(base, pivotRecords)):
		return partPivot
	case dir == "xl/externallinks/" && path.Ext(base) == ".xml":
		return partLinked
	case dir == "xl/" && base == "workbook.bin":
		return partBinary
	}
	return partMember
}

// unpackXLSX hands over what readXLSX does not read.
func unpackXLSX(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	return unpackZip(ctx, c, func(o scanner.Object) error {
		if kind := xlsxPart(o.Path); kind != partMember && kind != partBinary {
			return nil
		}
		return yield(o)
	})
}

const (
	bookSheets = 10_000  // sheets of a workbook
	bookStyles = 1 << 17 // formats of its cells
)

// A workbook is what must be known before its sheets are read.
type workbook struct {
	packageParts
	names sheetNames

	strings  sharedStrings
	listed   []listedSheet
	targets  map[string]string // of relations, by their id
	formats  []numberFormat    // by style
	from1904 bool
	sheets   []scanner.Object // that can be opened later
	pivots   []scanner.Object // parts of caches, too
	cache    *pivotCache      // at hand
	later    bool             // some went by that can not
	binary   bool
	began    bool // sharedStrings
	lost     bool // strings that cells name are not there
}

// A listedSheet is a sheet as the workbook lists it.
type listedSheet struct{ name, state, link string }

func readXLSX(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	b := &workbook{names: make(sheetNames), targets: make(map[string]string)}
	b.packageParts.open(ctx, c, yield)
	defer b.strings.close()
	err := unpackZip(ctx, c, b.prepare)
	if b.sheet.stop == nil && isProblem(err) {
		for _, o := range b.inOrder() {
			if b.read(o) != nil {
				break
			}
		}
		if b.later {
			unpackZip(ctx, c, func(o scanner.Object) error {
				switch xlsxPart(o.Path) {
				case partSheet, partLinked:
					return b.read(o)
				case partPivot:
					return b.pivot(o)
				}
				return nil
			})
		}
		b.readPivots()
		b.leftStrings()
	}
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case err != nil:
		return err
	case b.fault != nil:
		return b.fault
	case b.binary:
		return unsupported("Excel binary workbook (XLSB)")
	case b.lost:
		return malformed("cells name shared strings that are not there")
	}
	return nil
}

// prepare takes a part that is no sheet, and keeps sheets for later.
func (b *workbook) prepare(o scanner.Object) error {
	switch kind := xlsxPart(o.Path); kind {
	case partSheet, partLinked, partPivot:
		if !o.Apart {
			b.later = true
		} else if len(b.sheets)+len(b.pivots) < bookSheets {
			if kind == partPivot {
				b.pivots = append(b.pivots, o)
			} else {
				b.sheets = append(b.sheets, o)
			}
		} else if b.fault == nil {
			b.fault = &scanner.Problem{Reason: scanner.TooMany, Detail: "more sheets than the limit"}
		}
		return nil
	case partStrings:
		if b.began {
			return nil
		}
		b.began = true
		return b.part(o, func(r io.Reader) error { return b.strings.open(b.ctx, r) })
	case partBook:
		return b.part(o, b.readBook)
	case partLinks:
		return b.part(o, b.readLinks)
	case partStyles:
		return b.part(o, b.readStyles)
	case partBinary:
		b.binary = true
	}
	return nil
}

// inOrder returns the sheets that can be opened, in the order of the workbook.
func (b *workbook) inOrder() []scanner.Object {
	slices.SortStableFunc(b.sheets, func(x, y scanner.Object) int { return b.place(x.Path) - b.place(y.Path) })
	return b.sheets
}

// place returns where the workbook lists the sheet in a part; behind all where it
// does not.
func (b *workbook) place(part string) int {
	for i, l := range b.listed {
		if target := b.targets[l.link]; target != "" && strings.EqualFold(path.Base(target), path.Base(part)) {
			return i
		}
	}
	return len(b.listed)
}

// read reads a sheet.
func (b *workbook) read(o scanner.Object) error {
	name, state := path.Base(o.Path), ""
	name = strings.TrimSuffix(name, path.Ext(name))
	if i := b.place(o.Path); i < len(b.listed) {
		name, state = b.listed[i].name, b.listed[i].state
	}
	b.sheet.begin(b.names.of(name, state))
	return b.part(o, func(r io.Reader) error {
		in := openMarkup(b.ctx, r)
		defer in.close()
		s := xlsxSheet{workbook: b, in: in, linked: xlsxPart(o.Path) == partLinked}
		s.read()
		b.sheet.finish(b.out)
		return in.fault
	})
}

// leftStrings hands over the shared strings as running text where no cell was
// read that names one.
func (b *workbook) leftStrings() {
	if b.strings.used || b.strings.count == 0 || b.sheet.stop != nil {
		return
	}
	for n := range b.strings.count {
		b.sheet.aside(b.strings.of(n))
		if b.sheet.stop != nil {
			return
		}
	}
	b.sheet.flushOther()
}

// readBook reads xl/workbook.xml.
func (b *workbook) readBook(r io.Reader) error {
	in := openMarkup(b.ctx, r)
	defer in.close()
	for in.next(nil) {
		switch {
		case in.end:
		case string(in.name) == "sheet" && len(b.listed) < bookSheets:
			b.listed = append(b.listed, listedSheet{in.attrText("name"), in.attrText("state"), in.attrText("id")})
		case string(in.name) == "workbookPr":
			v := in.attrText("date1904")
			b.from1904 = v == "1" || v == "true" || v == "on"
		}
	}
	return in.fault
}

// readLinks reads xl/_rels/workbook.xml.rels.
func (b *workbook) readLinks(r io.Reader) error {
	in := openMarkup(b.ctx, r)
	defer in.close()
	for in.next(nil) {
		if !in.end && string(in.name) == "Relationship" && len(b.targets) < 2*bookSheets {
			b.targets[in.attrText("Id")] = in.attrText("Target")
		}
	}
	return in.fault
}

// readStyles reads xl/styles.xml: how the numbers of each style are shown.
func (b *workbook) readStyles(r io.Reader) error {
	in := openMarkup(b.ctx, r)
	defer in.close()
	codes := make(map[int]numberFormat)
	cells := false
	for in.next(nil) {
		switch string(in.name) {
		case "numFmt":
			if id, ok := digits(in.attr("numFmtId")); ok && len(codes) < bookStyles {
				codes[id] = parseFormat(in.attrText("formatCode"))
			}
		case "cellXfs":
			cells = !in.end && !in.empty
		case "xf":
			if !cells || in.end || len(b.formats) == bookStyles {
				continue
			}
			id, _ := digits(in.attr("numFmtId"))
			f, ok := codes[id]
			if !ok {
				f = builtinFormat(id)
			}
			b.formats = append(b.formats, f)
		}
	}
	return in.fault
}

// digits reads a number without sign, of nine digits at most.
func digits(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if !isDigit(c) {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}
