package format

import "bytes"

// plainTags are the tags of cells as most programs write them.
type plainTags struct{ cell, value, valueEnd, text, textEnd []byte }

// plainTagsOf returns the tags with the prefix of the sheet, "x:" or none.
func plainTagsOf(prefix []byte) plainTags {
	p := string(prefix)
	return plainTags{
		cell:  []byte("<" + p + "c"),
		value: []byte("><" + p + "v>"), valueEnd: []byte("</" + p + "v></" + p + "c>"),
		text: []byte("><" + p + "is><" + p + "t>"), textEnd: []byte("</" + p + "t></" + p + "is></" + p + "c>"),
	}
}

// plainCells reads the cells that come next as long as they are written as most
// are: <c r="A1" s="1" t="s"><v>5</v></c>. Others are left. It returns the column
// behind the last one.
func (s *xlsxSheet) plainCells(next int) int {
	b := s.in.in.text()
	for at := 0; ; {
		n := s.plainCell(b[at:], next)
		if n == 0 {
			s.in.in.drop(at)
			return next
		}
		at += n
		next = s.column + 1
	}
}

// plainCell reads such a cell, and returns its length; 0 where there is none.
func (s *xlsxSheet) plainCell(b []byte, next int) int {
	if !bytes.HasPrefix(b, s.plain.cell) {
		return 0
	}
	i := len(s.plain.cell)
	s.column, s.kind, s.style = next, cellNumber, 0
	value, end := s.plain.value, s.plain.valueEnd
	for len(b) >= i+20 && b[i] == ' ' && b[i+2] == '=' && b[i+3] == '"' {
		k := bytes.IndexByte(b[i+4:i+20], '"')
		if k <= 0 {
			return 0
		}
		v := b[i+4 : i+4+k]
		switch b[i+1] {
		case 'r':
			if s.column = columnOf(v); s.column < 0 {
				return 0
			}
		case 's':
			s.style, _ = digits(v)
		case 't':
			if s.kind = cellKind(v); v[0] == 'i' {
				value, end = s.plain.text, s.plain.textEnd
			}
		default:
			return 0
		}
		i += k + 5
	}
	if len(b) > i+1 && b[i] == '/' && b[i+1] == '>' {
		return i + 2
	}
	if !bytes.HasPrefix(b[i:], value) {
		return 0
	}
	i += len(value)
	n := plainLength(b[i:min(len(b), i+xmlCell)], s.kind)
	if n < 0 || !bytes.HasPrefix(b[i+n:], end) {
		return 0
	}
	s.lay(b[i : i+n])
	return i + n + len(end)
}

// plainLength returns how long the value at the beginning of b is; -1 where it is
// no plain one: of a text it has no end here, or has entities.
func plainLength(b []byte, kind byte) int {
	if kind == cellString || kind == cellDate {
		n := bytes.IndexByte(b, '<')
		if n > 0 && bytes.IndexByte(b[:n], '&') >= 0 {
			return -1
		}
		return n
	}
	n := 0
	for n < len(b) && n <= 32 && (isDigit(b[n]) || b[n] == '.' || b[n] == '-') {
		n++
	}
	return n
}

// begin reads the attributes of a cell.
func (s *xlsxSheet) begin(next int) {
	s.column, s.kind, s.style, s.value = next, cellNumber, 0, s.value[:0]
	for rest := s.in.attrs; len(rest) > 0; {
		var key, v []byte
		if key, v, rest = xmlAttr(rest); len(key) != 1 || len(v) == 0 {
			continue
		}
		switch key[0] {
		case 'r':
			if n := columnOf(v); n >= 0 {
				s.column = n
			}
		case 's':
			s.style, _ = digits(v)
		case 't':
			s.kind = cellKind(v)
		}
	}
}

// cellKind tells what the attribute t of a cell says of its value.
func cellKind(v []byte) byte {
	switch {
	case v[0] == 's' && len(v) == 1:
		return cellShared
	case v[0] == 'b':
		return cellBool
	case v[0] == 'd':
		return cellDate
	case v[0] != 'n':
		return cellString
	}
	return cellNumber
}
