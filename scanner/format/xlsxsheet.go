package format

import "bytes"

// An xlsxSheet reads the cells of a sheet.
type xlsxSheet struct {
	*workbook
	in     *markup
	column int // of the cell at hand
	kind   byte
	style  int
	value  []byte
	plain  plainTags
	linked bool     // it is what is kept of another workbook: see inLink
	other  []string // the sheets of that
}

// Kinds of cells, by their attribute t.
const (
	cellNumber = iota
	cellShared
	cellString
	cellBool
	cellDate
)

func (s *xlsxSheet) read() {
	in := s.in
	var into *[]byte
	inCell, inData, spoken := false, false, false
	next := 0 // column of a cell that does not say which
	for s.sheet.stop == nil {
		if inData && !inCell {
			next = s.plainCells(next)
		}
		if !in.next(into) {
			break
		}
		into = nil
		if len(in.name) == 1 {
			switch c := in.name[0]; {
			case c == 'c' && inData:
				if inCell {
					s.emit()
				}
				if inCell = !in.end && !in.empty; inCell || in.empty {
					s.begin(next)
					next = s.column + 1
				}
				continue
			case c == 'v' && inCell || c == 't' && inCell && !spoken:
				if !in.end && !in.empty && len(s.value) < xmlCell {
					into = &s.value
				}
				continue
			}
		}
		switch string(in.name) {
		case "cell":
			if inCell {
				s.emit()
			}
			if inCell = s.linked && inData && !in.end && !in.empty; inCell {
				s.begin(next)
				next = s.column + 1
			}
		case "row":
			if inCell {
				s.emit()
				inCell = false
			}
			s.sheet.endRow(s.out)
			next = 0
		case "rPh":
			spoken = !in.end && !in.empty
		case "sheetData":
			if inData = !in.end && !in.empty; inData {
				s.plain = plainTagsOf(in.prefix)
			}
			s.linkedSheet()
		default:
			if !inData {
				into = s.outside()
			}
		}
	}
	if inCell {
		s.emit()
	}
	s.endOutside()
}

// emit lays down the cell at hand.
func (s *xlsxSheet) emit() {
	s.lay(s.value)
	s.value = s.value[:0]
}

// lay lays down a cell with the value v, as it is written.
func (s *xlsxSheet) lay(v []byte) {
	if len(v) == 0 {
		return
	}
	switch s.kind {
	case cellNumber:
		s.number(v)
		return
	case cellShared:
		n, ok := digits(bytes.TrimSpace(v))
		if !ok {
			s.lost = true
			s.sheet.put(s.column, v)
			return
		}
		v = s.strings.of(uint32(n))
		if s.lost = s.lost || v == nil; len(v) == 0 {
			return
		}
		if !s.sheet.open(s.column) {
			s.sheet.aside(v)
			return
		}
		s.sheet.text = append(s.sheet.text, v...)
		return
	case cellBool:
		switch string(v) {
		case "1":
			v = []byte("true")
		case "0":
			v = []byte("false")
		}
	case cellDate:
		v = bytes.TrimSuffix(v, []byte("Z"))
		v = bytes.TrimSuffix(bytes.TrimSuffix(v, []byte(".000")), []byte("T00:00:00"))
	case cellString:
		v = cellText(v, 0)
	}
	s.sheet.put(s.column, v)
}

// number lays down a number as its format shows it.
func (s *xlsxSheet) number(v []byte) {
	v = bytes.TrimSpace(v)
	var f numberFormat
	if s.style < len(s.formats) {
		f = s.formats[s.style]
	}
	if f == (numberFormat{}) && len(v) <= 16 && bytes.IndexByte(v, 'E') < 0 {
		s.sheet.put(s.column, v)
		return
	}
	var room [64]byte
	if len(v) > len(room) {
		s.sheet.put(s.column, v)
		return
	}
	s.sheet.put(s.column, f.append(room[:0], v, s.from1904))
}

// outside takes what stands beside the cells: headers and footers, lists to choose
// from, hints. It returns where the text that follows belongs.
func (s *xlsxSheet) outside() *[]byte {
	in := s.in
	if in.end {
		s.endOutside()
		return nil
	}
	switch string(in.name) {
	case "sheetName":
		if s.linked && len(s.other) < bookSheets {
			s.other = append(s.other, in.attrText("val"))
		}
	case "val": // of a DDE link
		if s.linked && !in.empty {
			s.value = s.value[:0]
			return &s.value
		}
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "formula1":
		if !in.empty {
			s.value = s.value[:0]
			return &s.value
		}
	case "hyperlink", "dataValidation":
		for _, name := range []string{"display", "tooltip", "location", "promptTitle", "prompt", "error"} {
			if v := in.attr(name); len(v) > 0 {
				s.value = appendXML(s.value[:0], v[:min(len(v), xmlCell)])
				s.endOutside()
			}
		}
	}
	return nil
}

// linkedSheet begins the table of a sheet of another workbook.
func (s *xlsxSheet) linkedSheet() {
	if !s.linked || s.in.end {
		return
	}
	s.sheet.finish(s.out)
	name := "linked sheet"
	if i, ok := digits(s.in.attr("sheetId")); ok && i < len(s.other) {
		name = s.other[i] + " (linked)"
	}
	s.sheet.begin(s.names.of(name, ""))
}

func (s *xlsxSheet) endOutside() {
	if v := plainHeader(s.value); len(v) > 0 {
		s.sheet.aside(v)
	}
	s.value = s.value[:0]
}

// plainHeader drops the codes of a header in place: &C, &"Arial,Bold", &12
// (ECMA-376, part 1, 18.3.1.46).
func plainHeader(v []byte) []byte {
	out := v[:0]
	for i := 0; i < len(v); i++ {
		if v[i] != '&' || i+1 == len(v) {
			out = append(out, v[i])
			continue
		}
		switch i++; {
		case v[i] == '&':
			out = append(out, '&')
		case v[i] == '"':
			if n := bytes.IndexByte(v[i+1:], '"'); n >= 0 {
				i += n + 1
			}
		case isDigit(v[i]):
			for i+1 < len(v) && isDigit(v[i+1]) {
				i++
			}
		default:
			out = append(out, ' ')
		}
	}
	return bytes.TrimSpace(out)
}
