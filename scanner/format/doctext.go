package format

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// paragraphs finds where paragraphs of tables end, and rows, by the pages of
// paragraph properties (2.9.182, 2.8.5).
func (d *docReader) paragraphs(plc []byte) {
	le := binary.LittleEndian
	d.inRow = make(map[uint32]bool)
	n := (len(plc) - 4) / 8
	for i := range max(n, 0) {
		at := int64(le.Uint32(plc[4*(n+1)+4*i:])&0x3fffff) * 512
		if at+512 > int64(len(d.text)) {
			continue
		}
		page := d.text[at : at+512]
		runs := int(page[511])
		for k := range runs {
			if 4*(runs+1)+13*k >= 511 {
				break
			}
			off := 2 * int(page[4*(runs+1)+13*k])
			if off == 0 || off > 509 {
				continue
			}
			size := 2*int(page[off]) - 1
			off++
			if size < 0 {
				size = 2 * int(page[off])
				off++
			}
			if off+size > 512 || size < 2 {
				continue
			}
			if in, end := tableMarks(page[off+2 : off+size]); in {
				d.inRow[le.Uint32(page[4*k+4:])] = end
			}
		}
	}
}

// tableMarks tells by the properties of a paragraph whether it is in a table, and
// ends a row.
func tableMarks(b []byte) (in, end bool) {
	for len(b) >= 3 {
		sprm := binary.LittleEndian.Uint16(b)
		n := 0
		switch sprm >> 13 {
		case 0, 1:
			n = 1
		case 2, 4, 5:
			n = 2
		case 3:
			n = 4
		case 7:
			n = 3
		case 6:
			if n = 1 + int(b[2]); sprm == 0xd608 {
				if len(b) < 4 {
					return in, end
				}
				n = 1 + int(binary.LittleEndian.Uint16(b[2:]))
			}
		}
		switch sprm {
		case 0x2416:
			in = in || b[2] != 0
		case 0x2417:
			end = end || b[2] != 0
		case 0x6646: // properties too long for the page, as only those of rows are
			end = true
		}
		b = b[min(2+n, len(b)):]
	}
	return in || end, end
}

// lay lays down the pieces.
func (d *docReader) lay() error {
	most := 4 * int64(len(d.text)) // pieces may lie in one another
	for _, p := range d.pieces {
		size := int64(1)
		if p.wide {
			size = 2
		}
		end := p.at + p.chars*size
		if end > int64(len(d.text)) {
			end = int64(len(d.text))
		}
		if most -= max(0, end-p.at); most < 0 {
			return malformed("pieces of the text lie in one another")
		}
		high := rune(0)
		for at := p.at; at+size <= end && d.f.sheet.stop == nil; at += size {
			v := rune(d.text[at])
			switch {
			case !p.wide && v >= utf8.RuneSelf:
				v = charmap.Windows1252.DecodeByte(byte(v))
			case p.wide:
				v = rune(binary.LittleEndian.Uint16(d.text[at:]))
				if utf16.IsSurrogate(v) {
					if high == 0 {
						high = v
						continue
					}
					v = utf16.DecodeRune(high, v)
				}
				high = 0
			}
			d.char(v, uint32(at+size))
			if at&0xffff < size {
				if err := d.ctx.Err(); err != nil {
					return err
				}
			}
		}
		if p.at+p.chars*size > end || end < p.at {
			return truncated("the text of the document is cut off")
		}
	}
	d.mark(0x0d, 0)
	return nil
}

// char takes a character; end is where it ends in the stream.
func (d *docReader) char(v rune, end uint32) {
	switch v {
	case 0x07, 0x0d:
		d.mark(v, end)
	case 0x0c:
		d.mark(0x0d, end)
	case 0x13:
		if len(d.fields) < 1000 {
			d.fields = append(d.fields, true)
		}
	case 0x14:
		if n := len(d.fields); n > 0 {
			d.fields[n-1] = false
		}
	case 0x15:
		if n := len(d.fields); n > 0 {
			d.fields = d.fields[:n-1]
		}
		if len(d.fields) == 0 {
			if bytes.Contains(d.field, []byte("HYPERLINK")) {
				d.f.note(d.field)
			}
			d.field = d.field[:0]
		}
	case 0x0b:
		d.line = append(d.line, '\n')
	case 0x1e:
		d.line = append(d.line, '-')
	case 0x1f, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x08:
	default:
		if n := len(d.fields); n > 0 && d.fields[n-1] {
			if len(d.field) < xmlCell {
				d.field = utf8.AppendRune(d.field, v)
			}
			return
		}
		if d.line = utf8.AppendRune(d.line, v); len(d.line) > folioText {
			n := softCut(d.line)
			d.f.sheet.other = append(d.f.sheet.other, d.line[:n]...)
			d.line = d.line[:copy(d.line, d.line[n:])]
			d.f.check()
		}
	}
}

// mark ends a paragraph, a cell or a row.
func (d *docReader) mark(v rune, end uint32) {
	f := d.f
	last, in := d.inRow[end]
	in = in && !last // a row ends with a mark of its own
	if v != 0x07 && !in || v == 0x07 && d.inRow == nil && len(d.line) == 0 && !d.table {
		if d.table {
			f.endTable()
			d.table, d.row = false, false
		}
		if v == 0x0d && end == 0 && len(d.line) == 0 {
			return
		}
		*f.here() = append(*f.here(), d.line...)
		d.line = d.line[:0]
		f.endLine()
		return
	}
	if !d.table {
		f.beginTable()
		d.table = true
	}
	fresh := !d.row
	if fresh {
		f.beginRow()
		f.beginCell(1)
		d.row = true
	}
	*f.here() = append(*f.here(), d.line...)
	empty := len(d.line) == 0
	d.line = d.line[:0]
	switch {
	case v != 0x07:
		f.endLine()
	case last, len(d.inRow) == 0 && empty && !fresh:
		f.endRow()
		d.row = false
	default:
		f.endCell()
		f.beginCell(1)
	}
}
