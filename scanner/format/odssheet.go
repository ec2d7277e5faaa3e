package format

import "bytes"

// An odsSheet reads the tables of a spreadsheet.
type odsSheet struct {
	*odsBook
	in     *markup
	hidden map[string]bool // styles of tables that are not shown
	style  string          // of tables, at hand

	column int  // of the cell at hand, or to come
	cell   bool // there is one at hand
	row    bool
	times  int // the row at hand is repeated
	wide   int // and the cell
	kind   byte
	exact  []byte // the value of the cell
	value  []byte // its text
	note   []byte // text that is no part of it
	aside  int    // elements in a cell that hold such text
	text   bool   // in a paragraph
	whole  bool   // the document has its end
}

const (
	odsText = iota
	odsNumber
	odsDate
	odsBool
)

func (s *odsSheet) read() {
	in := s.in
	var into *[]byte
	for s.sheet.stop == nil && in.next(into) {
		if in.end {
			s.leave()
		} else {
			s.enter()
			if in.empty {
				s.leave()
			}
		}
		into = nil
		if s.text {
			if into = &s.note; s.cell && s.aside == 0 {
				into = &s.value
			}
			if len(*into) > xmlCell {
				into = nil
			}
		}
	}
	s.endCell()
	s.endNote()
	s.endRow()
}

// enter begins an element.
func (s *odsSheet) enter() {
	in := s.in
	switch string(in.name) {
	case "p", "h":
		s.text = true
		if v := s.here(); len(*v) > 0 {
			*v = append(*v, '\n')
		}
	case "s":
		n, _ := digits(in.attr("c"))
		for range max(1, min(n, 100)) {
			*s.here() = append(*s.here(), ' ')
		}
	case "tab":
		*s.here() = append(*s.here(), '\t')
	case "line-break":
		*s.here() = append(*s.here(), '\n')
	case "a":
		if v := in.attr("href"); len(v) > 0 {
			s.sheet.aside(appendXML(nil, v[:min(len(v), xmlCell)]))
		}
	case "table-cell", "covered-table-cell":
		if s.row && s.aside == 0 {
			s.endCell()
			s.beginCell()
		}
	case "table-row":
		if s.aside == 0 {
			s.endCell()
			s.endRow()
			s.row, s.column = true, 0
			s.times, _ = digits(in.attr("number-rows-repeated"))
		}
	case "table":
		s.beginTable()
	case "annotation", "frame", "custom-shape", "shapes", "tracked-changes", "detective", "g", "rect":
		s.aside++
	case "style":
		s.style = in.attrText("name")
	case "table-properties":
		if string(in.attr("display")) == "false" && len(s.hidden) < bookSheets {
			s.hidden[s.style] = true
		}
	}
}

// here returns where text belongs.
func (s *odsSheet) here() *[]byte {
	if s.cell && s.aside == 0 {
		return &s.value
	}
	return &s.note
}

// leave ends an element.
func (s *odsSheet) leave() {
	switch string(s.in.name) {
	case "p", "h":
		s.text = false
	case "table-cell", "covered-table-cell":
		if s.aside == 0 {
			s.endCell()
		}
	case "table-row":
		if s.aside == 0 {
			s.endRow()
		}
	case "document", "document-content":
		s.whole = true
	case "annotation", "frame", "custom-shape", "shapes", "tracked-changes", "detective", "g", "rect":
		s.aside = max(0, s.aside-1)
		s.endNote()
	}
}

// beginTable ends the table before and begins one.
func (s *odsSheet) beginTable() {
	if s.aside > 0 {
		return
	}
	s.endCell()
	s.endRow()
	s.sheet.finish(s.in.in.off)
	state := ""
	if s.hidden[s.in.attrText("style-name")] {
		state = "hidden"
	}
	s.sheet.begin(s.names.of(s.in.attrText("name"), state))
}

// beginCell reads the attributes of a cell.
func (s *odsSheet) beginCell() {
	s.cell, s.wide, s.kind = true, 1, odsText
	s.value, s.exact = s.value[:0], s.exact[:0]
	for rest := s.in.attrs; len(rest) > 0; {
		var key, v []byte
		key, v, rest = xmlAttr(rest)
		switch string(key[bytes.IndexByte(key, ':')+1:]) {
		case "number-columns-repeated":
			if n, ok := digits(v); ok && n > 0 {
				s.wide = n
			}
		case "value":
			s.kind, s.exact = odsNumber, append(s.exact[:0], v...)
		case "date-value":
			s.kind, s.exact = odsDate, append(s.exact[:0], v...)
		case "boolean-value":
			s.kind, s.exact = odsBool, append(s.exact[:0], v...)
		case "string-value":
			s.exact = appendXML(s.exact[:0], v[:min(len(v), xmlCell)])
		}
	}
}

// endCell lays down the cell at hand.
func (s *odsSheet) endCell() {
	if !s.cell {
		return
	}
	s.cell, s.text = false, false
	v := s.value
	var room [64]byte
	switch {
	case s.kind == odsNumber && len(s.exact) <= len(room)/2:
		v = leading(s.value, appendNumber(room[:0], bytes.TrimSpace(s.exact)))
	case s.kind == odsDate:
		v = bytes.TrimSuffix(s.exact, []byte("T00:00:00"))
		if i := bytes.IndexByte(v, 'T'); i >= 0 {
			v[i] = ' '
		}
	case s.kind == odsBool, len(v) == 0:
		v = s.exact
	}
	if len(v) > 0 {
		for i := range s.wide {
			if i > 0 {
				if s.sheet.repeated += int64(len(v)); s.sheet.repeated > 4*s.in.in.off+sheetRepeated || s.column+i >= sheetColumns {
					s.most = true
					break
				}
			}
			s.sheet.put(s.column+i, v)
		}
	}
	s.column = min(s.column+s.wide, 1<<30)
}

// leading returns a number with the zeros in front that it is shown with: 01000
// for 1000, 0612345678 for 612345678 that is shown as 06 12 34 56 78.
func leading(shown, number []byte) []byte {
	if len(shown) == 0 || shown[0] != '0' || len(shown) > 40 {
		return number
	}
	bare := bytes.ReplaceAll(shown, []byte{' '}, nil)
	if !allDigits(bare) || !bytes.Equal(bytes.TrimLeft(bare, "0"), number) {
		return number
	}
	return bare
}

// endRow ends the row at hand, and repeats it.
func (s *odsSheet) endRow() {
	if !s.row {
		return
	}
	s.row = false
	n := max(1, s.times)
	if s.sheet.repeatRow(n, s.in.in.off) < n {
		s.most = true
	}
}

// endNote takes the text that is no part of a cell.
func (s *odsSheet) endNote() {
	if len(bytes.TrimSpace(s.note)) > 0 {
		s.sheet.aside(s.note)
	}
	s.note = s.note[:0]
}
