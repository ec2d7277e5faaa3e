package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"vigie/scanner"
)

var odsFormat = scanner.Format{
	Name: "ods",
	Doc: `OpenDocument spreadsheets (ODS, OTS, and FODS without a zip)

Each sheet is a table, hidden ones too: a row a record, with the titles that the
same rows would have in a CSV. Dates are in ISO 8601, numbers without exponent, and
with the zeros in front that they are shown with. Lines before the titles, notes,
drawings, links and deleted cells that changes keep are running text. Cells and
rows that repeat are repeated, but to no more than four times the size of the
document: the rest is reported. Formulas are not read; a cell is cut at 64 KiB.
Other parts are members. An encrypted spreadsheet is reported.`,
	Match:  func(name string, head []byte) bool { return isODS(name, head) || isFODS(head) },
	Unpack: unpackODS,
	Read:   readODS,
}

const mimeODS = "application/vnd.oasis.opendocument.spreadsheet"

// isODS looks at the first member, which says what the document is
// (OpenDocument 1.3, part 2, 3.3).
func isODS(name string, head []byte) bool {
	const member = "mimetype"
	if len(head) < zipLocalLen+len(member) || !bytes.HasPrefix(head, []byte(zipLocal)) {
		return false
	}
	le := binary.LittleEndian
	n, extra := int(le.Uint16(head[26:])), int(le.Uint16(head[28:]))
	if n == len(member) && string(head[zipLocalLen:zipLocalLen+n]) == member {
		data := head[min(zipLocalLen+n+extra, len(head)):]
		if le.Uint16(head[8:]) == 0 {
			return bytes.HasPrefix(data, []byte(mimeODS))
		}
		return strings.HasPrefix(path.Ext(name), ".ods")
	}
	return path.Ext(name) == ".ods" && bytes.Contains(head, []byte("content.xml"))
}

// isFODS reports whether a document in one XML is a spreadsheet.
func isFODS(head []byte) bool {
	if !maybeXML(head) {
		return false
	}
	head = headText(head)
	head = head[:min(len(head), 16<<10)]
	return bytes.Contains(head, []byte(`office:mimetype="`+mimeODS)) && isXML(head)
}

func unpackODS(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	if !bytes.HasPrefix(c.Head(), []byte("PK")) {
		return nil
	}
	b := &odsBook{}
	b.packageParts.open(ctx, c, nil)
	if err := unpackZip(ctx, c, b.prepare); !isProblem(err) || b.locked {
		return nil // Read says so
	}
	return unpackZip(ctx, c, func(o scanner.Object) error {
		switch name := strings.ToLower(o.Path); {
		case name == "content.xml", name == "mimetype", name == "settings.xml", strings.HasPrefix(name, "meta-inf/manifest.xml"):
			return nil
		}
		return yield(o)
	})
}

// An odsBook is an OpenDocument spreadsheet.
type odsBook struct {
	packageParts
	names   sheetNames
	content *scanner.Object // can be opened later
	later   bool            // it went by, and can not
	locked  bool            // encrypted
	most    bool            // something was repeated less often than it says
}

func readODS(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	b := &odsBook{names: make(sheetNames)}
	b.packageParts.open(ctx, c, yield)
	var err error
	if !bytes.HasPrefix(c.Head(), []byte("PK")) {
		if err = b.cells(c.Stream()); isProblem(err) {
			b.fault = err
		}
	} else if err = unpackZip(ctx, c, b.prepare); isProblem(err) && !b.locked && b.sheet.stop == nil {
		if b.content != nil {
			b.part(*b.content, b.cells)
		}
		if b.later {
			unpackZip(ctx, c, func(o scanner.Object) error {
				if o.Path != "content.xml" {
					return nil
				}
				return b.part(o, b.cells)
			})
		}
	}
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case b.locked:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "OpenDocument"}
	case err != nil:
		return err
	case b.fault != nil:
		return b.fault
	case b.most:
		return &scanner.Problem{Reason: scanner.Ratio, Detail: "cells or rows that repeat further than the limit"}
	}
	return nil
}

// prepare finds the content, and whether it is encrypted.
func (b *odsBook) prepare(o scanner.Object) error {
	switch strings.ToLower(o.Path) {
	case "content.xml":
		if o.Apart {
			b.content = &o
		} else {
			b.later = true
		}
	case "encrypted-package":
		b.locked = true
	case "meta-inf/manifest.xml":
		return b.part(o, func(r io.Reader) error {
			in := openMarkup(b.ctx, r)
			defer in.close()
			for in.next(nil) {
				b.locked = b.locked || string(in.name) == "encryption-data"
			}
			return in.fault
		})
	}
	return nil
}

// cells reads the tables of a content.xml.
func (b *odsBook) cells(r io.Reader) error {
	in := openMarkup(b.ctx, r)
	defer in.close()
	s := odsSheet{odsBook: b, in: in, hidden: make(map[string]bool)}
	b.sheet.begin("")
	s.read()
	b.sheet.finish(in.in.off)
	if in.fault == nil && !s.whole {
		return truncated("ends in the middle")
	}
	return in.fault
}
