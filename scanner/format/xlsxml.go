package format

import (
	"bytes"
	"context"
	"io"
	"strings"

	"vigie/scanner"
)

// isXMLSpreadsheet reports whether a head is an Excel workbook in one XML (2003).
func isXMLSpreadsheet(head []byte) bool {
	if !maybeXML(head) {
		return false
	}
	head = headText(head)
	head = head[:min(len(head), 8<<10)]
	return bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")) && bytes.Contains(head, []byte("Workbook")) && isXML(head)
}

// An xmlSheets reads a workbook in XML: Worksheet, Row, Cell, Data.
type xmlSheets struct {
	in     *markup
	sheet  sheet
	names  sheetNames
	styles map[string]numberFormat
	style  string // that is being defined

	column  int // of the cell at hand, or to come
	across  int // columns that it covers behind its own
	format  numberFormat
	kind    string // of the data at hand; "": none
	comment bool
	value   []byte
	whole   bool // the workbook has its end
}

func readXMLSpreadsheet(ctx context.Context, r io.Reader, yield func(*scanner.Block) error) error {
	x := &xmlSheets{in: openMarkup(ctx, r), sheet: sheet{ctx: ctx, yield: yield}, names: make(sheetNames), styles: make(map[string]numberFormat)}
	defer x.in.close()
	x.sheet.begin("")
	var into *[]byte
	for x.sheet.stop == nil && x.in.next(into) {
		if x.in.end || x.in.empty {
			x.leave()
		} else {
			x.enter()
		}
		if into = nil; x.kind != "" && len(x.value) < xmlCell {
			into = &x.value
		}
	}
	switch err := x.sheet.finish(x.in.in.off); {
	case err != nil:
		return err
	case x.in.fault == nil && !x.whole:
		return truncated("ends in the middle")
	}
	return x.in.fault
}

// enter begins an element that holds something.
func (x *xmlSheets) enter() {
	in := x.in
	switch string(in.name) {
	case "Worksheet":
		x.sheet.finish(in.in.off)
		x.sheet.begin(x.names.of(in.attrText("Name"), ""))
	case "Row":
		x.sheet.endRow(in.in.off)
		x.column = 0
	case "Cell":
		x.cell()
	case "Comment":
		x.comment = true
	case "Data":
		x.kind, x.value = in.attrText("Type")+" ", x.value[:0]
	case "Author", "LastAuthor", "Company", "Title":
		x.kind, x.value = "aside", x.value[:0]
	case "Style":
		x.style = in.attrText("ID")
	}
}

// cell reads the attributes of a cell.
func (x *xmlSheets) cell() {
	if n, ok := digits(x.in.attr("Index")); ok && n > 0 {
		x.column = n - 1
	}
	x.across, _ = digits(x.in.attr("MergeAcross"))
	x.format = x.styles[string(x.in.attr("StyleID"))]
	if v := x.in.attr("HRef"); len(v) > 0 {
		x.sheet.aside(appendXML(nil, v[:min(len(v), xmlCell)]))
	}
}

// leave ends an element, or takes an empty one.
func (x *xmlSheets) leave() {
	in := x.in
	switch string(in.name) {
	case "Data", "Author", "LastAuthor", "Company", "Title":
		x.data()
	case "Comment":
		x.comment = false
	case "Cell":
		if in.empty {
			x.cell()
		}
		x.column += 1 + x.across
	case "NumberFormat":
		if len(x.styles) < bookStyles {
			x.styles[x.style] = namedFormat(in.attrText("Format"))
		}
	case "Workbook":
		x.whole = true
	}
}

// data lays down the data at hand.
func (x *xmlSheets) data() {
	v := x.value
	var room [64]byte
	switch {
	case x.kind == "" || len(v) == 0:
	case x.kind == "aside", x.comment:
		x.sheet.aside(v)
	case x.kind == "Number " && len(v) <= len(room)/2:
		x.sheet.put(x.column, x.format.append(room[:0], bytes.TrimSpace(v), false))
	case x.kind == "DateTime ":
		v = bytes.TrimSuffix(bytes.TrimSuffix(v, []byte(".000")), []byte("T00:00:00"))
		x.sheet.put(x.column, v)
	default:
		x.sheet.put(x.column, v)
	}
	x.kind, x.value = "", x.value[:0]
}

// namedFormat reads a format code, or one of the names that some have.
func namedFormat(code string) numberFormat {
	switch {
	case strings.HasSuffix(code, " Date"):
		return numberFormat{show: showMoment}
	case strings.HasSuffix(code, " Time"):
		return numberFormat{show: showTime}
	}
	return parseFormat(code)
}
