package format

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"vigie/scanner"
)

var docxFormat = scanner.Format{
	Name: "docx",
	Doc: `Word documents (DOCX, DOCM, their templates, and Word XML in one part)

Paragraphs are lines of running text, in the order of the document; what was
written in several runs comes together. Headers, footers, foot- and endnotes,
comments, text boxes, results of fields, hidden text, deleted text that tracked
changes keep, alternative texts, links and properties (title, author) are lines
too. A table is a table, with the titles that its rows would have in a CSV, and goes
on in the next one that has the same; a small one, or one of labels and values, is
running text: "label: value". Pictures, charts, embedded documents and the data
that a form is bound to are members. Macros are not read. An encrypted document is a
compound file, and reported there.`,
	Match:  matchDOCX,
	Unpack: unpackOffice(docxPart),
	Read:   readDOCX,
}

func matchDOCX(name string, head []byte) bool {
	first, in, other := headParts(head, "word/")
	if first {
		ext := path.Ext(name)
		return in || !other && slices.Contains([]string{".docx", ".docm", ".dotx", ".dotm"}, ext)
	}
	return isWordXML(head)
}

// isWordXML reports whether a document in one XML is one of Word.
func isWordXML(head []byte) bool {
	if !maybeXML(head) {
		return false
	}
	head = headText(head)
	head = head[:min(len(head), 8<<10)]
	for _, space := range []string{"schemas.openxmlformats.org/wordprocessingml", "purl.oclc.org/ooxml/wordprocessingml", "schemas.microsoft.com/office/word/2003/wordml"} {
		if bytes.Contains(head, []byte(space)) {
			return isXML(head)
		}
	}
	return false
}

// What is done with the parts of a document; those from officeText on are read as
// text, in this order.
const (
	officeMember = iota // handed over
	officeIdle          // nothing of anybody is in it
	officeHeader
	officeText
	officeNote
	officeFooter
	officeLinks
	officeProperties
)

// docxPart tells a part by its name.
func docxPart(name string) int {
	name = strings.ToLower(name)
	dir, base := path.Split(name)
	stem := strings.TrimRight(strings.TrimSuffix(base, ".xml"), "0123456789")
	switch {
	case officeIdlePart(name):
		return officeIdle
	case path.Ext(base) == ".rels":
		return officeLinks
	case dir == "docprops/" && path.Ext(base) == ".xml":
		return officeProperties
	case dir != "word/" && dir != "word/glossary/" && dir != "word/diagrams/" || path.Ext(base) != ".xml":
		return officeMember
	}
	switch stem {
	case "header":
		return officeHeader
	case "document", "data":
		return officeText
	case "footnotes", "endnotes", "comments", "settings":
		return officeNote
	case "footer":
		return officeFooter
	case "styles", "stylesWithEffects", "styleswitheffects", "fonttable", "numbering", "websettings", "drawing", "layout", "quickstyle", "colors",
		"commentsextended", "commentsextensible", "commentsids":
		return officeIdle
	}
	return officeMember
}

// officeIdlePart tells the parts in which there is nothing of anybody, and macros.
func officeIdlePart(name string) bool {
	base := path.Base(name)
	return name == "[content_types].xml" || base == "vbaproject.bin" || base == "vbaprojectsignature.bin" || base == "vbadata.xml" ||
		strings.Contains(name, "/theme/") && path.Ext(name) == ".xml" || strings.HasPrefix(base, "itemprops") ||
		strings.HasPrefix(name, "docprops/thumbnail")
}

// unpackOffice hands over the parts that are not read as text.
func unpackOffice(part func(string) int) func(context.Context, *scanner.Content, func(scanner.Object) error) error {
	return func(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
		if !bytes.HasPrefix(c.Head(), []byte("PK")) {
			return nil
		}
		return unpackZip(ctx, c, func(o scanner.Object) error {
			if part(o.Path) != officeMember {
				return nil
			}
			return yield(o)
		})
	}
}

// officeParts is how many parts of a document are read as text.
const officeParts = 10_000

// An officeDocument is a document of parts that are read as text.
type officeDocument struct {
	packageParts
	folio  *folio
	kind   func(string) int
	read   func(kind int, r io.Reader) error
	parts  []scanner.Object // that can be opened later
	again  map[string]bool  // headers and footers that were read
	locked bool             // encrypted
}

func readDOCX(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	d := openOfficeDocument(ctx, c, docxPart, yield)
	d.read = d.openXML
	return d.readAll()
}

func openOfficeDocument(ctx context.Context, c *scanner.Content, kind func(string) int, yield func(*scanner.Block) error) *officeDocument {
	d := &officeDocument{kind: kind, again: make(map[string]bool)}
	d.packageParts.open(ctx, c, yield)
	d.folio = openFolio(ctx, yield, func() int64 { return d.out })
	return d
}

// readAll reads the parts in the order in which they are read on paper; those of an
// archive without directory as they come.
func (d *officeDocument) readAll() error {
	var err error
	if !bytes.HasPrefix(d.c.Head(), []byte("PK")) {
		if err = d.read(officeText, &partReader{&d.packageParts, d.c.Stream()}); isProblem(err) {
			d.fault = err
		}
		err = nil
	} else if err = unpackZip(d.ctx, d.c, d.prepare); isProblem(err) && d.folio.sheet.stop == nil && !d.locked {
		slices.SortStableFunc(d.parts, func(x, y scanner.Object) int {
			return cmp.Or(cmp.Compare(d.kind(x.Path), d.kind(y.Path)), cmp.Compare(partNumber(x.Path), partNumber(y.Path)))
		})
		for _, o := range d.parts {
			if d.take(o) != nil {
				break
			}
		}
	}
	stop := d.folio.finish()
	switch {
	case stop != nil:
		return stop
	case d.sheet.stop != nil:
		return d.sheet.stop
	case d.locked:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "OpenDocument"}
	case err != nil:
		return err
	}
	return d.fault
}

func (d *officeDocument) prepare(o scanner.Object) error {
	switch kind := d.kind(o.Path); {
	case kind < officeHeader:
	case !o.Apart:
		return d.take(o)
	case len(d.parts) < officeParts:
		d.parts = append(d.parts, o)
	case d.fault == nil:
		d.fault = &scanner.Problem{Reason: scanner.TooMany, Detail: "more parts than the limit"}
	}
	return nil
}

// take reads a part.
func (d *officeDocument) take(o scanner.Object) error {
	kind := d.kind(o.Path)
	err := d.part(o, func(r io.Reader) error { return d.read(kind, r) })
	if d.folio.sheet.stop != nil {
		return d.folio.sheet.stop
	}
	return err
}

// partNumber returns the number in the name of a part: 12 of slides/slide12.xml.
func partNumber(name string) int {
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	n, _ := strconv.Atoi(stem[len(strings.TrimRight(stem, "0123456789")):])
	return n
}
