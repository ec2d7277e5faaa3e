package format

import "bytes"

// What the parts of a page begin with.
const (
	sasRowSize     = 0xF7F7F7F7
	sasColumnCount = 0xF6F6F6F6
	sasCounts      = 0xFFFFFC00
	sasLooks       = 0xFFFFFBFE
	sasPlaces      = 0xFFFFFFFC
	sasTexts       = 0xFFFFFFFD
	sasList        = 0xFFFFFFFE
	sasNames       = 0xFFFFFFFF
)

const (
	sasTitle  = 1 << 10 // bytes of a title
	sasTitles = 4 << 20 // and of all
)

// A sasMeaning is what describes the rows.
type sasMeaning struct {
	width  int   // bytes of a row
	all    int64 // rows
	mixed  int64 // rows of a page that describes too
	sized  bool  // the three are known
	fields int   // columns
	texts  [][]byte
	names  []sasText
	places []sasPlace
	looks  []sasLook
	used   int // bytes of all that
	unpack func(dst, src []byte) ([]byte, error)
}

// A sasText is a part of one of the texts.
type sasText struct{ text, off, size uint16 }

// A sasPlace says where the values of a column stand in a row.
type sasPlace struct {
	off   int64
	width int
	kind  byte // 1: numbers, 2: text
}

// A sasLook is the display format of a column, and its label.
type sasLook struct{ format, label sasText }

// sign returns what a part begins with, 0 if that is nothing known.
func (s *sasReader) sign(b []byte) uint32 {
	if len(b) < s.word {
		return 0
	}
	sign := s.order.Uint32(b)
	if s.word == 8 && !s.little && (sign == 0 || sign == 0xFFFFFFFF) {
		sign = s.order.Uint32(b[4:])
	}
	switch sign {
	case sasRowSize, sasColumnCount, sasCounts, sasLooks, sasPlaces, sasTexts, sasList, sasNames:
		return sign
	}
	return 0
}

// isRow tells a row of a compressed table.
func (s *sasReader) isRow(p sasPointer) bool {
	return p.method&4 != 0 || p.method == 0 && p.kind == 1 && s.unpack != nil && s.sign(p.data) == 0
}

// describe takes what a part says about the table.
func (s *sasReader) describe(b []byte) {
	w := s.word
	if s.used += len(b); s.used > sasRoom {
		s.fail(malformed("too much about the columns"))
		return
	}
	switch sign := s.sign(b); {
	case sign == sasRowSize && len(b) >= 16*w:
		s.describeRows(s.long(b[5*w:]), s.long(b[6*w:]), s.long(b[15*w:]))
	case sign == sasColumnCount && len(b) >= 2*w:
		if n := s.long(b[w:]); n >= 0 && n <= sasColumns {
			s.fields = int(n)
		}
	case sign == sasTexts:
		s.describeTexts(b[w:])
	case sign == sasNames:
		for at := w + 8; at+8+w+4 <= len(b) && len(s.names) < sasColumns; at += 8 {
			s.names = append(s.names, s.ref(b[at:]))
		}
	case sign == sasPlaces:
		for at := w + 8; at+w+8+w+4 <= len(b) && len(s.places) < sasColumns; at += w + 8 {
			p := sasPlace{off: s.long(b[at:]), kind: b[at+w+6]}
			p.width = int(min(s.order.Uint32(b[at+w:]), sasPage))
			s.places = append(s.places, p)
		}
	case sign == sasLooks && len(b) >= 34+3*w && len(s.looks) < sasColumns:
		s.looks = append(s.looks, sasLook{format: s.ref(b[22+3*w:]), label: s.ref(b[28+3*w:])})
	}
}

func (s *sasReader) describeRows(width, all, mixed int64) {
	switch {
	case s.sized:
	case width < 0 || width > sasPage || all < 0 || mixed < 0:
		s.fail(malformed("size of a row"))
	default:
		s.width, s.all, s.mixed, s.sized = int(width), all, mixed, true
	}
}

// describeTexts keeps a text that names are parts of. The first names the
// compression.
func (s *sasReader) describeTexts(b []byte) {
	if len(s.texts) == 0 {
		switch {
		case bytes.Contains(b, []byte("SASYZCRL")):
			s.unpack = unpackRLE
		case bytes.Contains(b, []byte("SASYZCR2")):
			s.unpack = unpackRDC
		}
	}
	s.texts = append(s.texts, bytes.Clone(b))
}

func (s *sasReader) ref(b []byte) sasText {
	return sasText{text: s.order.Uint16(b), off: s.order.Uint16(b[2:]), size: s.order.Uint16(b[4:])}
}

// described reports whether all that the descriptions refer to was read.
func (s *sasReader) described() bool {
	there := func(t sasText) bool { return t.size == 0 || int(t.text) < len(s.texts) }
	if !s.sized || s.fields == 0 || len(s.places) < s.fields || len(s.names) < s.fields || len(s.looks) < s.fields {
		return false
	}
	for i := range s.fields {
		if !there(s.names[i]) || !there(s.looks[i].format) || !there(s.looks[i].label) {
			return false
		}
	}
	return true
}

// textOf returns what a reference stands for, empty if it is wrong.
func (s *sasReader) textOf(t sasText) string {
	if int(t.text) >= len(s.texts) || int(t.off)+int(t.size) > len(s.texts[t.text]) {
		return ""
	}
	return s.field(s.texts[t.text][t.off:][:min(t.size, sasTitle)])
}

// fix makes columns of what was described. Together they are no wider than a
// row, so that a row does not come out many times.
func (s *sasReader) fix() error {
	n, left, titles := min(len(s.places), s.fields), s.width, 0
	if n == 0 || s.width == 0 {
		return malformed("no columns")
	}
	if len(s.places) < s.fields {
		s.fail(malformed("fewer columns than the table says"))
	}
	s.columns = make([]sasColumn, 0, n)
	for i, p := range s.places[:n] {
		if p.off < 0 || p.width <= 0 || p.width > left || p.off+int64(p.width) > int64(s.width) || p.kind == 1 && p.width > 8 {
			s.fail(malformed("place of a column"))
			continue
		}
		left -= p.width
		c := sasColumn{off: int(p.off), width: p.width, text: p.kind != 1}
		title := ""
		if i < len(s.names) {
			title = s.textOf(s.names[i])
		}
		if i < len(s.looks) {
			c.kind = sasKindOf(s.textOf(s.looks[i].format))
			title = titled(title, s.textOf(s.looks[i].label))
		}
		if titles += len(title); titles > sasTitles {
			title = ""
		}
		s.columns = append(s.columns, c)
		s.titles = append(s.titles, title)
	}
	if len(s.columns) == 0 {
		return malformed("no columns")
	}
	return nil
}
