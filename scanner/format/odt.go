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

var odtFormat = scanner.Format{
	Name: "odt",
	Doc: `OpenDocument texts, presentations and drawings (ODT, ODP, ODG, their templates,
and FODT, FODP, FODG without a zip)

Paragraphs are lines of running text, in the order of the document; what was
written in several spans comes together. Headers, footers, notes, comments, text
boxes, hidden text, deleted text that tracked changes keep, alternative texts, values
of form fields, links and properties (title, author) are lines too. A table is a
table, with the titles that its rows would have in a CSV, and goes on in the next one
that has the same; a small one, or one of labels and values, is running text:
"label: value". Pictures and embedded objects are members. An encrypted document is
reported.`,
	Match:  matchODT,
	Unpack: unpackODT,
	Read:   readODT,
}

const mimeODF = "application/vnd.oasis.opendocument."

// matchODT looks at the first member, which says what the document is
// (OpenDocument 1.3, part 2, 3.3).
func matchODT(name string, head []byte) bool {
	ext := path.Ext(name)
	named := len(ext) > 1 && slices.Contains([]string{".odt", ".ott", ".odm", ".oth", ".odp", ".otp", ".odg", ".otg"}, ext)
	if !bytes.HasPrefix(head, []byte(zipLocal)) {
		return !bytes.HasPrefix(head, []byte("PK")) && isFODT(head)
	}
	const member = "mimetype"
	if len(head) < zipLocalLen+len(member) {
		return false
	}
	le := binary.LittleEndian
	n, extra := int(le.Uint16(head[26:])), int(le.Uint16(head[28:]))
	if n == len(member) && string(head[zipLocalLen:zipLocalLen+n]) == member {
		data := head[min(zipLocalLen+n+extra, len(head)):]
		if le.Uint16(head[8:]) == 0 {
			return isTextMime(data)
		}
		return named
	}
	return named && bytes.Contains(head, []byte("content.xml"))
}

func isTextMime(b []byte) bool {
	kind, ok := bytes.CutPrefix(b, []byte(mimeODF))
	for _, k := range []string{"text", "presentation", "graphics"} {
		ok = ok && !bytes.HasPrefix(kind, []byte("spreadsheet"))
		if ok && bytes.HasPrefix(kind, []byte(k)) {
			return true
		}
	}
	return false
}

// isFODT reports whether a document in one XML is a text, presentation or drawing.
func isFODT(head []byte) bool {
	if !maybeXML(head) {
		return false
	}
	head = headText(head)
	head = head[:min(len(head), 16<<10)]
	const attr = `office:mimetype="`
	i := bytes.Index(head, []byte(attr))
	return i >= 0 && isTextMime(head[i+len(attr):]) && isXML(head)
}

// odtPart tells a part by its name.
func odtPart(name string) int {
	switch name = strings.ToLower(name); {
	case name == "content.xml":
		return officeText
	case name == "styles.xml":
		return officeHeader
	case name == "meta.xml":
		return officeProperties
	case name == "meta-inf/manifest.xml", name == "encrypted-package":
		return officeLinks
	case name == "mimetype", name == "settings.xml", name == "manifest.rdf", name == "layout-cache",
		strings.HasPrefix(name, "thumbnails/"), strings.HasPrefix(name, "configurations2/"),
		strings.HasPrefix(name, "basic/"), strings.HasPrefix(name, "scripts/"), strings.HasPrefix(name, "dialogs/"):
		return officeIdle
	}
	return officeMember
}

func unpackODT(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	if !bytes.HasPrefix(c.Head(), []byte("PK")) {
		return nil
	}
	d := openOfficeDocument(ctx, c, odtPart, nil)
	if err := unpackZip(ctx, c, d.unlocked); !isProblem(err) || d.locked {
		return nil // Read says so
	}
	return unpackOffice(odtPart)(ctx, c, yield)
}

func readODT(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	d := openOfficeDocument(ctx, c, odtPart, yield)
	d.read = d.openDocument
	if bytes.HasPrefix(c.Head(), []byte("PK")) {
		if err := unpackZip(ctx, c, d.unlocked); !isProblem(err) {
			return err
		}
		d.sheet.stop, d.fault = nil, nil
	}
	return d.readAll()
}

// unlocked finds out whether the document is encrypted.
func (d *officeDocument) unlocked(o scanner.Object) error {
	switch strings.ToLower(o.Path) {
	case "encrypted-package":
		d.locked = true
	case "meta-inf/manifest.xml":
		return d.part(o, func(r io.Reader) error {
			in := openMarkup(d.ctx, r)
			defer in.close()
			for in.next(nil) {
				d.locked = d.locked || string(in.name) == "encryption-data"
			}
			return in.fault
		})
	}
	return nil
}

// openDocument reads a part of an OpenDocument.
func (d *officeDocument) openDocument(kind int, r io.Reader) error {
	if kind == officeLinks {
		return nil
	}
	in := openMarkup(d.ctx, r)
	defer in.close()
	if kind == officeProperties {
		d.properties(in)
		return in.fault
	}
	t := odtText{in: in, f: d.folio}
	t.read()
	if in.fault == nil && !t.whole {
		return truncated("ends in the middle")
	}
	return in.fault
}
