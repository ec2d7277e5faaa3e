package format

import (
	"bytes"
	"io"
)

// openXML reads a part of a DOCX or PPTX, whose elements have the same names for
// the same things.
func (d *officeDocument) openXML(kind int, r io.Reader) error {
	in := openMarkup(d.ctx, r)
	defer in.close()
	switch kind {
	case officeLinks:
		d.links(in)
	case officeProperties:
		d.properties(in)
	case officeHeader, officeFooter:
		d.once(func() { d.text(in) })
	default:
		d.text(in)
	}
	return in.fault
}

// once reads a header or footer, and leaves it out where it has the text of one
// that was read.
func (d *officeDocument) once(read func()) {
	f := d.folio
	f.rest()
	from := len(f.sheet.other)
	at := f.sheet.otherAt
	read()
	if at != f.sheet.otherAt || len(f.sheet.other) < from || len(f.sheet.other)-from > 16<<10 {
		return // too long to be told
	}
	if text := string(bytes.TrimSpace(f.sheet.other[from:])); d.again[text] {
		f.sheet.other = f.sheet.other[:from]
	} else if len(d.again) < 1000 {
		d.again[text] = true
	}
}

// links takes what lies outside of the document: addresses of links, templates.
func (d *officeDocument) links(in *markup) {
	for d.folio.sheet.stop == nil && in.next(nil) {
		if !in.end && string(in.name) == "Relationship" && string(in.attr("TargetMode")) == "External" {
			d.folio.note(appendXML(nil, in.attr("Target")))
			d.folio.check()
		}
	}
	d.folio.rest()
}

// properties takes title, author and the like.
func (d *officeDocument) properties(in *markup) {
	var v []byte
	for d.folio.sheet.stop == nil && in.next(&v) {
		if in.end {
			switch string(in.name) {
			case "title", "subject", "creator", "keywords", "keyword", "description", "lastModifiedBy", "category", "contentStatus",
				"Company", "Manager", "HyperlinkBase", "lpwstr", "lpstr", "initial-creator", "printed-by", "user-defined":
				d.folio.note(bytes.TrimSpace(v))
				d.folio.check()
			}
		}
		v = v[:0]
	}
	d.folio.rest()
}

// An openXMLText reads the text of a part.
type openXMLText struct {
	in     *markup
	f      *folio
	text   bool // in an element whose text counts
	code   bool // in the instruction of a field
	field  []byte
	choice int64 // bytes of text when alternatives began
	total  int64
	skip   bool // in an alternative that says the same
	into   *[]byte
	was    int // bytes in it
}

func (d *officeDocument) text(in *markup) {
	t := openXMLText{in: in, f: d.folio}
	d.folio.walk(in, t.enter, t.leave, t.where)
}

// where returns where text belongs, nil where it is none.
func (t *openXMLText) where() *[]byte {
	t.into = nil
	if t.code && len(t.field) < xmlCell {
		t.into = &t.field
	} else if t.text && !t.skip {
		t.into = t.f.here()
	}
	if t.into != nil {
		t.was = len(*t.into)
	}
	return t.into
}

// count counts the text that came since where.
func (t *openXMLText) count() {
	if t.into != nil {
		t.total += int64(len(*t.into) - t.was)
	}
	t.into = nil
}

// enter begins an element.
func (t *openXMLText) enter() {
	in, f := t.in, t.f
	if t.count(); t.skip {
		return
	}
	switch string(in.name) {
	case "rPr", "pPr":
		in.pass()
	case "t", "delText", "text":
		t.text = true
	case "instrText", "delInstrText":
		t.code = true
	case "tab", "ptab":
		f.write("\t")
	case "br", "cr":
		f.write("\n")
	case "noBreakHyphen":
		f.write("-")
	case "sym":
		f.write(" ")
	case "tbl":
		f.beginTable()
	case "tr":
		f.beginRow()
	case "tc":
		n, _ := digits(in.attr("gridSpan"))
		if string(in.attr("hMerge")) != "1" {
			f.beginCell(n)
		}
	case "gridSpan":
		if n, ok := digits(in.attr("val")); ok && f.inCell {
			f.span = max(1, min(n, folioSpan))
		}
	case "gridBefore":
		if n, ok := digits(in.attr("val")); ok && f.mode() == tableRows {
			f.column = min(n, folioSpan)
		}
	case "txbxContent":
		f.aside++
	case "AlternateContent":
		t.choice = t.total
	case "Fallback":
		t.skip = t.total > t.choice
	case "docPr", "cNvPr":
		f.note(appendXML(nil, in.attr("descr")))
		f.note(appendXML(nil, in.attr("title")))
	case "textpath":
		f.note(appendXML(nil, in.attr("string")))
	case "comment", "cmAuthor":
		f.note(appendXML(appendXML(nil, in.attr("author")), in.attr("name")))
	case "docVar", "connectString", "query":
		f.note(appendXML(nil, in.attr("val")))
	}
}

// leave ends an element.
func (t *openXMLText) leave() {
	t.count()
	f := t.f
	switch string(t.in.name) {
	case "Fallback", "AlternateContent":
		t.skip = false
	}
	if t.skip {
		return
	}
	switch string(t.in.name) {
	case "t", "delText":
		t.text = false
	case "instrText", "delInstrText":
		t.code = false
	case "p":
		t.endField()
		f.endLine()
	case "text": // of a comment on a slide
		t.text = false
		f.endLine()
	case "tc":
		f.endCell()
	case "tr":
		f.endRow()
	case "tbl":
		f.endTable()
	case "txbxContent":
		f.pop()
	}
}

// endField takes what the instructions of fields name: addresses, queries.
func (t *openXMLText) endField() {
	if bytes.IndexByte(t.field, '"') >= 0 && bytes.Contains(t.field, []byte("HYPERLINK")) || bytes.IndexByte(t.field, '@') > 0 && bytes.IndexByte(t.field, '.') > 0 {
		t.f.note(t.field)
	}
	t.field = t.field[:0]
}
