package format

import "bytes"

// isOffice reports whether a document is one of Word, Excel or OpenDocument.
func isOffice(head []byte) bool {
	head = head[:min(len(head), 8<<10)]
	for _, space := range []string{
		"schemas.openxmlformats.org/spreadsheetml", "schemas.openxmlformats.org/wordprocessingml",
		"purl.oclc.org/ooxml/spreadsheetml", "purl.oclc.org/ooxml/wordprocessingml",
		"schemas.microsoft.com/office/word/2003/wordml", "urn:schemas-microsoft-com:office:spreadsheet",
		"urn:oasis:names:tc:opendocument",
	} {
		if bytes.Contains(head, []byte(space)) {
			return true
		}
	}
	return false
}

// openOffice takes what an element of an office document says by itself.
func (x *xmlReader) openOffice(tag xmlTag) {
	switch string(tag.name) {
	case "row", "Row", "table-row", "tr":
		x.inRow++
	case "tab", "s":
		x.other = append(x.other, ' ')
	case "br", "cr", "line-break":
		x.other = append(x.other, '\n')
	}
	for attrs := tag.attrs; len(attrs) > 0; {
		var name, value []byte
		name, value, attrs = xmlAttr(attrs)
		switch string(xmlLocal(name)) {
		case "href", "Target", "HRef":
			x.other = append(appendXML(append(x.other, ' '), value), ' ')
		}
	}
}

// closeOffice ends a cell, a paragraph, a row.
func (x *xmlReader) closeOffice(n *xmlNode) {
	if n == nil {
		x.other = append(x.other, '\n')
		return
	}
	switch n.name {
	case "row", "Row", "table-row", "tr":
		x.inRow = max(0, x.inRow-1)
		x.other = append(x.other, '\n')
	case "c", "cell", "Cell", "table-cell", "tc":
		x.other = append(x.other, '\t')
	case "p", "h", "si", "Data":
		if x.inRow > 0 {
			x.other = append(x.other, ' ')
		} else {
			x.other = append(x.other, '\n')
		}
	case "t", "r", "span", "a", "s", "tab", "v", "is", "f", "hyperlink":
	default:
		if k := len(x.other); k > 0 && x.other[k-1] > ' ' {
			x.other = append(x.other, ' ')
		}
	}
}

// handOffice takes text; line ends between elements only lay them out.
func (x *xmlReader) handOffice(v []byte) {
	if len(bytes.TrimLeft(v, " \t\r\n")) == 0 && bytes.IndexByte(v, '\n') >= 0 {
		return
	}
	x.other = append(x.other, v...)
}
