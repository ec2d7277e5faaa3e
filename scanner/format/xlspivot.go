package format

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"time"
)

// Records of the cache of a pivot table ([MS-XLS] 2.1.8).
const (
	pivotRow    = 0x00c8 // SXDBB: the numbers of the items of a row
	pivotColumn = 0x00c7 // SXFDB: a field
	pivotNumber = 0x00c9
	pivotBool   = 0x00ca
	pivotError  = 0x00cb
	pivotShort  = 0x00cc
	pivotText   = 0x00cd
	pivotMoment = 0x00ce
	pivotNil    = 0x00cf
)

// An xlsPivot reads a stream of _SX_DB_CUR: the rows that a pivot table was made
// from. Fields come with the items that they share; a row has the numbers of items,
// and behind it the values of fields that share none.
type xlsPivot struct {
	book *xlsBook
	pivotItems
	in    biff
	coded []xlsField // that rows have
	begun bool       // with the rows
}

// An xlsField says how rows have a field.
type xlsField struct {
	shared bool   // by the number of an item
	wide   bool   // of two bytes
	groups uint32 // items before those that rows name
}

// pivot reads the cache in a stream.
func (b *xlsBook) pivot(r io.Reader) error {
	p := xlsPivot{book: b, in: biff{br: bufio.NewReaderSize(r, 64<<10), wide: b.in.wide, page: b.in.page}}
	p.items.next = func(*sharedStrings) bool { return p.item() }
	if err := p.items.fill(b.ctx); err != nil {
		return err
	}
	if p.begun {
		p.rows()
	}
	p.finish(&b.sheet)
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case p.in.fault == nil && p.in.kind != biffEOF:
		return truncated("ends in the middle")
	case p.book.lost:
		return malformed("rows name items that are not there")
	}
	return p.in.fault
}

// item appends the next item of a field, up to the first row.
func (p *xlsPivot) item() bool {
	for !p.begun && p.in.kind != biffEOF && p.in.next() {
		switch kind := p.in.kind; {
		case kind == pivotRow:
			p.begun = true
		case kind == pivotColumn:
			p.field(p.in.body())
		case kind >= pivotNumber && kind <= pivotNil:
			s := &p.items
			from := len(s.text)
			s.text = p.appendValue(s.text)
			noDelimiters(s.text[from:])
			p.count++
			if n := len(p.fields); n > 0 {
				p.fields[n-1].n++
			}
			return true
		}
	}
	return false
}

// field takes a field: flags, the numbers of its items of several kinds, its name.
func (p *xlsPivot) field(b []byte) {
	if len(b) < 17 || len(p.fields) == sheetColumns {
		return
	}
	le := binary.LittleEndian
	flags := le.Uint16(b)
	title := joined([][]byte{p.in.text(nil, b[16:], int(le.Uint16(b[14:])))})[0]
	p.fields = append(p.fields, pivotField{title: title, first: p.count, computed: flags&0x8000 != 0})
	if flags&0x8000 == 0 {
		p.coded = append(p.coded, xlsField{shared: flags&1 != 0, wide: flags&0x200 != 0, groups: uint32(le.Uint16(b[8:]))})
	}
}

// rows reads the rows, of which the first one is at hand.
func (p *xlsPivot) rows() {
	s := &p.book.sheet
	fields := p.table(s, p.book.names.of("pivot cache", ""))
	var empty []int // columns of the row at hand that wait for their value
	for more := true; more && s.stop == nil; more = p.in.next() {
		switch kind := p.in.kind; {
		case kind == pivotRow:
			s.endRow(p.in.pos)
			b := p.in.body()
			empty = empty[:0]
			for i, f := range p.coded {
				size := 1
				if f.wide {
					size = 2
				}
				if !f.shared {
					empty = append(empty, i)
					continue
				}
				if len(b) < size {
					p.book.lost = true
					break
				}
				n := uint32(b[0])
				if f.wide {
					n |= uint32(b[1]) << 8
				}
				b = b[size:]
				v, ok := p.take(fields[i], n+f.groups)
				p.book.lost = p.book.lost || !ok
				s.put(i, v)
			}
		case kind >= pivotNumber && kind <= pivotNil:
			p.value = p.appendValue(p.value[:0])
			if len(empty) > 0 {
				s.put(empty[0], p.value)
				empty = empty[1:]
			} else {
				s.aside(p.value)
			}
		}
	}
	s.finish(p.in.pos)
}

// appendValue appends the value in the record at hand.
func (p *xlsPivot) appendValue(dst []byte) []byte {
	kind, b := p.in.kind, p.in.body()
	le := binary.LittleEndian
	switch {
	case kind == pivotNumber && len(b) >= 8:
		return appendFloat(dst, math.Float64frombits(le.Uint64(b)))
	case kind == pivotShort && len(b) >= 2:
		return strconv.AppendInt(dst, int64(int16(le.Uint16(b))), 10)
	case kind == pivotText && len(b) >= 2:
		return p.in.text(dst, b[2:], int(le.Uint16(b)))
	case (kind == pivotBool || kind == pivotError) && len(b) >= 1:
		return append(dst, biffTruth(b[0], kind == pivotError)...)
	case kind == pivotMoment && len(b) >= 8:
		layout := time.DateTime
		if b[5]|b[6]|b[7] == 0 {
			layout = time.DateOnly
		}
		return time.Date(int(le.Uint16(b)), time.Month(le.Uint16(b[2:])), int(b[4]), int(b[5]), int(b[6]), int(b[7]), 0, time.UTC).AppendFormat(dst, layout)
	}
	return dst
}
